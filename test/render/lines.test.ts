import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import type { Plan } from '../../src/model/plan.ts';
import { planText } from '../../src/render/plan/text.ts';
import { blocked, field, plan } from './build.ts';
import { changed, created, numbered, path } from './build-lines.ts';

const textOf = (one: Plan) => planText([one], { colour: false });

/** The line that names the field. */
function head(from: Json, to: Json): string {
  return / {6}([+~-] \/query: .*?)(?: {2}\(changed in Git\))?\n/.exec(textOf(changed(from, to)))?.[1] ?? '';
}

/** The rows below it. */
function rows(from: Json, to: Json): string[] {
  return [...textOf(changed(from, to)).matchAll(/^ {10}([-+ …\\](?: .*)?|)$/gm)].map((match) => match[1] ?? '');
}

const before = numbered(30);
const after = numbered(30, (line, number) => (number === 10 ? 'line ten\nand a half' : line));

describe('text of several lines', () => {
  test('shows the lines that differ, two around them, and counts the rest', () => {
    expect(head(before, after)).toBe('~ /query: 1 line removed, 2 added');
    expect(rows(before, after)).toEqual([
      '… 7 lines …',
      '  line 8',
      '  line 9',
      '- line 10',
      '+ line ten',
      '+ and a half',
      '  line 11',
      '  line 12',
      '… 18 lines …',
    ]);
  });

  test('is coloured like the other lines of a plan', () => {
    const text = planText([changed('a\nb\n', 'a\nc\n')], { colour: true });
    expect(text).toContain('\u001b[31m- b\u001b[39m\n');
    expect(text).toContain('\u001b[32m+ c\u001b[39m\n');
    expect(text).toContain('\u001b[2m  a\u001b[22m\n');
  });

  test.each([
    ['equally many lines', 'a\nb\n', 'a\nc\n', '~ /query: 1 line changed'],
    ['lines that are new', 'a\n', 'a\nb\nc\n', '~ /query: 2 lines added'],
    ['lines that are gone', 'a\nb\nc\n', 'a\nc\n', '~ /query: 1 line removed'],
    ['one line that becomes several', 'SELECT 1', 'SELECT\n1', '~ /query: 1 line removed, 2 added'],
    ['no text that becomes several lines', '', 'a\nb\n', '~ /query: 2 lines added'],
    ['what was not set', null, 'a\nb\n', '+ /query: 2 lines'],
    ['what is cleared', 'a\nb\n', null, '- /query: 2 lines → (not set)'],
    ['two texts of one line', 'a', 'b', '~ /query: a → b'],
    ['something that is no text', 'a\nb', { a: 1 }, '~ /query: "a\\nb" → {a: 1}'],
    ['a number', 7, 'a\nb', '~ /query: 7 → "a\\nb"'],
  ])('counts %s', (_name, from, to, expected) => {
    expect(head(from, to)).toBe(expected);
  });

  test('shows no lines where nothing has several', () => {
    expect(rows('a', 'b')).toEqual([]);
    expect(rows(7, 'a\nb')).toEqual([]);
  });

  test('of a create shows its first lines and counts the others', () => {
    const shown = textOf(created(before));
    expect(shown).toContain('      + /query: 30 lines\n          + line 1\n');
    expect(shown).toContain('          + line 15\n          … 15 lines …\n');
    expect(shown).not.toContain('line 16');
  });

  test('is shown for what is blocked too', () => {
    const fields = [field({ path, from: 'a\nb\n', to: 'a\nc\n' })];
    expect(textOf(plan({ blocked: [blocked({ fields })] }))).toContain('\n          - b\n          + c\n');
  });

  test('a line break at the end that comes or goes is seen', () => {
    expect(rows('a\nb', 'a\nb\n')).toEqual(['  a', '- b', '\\ no line break at the end', '+ b']);
    expect(rows('SELECT 1\n', 'SELECT 1')).toEqual(['- SELECT 1', '+ SELECT 1', '\\ no line break at the end']);
    expect(rows('a\nb', 'a\nc')).toEqual(['  a', '- b', '+ c']);
  });

  test('a space at the end of a line that comes or goes is seen', () => {
    expect(rows('a\nb\n', 'a\nb \n')).toEqual(['  a', '- b', '+ b\\u0020']);
  });

  test('CRLF is seen where it is not the same everywhere, and only there', () => {
    expect(rows('a\r\nb\r\n', 'a\r\nc\r\n')).toEqual(['  a', '- b', '+ c']);
    expect(rows('a\r\nb\r\n', 'a\nb\n')).toEqual(['- a\\r', '- b\\r', '+ a', '+ b']);
    expect(rows('a\r\nb\r\n', 'a\r\nb\n')).toEqual(['  a\\r', '- b\\r', '+ b']);
    expect(rows(null, 'a\r\nb')).toEqual(['+ a', '+ b']);
  });

  test('both texts can be read off the lines', () => {
    const text = array(constantFrom('a', 'b', 'c', ''), { minLength: 2, maxLength: 12 });
    assert(
      property(text, text, (left, right) => {
        const [from, to] = [left, right].map((lines) => lines.map((line) => `${line}\n`).join(''));
        if (from === to) return;
        const read = readBack(rows(from ?? '', to ?? ''), left);
        expect(read).toEqual({ from: left, to: right });
      }),
    );
  });
});

/** Both texts, the lines that are left out taken from `left`. */
function readBack(shown: readonly string[], left: readonly string[]): { from: string[]; to: string[] } {
  const [from, to]: [string[], string[]] = [[], []];
  for (const row of shown) {
    const hidden = Number(/^… (\d+) lines …$/.exec(row)?.[1] ?? 0);
    const same = hidden > 0 ? left.slice(from.length, from.length + hidden) : [row.slice(2)];
    if (!row.startsWith('+')) from.push(...same);
    if (!row.startsWith('-')) to.push(...same);
  }
  return { from, to };
}

describe('what is long', () => {
  test('lines are cut around the place where they differ from the line they stand for', () => {
    const same = 'x'.repeat(100_000);
    const [removed, added, ...more] = rows(`a\n${same}A${same}\n`, `a\n${same}B${same}\n`).slice(1);
    expect(removed).toMatch(/^- …x+Ax+…$/);
    expect(added).toMatch(/^\+ …x+Bx+…$/);
    expect(more).toEqual([]);
    expect(removed?.length).toBeLessThan(200);
  });

  test('other long lines say how long they are', () => {
    expect(rows(null, `a\n${'x'.repeat(5000)}\n`)).toEqual(['+ a', `+ ${'x'.repeat(160)}… (5000 characters)`]);
  });

  test('long runs of changed lines leave room for what takes their place', () => {
    const shown = rows(
      numbered(300),
      numbered(200, (line) => `new ${line}`),
    );
    expect(shown.filter((row) => row.startsWith('- '))).toHaveLength(15);
    expect(shown.filter((row) => row.startsWith('+ '))).toHaveLength(15);
    expect(shown.filter((row) => row.startsWith('… '))).toEqual(['… 285 lines removed …', '… 185 lines added …']);
  });

  test('no more than 40 rows are shown, and what is left out is counted', () => {
    const to = numbered(1000, (line, number) => (number % 10 === 0 ? 'other' : line));
    const shown = rows(numbered(1000), to);
    expect(shown).toHaveLength(40);
    const [, same, removed, added] =
      /^… (\d+) lines unchanged, (\d+) removed, (\d+) added …$/.exec(shown[39] ?? '') ?? [];
    const count = (sign: string) => shown.filter((row) => row.startsWith(`${sign} `)).length;
    const gaps = shown.slice(0, 39).reduce((sum, row) => sum + Number(/^… (\d+) lines …/.exec(row)?.[1] ?? 0), 0);
    expect(count(' ') + gaps + Number(same)).toBe(900);
    expect(count('-') + Number(removed)).toBe(100);
    expect(count('+') + Number(added)).toBe(100);
  });

  const many = numbered(5000);
  test.each([
    ['a line in ten changed', numbered(5000, (line, number) => (number % 10 === 0 ? `${line}!` : line))],
    ['every line changed', numbered(5000, (line) => `${line}!`)],
    ['the other way round', many.split('\n').toReversed().join('\n')],
    ['one line over and over', 'line 1\n'.repeat(5000)],
    ['a few lines moved', numbered(5000, (_, number) => `line ${((number + 300) % 5000) + 1}`)],
  ])('5,000 lines take less than 200 ms: %s', (_name, to) => {
    const took = [1, 2, 3, 4, 5].map(() => {
      const start = performance.now();
      textOf(changed(many, to));
      return performance.now() - start;
    });
    expect(Math.min(...took)).toBeLessThan(200);
  });
});
