import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/emulator/json.ts';
import { fabra } from './support.ts';

/** The request of the published page. */
const request: JsonObject = {
  cursor_field: 'updated_at',
  custom_join: 'select * from events join additional_properties on events.id = additional_properties.event_id;',
  destination_id: 2,
  display_name: 'Event Sync',
  end_customer_id: 'abc123',
  field_mappings: [{ destination_field_name: 'event', source_field_name: 'event_name' }],
  frequency: 30,
  frequency_units: 'minutes',
  namespace: 'end_customer_bigquery_dataset',
  object_id: 3,
  primary_key: 'event_id',
  source_id: 1,
  table_name: 'end_customer_events',
};

describe('the documented dialect', () => {
  it('takes the published request and answers like the published answer, with the frequency that was asked for', async () => {
    const client = await fabra({ dialect: 'documented' });
    const answer = await client.call('POST', '/sync', request);
    expect([answer.status, answer.type]).toEqual([200, 'application/json']);
    const { sync } = answer.body;
    expect(sync).toEqual({ ...request, id: 10 });
    const list = await client.call('GET', '/syncs');
    expect(list.type).toBe('application/json');
    expect(Object.keys(list.body)).toEqual(['syncs']);
    expect(list.body.syncs).toMatchObject([{ ...request, id: 10 }, { id: 9 }, { id: 8, destination_id: 2 }]);
  });

  it.each<[string, Json | undefined, number]>([
    ['GET /sync', undefined, 405],
    ['GET /sync/8', undefined, 404],
    ['PATCH /sync/8', { status: 'paused' }, 404],
    ['DELETE /sync/8', undefined, 404],
    ['POST /sync/8/run', undefined, 404],
    ['GET /object/2', undefined, 404],
    ['GET /destination/1', undefined, 404],
    ['GET /link/sources', undefined, 404],
    ['DELETE /syncs', undefined, 405],
    ['POST /link_token', { end_customer_id: 'abc123' }, 200],
  ])('%s', async (on, body, status) => {
    const client = await fabra({ dialect: 'documented' });
    const [method = '', path = ''] = on.split(' ');
    expect((await client.call(method, path, body)).status).toBe(status);
    expect(client.emulator.syncs()).toHaveLength(2);
  });

  it.each([['/syncs'], ['/sources'], ['/objects'], ['/destinations']])('%s needs a key that is known', async (path) => {
    const client = await fabra({ dialect: 'documented' });
    expect((await client.call('GET', path, undefined, {})).status).toBe(401);
    expect((await client.call('GET', path, undefined, { 'x-api-key': 'nope' })).status).toBe(401);
    expect((await client.call('GET', path)).status).toBe(200);
  });

  it.each<[string, JsonObject, number, string]>([
    ['no destination', { destination_id: null }, 400, 'destination_id is required\n'],
    ['no mappings', { field_mappings: null }, 400, 'field_mappings is required\n'],
    ['another destination', { destination_id: 1 }, 400, 'object does not belong to the destination\n'],
    [
      'an unknown field',
      { field_mappings: [{ destination_field_name: 'nope', source_field_name: 'a' }] },
      400,
      'object has no field nope\n',
    ],
    ['a required field unmapped', { field_mappings: [] }, 400, 'object field event is not mapped\n'],
    ['unknown units', { frequency_units: 'years' }, 400, 'unknown frequency_units\n'],
    ['an unknown source', { source_id: 77 }, 500, 'unexpected error\n'],
    ['an unknown object', { object_id: 77 }, 500, 'unexpected error\n'],
  ])('refuses %s and makes nothing', async (_, change, status, text) => {
    const client = await fabra({ dialect: 'documented', seed: { syncs: [] } });
    expect(await client.call('POST', '/sync', { ...request, ...change })).toMatchObject({ status, text });
    expect(client.emulator.syncs()).toEqual([]);
  });

  it('lists with fields, and sources by key', async () => {
    const client = await fabra({ dialect: 'documented' });
    expect((await client.call('GET', '/objects')).body.objects).toContainEqual({
      id: 4,
      display_name: 'Contacts',
      destination_id: 1,
      object_fields: ['email', 'full_name', 'plan'].map((name) => ({ name, type: 'string' })),
    });
    expect((await client.call('GET', '/sources')).body.sources).toContainEqual({
      id: 1,
      display_name: 'Customer BigQuery',
      end_customer_id: 'abc123',
      connection: { id: 3, connection_type: 'bigquery' },
    });
  });

  it('creates what a sync is made of', async () => {
    const client = await fabra({ dialect: 'documented' });
    const destination = { display_name: 'Lake', connection_type: 'bigquery', bigquery_config: { location: 'eu' } };
    const place = await client.call('POST', '/destination', destination);
    expect(place.body.destination).toMatchObject({ id: 3, display_name: 'Lake' });
    const object = {
      display_name: 'Users',
      destination_id: 3,
      namespace: 'crm',
      table_name: 'users',
      frequency: 1,
      frequency_units: 'days',
      end_customer_id_field: 'owner',
      object_fields: [{ name: 'email', type: 'string' }],
    };
    const target = await client.call('POST', '/object', object);
    const { frequency: _, frequency_units: __, ...answered } = object;
    expect(target.body.object).toEqual({ id: 6, ...answered });
    const source = { display_name: 'CRM', connection_type: 'mongodb', end_customer_id: 'abc123', mongodb_config: {} };
    const { body } = await client.call('POST', '/source', source);
    expect(body.source).toMatchObject({ id: 5, display_name: 'CRM', end_customer_id: 'abc123' });
    const sync = { ...request, source_id: 5, object_id: 6, destination_id: 3 };
    const field_mappings = [{ destination_field_name: 'email', source_field_name: 'mail' }];
    expect((await client.call('POST', '/sync', { ...sync, field_mappings })).status).toBe(200);
  });
});
