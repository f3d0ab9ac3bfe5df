import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import type { JournalLine, RunChange } from '../../src/model/ledger.ts';
import { spec } from '../support/world.ts';
import {
  filesIn,
  openRepositories,
  type Repositories,
  read,
  record,
  ref,
  runsOf,
  start,
  until,
  users,
} from './git-repositories.ts';

let repositories: Repositories;

beforeEach(() => {
  repositories = openRepositories();
});

afterEach(() => repositories.close());

const address = 'CensusSync/users';
const sending: JournalLine = { at: '2026-11-21T10:00:01.000Z', event: 'sending', step: 'create', address, id: null };
const done: JournalLine = { ...sending, event: 'done', id: '1' };

describe('the journal of a run that never ended', () => {
  test.each(['the same clone', 'another clone of the same machine'])('is read in %s', async (where) => {
    const a = repositories.clone('a');
    const { journal } = await start(repositories.store(a), 'r1');
    await Promise.all([journal.append(sending), journal.append(done)]);
    const one = repositories.store(where === 'the same clone' ? a : repositories.clone('b'));
    expect(await read(one)).toMatchObject({ journal: [sending, done], complete: true });
  });

  test('is not all there is where it is lost', async () => {
    const a = repositories.clone('a');
    const { journal } = await start(repositories.store(a), 'r1');
    await journal.append(sending);
    expect(await read(repositories.store(a))).toMatchObject({ complete: true });
    rmSync(repositories.lockOf(a).journal ?? '');
    expect(await read(repositories.store(a))).toMatchObject({ journal: [], complete: false });
  });

  test.each([
    ['in the middle', JSON.stringify(done).slice(0, -9), [sending]],
    ['right before its end', JSON.stringify(done), [sending, done]],
    ['and padded by the disk', `${JSON.stringify(done).slice(0, -9)}\0\0\0\n`, [sending]],
  ])('is not all there is where its last line was torn %s', async (_where, torn, journal) => {
    const a = repositories.clone('a');
    const run = await start(repositories.store(a), 'r1');
    await run.journal.append(sending);
    appendFileSync(repositories.lockOf(a).journal ?? '', torn);
    expect(await read(repositories.store(a))).toMatchObject({ journal, complete: false });
  });

  test('is gone after a run that ended', async () => {
    const a = repositories.clone('a');
    const { journal, end } = await start(repositories.store(a), 'r1');
    await journal.append(sending);
    await end(users);
    expect(filesIn(join(a, '.git', 'syncline'))).toEqual([]);
    expect(await read(repositories.store(a))).toMatchObject({ journal: [], complete: true });
  });

  test('cannot be made: nothing begins', async () => {
    const a = repositories.clone('a');
    writeFileSync(join(a, '.git', 'syncline'), 'in the way');
    const error = { code: 'ledger-unwritable', exit: Exit.refused, message: expect.stringContaining('r1.journal') };
    await expect(start(repositories.store(a), 'r1')).rejects.toMatchObject(error);
    expect(await read(repositories.store(a))).toBeUndefined();
  });
});

describe('a run that goes on', () => {
  const change: RunChange = {
    action: 'create',
    address,
    id: null,
    status: 'intended',
    label: 'Users',
    before: null,
    after: spec(),
    protect: false,
    on_delete: 'delete',
    release: false,
    sends: true,
    retires: null,
  };
  let a = '';

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    a = repositories.clone('a');
  });

  function pass(milliseconds: number): void {
    repositories.pass(milliseconds);
    vi.advanceTimersByTime(milliseconds);
  }

  function tip(): string {
    return repositories.git(repositories.shared, 'log', '-1', '--format=%s', ref);
  }

  test('renews its lease every minute, and records what it has done', async () => {
    const { journal, end } = await start(repositories.store(a), 'r1', 'ann', { changes: [change] });
    expect(journal.left()).toBe(600_000);
    await journal.append(sending);
    await journal.append(done);
    pass(59_999);
    expect(journal.left()).toBe(540_001);
    for (const minute of [1, 2]) {
      pass(minute === 1 ? 1 : 60_000);
      await until(() => journal.left() === 600_000);
      expect(tip()).toBe('renew r1: running');
      expect(Number(repositories.git(repositories.shared, 'rev-list', '--count', ref))).toBe(1 + minute);
      expect(repositories.lockOf(repositories.shared)).toMatchObject({
        at: '2026-11-21T10:00:00.000Z',
        until: `2026-11-21T10:1${minute}:00.000Z`,
      });
    }
    // A machine that has lost the journal knows it all the same.
    rmSync(repositories.lockOf(repositories.shared).journal ?? '');
    const stored = await read(repositories.store(repositories.clone('b')));
    expect(stored?.ledger.runs).toMatchObject([{ changes: [{ address, status: 'applied', id: '1' }] }]);
    await end(users);
    expect(tip()).toBe('end r1: applied');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('counts its lease by the clock that has run further', async () => {
    const { journal } = await start(repositories.store(a), 'r1');
    repositories.pass(30_000);
    expect(journal.left()).toBe(570_000);
    repositories.pass(-3_600_000);
    vi.advanceTimersByTime(20_000);
    expect(journal.left()).toBe(580_000);
  });

  test('stops where another has taken over', async () => {
    const { journal, end } = await start(repositories.store(a), 'r1');
    await repositories.store(a).unlock(repositories.lockOf(a));
    repositories.pass(1);
    await record(repositories.store(repositories.clone('b')), 'r2');
    expect(journal.lost.aborted).toBe(false);
    pass(60_000);
    await until(() => journal.lost.aborted);
    expect(journal.lost.reason).toMatchObject({ code: 'lock-lost', exit: Exit.partial });
    expect(journal.left()).toBe(0);
    await expect(end({})).rejects.toMatchObject({ code: 'lock-lost', exit: Exit.partial });
    const stored = await read(repositories.store(a));
    expect(stored?.ledger.syncs).toEqual(users);
    expect(stored?.lock).toBeUndefined();
  });

  test('stops where it could not renew for two minutes', async () => {
    const { journal, end } = await start(repositories.store(a), 'r1');
    repositories.hook('pre-receive', 'echo Freeze.; exit 1');
    pass(60_000);
    // Each try that fails asks for another one.
    while (!journal.lost.aborted) {
      await until(() => vi.getTimerCount() > 0 || journal.lost.aborted);
      if (!journal.lost.aborted) pass(10_000);
    }
    expect(repositories.now.toISOString()).toBe('2026-11-21T10:02:00.000Z');
    expect(journal.lost.reason).toMatchObject({ code: 'lock-lost', message: expect.stringContaining('Freeze.') });
    expect(journal.left()).toBe(0);
    repositories.unhook('pre-receive');
    await end(users);
    expect(await read(repositories.store(a))).toMatchObject({ lock: undefined, ledger: { syncs: users } });
  });

  test('goes on where one renewal failed and the next did not', async () => {
    const { journal, end } = await start(repositories.store(a), 'r1');
    repositories.hook('pre-receive', 'rm "$0"; exit 1');
    pass(60_000);
    await until(() => vi.getTimerCount() > 0);
    expect(journal.left()).toBe(540_000);
    pass(2000);
    await until(() => journal.left() === 600_000);
    expect(journal.lost.aborted).toBe(false);
    await end(users);
    expect(await runsOf(repositories.store(a))).toEqual(['r1 applied']);
  });

  test('ends in order while a renewal is under way', async () => {
    const { end } = await start(repositories.store(a), 'r1');
    pass(60_000);
    await end(users);
    expect(repositories.git(a, 'log', '--format=%s', ref).split('\n')).toEqual([
      'end r1: applied',
      'renew r1: running',
      'begin r1: running',
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
