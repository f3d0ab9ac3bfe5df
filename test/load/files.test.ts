import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findFiles, maxFileBytes, readText } from '../../src/load/files.ts';
import { folder } from '../validate/workspace.ts';

describe('globs', () => {
  const root = folder(
    {
      'a.yaml': '',
      'b.yml': '',
      'syncs/one.yaml': '',
      'syncs/two.yaml': '',
      'syncs/deep/er/three.yaml': '',
      'syncs/.hidden.yaml': '',
      'syncs/.dot/four.yaml': '',
      'syncs/[x].yaml': '',
      'node_modules/p/five.yaml': '',
      'syncs-old/six.yaml': '',
    },
    afterAll,
  );

  test.each<[string, string[], string[]]>([
    ['a name', ['a.yaml'], ['a.yaml']],
    ['a star stays in its folder', ['*.yaml'], ['a.yaml']],
    [
      'two stars go everywhere, and stand for no folder too',
      ['**/*.yaml'],
      [
        'a.yaml',
        'syncs-old/six.yaml',
        'syncs/[x].yaml',
        'syncs/deep/er/three.yaml',
        'syncs/one.yaml',
        'syncs/two.yaml',
      ],
    ],
    ['two stars in the middle', ['syncs/**/three.yaml'], ['syncs/deep/er/three.yaml']],
    ['two stars at the end', ['syncs/deep/**'], ['syncs/deep/er/three.yaml']],
    ['braces', ['*.{yaml,yml}'], ['a.yaml', 'b.yml']],
    ['nested braces', ['syncs/{one,{two,none}}.yaml'], ['syncs/one.yaml', 'syncs/two.yaml']],
    ['a question mark', ['syncs/t?o.yaml'], ['syncs/two.yaml']],
    ['a set', ['syncs/[ot]*.yaml'], ['syncs/one.yaml', 'syncs/two.yaml']],
    ['a set turned round', ['syncs/[!t]*.yaml'], ['syncs/[x].yaml', 'syncs/one.yaml']],
    ['leaving out', ['syncs/*.yaml', '!**/t*.yaml', '!syncs/[[]*'], ['syncs/one.yaml']],
    ['a dot is named', ['syncs/.dot/*.yaml', 'syncs/.h*'], ['syncs/.dot/four.yaml', 'syncs/.hidden.yaml']],
    ['node_modules is named', ['node_modules/**/*.yaml'], ['node_modules/p/five.yaml']],
    ['here', ['./a.yaml'], ['a.yaml']],
    ['each file once', ['a.yaml', '*.yaml', '{a,a}.yaml'], ['a.yaml']],
  ])('%s', (_title, globs, files) => {
    expect(findFiles(root, globs)).toMatchObject({ files, problems: [], unmatched: [] });
  });

  test('nonsense is neither an error nor an eternity', () => {
    const globs = ['[z-a]*', '{', '}', '[', '***', '{a,b}'.repeat(40)];
    expect(findFiles(root, globs)).toMatchObject({ files: ['a.yaml', 'b.yml'], unmatched: [0, 1, 2, 3, 5] });
  });

  test('a glob that matches nothing is told by its place in the list', () => {
    expect(findFiles(root, ['a.yaml', 'none/*.yaml', '!x', 'A.yaml']).unmatched).toEqual([1, 3]);
  });
});

describe('links', () => {
  test('are followed within the project, and not in circles', () => {
    const root = folder({ 'shared/a.yaml': '', 'syncs/b.yaml': '' });
    symlinkSync('../shared', join(root, 'syncs/team'));
    symlinkSync('..', join(root, 'shared/up'));
    symlinkSync('b.yaml', join(root, 'syncs/c.yaml'));
    expect(findFiles(root, ['syncs/**/*.yaml']).files).toEqual(['syncs/b.yaml', 'syncs/c.yaml', 'syncs/team/a.yaml']);
  });

  test('are refused where they leave the project or lead nowhere', () => {
    const outside = folder({ 'x.yaml': '', 'dir/y.yaml': '' });
    const root = folder({ 'syncs/b.yaml': '' });
    symlinkSync(join(outside, 'x.yaml'), join(root, 'syncs/file.yaml'));
    symlinkSync(join(outside, 'dir'), join(root, 'syncs/folder'));
    symlinkSync('nowhere.yaml', join(root, 'syncs/gone.yaml'));
    symlinkSync(outside, join(root, 'unrelated'));
    const { files, problems } = findFiles(root, ['syncs/**/*.yaml']);
    expect(files).toEqual(['syncs/b.yaml']);
    expect(problems.map((one) => `${one.file} ${one.code}`)).toEqual([
      'syncs/file.yaml symlink-outside',
      'syncs/folder symlink-outside',
      'syncs/gone.yaml unreadable-file',
    ]);
  });

  test('a neighbour whose name starts like the project is outside', () => {
    const outside = folder();
    const root = join(outside, 'project');
    mkdirSync(join(root, 'syncs'), { recursive: true });
    mkdirSync(join(outside, 'project-2'));
    writeFileSync(join(outside, 'project-2/x.yaml'), '');
    symlinkSync('../../project-2/x.yaml', join(root, 'syncs/x.yaml'));
    expect(findFiles(root, ['syncs/*.yaml'])).toMatchObject({
      files: [],
      problems: [{ code: 'symlink-outside' }],
      unmatched: [],
    });
  });
});

describe('reading', () => {
  test('text comes without its byte order mark', () => {
    const root = folder({ 'a.yaml': '\uFEFFkind: ä😀\uFFFD' });
    expect(readText(root, 'a.yaml')).toBe('kind: ä😀\uFFFD');
  });

  test.each<[string, string | Uint8Array, string]>([
    ['Latin-1', new Uint8Array([0x6b, 0xe9, 0x6e]), 'not-utf8'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x6b, 0x00]), 'not-utf8'],
    ['more than 1 MiB', 'x'.repeat(maxFileBytes + 1), 'file-too-large'],
  ])('%s is refused', (_title, content, code) => {
    expect(readText(folder({ 'a.yaml': content }), 'a.yaml')).toMatchObject({ code, file: 'a.yaml' });
  });

  test('exactly 1 MiB is read', () => {
    expect(readText(folder({ 'a.yaml': 'x'.repeat(maxFileBytes) }), 'a.yaml')).toHaveLength(maxFileBytes);
  });

  test('what is not there is a problem, not a crash', () => {
    expect(readText(folder(), 'a.yaml')).toMatchObject({ code: 'unreadable-file' });
    expect(readText(folder({ 'a.yaml/b': '' }), 'a.yaml')).toMatchObject({ code: 'unreadable-file' });
  });

  test.runIf(process.platform !== 'win32')('a pipe is not waited for', () => {
    const root = folder({ 'b.yaml': '' });
    execFileSync('mkfifo', [join(root, 'a.yaml')]);
    expect(findFiles(root, ['*.yaml'])).toMatchObject({
      files: ['b.yaml'],
      problems: [{ file: 'a.yaml', code: 'unreadable-file' }],
    });
  });
});
