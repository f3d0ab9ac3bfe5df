import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readableJson } from '../../src/ledger/git/readable-json.ts';
import { addressIn, deadNameIn, editsBetween, type Tree } from '../../src/ledger/git/tree.ts';
import type { Dead } from '../../src/model/ledger.ts';
import { type Key, keyOf } from '../../src/model/live.ts';
import { entry, ledger } from '../support/world.ts';
import { runOf } from './git-repositories.ts';

const runs = 200;

const anyRecord = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 6 });

const anyDead: fc.Arbitrary<Dead> = fc.record({
  address: fc.constant('CensusSync/old'),
  reason: fc.constantFrom('deleted', 'ghost'),
  at: fc.constantFrom('2026-11-20', '2026-11-21'),
});

const lock = {
  run: 'r1',
  actor: 'ann',
  host: 'here',
  boot: null,
  pid_namespace: null,
  pid: 1,
  started: null,
  at: '2026-11-21T10:00:00Z',
  until: '2026-11-21T10:10:00Z',
  journal: null,
};

const anyTree: fc.Arbitrary<Tree> = fc
  .record({
    syncs: fc.dictionary(
      fc.constantFrom('CensusSync/a', 'CensusSync/b', 'FabraSync/a'),
      fc.constantFrom('1', '2').map((id) => entry(id)),
    ),
    format: fc.constantFrom(1 as const, 2 as const),
    dead: fc.dictionary(fc.constantFrom('1', '7/8', '..', 'ä %2F'), anyDead),
    others: fc.dictionary(fc.constantFrom('1', '9'), anyDead),
    project: fc.constantFrom('crm', 'ads'),
    run: fc.constantFrom('r1', 'r2'),
    held: fc.boolean(),
  })
  .map(({ syncs, dead, others, format, project, run, held }) => ({
    ledger: {
      meta: { ...ledger().meta, format, project },
      syncs,
      // The first format knew one kind.
      dead: { ...keyed('CensusSync', dead), ...(format === 2 ? keyed('CensusDataset', others) : {}) },
      runs: [runOf(run, 'running')],
    },
    lock: held ? lock : undefined,
  }));

function keyed(kind: string, dead: Readonly<Record<string, Dead>>): Record<Key, Dead> {
  return Object.fromEntries(Object.entries(dead).map(([id, one]) => [keyOf(kind, id), one]));
}

/** The files of a tree, as its first commit has them. */
function filesOf(tree: Tree): Map<string, string> {
  return new Map([...editsBetween(undefined, tree)].flatMap(([path, text]) => (text === null ? [] : [[path, text]])));
}

function sortedFiles(files: ReadonlyMap<string, string>): (readonly [string, string])[] {
  return [...files].sort(([first], [second]) => (first < second ? -1 : 1));
}

describe('the files of a ledger', () => {
  test('become those of any other ledger by the edits between the two', () => {
    fc.assert(
      fc.property(anyTree, anyTree, (before, after) => {
        const files = filesOf(before);
        for (const [path, text] of editsBetween(before, after)) {
          if (text === null) files.delete(path);
          else files.set(path, text);
        }
        expect(sortedFiles(files)).toEqual(sortedFiles(filesOf(after)));
      }),
      { numRuns: runs },
    );
  });

  test('need no edit where nothing has changed', () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        expect([...editsBetween(tree, { ...tree, ledger: { ...tree.ledger } })]).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  test('say by their paths what they hold', () => {
    fc.assert(
      fc.property(anyTree, ({ ledger: { meta, syncs, dead, runs: list }, lock: held }) => {
        const paths = [...filesOf({ ledger: { meta, syncs, dead, runs: list }, lock: held }).keys()];
        const present = <Value>(one: Value | undefined): Value[] => (one === undefined ? [] : [one]);
        expect(paths.flatMap((path) => present(addressIn(path)))).toEqual(Object.keys(syncs));
        const names = paths.flatMap((path) => present(deadNameIn(path)));
        const keys = names.map((name) => keyOf(name.length === 2 ? name[0] : 'CensusSync', name.at(-1) ?? ''));
        expect(keys).toEqual(Object.keys(dead));
        // Each is one file of a folder: no id climbs out of its own.
        expect(paths.filter((path) => path.startsWith('dead/') && path.split('/').length !== meta.format + 1)).toEqual(
          [],
        );
      }),
      { numRuns: runs },
    );
  });
});

describe('readable JSON', () => {
  test('is JSON', () => {
    fc.assert(
      fc.property(anyRecord, (value) => {
        expect(JSON.parse(readableJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: runs },
    );
  });

  test('is the same for the same value, whatever the order of its keys', () => {
    fc.assert(
      fc.property(anyRecord, (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(readableJson(turned)).toBe(readableJson(value));
      }),
      { numRuns: runs },
    );
  });

  test.each([
    ['what is short stands on one line', { b: [1, { c: null }], a: 'x' }, '{"a":"x","b":[1,{"c":null}]}\n'],
    ['a key without a value is left out', { a: undefined, b: 1 }, '{"b":1}\n'],
    [
      'what is long has a line for each part',
      { b: { c: 'x'.repeat(80) }, a: 'y'.repeat(40) },
      `{\n  "a": "${'y'.repeat(40)}",\n  "b": {"c":"${'x'.repeat(80)}"}\n}\n`,
    ],
  ])('%s', (_what, value, text) => {
    expect(readableJson(value)).toBe(text);
  });
});
