// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { diagnosticsOnly } from '../../src/render/diagnostics/text.ts';

const error: Diagnostic = {
  severity: 'error',
  code: 'wrong-type',
  message: 'Fact.',
  hint: 'Help.',
  file: 'syncs/users.yaml',
  line: 1,
  column: 1,
};

/** What is printed below the sentence of a diagnostic about these lines of a file. */
function framed(lines: readonly string[], place: Partial<Diagnostic>): readonly string[] {
  const text = diagnosticsOnly([{ ...error, ...place }], { colour: false, sources: () => lines });
  const printed = text.split('\n');
  expect(printed[1]).toBe('  Fact.');
  expect(printed.at(-2)).toBe('  hint: Help.');
  return printed.slice(2, -2);
}

describe('the line that is meant, with a caret below the place', () => {
  test.each<[what: string, line: string, column: number, shown: string, caret: string]>([
    ['a key', 'paused: maybe', 9, 'paused: maybe', '        ^'],
    ['the first column', 'paused: maybe', 1, 'paused: maybe', '^'],
    ['behind the end', 'paused:', 8, 'paused:', '       ^'],
    ['far behind the end, as where a file has changed', 'paused:', 80, 'paused:', '       ^'],
    ['a tab leads to the next stop of four', 'a\tb: c', 3, 'a   b: c', '    ^'],
    ['two columns for each letter of East Asia', '名前: x', 5, '名前: x', '      ^'],
    ['what is combined is one', 'e\u0301e\u0301: x', 7, 'e\u0301e\u0301: x', '    ^'],
    ['a picture of several characters', '👨‍👩‍👧: x', 11, '👨‍👩‍👧: x', '    ^'],
    ['a hand of some colour', '👋🏽: x', 7, '👋🏽: x', '    ^'],
    ['a flag', '🇩🇪: x', 7, '🇩🇪: x', '    ^'],
    ['a heart that is asked to be a picture', '❤️: x', 5, '❤️: x', '    ^'],
    ['what cannot be seen is written', 'a\u001b[2J: x', 8, 'a\\u001b[2J: x', '            ^'],
    ['what turns the line around', '\u202eabc: x', 7, '\\u202eabc: x', '           ^'],
    ['a command of a CI system', '##vso[x]: y', 11, '#\\u0023vso[x]: y', '          ^'],
    ['half a character', 'a\ud83d: x', 5, 'a\\ud83d: x', '         ^'],
  ])('%s', (_what, line, column, shown, caret) => {
    expect(framed(['first', line], { line: 2, column })).toEqual([`  2 | ${shown}`, `    | ${caret}`]);
  });

  test('the gutter is as wide as the number', () => {
    const lines = Array.from({ length: 120 }, (_, index) => `line ${index + 1}`);
    expect(framed(lines, { line: 120, column: 6 })).toEqual(['  120 | line 120', '      |      ^']);
  });

  test.each([
    ['at its start', 1],
    ['in the middle', 5000],
    ['at its end', 9991],
  ])('of a long line the part around the place: %s', (_what, column) => {
    const line = `${'abcdefghi '.repeat(999)}the end..`;
    const [shown = '', caret = ''] = framed([line], { column });
    expect(shown.length).toBeLessThanOrEqual(110);
    expect(shown.slice(caret.indexOf('^')).slice(0, 3)).toBe(line.slice(column - 1, column + 2));
    expect(shown.startsWith('  1 | …')).toBe(column > 1);
    expect(shown.endsWith('…')).toBe(column < 9000);
  });

  test.each(['名', 'a', 'a b', 'token', ' ', '//a', 'hide'])(
    'a line of a million times "%s" is done in a moment',
    (piece) => {
      const line = piece.repeat(1_000_000);
      const started = performance.now();
      for (const column of [1, 500_000, 1_000_000]) {
        diagnosticsOnly([{ ...error, column, line: 2 }], { colour: false, sources: () => [line, line, line] });
      }
      expect(performance.now() - started).toBeLessThan(5000);
    },
  );

  test('colours change nothing but colours', () => {
    const options = { sources: () => ['paused: maybe'] };
    const coloured = diagnosticsOnly([error], { ...options, colour: true });
    expect(coloured).toContain('\u001b[31m^\u001b[39m');
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(diagnosticsOnly([error], { ...options, colour: false }));
  });
});

describe('nothing is quoted', () => {
  test.each<[what: string, lines: readonly string[] | undefined, place: Partial<Diagnostic>]>([
    ['of a file that cannot be read any more', undefined, {}],
    ['of an empty file', [''], {}],
    ['of a line that is not there any more', ['a', 'b'], { line: 9 }],
    ['of a line of blanks', ['a', ' \t '], { line: 2 }],
  ])('%s', (_what, lines, place) => {
    const sources = () => lines;
    const one = { ...error, ...place };
    const options = { colour: false };
    expect(diagnosticsOnly([one], { ...options, sources })).toBe(diagnosticsOnly([one], options));
  });

  const key = 'sk4Zq81Lm0Xv7Rt29Bc5';

  test.each<[what: string, lines: readonly string[], place: Partial<Diagnostic>]>([
    ['a literal token', ['x:', `  token: ${key}`], { line: 2, code: 'literal-token' }],
    ['a URL that may hold a login', ['base_url: abc'], { code: 'bad-url' }],
    ['a login in a URL', ['proxy: https://anna:geheim@proxy.corp'], {}],
    ['the line of a token, whatever is wrong there', ['{ token: abc, workspce: 1 }'], { column: 15 }],
    ['a reference that is not whole', [`token: \${env.X`], { column: 8 }],
    ['a personal access token', ['personal_access_token: abc'], {}],
    ['a token below its key', ['token:', '  abc'], { line: 2, column: 3 }],
    ['a token in a block', ['token: |', '', '  abc', '  def'], { line: 4, column: 3 }],
    ['a password of any field', ['a:', '  "smtp-password" : abc', '  b: c'], { line: 3 }],
    ['what a machine has made up', [`tokn: ${key}`], { code: 'wrong-type' }],
    ['a UUID', ['id: 5f0c1a2b-7d3e-4f5a-8b6c-9d0e1f2a3b4c'], {}],
    [
      'a table whose header has a token',
      ['name,workspace,token', `a,b,${key.slice(0, 6)}`],
      { line: 2, file: 'fleet.csv' },
    ],
    ['a file that hides values', ['lifecycle:', '  hide: [/a]', 'spec:', '  a: abc'], { line: 4 }],
    ['a file that hides values, and is broken', ['{"lifecycle": {"hide": ["/a"]}, "a": "b"'], {}],
  ])('that may be a secret: %s', (_what, lines, place) => {
    expect(framed(lines, place)).toEqual([]);
  });

  test.each<[what: string, lines: readonly string[], place: Partial<Diagnostic>]>([
    ['a reference to a token', ['target:', `  token: "\${env.TOKEN}"`], { line: 2 }],
    ['a line beside it', [`token: \${env.TOKEN}`, 'workspce: 1'], { line: 2 }],
    ['a primary key', ['mappings:', '  - { from: id, to: Id, primary: true }'], { line: 2 }],
    ['a long name', ['name: accounts-of-2024-to-salesforce-production'], {}],
    ['a table without tokens', ['name,workspace', 'a,b'], { line: 2, file: 'fleet.csv' }],
  ])('but this is: %s', (_what, lines, place) => {
    expect(framed(lines, place)).toHaveLength(2);
  });

  test('the value of a key that nobody knows is left out: it may be a token under a misspelt name', () => {
    const place = { code: 'unknown-field', column: 3 };
    expect(framed(['  tokn: hunter2'], place)).toEqual(['  1 |   tokn: …', '    |   ^']);
    expect(framed(['  targts:'], place)).toEqual(['  1 |   targts:', '    |   ^']);
  });
});

test('after twenty frames the rest is listed without, and counted', () => {
  const many = Array.from({ length: 45 }, (_, index) => ({ ...error, line: index + 1 }));
  const lines = many.map((_, index) => `key${index}: value`);
  const text = diagnosticsOnly(many, { colour: false, sources: () => lines });
  expect(text.match(/\| key\d+: value/g)).toHaveLength(20);
  expect(text.match(/^ {2}hint:/gm)).toHaveLength(45);
  expect(text.endsWith('\n\n25 problems are listed without the line of the file.\n')).toBe(true);
  const few = diagnosticsOnly(many.slice(0, 20), { colour: false, sources: () => lines });
  expect(few).not.toContain('without the line');
});
