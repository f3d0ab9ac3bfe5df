import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileLedger } from '../../src/ledger/file/store.ts';
import { Exit } from '../../src/model/errors.ts';
import type { JournalLine } from '../../src/model/ledger.ts';
import { entry, key, ledger } from '../support/world.ts';
import {
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

const crm = 'refs/syncline/@crm/production';
const others = { 'CensusSync/orders': entry('2') };

function refsOf(where: string): string[] {
  return repositories.refs(where).map((line) => line.replace(/ .*/, ''));
}

describe('projects that share a repository', () => {
  test('have each a ledger under their name', async () => {
    const a = repositories.clone('a');
    const one = repositories.store(join(a, 'crm'), { name: 'crm' });
    expect(one.place).toBe(crm);
    await record(one, 'r1');
    await record(repositories.store(join(a, 'ads'), { name: 'ads' }), 'r2', others);
    expect(refsOf(repositories.shared)).toEqual(['refs/syncline/@ads/production', crm]);
    expect(JSON.parse(repositories.git(a, 'show', `${crm}:meta.json`))).toEqual({ ...ledger().meta, project: 'crm' });
    expect((await read(one))?.ledger.syncs).toEqual(users);
  });

  test('need one, where another without a name is still there', async () => {
    const a = repositories.clone('a');
    await record(repositories.store(join(a, 'crm')), 'r1');
    const nameless = repositories.store(join(a, 'ads'));
    const taken = { code: 'ledger-taken', exit: Exit.refused, message: expect.stringContaining('crm/syncline.yaml') };
    await expect(read(nameless)).rejects.toMatchObject(taken);
    await expect(nameless.begin(ledger(), { run: 'r2', actor: 'ann' })).rejects.toMatchObject(taken);
    const named = repositories.store(join(a, 'ads'), { name: 'ads' });
    expect(await read(named)).toBeUndefined();
    await record(named, 'r2', others);
    expect(refsOf(repositories.shared)).toEqual(['refs/syncline/@ads/production', ref]);
    expect((await read(repositories.store(join(a, 'crm'))))?.ledger.syncs).toEqual(users);
  });
});

describe('a project', () => {
  test('keeps its ledger when its file is moved', async () => {
    const a = repositories.clone('a');
    await record(repositories.store(join(a, 'old')), 'r1');
    rmSync(join(a, 'old'), { recursive: true });
    const one = repositories.store(join(a, 'new'));
    expect((await read(one))?.ledger.syncs).toEqual(users);
    await record(one, 'r2');
    expect(JSON.parse(repositories.git(a, 'show', `${ref}:meta.json`)).project).toBe('new/syncline.yaml');
  });

  test.each<[string, () => string]>([
    ['a repository with a remote', () => repositories.clone('a')],
    ['a repository without one', () => repositories.init('a')],
  ])('in %s goes on with its ledger when it gets a name', async (_what, make) => {
    const a = make();
    await record(repositories.store(a), 'r1');
    const places = repositories.git(a, 'remote') === '' ? [a] : [a, repositories.shared];
    const one = repositories.store(a, { name: 'crm' });
    expect((await read(one))?.ledger.syncs).toEqual(users);
    for (const place of places) expect(refsOf(place)).toEqual([ref]);
    const { end } = await start(one, 'r2');
    for (const place of places) expect(refsOf(place)).toEqual([crm]);
    await end(others);
    for (const place of places) expect(refsOf(place)).toEqual([crm]);
    expect(await runsOf(repositories.store(a, { name: 'crm' }))).toEqual(['r2 applied', 'r1 applied']);
  });

  test('that gets a name in two clones at once gets one ledger', async () => {
    await record(repositories.store(repositories.clone('a')), 'r1');
    const stores = ['b', 'c'].map((name) => repositories.store(repositories.clone(name), { name: 'crm' }));
    const results = await Promise.allSettled(stores.map((one, index) => start(one, `r${index + 2}`)));
    expect(results.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(refsOf(repositories.shared)).toEqual([crm]);
  });

  test('that got a name elsewhere leaves no ledger without a name behind', async () => {
    const a = repositories.clone('a');
    const b = repositories.clone('b');
    for (const root of [a, b]) await record(repositories.store(root), `in-${root.at(-1)}`);
    await record(repositories.store(a, { name: 'crm' }), 'r2', others);
    expect(refsOf(b)).toEqual([ref]);
    const one = repositories.store(b, { name: 'crm' });
    expect(await read(one)).toMatchObject({ unsaved: false, ledger: { syncs: others } });
    await record(one, 'r3', users);
    expect(refsOf(b)).toEqual([crm]);
  });

  test('with a name reads the local copy that it had without one, where the remote cannot be read', async () => {
    const a = repositories.clone('a');
    await record(repositories.store(a), 'r1');
    await repositories.away(async () => {
      const one = repositories.store(a, { name: 'crm' });
      expect(await read(one)).toMatchObject({
        ledger: { syncs: users },
        warnings: [expect.stringContaining('local copy')],
      });
      await expect(start(one, 'r2')).rejects.toMatchObject({ code: 'ledger-unreachable' });
    });
    expect(refsOf(a)).toEqual([ref]);
  });
});

describe('the first run imports what the project remembered in a file:', () => {
  const dead = {
    [key('9')]: { address: 'CensusSync/old', reason: 'deleted' as const, at: '2026-11-20T10:00:00.000Z' },
  };
  const sending: JournalLine = {
    at: '2026-11-21T10:00:01.000Z',
    event: 'sending',
    step: 'update',
    address: 'CensusSync/users',
    id: '1',
  };

  /** Two runs that ended, and what they left. */
  async function remember(root: string): Promise<void> {
    repositories.store(root);
    const file = fileLedger(root, 'production', { now: () => repositories.now });
    for (const name of ['f1', 'f2']) {
      await read(file);
      await file.save({ ...ledger(), syncs: users, dead, runs: [runOf(name, 'applied')] });
    }
  }

  function names(root: string): string[] {
    return readdirSync(join(root, '.syncline', 'ledger')).filter((name) => name.startsWith('production.json'));
  }

  test('syncs, tombstones and runs', async () => {
    const a = repositories.clone('a');
    await remember(a);
    const one = repositories.store(a);
    expect(await read(one)).toMatchObject({ ledger: { syncs: users, dead }, unsaved: true });
    expect(await runsOf(one)).toEqual(['f2 applied', 'f1 applied']);
    const journal = await one.begin(
      { ...ledger(), syncs: users, dead, runs: [runOf('r1', 'running')] },
      { run: 'r1', actor: 'ann' },
    );
    expect(names(a)).toEqual(['production.json.imported']);
    await journal.close({ ...ledger(), syncs: others, dead, runs: [runOf('r1', 'applied')] });
    const elsewhere = repositories.store(repositories.clone('b'));
    expect((await read(elsewhere))?.ledger).toMatchObject({ syncs: others, dead });
    expect(await runsOf(elsewhere)).toEqual(['r1 applied', 'f2 applied', 'f1 applied']);
    await remember(a);
    expect((await read(repositories.store(a)))?.ledger.syncs).toEqual(others);
  });

  test('a run that never ended, with its journal', async () => {
    const a = repositories.clone('a');
    await remember(a);
    let time = repositories.now;
    const file = fileLedger(a, 'production', { now: () => time });
    const stored = await read(file);
    const before = stored?.ledger ?? ledger();
    const open = await file.begin({ ...before, runs: [runOf('f3', 'running')] }, { run: 'f3', actor: 'ann' });
    await open.append(sending);
    const one = repositories.store(a);
    expect(await read(one)).toMatchObject({ lock: { state: 'held' } });
    await expect(start(one, 'r1')).rejects.toMatchObject({ code: 'locked' });
    time = new Date(time.getTime() + 600_000);
    repositories.pass(600_000);
    expect(await read(one)).toMatchObject({ journal: [sending], complete: true, lock: { state: 'expired' } });
    await record(one, 'r1', others);
    expect(await runsOf(one)).toEqual(['r1 applied', 'f3 applied', 'f2 applied', 'f1 applied']);
    expect(existsSync(join(a, '.syncline', 'ledger', 'production.json'))).toBe(false);
  });

  test('nothing, while the ledger in Git cannot be written', async () => {
    const a = repositories.clone('a');
    await remember(a);
    repositories.hook('pre-receive', 'exit 1');
    await expect(start(repositories.store(a), 'r1')).rejects.toMatchObject({ code: 'ledger-unwritable' });
    expect(names(a)).toEqual(['production.json']);
    repositories.unhook('pre-receive');
    await record(repositories.store(a), 'r1');
    expect(await runsOf(repositories.store(a))).toEqual(['r1 applied', 'f2 applied', 'f1 applied']);
  });

  test('nothing, where others have a ledger in Git already', async () => {
    const a = repositories.clone('a');
    await record(repositories.store(repositories.clone('b')), 'r1', others);
    await remember(a);
    const one = repositories.store(a);
    expect(await read(one)).toMatchObject({ unsaved: false, ledger: { syncs: others } });
    expect(await runsOf(one)).toEqual(['r1 applied']);
  });
});

describe('a ledger of a newer format', () => {
  /** A record that this version cannot know, in a ledger that says so. */
  const later = async (): Promise<string> => {
    const a = repositories.clone('a');
    await record(repositories.store(a), 'r1');
    repositories.tamper(repositories.shared, 'run.json', (old) => old.replace('"actor"', '"agent"'));
    repositories.tamper(repositories.shared, 'meta.json', (old) => old.replace('"format":2', '"format":4'));
    return a;
  };
  const newer = { code: 'ledger-newer', exit: Exit.refused, hint: 'Upgrade syncline.' };

  test('says so before anybody reads its runs', async () => {
    await expect(runsOf(repositories.store(await later()))).rejects.toMatchObject(newer);
  });

  test('says so to a project that was given a name', async () => {
    const named = repositories.store(await later(), { name: 'crm' });
    repositories.tamper(repositories.shared, 'meta.json', (old) => old.replace('"project"', '"owner"'));
    await expect(read(named)).rejects.toMatchObject(newer);
  });
});
