import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CensusEmulator, startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { synclineHere } from '../cli/in-process.ts';
import { openRepositories, type Repositories, ref } from '../ledger/git-repositories.ts';
import { built, run as execute, root as project, syncline } from '../support/processes.ts';

let repositories: Repositories;
let emulator: CensusEmulator;
/** A clone of a project with two syncs, which `apply` has made. */
let root: string;

beforeEach(async () => {
  repositories = openRepositories();
  emulator = await startCensusV1();
  root = repositories.clone('a');
  writeFileSync(join(root, 'syncline.yaml'), projectFile);
  mkdirSync(join(root, 'syncs'));
  for (const name of ['orders', 'users']) write(root, name);
  commit(root, 'Two syncs');
});

afterEach(async () => {
  await emulator.close();
  repositories.close();
});

const projectFile = `version: 1
manifests: [syncs/*.yaml]
targets:
  production:
    provider: census
    api: v1
    base_url: \${env.CENSUS_URL}
    token: \${env.CENSUS_TOKEN}
`;

function write(where: string, name: string, extra: object = {}): void {
  const spec = {
    label: `Label of ${name}`,
    operation: 'upsert',
    source_attributes: { connection_id: 501, object: { type: 'model', id: 915 } },
    destination_attributes: { connection_id: 601, object: 'Contact' },
    mappings: [{ from: { type: 'column', data: 'email' }, to: 'Email', is_primary_identifier: true }],
    ...extra,
  };
  writeFileSync(
    join(where, 'syncs', `${name}.yaml`),
    `kind: CensusSync\nname: ${name}\nspec: ${JSON.stringify(spec)}\n`,
  );
}

function commit(where: string, message: string): string {
  repositories.git(where, 'add', '-A');
  repositories.git(where, 'commit', '-q', '-m', message);
  repositories.git(where, 'push', '-q', 'origin', 'HEAD:main');
  return repositories.git(where, 'rev-parse', 'HEAD');
}

function access(): Readonly<Record<string, string>> {
  return {
    CENSUS_URL: emulator.url,
    CENSUS_TOKEN: emulator.token,
    GIT_CONFIG_NOSYSTEM: '1',
    HOME: '/nonexistent',
  };
}

function run(where: string, args: readonly string[]) {
  return synclineHere(args, { cwd: where, env: access() });
}

/** In a process of its own, which begins with this environment. */
function runIn(env: Readonly<Record<string, string>>, where: string, args: readonly string[]) {
  return syncline(args, { cwd: where, env: { ...access(), ...env } });
}

async function apply(where: string, ...more: readonly string[]) {
  return run(where, ['apply', '--auto-approve', ...more]);
}

/** Method and path of every write since the last time. */
function writes(): string[] {
  const list = emulator.requests.filter((one) => one.method !== 'GET').map((one) => `${one.method} ${one.path}`);
  emulator.clearRequests();
  return list;
}

/** A job's checkout of one commit, with nothing of its history. */
function job(name: string, at: string): string {
  const folder = join(repositories.folder, name);
  mkdirSync(folder);
  repositories.git(folder, 'init', '-q', '--template=');
  repositories.git(folder, 'remote', 'add', 'origin', `file://${repositories.shared}`);
  repositories.git(folder, 'fetch', '-q', '--depth=1', 'origin', at);
  repositories.git(folder, 'checkout', '-q', '--detach', 'FETCH_HEAD');
  return folder;
}

test('a remote that is a mirror, with signed pushes and push options asked for, keeps the ledger like any other', async () => {
  for (const [key, value] of [
    ['remote.origin.mirror', 'true'],
    ['push.gpgSign', 'true'],
    ['push.pushOption', 'ci.skip'],
  ] as const)
    repositories.git(root, 'config', key, value);
  expect(await apply(root)).toMatchObject({ code: 0, stderr: '' });
  expect(writes()).toHaveLength(2);
  expect(repositories.git(repositories.shared, 'for-each-ref', '--format=%(refname)')).toBe(`refs/heads/main\n${ref}`);
});

test.each([
  [
    'a hook of the remote',
    () => repositories.hook('pre-receive', 'echo "No deploys on Sundays."; exit 1'),
    'A rule or hook of the remote refuses the push',
  ],
  [
    'an address that is none',
    () => repositories.git(root, 'config', 'remote.origin.pushurl', '/nowhere'),
    'git remote get-url --push',
  ],
])('a push that is stopped by %s is told by its cause', async (_what, stop, hint) => {
  stop();
  const refused = await apply(root);
  expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining(hint) });
  expect(refused.stderr).not.toContain('contents: write');
  expect(writes()).toEqual([]);
});

test('an apply whose ledger cannot be read is refused, even where nothing is to be done', async () => {
  expect(await apply(root)).toMatchObject({ code: 0 });
  await repositories.away(async () => {
    expect(await run(root, ['plan'])).toMatchObject({ code: 0, stderr: expect.stringContaining('could not be read') });
    expect(await apply(root)).toMatchObject({ code: 4, stderr: expect.stringContaining('ledger-unreachable') });
  });
  expect(writes()).toHaveLength(2);
});

test('Node finds nothing to warn of where many targets keep their ledgers in one repository', async () => {
  const [head = '', body = ''] = projectFile.split('  production:\n');
  const targets = Array.from({ length: 12 }, (_, number) => `  t${number}:\n${body}`);
  writeFileSync(join(root, 'syncline.yaml'), `${head}${targets.join('')}`);
  expect(await runIn({}, root, ['plan'])).toMatchObject({ code: 0, stderr: '' });
});

test('an invalid manifest is told at once, also where a remote never answers', async () => {
  const silent = createServer();
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  const { port } = silent.address() as AddressInfo;
  repositories.git(root, 'remote', 'set-url', 'origin', `git://127.0.0.1:${port}/nobody`);
  writeFileSync(join(root, 'syncs/bad.yaml'), 'kind: CensusSync\nname: bad\nspec: { lable: x }\n');
  try {
    // Git would wait for a minute, and the process for Git.
    const said = await runIn({}, root, ['plan']);
    expect(said).toMatchObject({ code: 3, stdout: '' });
    expect(said.stderr).toContain('syncs/bad.yaml:3');
    expect(said.stderr).not.toContain('remote');
  } finally {
    silent.close();
  }
});

test('a run records the commit of its own repository, whatever a hook has left in the environment', async () => {
  const other = repositories.clone('other');
  const left = {
    GIT_DIR: join(other, '.git'),
    GIT_WORK_TREE: other,
    GIT_INDEX_FILE: join(other, '.git', 'index'),
    GIT_PREFIX: 'sub/',
    GIT_OBJECT_DIRECTORY: join(other, '.git', 'objects'),
  };
  expect(await runIn(left, root, ['apply', '--auto-approve'])).toMatchObject({ code: 0 });
  const recorded = JSON.parse(repositories.git(root, 'show', `${ref}:run.json`));
  expect(recorded.commit).toBe(repositories.git(root, 'rev-parse', 'HEAD'));
  expect(repositories.git(other, 'for-each-ref', 'refs/syncline')).toBe('');
});

test('a lock that nobody can read stops an apply, and is broken by hand', async () => {
  expect(await apply(root)).toMatchObject({ code: 0 });
  repositories.tamper(repositories.shared, 'lock.json', () => '{"run":"r1"}');
  const refused = { code: 4, stderr: expect.stringContaining('lock.json: /actor is missing') };
  expect(await apply(root)).toMatchObject(refused);
  expect(await run(root, ['plan'])).toMatchObject({ code: 0, stderr: expect.stringContaining('lock.json') });
  expect(await run(root, ['unlock'])).toMatchObject({ code: 4 });
  expect(await run(root, ['unlock', '--auto-approve'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('lock.json: /actor is missing'),
  });
  expect(await apply(root)).toMatchObject({ code: 0 });
});

test('a record that nobody can read stops everything, and is named', async () => {
  expect(await apply(root)).toMatchObject({ code: 0 });
  repositories.tamper(repositories.shared, 'syncs/CensusSync/users.json', (text) =>
    text.replace(/"id": *"\d+"/, '"id":"../x"'),
  );
  for (const args of [['plan'], ['apply', '--auto-approve'], ['drift'], ['forget', 'CensusSync/users']]) {
    expect(await run(root, args)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('syncs/CensusSync/users.json: /id must be an id, not "../x"'),
    });
  }
});

test('a disk that is full in the middle of an apply stops it, and the next one makes no second sync', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `sync-${index}`);
  for (const name of names) write(root, name);
  commit(root, 'Many syncs');
  // No file may grow beyond 5 KiB: what git keeps is small, and the journal is what does not fit.
  const limited = ['-c', 'trap "" XFSZ; ulimit -f 5; exec "$@"', 'limited', process.execPath, built()];
  const env = { CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token, HOME: '/nonexistent' };
  const first = await execute('bash', [...limited, 'apply', '--auto-approve'], { cwd: root, env });
  const made = writes().length;
  expect(first, first.stderr).toMatchObject({
    code: 5,
    stdout: expect.stringContaining('journal of this run cannot be written'),
  });
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThan(42);
  expect(await apply(root)).toMatchObject({ code: 0 });
  const rest = writes();
  expect(rest).toEqual(rest.map(() => 'POST /api/v1/syncs'));
  expect(made + rest.length).toBe(42);
});

describe('a machine whose clock is eleven minutes ahead', () => {
  const ahead = {
    NODE_OPTIONS: `--import=${join(project, 'test/support/shifted-clock.mjs')}`,
    CLOCK_SHIFT: String(11 * 60_000),
  };

  /** A lock of another machine, taken an hour ago, that lasts until so many minutes from now. */
  function lockedUntil(minutes: number): void {
    const time = (from: number) => new Date(Date.now() + from * 60_000).toISOString();
    const holder = { run: 'r9', actor: 'Eve', host: 'ci-7', boot: 'another', pid_namespace: 'x', pid: 7, started: '1' };
    const lock = { ...holder, at: time(-60), until: time(minutes), journal: null };
    repositories.tamper(repositories.shared, 'lock.json', () => JSON.stringify(lock));
  }

  beforeEach(async () => {
    expect(await apply(root)).toMatchObject({ code: 0 });
    write(root, 'users', { operation: 'mirror' });
    commit(root, 'A change');
    writes();
  });

  test('takes over no lock that is still held', async () => {
    lockedUntil(10);
    const skewed = { code: 4, stderr: expect.stringMatching(/clock-skew[\s\S]*r9 on ci-7[\s\S]*11 min ahead/) };
    expect(await runIn(ahead, root, ['apply', '--auto-approve'])).toMatchObject(skewed);
    expect(await runIn(ahead, root, ['forget', 'CensusSync/users'])).toMatchObject({ code: 4 });
    expect(await apply(root)).toMatchObject({ code: 4, stderr: expect.stringContaining('Eve is applying') });
    expect(writes()).toEqual([]);
  });

  test('takes over none at all, unless a person breaks it', async () => {
    lockedUntil(-5);
    expect(await runIn(ahead, root, ['apply', '--auto-approve'])).toMatchObject({ code: 4 });
    expect(writes()).toEqual([]);
    expect(await runIn(ahead, root, ['unlock', '--auto-approve'])).toMatchObject({ code: 0 });
    expect(await runIn(ahead, root, ['apply', '--auto-approve'])).toMatchObject({ code: 0 });
    expect(writes()).toHaveLength(1);
  });

  test('once its clock is right, takes over what has run out', async () => {
    lockedUntil(-5);
    expect(await apply(root)).toMatchObject({ code: 0 });
    expect(writes()).toHaveLength(1);
  });
});

describe('promise 4: a checkout that is older than the last apply', () => {
  let old: string;
  let made: string;

  beforeEach(async () => {
    old = repositories.git(root, 'rev-parse', 'HEAD');
    write(root, 'plans');
    write(root, 'users', { operation: 'mirror' });
    made = commit(root, 'A third, and a change');
    expect(await apply(root)).toMatchObject({ code: 0 });
    writes();
  });

  test.each(['a full clone', 'a shallow clone'])('of %s takes nothing back, and deletes nothing', async (what) => {
    const again = what === 'a full clone' ? repositories.clone('again') : job('again', old);
    if (what === 'a full clone') repositories.git(again, 'checkout', '-q', '--detach', old);
    const refused = { code: 4, stderr: expect.stringMatching(/old-checkout[\s\S]*--allow-old/) };
    expect(await apply(again, '--prune')).toMatchObject(refused);
    expect(await apply(again)).toMatchObject(refused);
    expect(writes()).toEqual([]);

    const shown = await run(again, ['plan', '--prune', '--format', 'json', '--out', join(again, 'plan.json')]);
    expect(shown.stderr).toContain('older than the last apply');
    expect(JSON.parse(shown.stdout).plans[0]).toMatchObject({
      commit: old,
      changes: [{ action: 'update', address: 'CensusSync/users' }],
      blocked: [{ wanted: 'delete', address: 'CensusSync/plans', reason: 'old-checkout' }],
    });
    expect(await run(again, ['apply', 'plan.json'])).toMatchObject(refused);
    expect(writes()).toEqual([]);

    expect(await apply(again, '--prune', '--allow-old')).toMatchObject({ code: 4 });
    expect(writes()).toEqual([expect.stringMatching(/^PATCH /)]);
    // From now on that commit is the last one.
    expect(await apply(again)).toMatchObject({ code: 0 });
  });

  test('takes nothing back of a commit whose apply had nothing to do', async () => {
    write(root, 'late');
    commit(root, 'A fourth');
    expect(await apply(root)).toMatchObject({ code: 0 });
    expect(await run(root, ['forget', 'CensusSync/late'])).toMatchObject({ code: 0 });
    expect(await run(root, ['adopt', 'CensusSync/late'])).toMatchObject({ code: 0 });
    const without = repositories.git(root, 'rev-parse', 'HEAD~1');
    writeFileSync(join(root, 'README.md'), 'Read me.\n');
    const last = commit(root, 'Words');
    writes();
    expect(await apply(root)).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to do') });
    expect(writes()).toEqual([]);
    const after = repositories.git(repositories.shared, 'rev-parse', ref);
    // What is recorded is not recorded again.
    expect(await apply(root)).toMatchObject({ code: 0 });
    expect(repositories.git(repositories.shared, 'rev-parse', ref)).toBe(after);

    const again = repositories.clone('again');
    for (const commit of [without, `${last}~1`]) {
      repositories.git(again, 'checkout', '-q', '--detach', commit);
      expect(await apply(again, '--prune')).toMatchObject({
        code: 4,
        stderr: expect.stringContaining(last.slice(0, 7)),
      });
    }
    expect(writes()).toEqual([]);
  });

  test.each(['at once', 'by a saved plan'])('may be applied in part %s without being the last apply', async (how) => {
    const again = repositories.clone('again');
    repositories.git(again, 'checkout', '-q', '--detach', old);
    const part = ['--only', 'CensusSync/users'];
    if (how === 'by a saved plan') await run(again, ['plan', ...part, '--out', 'plan.json']);
    const done =
      how === 'by a saved plan' ? apply(again, 'plan.json', '--allow-old') : apply(again, '--allow-old', ...part);
    expect(await done).toMatchObject({ code: 0 });
    expect(writes()).toEqual([expect.stringMatching(/^PATCH /)]);
    expect(await apply(again)).toMatchObject({ code: 4, stderr: expect.stringContaining(made.slice(0, 7)) });
  });

  test('and a plan that was saved before is refused, where its deletes were still to come', async () => {
    const again = repositories.clone('again');
    rmSync(join(again, 'syncs', 'plans.yaml'));
    const removed = commit(again, 'Without the third');
    const saved = await run(again, ['plan', '--prune', '--out', 'plan.json']);
    expect(saved).toMatchObject({ code: 0 });
    repositories.git(root, 'pull', '-q', '--rebase', 'origin', 'main');
    write(root, 'late');
    commit(root, 'Another');
    expect(await apply(root)).toMatchObject({ code: 0 });
    writes();
    repositories.git(again, 'checkout', '-q', '--detach', removed);
    expect(await run(again, ['apply', 'plan.json'])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('old-checkout'),
    });
    expect(writes()).toEqual([]);
  });

  test('is held back where nobody can tell, unless the deletes are counted', async () => {
    const again = job('again', old);
    repositories.git(again, 'commit', '-q', '--amend', '-m', 'Nobody knows');
    // The history that would tell is not to be had.
    const stranger = '1'.repeat(40);
    repositories.tamper(repositories.shared, 'meta.json', (text) => text.replace(made, stranger));
    expect(await apply(again, '--prune')).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('--force-deletes 1'),
    });
    expect(writes()).toEqual([expect.stringMatching(/^PATCH /)]);
    repositories.tamper(repositories.shared, 'meta.json', (text) =>
      text.replace(/"commit": *"[0-9a-f]+"/, `"commit":"${stranger}"`),
    );
    expect(await apply(again, '--prune', '--force-deletes', '1')).toMatchObject({ code: 0 });
    expect(writes()).toEqual([expect.stringMatching(/^DELETE /)]);
  });
});

describe('a ledger in a file, inside a repository', () => {
  test('says so where Git holds another one, and where it is committed itself', async () => {
    expect(await apply(root)).toMatchObject({ code: 0 });
    writeFileSync(join(root, 'syncline.yaml'), `${projectFile}ledger: file\n`);
    const plan = () => run(root, ['plan']);
    expect((await plan()).stderr).toContain(`Git holds a ledger of target "production" (${ref})`);
    expect(await run(root, ['adopt', '--all-matching'])).toMatchObject({ code: 0 });
    expect((await plan()).stderr).not.toContain('ledger');
    repositories.git(root, 'add', '-f', '.syncline');
    expect((await plan()).stderr).toMatch(/production\.json is committed to Git, .*git rm -r --cached \.syncline/);
  });
});
