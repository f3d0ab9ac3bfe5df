import { describe, expect, it } from 'vitest';
import { type AdoptInput, adoptById, adoptByLabel, adoptMatching, type Verdict } from '../../src/core/adopt/adopt.ts';
import { adopted } from '../../src/core/adopt/adopted.ts';
import { makePlan } from '../../src/core/plan/plan.ts';
import type { Dead } from '../../src/model/ledger.ts';
import { entry, key, ledger, live, manifest, spec, traitsOf, input as worldInput } from '../support/world.ts';

const input = (parts: Partial<AdoptInput>): AdoptInput => ({
  traitsOf,
  deletionsOf: () => 'visible',
  manifests: [],
  live: [],
  ledger: ledger(),
  ...parts,
});

const header = { run: 'r1', at: '2026-11-21T10:00:00.000Z', actor: 'me', commit: 'abc' };
const users = manifest('users');
const old = entry('1');
const dead = (reason: Dead['reason']) =>
  ledger({}, { dead: { [key('1')]: { address: 'CensusSync/users', reason, at: '' } } });
const asked = { label: 'Users', spec: spec(), before: [], sent_at: '2026-11-21T09:59:00.000Z' };
const pending = entry('', null, { state: 'pending', id: null, pending: asked });
const other = spec({ label: 'Another label' });

/** `adopt 1`, `adopt 1 from old`, `bound 1`, or `4 code`. */
function said(verdict: Verdict): string {
  if (verdict.kind === 'refused') return `${verdict.exit} ${verdict.code}`;
  if (verdict.kind === 'bound') return `bound ${verdict.id}`;
  return `adopt ${verdict.live.id}${verdict.from === undefined ? '' : ` from ${verdict.from.slice(11)}`}`;
}

const byLabel: Record<string, readonly [Partial<AdoptInput>, string, (readonly string[])?]> = {
  'the one sync that bears the label': [{ live: [live('1'), live('2', other)] }, 'adopt 1'],
  'none does': [{ live: [live('2', other)] }, '3 no-match', ['Users']],
  'several do': [{ live: [live('1'), live('2')] }, '3 twins', ['1, 2', '--id N']],
  'a dead row bears it': [{ live: [live('1')], ledger: dead('deleted') }, '3 no-match'],
  'a dead row beside a sync': [{ live: [live('1'), live('2')], ledger: dead('ghost') }, 'adopt 2'],
  'one that another address owns': [
    { live: [live('1')], ledger: ledger({ orders: entry('1') }), manifests: [users, manifest('orders', other)] },
    '4 label-taken',
    ['CensusSync/orders', '1'],
  ],
  'one that an address owns which nobody declares': [
    { live: [live('1')], ledger: ledger({ old }) },
    '4 label-taken',
    ['CensusSync/old', 'syncline adopt CensusSync/users --id 1'],
  ],
  'its own old sync beside a copy of it: a rename must not end at the copy': [
    { live: [live('1'), live('2')], ledger: ledger({ old }) },
    '4 label-taken',
  ],
  'bound already': [{ live: [live('1')], ledger: ledger({ users: entry('1') }) }, 'bound 1'],
  'a create whose answer was lost': [
    { live: [live('1')], ledger: ledger({ users: pending }) },
    '4 pending-create',
    ['2026-11-21T09:59', '--id N'],
  ],
};

const byId: Record<string, readonly [Partial<AdoptInput>, string, (readonly string[])?]> = {
  'a live sync, whatever its label': [{ live: [live('1', other)] }, 'adopt 1'],
  'one of twins': [{ live: [live('1'), live('2')] }, 'adopt 1'],
  'no such sync': [{ live: [live('2')] }, '3 unknown-sync', ['1']],
  'a tombstone that lists do not disprove': [
    { live: [live('1')], ledger: dead('deleted'), deletionsOf: () => 'invisible' },
    '4 dead',
    ['no longer exists'],
  ],
  'a tombstone of what is not listed': [{ ledger: dead('deleted') }, '4 dead', ['no longer exists']],
  'a tombstone of what lives after all': [{ live: [live('1')], ledger: dead('deleted') }, 'adopt 1'],
  'a ghost': [{ live: [live('1')], ledger: dead('ghost') }, '4 dead', ['is no sync']],
  'a row recorded by hand: the person takes that back': [{ live: [live('1')], ledger: dead('by-hand') }, 'adopt 1'],
  'a row recorded by hand that is not there': [{ ledger: dead('by-hand') }, '3 unknown-sync'],
  'bound to it already': [{ live: [live('1')], ledger: ledger({ users: entry('1') }) }, 'bound 1'],
  'bound to another': [
    { live: [live('1'), live('2')], ledger: ledger({ users: entry('2') }) },
    '4 already-bound',
    ['sync 2', 'syncline forget CensusSync/users'],
  ],
  'bound to an address that is declared too': [
    { live: [live('1')], ledger: ledger({ orders: entry('1') }), manifests: [users, manifest('orders', other)] },
    '4 two-claimants',
    ['CensusSync/orders (syncs/orders.yaml:1)', 'CensusSync/users (syncs/users.yaml:1)'],
  ],
  'bound to an address that nobody declares': [{ live: [live('1')], ledger: ledger({ old }) }, 'adopt 1 from old'],
  'which a run has left in the middle of a delete': [
    { live: [live('1')], ledger: ledger({ old: entry('1', spec(), { state: 'deleting' }) }) },
    '4 unfinished',
  ],
  'which a run has left in the middle of a replace': [
    { live: [live('1'), live('2')], ledger: ledger({ old: entry('2', spec(), { state: 'retiring', retires: '1' }) }) },
    '4 unfinished',
  ],
  'a create whose answer was lost: a person settles the doubt': [
    { live: [live('1')], ledger: ledger({ users: pending }) },
    'adopt 1',
  ],
};

describe('adopt', () => {
  it.each(Object.entries(byLabel))('by label: %s', (_title, [world, expected, words = []]) => {
    const verdict = adoptByLabel(input({ manifests: [users], ...world }), users);
    expect(said(verdict)).toBe(expected);
    for (const word of words) expect(JSON.stringify(verdict)).toContain(word);
  });

  it.each(Object.entries(byId))('by id: %s', (_title, [world, expected, words = []]) => {
    const verdict = adoptById(input({ manifests: [users], ...world }), users, '1');
    expect(said(verdict)).toBe(expected);
    for (const word of words) expect(JSON.stringify(verdict)).toContain(word);
  });

  it('without a label needs an id', () => {
    const nameless = manifest('users', { paused: true });
    const world = input({ manifests: [nameless], live: [live('1')] });
    expect(said(adoptByLabel(world, nameless))).toBe('3 needs-label');
    expect(said(adoptById(world, nameless, '1'))).toBe('adopt 1');
  });

  it('all that match: the rest is left with a reason, or named', () => {
    const labelled = (name: string) => manifest(name, spec({ label: name }));
    const bearer = (id: string, name: string) => live(id, spec({ label: name }));
    const world = input({
      manifests: ['bound', 'clear', 'missing', 'taken', 'twins', 'waiting'].map(labelled),
      live: [
        bearer('1', 'bound'),
        bearer('2', 'clear'),
        bearer('3', 'taken'),
        bearer('4', 'twins'),
        bearer('5', 'twins'),
        bearer('6', 'waiting'),
      ],
      ledger: ledger({ bound: entry('1'), old: entry('3'), waiting: pending }),
    });
    const { adoptions, left, unmatched } = adoptMatching(world);
    expect(adoptions.map(said)).toEqual(['adopt 2']);
    expect(left.map((one) => one.address)).toEqual(['CensusSync/taken', 'CensusSync/twins', 'CensusSync/waiting']);
    expect(left[1]?.reason).toContain('4, 5');
    expect(unmatched).toEqual(['CensusSync/missing']);
  });
});

describe('the ledger after an adoption', () => {
  const bindAll = (world: AdoptInput) => adopted(world, adoptMatching(world).adoptions, header);
  const planned = (world: AdoptInput) => {
    const { ledger: next } = bindAll(world);
    return makePlan(worldInput({ manifests: world.manifests, live: world.live, ledger: next }));
  };
  const sequel = (link: object) =>
    spec({ label: 'Child', mode: { type: 'triggered', triggers: { sync_sequence: { ...link } } } });

  it.each([
    ['what agrees leaves an empty plan', spec({ paused: true }), {}, []],
    ['what it ignores counts for nothing', spec(), { ignore: ['/paused'] }, []],
    ['what differs is planned', spec({ operation: 'mirror' }), {}, ['/operation', '/paused']],
  ])('%s', (_title, body, lifecycle, paths) => {
    const world = input({ manifests: [manifest('users', spec({ paused: true }), lifecycle)], live: [live('1', body)] });
    const { ledger: next, differing } = bindAll(world);
    expect(differing.size).toBe(paths.length === 0 ? 0 : 1);
    expect(Object.values(next.syncs).map((one) => one.spec === null)).toEqual([paths.length > 0]);
    const { changes, blocked } = planned(world);
    expect(changes.flatMap((change) => change.fields.map((field) => field.path))).toEqual(paths);
    expect(changes).toHaveLength(paths.length === 0 ? 0 : 1);
    expect(blocked).toEqual([]);
  });

  it('what no answer shows is not taken for granted', () => {
    const hidden = spec({ mappings: [{ from: { type: 'column', data: 'EMAIL' }, to: 'Email', field_type: 'text' }] });
    const shown = spec({ mappings: [{ from: { type: 'column', data: 'EMAIL' }, to: 'Email' }] });
    const world = input({ manifests: [manifest('users', hidden)], live: [live('1', shown)] });
    expect(bindAll(world).differing.size).toBe(1);
    expect(planned(world).changes).toMatchObject([{ fields: [{ path: '/mappings/Email/field_type' }] }]);
  });

  it('links lead to syncs that the same command binds, in whatever order', () => {
    const world = input({
      manifests: [manifest('child', sequel({ sync: 'users' })), users],
      live: [live('1'), live('2', sequel({ sync_id: 1 }))],
    });
    expect(planned(world)).toMatchObject({ changes: [], blocked: [], summary: { noop: 2 } });
  });

  it('a link to what is not bound leaves the difference to the next plan', () => {
    const child = manifest('child', sequel({ sync: 'users' }));
    const world = input({ manifests: [child, users], live: [live('2', sequel({ sync_id: 1 }))] });
    expect([...bindAll(world).differing]).toEqual(['CensusSync/child']);
  });

  it('is recorded as a run, and keeps what was there', () => {
    const before = ledger({ orders: entry('9') }, { dead: { [key('7')]: { address: '', reason: 'by-hand', at: '' } } });
    const protective = manifest('users', spec(), { protect: true, on_delete: 'pause' });
    const { ledger: next } = bindAll(input({ manifests: [protective], live: [live('1')], ledger: before }));
    expect(next).toMatchObject({ meta: before.meta, dead: before.dead });
    expect(next.syncs).toEqual({
      'CensusSync/orders': entry('9'),
      'CensusSync/users': entry('1', spec(), { protect: true, on_delete: 'pause' }),
    });
    expect(next.runs).toMatchObject([
      {
        ...header,
        digest: null,
        status: 'applied',
        changes: [
          {
            action: 'adopt',
            address: 'CensusSync/users',
            id: '1',
            status: 'applied',
            sends: false,
            before: null,
            after: null,
          },
        ],
      },
    ]);
  });

  it.each([
    ['protected before', true, false, true],
    ['protected by its manifest', false, true, true],
    ['by neither', false, false, false],
  ])('a binding moves with its record and its protection: %s', (_title, was, declares, expected) => {
    const renamed = manifest('new', spec({ operation: 'mirror' }), { protect: declares });
    const world = input({
      manifests: [renamed],
      live: [live('1')],
      ledger: ledger({ old: entry('1', spec({ paused: true }), { protect: was, on_delete: 'abandon' }) }),
    });
    const verdict = adoptById(world, renamed, '1');
    if (verdict.kind !== 'adopt') throw new Error(said(verdict));
    const { ledger: next } = adopted(world, [verdict], header);
    expect(next.syncs).toEqual({
      'CensusSync/new': entry('1', spec({ paused: true }), { protect: expected, on_delete: 'delete' }),
    });
    expect(next.runs[0]?.changes.map(({ action, address }) => `${action} ${address}`)).toEqual([
      'adopt CensusSync/new',
      'forget CensusSync/old',
    ]);
  });
});
