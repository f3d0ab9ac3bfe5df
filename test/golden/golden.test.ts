import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { play } from './play.ts';
import { storiesIn } from './story.ts';

/**
 * Each folder is a story: a project in `input`, what happens in `steps.yaml`, and in `expected` what each command line says.
 * `UPDATE=1 npx vitest run test/golden` writes `expected` anew. Read every changed line: it becomes what is right.
 */
const isUpdate = process.env.UPDATE === '1';
const stories = storiesIn(import.meta.dirname);

test('nothing is written anew in CI', () => {
  expect(isUpdate && process.env.CI !== undefined).toBe(false);
});

test.each(stories)('$name', async (story) => {
  const told = await play(story);
  const expected = join(story.folder, 'expected');
  if (isUpdate && process.env.CI === undefined) rewrite(expected, told);
  const files = readdirSync(expected);
  expect(new Set(files)).toEqual(new Set(told.keys()));
  for (const [file, text] of told) expect(text, file).toBe(readFileSync(join(expected, file), 'utf8'));
});

function rewrite(folder: string, told: ReadonlyMap<string, string>): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [file, text] of told) writeFileSync(join(folder, file), text);
}
