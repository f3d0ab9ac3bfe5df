import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { openRepositories } from '../ledger/git-repositories.ts';
import { cli, folder } from './in-process.ts';
import { manifest, project } from './workspace.ts';

const tidy = manifest('tidy');
const messy = manifest('messy')
  .replace('  operation: upsert\n', '')
  .replace('  mappings:', '  operation: "upsert"\n  # Who.\n  mappings:');
const formattedMessy = manifest('messy').replace('  mappings:', '  # Who.\n  mappings:');
const broken = 'kind: CensusSync\nname: [\n';

/** A project of these files. */
function projectOf(files: Readonly<Record<string, string>>): string {
  const root = folder();
  write(root, { 'syncline.yaml': project({ production: 'http://127.0.0.1:1' }), ...files });
  return root;
}

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

describe('fmt', () => {
  test('puts manifests into canonical form, and says which', async () => {
    const root = projectOf({ 'syncs/messy.yaml': messy, 'syncs/tidy.yaml': tidy });
    expect(await cli('fmt', { cwd: root })).toEqual({
      code: Exit.ok,
      out: 'formatted  syncs/messy.yaml\nFormatted 1 of 2 files.\n',
      err: '',
    });
    expect(readFileSync(join(root, 'syncs/messy.yaml'), 'utf8')).toBe(formattedMessy);
    expect(readFileSync(join(root, 'syncs/tidy.yaml'), 'utf8')).toBe(tidy);
    expect(await cli('fmt', { cwd: root })).toEqual({ code: Exit.ok, out: 'Nothing to format in 2 files.\n', err: '' });
  });

  test('--check writes nothing, names the files, and exits 2', async () => {
    const root = projectOf({ 'syncs/messy.yaml': messy, 'syncs/tidy.yaml': tidy });
    const said = await cli('fmt --check', { cwd: root });
    expect(said).toEqual({
      code: Exit.changes,
      out: 'would change  syncs/messy.yaml\n1 of 2 files would change; `syncline fmt` formats it.\n',
      err: '',
    });
    expect(readFileSync(join(root, 'syncs/messy.yaml'), 'utf8')).toBe(messy);
    expect((await cli('fmt --check syncs/tidy.yaml', { cwd: root })).code).toBe(Exit.ok);
  });

  test('without a project there is only the error', async () => {
    const said = await cli('fmt --check', { cwd: folder() });
    expect(said.code).toBe(Exit.invalid);
    expect(`${said.out}${said.err}`).toContain('no-project');
    expect(`${said.out}${said.err}`).not.toContain('Nothing to format');
  });

  test('leaves alone what is no YAML, says where, and formats the others', async () => {
    const root = projectOf({ 'syncs/broken.yaml': broken, 'syncs/messy.yaml': messy });
    const said = await cli('fmt', { cwd: root });
    expect(said.code).toBe(Exit.invalid);
    expect(said.out).toMatch(/^error yaml-syntax {2}syncs\/broken\.yaml:\d+:\d+$/m);
    expect(said.out).toContain('formatted  syncs/messy.yaml\n');
    expect(readFileSync(join(root, 'syncs/broken.yaml'), 'utf8')).toBe(broken);
  });

  test('formats the files and folders that it is given, and no others', async () => {
    const root = projectOf({ 'syncs/a/messy.yaml': messy, 'syncs/b/messy.yaml': messy, 'notes.yaml': 'b:   "x"\n' });
    expect((await cli('-C syncs fmt b', { cwd: root })).out).toBe(
      'formatted  syncs/b/messy.yaml\nFormatted 1 of 1 file.\n',
    );
    expect(readFileSync(join(root, 'syncs/a/messy.yaml'), 'utf8')).toBe(messy);
    const stray = await cli('fmt notes.yaml', { cwd: root });
    expect(stray.out).toMatch(/^warning unmatched-file {2}notes\.yaml:1:1$/m);
    expect(readFileSync(join(root, 'notes.yaml'), 'utf8')).toBe('b:   "x"\n');
    const missing = await cli('fmt syncs/nowhere.yaml', { cwd: root });
    expect(missing.code).toBe(Exit.invalid);
    expect(missing.out).toMatch(/^error unreadable-file {2}syncs\/nowhere\.yaml:1:1$/m);
  });

  test('keeps a byte order mark, line ends and links, and refuses a link that leaves the project', async () => {
    const windows = `\ufeff${messy.replaceAll('\n', '\r\n')}`;
    const root = projectOf({ 'syncs/windows.yaml': windows, 'shared/linked.yaml': messy });
    symlinkSync('../shared/linked.yaml', join(root, 'syncs/linked.yaml'));
    expect((await cli('fmt', { cwd: root })).code).toBe(Exit.ok);
    expect(readFileSync(join(root, 'syncs/windows.yaml'), 'utf8')).toBe(
      `\ufeff${formattedMessy.replaceAll('\n', '\r\n')}`,
    );
    expect(lstatSync(join(root, 'syncs/linked.yaml')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(root, 'shared/linked.yaml'), 'utf8')).toBe(formattedMessy);
    const outside = folder();
    write(outside, { 'out.yaml': messy });
    symlinkSync(join(outside, 'out.yaml'), join(root, 'syncs/out.yaml'));
    const said = await cli('fmt', { cwd: root });
    expect(said.code).toBe(Exit.invalid);
    expect(said.out).toMatch(/^error symlink-outside {2}syncs\/out\.yaml:1:1$/m);
    expect(readFileSync(join(outside, 'out.yaml'), 'utf8')).toBe(messy);
  });

  test('what init writes is in canonical form', async () => {
    const root = folder();
    expect((await cli('init', { cwd: root })).code).toBe(Exit.ok);
    expect(await cli('fmt --check', { cwd: root })).toMatchObject({ code: Exit.ok, err: '' });
  });
});

describe('fmt --find', () => {
  test('takes the files of a commit, in whatever projects of the repository they are', async () => {
    const repositories = openRepositories();
    try {
      const root = repositories.init('a');
      for (const name of ['crm', 'ads']) {
        write(join(root, name), { 'syncline.yaml': project({ production: 'http://127.0.0.1:1' }) });
        write(join(root, name), {
          'syncs/messy.yaml': messy,
          'syncs/other.yaml': messy.replace('name: messy', 'name: other'),
        });
      }
      write(root, { 'compose.yaml': 'b:   "x"\n' });
      repositories.git(root, 'add', '-A');
      const line = [
        'fmt',
        '--find',
        'crm/syncs/messy.yaml',
        'crm/syncline.yaml',
        'compose.yaml',
        'ads/syncs/messy.yaml',
      ];
      const said = await cli(line, { cwd: root });
      expect(said).toMatchObject({ code: Exit.ok, err: '' });
      expect(said.out).toBe(
        'formatted  ads/syncs/messy.yaml\nformatted  crm/syncs/messy.yaml\nFormatted 2 of 2 files.\n',
      );
      expect(readFileSync(join(root, 'compose.yaml'), 'utf8')).toBe('b:   "x"\n');
      const check = await cli('fmt --find --check', { cwd: join(root, 'crm') });
      expect(check.code).toBe(Exit.changes);
      expect(check.out).toBe(
        'would change  ../ads/syncs/other.yaml\nwould change  syncs/other.yaml\n2 of 4 files would change; `syncline fmt` formats them.\n',
      );
    } finally {
      repositories.close();
    }
  });
});
