import { describe, expect, it } from 'vitest';
import { fabraSeedProblems, isFabraSeed } from '../../../src/emulator/fabra/seed-shape.ts';
import { startFabra } from '../../../src/emulator/fabra/server.ts';
import type { Json, JsonObject } from '../../../src/emulator/json.ts';
import { ask, fabra, syncBody } from './support.ts';

describe('the default seed', () => {
  it('takes the published sync, once its mapping is by id', async () => {
    const client = await fabra();
    const body = {
      cursor_field: 'updated_at',
      custom_join: 'select * from events',
      destination_id: 2,
      display_name: 'Event Sync',
      end_customer_id: 'abc123',
      frequency: 30,
      frequency_units: 'minutes',
      namespace: 'end_customer_bigquery_dataset',
      object_id: 3,
      source_id: 1,
      table_name: 'end_customer_events',
    };
    const byName = [{ destination_field_name: 'event', source_field_name: 'event_name' }];
    expect(await client.call('POST', '/sync', { ...body, field_mappings: byName })).toMatchObject({
      status: 400,
      text: 'object field event is not mapped\n',
    });
    const byId = [{ destination_field_id: 21, source_field_name: 'event_name' }];
    const answer = await client.call('POST', '/sync', { ...body, field_mappings: byId });
    expect(answer.body.sync).toMatchObject({ id: 10, sync_mode: 'full_overwrite', frequency: 30 });
  });

  it('has names that lead to one thing each', async () => {
    const client = await fabra();
    const sources: Record<string, readonly string[]> = {
      abc123: ['Customer BigQuery', 'Customer Postgres'],
      acme: ['Acme Postgres'],
      globex: ['Globex Snowflake'],
    };
    for (const [customer, names] of Object.entries(sources)) {
      const { body } = await client.call('POST', '/link_token', { end_customer_id: customer });
      const answer = await client.call('GET', '/link/sources', undefined, { 'x-link-token': String(body.link_token) });
      expect(answer.body.sources).toMatchObject(
        names.map((name) => ({ display_name: name, end_customer_id: customer })),
      );
    }
    expect(client.emulator.syncs()).toMatchObject([{ id: 8 }, { id: 9 }]);
    expect(client.emulator.schedules()).toHaveLength(2);
  });
});

describe('faults', () => {
  it.each<[string, number, number, string | null]>([
    ['500', 500, 0, 'unexpected error\n'],
    ['429=2', 429, 0, 'Too Many Requests\n'],
    ['commit-500', 500, 1, 'unexpected error\n'],
    ['commit-504', 504, 1, null],
    ['empty', 200, 1, ''],
  ])('%s', async (kind, status, count, text) => {
    const client = await fabra({ seed: { syncs: [] }, faults: [`POST /sync:${kind}`] });
    const answer = await client.call('POST', '/sync', syncBody());
    expect([answer.status, client.emulator.syncs().length]).toEqual([status, count]);
    if (text !== null) expect([answer.text, answer.type]).toEqual([text, 'text/plain; charset=utf-8']);
    else expect(answer.type).toBe('text/html; charset=utf-8');
  });

  it.each([
    ['drop-request', 0],
    ['drop-response', 1],
  ])('%s', async (kind, count) => {
    const client = await fabra({ seed: { syncs: [] }, faults: [`POST /sync:${kind}:1`] });
    await expect(client.call('POST', '/sync', syncBody())).rejects.toThrow('closed without an answer');
    expect(client.emulator.syncs()).toHaveLength(count);
    expect((await client.call('POST', '/sync', syncBody())).status).toBe(200);
  });

  it('commit-later, and a crash that a fault cannot hide', async () => {
    const client = await fabra({ seed: { syncs: [] }, faults: ['POST /sync:commit-later=3600000:1'] });
    await expect(client.call('POST', '/sync', syncBody())).rejects.toThrow('closed');
    expect([client.emulator.syncs().length, client.emulator.commitDelayed(), client.emulator.syncs().length]).toEqual([
      0, 1, 1,
    ]);
    client.emulator.addFaults(['POST /sync:empty']);
    await expect(client.call('POST', '/sync', {})).rejects.toThrow('closed');
  });
});

describe('bodies', () => {
  it.each<[string, string, number]>([
    ['a half-open string', '{"display_name": "a', 500],
    ['no colon', '{"display_name" "a"}', 500],
    ['no comma', '{"a": [1 2]}', 500],
    ['a trailing comma', '{"status": "active",}', 500],
    ['an exponent where a text belongs', '{"status": 1e3}', 500],
    ['nested values that nobody reads', '{"x": [{"y": [null, true, -1.5e2]}, []], "status": "active"}', 200],
    ['a key twice: the last one counts', '{"status": 1, "STATUS": "active"}', 200],
    ['something after the value', '{"status": "active"} ]]', 200],
  ])('%s', async (_, send, status) => {
    const { emulator } = await fabra();
    const headers = { 'x-api-key': emulator.token };
    expect(await ask(emulator.url, { method: 'PATCH', path: '/sync/8', headers, send })).toMatchObject({ status });
  });

  it.each<[string, JsonObject, number, number]>([
    ['255 characters, of two units each', { display_name: '😀'.repeat(255) }, 200, 1],
    ['256 characters', { display_name: 'n'.repeat(256) }, 500, 0],
    ['a customer of 256 characters', { end_customer_id: 'n'.repeat(256) }, 200, 1],
    ['a customer of 257 characters', { end_customer_id: 'n'.repeat(257) }, 500, 0],
    ['units of 33 characters', { frequency_units: 'n'.repeat(33), recurring: false }, 500, 0],
    ['more than 32 bits', { frequency: 2 ** 31 }, 500, 0],
  ])('%s: %o', async (_, change, status, count) => {
    const client = await fabra({ seed: { syncs: [] } });
    expect((await client.call('POST', '/sync', syncBody(change))).status).toBe(status);
    expect(client.emulator.syncs()).toHaveLength(count);
  });
});

describe('paths and credentials', () => {
  it('keeps path and query of a double slash', async () => {
    const client = await fabra();
    const answer = await client.call('GET', '//objects?destinationID=1', undefined, {});
    expect([answer.status, answer.headers.location]).toEqual([301, '/objects?destinationID=1']);
  });

  it.each([
    ['GET', '/sync%2F8', 200],
    ['GET', '/sync/%38', 200],
    ['GET', '/sync/', 404],
    ['OPTIONS', '/nothing', 404],
  ])('%s %s', async (method, path, status) => {
    expect((await (await fabra()).call(method, path)).status).toBe(status);
  });

  it('a token that has run out is none', async () => {
    const client = await fabra();
    const parts = [
      { alg: 'KMSHS256', typ: 'JWT' },
      { token_info: { organization_id: 1, end_customer_id: 'a' }, exp: 9 },
    ];
    const expired = `${parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
    const headers = { 'x-link-token': expired };
    expect((await client.call('GET', '/link/sources', undefined, headers)).status).toBe(401);
    const both = { ...headers, 'x-api-key': client.emulator.token };
    expect((await client.call('GET', '/link/sources', undefined, both)).text).toBe('must send link token\n');
    expect((await client.call('GET', '/objects', undefined, both)).status).toBe(200);
  });
});

describe('what a sync is made of', () => {
  it.each<[string, string, Json, number, JsonObject | string]>([
    [
      'a webhook',
      '/destination',
      { display_name: 'Hook', connection_type: 'webhook', webhook_config: { url: 'http://127.0.0.1/https' } },
      200,
      { destination: { id: 3, display_name: 'Hook', connection: { id: 7, connection_type: 'webhook' } } },
    ],
    [
      'a webhook in the clear',
      '/destination',
      { display_name: 'Hook', connection_type: 'webhook', webhook_config: { url: 'http://a.test' } },
      400,
      'webhook url must use https\n',
    ],
    [
      'no such type',
      '/destination',
      { display_name: 'X', connection_type: 'ftp' },
      400,
      'unknown connection type: ftp\n',
    ],
    [
      'a source',
      '/source',
      { display_name: 'S', connection_type: 'mysql', end_customer_id: 'abc123', mysql_config: {} },
      200,
      { source: { id: 5, end_customer_id: 'abc123' } },
    ],
    [
      'a source of nobody',
      '/source',
      { display_name: 'S', connection_type: 'mysql' },
      400,
      'end_customer_id is required\n',
    ],
    [
      'a source of no known type',
      '/source',
      { display_name: 'S', connection_type: 'ftp', end_customer_id: 'a' },
      500,
      'unexpected error\n',
    ],
    [
      'an object',
      '/object',
      {
        display_name: 'O',
        destination_id: 1,
        target_type: 'webhook',
        sync_mode: 'full_append',
        recurring: false,
        object_fields: [
          { name: 'a', field_type: 'STRING' },
          { name: 'b', type: 'STRING' },
        ],
      },
      200,
      {
        object: {
          id: 6,
          object_fields: [
            { id: 43, name: 'a', type: 'STRING' },
            { id: 44, name: 'b', type: '' },
          ],
        },
      },
    ],
    [
      'an object whose cursor is a text',
      '/object',
      {
        display_name: 'O',
        destination_id: 1,
        target_type: 'webhook',
        sync_mode: 'full_append',
        recurring: false,
        cursor_field: 'a',
        object_fields: [{ name: 'a', field_type: 'STRING' }],
      },
      400,
      'invalid cursor field type: STRING\n',
    ],
  ])('%s', async (_, path, body, status, expected) => {
    const answer = await (await fabra()).call('POST', path, body);
    expect(answer.status).toBe(status);
    if (typeof expected === 'string') expect(answer.text).toBe(expected);
    else expect(answer.body).toMatchObject(expected);
  });

  it('a source without its configuration takes the connection with it', async () => {
    const body = { display_name: 'S', connection_type: 'mysql', end_customer_id: 'a' };
    await expect((await fabra()).call('POST', '/source', body)).rejects.toThrow('closed');
  });

  it('objects and their fields can be relabelled; syncs do not follow', async () => {
    const client = await fabra();
    const { body } = await client.call('PATCH', '/object/2', { display_name: 'Sales', recurring: false });
    expect(body.object).toMatchObject({ display_name: 'Sales', recurring: false });
    expect(body.object).not.toHaveProperty('frequency');
    const labels = { object_fields: [{ id: 11, display_name: null }, { id: 13, description: 'x' }, { id: 21 }] };
    const patched = await client.call('PATCH', '/object/2/object_fields', labels);
    expect(patched.body).toMatchObject({ object_fields: [{ id: 11 }, { id: 13, description: 'x' }], failures: [21] });
    expect((await client.call('GET', '/sync/8')).body.sync).toMatchObject({ frequency: 6 });
  });
});

describe('behind the back', () => {
  it('changes and removes syncs', async () => {
    const { emulator, call } = await fabra();
    const field_mappings = [{ source_field_name: 'ID', destination_field_id: 11 }];
    emulator.mutate(8, { display_name: 'renamed', frequency: 12, field_mappings });
    expect((await call('GET', '/sync/8')).body).toMatchObject({
      sync: { display_name: 'renamed', frequency: 12 },
      field_mappings: [{ destination_field_name: 'order_id', source_field_type: '' }],
    });
    emulator.remove(8);
    expect([(await call('GET', '/sync/8')).status, emulator.syncs().length, emulator.schedules().length]).toEqual([
      500, 1, 1,
    ]);
    expect(() => emulator.mutate(8, {})).toThrow('There is no sync 8.');
  });

  it('a seeded ghost is listed and has no schedule', async () => {
    const seed = {
      id: 4,
      end_customer_id: 'abc123',
      display_name: 'ghost',
      source_id: 1,
      object_id: 3,
      scheduled: false,
    };
    const { emulator, call } = await fabra({ seed: { syncs: [seed] }, token: 'the-key' });
    expect([emulator.token, emulator.organisations(), emulator.schedules()]).toEqual([
      'the-key',
      [{ id: 1, token: 'the-key' }],
      [],
    ]);
    expect((await call('GET', '/sync/4')).status).toBe(200);
    expect((await call('DELETE', '/sync/4')).status).toBe(500);
  });
});

describe('a seed that cannot be used', () => {
  it.each<[Json, string]>([
    [[], 'The seed is not a JSON object.'],
    [{ sync: [] }, 'The seed has the unknown key "sync".'],
    [{ syncs: {} }, 'syncs must be a list.'],
    [{ keys: { a: 'b' } }, 'keys must map each API key to the id of an organisation.'],
    [{ next_sync_id: 0 }, 'next_sync_id must be a positive whole number.'],
    [{ sources: [{ id: 1, display_name: 'a', end_customer_id: 'b' }] }, 'sources[0].connection is missing.'],
    [
      { object_fields: [{ id: 1, object_id: 2, name: 'a', field_type: 'b', type: 'c' }] },
      'object_fields[0] has the unknown key "field_type".',
    ],
    [
      {
        syncs: [
          {
            id: 1,
            end_customer_id: 'a',
            display_name: 'b',
            source_id: 1,
            object_id: 1,
            namespace: null,
            field_mappings: [{ source_field_name: 'a' }],
          },
        ],
      },
      'syncs[0].field_mappings[0].destination_field_id is missing.',
    ],
  ])('%j', (seed, message) => {
    expect(fabraSeedProblems(seed).map((problem) => problem.message)).toEqual([message]);
    expect(isFabraSeed(seed)).toBe(false);
  });

  it('nor a fault rule', async () => {
    await expect(startFabra({ faults: ['POST /sync:nonsense'] })).rejects.toThrow('unknown kind');
    await expect(startFabra({ seed: { next_sync_id: -1 } })).rejects.toThrow('next_sync_id');
  });
});
