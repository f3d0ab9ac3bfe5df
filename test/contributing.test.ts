import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const guide = readFileSync(join(root, '.github/CONTRIBUTING.md'), 'utf8');

/** Paths in backticks, seen from one of these folders; words in capitals stand for a name, and addresses begin with one. */
const bases = ['', 'src', 'src/providers', 'schemas/source'];
const paths = [...guide.matchAll(/`([\w.-]+\/[\w./-]*)`/g)]
  .map((match) => match[1] ?? '')
  .filter((path) => !/[A-Z]{3}|^[A-Z]/.test(path) && !path.startsWith('.syncline'));

test('the guide for contributors names files and folders that are there', () => {
  expect(paths.length).toBeGreaterThan(15);
  const missing = paths.filter((path) => !bases.some((base) => existsSync(join(root, base, path))));
  expect(missing).toEqual([]);
});
