import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { hints, knownKeys } from '../src/generated/known-keys.ts';
import { schemas } from '../src/generated/schemas.js';
import type {
  CensusDatasetManifest,
  CensusSyncManifest,
  FabraSyncManifest,
  SynclineProject,
} from '../src/generated/types.ts';
import { validateCensusDataset } from '../src/generated/validators/census-dataset.js';
import { validateCensusSync } from '../src/generated/validators/census-sync.js';
import { validateFabraSync } from '../src/generated/validators/fabra-sync.js';
import { validateProjectFile } from '../src/generated/validators/project-file.js';
import { isList, isObject, type Json, type JsonObject, withValueAt } from '../src/model/json.ts';
import type { SchemaError, SchemaValidator } from '../src/model/kind.ts';
import * as fabra from './providers/fabra/build.ts';
import { answers, documented, request } from './support/census-bodies.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** `${env.NAME}`, which in a plain string looks like a forgotten template. */
const env = (name: string) => `$${`{env.${name}}`}`;
const variable = (name: string) => `$${`{vars.${name}}`}`;
const statusAlert = (options: JsonObject) => ({ type: 'StatusAlertConfiguration', options });
const manifest = (spec: Json): JsonObject => ({ kind: 'CensusSync', name: 'probe', spec });
const project: JsonObject = {
  version: 1,
  manifests: ['syncs/**/*.yaml'],
  targets: { production: { provider: 'census', api: 'v1', token: env('CENSUS_TOKEN') } },
};

function errorsOf(validate: SchemaValidator, value: Json): readonly SchemaError[] {
  return validate(value) ? [] : (validate.errors ?? []);
}

/** What an editor says, which knows only the published schema. */
function published(name: string): SchemaValidator {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  return ajv.compile(schemas[name] ?? false);
}
const editor = published('CensusSync');
const { CensusSync: censusKeys = {}, FabraSync: fabraKeys = {} } = knownKeys;

describe('a CensusSync manifest may hold', () => {
  test('the body of a create request', () => {
    expect(errorsOf(validateCensusSync, manifest(request))).toEqual([]);
    expect(errorsOf(editor, manifest(request))).toEqual([]);
  });

  test.each(Object.entries(answers))('a whole answer of the API about a %s', (_, answer) => {
    expect(errorsOf(validateCensusSync, manifest(answer))).toEqual([]);
    expect(errorsOf(editor, manifest(answer))).toEqual([]);
  });

  test.each(documented)('%s with each documented value', (pointer, values) => {
    for (const value of values) {
      const spec = withValueAt(request, pointer, value);
      const clean = pointer.endsWith('/primary')
        ? withValueAt(spec, '/mappings/0/is_primary_identifier', undefined)
        : spec;
      expect(errorsOf(validateCensusSync, manifest(clean)), JSON.stringify(value)).toEqual([]);
      expect(errorsOf(editor, manifest(clean)), JSON.stringify(value)).toEqual([]);
    }
  });

  test('null in every optional field', () => {
    const required = ['operation', 'source_attributes', 'destination_attributes', 'mappings'];
    const optional = censusKeys['#/properties/spec/additionalProperties'] ?? [];
    const nulls = Object.fromEntries(optional.filter((key) => !required.includes(key)).map((key) => [key, null]));
    expect(Object.keys(nulls).length).toBeGreaterThan(25);
    expect(errorsOf(validateCensusSync, manifest({ ...request, ...nulls }))).toEqual([]);
    expect(errorsOf(editor, manifest({ ...request, ...nulls }))).toEqual([]);
  });

  test('names instead of ids', () => {
    const spec: CensusSyncManifest['spec'] = {
      operation: 'mirror',
      source_attributes: { connection: 'Snowflake Prod', object: { type: 'model', name: 'active_users' } },
      destination_attributes: { connection: 'CRM', object: 'Contact' },
      mappings: [{ from: 'EMAIL', to: 'Email', primary: true }],
      mode: { triggers: { sync_sequence: { sync: 'users-to-crm' } } },
    };
    expect(validateCensusSync({ kind: 'CensusSync', name: 'probe', spec })).toBe(true);
  });

  test('targets, lifecycle and overrides', () => {
    const whole: CensusSyncManifest = {
      kind: 'CensusSync',
      name: 'users-to-crm',
      targets: ['production'],
      lifecycle: {
        adopt: true,
        protect: true,
        replace: 'allow',
        on_delete: 'pause',
        ignore: ['/paused', '/a~1b/~0'],
        hide: ['/mappings/Title/from'],
      },
      overrides: { staging: { paused: true, source_attributes: { object: { name: 'x' } }, label: null } },
      spec: { ...request, operation: 'upsert' } as CensusSyncManifest['spec'],
    };
    expect(validateCensusSync(whole)).toBe(true);
    expect(editor(whole)).toBe(true);
  });
});

/** Where a mistake is made, what is put there (undefined: nothing), and the one error: its keyword, and its place if another. */
type Mistake = readonly [what: string, pointer: string, value: Json | undefined, keyword: string, place?: string];

const rows = (all: readonly Mistake[]) =>
  all.map(([what, pointer, value, keyword, place = pointer]) => ({ what, pointer, value, place, keyword }));

const source = '/spec/source_attributes';
const object = '/spec/source_attributes/object';
const mapping = '/spec/mappings/0';
const from = '/spec/mappings/0/from';
const triggers = '/spec/mode/triggers';
const alert = '/spec/alert_attributes/0';

const mistakes: readonly Mistake[] = [
  ['an unknown key', '/spec/lable', 'x', 'additionalProperties', '/spec'],
  ['an unknown key of the envelope', '/lifecyle', {}, 'additionalProperties', ''],
  ['an unknown key of lifecycle', '/lifecycle', { protected: true }, 'additionalProperties'],
  ['no operation', '/spec/operation', undefined, 'required', '/spec'],
  ['no mappings', '/spec/mappings', undefined, 'required', '/spec'],
  ['null where a value is required', '/spec/operation', null, 'enum'],
  ['a wrong operation', '/spec/operation', 'upsrt', 'enum'],
  ['a number for an enum', '/spec/operation', 5, 'enum'],
  ['text for a flag', '/spec/paused', 'no', 'type'],
  ['a variable that was not filled in', '/spec/paused', variable('paused'), 'type'],

  ['an id that is no number', `${source}/connection_id`, 'Warehouse', 'pattern'],
  ['an id of zero', `${source}/connection_id`, 0, 'minimum'],
  ['a connection by id and by name', `${source}/connection`, 'A', 'x-exactly-one', source],
  ['no connection', `${source}/connection_id`, undefined, 'x-exactly-one', source],
  ['a list for a source', source, [], 'type'],
  ['a source object without a type', object, {}, 'required'],
  ['a wrong type of source', `${object}/type`, 'tabel', 'enum'],
  ['a key of another type of source', `${object}/dataset`, 'D', 'additionalProperties', object],
  ['a table without its name', `${object}/table_name`, undefined, 'x-complete', object],
  ['a table without anything', object, { type: 'table' }, 'x-complete'],
  ['a segment without a dataset', object, { type: 'segment', name: 'V' }, 'x-exactly-one'],
  ['a cohort by name', object, { type: 'cohort', id: 1, name: 'C', dataset_id: 2 }, 'additionalProperties'],

  ['a mapping that is a text', mapping, 'EMAIL', 'type'],
  ['a mapping without a field', `${mapping}/to`, undefined, 'required', mapping],
  ['a mapping without a source', from, undefined, 'required', mapping],
  ['an unknown key of a mapping', `${mapping}/primry`, true, 'additionalProperties', mapping],
  ['the identifier said twice', `${mapping}/primary`, true, 'x-at-most-one', mapping],
  ['a number for a source column', from, 5, 'type'],
  ['an empty source column', from, '', 'minLength'],
  ['an empty source of a mapping', from, {}, 'minProperties'],
  ['a misspelt short form', from, { constnt: 'x' }, 'additionalProperties'],
  ['two short forms', from, { constant: 'x', sync_metadata: 'y' }, 'additionalProperties'],
  ['a list for a constant', from, { constant: [] }, 'type', `${from}/constant`],
  ['a wrong type of constant', from, { constant: 'x', basic_type: 'Text' }, 'enum', `${from}/basic_type`],
  ['data without a type', from, { data: 'EMAIL' }, 'dependentRequired'],
  ['a wrong kind of mapping', from, { type: 'direct', data: 'EMAIL' }, 'enum', `${from}/type`],
  ['a column that is an object', from, { type: 'column', data: {} }, 'type', `${from}/data`],
  ['a constant without a value', from, { type: 'constant_value', data: {} }, 'required', `${from}/data`],
  ['a template that is a number', from, { type: 'liquid_template', data: 5 }, 'type', `${from}/data`],

  ['a schedule without a frequency', `${triggers}/schedule`, { hour: 6 }, 'required'],
  ['a frequency that does not exist', `${triggers}/schedule/frequency`, 'manual', 'enum'],
  ['an hour too many', `${triggers}/schedule/hour`, 25, 'maximum'],
  ['half an hour', `${triggers}/schedule/hour`, 6.5, 'type'],
  ['an unknown trigger', `${triggers}/dbt`, {}, 'additionalProperties', triggers],
  [
    'half a number for a dbt job',
    `${triggers}/dbt_cloud`,
    { project_id: '1', job_id: 2.5 },
    'type',
    `${triggers}/dbt_cloud/job_id`,
  ],
  ['a parent by id and by name', `${triggers}/sync_sequence`, { sync: 'a', sync_id: 1 }, 'x-exactly-one'],

  ['an alert without a type', alert, { send_for: 'first_time' }, 'required'],
  ['a wrong type of alert', `${alert}/type`, 'Failure', 'enum'],
  ['options where there are none', `${alert}/options`, { threshold: 1 }, 'additionalProperties'],
  ['an option of another alert', alert, statusAlert({ unit: 'hours' }), 'additionalProperties', `${alert}/options`],
  ['an unknown status', alert, statusAlert({ status_name: 'done' }), 'enum', `${alert}/options/status_name`],

  ['a name with capitals', '/name', 'Users', 'pattern'],
  ['an empty name', '/name', '', 'pattern'],
  ['no name', '/name', undefined, 'required', ''],
  ['another kind', '/kind', 'FabraSync', 'const'],
  ['a target twice', '/targets', ['a', 'a'], 'uniqueItems'],
  ['no targets at all', '/targets', [], 'minItems'],
  ['a pointer without its slash', '/lifecycle', { ignore: ['paused'] }, 'pattern', '/lifecycle/ignore/0'],
  ['a hidden pointer without its slash', '/lifecycle', { hide: ['paused'] }, 'pattern', '/lifecycle/hide/0'],
  ['an override that is no mapping', '/overrides', { staging: true }, 'type', '/overrides/staging'],
];

describe('one mistake is one error', () => {
  test.each(rows(mistakes))('$what', ({ pointer, value, place, keyword }) => {
    const broken = withValueAt(manifest(request), pointer, value);
    const found = errorsOf(validateCensusSync, broken);
    expect(found.map((error) => [error.instancePath, error.keyword])).toEqual([[place, keyword]]);
  });

  /** What only the validator, or only whoever reads the file, can know. */
  const notInEditors = ['a variable that was not filled in'];
  test.each(rows(mistakes).filter(({ what }) => !notInEditors.includes(what)))(
    'editors, too, underline $what',
    ({ pointer, value }) => {
      expect(editor(withValueAt(manifest(request), pointer, value))).toBe(false);
    },
  );

  test.each(rows(mistakes).filter(({ keyword }) => keyword === 'additionalProperties'))(
    'the keys known beside $what can be looked up',
    ({ pointer, value }) => {
      const [found] = errorsOf(validateCensusSync, withValueAt(manifest(request), pointer, value));
      const known = censusKeys[found?.schemaPath ?? ''];
      expect(Array.isArray(known)).toBe(true);
      expect(known).not.toContain(found?.params.additionalProperty);
    },
  );

  test.each([
    ['CensusSync', validateCensusSync, manifest(request), '/name', 'Users'],
    ['CensusSync', validateCensusSync, manifest(request), '/spec/source_attributes/connection_id', 'Warehouse'],
    ['syncline.yaml', validateProjectFile, project, '/targets/production/token', 'secret'],
  ] as const)('%s: help is given with the error (%#)', (name, validate, valid, pointer, value) => {
    const [found] = errorsOf(validate, withValueAt(valid, pointer, value));
    const place = found?.schemaPath.slice(0, found.schemaPath.lastIndexOf('/')) ?? '';
    expect(hints[name]?.[place]).toMatch(/^(Write|Use) /);
  });
});

describe('in an editor', () => {
  test.each<[string, Json]>([
    ['/spec/paused', variable('paused')],
    ['/spec/source_attributes/connection_id', variable('source')],
    ['/spec/operation', variable('operation')],
    ['/spec/mode/triggers/schedule/hour', variable('hour')],
    ['/spec/mappings/0/sync_null_values', variable('nulls')],
    ['/overrides', { staging: { paused: variable('paused') } }],
    [
      '/overrides',
      { staging: { mappings: [{ from: 'A', to: 'B' }], mode: { triggers: { fivetran: { job_id: 'x' } } } } },
    ],
    ['/overrides', { staging: { source_attributes: { connection: 'A', connection_id: null, object: { name: 'x' } } } }],
  ])('%s may be %j', (pointer, value) => {
    expect(errorsOf(editor, withValueAt(manifest(request), pointer, value))).toEqual([]);
  });

  test.each<[string, Json]>([
    ['/spec/paused', variable('paused').replace('vars', 'var')],
    ['/spec/source_attributes/connection_id', `x${variable('source')}`],
    ['/overrides', { staging: { pausd: true } }],
    ['/overrides', { staging: { mappings: [{ from: 'A' }] } }],
    ['/overrides', { staging: { source_attributes: { object: { nam: 'x' } } } }],
  ])('%s may not be %j', (pointer, value) => {
    expect(editor(withValueAt(manifest(request), pointer, value))).toBe(false);
  });
});

describe('a FabraSync manifest', () => {
  const inEditor = published('FabraSync');
  const whole = (spec: Json): JsonObject => ({ kind: 'FabraSync', name: 'probe', spec });
  const first = '/spec/field_mappings/0';

  test.each<[string, Json]>([
    ['the body of the API reference', fabra.documented],
    ['the answer of the API reference', fabra.documentedAnswer],
    ['an answer of the server', fabra.answer],
  ])('may hold %s', (_, spec) => {
    expect(errorsOf(validateFabraSync, whole(spec))).toEqual([]);
    expect(errorsOf(inEditor, whole(spec))).toEqual([]);
  });

  test('may hold names instead of ids, and null in every optional field', () => {
    const spec = {
      display_name: 'Orders',
      end_customer_id: 'acme',
      source: 'Acme Postgres',
      destination: 'Warehouse',
      object: 'Orders',
      namespace: 'public',
      table_name: 'orders',
      field_mappings: [{ source_field_name: 'id', source_field_type: 'INTEGER', destination_field_name: 'order_id' }],
    } satisfies FabraSyncManifest['spec'];
    const optional = fabraKeys['#/properties/spec/additionalProperties'] ?? [];
    const nulls = Object.fromEntries(optional.filter((key) => !Object.hasOwn(spec, key)).map((key) => [key, null]));
    expect(Object.keys(nulls).length).toBeGreaterThan(15);
    expect(errorsOf(validateFabraSync, whole({ ...nulls, ...spec }))).toEqual([]);
  });

  test.each<[string, readonly string[]]>([
    ['/spec/status', ['active', 'paused']],
    ['/spec/sync_mode', ['full_overwrite', 'full_append', 'incremental_append', 'incremental_update']],
    ['/spec/frequency_units', ['minutes', 'hours', 'days', 'weeks']],
    [
      `${first}/source_field_type`,
      ['STRING', 'INTEGER', 'NUMBER', 'DATETIME_TZ', 'DATETIME_NTZ', 'TIMESTAMP', 'TIME_TZ', 'TIME_NTZ', 'DATE'],
    ],
    [`${first}/source_field_type`, ['BOOLEAN', 'ARRAY', 'JSON']],
  ])('%s may be any of %j', (pointer, values) => {
    for (const value of values)
      expect(errorsOf(validateFabraSync, withValueAt(whole(fabra.spec()), pointer, value)), value).toEqual([]);
  });

  const tooLong = 'x'.repeat(256);
  const slips: readonly Mistake[] = [
    ['an unknown key', '/spec/displayname', 'x', 'additionalProperties', '/spec'],
    ['no name', '/spec/display_name', undefined, 'required', '/spec'],
    ['an empty name', '/spec/display_name', '', 'minLength'],
    ['a name that is too long', '/spec/display_name', tooLong, 'maxLength'],
    ['no customer', '/spec/end_customer_id', undefined, 'required', '/spec'],
    ['a number for a customer', '/spec/end_customer_id', 5, 'type'],
    ['a customer that is too long', '/spec/end_customer_id', `${tooLong}x`, 'maxLength'],
    ['no mappings', '/spec/field_mappings', undefined, 'required', '/spec'],
    ['text for mappings', '/spec/field_mappings', 'event', 'type'],
    ['no source', '/spec/source_id', undefined, 'x-exactly-one', '/spec'],
    ['a source by id and by name', '/spec/source', 'A', 'x-exactly-one', '/spec'],
    ['no object', '/spec/object_id', undefined, 'x-exactly-one', '/spec'],
    ['an object by id and by name', '/spec/object', 'O', 'x-exactly-one', '/spec'],
    ['an id that is no number', '/spec/source_id', 'Acme', 'pattern'],
    ['an id of zero', '/spec/object_id', 0, 'minimum'],
    ['a namespace that is too long', '/spec/namespace', tooLong, 'maxLength'],
    ['a table that is too long', '/spec/table_name', tooLong, 'maxLength'],
    ['a cursor that is too long', '/spec/source_cursor_field', tooLong, 'maxLength'],
    ['a documented primary key that is too long', '/spec/primary_key', tooLong, 'maxLength'],
    ['an unknown status', '/spec/status', 'Active', 'enum'],
    ['an unknown mode', '/spec/sync_mode', 'incremental', 'enum'],
    ['text for a flag', '/spec/recurring', 'yes', 'type'],
    ['half a frequency', '/spec/frequency', 1.5, 'type'],
    ['no time at all', '/spec/frequency', 0, 'minimum'],
    ['a frequency beyond 32 bits', '/spec/frequency', 2_147_483_648, 'maximum'],
    ['an unknown unit', '/spec/frequency_units', 'minute', 'enum'],
    ['a mapping without a column', `${first}/source_field_name`, undefined, 'required', first],
    ['a column that is too long', `${first}/source_field_name`, tooLong, 'maxLength'],
    ['a mapping without a field', `${first}/destination_field_id`, undefined, 'x-complete', first],
    ['a type in lower case', `${first}/source_field_type`, 'string', 'enum'],
    ['an unknown key of a mapping', `${first}/to`, 'x', 'additionalProperties', first],
    ['the kind of another provider', '/kind', 'CensusSync', 'const'],
  ];

  test.each(rows(slips))('one mistake is one error: $what', ({ pointer, value, place, keyword }) => {
    const broken = withValueAt(whole(fabra.spec()), pointer, value);
    const found = errorsOf(validateFabraSync, broken);
    expect(found.map((error) => [error.instancePath, error.keyword])).toEqual([[place, keyword]]);
    expect(inEditor(broken)).toBe(false);
  });

  test('a destination is given at most once', () => {
    const broken = whole(fabra.spec({ destination: 'Warehouse', destination_id: 2 }));
    expect(errorsOf(validateFabraSync, broken).map((error) => error.keyword)).toEqual(['x-at-most-one']);
    expect(inEditor(broken)).toBe(false);
  });
});

describe('syncline.yaml', () => {
  const full: SynclineProject = {
    version: 1,
    name: 'crm',
    manifests: ['syncs/**/*.yaml'],
    targets: {
      production: {
        provider: 'census',
        api: 'v1',
        base_url: 'https://app.getcensus.com/',
        region: 'eu',
        token: env('CENSUS_TOKEN'),
        workspace: 4321,
        vars: { warehouse: 'Snowflake Prod', count: 5, live: true },
        protect: ['CensusSync/billing-*'],
        limits: { max_deletes: 0, concurrency: 8, settle_seconds: 0 },
      },
      pat: { provider: 'census', api: 'v1', personal_access_token: env('PAT'), workspace: 1 },
      next: { provider: 'census', api: 'v2', token: env('PAT') },
      staging: { provider: 'fabra', api: 'server', base_url: 'http://127.0.0.1:8080', token: env('FABRA') },
      paper: { provider: 'fabra', api: 'documented', token: env('FABRA') },
    },
    ledger: 'git',
  };

  test('may hold everything that is documented', () => {
    expect(validateProjectFile(full)).toBe(true);
    expect(published('syncline.yaml')(full)).toBe(true);
  });

  const target = '/targets/production';
  const slips: readonly Mistake[] = [
    ['an unknown key', '/manifest', [], 'additionalProperties', ''],
    ['another version', '/version', 2, 'const'],
    ['no version', '/version', undefined, 'required', ''],
    ['no targets', '/targets', {}, 'minProperties'],
    ['a name of a target that is none', '/targets/my target', {}, 'additionalProperties', '/targets'],
    ['an unknown key of a target', `${target}/tokn`, 'x', 'additionalProperties', target],
    ['an unknown provider', `${target}/provider`, 'hightouch', 'enum'],
    ['no provider', `${target}/provider`, undefined, 'required', target],
    ['the API of another provider', `${target}/api`, 'server', 'enum'],
    ['a token in the file', `${target}/token`, 'abc', 'pattern'],
    ['a token with something around it', `${target}/token`, `x${env('A')}`, 'pattern'],
    ['no credential', `${target}/token`, undefined, 'x-exactly-one', target],
    ['two credentials', `${target}/personal_access_token`, env('B'), 'x-exactly-one', target],
    ['an address with a password', `${target}/base_url`, 'https://a:b@c', 'pattern'],
    ['another protocol', `${target}/base_url`, 'ftp://a', 'pattern'],
    ['no requests in flight', `${target}/limits/concurrency`, 0, 'minimum'],
    ['a variable that is a list', `${target}/vars/warehouse`, [], 'type'],
    ['an unknown ledger', '/ledger', 's3', 'enum'],
    ['a region of Fabra', '/targets/staging/region', 'eu', 'additionalProperties', '/targets/staging'],
    ['a personal token without a workspace', '/targets/pat/workspace', undefined, 'required', '/targets/pat'],
    ['a personal token with v2', '/targets/pat/api', 'v2', 'const'],
  ];

  test.each(rows(slips))('one mistake is one error: $what', ({ pointer, value, place, keyword }) => {
    const valid: unknown = JSON.parse(JSON.stringify(full));
    const broken = isObject(valid) ? withValueAt(valid, pointer, value) : {};
    const found = errorsOf(validateProjectFile, broken);
    expect(found.map((error) => [error.instancePath, error.keyword])).toEqual([[place, keyword]]);
    expect(published('syncline.yaml')(broken)).toBe(false);
  });
});

describe.each(Object.keys(schemas))('the published schema of %s', (name) => {
  const schema: unknown = JSON.parse(JSON.stringify(schemas[name]));
  const document: JsonObject = isObject(schema) ? schema : {};

  test('is valid JSON Schema 2020-12', () => {
    const ajv = new Ajv2020();
    expect(document.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(ajv.validateSchema(document), JSON.stringify(ajv.errors)).toBe(true);
  });

  test('has an address that names the major version and leads to the file', () => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    const home = `https://raw.githubusercontent.com/syncline-dev/syncline/v${version.split('.')[0]}/`;
    const file = String(document.$id).replace(home, '');
    expect(file).toMatch(/^schemas\//);
    expect(JSON.parse(readFileSync(path.join(root, file), 'utf8'))).toEqual(document);
  });

  test('holds nothing of the house', () => {
    const house = parts(document, '').flatMap(({ node }) => Object.keys(node).filter((key) => key.startsWith('x-')));
    expect(house).toEqual([]);
  });

  test('describes every field, and every value of every enum', () => {
    const silent = parts(document, '').filter(
      ({ node, isField }) => isField && !isCondition(node) && String(node.description ?? '').length < 5,
    );
    const bare = parts(document, '').filter(
      ({ node, path: at }) => isList(node.enum) && !isDescribed(node) && !at.includes('/if'),
    );
    expect(silent.map((part) => part.path)).toEqual([]);
    expect(bare.map((part) => part.path)).toEqual([]);
  });
});

/** What more is asked of a field that is described elsewhere. */
function isCondition(node: JsonObject): boolean {
  return Object.keys(node).every((key) => ['if', 'then', 'else'].includes(key));
}

function isDescribed(node: JsonObject): boolean {
  const { enum: values, enumDescriptions: lines } = node;
  return isList(values) && isList(lines) && lines.length === values.length && lines.every((line) => line !== '');
}

interface Part {
  readonly path: string;
  readonly node: JsonObject;
  /** A property that people see, as against a condition or a part of one. */
  readonly isField: boolean;
}

/** Every schema inside a schema. */
function parts(node: JsonObject, at: string, isField = false): readonly Part[] {
  const inside = Object.entries(node).flatMap(([key, value]) => {
    if (key === 'properties' || key === 'patternProperties' || key === 'dependentSchemas') {
      const isSeen = key !== 'dependentSchemas' && !at.includes('/dependentSchemas');
      return Object.entries(isObject(value) ? value : {}).flatMap(([name, child]) =>
        isObject(child) ? parts(child, `${at}/${key}/${name}`, isSeen) : [],
      );
    }
    if (['default', 'examples', 'defaultSnippets', 'enum', 'const', 'if', 'dependentRequired'].includes(key)) return [];
    if (isObject(value)) return parts(value, `${at}/${key}`);
    return isList(value)
      ? value.flatMap((item, index) => (isObject(item) ? parts(item, `${at}/${key}/${index}`) : []))
      : [];
  });
  return [{ path: at, node, isField }, ...inside];
}

describe('a CensusDataset', () => {
  const dataset = (spec: JsonObject, more: JsonObject = {}) => ({
    kind: 'CensusDataset',
    name: 'users',
    spec,
    ...more,
  });
  const body = { name: 'Users', type: 'sql', query: 'select 1', source: 'Snowflake Prod' } as const;

  test('may be the body of a create request, an answer, or have its query in a file', () => {
    const whole: CensusDatasetManifest = {
      kind: 'CensusDataset',
      name: 'users',
      lifecycle: { adopt: true, protect: true, on_delete: 'abandon', ignore: ['/description'] },
      overrides: { staging: { query: { file: 'sql/staging.sql' }, description: null } },
      spec: { ...body, query: { file: 'sql/users.sql' }, description: 'All of them' },
    };
    expect(validateCensusDataset(whole)).toBe(true);
    const { source: _, ...rest } = body;
    const facts = {
      id: 12,
      resource_identifier: 'dataset:users',
      cached_record_count: null,
      columns: [],
      created_at: '',
      updated_at: '',
    };
    expect(errorsOf(validateCensusDataset, dataset({ ...rest, source_id: 501, description: null, ...facts }))).toEqual(
      [],
    );
  });

  test.each([
    ['no query', { name: 'Users', type: 'sql', source: 'x' }, {}],
    ['no source', { name: 'Users', type: 'sql', query: 'x' }, {}],
    ['two sources', { ...body, source_id: 1 }, {}],
    ['another type', { ...body, type: 'entity_resolution' }, {}],
    ['another key beside file', { ...body, query: { file: 'x', path: 'y' } }, {}],
    ['a replace, which would take it from its syncs', body, { lifecycle: { replace: 'allow' } }],
    ['a pause, which it has none of', body, { lifecycle: { on_delete: 'pause' } }],
  ])('must not have %s', (_what, spec, more) => {
    expect(errorsOf(validateCensusDataset, dataset(spec, more))).not.toEqual([]);
  });
});
