import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nothingDeclared } from '../../src/ledger/store.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Dead, Entry } from '../../src/model/ledger.ts';
import { entry, key, ledger, spec } from '../support/world.ts';
import {
  listRuns,
  openRepositories,
  type Repositories,
  read,
  record,
  ref,
  runOf,
  runsOf,
  start,
  users,
} from './git-repositories.ts';

let repositories: Repositories;

beforeEach(() => {
  repositories = openRepositories();
});

afterEach(() => repositories.close());

function refsOf(where: string): string[] {
  return repositories.git(where, 'for-each-ref', '--format=%(refname)').split('\n');
}

describe('the Git ledger', () => {
  test('is nothing where nobody has ever written it', async () => {
    const one = repositories.store(repositories.clone('a'));
    expect(await read(one)).toBeUndefined();
    expect(await one.lock()).toBeUndefined();
    expect(await runsOf(one)).toEqual([]);
  });

  test('is shared: what one clone records, another reads, and no branch or file of theirs is touched', async () => {
    const a = repositories.clone('a');
    const b = repositories.clone('b');
    await record(repositories.store(a), 'r1');
    expect(await read(repositories.store(b))).toEqual({
      ledger: { ...ledger(), meta: { ...ledger().meta, project: 'syncline.yaml' }, syncs: users },
      journal: [],
      complete: true,
      lock: undefined,
      unsaved: false,
      warnings: [],
    });
    expect(repositories.git(a, 'status', '--porcelain')).toBe('?? syncline.yaml');
    expect(refsOf(a)).toEqual(['refs/heads/main', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main', ref]);
    expect(refsOf(repositories.shared)).toEqual(['refs/heads/main', ref]);
  });

  test('is a tree that a person can read', async () => {
    const a = repositories.clone('a');
    const dead: Dead = { address: 'CensusSync/old', reason: 'deleted', at: repositories.now.toISOString() };
    const one = repositories.store(a);
    await record(one, 'r1');
    await read(one);
    await one.save({ ...ledger(), syncs: users, dead: { [key('7:8')]: dead } });
    expect(repositories.git(a, 'ls-tree', '-r', '--name-only', ref).split('\n')).toEqual([
      'dead/CensusSync/7%3A8.json',
      'meta.json',
      'run.json',
      'syncs/CensusSync/users.json',
    ]);
    const text = repositories.git(a, 'show', `${ref}:syncs/CensusSync/users.json`);
    expect(JSON.parse(text)).toEqual(entry('1'));
    expect(text.split('\n').length).toBeGreaterThan(5);
    expect(repositories.git(a, 'log', '--format=%an %s', ref).split('\n')).toEqual([
      'syncline save',
      'ann end r1: applied',
      'ann begin r1: running',
    ]);
    expect((await read(repositories.store(a)))?.ledger.dead).toEqual({ [key('7:8')]: dead });
  });

  test('gives the very specs that manifests declare, where they are equal', async () => {
    const one = repositories.store(repositories.clone('a'));
    await record(one, 'r1');
    const declared = spec();
    const stored = await one.read({
      ...nothingDeclared,
      specOf: (address) => (address in users ? declared : undefined),
    });
    expect(stored?.ledger.syncs['CensusSync/users']?.spec?.mappings).toBe(declared.mappings);
  });

  test('gives the same tree for the same records, whatever the order of their keys', async () => {
    const there = repositories.init('there');
    const back = repositories.init('back');
    const syncs = { ...users, 'CensusSync/orders': entry('2', spec({ label: 'Orders' })) };
    await record(repositories.store(there), 'r1', syncs);
    await record(repositories.store(back), 'r1', Object.fromEntries(Object.entries(syncs).reverse().map(reversed)));
    expect(repositories.git(back, 'rev-parse', `${ref}^{tree}`)).toBe(
      repositories.git(there, 'rev-parse', `${ref}^{tree}`),
    );
  });

  test('takes any name of an actor', async () => {
    const a = repositories.clone('a');
    const odd = 'Zoë <z@example.com>\nparent 1234 \u0007"quoted"';
    const { end } = await start(repositories.store(a), 'r1', odd, { actor: odd });
    expect(repositories.git(a, 'show', '-s', '--format=%cn', ref)).toBe('Zoë z@example.comparent 1234 "quoted"');
    expect(repositories.lockOf(a).actor).toBe(odd);
    await end(users);
    await record(repositories.store(a), 'r2');
    expect((await listRuns(repositories.store(a))).map((one) => one.actor)).toEqual(['ann', odd]);
  });
});

describe('runs()', () => {
  test('gives each run once, as it stood last, newest first', async () => {
    const a = repositories.clone('a');
    repositories.git(a, 'config', 'fastimport.unpackLimit', '10000');
    const names = Array.from({ length: 62 }, (_, index) => `r${index + 1}`);
    await repositories.store(a).save({ ...ledger(), runs: names.map((name) => runOf(name, 'applied')) });
    for (const name of ['r63', 'r64']) {
      await record(repositories.store(a), name);
      names.push(name);
    }
    await start(repositories.store(a), 'r65');
    expect(Number(repositories.git(a, 'rev-list', '--count', ref))).toBe(67);
    const ended = names.map((name) => `${name} applied`).reverse();
    expect(await runsOf(repositories.store(repositories.clone('b')))).toEqual(['r65 running', ...ended]);
    // Whoever asks for the last ones does not wait for the first: their commits are not even looked at.
    const first = repositories.git(a, 'rev-parse', `${ref}~66:run.json`);
    const path = `${repositories.folder}/a/.git/objects/${first.slice(0, 2)}/${first.slice(2)}`;
    repositories.git(a, 'remote', 'remove', 'origin');
    rmSync(path);
    const some: string[] = [];
    for await (const { run } of repositories.store(a).runs()) {
      some.push(run);
      if (some.length === 3) break;
    }
    expect(some).toEqual(['r65', 'r64', 'r63']);
  });

  test('has the changes of a run', async () => {
    const one = repositories.store(repositories.clone('a'));
    const change = {
      action: 'delete',
      address: 'CensusSync/users',
      id: '1',
      status: 'applied',
      label: 'Users',
      before: spec(),
      after: spec(),
      protect: false,
      on_delete: 'delete',
      release: false,
      sends: true,
      retires: null,
    } as const;
    await record(one, 'r1');
    const { ledger: before } = (await read(one)) ?? { ledger: ledger() };
    await one.save({ ...before, syncs: {}, runs: [runOf('r2', 'applied', { changes: [change] })] });
    const [last] = await listRuns(one);
    expect(last).toEqual(runOf('r2', 'applied', { changes: [change] }));
  });
});

/** The same value with its keys in the opposite order, at every depth. */
function reversed([address, entry]: [string, Entry]): [string, Entry] {
  const turnedOver = Object.fromEntries(Object.entries(entry).reverse()) as unknown as Entry;
  return [address, entry.spec === null ? turnedOver : { ...turnedOver, spec: turned(entry.spec) }];
}

function turned(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).reverse());
}
