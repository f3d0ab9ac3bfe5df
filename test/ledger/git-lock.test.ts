import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { thisProcess } from '../../src/ledger/process.ts';
import type { LedgerStore } from '../../src/ledger/store.ts';
import { Exit } from '../../src/model/errors.ts';
import type { JournalLine } from '../../src/model/ledger.ts';
import type { Lock } from '../../src/model/lock.ts';
import { entry, ledger } from '../support/world.ts';
import {
  deadProcess,
  filesIn,
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

const others = { 'CensusSync/orders': entry('2') };
const locked = { code: 'locked', exit: Exit.refused };
const moved = { code: 'ledger-moved', exit: Exit.refused };

/** Begins a run without looking again. */
function begin(one: LedgerStore, run: string, actor = 'ann') {
  return one.begin({ ...ledger(), runs: [runOf(run, 'running')] }, { run, actor });
}

/** Makes the lock of a run that is going on another's. */
function relock(parts: Partial<Lock>): void {
  const rewrite = (text: string): string => {
    const lock: Lock = JSON.parse(text);
    return JSON.stringify({ ...lock, ...parts });
  };
  repositories.tamper(repositories.shared, 'lock.json', rewrite);
}

describe('a lock that is held', () => {
  test('keeps everybody else out, and names its holder', async () => {
    await start(repositories.store(repositories.clone('a')), 'r1', 'CI run 77');
    const one = repositories.store(repositories.clone('b'));
    const { pid, host } = await thisProcess();
    expect((await read(one))?.lock).toMatchObject({
      state: 'held',
      lock: { run: 'r1', actor: 'CI run 77', pid, host },
    });
    expect((await one.lock())?.lock).toEqual(repositories.lockOf(repositories.shared));
    const message = expect.stringMatching(/^CI run 77 is applying: run r1 on /);
    await expect(begin(one, 'r2')).rejects.toMatchObject({ ...locked, message });
    await expect(one.save(ledger())).rejects.toMatchObject({ ...locked, message });
  });

  test('is kept by one of two who begin at once', async () => {
    const stores = ['a', 'b'].map((name) => repositories.store(repositories.clone(name)));
    await Promise.all(stores.map(read));
    const results = await Promise.allSettled(stores.map((one, index) => begin(one, `r${index}`)));
    expect(results.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))).toMatchObject([locked]);
  });

  test('is kept by one of two processes of one clone that begin at once', async () => {
    for (const root of [repositories.clone('a'), repositories.init('alone')]) {
      const stores = [0, 1, 2, 3].map(() => repositories.store(root));
      await Promise.all(stores.map(read));
      const results = await Promise.allSettled(stores.map((one, index) => begin(one, `r${index}`)));
      const reasons = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      expect(reasons).toMatchObject([locked, locked, locked]);
      expect(filesIn(join(root, '.git', 'syncline'))).toHaveLength(1);
    }
  });

  test('was held when the ledger was read: what was read is no longer so, even after it was let go', async () => {
    const { end } = await start(repositories.store(repositories.clone('a')), 'r1');
    const one = repositories.store(repositories.clone('b'));
    await read(one);
    await end(users);
    await expect(begin(one, 'r2')).rejects.toMatchObject(locked);
    await record(one, 'r2', others);
  });

  test('is gone, but a whole run took place since the ledger was read', async () => {
    const a = repositories.clone('a');
    const one = repositories.store(repositories.clone('b'));
    for (const run of ['r1', 'r2']) {
      await read(one);
      await record(repositories.store(a), run);
      await expect(begin(one, 'r3')).rejects.toMatchObject(moved);
      await read(one);
      await record(repositories.store(a), `${run}b`);
      await expect(one.save(ledger())).rejects.toMatchObject(moved);
    }
    expect(await runsOf(one)).toEqual(['r2b applied', 'r2 applied', 'r1b applied', 'r1 applied']);
  });
});

describe('a lock is taken over', () => {
  test.each<[string, string | undefined, () => Promise<Partial<Lock>>, number]>([
    ['of a process that has ended', 'dead', deadProcess, 0],
    ['whose lease has run out', 'expired', async () => ({}), 600_000],
    ['not while its lease runs', undefined, async () => ({}), 599_999],
    [
      'not of a kernel that nobody here knows',
      undefined,
      async () => ({ ...(await deadProcess()), boot: 'another' }),
      0,
    ],
    ['whose lease has run out on another machine', 'expired', async () => ({ boot: 'another', host: 'ci-7' }), 600_000],
  ])('%s', async (_whose, state, parts, passed) => {
    const a = repositories.clone('a');
    const { journal } = await start(repositories.store(a), 'r1');
    relock(await parts());
    repositories.pass(passed);
    const one = repositories.store(repositories.clone('b'));
    expect((await read(one))?.lock?.state).toBe(state ?? 'held');
    if (state === undefined) {
      await expect(start(one, 'r2')).rejects.toMatchObject(locked);
      return;
    }
    const { end } = await start(one, 'r2', 'bob');
    expect(await one.lock()).toMatchObject({ state: 'held', lock: { run: 'r2', actor: 'bob' } });
    expect(filesIn(join(a, '.git', 'syncline'))).toEqual([]);
    await end(others);
    expect(await runsOf(one)).toEqual(['r2 applied', 'r1 applied']);
    await expect(journal.close(ledger())).rejects.toMatchObject({ code: 'lock-lost', exit: Exit.partial });
    expect((await read(one))?.ledger.syncs).toEqual(others);
  });

  test('by one of ten who find it dead', async () => {
    await start(repositories.store(repositories.clone('a')), 'r0');
    relock(await deadProcess());
    const stores = Array.from({ length: 10 }, (_, index) => repositories.store(repositories.clone(`b${index}`)));
    for (const stored of await Promise.all(stores.map(read))) expect(stored?.lock?.state).toBe('dead');
    const results = await Promise.allSettled(stores.map((one, index) => begin(one, `r${index + 1}`)));
    const reasons = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(reasons).toMatchObject(Array.from({ length: 9 }, () => locked));
    const winner = results.findIndex((one) => one.status === 'fulfilled') + 1;
    expect(repositories.lockOf(repositories.shared).run).toBe(`r${winner}`);
  });

  test('but not where the run had still something to say', async () => {
    const a = repositories.clone('a');
    const { journal } = await start(repositories.store(a), 'r1');
    repositories.pass(600_000);
    const one = repositories.store(repositories.clone('b'));
    await read(one);
    const line: JournalLine = {
      at: '2026-11-21T10:00:01.000Z',
      event: 'done',
      step: 'create',
      address: 'CensusSync/users',
      id: '1',
    };
    await journal.append(line);
    await expect(begin(one, 'r2')).rejects.toMatchObject(moved);
    expect((await read(one))?.journal).toEqual([line]);
    await begin(one, 'r2');
  });

  test('with the run that held it, as the next one says it ended', async () => {
    const one = repositories.store(repositories.clone('a'));
    await start(one, 'r1');
    repositories.pass(600_000);
    const stored = await read(one);
    expect(stored?.ledger.runs).toEqual([runOf('r1', 'running')]);
    const runs = [runOf('r1', 'partial'), runOf('r2', 'running')];
    const journal = await one.begin({ ...ledger(), runs }, { run: 'r2', actor: 'ann' });
    expect(await runsOf(one)).toEqual(['r2 running', 'r1 partial']);
    await journal.close({ ...ledger(), runs: [runOf('r1', 'partial'), runOf('r2', 'applied')] });
    expect(await runsOf(one)).toEqual(['r2 applied', 'r1 partial']);
  });

  test.each([
    ['of another run', 'r9.journal'],
    ['that is no journal', 'notes.txt'],
  ])('and a file %s that it names is neither read nor removed', async (_what, name) => {
    await start(repositories.store(repositories.clone('a')), 'r1');
    const path = join(repositories.folder, name);
    writeFileSync(path, '{"event":"done"}\n');
    relock({ ...(await deadProcess()), journal: path });
    const one = repositories.store(repositories.clone('b'));
    expect(await read(one)).toMatchObject({ journal: [], complete: false });
    await record(one, 'r2');
    expect(readFileSync(path, 'utf8')).toBe('{"event":"done"}\n');
  });
});

describe('save', () => {
  test('makes one commit for a run, and leaves no lock', async () => {
    const a = repositories.clone('a');
    await record(repositories.store(a), 'r1');
    const before = repositories.git(a, 'rev-parse', ref);
    const one = repositories.store(a);
    await one.save({ ...ledger(), syncs: others, runs: [runOf('r2', 'applied', { actor: 'bob' })] });
    expect(repositories.git(repositories.shared, 'log', '--format=%an %s', `${before}..${ref}`)).toBe(
      'bob end r2: applied',
    );
    expect(await one.lock()).toBeUndefined();
    expect((await read(one))?.ledger).toMatchObject({ syncs: others, runs: [] });
    expect(await runsOf(one)).toEqual(['r2 applied', 'r1 applied']);
    expect(existsSync(join(a, '.git', 'syncline', 'refs-syncline-production', 'r2.journal'))).toBe(false);
  });

  test('ends what a dead run has left', async () => {
    const one = repositories.store(repositories.clone('a'));
    await start(one, 'r1');
    relock(await deadProcess());
    await read(one);
    await one.save({ ...ledger(), syncs: others, runs: [runOf('r1', 'failed'), runOf('r2', 'applied')] });
    expect(await one.lock()).toBeUndefined();
    expect(await runsOf(one)).toEqual(['r2 applied', 'r1 failed']);
  });
});

describe('unlock', () => {
  test('ends the lease now, and keeps the intent for whoever comes', async () => {
    const a = repositories.clone('a');
    const { journal } = await start(repositories.store(a), 'r1');
    const line: JournalLine = {
      at: '2026-11-21T10:00:01.000Z',
      event: 'done',
      step: 'create',
      address: 'CensusSync/users',
      id: '1',
    };
    await journal.append(line);
    repositories.pass(5000);
    const one = repositories.store(repositories.clone('b'));
    const shown = await one.lock();
    if (shown === undefined) throw new Error('Nobody holds the lock.');
    await one.unlock(shown.lock);
    expect(await read(one)).toMatchObject({
      lock: { state: 'expired', lock: { ...shown.lock, until: repositories.now.toISOString() } },
      ledger: { runs: [{ run: 'r1', status: 'running' }] },
      journal: [line],
    });
    await expect(journal.close(ledger())).rejects.toMatchObject({ code: 'lock-lost', exit: Exit.partial });
    await record(one, 'r2');
  });

  test('leaves a lease that has run out as it was', async () => {
    const one = repositories.store(repositories.clone('a'));
    await start(one, 'r1');
    const { until } = repositories.lockOf(repositories.shared);
    repositories.pass(900_000);
    await one.unlock(repositories.lockOf(repositories.shared));
    expect(repositories.lockOf(repositories.shared).until).toBe(until);
  });

  test('breaks no other lock than the one that was shown', async () => {
    const one = repositories.store(repositories.clone('a'));
    const { end } = await start(one, 'r1');
    const shown = repositories.lockOf(repositories.shared);
    await end(users);
    await expect(one.unlock(shown)).rejects.toMatchObject(moved);
    await start(one, 'r2');
    await expect(one.unlock(shown)).rejects.toMatchObject(moved);
    expect((await one.lock())?.state).toBe('held');
  });
});
