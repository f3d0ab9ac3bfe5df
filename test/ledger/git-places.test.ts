import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { entry, ledger } from '../support/world.ts';
import {
  filesIn,
  listRuns,
  openRepositories,
  type Repositories,
  read,
  record,
  ref,
  runsOf,
  start,
  users,
} from './git-repositories.ts';

let repositories: Repositories;

beforeEach(() => {
  repositories = openRepositories();
});

afterEach(() => repositories.close());

async function syncsIn(root: string) {
  return (await read(repositories.store(root)))?.ledger.syncs;
}

describe('a ledger lives in', () => {
  test.each<[string, () => string]>([
    ['a repository without a remote', () => repositories.init('alone')],
    ['a repository with SHA-256 names', () => repositories.init('alone', '--object-format=sha256')],
    ['a clone', () => repositories.clone('a')],
    ['a shallow clone', () => repositories.clone('a', '--depth', '1')],
    ['a partial clone', () => repositories.clone('a', '--filter=blob:none')],
    ['a clone whose only remote has another name', () => repositories.clone('a', '--origin', 'upstream')],
    [
      'a work tree without a branch',
      () => {
        const a = repositories.clone('a');
        repositories.git(a, 'checkout', '-q', '--detach');
        return a;
      },
    ],
    [
      'a clone whose remote mirrors fetches and prunes',
      () => {
        const a = repositories.clone('a');
        for (const key of ['fetch.prune', 'fetch.pruneTags', 'push.followTags', 'push.useForceIfIncludes']) {
          repositories.git(a, 'config', key, 'true');
        }
        return a;
      },
    ],
  ])('%s', async (_place, make) => {
    const root = make();
    await record(repositories.store(root), 'r1');
    await record(repositories.store(root), 'r2');
    expect(await syncsIn(root)).toEqual(users);
    expect(await runsOf(repositories.store(root))).toEqual(['r2 applied', 'r1 applied']);
    const remote = repositories.git(root, 'remote');
    if (remote === '') return;
    const tip = repositories.git(root, 'rev-parse', ref);
    expect(repositories.git(repositories.shared, 'rev-parse', ref)).toBe(tip);
    await record(repositories.store(repositories.clone('b')), 'r3', {});
    expect(await syncsIn(root)).toEqual({});
  });

  test('origin, of several remotes', async () => {
    const a = repositories.clone('a');
    repositories.git(a, 'remote', 'add', 'before', '/nowhere');
    await record(repositories.store(a), 'r1');
    expect(await syncsIn(repositories.clone('b'))).toEqual(users);
  });

  test('no repository with several remotes of which none is origin', async () => {
    const a = repositories.clone('a', '--origin', 'upstream');
    repositories.git(a, 'remote', 'add', 'fork', '/nowhere');
    await expect(read(repositories.store(a))).rejects.toMatchObject({
      code: 'no-origin',
      exit: Exit.invalid,
      message: expect.stringContaining('fork, upstream'),
    });
  });

  test('a linked work tree: it is that of the main one, and the journal lies where both find it', async () => {
    const main = repositories.clone('a');
    const linked = join(repositories.folder, 'linked');
    repositories.git(main, 'worktree', 'add', '-q', '--detach', linked);
    const { end } = await start(repositories.store(linked), 'r1');
    expect(repositories.lockOf(main).journal).toBe(
      join(main, '.git', 'syncline', 'refs-syncline-production', 'r1.journal'),
    );
    expect(filesIn(join(main, '.git', 'syncline'))).toEqual(['r1.journal']);
    await end(users);
    expect(filesIn(join(main, '.git', 'syncline'))).toEqual([]);
    expect(await syncsIn(main)).toEqual(users);
  });

  test('a folder of a repository, which it names by the path from the top', async () => {
    const a = repositories.clone('a');
    const root = join(a, 'teams', 'crm');
    await record(repositories.store(root, { file: 'prod.yaml' }), 'r1');
    const meta = { ...ledger().meta, project: 'teams/crm/prod.yaml' };
    expect(JSON.parse(repositories.git(a, 'show', `${ref}:meta.json`))).toEqual(meta);
    // The same folder by another path.
    symlinkSync(root, join(repositories.folder, 'link'));
    const linked = repositories.store(join(repositories.folder, 'link'), { file: 'prod.yaml' });
    await record(linked, 'r2');
    expect(JSON.parse(repositories.git(a, 'show', `${ref}:meta.json`))).toEqual(meta);
  });

  test('no folder outside Git', async () => {
    const outside = join(repositories.folder, 'outside');
    mkdirSync(outside);
    const error = { code: 'git-failed', exit: Exit.refused, message: expect.stringContaining('not a git repository') };
    await expect(read(repositories.store(outside))).rejects.toMatchObject(error);
  });
});

test('a partial clone fetches a ledger whole, and each part of it once', async () => {
  const a = repositories.clone('a');
  const numbers = Array.from({ length: 8 }, (_, index) => String(index));
  const syncs = Object.fromEntries(numbers.map((id) => [`CensusSync/s${id}`, entry(id)]));
  await record(repositories.store(a), 'r1', syncs);
  const partial = repositories.clone('partial', '--filter=blob:none');
  const trace = join(repositories.folder, 'trace');
  const fetches = () =>
    readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => /"event":"start".*"fetch"/.test(line));
  const env = { GIT_TRACE2_EVENT: trace };
  expect((await read(repositories.store(partial, { env })))?.ledger.syncs).toEqual(syncs);
  expect(fetches()).toHaveLength(1);
  await listRuns(repositories.store(partial, { env }));
  await read(repositories.store(partial, { env }));
  expect(fetches()).toHaveLength(1);
  await record(repositories.store(a), 'r2', { ...syncs, 'CensusSync/s0': entry('9') });
  expect((await read(repositories.store(partial, { env })))?.ledger.syncs['CensusSync/s0']?.id).toBe('9');
  expect(fetches()).toHaveLength(2);
});

describe('what surrounds it changes nothing:', () => {
  const hooks = ['pre-push', 'pre-commit', 'commit-msg', 'reference-transaction'];

  function refuse(folder: string): void {
    mkdirSync(folder, { recursive: true });
    for (const name of hooks) writeFileSync(join(folder, name), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  }

  const set = (key: string, value: string) => (root: string) => void repositories.git(root, 'config', key, value);

  test.each<[string, (root: string) => void]>([
    ['hooks of the clone that refuse every push and commit', (root) => refuse(join(root, '.git', 'hooks'))],
    [
      'core.hooksPath with such hooks',
      (root) => {
        refuse(join(repositories.folder, 'hooks'));
        repositories.git(root, 'config', 'core.hooksPath', join(repositories.folder, 'hooks'));
      },
    ],
    ['push.gpgSign', set('push.gpgSign', 'true')],
    ['push.pushOption', set('push.pushOption', 'ci.skip')],
    ['push.recurseSubmodules', set('push.recurseSubmodules', 'on-demand')],
    ['push.followTags', set('push.followTags', 'true')],
    ['push.negotiate', set('push.negotiate', 'true')],
    ['push.default', set('push.default', 'nothing')],
    ['remote.pushDefault', set('remote.pushDefault', 'nowhere')],
    ['a remote that is a mirror', set('remote.origin.mirror', 'true')],
    ['commit.gpgSign with a key that nobody has', set('commit.gpgSign', 'true')],
    ['user.useConfigOnly', set('user.useConfigOnly', 'true')],
    ['fetch.fsckObjects', set('fetch.fsckObjects', 'true')],
    ['transfer.fsckObjects', set('transfer.fsckObjects', 'true')],
    ['core.fsync', set('core.fsync', 'none')],
    ['core.fsyncMethod', set('core.fsyncMethod', 'batch')],
    ['fastimport.unpackLimit', set('fastimport.unpackLimit', '1')],
    ['core.logAllRefUpdates', set('core.logAllRefUpdates', 'always')],
    ['fetch.prune of everything', set('remote.origin.fetch', '+refs/*:refs/*')],
    [
      'url.insteadOf',
      (root) => {
        repositories.git(root, 'config', `url.file://${repositories.shared}.insteadOf`, 'forge:crm');
        repositories.git(root, 'remote', 'set-url', 'origin', 'forge:crm');
      },
    ],
    ['another way to the same repository (pushurl)', (root) => set('remote.origin.pushurl', repositories.shared)(root)],
    [
      'url.pushInsteadOf',
      (root) => set(`url.${repositories.shared}.pushInsteadOf`, `file://${repositories.shared}`)(root),
    ],
  ])('%s', async (_what, surround) => {
    const a = repositories.clone('a');
    surround(a);
    await record(repositories.store(a), 'r1');
    await record(repositories.store(a), 'r2');
    expect(await syncsIn(a)).toEqual(users);
    expect(await syncsIn(repositories.clone('b'))).toEqual(users);
    expect(repositories.git(repositories.shared, 'for-each-ref', '--format=%(refname)')).toBe(
      `refs/heads/main\n${ref}`,
    );
  });

  test('an environment that points git to another repository', async () => {
    const a = repositories.clone('a');
    const other = repositories.init('other');
    const env = {
      GIT_DIR: join(other, '.git'),
      GIT_WORK_TREE: other,
      GIT_INDEX_FILE: join(other, '.git', 'index'),
      GIT_OBJECT_DIRECTORY: join(other, '.git', 'objects'),
      GIT_COMMON_DIR: join(other, '.git'),
      GIT_NAMESPACE: 'elsewhere',
      GIT_PREFIX: 'sub/',
      GIT_ALTERNATE_OBJECT_DIRECTORIES: join(other, '.git', 'objects'),
      GIT_CONFIG: join(other, '.git', 'config'),
      GIT_DEFAULT_HASH: 'sha256',
      GIT_SHALLOW_FILE: join(other, '.git', 'shallow'),
    };
    await record(repositories.store(a, { env }), 'r1');
    expect(await syncsIn(a)).toEqual(users);
    expect(repositories.git(other, 'for-each-ref')).toBe('');
    expect(repositories.git(other, 'count-objects')).toBe('0 objects, 0 kilobytes');
  });

  test('no index, branch or reflog of the user moves', async () => {
    const a = repositories.clone('a');
    const before = ['status', 'reflog', 'stash list'].map((command) => repositories.git(a, ...command.split(' ')));
    await record(repositories.store(join(a, '.syncline')), 'r1');
    const after = ['status', 'reflog', 'stash list'].map((command) => repositories.git(a, ...command.split(' ')));
    expect(after.slice(1)).toEqual(before.slice(1));
    expect(repositories.git(a, 'diff', '--cached', '--name-only')).toBe('');
  });
});

test('an ssh that stays behind to share its connection keeps nobody waiting', async () => {
  const a = repositories.clone('a');
  repositories.git(a, 'remote', 'set-url', 'origin', `ssh://nowhere${repositories.shared}`);
  const ssh = join(repositories.folder, 'ssh');
  const pids = join(repositories.folder, 'pids');
  const script = `#!/bin/sh\nsleep 60 </dev/null >/dev/null &\necho $! >>${pids}\nshift\nexec sh -c "$*"\n`;
  writeFileSync(ssh, script, { mode: 0o755 });
  try {
    const env = { GIT_SSH: ssh, GIT_SSH_VARIANT: 'simple' };
    await record(repositories.store(a, { env }), 'r1');
    expect((await read(repositories.store(a, { env })))?.ledger.syncs).toEqual(users);
    repositories.hook('pre-receive', 'echo Freeze.; exit 1');
    const refused = start(repositories.store(a, { env }), 'r2');
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('Freeze.') });
  } finally {
    for (const pid of readFileSync(pids, 'utf8').trim().split('\n')) process.kill(Number(pid), 'SIGKILL');
  }
});

describe('what it says', () => {
  test.each([
    ['a password', 'http://ann:s3cr3t@127.0.0.1:1/x.git'],
    ['a password with an odd sign', 'http://ann:s3@cr3t@127.0.0.1:1/x.git'],
    ['a token alone', 'http://s3cr3t@127.0.0.1:1/x.git'],
    ['a password of another protocol', 'ftp://ann:s3cr3t@127.0.0.1:1/x.git'],
  ])('never shows %s of the remote', async (_what, url) => {
    const a = repositories.clone('a');
    repositories.git(a, 'remote', 'set-url', 'origin', url);
    const first = await read(repositories.store(a)).catch((error: Error) => error.message);
    expect(first).toContain('127.0.0.1');
    repositories.git(a, 'remote', 'remove', 'origin');
    await record(repositories.store(a), 'r1');
    repositories.git(a, 'remote', 'add', 'origin', url);
    const one = repositories.store(a);
    const stored = await read(one);
    expect(stored?.warnings).toEqual([expect.stringContaining('127.0.0.1')]);
    const refusal = await start(one, 'r2').catch((error: Error) => error.message);
    for (const text of [first, refusal, ...(stored?.warnings ?? [])]) expect(text).not.toContain('cr3t');
  });

  test.each<[string, string, (text: string) => string]>([
    ['that does not say what it is', 'meta.json', () => 'null'],
    ['with a sync that is no JSON', 'syncs/CensusSync/users.json', (text) => text.slice(0, -3)],
    ['with a tombstone that is no JSON', 'dead/1.json', () => '{'],
  ])('is that it cannot read a ledger %s', async (_what, path, change) => {
    const a = repositories.clone('a');
    await record(repositories.store(a), 'r1');
    repositories.tamper(repositories.shared, path, change);
    const error = { code: 'ledger-unreadable', exit: Exit.refused };
    await expect(read(repositories.store(a))).rejects.toMatchObject(error);
    await expect(start(repositories.store(a), 'r2')).rejects.toMatchObject(error);
  });

  test.each([
    ['the lock', 'lock.json', 'lock', 'lock-unreadable'],
    ['a run', 'run.json', 'runs', 'ledger-unreadable'],
    // Another one than it has shown.
    ['the lock to break', 'lock.json', 'unlock', 'ledger-moved'],
  ] as const)('is that it cannot read %s', async (_what, path, door, code) => {
    const a = repositories.clone('a');
    await start(repositories.store(a), 'r1');
    const held = repositories.lockOf(a);
    repositories.tamper(repositories.shared, path, () => '{');
    const one = repositories.store(a);
    const work = door === 'runs' ? runsOf(one) : door === 'lock' ? one.lock() : one.unlock(held);
    await expect(work).rejects.toMatchObject({ code, exit: Exit.refused });
  });

  test('of a lock that it cannot read hinders no reader, and can be broken by hand', async () => {
    const a = repositories.clone('a');
    await start(repositories.store(a), 'r1');
    repositories.tamper(repositories.shared, 'lock.json', (text) =>
      text.replace(/"until": *"[^"]*"/, '"until":"soon"'),
    );
    const one = repositories.store(a);
    const refusal = { code: 'lock-unreadable', message: expect.stringContaining('lock.json: /until must be a time') };
    expect(await read(one)).toMatchObject({ lock: undefined, refusal, complete: false });
    await expect(start(one, 'r2')).rejects.toMatchObject(refusal);
    await one.unlock(undefined);
    await expect(one.unlock(undefined)).rejects.toMatchObject({ code: 'ledger-moved' });
    await record(repositories.store(a), 'r2');
    expect(await runsOf(repositories.store(a))).toEqual(['r2 applied', 'r1 applied']);
  });

  test('is clear where git is missing', async () => {
    const a = repositories.clone('a');
    const one = repositories.store(a, { env: { PATH: '' } });
    await expect(read(one)).rejects.toMatchObject({
      code: 'git-failed',
      exit: Exit.refused,
      message: expect.stringMatching(/^git could not be started: .*ENOENT\.$/),
      hint: expect.stringContaining('ledger: file'),
    });
  });

  test('is clear where git is too old', async () => {
    const a = repositories.clone('a');
    const bin = join(repositories.folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'git'), '#!/bin/sh\nshift\nfor word; do echo "$word"; done\n', { mode: 0o755 });
    const one = repositories.store(a, { env: { PATH: bin } });
    await expect(read(one)).rejects.toMatchObject({ code: 'git-failed', message: expect.stringContaining('2.31') });
  });
});
