import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kinds } from '../src/providers/index.ts';
import { formatted } from '../src/write/format.ts';
import { manifestText } from '../src/write/manifest.ts';
import { cli } from './cli/in-process.ts';
import { workspace } from './cli/workspace.ts';
import { type Editor, type EditorDiagnostic, type Position, startEditor } from './support/language-server.ts';
import { root } from './support/processes.ts';

const manifests = [...yamlIn('datasets'), ...yamlIn('syncs'), ...yamlIn('fabra/syncs')];
const projects = ['syncline.yaml', 'fabra/syncline.yaml'];

/** Of this repository: what a file says in its first line decides. */
let byLine: Editor;
/** Of a project in which `schema --install` was run: its settings decide. */
let bySettings: Editor;
let project: string;

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'syncline-editor-'));
  mkdirSync(join(project, 'node_modules/syncline'), { recursive: true });
  symlinkSync(join(root, 'schemas'), join(project, 'node_modules/syncline/schemas'));
  await cli('init', { cwd: project });
  await cli('schema --install', { cwd: project });
  const settings = JSON.parse(readFileSync(join(project, '.vscode/settings.json'), 'utf8'));
  byLine = await startEditor();
  bySettings = await startEditor({ folder: project, schemas: settings['yaml.schemas'] });
});
afterAll(() => {
  byLine.close();
  bySettings.close();
  rmSync(project, { recursive: true, force: true });
});

describe('nothing is underlined', () => {
  const files = [...projects, ...manifests];

  test('in the examples, which name their schemas', async () => {
    const texts = files.map((name) => [`examples/${name}`, read(root, 'examples', name)] as const);
    expect(await underlined(byLine, texts)).toEqual([]);
  });

  test('in the examples under the installed settings', async () => {
    const texts = files.map((name) => [placeOf(name), withoutLine(read(root, 'examples', name))] as const);
    expect(await underlined(bySettings, texts)).toEqual([]);
  });

  test('in what `init` writes', async () => {
    const texts = ['syncline.yaml', 'syncs/example.yaml'].map((name) => [name, read(project, name)] as const);
    for (const [, text] of texts) expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.?\//);
    expect(await underlined(bySettings, texts)).toEqual([]);
    const bare = texts.map(([name, text]) => [placeOf(`plain/${name}`), withoutLine(text)] as const);
    expect(await underlined(bySettings, bare)).toEqual([]);
  });

  test('in manifests that are written anew, and in those that are put in order', async () => {
    const written = manifests.flatMap((name) => {
      const text = read(root, 'examples', name);
      const anew = loadAll(text).map((document) => {
        const { kind, name: called, spec, ...more } = Object(document);
        return manifestText({ kind, name: called, spec, ...more });
      });
      return [
        [placeOf(`anew/${name}`), anew.join('---\n')] as const,
        [placeOf(`ordered/${name}`), formatted(withoutLine(text))] as const,
      ];
    });
    expect(await underlined(bySettings, written)).toEqual([]);
  });

  test('in what `pull` writes', async () => {
    const space = await workspace();
    rmSync(join(space.folder, 'syncs'), { recursive: true });
    space.write('syncline.yaml', read(space.folder, 'syncline.yaml').replace('syncs/**/*.yaml', 'live/**/*.yaml'));
    const said = await space.run('pull');
    const pulled = readdirSync(join(space.folder, 'live'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.yaml'),
    );
    expect(pulled.length, said.out + said.err).toBeGreaterThan(2);
    const texts = pulled.map(
      (name) => [`syncs/pulled/${name}`, withoutLine(read(space.folder, 'live', name))] as const,
    );
    expect(await underlined(bySettings, texts)).toEqual([]);
  });

  test('in a file of several documents, each of its own kind', async () => {
    const texts = manifests.map((name) => withoutLine(read(root, 'examples', name)));
    const all = kinds.map(({ kind }) => texts.find((text) => text.includes(`kind: ${kind}\n`)) ?? '');
    expect(all).not.toContain('');
    expect(await underlined(bySettings, [['syncs/all.yaml', all.join('---\n')]])).toEqual([]);
  });
});

const wrongSpec = `kind: CensusSync
name: probe
spec:
  operation: upsrt
  source_attributes: { connection: A, connection_id: 1, object: { type: tabel } }
  destination_attributes: { connection: B, object: C }
  mappings:
    - { from: EMAIL, to: Email, primry: true }
  paused: 'no'
`;

describe('a mistake is underlined where it stands, once', () => {
  const row = (what: string, text: string, ...wanted: readonly (readonly [string, RegExp])[]) => ({
    what,
    text,
    wanted,
  });
  test.each([
    row(
      'wrong values and unknown keys',
      wrongSpec,
      ['upsrt', /Valid values: "upsert", "update", "insert", "append", "mirror", "delete"\.$/],
      ['tabel', /Valid values: "table", "model", "dataset", "topic", "segment", "cohort"\.$/],
      ['connection', /^"connection_id" is there already: write one of the two\.$/],
      ['primry', /primry/],
      ["'no'", /^Write true or false, or a variable/],
    ),
    row('a misspelt kind hides the rest', wrongSpec.replace('CensusSync', 'CensusSnyc'), [
      'CensusSnyc',
      /Valid values: "CensusDataset", "CensusSync"/,
    ]),
    row('a missing kind hides the rest', wrongSpec.replace('kind: CensusSync\n', ''), [
      'n',
      /^Missing property "kind"\.$/,
    ]),
    row(
      'a second document has its own kind',
      `kind: CensusDataset\nname: a\nspec: { name: A, type: sql, query: x, source: B }\n---\nkind: CensusDataset\nname: b\nspec: { name: A, type: sql, query: x, source: B, operation: upsert }\n`,
      ['operation', /operation/],
    ),
    row('one of two keys is missing', 'kind: CensusDataset\nname: a\nspec: { name: A, type: sql, query: x }\n', [
      'spec',
      /^Write "source" or "source_id" here\.$/,
    ]),
    row(
      'a replace that the kind does not have',
      'kind: CensusDataset\nname: a\nlifecycle: { replace: allow }\nspec: { name: A, type: sql, query: x, source: B }\n',
      ['replace', /replace/],
    ),
  ])('$what', async ({ what, text, wanted }) => {
    const found = await bySettings.open(placeOf(`wrong/${what}.yaml`), text);
    const marked = found.map((one) => markedBy(text, one));
    expect(marked.toSorted()).toEqual(wanted.map(([part]) => part).toSorted());
    for (const [part, message] of wanted)
      expect(found.find((one) => markedBy(text, one) === part)?.message).toMatch(message);
  });

  test('the project file, too', async () => {
    const text = 'version: 1\nmanifests: []\ntargets:\n  production: { provider: censsu, api: v1 }\nledgr: git\n';
    const found = await bySettings.open('wrong/syncline.yaml', text);
    expect(found.map((one) => markedBy(text, one)).toSorted()).toEqual(['censsu', 'ledgr']);
  });

  test('what answers of the API hold is not, and is not proposed either', async () => {
    const answer = wrongSpec
      .replace('upsrt', 'upsert')
      .replace('connection_id: 1, ', '')
      .replace("'no'", `$${'{vars.paused}'}`)
      .replace('primry', 'primary');
    const pasted = `${answer.replace('type: tabel', 'type: business_object_source, dataset_id: 3, name: D')}  field_order: ''\n`;
    expect(await bySettings.open('syncs/pasted.yaml', pasted)).toEqual([]);
  });
});

describe('completion', () => {
  const sync = 'kind: CensusSync\nname: a\nspec:\n';
  const dataset = 'kind: CensusDataset\nname: a\nspec:\n';
  test.each<readonly [what: string, text: string, wanted: readonly string[], others: readonly string[]]>([
    [
      'an empty file',
      '¦',
      ['kind', 'Census sync: from a table', 'Census dataset: with its query in a file'],
      ['name', 'spec'],
    ],
    ['the kind', 'kind: ¦\n', ['CensusDataset', 'CensusSync', 'FabraSync'], []],
    [
      'what follows the kind',
      'kind: CensusSync\n¦\n',
      ['name', 'spec', 'lifecycle', 'targets', 'overrides', 'Census sync: from a dataset'],
      ['kind', 'Fabra sync: from a table'],
    ],
    [
      'the keys of a sync',
      `${sync}  operation: upsert\n  ¦\n`,
      ['label', 'mappings', 'mode', 'alert_attributes'],
      ['operation', 'id', 'status', 'schedule_frequency', 'query'],
    ],
    ['an enum', `${sync}  operation: ¦\n`, ['upsert', 'update', 'insert', 'append', 'mirror'], ['null', '""']],
    ['an enum that may be cleared', `${sync}  field_order: ¦\n`, ['mapping_order', 'null'], ['""']],
    [
      'a source before its type',
      `${sync}  source_attributes:\n    object:\n      ¦\n`,
      ['type'],
      ['table_name', 'dataset_id', 'created_at'],
    ],
    [
      'the type of a source',
      `${sync}  source_attributes:\n    object:\n      type: ¦\n`,
      ['table', 'model', 'segment'],
      ['business_object_source'],
    ],
    [
      'a source after its type',
      `${sync}  source_attributes:\n    object:\n      type: segment\n      ¦\n`,
      ['name', 'dataset', 'id', 'dataset_id'],
      ['table_name', 'type'],
    ],
    [
      'an item of the mappings',
      `${sync}  mappings:\n    - ¦\n`,
      ['Column', 'Primary identifier', 'Constant', 'Liquid template', 'from', 'to', 'primary'],
      ['position'],
    ],
    [
      'what fills a field',
      `${sync}  mappings:\n    - from: ¦\n`,
      ['Column', 'Constant', 'Liquid template'],
      ['[object Object]'],
    ],
    [
      'a short form',
      `${sync}  mappings:\n    - from:\n        ¦\n`,
      ['constant', 'liquid_template', 'sync_metadata', 'type'],
      ['basic_type', 'data'],
    ],
    ['triggers', `${sync}  mode: ¦\n`, ['Every day', 'By cron expression', 'After another sync'], ['Default value']],
    [
      'options of an alert',
      `${sync}  alert_attributes:\n    - type: RuntimeAlertConfiguration\n      options:\n        ¦\n`,
      ['threshold', 'unit', 'start_type'],
      ['record_type'],
    ],
    ['a query', `${dataset}  query: ¦\n`, ['SQL', 'A file with SQL'], ['[object Object]']],
    [
      'what happens when the file goes',
      'kind: CensusDataset\nname: a\nlifecycle:\n  on_delete: ¦\nspec: {}\n',
      ['delete', 'abandon'],
      ['pause'],
    ],
    [
      'an override',
      'kind: CensusSync\nname: a\noverrides:\n  staging:\n    ¦\nspec: {}\n',
      ['paused', 'source_attributes', 'label'],
      [],
    ],
    ['a second document', `${dataset}  name: A\n---\n${sync}  operation: ¦\n`, ['upsert', 'mirror'], []],
  ])('offers %s', async (what, text, wanted, others) => {
    const labels = (await proposals(`syncs/complete ${what}.yaml`, text)).map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining([...wanted]));
    expect(labels.filter((label) => others.includes(label))).toEqual([]);
  });

  test('offers the services of a target, and what goes with one', async () => {
    const target = 'version: 1\nmanifests: []\ntargets:\n  production:\n';
    const first = await proposals('empty/syncline.yaml', `${target}    ¦\n`);
    expect(first.map(({ label }) => label)).toEqual(expect.arrayContaining(['Census', 'Fabra', 'provider']));
    const apis = await proposals('census/syncline.yaml', `${target}    provider: census\n    api: ¦\n`);
    expect(apis.map(({ label }) => label)).toEqual(['v1', 'v2']);
  });

  test('writes no default into the file', async () => {
    const keys = await proposals('syncs/defaults.yaml', `${sync}  ¦\n`);
    const items = await proposals('syncs/defaults-of-items.yaml', `${sync}  mappings:\n    - ¦\n`);
    const texts = [...keys, ...items].map(({ text }) => text).join('\n');
    expect(texts).not.toMatch(/: \$\{\d+:false|(preserve_values|sync_null_values|paused): \S|failed_run_notifications/);
    expect(keys.find(({ label }) => label === 'mappings')?.text).toBe('mappings:\n  - from: $1\n    to: $2');
  });

  test('proposes whole manifests that are valid as they stand', async () => {
    const whole = (await proposals('syncs/whole.yaml', '¦')).filter(({ label }) => label.includes(': '));
    expect(new Set(whole.map(({ text }) => /^kind: (\w+)/.exec(text)?.[1]))).toEqual(
      new Set(kinds.map(({ kind }) => kind)),
    );
    for (const [index, { label, text }] of whole.entries()) {
      const filled = text.replaceAll(/\$\{\d+\|([^,]*)[^}]*\}/g, '$1').replaceAll(/\$\{\d+:([^}]*)\}/g, '$1');
      expect(await bySettings.open(`syncs/whole-${index}.yaml`, `${filled}\n`), label).toEqual([]);
    }
  });
});

describe('a hover', () => {
  test.each<readonly [key: string, file: string, words: RegExp]>([
    ['kind', 'syncs/short-mappings.yaml', /^#### Kind\n[\s\S]*`CensusSync`: Census sync/],
    ['spec', 'syncs/short-mappings.yaml', /^#### Census sync\n[\s\S]*create request/],
    ['operation', 'syncs/short-mappings.yaml', /^#### Operation\n[\s\S]*`mirror`: .*See `mirror_strategy`/],
    ['connection', 'syncs/short-mappings.yaml', /Name of the source connection[\s\S]*instead of `connection_id`/],
    ['object', 'syncs/short-mappings.yaml', /^#### Source object\n[\s\S]*A name may stand for an id/],
    ['from', 'syncs/short-mappings.yaml', /`from: EMAIL` is short for[\s\S]*`\{constant: warehouse\}`/],
    ['primary', 'syncs/short-mappings.yaml', /Short for `is_primary_identifier`/],
    ['to', 'syncs/short-mappings.yaml', /^#### Destination field\n/],
    ['sync', 'syncs/vip-audience.yaml', /Name of the manifest \(kind CensusSync\)/],
    ['query', 'datasets/recent-orders.yaml', /`\{file: sql\/users\.sql\}`/],
    ['on_delete', 'syncs/accounts-with-owners.yaml', /^#### On delete\n[\s\S]*`pause`: /],
    ['field_order', 'syncs/billing-orders.yaml', /^#### Field order\n[\s\S]*`mapping_order`: As listed in `mappings`/],
    ['max_deletes', 'syncline.yaml', /`--force-deletes`[\s\S]*The default is `5`\./],
  ])('of %s in %s explains it', async (key, name, words) => {
    const text = withoutLine(read(root, 'examples', name));
    const path = placeOf(`hover/${key}/${name}`);
    bySettings.show(path, text);
    expect(await bySettings.hover(path, keyIn(text, key))).toMatch(words);
  });

  test('of a second document comes from the line in front of it', async () => {
    const path = 'examples/syncs/billing-orders.yaml';
    const text = read(root, path);
    byLine.show(path, text);
    const line = text.split('\n').findLastIndex((one) => one.startsWith('  operation:'));
    expect(await byLine.hover(path, { line, character: 4 })).toMatch(/^#### Operation\n/);
  });

  test.each([
    'syncs/every-alert.yaml',
    'syncs/billing-orders.yaml',
    'syncs/trial-cohort.yaml',
    'fabra/syncs/acme-orders.yaml',
  ])('of any key in examples/%s says each thing once', async (name) => {
    const text = withoutLine(read(root, 'examples', name));
    const path = placeOf(`every/${name}`);
    bySettings.show(path, text);
    for (const at of keysIn(text)) {
      const words = await bySettings.hover(path, at);
      const lines = words.split('\n').filter((line) => line.trim() !== '' && !/^(Example:|```.*)$/.test(line));
      expect(words, JSON.stringify(at)).not.toMatch(/\|\||^\* `[^`]*`$/m);
      expect(new Set(lines).size, words).toBe(lines.length);
      expect(lines.filter((line) => line.startsWith('#### '))).toHaveLength(lines.length === 0 ? 0 : 1);
    }
  });
});

/** What is underlined in files that are open side by side, with the names of the files. */
async function underlined(editor: Editor, files: readonly (readonly [path: string, text: string])[]) {
  const found = await Promise.all(files.map(([path, text]) => editor.open(path, text)));
  return files.flatMap(([path], index) => (found[index] ?? []).map(({ message, range }) => [path, message, range]));
}

/** What is proposed at the mark `¦`. */
async function proposals(path: string, marked: string) {
  const [before = '', after = ''] = marked.split('¦');
  bySettings.show(path, before + after);
  const lines = before.split('\n');
  return bySettings.complete(path, { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 });
}

function markedBy(text: string, { range: { start, end } }: EditorDiagnostic): string {
  return (text.split('\n')[start.line] ?? '').slice(
    start.character,
    start.line === end.line ? end.character : undefined,
  );
}

/** Where the first key of that name stands. */
function keyIn(text: string, key: string): Position {
  const lines = text.split('\n');
  const found = keysIn(text).find(({ line, character }) => lines[line]?.slice(character - 1).startsWith(`${key}:`));
  if (found === undefined) throw new Error(`There is no key "${key}".`);
  return found;
}

function keysIn(text: string): readonly Position[] {
  return text.split('\n').flatMap((one, line) =>
    /^\s*#/.test(one)
      ? []
      : [...one.replace(/ #.*/, '').matchAll(/(?<=^|[\s{-])\w+(?=:(\s|$))/g)].map((match) => ({
          line,
          character: match.index + 1,
        })),
  );
}

function yamlIn(folder: string): readonly string[] {
  const names = readdirSync(join(root, 'examples', folder)).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => `${folder}/${name}`);
}

function read(...path: string[]): string {
  return readFileSync(join(...path), 'utf8');
}

/** A place that the globs of the installed settings reach. */
function placeOf(name: string): string {
  return name.endsWith('syncline.yaml') ? `other/${name}` : `syncs/${name}`;
}

function withoutLine(text: string): string {
  return text.replaceAll(/^# yaml-language-server: .*\n/gm, '');
}
