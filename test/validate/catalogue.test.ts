import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { fabraSync } from '../../src/providers/fabra/language/kind.ts';
import { folder, line, twoTargets, validated } from './workspace.ts';

const now = new Date('2026-11-29T12:00:00.000Z');

const columns = (...names: readonly string[]) => names.map((name) => ({ name, type: 'text' }));
const field = (full_name: string, more: object = {}) => ({
  full_name,
  type: 'text',
  required: false,
  keys: [],
  ...more,
});

const content = {
  sources: [
    {
      name: 'Snowflake Prod',
      type: 'snowflake',
      tables: [
        { catalog: 'ANALYTICS', schema: 'PUBLIC', name: 'USERS', columns: columns('EMAIL', 'NAME', 'UPDATED_AT') },
        { catalog: 'ANALYTICS', schema: 'SALES', name: 'ORDERS' },
      ],
      models: [{ name: 'leads', columns: columns('EMAIL', 'SCORE') }, { name: 'unknown' }],
      datasets: [{ name: 'Active users', columns: columns('EMAIL', 'PLAN') }, { name: 'Fresh' }],
      segments: [{ name: 'VIP', dataset: 'Active users' }],
    },
    { name: 'Snowflake Test' },
    { name: 'Twin', tables: [] },
    { name: 'Twin', models: [] },
  ],
  destinations: [
    {
      name: 'CRM',
      type: 'salesforce',
      objects: [
        {
          full_name: 'Contact',
          operations: ['insert', 'update', 'upsert'],
          fields: [field('Email', { keys: ['update', 'upsert'] }), field('Name'), field('Company', { required: true })],
        },
        { full_name: 'Event' },
      ],
    },
    { name: 'Bucket', type: 's3' },
  ],
};

function catalogue(more: object = {}): string {
  return JSON.stringify({ version: 1, at: '2026-11-20T12:00:00.000Z', api: 'census v1', ...content, ...more });
}

const table =
  'connection: Snowflake Prod, object: { type: table, table_catalog: ANALYTICS, table_schema: PUBLIC, table_name: USERS }';
const fine = ['{ from: EMAIL, to: Email, primary: true }', '{ from: NAME, to: Company }'];

interface Parts {
  readonly source?: string;
  readonly destination?: string;
  readonly operation?: string;
  readonly mappings?: readonly string[];
  readonly more?: string;
}

function sync({ source = table, destination = 'connection: CRM, object: Contact', ...rest }: Parts = {}): string {
  const { operation = 'upsert', mappings = fine, more = '' } = rest;
  return `kind: CensusSync
name: users
spec:
  label: Users
  operation: ${operation}
  source_attributes: { ${source} }
  destination_attributes: { ${destination} }
  mappings:
${mappings.map((one) => `    - ${one}\n`).join('')}${more}`;
}

const oneTarget = twoTargets.slice(0, twoTargets.indexOf('  staging:'));

async function found(files: Readonly<Record<string, string>>, project = oneTarget): Promise<readonly Diagnostic[]> {
  const root = folder({ 'syncline.yaml': project, '.syncline/catalogue/production.json': catalogue(), ...files });
  return (await validated(root, { catalogues: { now } })).diagnostics;
}

async function foundIn(parts: Parts): Promise<readonly string[]> {
  const all = await found({ 'syncs/users.yaml': sync(parts) });
  expect(all.every((one) => one.severity === 'warning')).toBe(true);
  return all.map(({ line: row, column, code, message, hint }) => `${row}:${column} ${code} ${message} ${hint}`);
}

const object = (text: string) => `connection: Snowflake Prod, object: ${text}`;
const age = 'The catalogue is 9 days old.';

describe('what the catalogue does not have', () => {
  const rows: readonly (readonly [name: string, parts: Parts, place: string, message: string, hint: string])[] = [
    [
      'a source',
      { source: 'connection: Snowflake Prd, object: { type: model, name: leads }' },
      '6:36 not-in-catalogue',
      'There is no source "Snowflake Prd" in the catalogue.',
      'Did you mean "Snowflake Prod"?',
    ],
    [
      'a catalog',
      { source: object('{ type: table, table_catalog: ANALITICS, table_schema: PUBLIC, table_name: USERS }') },
      '6:90 not-in-catalogue',
      'The source "Snowflake Prod" has no catalog "ANALITICS" in the catalogue.',
      'Did you mean "ANALYTICS"?',
    ],
    [
      'a schema',
      { source: object('{ type: table, table_catalog: ANALYTICS, table_schema: PUBIC, table_name: USERS }') },
      '6:115 not-in-catalogue',
      'The source "Snowflake Prod" has no schema "PUBIC" in the catalogue.',
      'Did you mean "PUBLIC"?',
    ],
    [
      'a table of another schema',
      { source: object('{ type: table, table_catalog: ANALYTICS, table_schema: PUBLIC, table_name: ORDERS }') },
      '6:135 not-in-catalogue',
      'The source "Snowflake Prod" has no table "ORDERS" in the catalogue.',
      'There is "USERS".',
    ],
    [
      'a model',
      { source: object('{ type: model, name: laeds }') },
      '6:81 not-in-catalogue',
      'The source "Snowflake Prod" has no model "laeds" in the catalogue.',
      'Did you mean "leads"?',
    ],
    [
      'a dataset',
      { source: object('{ type: dataset, name: Active usrs }') },
      '6:83 not-in-catalogue',
      'The source "Snowflake Prod" has no dataset "Active usrs" in the catalogue.',
      'Did you mean "Active users"?',
    ],
    [
      'a segment',
      {
        source: object('{ type: segment, name: VIPS, dataset: Active users }'),
        mappings: [fine[0] ?? '', '{ from: PLAN, to: Company }'],
      },
      '6:83 not-in-catalogue',
      'The source "Snowflake Prod" has no segment "VIPS" in the catalogue.',
      'Did you mean "VIP"?',
    ],
    [
      'a destination',
      { destination: 'connection: CMR, object: Contact' },
      '7:41 not-in-catalogue',
      'There is no destination "CMR" in the catalogue.',
      'Did you mean "CRM"?',
    ],
    [
      'an object',
      { destination: 'connection: CRM, object: Contatc' },
      '7:54 not-in-catalogue',
      'The destination "CRM" has no object "Contatc" in the catalogue.',
      'Did you mean "Contact"?',
    ],
    [
      'an operation',
      { operation: 'mirror' },
      '5:14 unsupported-operation',
      'By the catalogue, the object "Contact" does not take the operation mirror.',
      'There is "insert", "update" and "upsert".',
    ],
    [
      'a column',
      { mappings: ['{ from: EMIAL, to: Email, primary: true }', '{ from: NAME, to: Company }'] },
      '9:15 not-in-catalogue',
      'The table "USERS" has no column "EMIAL" in the catalogue.',
      'Did you mean "EMAIL"?',
    ],
    [
      'a column in the form of the API',
      { mappings: [fine[0] ?? '', '{ from: { type: column, data: NAEM }, to: Company }'] },
      '10:37 not-in-catalogue',
      'The table "USERS" has no column "NAEM" in the catalogue.',
      'Did you mean "NAME"?',
    ],
    [
      'a column of the dataset of a segment',
      {
        source: object('{ type: segment, name: VIP, dataset_id: 7 }'),
        mappings: [fine[0] ?? '', '{ from: PLANN, to: Company }'],
      },
      '10:15 not-in-catalogue',
      'The dataset "Active users" has no column "PLANN" in the catalogue.',
      'Did you mean "PLAN"?',
    ],
    [
      'the column of a high-water mark',
      {
        more: '  high_water_mark_attribute: UPDATED\n',
        operation: 'insert',
        mappings: ['{ from: EMAIL, to: Email }', fine[1] ?? ''],
      },
      '11:30 not-in-catalogue',
      'The table "USERS" has no column "UPDATED" in the catalogue.',
      'Did you mean "UPDATED_AT"?',
    ],
    [
      'a field',
      { mappings: [...fine, '{ from: NAME, to: Nam }'] },
      '11:25 not-in-catalogue',
      'The object "Contact" has no field "Nam" in the catalogue.',
      'Did you mean "Name"?',
    ],
    [
      'a field that is a key',
      { mappings: ['{ from: NAME, to: Name, primary: true }', fine[1] ?? ''] },
      '9:25 unfit-key',
      'By the catalogue, the field "Name" cannot identify a record for upsert.',
      'There is "Email".',
    ],
    [
      'what must be mapped',
      { mappings: [fine[0] ?? ''] },
      '8:3 unmapped-field',
      'By the catalogue, the object "Contact" needs a mapping to "Company".',
      'Add one: `{ from: COLUMN, to: Company }`.',
    ],
  ];

  test.each(rows)('%s', async (_name, parts, place, message, hint) => {
    const told = await foundIn(parts);
    expect(told).toContain(`${place} ${message} ${hint} ${age}`);
    expect(told.filter((one) => one.endsWith(age))).toHaveLength(1);
  });
});

describe('what is not judged', () => {
  test.each<readonly [string, Parts]>([
    ['what is right', {}],
    [
      'letters of either case in columns and fields',
      { mappings: ['{ from: email, to: EMAIL, primary: true }', '{ from: Name, to: company }'] },
    ],
    [
      'constants, templates and facts',
      {
        mappings: [...fine, '{ from: { constant: x }, to: Name }'],
      },
    ],
    ['columns of a model whose columns nobody knows', { source: object('{ type: model, name: unknown }') }],
    [
      'columns of a table whose columns nobody knows',
      { source: object('{ type: table, table_catalog: ANALYTICS, table_schema: SALES, table_name: ORDERS }') },
    ],
    ['a source that lists nothing', { source: 'connection: Snowflake Test, object: { type: model, name: any }' }],
    ['one of two sources of a name', { source: 'connection: Twin, object: { type: model, name: any }' }],
    [
      'what is named by an id',
      { source: 'connection_id: 7, object: { type: table, id: 8 }', destination: 'connection_id: 9, object: Any' },
    ],
    ['a path in a destination of files', { destination: 'connection: Bucket, object: exports/users.csv' }],
    [
      'fields of an object that lists none',
      { destination: 'connection: CRM, object: Event', mappings: ['{ from: EMAIL, to: any, primary: true }'] },
    ],
    ['a field that is to be made', { mappings: [...fine, '{ from: NAME, to: New__c, generate_field: true }'] }],
    [
      'what must be mapped, where the service maps all',
      { mappings: [fine[0] ?? ''], more: '  field_behavior: sync_all_properties\n' },
    ],
  ])('%s', async (_name, parts) => {
    expect(await foundIn(parts)).toEqual([]);
  });

  test('what a manifest declares', async () => {
    const dataset = (name: string, query: string) =>
      `kind: CensusDataset\nname: ${name.toLowerCase()}\nspec: { name: ${name}, type: sql, source: Snowflake Prod, query: '${query}' }\n`;
    const fresh = { source: object('{ type: dataset, name: Brand new }') };
    expect(
      await found({
        'syncs/a.yaml': sync(fresh),
        'syncs/b.yaml': dataset('Brand new', 'select 1').replace('brand new', 'fresh'),
      }),
    ).toEqual([]);
    const changed = (column: string) =>
      sync({
        source: object('{ type: dataset, name: Active users }'),
        mappings: [fine[0] ?? '', `{ from: ${column}, to: Company }`],
      });
    const declared = dataset('Active users', 'select email, company_name from t').replace('active users', 'active');
    expect(await found({ 'syncs/a.yaml': changed('COMPANY_NAME'), 'syncs/b.yaml': declared })).toEqual([]);
    // Part of a longer word is another column.
    const told = await found({ 'syncs/a.yaml': changed('COMPANY'), 'syncs/b.yaml': declared });
    expect(told.map(line)).toEqual(['syncs/a.yaml:10:15 not-in-catalogue']);
  });

  test('without being asked, the catalogue is not even read', async () => {
    const root = folder({
      'syncline.yaml': oneTarget,
      '.syncline/catalogue/production.json': 'no JSON',
      'syncs/a.yaml': sync(),
    });
    expect((await validated(root)).diagnostics).toEqual([]);
  });
});

describe('several targets', () => {
  const wrong = sync({ mappings: [...fine, '{ from: NAME, to: Nam }'] });

  test('what two catalogues say is said once', async () => {
    const told = await found({ 'syncs/a.yaml': wrong, '.syncline/catalogue/staging.json': catalogue() }, twoTargets);
    expect(told.map((one) => one.message)).toEqual(['The object "Contact" has no field "Nam" in the catalogue.']);
  });

  test('what one of them says names its target', async () => {
    const told = await found({ 'syncs/a.yaml': wrong }, twoTargets);
    expect(told.map((one) => one.message)).toEqual([
      'The object "Contact" has no field "Nam" in the catalogue (target "production").',
    ]);
  });

  test('variables stand for what they are on each target, and an override is where its value stands', async () => {
    const source = table.replace('Snowflake Prod', `"\${vars.warehouse}"`);
    const both = { '.syncline/catalogue/staging.json': catalogue({ sources: [{ name: 'Snowflake Tset' }] }) };
    const told = await found({ 'syncs/a.yaml': sync({ source }), ...both }, twoTargets);
    expect(told.map((one) => [line(one), one.message])).toEqual([
      [
        'syncs/a.yaml:6:36 not-in-catalogue',
        'There is no source "Snowflake Test" in the catalogue (target "staging").',
      ],
    ]);
    const overrides = 'overrides:\n  staging: { destination_attributes: { connection: CRMM } }\n';
    const other = await found(
      { 'syncs/a.yaml': `${sync()}${overrides}`, '.syncline/catalogue/staging.json': catalogue() },
      twoTargets,
    );
    expect(other.map(line)).toEqual(['syncs/a.yaml:12:52 not-in-catalogue']);
  });

  test('a dataset that is declared for one target alone is missing on the other', async () => {
    const dataset =
      'kind: CensusDataset\nname: new\ntargets: [production]\nspec: { name: New, type: sql, source: Snowflake Prod, query: select 1 }\n';
    const files = { 'syncs/a.yaml': sync({ source: object('{ type: dataset, name: New }') }), 'syncs/b.yaml': dataset };
    const told = await found({ ...files, '.syncline/catalogue/staging.json': catalogue() }, twoTargets);
    expect(told.map((one) => one.message)).toContain(
      'The source "Snowflake Prod" has no dataset "New" in the catalogue (target "staging").',
    );
  });
});

test('what is hidden is not told', async () => {
  const hidden = sync({ destination: 'connection: CRM, object: Sekret-Object' }).replace(
    'spec:',
    'lifecycle: { hide: [/destination_attributes/object] }\nspec:',
  );
  const told = await found({ 'syncs/a.yaml': hidden });
  expect(told.some((one) => one.code === 'not-in-catalogue')).toBe(true);
  expect(JSON.stringify(told)).not.toContain('Sekret');
});

describe('the file', () => {
  const path = '.syncline/catalogue/production.json';

  test.each([
    ['no JSON', '{', 'it is not JSON'],
    ['another version', catalogue({ version: 2 }), 'it does not fit its schema at /version.'],
    ['a wrong shape', catalogue({ sources: [{}] }), 'it does not fit its schema at /sources/0.'],
  ])('%s is a warning that names it', async (_name, text, why) => {
    const [one, ...others] = await found({ 'syncs/a.yaml': sync({ operation: 'mirror' }), [path]: text });
    expect(others).toEqual([]);
    expect(one).toMatchObject({ severity: 'warning', code: 'broken-catalogue', file: path, line: 1, column: 1 });
    expect(one?.message).toContain(why);
    expect(one?.hint).toContain('syncline pull --catalogue');
  });

  test('that a later version has written with more in it is read', async () => {
    expect(await found({ 'syncs/a.yaml': sync(), [path]: catalogue({ later: 1 }) })).toEqual([]);
  });

  test.each([
    ['2026-10-30T12:00:00.000Z', []],
    ['2026-10-29T11:00:00.000Z', ['This catalogue is 31 days old, so what it says may hold no more.']],
  ])('of %s', async (at, expected) => {
    const told = await found({ 'syncs/a.yaml': sync(), [path]: catalogue({ at }) });
    expect(told.map((one) => one.message)).toEqual(expected);
    expect(told.every((one) => one.file === path && one.code === 'old-catalogue')).toBe(true);
  });
});

describe('Fabra', () => {
  const project = `version: 1\nmanifests: [syncs/**/*.yaml]\ntargets:\n  production: { provider: fabra, api: server, token: "\${env.T}" }\n`;
  const known = {
    api: 'fabra server',
    sources: undefined,
    destinations: [
      {
        name: 'Warehouse',
        objects: [
          {
            full_name: 'Orders',
            fields: [
              { full_name: 'order_id', required: true },
              { full_name: 'amount', required: false },
            ],
          },
        ],
      },
    ],
  };
  const manifest = (destination: string, object: string, name: string) => `kind: FabraSync
name: orders
spec:
  display_name: Orders
  end_customer_id: acme
  source: Any
  destination: ${destination}
  object: ${object}
  namespace: public
  table_name: orders
  field_mappings:
    - { source_field_name: id, source_field_type: STRING, destination_field_name: ${name} }
`;

  test.each([
    ['Warehouse', 'Orders', 'order_id', []],
    [
      'Warehose',
      'Orders',
      'order_id',
      ['7:16 There is no destination "Warehose" in the catalogue. Did you mean "Warehouse"?'],
    ],
    [
      'Warehouse',
      'Order',
      'order_id',
      ['8:11 The destination "Warehouse" has no object "Order" in the catalogue. Did you mean "Orders"?'],
    ],
    [
      'Warehouse',
      'Orders',
      'order_ids',
      [
        '11:3 By the catalogue, the object "Orders" needs a mapping to "order_id". Add one with `destination_field_name: order_id`.',
        '12:83 The object "Orders" has no field "order_ids" in the catalogue. Did you mean "order_id"?',
      ],
    ],
  ])('%s %s %s', async (destination, object, name, expected) => {
    const root = folder({
      'syncline.yaml': project,
      '.syncline/catalogue/production.json': catalogue(known),
      'syncs/a.yaml': manifest(destination, object, name),
    });
    const { diagnostics } = await validated(root, { kinds: [fabraSync], catalogues: { now } });
    expect(diagnostics.map((one) => `${one.line}:${one.column} ${one.message} ${one.hint}`)).toEqual(
      expected.map((one) => `${one} ${age}`),
    );
  });
});
