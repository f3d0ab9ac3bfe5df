import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { openRepositories, type Repositories } from '../ledger/git-repositories.ts';
import { cli, folder, type Setting } from './in-process.ts';
import { manifest, project } from './workspace.ts';

let repositories: Repositories;
/** The root of a repository that tracks two sound projects: one in `crm`, and one in `ads/emea`, which has two manifests. */
let root: string;

beforeEach(() => {
  repositories = openRepositories();
  root = repositories.init('a');
  projectIn('crm', 'users');
  projectIn('ads/emea', 'orders', 'users');
  add();
});

afterEach(() => repositories.close());

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function projectIn(place: string, ...names: readonly string[]): void {
  write(`${place}/syncline.yaml`, project({ production: 'http://127.0.0.1:1' }));
  for (const name of names) write(`${place}/syncs/${name}.yaml`, manifest(name));
}

function add(): void {
  repositories.git(root, 'add', '-A');
}

const find = (setting: Setting = {}, ...more: readonly string[]) =>
  cli(['validate', '--find', ...more], { cwd: root, ...setting });

const bad = manifest('bad', '  lable: x\n');

describe('validate --find', () => {
  test('checks every project of the repository, wherever in it one stands', async () => {
    const valid = { code: Exit.ok, out: '3 manifests of 2 projects are valid.\n', err: '' };
    expect(await find()).toEqual(valid);
    expect(await find({ cwd: join(root, 'ads') })).toEqual(valid);
    expect(await cli('-C ads/emea/syncs validate --find', { cwd: root })).toEqual(valid);
  });

  test('names files as they are seen from there, and counts over all projects', async () => {
    write('ads/emea/syncs/bad.yaml', bad);
    write('crm/syncline.yaml', 'version: 2\n');
    const said = await find({ cwd: join(root, 'crm') });
    expect(said.code).toBe(Exit.invalid);
    expect(said.out).toContain('error unknown-field  ../ads/emea/syncs/bad.yaml:12:3\n');
    expect(said.out).toMatch(/^error \S+ {2}syncline\.yaml:1:/m);
    expect(said.out).toMatch(/\n\d errors and 0 warnings in 3 manifests of 2 projects\.\n$/);
  });

  test('names a second place in the same way, and leaves alone what only looks like one', async () => {
    write('crm/syncs/again.yaml', manifest('users'));
    write('crm/syncs/odd.yaml', manifest('odd', '  lable: syncs/nowhere.yaml:1:1\n  "syncs/nowhere.yaml:1:1": x\n'));
    const said = await find({ cwd: join(root, 'ads') });
    expect(said.out).toContain('CensusSync/users is declared twice: here and at ../crm/syncs/again.yaml:1:1.\n');
    expect(said.out).toContain('"syncs/nowhere.yaml:1:1"');
  });

  test('prints JSON as `validate` does', async () => {
    write('ads/emea/syncs/bad.yaml', bad);
    const { version, diagnostics, summary, ...rest } = JSON.parse((await find({}, '--format', 'json')).out);
    expect({ version, summary, rest }).toEqual({
      version: 1,
      summary: { manifests: 4, errors: 1, warnings: 0 },
      rest: {},
    });
    expect(diagnostics).toMatchObject([{ code: 'unknown-field', file: 'ads/emea/syncs/bad.yaml', line: 12 }]);
  });

  test.each([
    ['github', '::error file=ads/emea/syncs/bad.yaml,line=12,'],
    ['sarif', '"uri": "ads/emea/syncs/bad.yaml"'],
    ['junit', 'classname="../ads/emea/syncs/bad.yaml"'],
  ])('--format %s names files as its readers do', async (format, expected) => {
    write('ads/emea/syncs/bad.yaml', bad);
    const said = await find({ cwd: join(root, 'crm') }, '--format', format);
    expect(said).toMatchObject({ code: Exit.invalid, out: expect.stringContaining(expected) });
  });

  test('asks the index what is a project: what was added counts, also in hidden folders', async () => {
    projectIn('.hidden', 'users');
    projectIn('ignored', 'users');
    write('.gitignore', 'ignored/\n');
    expect((await find()).out).toBe('3 manifests of 2 projects are valid.\n');
    add();
    expect((await find()).out).toBe('4 manifests of 3 projects are valid.\n');
  });

  test('passes over a project that is gone from the disk, and counts one in the middle of a merge once', async () => {
    const file = 'ads/emea/syncline.yaml';
    repositories.git(root, 'commit', '-q', '-m', 'Two projects');
    repositories.git(root, 'checkout', '-q', '-b', 'theirs');
    write(file, `${read(file)}# theirs\n`);
    repositories.git(root, 'commit', '-q', '-a', '-m', 'Theirs');
    repositories.git(root, 'checkout', '-q', 'main');
    write(file, `${read(file)}# ours\n`);
    repositories.git(root, 'commit', '-q', '-a', '-m', 'Ours');
    expect(() => repositories.git(root, 'merge', 'theirs')).toThrow('git merge');
    expect(repositories.git(root, 'ls-files', file).split('\n')).toHaveLength(3);
    write(file, project({ production: 'http://127.0.0.1:1' }));
    rmSync(join(root, 'crm'), { recursive: true });
    expect((await find()).out).toBe('2 manifests of 1 project are valid.\n');
  });

  test('reports a project file that is a link to nowhere', async () => {
    rmSync(join(root, 'crm/syncline.yaml'));
    symlinkSync('nowhere.yaml', join(root, 'crm/syncline.yaml'));
    const said = await find();
    expect(said.code).toBe(Exit.invalid);
    expect(said.out).toContain('error unreadable-file  crm/syncline.yaml:1:1\n');
  });

  test('says so where Git tracks no project, and does not pass', async () => {
    root = repositories.init('b');
    projectIn('crm', 'users');
    const said = await find({ cwd: join(root, 'crm') });
    expect(said).toMatchObject({ code: Exit.invalid, err: '' });
    expect(said.out).toContain('error no-project  ../syncline.yaml:1:1\n  Git tracks no syncline.yaml');
    expect(said.out).toContain('`git add`');
  });

  test('looks into the work tree that it is run in, whatever a hook has in its environment', async () => {
    repositories.git(root, 'commit', '-q', '-m', 'Two projects');
    repositories.git(root, 'worktree', 'add', '-q', '../linked');
    const other = repositories.init('other');
    const env = {
      GIT_DIR: join(other, '.git'),
      GIT_WORK_TREE: other,
      GIT_INDEX_FILE: join(other, '.git/index'),
      GIT_PREFIX: 'crm/',
    };
    const linked = join(repositories.folder, 'linked');
    root = linked;
    write('crm/syncs/bad.yaml', bad);
    const said = await find({ env, cwd: join(linked, 'ads') });
    expect(said.code).toBe(Exit.invalid);
    expect(said.out).toContain('error unknown-field  ../crm/syncs/bad.yaml:12:3\n');
    expect(said.out).toContain('1 error and 0 warnings in 4 manifests of 2 projects.\n');
  });
});

describe('validate --find refuses', () => {
  test.each([
    ['paths', ['crm/syncs/users.yaml'], '"crm/syncs/users.yaml"'],
    ['another project file', ['--config', 'crm/syncline.yaml'], '--config'],
    ['targets', ['--target', 'production'], '--target'],
  ])('%s', async (_name, more, named) => {
    const said = await find({}, ...more);
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain(`error usage\n  \`validate --find\` does not take ${named}.\n  hint: It checks every`);
  });

  test('a folder outside of any repository', async () => {
    const said = await find({ cwd: folder() });
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toMatch(/^error no-repository\n {2}\/.* lies in no work tree .*\n {2}hint: Run it inside/);
  });

  test('the inside of a repository that has no work tree', async () => {
    const said = await find({ cwd: repositories.shared });
    expect(said).toMatchObject({ code: Exit.invalid, err: expect.stringContaining('error no-repository\n') });
  });

  test('to guess where Git is missing', async () => {
    const said = await find({ env: { PATH: '/nonexistent' } });
    expect(said).toMatchObject({ code: Exit.failed, out: '' });
    expect(said.err).toMatch(
      /^error git-failed\n {2}git could not be started: .*ENOENT.*\n {2}hint: --find needs a Git/,
    );
  });

  test('to guess where Git does not answer', async () => {
    writeFileSync(join(root, '.git/index'), 'no index');
    const said = await find();
    expect(said).toMatchObject({ code: Exit.failed, out: '' });
    expect(said.err).toMatch(/^error git-failed\n {2}Git could not say what it tracks: .*index/);
  });
});
