import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { manifest, project } from '../cli/workspace.ts';
import { fencesOf } from '../support/markdown.ts';
import { type Ended, root, run } from '../support/processes.ts';

/** Everything here lies in one folder. */
let folder = '';
/** What a user writes to get the hook, from a repository that holds this working copy. */
let config = '';
/** A repository with the hook, and nothing committed yet; and one with a project besides, which is committed. */
const [bare, begun] = ['bare', 'begun'];
let count = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'syncline-pre-commit-'));
  const source = sourceRepository();
  await succeed('git', ['init', '-q', '-b', 'main'], source);
  await succeed('git', ['add', '-A'], source);
  await succeed('git', ['commit', '-q', '-m', 'As it is'], source);
  const { stdout } = await succeed('git', ['rev-parse', 'HEAD'], source);
  config = shownConfig(source, stdout.trim());
  // Made once for all tests: it installs and builds the hook as it is done for a user.
  const place = join(folder, bare);
  write(place, '.pre-commit-config.yaml', config);
  await succeed('git', ['init', '-q', '-b', 'main'], place);
  await succeed('pre-commit', ['install', '--install-hooks'], place);
  writeProject(copyOf(bare, begun));
  expect(await commitAll(join(folder, begun))).toEqual(passed);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What Git would have of this working copy, committed or not. */
function sourceRepository(): string {
  const source = join(folder, 'syncline');
  const others = new Set(['.git', 'node_modules', 'dist', '.tools']);
  cpSync(root, source, { recursive: true, filter: (path) => !others.has(relative(root, path)) });
  return source;
}

/** What the README tells users to write, with another repository. */
function shownConfig(source: string, commit: string): string {
  const [shown] = fencesOf(readFileSync(join(root, 'docs/ci.md'), 'utf8')).filter(
    (fence) => fence.mark === 'pre-commit',
  );
  const text = shown?.text.replace(/(repo: ).*/, `$1${source}`).replace(/(rev: )v\d+\.\d+\.\d+$/m, `$1${commit}`);
  expect(text).toContain(source);
  expect(text).toContain(commit);
  // Otherwise pre-commit would fetch a Node of its own where the one at hand lies in the home folder.
  return `default_language_version: { node: system }\n${text}`;
}

/** A copy of a repository; the first thing that each test needs is made once. */
function copyOf(from: string, to = `repository-${++count}`): string {
  cpSync(join(folder, from), join(folder, to), { recursive: true });
  return join(folder, to);
}

function write(place: string, path: string, text: string): void {
  mkdirSync(dirname(join(place, path)), { recursive: true });
  writeFileSync(join(place, path), text);
}

/** A project whose sync reads a dataset, which has its query in a file. */
function writeProject(place: string): void {
  write(place, 'syncline.yaml', project({ production: 'http://127.0.0.1:1' }));
  write(place, 'syncs/users.yaml', manifest('users'));
  write(place, 'syncs/active.yaml', dataset);
  write(place, 'syncs/sql/active.sql', 'select id from users\n');
}

const dataset = `kind: CensusDataset
name: active
spec:
  name: Active users
  type: sql
  source: Snowflake Prod
  query: { file: sql/active.sql }
`;

const bad = manifest('bad', '  lable: x\n');

interface Attempt {
  readonly done: boolean;
  /** What git, and the hook below it, have said. */
  readonly said: string;
}

async function commit(place: string, ...more: readonly string[]): Promise<Attempt> {
  const { code, stdout, stderr } = await start('git', ['commit', '-m', 'Work', ...more], place);
  return { done: code === 0, said: `${stdout}${stderr}` };
}

async function commitAll(place: string): Promise<Attempt> {
  await succeed('git', ['add', '-A'], place);
  return commit(place);
}

const passed = { done: true, said: expect.stringMatching(/^syncline validate\.+Passed$/m) };

describe('the pre-commit hook', () => {
  let place = '';

  beforeEach(() => {
    place = copyOf(begun);
  });

  test('stops a commit of a manifest that is wrong, and says where', async () => {
    write(place, 'syncs/bad.yaml', bad);
    const { done, said } = await commitAll(place);
    expect(done).toBe(false);
    expect(said).toMatch(/^syncline validate\.+Failed$/m);
    expect(said).toMatch(/^- exit code: 3$/m);
    expect(said).toMatch(/^error unknown-field {2}syncs\/bad\.yaml:12:3$/m);
    write(place, 'syncs/bad.yaml', manifest('bad'));
    expect(await commitAll(place)).toEqual(passed);
  });

  test('runs where only a query has changed', async () => {
    write(place, 'syncs/sql/active.sql', 'select id, email\nfrom users\n');
    expect(await commit(place, '-a')).toEqual(passed);
    write(place, 'syncs/sql/active.sql', 'select id, email\nfrom $' + '{vars.nowhere}\n');
    const { done, said } = await commit(place, 'syncs/sql/active.sql');
    expect(done).toBe(false);
    expect(said).toMatch(/^error unset-variable {2}syncs\/active\.yaml:\d+:\d+\n.* in syncs\/sql\/active\.sql:2:6 /m);
  });

  test('does not run where nothing has changed that it reads', async () => {
    write(place, 'README.md', 'What our syncs are for.\n');
    const { done, said } = await commitAll(place);
    expect(done).toBe(true);
    expect(said).toMatch(/^syncline validate\.+\(no files to check\)Skipped$/m);
  });

  test('leaves alone what is not part of the commit', async () => {
    write(place, 'syncs/users.yaml', bad);
    write(place, 'syncs/sql/active.sql', 'select 1\n');
    await succeed('git', ['add', 'syncs/sql'], place);
    expect(await commit(place)).toEqual(passed);
    expect(readFileSync(join(place, 'syncs/users.yaml'), 'utf8')).toBe(bad);
  });

  test('looks at the work tree that is committed from', async () => {
    const linked = `${place}-linked`;
    await succeed('git', ['worktree', 'add', '-q', linked, '-b', 'linked'], place);
    write(linked, 'syncs/bad.yaml', bad);
    write(place, 'syncs/more.yaml', manifest('more'));
    expect(await commitAll(place)).toEqual(passed);
    expect((await commitAll(linked)).said).toMatch(/^error unknown-field {2}syncs\/bad\.yaml:12:3$/m);
    rmSync(join(linked, 'syncs/bad.yaml'));
    write(place, 'syncs/bad.yaml', bad);
    write(linked, 'syncs/other.yaml', manifest('other'));
    expect(await commitAll(linked)).toEqual(passed);
  });
});

test('the pre-commit hook checks every project of a repository, wherever the commit is made', async () => {
  const place = copyOf(bare);
  for (const name of ['crm', 'ads/emea']) writeProject(join(place, name));
  expect(await commitAll(place)).toEqual(passed);
  write(place, 'ads/emea/syncs/bad.yaml', bad);
  const { done, said } = await commitAll(join(place, 'crm'));
  // Nothing below `crm` is wrong, and `git add -A` adds everything from anywhere.
  expect(done).toBe(false);
  expect(said).toMatch(/^error unknown-field {2}ads\/emea\/syncs\/bad\.yaml:12:3$/m);
  expect(said).toContain('1 error and 0 warnings in 5 manifests of 2 projects.');
});

test('the pre-commit hook checks one project only, and runs for a delete too, where the configuration says so', async () => {
  const place = copyOf(bare);
  const more = ['entry: syncline --config crm/syncline.yaml validate', 'always_run: true'];
  for (const line of more) expect(readFileSync(join(root, 'docs/ci.md'), 'utf8')).toContain(`\`${line}\``);
  write(place, '.pre-commit-config.yaml', `${config}${more.map((line) => `        ${line}\n`).join('')}`);
  for (const name of ['crm', 'ads']) writeProject(join(place, name));
  write(place, 'ads/syncs/bad.yaml', bad);
  expect(await commitAll(place)).toEqual(passed);
  rmSync(join(place, 'crm/syncs/sql/active.sql'));
  expect((await commitAll(place)).said).toMatch(/^error missing-file {2}syncs\/active\.yaml:\d+:\d+$/m);
});

test('the pre-commit hook says where there is nothing to check', async () => {
  const { done, said } = await commitAll(copyOf(bare));
  expect(done).toBe(false);
  expect(said).toMatch(/^error no-project {2}syncline\.yaml:1:1$/m);
});

test('the formatting hook formats the manifests of a commit, in whatever project, and leaves everything else alone', async () => {
  const place = copyOf(bare);
  write(place, '.pre-commit-config.yaml', config.replace('id: syncline-validate', 'id: syncline-fmt'));
  for (const name of ['crm', 'ads']) writeProject(join(place, name));
  expect((await commitAll(place)).done).toBe(true);
  const messy = manifest('messy').replace('kind: CensusSync\n', '').replace('spec:', 'kind: "CensusSync"\nspec:');
  write(place, 'crm/syncs/messy.yaml', messy);
  write(place, 'ads/syncs/left.yaml', messy);
  write(place, 'compose.yaml', 'b:   "x"\n');
  await succeed('git', ['add', 'crm', 'compose.yaml'], place);
  const stopped = await commit(place);
  expect(stopped.done).toBe(false);
  expect(stopped.said).toMatch(/^syncline fmt\.+Failed$/m);
  expect(stopped.said).toMatch(/^- files were modified by this hook$/m);
  expect(stopped.said).toMatch(/^formatted {2}crm\/syncs\/messy\.yaml$/m);
  expect(readFileSync(join(place, 'crm/syncs/messy.yaml'), 'utf8')).toBe(manifest('messy'));
  expect(readFileSync(join(place, 'ads/syncs/left.yaml'), 'utf8')).toBe(messy);
  expect(readFileSync(join(place, 'compose.yaml'), 'utf8')).toBe('b:   "x"\n');
  await succeed('git', ['add', 'crm'], place);
  expect(await commit(place)).toEqual({ done: true, said: expect.stringMatching(/^syncline fmt\.+Passed$/m) });
});

/** How this machine reaches the registry of npm; nothing else of the npm that may have started the tests. */
const reaching = /^(npm_config_(registry|cache|cafile|\w*proxy)|(https?|no)_proxy|NODE_EXTRA_CA_CERTS)$/i;

function start(command: string, args: readonly string[], cwd: string): Promise<Ended> {
  const reach = Object.entries(process.env).filter(([name]) => reaching.test(name));
  const env = {
    ...Object.fromEntries(reach.map(([name, value = '']) => [name, value])),
    GIT_AUTHOR_NAME: 'Ann',
    GIT_AUTHOR_EMAIL: 'ann@example.com',
    GIT_COMMITTER_NAME: 'Ann',
    GIT_COMMITTER_EMAIL: 'ann@example.com',
    // Questions to the registry whose answers no test needs.
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_prefer_offline: 'true',
    npm_config_update_notifier: 'false',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    PRE_COMMIT_HOME: join(folder, 'home'),
  };
  return run(command, args, { cwd, env });
}

async function succeed(command: string, args: readonly string[], cwd: string): Promise<Ended> {
  const end = await start(command, args, cwd);
  if (end.code !== 0) throw new Error(`${command} ${args.join(' ')}\n${end.stdout}\n${end.stderr}`);
  return end;
}
