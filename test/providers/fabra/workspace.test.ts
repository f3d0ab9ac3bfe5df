import { expect, onTestFinished, test } from 'vitest';
import { fabraWorld } from './world.ts';

const seed = {
  keys: { key: 1 },
  destinations: [
    { id: 1, display_name: 'Warehouse', connection: { id: 1, connection_type: 'bigquery' } },
    {
      id: 2,
      display_name: 'Hook',
      connection: { id: 2, connection_type: 'webhook' },
      webhook_signing_key: 'very-secret',
    },
  ],
  objects: [{ id: 5, display_name: 'Orders', destination_id: 1 }],
  object_fields: [
    { id: 7, object_id: 5, name: 'order_id', type: 'STRING', optional: false },
    { id: 8, object_id: 5, name: 'note', type: 'STRING', optional: true },
  ],
  sources: [
    {
      id: 9,
      end_customer_id: 'acme',
      display_name: 'Acme Postgres',
      connection: { id: 3, connection_type: 'postgres' },
    },
  ],
  syncs: [],
};

test.each(['server', 'documented'] as const)('what an organisation has, as the API %s shows it', async (dialect) => {
  const world = await fabraWorld({ seed, dialect });
  onTestFinished(() => world.close());
  const found = await world.provider.catalogue?.(() => undefined);
  const orders = found?.destinations?.find(({ name }) => name === 'Warehouse')?.objects;
  expect(orders?.map(({ full_name }) => full_name)).toEqual(['Orders']);
  expect(orders?.[0]?.fields?.map(({ full_name, required }) => [full_name, required])).toEqual([
    ['order_id', dialect === 'server' ? true : undefined],
    ['note', dialect === 'server' ? false : undefined],
  ]);
  // The server lists the sources of one end customer at a time.
  expect(found?.sources).toEqual(dialect === 'documented' ? [{ name: 'Acme Postgres' }] : undefined);
  expect(JSON.stringify(found)).not.toContain('very-secret');
});
