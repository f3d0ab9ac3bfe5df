import { once } from 'node:events';
import { cpSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { entry, ledger } from '../support/world.ts';
import {
  filesIn,
  hurried,
  openRepositories,
  type Repositories,
  read,
  record,
  ref,
  runOf,
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

const others = { 'CensusSync/orders': entry('2') };
const unreachable = {
  code: 'ledger-unreachable',
  exit: Exit.refused,
  message: expect.stringContaining('does not appear to be a git repository'),
};

/** What a run that could not begin must not leave behind: refs here and there, and journals. */
function traces(root: string) {
  return [repositories.refs(root), repositories.refs(repositories.shared), filesIn(join(root, '.git', 'syncline'))];
}

describe('a remote that cannot be read', () => {
  test('leaves the local copy to read, with a warning, and nothing to write', async () => {
    const a = repositories.clone('a');
    await record(repositories.store(a), 'r1');
    const before = traces(a);
    await repositories.away(async () => {
      const one = repositories.store(a);
      expect(await read(one)).toMatchObject({
        ledger: { syncs: users },
        unsaved: false,
        warnings: [
          expect.stringMatching(/"origin" could not be read \(.*not appear.*\); .* local copy .* may be old\.$/),
        ],
      });
      expect(await runsOf(one)).toEqual(['r1 applied']);
      await expect(start(one, 'r2')).rejects.toMatchObject(unreachable);
      await expect(one.save(ledger())).rejects.toMatchObject(unreachable);
    });
    expect(traces(a)).toEqual(before);
    await record(repositories.store(a), 'r2', others);
  });

  test('is the end without a local copy', async () => {
    const a = repositories.clone('a');
    await record(repositories.store(repositories.clone('b')), 'r1');
    await repositories.away(async () => {
      const one = repositories.store(a);
      await expect(read(one)).rejects.toMatchObject(unreachable);
      await expect(one.begin(ledger(), { run: 'r2', actor: 'ann' })).rejects.toMatchObject(unreachable);
      await expect(one.lock()).rejects.toMatchObject(unreachable);
    });
    expect(traces(a)).toEqual([[], repositories.refs(repositories.shared), []]);
  });

  test('has gone since the ledger was read: nothing begins', async () => {
    const a = repositories.clone('a');
    await record(repositories.store(a), 'r1');
    const before = traces(a);
    const one = repositories.store(a);
    await read(one);
    const intent = { ...ledger(), runs: [runOf('r2', 'running')] };
    await repositories.away(async () => {
      await expect(one.begin(intent, { run: 'r2', actor: 'ann' })).rejects.toMatchObject({ exit: Exit.refused });
    });
    expect(traces(a)).toEqual(before);
  });
});

describe('a remote that cannot be written', () => {
  test.each<[string, (root: string) => void, string, string]>([
    [
      'a hook declines',
      () => repositories.hook('pre-receive', 'echo "No deploys on Sundays."; exit 1'),
      'No deploys on Sundays.',
      'A rule or hook of the remote',
    ],
    [
      'it takes nothing',
      () => repositories.git(repositories.shared, 'config', 'receive.maxInputSize', '1'),
      'maximum',
      'receive.maxInputSize',
    ],
    [
      'it hides the ledger',
      () => repositories.git(repositories.shared, 'config', 'receive.hideRefs', 'refs/syncline'),
      'stale info',
      'receive.hideRefs',
    ],
    [
      'it may not be written',
      () => repositories.hook('update', 'echo "You have no write access; permission denied."; exit 1'),
      'permission denied',
      'A rule or hook of the remote',
    ],
    [
      'pushes go to nowhere',
      (root) => repositories.git(root, 'config', 'remote.origin.pushurl', '/nowhere'),
      "'/nowhere'",
      'get-url --push',
    ],
    [
      'pushes need a password',
      (root) => {
        const helper = join(repositories.folder, 'git-remote-denied');
        writeFileSync(helper, '#!/bin/sh\necho "fatal: Authentication failed" >&2\nexit 128\n', { mode: 0o755 });
        repositories.git(root, 'config', 'remote.origin.pushurl', `ext::${helper}`);
        repositories.git(root, 'config', 'protocol.ext.allow', 'always');
      },
      'Authentication failed',
      'contents: write',
    ],
    [
      'pushes go to another repository',
      (root) => {
        cpSync(repositories.shared, join(repositories.folder, 'fork.git'), { recursive: true });
        repositories.git(join(repositories.folder, 'fork.git'), 'update-ref', '-d', ref);
        repositories.git(root, 'config', 'remote.origin.pushurl', join(repositories.folder, 'fork.git'));
      },
      'pushed to another',
      'must be one repository',
    ],
  ])(
    'because %s, is read; nothing begins, nothing is saved, and nothing is left behind',
    async (_why, forbid, words, help) => {
      const a = repositories.clone('a');
      await record(repositories.store(a), 'r1');
      const before = traces(a);
      forbid(a);
      const one = repositories.store(a);
      const unwritable = {
        code: 'ledger-unwritable',
        exit: Exit.refused,
        message: expect.stringContaining(words),
        hint: expect.stringContaining(help),
      };
      await expect(start(one, 'r2')).rejects.toMatchObject(unwritable);
      await expect(one.save(ledger())).rejects.toMatchObject(unwritable);
      expect((await read(one))?.ledger.syncs).toEqual(users);
      expect(traces(a)).toEqual(before);
    },
  );
});

describe('a remote that takes the call and never answers', () => {
  test('holds nobody who has been told to stop', async () => {
    const silent = createServer((socket) => socket.resume());
    await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const called = once(silent, 'connection');
    const a = repositories.clone('a');
    await record(repositories.store(a), 'r1');
    repositories.git(a, 'remote', 'set-url', 'origin', `http://127.0.0.1:${port}/x.git`);
    const stop = new AbortController();
    const reading = read(repositories.store(a, { signal: stop.signal }));
    const [socket] = await called;
    // Whoever is stopped in the middle of a call may hang up rudely.
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    stop.abort();
    // What is read from this clone at the same time may be stopped as well.
    const said = await reading.then(
      (stored) => stored?.warnings,
      (error: Error) => [error.message],
    );
    expect(said).toEqual([expect.stringContaining('it was stopped')]);
    // Whoever git had started to make the call has ended with it.
    await closed;
    silent.close();
  });
});

describe('a remote without the ledger', () => {
  test('is told of the one that this clone made before it had a remote', async () => {
    const a = repositories.init('a');
    await record(repositories.store(a), 'r1');
    await record(repositories.store(a), 'r2', others);
    expect(await read(repositories.store(a))).toMatchObject({ unsaved: false });
    repositories.git(a, 'remote', 'add', 'origin', repositories.shared);
    expect(await read(repositories.store(a))).toMatchObject({
      unsaved: true,
      ledger: { syncs: others },
      warnings: [expect.stringContaining('"origin" has no ledger refs/syncline/production')],
    });
    expect(repositories.refs(repositories.shared)).toEqual([]);
    const { end } = await start(repositories.store(a), 'r3');
    await end(users);
    expect(await read(repositories.store(a))).toMatchObject({ unsaved: false });
    expect(await runsOf(repositories.store(repositories.clone('b')))).toEqual([
      'r3 applied',
      'r2 applied',
      'r1 applied',
    ]);
  });

  test('and another that has one by now: two that have nothing in common stop everything', async () => {
    const a = repositories.init('a');
    await record(repositories.store(a), 'r1');
    await record(repositories.store(repositories.clone('b')), 'r1');
    repositories.git(a, 'remote', 'add', 'origin', repositories.shared);
    const before = repositories.refs(a);
    await expect(read(repositories.store(a))).rejects.toMatchObject({
      code: 'ledger-split',
      exit: Exit.refused,
      hint: expect.stringMatching(/`git update-ref -d \S+` .*; `git push origin :\S+` /),
    });
    expect(repositories.refs(a)).toEqual(before);
    // The second way: the remote's goes, and the clone's is there again.
    repositories.git(a, 'push', '--quiet', 'origin', `:${ref}`);
    expect(await read(repositories.store(a))).toMatchObject({
      warnings: [expect.stringContaining('the next apply pushes it')],
    });
  });
});

describe('a run whose end cannot be pushed', () => {
  const unsaved = { code: 'ledger-unsaved', exit: Exit.partial, message: expect.stringContaining('Freeze.') };

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
  });

  async function cutOff(root: string): Promise<void> {
    const { journal, end } = await start(repositories.store(root), 'r1');
    const at = repositories.now.toISOString();
    await journal.append({ at, event: 'sending', step: 'create', address: 'CensusSync/users', id: null });
    repositories.hook('pre-receive', 'echo Freeze.; exit 1');
    await expect(hurried(end(users))).rejects.toMatchObject(unsaved);
    repositories.unhook('pre-receive');
  }

  test('is recorded in its clone, which shares it with the next run', async () => {
    const a = repositories.clone('a');
    await cutOff(a);
    expect(repositories.git(a, 'log', '--format=%s', '-1', ref)).toBe('end r1: applied');
    expect(await read(repositories.store(a))).toMatchObject({
      unsaved: true,
      lock: undefined,
      ledger: { syncs: users },
    });
    const { end } = await start(repositories.store(a), 'r2');
    expect(await runsOf(repositories.store(repositories.clone('b')))).toEqual(['r2 running', 'r1 applied']);
    await end(others);
    expect(filesIn(join(a, '.git', 'syncline'))).toEqual([]);
  });

  test('is pushed after all where only the first try failed', async () => {
    const a = repositories.clone('a');
    const { end } = await start(repositories.store(a), 'r1');
    repositories.hook('pre-receive', 'rm "$0"; exit 1');
    await hurried(end(users));
    expect(await read(repositories.store(repositories.clone('b')))).toMatchObject({
      lock: undefined,
      ledger: { syncs: users },
    });
  });

  test('is known to be recorded where only the answer to the push was lost', async () => {
    const a = repositories.clone('a');
    const { end } = await start(repositories.store(a), 'r1');
    // The ref has moved when the connection breaks, and nobody can ask for it at once.
    const lose = '[ "$1" = committed ] || exit 0\nrm "$0"\nmv "$PWD" "$PWD.away"\nkill -9 $PPID';
    repositories.hook('reference-transaction', lose);
    const closing = end(users);
    await until(() => vi.getTimerCount() > 0);
    renameSync(`${repositories.shared}.away`, repositories.shared);
    await hurried(closing);
    expect(await read(repositories.store(repositories.clone('b')))).toMatchObject({
      lock: undefined,
      ledger: { syncs: users },
    });
    expect(await runsOf(repositories.store(a))).toEqual(['r1 applied']);
  });

  test('is left aside where another clone has taken over meanwhile', async () => {
    const a = repositories.clone('a');
    const b = repositories.clone('b');
    await cutOff(a);
    await expect(start(repositories.store(b), 'r2')).rejects.toMatchObject({ code: 'locked' });
    repositories.pass(600_001);
    // On the same machine the journal tells what the run has done.
    const stored = await read(repositories.store(b));
    expect(stored).toMatchObject({ complete: true, lock: { state: 'expired' } });
    expect(stored?.journal).toHaveLength(1);
    await record(repositories.store(b), 'r2', others);
    const first = repositories.store(a);
    expect(await read(first)).toMatchObject({
      unsaved: false,
      ledger: { syncs: others },
      warnings: [expect.stringContaining('never reached the remote')],
    });
    expect(await read(first)).toMatchObject({ ledger: { syncs: others }, warnings: [] });
    expect(await runsOf(first)).toEqual(['r2 applied', 'r1 applied']);
  });
});
