import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { cli, folder as freshFolder } from './cli/in-process.ts';
import { startEditor } from './support/language-server.ts';
import { root } from './support/processes.ts';

const place = join(root, '.github/schemastore');

interface Entry {
  readonly name: string;
  readonly description: string;
  readonly fileMatch: readonly string[];
  readonly url: string;
}
const entries: readonly Entry[] = JSON.parse(read(place, 'catalog-entries.json'));
const published = { 'syncline-manifest': 'manifest.schema.json', 'syncline-project': 'syncline.schema.json' };

describe('an entry of the catalog', () => {
  test('says what SchemaStore asks for, and nothing else, in the order of the names', () => {
    const names = entries.map(({ name }) => name);
    expect(names).toEqual(names.toSorted());
    for (const entry of entries) {
      expect(Object.keys(entry)).toEqual(['name', 'description', 'fileMatch', 'url']);
      expect(entry.description).toMatch(/^[A-Z].*[^.:]$/);
      expect(new Set(entry.fileMatch).size).toBe(entry.fileMatch.length);
    }
  });

  test('leads to where the schema says that it is', () => {
    const ids = Object.values(published).map((file) => JSON.parse(read(root, 'schemas', file)).$id);
    expect(entries.map(({ url }) => url)).toEqual(ids);
  });

  test('claims our own names only, as editors understand them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'syncline-store-'));
    const schemas = entries.map(({ url, fileMatch }) => [
      join(root, 'schemas', url.split('/schemas/')[1] ?? ''),
      fileMatch,
    ]);
    const editor = await startEditor({ folder, schemas: Object.fromEntries(schemas) });
    const isClaimed = async (path: string) => (await editor.open(path, 'nobody: 1\n')).length > 0;
    try {
      for (const path of ['syncline.yaml', 'crm/syncline.yaml', 'syncs/users.syncline.yaml', 'prod/a/b.syncline.yml'])
        expect(await isClaimed(path), path).toBe(true);
      for (const path of [
        'syncs/users.yaml',
        'syncs/a/b.yaml',
        'datasets/a.yaml',
        'my-syncline.yaml',
        'syncline/a.yaml',
      ])
        expect(await isClaimed(path), path).toBe(false);
    } finally {
      editor.close();
      rmSync(folder, { recursive: true });
    }
  });

  test('fits a file that the globs of a new project find', async () => {
    const cwd = freshFolder();
    await cli('init', { cwd });
    const manifest = read(place, 'src/test/syncline-manifest/census-sync.yaml');
    writeFileSync(join(cwd, 'syncs/users.syncline.yaml'), manifest.replace('  staging:', '  production:'));
    expect((await cli('validate', { cwd })).out).toBe('2 manifests are valid.\n');
  });
});

describe.each(Object.entries(published))('the data for %s', (name, file) => {
  const isValid = new Ajv2020({ strict: false, allErrors: true }).compile(JSON.parse(read(root, 'schemas', file)));
  const filesIn = (kind: string) =>
    readdirSync(join(place, 'src', kind, name)).map((one) => [one, read(place, 'src', kind, name, one)] as const);

  test.each(filesIn('test'))('%s is valid', (_file, text) => {
    expect(isValid(load(text)) ? [] : isValid.errors).toEqual([]);
  });

  test.each(filesIn('negative_test'))('%s is wrong where it says', (_file, text) => {
    const [, wrong = ''] = /^# Wrong: \/(\S*)\n/.exec(text) ?? [];
    expect(isValid(load(text))).toBe(false);
    const places = (isValid.errors ?? []).filter(({ keyword }) => keyword !== 'if').map((error) => error.instancePath);
    expect(places).toContain(wrong === '' ? '' : `/${wrong}`);
    // Nothing else is wrong: all that is said lies on the way there.
    expect(places.filter((one) => !`/${wrong}`.startsWith(one))).toEqual([]);
  });
});

function read(...path: string[]): string {
  return readFileSync(join(...path), 'utf8');
}
