import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { specDifferences } from '../../src/core/migrate/compare.ts';
import { runHere } from '../../src/core/migrate/kept.ts';
import { ledgerIn, runIn, type Words } from '../../src/core/migrate/ledger.ts';
import { pairThings } from '../../src/core/migrate/pair.ts';
import { planDifferences } from '../../src/core/migrate/plans.ts';
import { dictionaryOf, type Grammar, translated } from '../../src/core/migrate/translate.ts';
import { makePlan } from '../../src/core/plan/plan.ts';
import { censusSyncTraits } from '../../src/generated/census-sync-traits.ts';
import type { Spec } from '../../src/model/json.ts';
import type { Entry, Ledger, Run, RunChange } from '../../src/model/ledger.ts';
import type { Pair, Thing } from '../../src/model/migration.ts';
import { entry, input, ledger, live, manifest, spec } from '../support/world.ts';

const syncs = 'CensusSync';
const made = '2024-02-01T09:00:00.000Z';
const later = '2025-06-01T09:00:00.000Z';

function sync(id: string, name: string | undefined, created: string | undefined = made): Thing {
  return { space: syncs, id, name, created };
}

function source(id: string, name: string, type = 'snowflake'): Thing {
  return { space: 'sources', id, name, type };
}

function grades(pairs: readonly Pair[]): string[] {
  return pairs.map(({ from, to, grade }) => `${from ?? '-'}→${to ?? '-'} ${grade}`);
}

describe('pairs', () => {
  const rows: readonly (readonly [what: string, from: Thing[], to: Thing[], pairs: string[]])[] = [
    ['one id, label and time', [sync('1', 'A')], [sync('1', 'A')], ['1→1 certain']],
    [
      'times in other spellings',
      [sync('1', 'A', made)],
      [sync('1', 'A', '2024-02-01T10:00:00+01:00')],
      ['1→1 certain'],
    ],
    ['a time that one side hides', [sync('1', 'A')], [{ space: syncs, id: '1', name: 'A' }], ['1→1 by-name']],
    ['ids that were counted anew', [sync('1', 'A')], [sync('9', 'A')], ['1→9 by-name']],
    ['another time', [sync('1', 'A')], [sync('1', 'A', later)], ['1→- unpaired', '-→1 unpaired']],
    ['another label', [sync('1', 'A')], [sync('1', 'B')], ['1→- unpaired', '-→1 unpaired']],
    ['no label at all', [sync('1', undefined)], [sync('1', undefined)], ['1→1 certain']],
    ['what one side lacks', [sync('1', 'A')], [], ['1→- unpaired']],
    [
      'twins that their times tell apart',
      [sync('1', 'A', made), sync('2', 'A', later)],
      [sync('8', 'A', later), sync('9', 'A', made)],
      ['1→9 by-name', '2→8 by-name'],
    ],
    [
      'twins that nothing tells apart',
      [sync('1', 'A'), sync('2', 'A')],
      [sync('8', 'A'), sync('9', 'A')],
      ['1→- unpaired', '2→- unpaired', '-→8 unpaired', '-→9 unpaired'],
    ],
    [
      'twins with their old ids',
      [source('1', 'A'), source('2', 'A')],
      [source('1', 'A'), source('2', 'A')],
      ['1→1 certain', '2→2 certain'],
    ],
    [
      'twins whose ids moved over each other',
      [source('1', 'A'), source('2', 'A')],
      [source('2', 'A'), source('3', 'A')],
      ['1→- unpaired', '2→- unpaired', '-→2 unpaired', '-→3 unpaired'],
    ],
    [
      'ids that mean other things by now: none of the space is believed',
      [source('1', 'A'), source('2', 'B'), source('3', 'C')],
      [source('1', 'B'), source('2', 'A'), source('3', 'C')],
      ['1→2 by-name', '2→1 by-name', '3→3 by-name'],
    ],
    [
      'another name for what may have one',
      [{ ...source('1', 'A'), created: made }],
      [{ ...source('1', 'B'), created: made, renamed: true }],
      ['1→1 certain'],
    ],
    [
      'another id and another name for what may have one, made at the same time',
      [{ ...source('1', 'A'), created: made }],
      [{ ...source('2', 'B'), created: made, renamed: true }],
      ['1→2 by-name'],
    ],
    [
      'several of a type that were made at the same time and may have other names',
      [{ ...source('1', 'A'), created: made }],
      ['2', '3'].map((id) => ({ ...source(id, 'B'), created: made, renamed: true })),
      ['1→- unpaired', '-→2 unpaired', '-→3 unpaired'],
    ],
    ['another type', [source('1', 'A')], [source('1', 'A', 'redshift')], ['1→- unpaired', '-→1 unpaired']],
  ];
  it.each(rows)('%s', (_, from, to, pairs) => expect(grades(pairThings(from, to))).toEqual(pairs));

  it('are found within what they lie in, whose ids may have moved', () => {
    const inside = (id: string, within: string): Thing => ({
      space: 'destinations',
      id,
      name: 'CRM',
      type: 'x',
      within,
    });
    const from = [inside('7', '1'), inside('7', '2')];
    const to = [inside('70', '11'), inside('71', '12')];
    const pairs = pairThings(from, to, (id) => `1${id}`);
    expect(grades(pairs)).toEqual(['7→70 by-name', '7→71 by-name']);
    expect(pairs[1]?.within).toEqual({ from: '2', to: '12' });
  });
});

const grammar: Grammar = {
  references: censusSyncTraits.references.map((one) =>
    one.collection === 'destinations' ? { ...one, within: '/source_attributes/connection_id' } : one,
  ),
  own: ['/activation_id'],
};

function wordsOf(pairs: readonly Pair[], back?: 'back'): Words {
  const dictionary = dictionaryOf(pairs, ['sources', 'models', syncs], back);
  const [from, to] = back === undefined ? (['v1', 'v2'] as const) : (['v2', 'v1'] as const);
  return { from, to, dictionary, grammarOf: () => grammar };
}

/** A world of ids that all move, each to one of its own. */
const anyPairs = fc
  .record({ shift: fc.integer({ min: 1, max: 900 }), size: fc.integer({ min: 1, max: 5 }) })
  .map(({ shift, size }) =>
    Array.from({ length: size }, (_, index): Pair[] => {
      const [id, next] = [String(index + 1), String(index + 1 + shift)];
      const pair = (space: string): Pair => ({ space, from: id, to: next, grade: 'by-name', name: undefined });
      const inner = { ...pair('destinations'), from: '7', to: String(700 + index), within: { from: id, to: next } };
      return [pair('sources'), pair('models'), pair(syncs), inner];
    }).flat(),
  );

const anyId = fc.integer({ min: 1, max: 8 });

function bodyOf(source: number, model: number, trigger: number | undefined): Spec {
  return spec({
    source_attributes: { connection_id: source, object: { type: 'model', id: model } },
    destination_attributes: { connection_id: 7, object: 'Contact' },
    ...(trigger !== undefined && { mode: { type: 'triggered', triggers: { sync_sequence: { sync_id: trigger } } } }),
  });
}

const anyBody = fc
  .record({ source: anyId, model: anyId, trigger: fc.option(anyId, { nil: undefined }) })
  .map(({ source, model, trigger }) => bodyOf(source, model, trigger));

describe('translation', () => {
  it('there and back is what it was, whatever ids have moved, and gone ones too', () => {
    const anyEntries = fc.dictionary(fc.constantFrom('a', 'b', 'c'), anyBody);
    fc.assert(
      fc.property(anyPairs, anyEntries, (pairs, bodies) => {
        const entries = Object.entries(bodies).map(([name, body], index): [string, Entry] => {
          const pending = { label: name, spec: body, before: ['1', '9'], sent_at: null };
          return [name, { ...entry(String(index + 1), body), pending } as Entry];
        });
        const known: Ledger = {
          ...ledger(Object.fromEntries(entries)),
          dead: { [`${syncs}#8`]: { address: `${syncs}/z`, reason: 'deleted', at: made } },
        };
        const isPaired = entries.every(
          ([, one]) => translated(grammar, one.spec ?? {}, wordsOf(pairs).dictionary).unknown.length === 0,
        );
        fc.pre(isPaired);
        const there = ledgerIn(known, wordsOf(pairs));
        const again = ledgerIn(there, wordsOf(pairs, 'back'));
        expect(withoutKept(again)).toEqual(known);
      }),
      { numRuns: 200 },
    );
  });

  it('says of a run which changes nobody can put into other words', () => {
    const pairs: Pair[] = ['sources', 'models'].map((space) => ({
      ...{ space, from: '1', to: '501', grade: 'by-name', name: undefined },
    }));
    const change = { action: 'update', id: '8', release: false, retires: null, sends: true } as const;
    const known = { status: 'applied', label: null, protect: false, on_delete: 'delete' } as const;
    const changeOf = (name: string, source: number): RunChange => {
      const body = bodyOf(source, source, undefined);
      return { ...change, ...known, address: `${syncs}/${name}`, before: body, after: body };
    };
    const run: Run = {
      ...{ run: 'r', at: made, actor: 'a', commit: null, digest: null, status: 'applied' },
      changes: [changeOf('a', 1), changeOf('b', 2)],
    };
    const there = runIn(run, wordsOf(pairs));
    expect([...there.unknown]).toEqual([`${syncs}/b`]);
    expect(there.run.changes[0]).toMatchObject({ id: '8', before: bodyOf(501, 501, undefined) });
    expect(runIn(there.run, wordsOf(pairs, 'back')).run).toEqual(run);
  });

  it('has words for a run of before a move, and none for what nobody kept', () => {
    const moved = (name: string, id: string, was: string): [string, Entry] => [
      name,
      { ...entry(id, null), v1: { id: was } } as Entry,
    ];
    const migration = { state: 'done', from: 'v1', to: 'v2', at: made, run: 'm', commit: null, actor: 'a' } as const;
    const pairs = [{ space: 'sources', from: '1', to: '501' }];
    const known = ledger(Object.fromEntries([moved('a', '510', '10'), moved('b', '511', '11')]));
    const now: Ledger = { ...known, meta: { ...known.meta, api: 'v2', migration: { ...migration, pairs } } };
    const common = { status: 'applied', label: null, protect: false, on_delete: 'delete', release: false } as const;
    const changeOf = (name: string, id: string, source: number): RunChange => {
      const [before, after] = [bodyOf(source, 4, 11), bodyOf(source, 4, 10)];
      return {
        action: 'update',
        retires: null,
        sends: true,
        ...common,
        id,
        address: `${syncs}/${name}`,
        before,
        after,
      };
    };
    const run: Run = {
      ...{ run: 'r', at: made, actor: 'a', commit: null, digest: null, status: 'applied' },
      changes: [changeOf('a', '10', 1), changeOf('gone', '12', 1), changeOf('b', '11', 2)],
    };
    const { run: here, unknown } = runHere(run, now, 'v2', () => grammar);
    expect(here.changes[0]).toMatchObject({ id: '510', before: bodyOf(501, 4, 511), after: bodyOf(501, 4, 510) });
    expect(unknown).toEqual(new Set([`${syncs}/gone`, `${syncs}/b`]));
    expect(runHere({ ...run, api: 'v2' }, now, 'v2', () => grammar).run.changes).toEqual(run.changes);
    expect(runHere(run, known, 'v1', () => grammar)).toEqual({ run, unknown: new Set() });
  });

  it('keeps what an id was, and marks what is gone where ids were counted anew', () => {
    const pairs: Pair[] = [{ space: syncs, from: '1', to: '501', grade: 'by-name', name: 'A' }];
    const known = {
      ...ledger({ a: entry('1', null) }),
      dead: { [`${syncs}#8`]: { address: `${syncs}/z`, reason: 'deleted', at: made } },
    } as Ledger;
    const there = ledgerIn(known, wordsOf(pairs));
    expect(there.syncs[`${syncs}/a`]).toMatchObject({ id: '501', v1: { id: '1' } });
    expect(there.dead).toEqual({
      [`${syncs}#v1:8`]: { address: `${syncs}/z`, reason: 'deleted', at: made, v1: { id: '8' } },
    });
  });

  it('says which ids nobody knows, and leaves them', () => {
    const body = bodyOf(3, 4, 5);
    const { spec: same, unknown } = translated(grammar, { ...body, activation_id: 'x' }, wordsOf([]).dictionary);
    expect(same).toEqual(body);
    expect(unknown.map((one) => `${one.space} ${one.id}`)).toEqual(['sources 3', 'models 4', `${syncs} 5`]);
  });
});

function withoutKept({ syncs: entries, dead, ...rest }: Ledger): Ledger {
  const without = <One extends object>(one: One) => {
    const { v1: _, v2: __, ...kept } = one as One & { v1?: unknown; v2?: unknown };
    return kept as unknown as One;
  };
  const all = <One extends object>(record: Readonly<Record<string, One>>) =>
    Object.fromEntries(Object.entries(record).map(([key, one]) => [key, without(one)]));
  return { ...rest, syncs: all(entries), dead: all(dead) };
}

describe('comparison', () => {
  it('names each place at which two specs differ, and no order of alerts', () => {
    const alerts = [{ type: 'a', send_for: 'x' }, { type: 'b' }];
    const one = spec({ operation: 'upsert', alert_attributes: alerts });
    const other = spec({ operation: 'mirror', alert_attributes: alerts.toReversed(), paused: true });
    const found = specDifferences(censusSyncTraits, `${syncs}/a`, one, other);
    expect(found.map(({ path, from, to }) => ({ path, from, to }))).toEqual([
      { path: '/operation', from: 'upsert', to: 'mirror' },
      { path: '/paused', from: null, to: true },
    ]);
  });

  it('finds no difference in plans that do the same under other ids, and one where they do not', () => {
    const pairs: Pair[] = ['sources', 'models', syncs].map((space) => ({
      space,
      from: '1',
      to: '501',
      grade: 'by-name',
      name: undefined,
    }));
    const planOf = (id: number, operation: string) => {
      const body = { ...bodyOf(id, id, undefined), label: 'A' };
      const wanted = { ...body, operation };
      return makePlan(
        input({
          live: [live(String(id), body)],
          ledger: ledger({ a: entry(String(id), body) }),
          manifests: [manifest('a', wanted)],
        }),
      );
    };
    const words = { grammarOf: () => grammar, dictionary: wordsOf(pairs).dictionary };
    expect(planOf(1, 'mirror').changes).toHaveLength(1);
    expect(planDifferences(planOf(1, 'mirror'), planOf(501, 'mirror'), words)).toEqual([]);
    expect(planDifferences(planOf(1, 'mirror'), planOf(501, 'append'), words).map((one) => one.path)).toEqual([
      '/plan/fields',
      '/plan/desired',
    ]);
  });
});
