import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { schemas } from '../../src/generated/schemas.js';
import { schemaComment, schemaLineOf } from '../../src/write/schema-line.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'syncline-line-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const inPackage = 'node_modules/syncline/schemas/census/sync.schema.json';

function add(path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), '{}');
}

function lineOf(file: string, project = '.'): string | undefined {
  return schemaLineOf({ root: join(root, project), file, kind: 'CensusSync' });
}

test('with nothing installed it is the address at which the schema calls itself', () => {
  for (const [kind, schema] of Object.entries(schemas))
    expect(schemaLineOf({ root, file: 'syncs/a.yaml', kind })).toBe(Reflect.get(schema, '$id'));
});

test.each([
  ['a.yaml', './'],
  ['syncs/a.yaml', '../'],
  ['syncs/crm/eu/a.yaml', '../../../'],
])('of %s it leads from there to the installed package', (file, up) => {
  add(inPackage);
  expect(lineOf(file)).toBe(up + inPackage);
});

test('the package may be installed in a folder above, up to the root of the repository', () => {
  add(inPackage);
  mkdirSync(join(root, 'teams/crm'), { recursive: true });
  expect(lineOf('syncs/a.yaml', 'teams/crm')).toMatch(/^https:/);
  add('.git/HEAD');
  expect(lineOf('syncs/a.yaml', 'teams/crm')).toBe(`../../../${inPackage}`);
  expect(lineOf('a.yaml', 'teams/crm')).toBe(`../../${inPackage}`);
  add('teams/.git');
  expect(lineOf('a.yaml', 'teams/crm')).toMatch(/^https:/);
});

test('schemas that were set up for the editor come first', () => {
  add(inPackage);
  add('.vscode/syncline/manifest.schema.json');
  expect(lineOf('syncs/eu/a.yaml')).toBe('../../.vscode/syncline/manifest.schema.json');
  expect(schemaLineOf({ root, file: 'syncline.yaml', kind: 'syncline.yaml' })).toMatch(/^https:/);
  add('.vscode/syncline/syncline.schema.json');
  expect(schemaLineOf({ root, file: 'syncline.yaml', kind: 'syncline.yaml' })).toBe(
    './.vscode/syncline/syncline.schema.json',
  );
});

test('a kind that nobody knows has none', () => {
  expect(schemaLineOf({ root, file: 'a.yaml', kind: 'constructor' })).toBeUndefined();
  expect(schemaComment(undefined)).toBe('');
  expect(schemaComment('./a.json')).toBe('# yaml-language-server: $schema=./a.json\n');
});
