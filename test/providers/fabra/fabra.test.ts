import { afterEach, describe, expect, test } from 'vitest';
import { ProviderError } from '../../../src/model/errors.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Target } from '../../../src/model/project.ts';
import { resourceOf } from '../../../src/model/provider.ts';
import { secret } from '../../../src/model/secret.ts';
import { connect } from '../../../src/providers/index.ts';
import { desired, empty, failing, plain, type Routes, type Script, script, sync, usual } from './scripted.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function world(over: Routes = {}, options: Parameters<typeof script>[1] = {}): Promise<Script> {
  const made = await script(over, options);
  open.push(made);
  return made;
}

async function failure(promise: Promise<unknown>): Promise<ProviderError> {
  const error = await promise.catch((reason: unknown) => reason);
  if (error instanceof ProviderError) return error;
  throw new Error(`Expected a ProviderError, got ${String(error)}`);
}

function lastBody({ server }: Script): JsonObject {
  return JSON.parse(server.arrived.at(-1)?.body ?? 'null');
}

describe('connecting', () => {
  const target: Target = {
    name: 'main',
    provider: 'fabra',
    api: 'server',
    base_url: undefined,
    region: undefined,
    token_variable: 'FABRA_API_KEY',
    personal_access_token_variable: undefined,
    workspace: undefined,
    vars: {},
    protect: [],
    limits: { max_deletes: 5, concurrency: 8, settle_seconds: 10 },
  };

  test.each(['server', 'documented'])('a target with api %s goes to the public host', async (api) => {
    const provider = await connect({ ...target, api }, secret('a'));
    open.push(provider);
    expect([provider.name, provider.api, provider.host]).toEqual(['fabra', api, 'api.fabra.io']);
    expect(resourceOf(provider, 'FabraSync').capabilities).toEqual({
      listing: 'index',
      deletions: 'invisible',
      refusesDeadWith: 500,
      ghosts: true,
      verbs: api === 'server' ? ['update', 'delete'] : [],
      checks: 'local',
    });
  });

  test('the key goes to the address of the target', async () => {
    const { server } = await world();
    const provider = await connect({ ...target, base_url: server.url }, secret('the-key'));
    open.push(provider);
    expect(await provider.identify()).toEqual({ id: 7, name: undefined });
    expect(server.arrived[0]?.headers['x-api-key']).toBe('the-key');
  });
});

describe('a create', () => {
  test('sends ids for names, in the server’s words', async () => {
    const made = await world();
    const paused = { ...desired, status: 'paused', destination_id: 2, sync_mode: 'full_overwrite', recurring: false };
    expect(await made.syncs.create(paused)).toEqual({ id: '10', unset: ['/status'] });
    const { status: _status, destination_id: _destination, ...sent } = paused;
    expect(lastBody(made)).toEqual({
      ...sent,
      field_mappings: [
        { source_field_name: 'id', source_field_type: 'INTEGER', destination_field_id: 11, is_json_field: false },
        {
          source_field_name: 'updated_at',
          source_field_type: 'TIMESTAMP',
          destination_field_id: 12,
          is_json_field: false,
        },
      ],
    });
  });

  test('leaves nothing where the sync is to be active', async () => {
    const { syncs } = await world();
    expect((await syncs.create({ ...desired, status: 'active' })).unset).toEqual([]);
  });

  test('asks for the catalogue once', async () => {
    const made = await world();
    for (let count = 0; count < 3; count += 1) await made.syncs.create(desired);
    expect(made.arrived().filter((line) => line !== 'POST /sync')).toHaveLength(5);
  });

  test('without an id in the answer may have made a sync', async () => {
    const { syncs } = await world({ 'POST /sync': plain({ sync: { ...sync, id: null } }) });
    expect(await failure(syncs.create(desired))).toMatchObject({ fate: 'unknown' });
    const silent = await world({ 'POST /sync': empty });
    expect(await failure(silent.syncs.create(desired))).toMatchObject({ fate: 'unknown' });
  });

  test.each<readonly [string, JsonObject]>([
    ['30 minutes', { recurring: true, frequency: 30, frequency_units: 'minutes' }],
    ['one week', { recurring: true, frequency: 1, frequency_units: 'weeks' }],
    ['the object’s schedule', { recurring: true, frequency: null, frequency_units: null }],
    ['a short one that is not used', { recurring: false, frequency: 5, frequency_units: 'minutes' }],
    ['a join instead of a table', { namespace: null, table_name: null, custom_join: 'select 1' }],
    ['a join and a table', { custom_join: 'select 1' }],
    ['the longest name', { display_name: 'ü'.repeat(255) }],
  ])('is sent with %s', async (_name, over) => {
    const { syncs } = await world();
    expect(await syncs.check({ ...desired, ...over }, undefined)).toMatchObject({ status: 'valid' });
    expect(await syncs.create({ ...desired, ...over })).toMatchObject({ id: '10' });
  });
});

describe('a check', () => {
  test('names every condition, says that it was made here, and writes nothing', async () => {
    const { provider, syncs, arrived } = await world();
    provider.permit('none');
    const verdict = await syncs.check({ ...desired, source_id: 8, table_name: null }, undefined);
    expect(verdict.status).toBe('invalid');
    expect(verdict.message).toMatch(
      /^Checked locally, .* since its API cannot check without writing\. Failed: table_name .* \(table_name is missing\); the source .*\. Passed: end_customer_id is given; the object .*\.$/,
    );
    expect(arrived()).not.toContain('POST /sync');
  });

  test('of an update is about the status alone', async () => {
    const { syncs } = await world();
    const reading = await syncs.read('10');
    if (reading === undefined) throw new Error('sync 10 is there');
    const strange = { ...desired, source_id: 8 };
    expect(await syncs.check({ ...strange, status: 'paused' }, reading)).toMatchObject({ status: 'valid' });
    expect(await syncs.check({ ...strange, status: 'stopped' }, reading)).toMatchObject({ status: 'invalid' });
  });
});

describe('examining', () => {
  const named = (name: string, over: JsonObject = {}) => ({
    ...desired,
    field_mappings: [{ source_field_name: 'a', destination_field_name: name, ...over }],
  });

  test('tells the fields there are, closest first', async () => {
    const { syncs } = await world();
    expect(await syncs.examine(named('changedat'))).toEqual([
      {
        severity: 'error',
        code: 'unknown-name',
        message: 'Object "Orders" has no field named "changedat".',
        hint: expect.stringMatching(/^Its fields, closest first: changed_at \(TIMESTAMP\), .*order_id/),
        path: '/spec/field_mappings/0/destination_field_name',
        at: 'value',
      },
    ]);
  });

  test('finds a name that contradicts the id beside it', async () => {
    const { syncs } = await world();
    expect(await syncs.examine(named('order_id', { destination_field_id: 11 }))).toEqual([]);
    expect(await syncs.examine(named('order_id', { destination_field_id: 12 }))).toMatchObject([
      { message: 'The field 12 of object "Orders" is not named "order_id".' },
    ]);
  });

  test('points at an object that is not there', async () => {
    const { syncs } = await world();
    expect(await syncs.examine({ ...named('order_id'), object_id: 99 })).toMatchObject([{ path: '/spec/object_id' }]);
  });

  test('asks nothing where there are no names', async () => {
    const { syncs, arrived } = await world();
    const field_mappings = [{ source_field_name: 'a', destination_field_id: 11 }];
    expect(await syncs.examine({ ...desired, field_mappings })).toEqual([]);
    expect(arrived()).toEqual([]);
  });
});

describe('an update', () => {
  test.each<readonly [string, JsonObject, readonly string[]]>([
    ['of anything but the status', { status: 'paused' }, ['/display_name']],
    ['to a status that is none', { status: 'Active' }, ['/status']],
  ])('%s is not sent', async (_name, over, changed) => {
    const { syncs, arrived } = await world();
    const reading = await syncs.read('10');
    if (reading === undefined) throw new Error('sync 10 is there');
    const before = arrived().length;
    const update = syncs.update(reading, { ...desired, ...over }, changed);
    expect(await failure(update)).toMatchObject({ fate: 'unsent' });
    expect(arrived()).toHaveLength(before);
  });

  test('of a manifest that says nothing of its status means that it runs', async () => {
    const made = await world({ 'PATCH /sync/10': empty });
    const reading = await made.syncs.read('10');
    if (reading === undefined) throw new Error('sync 10 is there');
    await made.syncs.update(reading, desired, ['/status']);
    expect(lastBody(made)).toEqual({ status: 'active' });
  });

  test('says the status and nothing else', async () => {
    const made = await world({ 'PATCH /sync/10': empty });
    const reading = await made.syncs.read('10');
    if (reading === undefined) throw new Error('sync 10 is there');
    await made.syncs.update(reading, { ...desired, status: 'paused' }, ['/status']);
    expect(lastBody(made)).toEqual({ status: 'paused' });
  });
});

test('a delete that is answered 500 is sent once, and nobody knows what became of it', async () => {
  const made = await world({ 'DELETE /sync/10': failing(500, 'unexpected error') });
  expect(await failure(made.syncs.delete('10'))).toMatchObject({ fate: 'unknown', status: 500 });
  expect(made.arrived()).toEqual(['DELETE /sync/10']);
});

describe('a service that lists and creates, nothing else', () => {
  const mapping = { source_field_name: 'event_name', destination_field_name: 'event' };
  /** As the API reference shows it. */
  const body = {
    cursor_field: 'updated_at',
    custom_join: 'select * from events join properties on events.id = properties.event_id;',
    destination_id: 2,
    display_name: 'Event Sync',
    end_customer_id: 'abc123',
    field_mappings: [mapping],
    frequency: 30,
    frequency_units: 'minutes',
    namespace: 'end_customer_bigquery_dataset',
    object_id: 3,
    primary_key: 'event_id',
    source_id: 1,
    table_name: 'end_customer_events',
  };
  const { cursor_field: source_cursor_field, primary_key: source_primary_key, ...rest } = body;
  const spec = { ...rest, source_cursor_field, source_primary_key };
  const field = { name: 'event', type: 'string' };
  const documented: Routes = {
    ...Object.fromEntries(Object.keys(usual).map((route) => [route, failing(404, '404 page not found')])),
    'GET /destinations': plain({ destinations: [{ id: 2, display_name: 'Warehouse' }] }),
    'GET /sources': plain({
      sources: [
        { id: 1, display_name: 'BigQuery', end_customer_id: 'abc123' },
        { id: 2, display_name: 'BigQuery', end_customer_id: 'other' },
      ],
    }),
    'GET /objects': plain({ objects: [{ id: 3, display_name: 'Events', destination_id: 2, object_fields: [field] }] }),
    'GET /syncs': plain({ syncs: [{ ...body, id: 10 }] }),
    'POST /sync': plain({ sync: { ...body, id: 10 } }),
    'PATCH /sync/10': failing(405, ''),
  };
  const speaking = () => world(documented, { dialect: 'documented' });

  test('is sent the body of its reference', async () => {
    const made = await speaking();
    expect(await made.syncs.create(spec)).toEqual({ id: '10', unset: [] });
    expect(lastBody(made)).toEqual(body);
    const { destination_id: _destination, ...without } = spec;
    await made.syncs.create(without);
    expect(lastBody(made)).toEqual(body);
  });

  test('is read from its list', async () => {
    const { syncs, arrived } = await speaking();
    const expected = { ...spec, status: 'active', field_mappings: [{ ...mapping, is_json_field: false }] };
    expect((await syncs.read('10'))?.live).toEqual({
      kind: 'FabraSync',
      id: '10',
      label: 'abc123 / Event Sync',
      spec: expected,
    });
    expect(await syncs.read('11')).toBeUndefined();
    expect(await syncs.newest(new Set())).toMatchObject([{ id: '10', spec: expected }]);
    expect(new Set(arrived())).toEqual(new Set(['GET /syncs']));
  });

  test('shares a list between readers that ask together, and asks again for the next', async () => {
    const { syncs, arrived } = await speaking();
    await Promise.all(Array.from({ length: 20 }, () => syncs.read('10')));
    expect(arrived().length).toBeLessThanOrEqual(2);
    await syncs.read('10');
    expect(arrived().length).toBeGreaterThanOrEqual(2);
  });

  test('names the sources of the end customer', async () => {
    const { provider } = await speaking();
    expect(await provider.named('sources', 'abc123')).toEqual([{ id: 1, name: 'BigQuery' }]);
  });

  test('says that it offers neither update nor delete', async () => {
    const { provider, syncs } = await speaking();
    const said = 'this service does not offer it (the documented API lists and creates, nothing else)';
    for (const promise of [syncs.probe('10', spec), syncs.delete('10')]) {
      const error = await failure(promise);
      expect(error.fate).toBe('refused');
      expect(error.message).toContain(said);
    }
    expect(provider.isAlive()).toBe(false);
  });

  test.each<readonly [string, JsonObject]>([
    ['sync_mode', { sync_mode: 'full_overwrite' }],
    ['recurring', { recurring: true }],
    ['status: paused', { status: 'paused' }],
    ['destination_field_id', { field_mappings: [mapping, { source_field_name: 'a', destination_field_id: 21 }] }],
    ['source_field_type', { field_mappings: [{ ...mapping, source_field_type: 'STRING' }] }],
    ['is_json_field', { field_mappings: [{ ...mapping, is_json_field: true }] }],
  ])('has no word for %s, which is not dropped silently', async (word, over) => {
    const made = await speaking();
    expect((await failure(made.syncs.create({ ...spec, ...over }))).message).toContain(`(none for ${word})`);
    expect(made.arrived()).not.toContain('POST /sync');
  });

  test('takes 30 minutes and no less', async () => {
    const { syncs } = await speaking();
    expect(await syncs.check({ ...spec, status: 'active' }, undefined)).toMatchObject({ status: 'valid' });
    expect(await syncs.check({ ...spec, frequency: 29 }, undefined)).toMatchObject({ status: 'invalid' });
  });

  test('may be found out by a server that was thought to offer more', async () => {
    const { syncs } = await world(documented);
    expect((await syncs.read('10'))?.live.spec).toMatchObject({ field_mappings: [mapping] });
    expect(await syncs.read('11')).toBeUndefined();
  });
});

describe('health', () => {
  const run = (status: string) => ({ status, started_at: '11/21/26 at 07:00 PM UTC', rows_written: 0 });

  test.each([
    [null, undefined],
    [[run('completed'), run('failed')], 'ok'],
    [[run('failed'), run('completed')], 'failing'],
    [[run('running'), run('failed')], 'failing'],
    [[run('running')], undefined],
    [[run('abandoned'), run('completed')], undefined],
  ])('of the runs %j, newest first, is %s', async (runs, health) => {
    const { provider } = await world({
      'GET /sync/10': plain({ sync, field_mappings: [], next_run_time: '', sync_runs: runs }),
    });
    expect((await resourceOf(provider, 'FabraSync').read('10'))?.live.health).toBe(health);
  });
});
