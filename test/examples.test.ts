import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { loadAll } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { validateProject } from '../src/engine/validate/validate.ts';
import { loadProject } from '../src/load/project.ts';
import { kinds } from '../src/providers/index.ts';
import { documented } from './providers/fabra/build.ts';
import { root } from './support/processes.ts';

const folder = join(root, 'examples');
const syncFiles = yamlIn('syncs').map((file) => ({ ...file, schema: 'sync' }));
const datasetFiles = yamlIn('datasets').map((file) => ({ ...file, schema: 'dataset' }));
const files = [...syncFiles, ...datasetFiles];
const manifests: readonly unknown[] = files.flatMap((file) => loadAll(file.text));
const specs = specsIn(syncFiles);
const datasets = specsIn(datasetFiles);

describe('the examples', () => {
  test('are valid, without a warning', async () => {
    const { project, diagnostics } = loadProject({ directory: folder });
    expect(diagnostics).toEqual([]);
    if (project === undefined) throw new Error('There is no project.');
    const validated = await validateProject({ project, kinds });
    expect(validated.diagnostics).toEqual([]);
    expect(validated.count).toBe(manifests.length);
    expect(validated.count).toBeGreaterThanOrEqual(10);
  });

  test.each(files)('$path begins with its schema, and explains itself', ({ text, schema }) => {
    const [first, second] = text.split('\n');
    expect(first).toBe(`# yaml-language-server: $schema=../../schemas/census/${schema}.schema.json`);
    expect(second).toMatch(/^# .{20,}/);
  });

  test('the guide names every one of them', () => {
    const guide = readFileSync(join(folder, 'README.md'), 'utf8');
    expect(files.map(({ path }) => path).filter((path) => !guide.includes(`(${path})`))).toEqual([]);
  });
});

test('the fleet is valid, and each target has its own manifests and the shared one', async () => {
  const { project, diagnostics } = loadProject({ directory: join(folder, 'fleet') });
  expect(diagnostics).toEqual([]);
  if (project === undefined) throw new Error('There is no project.');
  const validated = await validateProject({ project, kinds });
  expect(validated.diagnostics).toEqual([]);
  const files = [...validated.manifests].map(([name, list]) => [name, list.map((one) => one.origin.file)]);
  expect(files).toEqual([
    ['acme', ['acme/leads.yaml', 'common/users.yaml']],
    ['bolt', ['bolt/leads.yaml', 'common/users.yaml']],
  ]);
});

test('the guide to the fleet names every file of it', () => {
  const place = join(folder, 'fleet');
  const guide = readFileSync(join(place, 'README.md'), 'utf8');
  const entries = readdirSync(place, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const paths = entries.map((one) => relative(place, join(one.parentPath, one.name)).split(sep).join('/'));
  const named = paths.filter((path) => path !== 'README.md' && !path.startsWith('.syncline/'));
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((path) => !guide.includes(`(${path})`))).toEqual([]);
});

describe('the examples for Fabra', () => {
  const place = join(folder, 'fabra');
  const names = readdirSync(join(place, 'syncs'));
  const texts = names.map((name) => ({ name, text: readFileSync(join(place, 'syncs', name), 'utf8') }));
  const documents: readonly unknown[] = texts.flatMap(({ text }) => loadAll(text));
  const bodies = documents.map((document) => valuesOf([document], 'spec')[0]);

  test('are valid, without a warning', async () => {
    const { project, diagnostics } = loadProject({ directory: place });
    expect(diagnostics).toEqual([]);
    if (project === undefined) throw new Error('There is no project.');
    expect(project.targets.map(({ provider, api }) => `${provider} ${api}`)).toEqual(['fabra server']);
    const validated = await validateProject({ project, kinds });
    expect(validated.diagnostics).toEqual([]);
    expect(validated.count).toBe(texts.length);
  });

  test.each(texts)('$name begins with its schema, and explains itself', ({ text }) => {
    const [first, second] = text.split('\n');
    expect(first).toBe('# yaml-language-server: $schema=../../../schemas/fabra/sync.schema.json');
    expect(second).toMatch(/^# .{20,}/);
  });

  test('hold the body of the API reference, word for word', () => {
    expect(bodies).toContainEqual(documented);
  });

  test('show ids and names, tables and joins, a pause, JSON fields and replacing', () => {
    const keys = bodies.flatMap((body) => Object.keys(isObject(body) ? body : {}));
    const wanted = ['source', 'source_id', 'object', 'object_id', 'destination', 'destination_id', 'table_name'];
    expect(keys).toEqual(expect.arrayContaining([...wanted, 'custom_join', 'recurring', 'sync_mode']));
    expect(valuesOf(bodies, 'status')).toEqual(['paused']);
    expect(valuesOf(bodies, 'field_mappings.is_json_field')).toContain(true);
    expect(valuesOf(documents, 'lifecycle.replace')).toEqual(['allow']);
  });
});

describe('together the examples show', () => {
  test.each([
    ['every kind of source', 'object.type', ['table', 'model', 'dataset', 'segment', 'cohort', 'topic']],
    ['every operation', 'operation', ['append', 'insert', 'mirror', 'update', 'upsert']],
    [
      'every frequency',
      'frequency',
      ['never', 'continuous', 'quarter_hourly', 'hourly', 'daily', 'weekly', 'expression'],
    ],
    ['every type of constant', 'basic_type', ['text', 'number', 'boolean', 'datetime']],
    [
      'every alert',
      'alert_attributes.type',
      [
        'FailureAlertConfiguration',
        'InvalidRecordPercentAlertConfiguration',
        'FullSyncTriggerAlertConfiguration',
        'RecordCountDeviationAlertConfiguration',
        'RuntimeAlertConfiguration',
        'StatusAlertConfiguration',
      ],
    ],
    [
      'every kind of mapping in the form of the API',
      'from.type',
      ['column', 'constant_value', 'sync_metadata', 'segment_membership', 'liquid_template'],
    ],
  ])('%s', (_what, path, wanted) => {
    expect(valuesOf(specs, path)).toEqual(expect.arrayContaining([...wanted]));
  });

  test.each([
    ['every short form of a mapping', 'from', ['constant', 'sync_metadata', 'segment_membership', 'liquid_template']],
    ['every trigger', 'triggers', ['schedule', 'dbt_cloud', 'fivetran', 'sync_sequence']],
    [
      'every setting of a mapping',
      'mappings',
      [
        'primary',
        'is_primary_identifier',
        'lookup_object',
        'lookup_field',
        'preserve_values',
        'generate_field',
        'sync_null_values',
        'operation',
        'array_field',
        'field_type',
        'follow_source_type',
      ],
    ],
    [
      'every field of a sync that is not deprecated',
      '',
      [
        'label',
        'operation',
        'source_attributes',
        'destination_attributes',
        'mappings',
        'mode',
        'paused',
        'alert_attributes',
        'advanced_configuration',
        'field_behavior',
        'field_normalization',
        'field_order',
        'sync_behavior_family',
        'high_water_mark_attribute',
        'high_water_mark_attributes',
        'historical_sync_operation',
        'mirror_strategy',
      ],
    ],
    ['ids and names of connections', 'source_attributes', ['connection', 'connection_id']],
    ['the lead union', 'destination_attributes', ['lead_union_insert_to']],
  ])('%s', (_what, path, wanted) => {
    const keys = valuesOf(specs, path).flatMap((value) => Object.keys(isObject(value) ? value : {}));
    expect(keys).toEqual(expect.arrayContaining([...wanted]));
  });

  test('columns as plain text, a manifest that others follow, variables, overrides, targets and every part of lifecycle', () => {
    expect(valuesOf(specs, 'mappings.from').filter((from) => typeof from === 'string')).not.toEqual([]);
    expect(valuesOf(specs, 'sync_sequence.sync')).toEqual(['active-customers']);
    expect(files.some(({ text }) => text.includes('${vars.'))).toBe(true);
    const keys = manifests.flatMap((manifest) => Object.keys(isObject(manifest) ? manifest : {}));
    expect(keys).toEqual(expect.arrayContaining(['targets', 'overrides', 'lifecycle']));
    const lifecycle = valuesOf(manifests, 'lifecycle').flatMap((value) => Object.keys(isObject(value) ? value : {}));
    expect(new Set(lifecycle)).toEqual(new Set(['adopt', 'hide', 'ignore', 'on_delete', 'protect', 'replace']));
  });

  test('a dataset with its query in the manifest, one with its query in a file that has a variable, and a sync of it', () => {
    const queries = valuesOf(datasets, 'query');
    expect(queries.filter((query) => typeof query === 'string')).not.toEqual([]);
    const paths = valuesOf(datasets, 'query.file').map((path) => join(folder, 'datasets', String(path)));
    expect(paths.some((path) => readFileSync(path, 'utf8').includes('${vars.'))).toBe(true);
    const [inFile] = datasets.filter((dataset) => valuesOf([dataset], 'query.file').length > 0);
    expect(valuesOf(specs, 'object.name')).toContain(valuesOf([inFile], 'name')[0]);
    const keys = datasets.flatMap((dataset) => Object.keys(isObject(dataset) ? dataset : {}));
    expect(keys).toEqual(expect.arrayContaining(['name', 'type', 'source', 'query', 'description']));
  });

  test('constants of every YAML type', () => {
    const types = new Set(valuesOf(specs, 'from.constant').map((value) => typeof value));
    expect(types).toEqual(new Set(['boolean', 'number', 'string']));
  });
});

/** The manifests of a folder of the examples. */
function yamlIn(place: string) {
  const names = readdirSync(join(folder, place)).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => ({ path: `${place}/${name}`, text: readFileSync(join(folder, place, name), 'utf8') }));
}

function specsIn(from: readonly { readonly text: string }[]): readonly unknown[] {
  return from.flatMap(({ text }) => loadAll(text)).map((manifest) => valuesOf([manifest], 'spec')[0]);
}

/** Every value whose place ends in `path` (keys parted by dots, lists looked through); the roots for an empty path. */
function valuesOf(roots: readonly unknown[], path: string): unknown[] {
  const found: unknown[] = [];
  const wanted = path === '' ? '' : `.${path}`;
  const visit = (value: unknown, place: string): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, place);
      return;
    }
    if (path === '' ? place === '' : place.endsWith(wanted)) found.push(value);
    if (isObject(value)) for (const [key, child] of Object.entries(value)) visit(child, `${place}.${key}`);
  };
  for (const one of roots) visit(one, '');
  return found;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
