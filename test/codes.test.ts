import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { expect, test } from 'vitest';
import { byCodePoint } from '../src/core/stable.ts';
import { kinds } from '../src/providers/index.ts';
import { root } from './support/processes.ts';

// A code is a quoted word at one of a few places. Whoever finds a new way to write one down adds it here.
const code = "'([a-z][a-z0-9]*(?:-[a-z0-9]+)*)'";
const places = [
  // `code: 'x'`, `code: a ? 'x' : 'y'` and `const code = …`
  new RegExp(`\\bcode\\s*[:=]\\s*(?:\\w[^,;{}\\n]*\\?\\s*)?${code}(?:\\s*:\\s*${code})?`, 'g'),
  // the first argument of what makes a problem or an error
  new RegExp(
    `\\b(?:error|warning|invalid|refused|refuse|wrong|mistake|super|needsOperation|\\w*Error|\\w*Problem)\\(\\s*${code}\\s*,`,
    'g',
  ),
  new RegExp(`\\b(?:problem|mistake)\\(\\s*(?:'(?:error|warning)'|severity)\\s*,\\s*${code}\\s*,`, 'g'),
];
const closed = [
  ['src/model/plan.ts', 'BlockReason'],
  ['src/model/plan.ts', 'NoteCode'],
  ['src/model/pull.ts', 'LeftCode'],
  ['src/model/import.ts', 'ImportLeftCode'],
] as const;

// Their `wrong('id', …)` is about a key of a plan file.
const keys = 'src/engine/plan-shape.ts';

const files = globSync('src/**/*.ts', { cwd: root })
  .filter((file) => !/^src\/(generated|codegen|emulator)\//.test(file) && file !== keys)
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
const guide = readFileSync(join(root, 'docs/codes.md'), 'utf8');
const rows = [...guide.matchAll(/^\| `([a-z0-9-]+)` \| (.+) \| (.+) \|$/gm)].map(([, name = '']) => name);

// `adopt --id` names what it does not find, by what its kind is called.
const named = kinds.map(({ traits }) => `unknown-${traits.noun}`);

/** The words of a closed list of words, such as the reasons of what is blocked. */
function wordsOf(file: string, type: string): readonly string[] {
  const text = files.find((one) => one.file === file)?.text ?? '';
  const [, union = ''] = new RegExp(`export type ${type} =([^;]+);`).exec(text) ?? [];
  return [...union.matchAll(/'([a-z-]+)'/g)].map(([, word = '']) => word);
}

const inSource = new Set([
  ...files.flatMap(({ text }) =>
    places.flatMap((place) => [...text.matchAll(place)].flatMap(([, ...found]) => found.filter(Boolean))),
  ),
  ...named,
  ...closed.flatMap(([file, type]) => wordsOf(file, type)),
]);

test('every code of the source is explained', () => {
  expect([...inSource].filter((one) => !rows.includes(one)).sort(byCodePoint)).toEqual([]);
});

test('nothing is explained that the source does not say', () => {
  const quoted = files.map(({ text }) => text).join('\n');
  expect(rows.filter((one) => !quoted.includes(`'${one}'`) && !named.includes(one))).toEqual([]);
});

test('no code is put together from parts, which nobody could look for', () => {
  const parts = /(?:\b(?:error|warning|refused|SynclineError)\(|\bcode:)\s*`[^`]*\$\{/;
  expect(files.filter(({ text }) => parts.test(text)).map(({ file }) => file)).toEqual(['src/core/adopt/adopt.ts']);
});

test('the closed lists are read, and each code is explained once', () => {
  for (const [file, type] of closed) expect(wordsOf(file, type).length, type).toBeGreaterThan(3);
  expect(inSource.size).toBeGreaterThan(150);
  const twice = rows.filter((one, index) => rows.indexOf(one) !== index);
  expect(twice).toEqual([]);
});
