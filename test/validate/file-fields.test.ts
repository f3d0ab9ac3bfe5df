// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how references are written.
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Manifest } from '../../src/model/manifest.ts';
import { censusDataset } from '../../src/providers/census/language/dataset/kind.ts';
import { censusSync } from '../../src/providers/census/language/kind.ts';
import { folder, line, manifest, twoTargets, validated } from './workspace.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

const base = { 'syncline.yaml': twoTargets };
const kinds = [censusSync, censusDataset];

/** A manifest of 6 lines whose query is given in the last one; `head` comes before the spec, and `more` after the query. */
function dataset(query: string, { name = 'users', head = '', more = '' } = {}): string {
  return `kind: CensusDataset\nname: ${name}\n${head}spec:\n  name: ${name}\n  source: Warehouse\n  query: ${query}\n  type: sql\n${more}`;
}

function judged(files: Files, options: { readonly paths?: string[] } = {}) {
  return validated(folder({ ...base, ...files }), { kinds, ...options });
}

async function manifestOf(files: Files, target = 'production'): Promise<Manifest> {
  const { manifests, diagnostics } = await judged(files);
  expect(diagnostics).toEqual([]);
  const [first] = manifests.get(target) ?? [];
  if (first === undefined) throw new Error('There is no manifest.');
  return first;
}

describe('the text of a file', () => {
  test('is the query, just as if it stood in the manifest', async () => {
    const inFile = await manifestOf({
      'syncs/a.yaml': dataset('{ file: ../sql/users.sql }'),
      'sql/users.sql': 'select id,\n  email\nfrom users\n',
    });
    const inManifest = await manifestOf({
      'syncs/a.yaml': dataset('|\n    select id,\n      email\n    from users'),
    });
    expect(inFile.spec).toEqual(inManifest.spec);
    expect(inFile.spec.query).toBe('select id,\n  email\nfrom users');
    expect([inFile.files, inManifest.files]).toEqual([['sql/users.sql'], undefined]);
  });

  test.each<[string, string | Uint8Array]>([
    ['CRLF', 'select 1\r\nfrom x\r\n'],
    ['a byte order mark', '\uFEFFselect 1\nfrom x'],
    ['newlines at its end', 'select 1\nfrom x\n\n\n'],
  ])('means the same with %s', async (_title, text) => {
    const { spec } = await manifestOf({ 'syncs/a.yaml': dataset('{ file: q.sql }'), 'syncs/q.sql': text });
    expect(spec.query).toBe('select 1\nfrom x');
  });

  test('is shared by targets, manifests and documents, and read through links that stay in the project', async () => {
    const text = `${dataset('{ file: link.sql }')}---\n${dataset('{ file: ./q.sql }', { name: 'other' })}`;
    const root = folder({ ...base, 'syncs/a.yaml': text, 'syncs/q.sql': 'select 1' });
    symlinkSync('q.sql', join(root, 'syncs/link.sql'));
    const { manifests, diagnostics } = await validated(root, { kinds });
    expect(diagnostics).toEqual([]);
    expect(manifests.get('production')?.map((one) => [one.spec.query, one.files])).toEqual([
      ['select 1', ['syncs/link.sql', 'syncs/q.sql']],
      ['select 1', ['syncs/q.sql']],
    ]);
    expect(manifests.get('staging')?.[0]).toBe(manifests.get('production')?.[0]);
  });

  test('stands nowhere but in a field that may be a file', async () => {
    const { diagnostics } = await judged({
      'syncs/a.yaml': dataset('select 1', { more: '  description: { file: q.sql }\n' }),
      'syncs/b.yaml': manifest('b', '{ file: q.sql }'),
      'syncs/q.sql': 'text',
    });
    expect(diagnostics.map(line)).toEqual(['syncs/a.yaml:8:16 wrong-type', 'syncs/b.yaml:4:10 wrong-type']);
  });
});

/** What the query is, the code of the only problem, its column on line 6, a word of the message and one of the hint. */
type Row = readonly [title: string, query: string, code: string, column: number, message: string, hint: string];

const here = 'starts at the folder of this manifest';
const rows: readonly Row[] = [
  ['a file that is not there', '{ file: none.sql }', 'missing-file', 18, 'no file syncs/none.sql', here],
  ['a path through a file', '{ file: q.sql/x.sql }', 'missing-file', 18, 'no file syncs/q.sql/x.sql', here],
  ['a link to nothing', '{ file: nowhere.sql }', 'missing-file', 18, 'no file syncs/nowhere.sql', here],
  ['a path from the root', '{ file: sql/q.sql }', 'missing-file', 18, 'syncs/sql/q.sql', 'write "../sql/q.sql"'],
  ['a folder', '{ file: ../sql }', 'unreadable-file', 18, 'sql is not a regular file', 'that holds the text'],
  ['the folder itself', '{ file: . }', 'unreadable-file', 18, 'syncs is not a regular file', 'that holds'],
  ['a path that no system takes', '{ file: "a\\0b" }', 'unreadable-file', 18, 'cannot be read', 'Check the path'],
  ['an absolute path', '{ file: /etc/passwd }', 'outside-project', 18, '"/etc/passwd" is an absolute path', 'stays in'],
  ['a path with a drive', '{ file: "C:/q.sql" }', 'outside-project', 18, 'absolute', 'stays in the project'],
  ['a path out of the project', '{ file: ../../q.sql }', 'outside-project', 18, '"../../q.sql" leaves', 'stays in'],
  ['the folder above', '{ file: ../.. }', 'outside-project', 18, '"../.." leaves', 'stays in the project'],
  ['a way out and in', '{ file: x/../../../p/q.sql }', 'outside-project', 18, 'leaves the project', 'stays in'],
  ['backslashes', '{ file: ..\\sql\\q.sql }', 'bad-format', 18, 'backslash', '"/" between folders'],
  ['a link out', '{ file: out.sql }', 'symlink-outside', 18, 'syncs/out.sql is a link that leaves', 'Copy'],
  ['a link of a folder out', '{ file: ../out/x.sql }', 'symlink-outside', 18, 'out/x.sql is a link', 'Copy'],
  ['a long file', '{ file: large.sql }', 'file-too-large', 18, 'syncs/large.sql is larger than 1 MiB', 'shorter'],
  ['bytes', '{ file: latin.sql }', 'not-utf8', 18, 'syncs/latin.sql is not UTF-8', 'UTF-8'],
  ['an empty file', '{ file: empty.sql }', 'empty-file', 18, 'syncs/empty.sql holds no text', 'another file'],
  ['a file of blanks', '{ file: blank.sql }', 'empty-file', 18, 'syncs/blank.sql holds no text', 'another file'],
  ['a variable of a path that is not set', '{ file: "${vars.x}.sql" }', 'unset-variable', 18, '"x" is not set', 'vars'],
  ['a number', '{ file: 5 }', 'wrong-type', 18, 'must be text, not the number 5', '"5"'],
];

describe('a file that cannot be used is told where the manifest names it:', () => {
  const outside = folder({ 'x.sql': 'select 1' }, afterAll);
  const files: Files = {
    'sql/q.sql': 'select 1',
    'syncs/q.sql': 'select 1',
    'syncs/large.sql': 'x'.repeat(1024 * 1024 + 1),
    'syncs/latin.sql': new Uint8Array([0x73, 0xe9]),
    'syncs/empty.sql': '',
    'syncs/blank.sql': '\uFEFF \r\n\t\n',
  };
  const rooted = (text: string) => {
    const root = folder({ ...base, ...files, 'syncs/a.yaml': text });
    symlinkSync('gone.sql', join(root, 'syncs/nowhere.sql'));
    symlinkSync(join(outside, 'x.sql'), join(root, 'syncs/out.sql'));
    symlinkSync(outside, join(root, 'out'));
    return root;
  };

  test.each(rows)('%s', async (_title, query, code, column, message, hint) => {
    const { diagnostics, manifests } = await validated(rooted(dataset(query)), {
      kinds,
    });
    expect(diagnostics.map((one) => [one.severity, line(one)])).toEqual([
      ['error', `syncs/a.yaml:6:${column} ${code}`],
    ]);
    expect(diagnostics[0]?.message).toContain(message);
    expect(diagnostics[0]?.message).toMatch(/^\S.*\.$/);
    expect(diagnostics[0]?.hint).toContain(hint);
    expect(diagnostics[0]?.hint).toMatch(/^\S.*[.?]$/);
    expect(manifests.get('production')).toEqual([]);
  });

  test.runIf(process.platform !== 'win32')('a pipe, which nobody waits for', async () => {
    const root = rooted(dataset('{ file: pipe.sql }'));
    execFileSync('mkfifo', [join(root, 'syncs/pipe.sql')]);
    const { diagnostics } = await validated(root, { kinds });
    expect(diagnostics.map(line)).toEqual(['syncs/a.yaml:6:18 unreadable-file']);
  });

  test.each([
    ['a misspelt key', '{ fle: q.sql }', ['6:12 unknown-field']],
    ['a key beside it', '{ file: q.sql, encoding: utf-8 }', ['6:25 unknown-field']],
    ['no key', '{}', ['6:3 missing-field']],
    ['no path', '{ file: "" }', ['6:18 out-of-range']],
    ['a list', '[q.sql]', ['6:10 wrong-type']],
  ])('what is no file is left to the schema: %s', async (_title, query, expected) => {
    const { diagnostics } = await validated(rooted(dataset(query)), { kinds });
    expect(diagnostics.map(line)).toEqual(expected.map((one) => `syncs/a.yaml:${one}`));
  });

  test('a misspelt key is put right', async () => {
    const { diagnostics } = await validated(rooted(dataset('{ fle: q.sql }')), { kinds });
    expect(diagnostics[0]).toMatchObject({ hint: expect.stringContaining('Did you mean "file"') });
  });

  test('and hides no other mistake of the same manifest', async () => {
    const text = dataset('{ file: none.sql }', {
      head: 'lifecycle: { ignore: [/nme] }\ntargets: [production, stagin]\n',
      more: '  descripton: x\n',
    });
    const { diagnostics } = await validated(rooted(text), { kinds });
    expect(diagnostics.map(line)).toEqual([
      'syncs/a.yaml:3:23 unknown-ignore',
      'syncs/a.yaml:4:23 unknown-target',
      'syncs/a.yaml:8:18 missing-file',
      'syncs/a.yaml:10:3 unknown-field',
    ]);
  });
});

describe('an override', () => {
  const overriding = (query: string, own = '{ file: a.sql }') =>
    dataset(own, { head: `overrides: { staging: { query: ${query} } }\n` });
  const files = { 'syncs/a.sql': 'select a', 'syncs/b.sql': 'select b' };
  const queries = async (text: string) => {
    const { manifests, diagnostics } = await judged({ ...files, 'syncs/a.yaml': text });
    const of = (target: string) => manifests.get(target)?.map((one) => [one.spec.query, one.files]);
    return { production: of('production'), staging: of('staging'), diagnostics: diagnostics.map(line) };
  };

  test.each([
    ['another file', overriding('{ file: b.sql }'), ['select b', ['syncs/b.sql']]],
    ['text in place of a file', overriding('select c'), ['select c', undefined]],
    ['the same file', overriding('{ file: a.sql }'), ['select a', ['syncs/a.sql']]],
  ])('gives %s', async (_title, text, expected) => {
    const production = [['select a', ['syncs/a.sql']]];
    expect(await queries(text)).toEqual({ production, staging: [expected], diagnostics: [] });
  });

  test('gives a file in place of text', async () => {
    expect(await queries(overriding('{ file: b.sql }', 'select x'))).toEqual({
      production: [['select x', undefined]],
      staging: [['select b', ['syncs/b.sql']]],
      diagnostics: [],
    });
  });

  test.each([
    ['a file of an override that is not there', overriding('{ file: none.sql }'), ['3:40 missing-file'], ['staging']],
    ['a file of the spec', overriding('{ file: b.sql }', '{ file: none.sql }'), ['7:18 missing-file'], ['production']],
    [
      'both',
      overriding('{ file: none.sql }', '{ file: nil.sql }'),
      ['3:40 missing-file', '7:18 missing-file'],
      ['staging', 'production'],
    ],
    ['a misspelt key', overriding('{ fle: b.sql }'), ['3:34 unknown-field'], ['staging']],
  ])('is told on its targets: %s', async (_title, text, expected, targets) => {
    const { diagnostics } = await judged({ ...files, 'syncs/a.yaml': text });
    expect(diagnostics.map(line)).toEqual(expected.map((one) => `syncs/a.yaml:${one}`));
    for (const [index, target] of targets.entries())
      expect(diagnostics[index]?.message).toContain(`(target "${target}")`);
  });

  test('is where a mistake in the text of its file is told', async () => {
    const text = overriding('{ file: none.sql }');
    const { diagnostics } = await judged({ ...files, 'syncs/a.yaml': text, 'syncs/none.sql': 'None' });
    expect(diagnostics.map(line)).toEqual(['syncs/a.yaml:3:32 odd-text']);
  });
});

describe('a path that is written as the text itself', () => {
  test.each([
    ['sql/users.sql', ['syncs/a.yaml:3:36 odd-text']],
    ['../q.SQL', ['syncs/a.yaml:3:36 odd-text']],
    ['select id from users.sql', []],
    ['select 1', []],
  ])('%s', async (query, expected) => {
    const text = `kind: CensusDataset\nname: a\nspec: { name: A, type: sql, query: ${query}, source: Warehouse }\n`;
    const { diagnostics } = await judged({ 'syncs/a.yaml': text });
    expect(diagnostics.map((one) => line(one))).toEqual(expected);
    if (expected.length > 0) expect(diagnostics[0]?.hint).toContain(`{ file: ${query} }`);
  });
});

describe('variables', () => {
  const filled = async (text: string, target = 'production') => {
    const files = { 'syncs/a.yaml': dataset('{ file: q.sql }'), 'syncs/q.sql': text };
    return (await manifestOf(files, target)).spec.query;
  };

  test('are those of the target', async () => {
    const text = 'select * from "${vars.warehouse}".x where hour = ${ vars.hour }';
    expect(await filled(text)).toBe('select * from "Snowflake Prod".x where hour = 6');
    expect(await filled(text, 'staging')).toBe('select * from "Snowflake Test".x where hour = 6');
  });

  test('stay text as the whole of a file, spelt as they are written', async () => {
    expect(await filled('${vars.hour}')).toBe('6');
    expect(await filled('${vars.api}')).toBe('1.10');
  });

  test.each([
    '${env.X} ${x} $${x} ${} ${vars} ${vars.} ${vars.hour ${{ x }} $$body$$ $1 $& $`',
    "select '$${env.X}', \\${x}, {{ record }}, ${var.hour}, ${ x.vars.hour }",
    'regexp ^[a-z]${2} $$$ {vars.hour}',
  ])('are all that is touched: %s', async (text) => {
    expect(await filled(text)).toBe(text);
  });

  test('are literal behind a second dollar sign, as in a manifest', async () => {
    expect(await filled('$${vars.hour} ${vars.hour}')).toBe('${vars.hour} 6');
  });

  test('are filled in as they are', async () => {
    const project = twoTargets.replaceAll('hour: 6', () => 'hour: "$& $1 $$"');
    const files = {
      'syncline.yaml': project,
      'syncs/a.yaml': dataset('{ file: q.sql }'),
      'syncs/q.sql': 'x ${vars.hour}',
    };
    const { manifests } = await judged(files);
    expect(manifests.get('staging')?.[0]?.spec.query).toBe('x $& $1 $$');
  });

  test('may stand in the path', async () => {
    const files = { 'sql/6/q.sql': 'select 6', 'syncs/a.yaml': dataset('{ file: "../sql/${vars.hour}/q.sql" }') };
    expect((await manifestOf(files)).files).toEqual(['sql/6/q.sql']);
  });

  test('that are not set are told once each, with their place in the file', async () => {
    const { diagnostics, manifests } = await judged({
      'syncs/a.yaml': dataset('{ file: ../sql/q.sql }'),
      'sql/q.sql': '\uFEFFselect 1\r\n\r\nfrom  ${vars.wharehouse}\r\nwhere ${vars.on} ${vars.wharehouse}',
    });
    expect(diagnostics.map((one) => `${line(one)} ${one.message}`)).toEqual([
      'syncs/a.yaml:6:18 unset-variable The variable "on" in sql/q.sql:4:7 is not set (target "staging").',
      'syncs/a.yaml:6:18 unset-variable The variable "wharehouse" in sql/q.sql:3:7 is not set.',
    ]);
    expect(diagnostics[1]?.hint).toContain('Did you mean "warehouse"');
    expect(manifests.get('production')).toEqual([]);
  });

  test('that are not set in the file of an override are told there', async () => {
    const { diagnostics } = await judged({
      'syncs/a.yaml': dataset('select 1', { head: 'overrides: { staging: { query: { file: q.sql } } }\n' }),
      'syncs/q.sql': '${vars.on}',
    });
    expect(diagnostics.map(line)).toEqual(['syncs/a.yaml:3:40 unset-variable']);
  });

  test('make no manifest endless', async () => {
    const project = twoTargets.replaceAll('hour: 6', `hour: ${'h'.repeat(2000)}`);
    const files = { 'syncline.yaml': project, 'syncs/a.yaml': dataset('{ file: q.sql }') };
    const { diagnostics } = await judged({ ...files, 'syncs/q.sql': '${vars.hour}\n'.repeat(1000) });
    expect(diagnostics.map(line)).toEqual(['syncs/a.yaml:6:18 too-much-text', 'syncs/a.yaml:6:18 too-much-text']);
  });
});

describe('the path of such a file asks about the manifests that use it', () => {
  const files: Files = {
    ...base,
    'syncs/one.yaml': dataset('{ file: ../sql/one.sql }', { name: 'one', more: '  pausd: 1\n' }),
    'syncs/two.yaml': `${dataset('select 2', { name: 'two', more: '  pausd: 1\n' })}---\n${dataset('{ file: ../sql/one.sql }', { name: 'three' })}`,
    'syncs/four.yaml': dataset('{ file: ../sql/four.sql }', { name: 'four', more: '  pausd: 1\n' }),
    'syncs/gone.yaml': dataset('{ file: ../old/gone.sql }', { name: 'gone' }),
    'sql/one.sql': '-- for a CensusDataset: [\nselect 1',
    'sql/four.sql': 'select 4',
    'sql/unused.sql': 'select 5',
  };
  const root = folder(files, afterAll);
  mkdirSync(join(root, 'old'));
  const one = 'syncs/one.yaml:8:3 unknown-field';
  const two = 'syncs/two.yaml:8:3 unknown-field';
  const four = 'syncs/four.yaml:8:3 unknown-field';

  test.each<[string, string[], string[], number]>([
    ['of two manifests', ['sql/one.sql'], [one, two], 3],
    ['absolute', [join(root, 'sql/four.sql')], [four], 1],
    ['with a manifest', ['sql/four.sql', 'syncs/one.yaml'], [four, one], 2],
    ['a folder of them', ['sql'], [four, one, two], 4],
    ['one that nobody uses', ['sql/unused.sql'], ['sql/unused.sql:1:1 unmatched-file'], 0],
    ['one that is not there', ['old/gone.sql'], ['syncs/gone.yaml:6:18 missing-file'], 1],
    ['a folder without any', ['old/none'], ['old/none:1:1 unreadable-file'], 0],
  ])('%s', async (_title, paths, expected, count) => {
    const result = await validated(root, { kinds, paths });
    expect(result.diagnostics.map(line)).toEqual(expected);
    expect(result.count).toBe(count);
  });

  test('also by what it is a link to', async () => {
    const linked = folder({ ...base, 'syncs/a.yaml': dataset('{ file: l.sql }', { more: '  x: 1\n' }), 'q.sql': 'x' });
    symlinkSync('../q.sql', join(linked, 'syncs/l.sql'));
    for (const path of ['q.sql', 'syncs/l.sql']) {
      const { diagnostics } = await validated(linked, { kinds, paths: [path] });
      expect(diagnostics.map(line)).toEqual(['syncs/a.yaml:8:3 unknown-field']);
    }
  });

  test('and not about one that overrides it away', async () => {
    const text = dataset('select 1', { head: 'targets: [staging]\noverrides: { staging: { query: select 2 } }\n' });
    const other = folder({ ...base, 'syncs/a.yaml': text.replace('query: select 1', 'query: { file: q.sql }') });
    writeFileSync(join(other, 'syncs/q.sql'), 'select 1');
    const { diagnostics, count } = await validated(other, { kinds, paths: ['syncs/q.sql'] });
    expect([count, ...diagnostics.map(line)]).toEqual([0, 'syncs/q.sql:1:1 unmatched-file']);
  });
});
