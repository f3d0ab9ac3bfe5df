// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how references are written.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { relative } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { formatManifests } from '../../src/engine/format.ts';
import { loadProject } from '../../src/load/project.ts';
import { folder, line, manifest, validated } from './workspace.ts';

const census = 'provider: census, api: v1, token: "${env.TOKEN}"';

/** `one` and `two` have globs of their own; `rest` reads those of the project. */
const apart = (own = 'one/**/*.yaml', other = 'two/*.yaml', project = 'syncs/*.yaml') => `version: 1
manifests: [${project}]
targets:
  rest: { ${census} }
  one: { ${census}, manifests: [${own}] }
  two: { ${census}, manifests: [${other}] }
`;

const files = {
  'syncline.yaml': apart(),
  'syncs/a.yaml': manifest('a'),
  'one/b.yaml': manifest('b'),
  'two/b.yaml': manifest('b'),
};

const named = (name: string, targets: string, label = name) =>
  manifest(name, label).replace('spec:', `targets: [${targets}]\nspec:`);

async function owners(root: string, targets?: readonly string[]) {
  const { manifests, diagnostics, count } = await validated(root, { targets });
  const places = [...manifests].map(([name, list]) => [name, list.map((one) => one.origin.file)]);
  return { owners: Object.fromEntries(places), told: diagnostics.map(line), count };
}

describe('whose a manifest is', () => {
  test('goes by the globs that find it, and names are those of a target', async () => {
    expect(await owners(folder(files))).toEqual({
      owners: { rest: ['syncs/a.yaml'], one: ['one/b.yaml'], two: ['two/b.yaml'] },
      told: [],
      count: 3,
    });
  });

  test('a name that one target has twice is told, whichever list found it', async () => {
    const root = folder({ ...files, 'one/c.yaml': manifest('b', 'another') });
    expect((await owners(root)).told).toEqual(['one/c.yaml:2:7 duplicate-name']);
  });

  test('a glob that lists repeat is meant for each of them', async () => {
    const text = apart('"syncs/*.yaml", one/*.yaml');
    expect(await owners(folder({ ...files, 'syncline.yaml': text }))).toMatchObject({
      owners: { rest: ['syncs/a.yaml'], one: ['one/b.yaml', 'syncs/a.yaml'], two: ['two/b.yaml'] },
      told: [],
    });
  });

  test('different globs that find one file leave it open, unless the manifest says it or one leaves the file out', async () => {
    const broad = {
      ...files,
      'two/b.yaml': manifest('c'),
      'syncline.yaml': apart('one/**/*.yaml', 'two/*.yaml', '"**/*.yaml"'),
    };
    expect((await owners(folder(broad))).told).toEqual([
      'one/b.yaml:1:1 contested-file',
      'two/b.yaml:1:1 contested-file',
    ]);
    const said = { ...broad, 'one/b.yaml': named('b', 'one'), 'two/b.yaml': named('b', 'rest, two') };
    expect(await owners(folder(said))).toMatchObject({
      owners: { rest: ['syncs/a.yaml', 'two/b.yaml'], one: ['one/b.yaml'], two: ['two/b.yaml'] },
      told: [],
    });
    const narrow = apart('one/**/*.yaml', 'two/*.yaml', '"**/*.yaml", "!one/**", "!two/**"');
    expect((await owners(folder({ ...files, 'syncline.yaml': narrow }))).told).toEqual([]);
  });

  test('a manifest cannot name a target that does not find it, nor override for it', async () => {
    const root = folder({
      ...files,
      'one/b.yaml': named('b', 'one, rest'),
      'two/b.yaml': manifest('b').replace('spec:', 'overrides: { one: { paused: true } }\nspec:'),
    });
    expect((await owners(root)).told).toEqual(['one/b.yaml:3:16 target-elsewhere', 'two/b.yaml:3:14 unused-override']);
  });

  test("what the globs of a project find is nobody's where every target has its own", async () => {
    const text = `version: 1\nmanifests: [syncs/*.yaml]\ntargets:\n  one: { ${census}, manifests: [one/*.yaml] }\n`;
    const root = folder({ 'syncline.yaml': text, 'syncs/a.yaml': manifest('a'), 'one/b.yaml': manifest('b') });
    expect((await owners(root)).told).toEqual(['syncs/a.yaml:1:7 no-target']);
    expect((await owners(root, ['one'])).told).toEqual([]);
  });
});

describe('where one target is selected', () => {
  const broken = {
    ...files,
    'two/b.yaml': 'kind: CensusSync\nname: [\n',
    'syncs/a.yaml': 'kind: CensusSync\n',
    'one/stray.yml': manifest('stray'),
  };

  test('mistakes in the files of others are not its mistakes; a file that only others find is no stray', async () => {
    const root = folder({
      ...broken,
      'one/two/x.yaml': 'no: manifest\n',
      'syncline.yaml': apart('one/*.yaml', 'one/two/*.yaml'),
    });
    expect((await owners(root, ['one'])).told).toEqual(['one/stray.yml:1:1 unmatched-file']);
    expect((await owners(root, ['rest'])).told).not.toContain('one/stray.yml:1:1 unmatched-file');
  });

  test('a glob that finds nothing is told at its list, to those who read it', async () => {
    const root = folder({ ...files, 'syncline.yaml': apart('uno/*.yaml') });
    expect((await owners(root, ['one'])).told).toEqual(['syncline.yaml:5:72 empty-glob']);
    expect((await owners(root, ['two'])).told).toEqual([]);
    const fleet = folder({
      ...files,
      'syncline.yaml': `version: 1\ntargets_from: { file: fleet.csv, defaults: { ${census} } }\n`,
      'fleet.csv': 'name,manifests\none,one/*.yaml;uno/*.yaml\n',
    });
    expect((await owners(fleet)).told).toEqual(['fleet.csv:2:5 empty-glob']);
  });

  test('with paths and without targets, all lists are seen', async () => {
    const root = folder(broken);
    const { diagnostics } = await validated(root, { paths: ['two'] });
    expect(diagnostics.map(line)).toEqual(['two/b.yaml:3:1 yaml-syntax']);
  });

  test('of a hundred targets, its files alone are read', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `c${index}`);
    const rows = names.map((name) => `${name},${name}/**/*.yaml;common/*.yaml`);
    const root = folder({
      'syncline.yaml': `version: 1\nmanifests: [syncs/*.yaml]\ntargets_from: { file: fleet.csv, defaults: { ${census} } }\n`,
      'fleet.csv': ['name,manifests', ...rows, ''].join('\n'),
      'syncs/unread.yaml': 'not: [read\n',
      'common/shared.yaml': manifest('shared'),
      ...Object.fromEntries(names.flatMap((name) => ['x', 'z'].map((one) => [`${name}/${one}.yaml`, manifest(one)]))),
    });
    const opened = opens(root);
    const found = await owners(root, ['c42']);
    expect(found).toEqual({
      owners: { c42: ['c42/x.yaml', 'c42/z.yaml', 'common/shared.yaml'] },
      told: [],
      count: 3,
    });
    expect(opened).toEqual(['syncline.yaml', 'fleet.csv', 'c42/x.yaml', 'c42/z.yaml', 'common/shared.yaml']);
  });
});

/** Every file below a folder that is opened from now on, in order. Opening goes on as it does. */
function opens(root: string): readonly string[] {
  const opened: string[] = [];
  const { openSync, readFileSync } = fs;
  const note = (path: unknown) => {
    const file = typeof path === 'string' ? relative(root, path) : '..';
    if (!file.startsWith('..')) opened.push(file);
  };
  fs.openSync = (path, ...rest) => {
    note(path);
    return openSync(path, ...rest);
  };
  fs.readFileSync = new Proxy(readFileSync, {
    apply: (read, self, args) => {
      note(args[0]);
      return Reflect.apply(read, self, args);
    },
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    Object.assign(fs, { openSync, readFileSync });
    syncBuiltinESMExports();
  });
  return opened;
}

test('formatting sees the files of every target, and the fleet file is no manifest', () => {
  const untidy = manifest('b').replace('kind: CensusSync\nname: b', 'name: b\nkind: CensusSync');
  const root = folder({
    'syncline.yaml': `version: 1\nmanifests: ["*.yaml"]\ntargets_from: { file: fleet.yaml, defaults: { ${census} } }\n`,
    'fleet.yaml': '- { name: one, manifests: [one/*.yaml] }\n-   name: two\n',
    'a.yaml': untidy,
    'one/b.yaml': untidy,
  });
  const { project } = loadProject({ directory: root });
  if (project === undefined) throw new Error('It does not load.');
  const { changes, diagnostics } = formatManifests(project, ['CensusSync'], []);
  expect(diagnostics).toEqual([]);
  expect(changes.map((one) => one.file)).toEqual(['a.yaml', 'one/b.yaml']);
  // A hook names whatever has changed.
  expect(formatManifests(project, ['CensusSync'], ['fleet.yaml', 'a.yaml'])).toMatchObject({
    files: 1,
    diagnostics: [],
  });
});
