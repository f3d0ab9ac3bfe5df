import { expect, onTestFinished, test } from 'vitest';
import type { CensusV1Options } from '../../../src/emulator/census-v1/server.ts';
import { secret } from '../../../src/model/secret.ts';
import { censusV1 } from '../../../src/providers/census/v1/provider.ts';
import { censusWorld } from './world.ts';

const columns = [
  { name: 'id', type: 'integer' },
  { name: 'email', type: 'text' },
];
const seed = {
  sources: [
    {
      id: 1,
      name: 'Warehouse',
      type: 'snowflake',
      connection_details: { account: 'acme-account' },
      tables: [
        { id: 11, table_catalog: 'C', table_schema: 'S', table_name: 'T', columns },
        { id: 12, table_catalog: 'C', table_schema: 'S', table_name: 'EMPTY', columns: [] },
      ],
      models: [{ id: 21, name: 'leads', query: 'select secret_query from T', columns }],
      segments: [{ id: 31, name: 'VIP', dataset_id: 41 }],
    },
    { id: 2, name: 'Fresh', type: 'postgres' },
  ],
  datasets: [{ id: 41, source_id: 1, name: 'Customers', query: 'select id from T', columns }],
  destinations: [
    {
      id: 51,
      name: 'CRM',
      type: 'salesforce',
      objects: [
        {
          full_name: 'Contact',
          supported_operations: ['upsert', 'insert'],
          fields: [
            'Email',
            { full_name: 'Name', can_be_upsert_key: false, can_be_insert_key: false, required_for_mapping: true },
          ],
        },
        { full_name: 'User', supported_operations: [], can_be_sync_destination: false, fields: ['Email'] },
      ],
    },
    { id: 52, name: 'Files', type: 's3' },
  ],
  syncs: [],
};

async function world(options: CensusV1Options = { seed }) {
  const opened = await censusWorld(options);
  onTestFinished(() => opened.close());
  return opened;
}

test('a workspace by its names: no ids, queries or connection details, and nothing where nobody has looked', async () => {
  const { provider, arrived } = await world();
  let told = 0;
  const found = await provider.catalogue?.((entries) => {
    told += entries;
  });
  expect(found).toEqual({
    sources: [
      {
        name: 'Warehouse',
        type: 'snowflake',
        tables: [
          { catalog: 'C', schema: 'S', name: 'T', columns },
          { catalog: 'C', schema: 'S', name: 'EMPTY' },
        ],
        models: [{ name: 'leads', columns }],
        datasets: [{ name: 'Customers', columns: columns.map(({ name }) => ({ name, type: expect.any(String) })) }],
        segments: [{ name: 'VIP', dataset: 'Customers' }],
      },
      { name: 'Fresh', type: 'postgres', models: [], datasets: [], segments: [] },
    ],
    destinations: [
      {
        name: 'CRM',
        type: 'salesforce',
        objects: [
          {
            full_name: 'Contact',
            operations: ['upsert', 'insert'],
            fields: [
              { full_name: 'Email', type: 'text', required: false, keys: ['insert', 'update', 'upsert'] },
              { full_name: 'Name', type: 'text', required: true, keys: ['update'] },
            ],
          },
        ],
      },
      { name: 'Files', type: 's3' },
    ],
  });
  expect(told).toBeGreaterThanOrEqual(9);
  expect(JSON.stringify(found)).not.toMatch(/secret_query|acme-account|"id":/);
  expect(arrived().every(({ method }) => method === 'GET')).toBe(true);
});

test.each([403, 404])('a list that is answered with %i is left out', async (status) => {
  const { provider, emulator } = await world();
  emulator.addFaults([`GET /api/v1/datasets:${status}`, `GET /api/v1/sources/1/models:${status}`]);
  const [warehouse] = (await provider.catalogue?.(() => undefined))?.sources ?? [];
  expect(warehouse).not.toHaveProperty('datasets');
  expect(warehouse).not.toHaveProperty('models');
  expect(warehouse?.segments).toEqual([{ name: 'VIP' }]);
});

test.each(['/api/v1/sources', '/api/v1/destinations', '/api/v1/sources/1/tables/11'])(
  'a fault at %s fails the whole: a part would be taken for all',
  async (path) => {
    const { emulator } = await world();
    const provider = censusV1({ token: secret(emulator.token), baseUrl: emulator.url, sleep: async () => undefined });
    onTestFinished(() => provider.close());
    emulator.addFaults([`GET ${path}:500`]);
    await expect(provider.catalogue?.(() => undefined)).rejects.toMatchObject({ status: 500 });
  },
);
