import { describe, expect, it } from 'vitest';
import { isObject, type JsonObject } from '../../../src/emulator/json.ts';
import { account, activationOf, data, groupOf, items, syncBody, wide } from './support.ts';

describe('the envelope', () => {
  it('of a list has pages, the newest first, and names no next address', async () => {
    const { v2 } = account();
    const { body } = await v2('GET', '/syncs?per_page=2');
    expect(Object.keys(body)).toEqual(['status', 'data', 'pagination']);
    expect(body.pagination).toEqual({
      ...{ total_records: 3, per_page: 2, prev_page: null, page: 1, next_page: 2, last_page: 2 },
    });
    expect(items({ status: 200, body }).map(({ id }) => id)).toEqual([90003, 90002]);
    const rest = await v2('GET', '/syncs?per_page=2&page=2&order=desc');
    expect(items(rest).map(({ id }) => id)).toEqual([90001]);
    expect(items(await v2('GET', '/syncs?order=asc&page=0')).map(({ id }) => id)).toEqual([90001, 90002, 90003]);
    expect((await v2('GET', '/syncs?per_page=1000')).body.pagination).toMatchObject({ per_page: 100 });
  });

  it.each([
    ['a wrong token', 'GET', '/syncs', 'wrong', 401],
    ["a workspace's key", 'GET', '/syncs', 'key', 401],
    ["a workspace's key, for a path that is none", 'GET', '/workspaces', 'key', 404],
    ['the key of an account that version 2 does not know', 'GET', '/workspace', 'pat', 404],
    ['an unknown sync', 'GET', '/syncs/1', 'pat', 404],
    ['an id that is none', 'DELETE', '/syncs/one', 'pat', 404],
    ['an unknown activation', 'GET', '/activations/nowhere_donkey', 'pat', 404],
    ["version 1's name of activations", 'GET', '/destinations', 'pat', 404],
  ])('of %s is the status alone', async (_name, method, path, token, status) => {
    expect(await account().v2(method, path, undefined, token)).toEqual({ status, body: { status } });
  });

  it('says that it is there at its base, to those who may ask', async () => {
    const { v2 } = account();
    expect((await v2('GET', '')).status).toBe(200);
    expect((await v2('GET', '/', undefined, 'key')).status).toBe(401);
    expect((await v2('POST', '')).status).toBe(404);
  });

  it('of a refusal has the number, and a message', async () => {
    const { v2 } = account();
    const activation = await activationOf(v2, 'Snowflake Prod', 'Salesforce');
    expect(await v2('POST', '/syncs', syncBody(activation, { operation: 'explode' }))).toEqual({
      status: 400,
      body: { status: 400, message: expect.stringContaining('operation') },
    });
  });
});

describe('an activation', () => {
  it('is a source and a destination, whose name it has', async () => {
    const { v2 } = account();
    const id = await activationOf(v2, 'Snowflake Prod', 'Salesforce');
    expect((await v2('GET', `/activations/${id}`)).body).toEqual({
      status: 'success',
      data: {
        id,
        name: 'Salesforce',
        group_id: await groupOf(v2, 501),
        source: { id: 501, name: 'Snowflake Prod', type: 'snowflake' },
        destination: {
          id: 601,
          type: 'salesforce',
          created_at: '2026-01-05T09:17:00.000Z',
          last_test_succeeded: true,
          last_tested_at: '2026-01-05T09:17:00.000Z',
          is_file_system_destination: false,
          connection_details: {},
        },
        last_test_results: [{ name: 'connect', status: 'succeeded', error: null }],
      },
    });
  });

  it('has a name of two words that no other has, and always the same one', async () => {
    const [one, other] = [account({ activationsFor: 'all-pairs' }), account({ activationsFor: 'all-pairs' })];
    const ids = async ({ v2 }: typeof one) =>
      items(await v2('GET', '/activations?per_page=100')).map(({ id }) => String(id));
    const [known, again] = [await ids(one), await ids(other)];
    expect(again).toEqual(known);
    expect(new Set(known).size).toBe(known.length);
    expect(known.filter((id) => !/^[a-z]+_[a-z]+$/.test(id))).toEqual([]);
  });

  it('is there once for each source of a destination', async () => {
    const { v2 } = account({}, { seed: wide });
    const all = items(await v2('GET', '/activations')).filter(({ name }) => name === 'CRM');
    expect(all.map(({ source }) => isObject(source) && source.id)).toEqual([12, 11]);
    expect(new Set(all.map(({ group_id }) => group_id)).size).toBe(2);
    expect(new Set(all.map(({ id }) => id)).size).toBe(2);
  });

  it('is made with a destination that version 1 shows, changed, and deleted with a message alone', async () => {
    const { v1, v2 } = account();
    const group_id = await groupOf(v2, 501);
    const asked = { group_id, name: 'CRM 2', type: 'salesforce', credentials: { api_key: 'x' } };
    const made = await v2('POST', '/activations', { activation: asked });
    expect(made).toMatchObject({ status: 201, body: { status: 'created', data: { name: 'CRM 2', group_id } } });
    const { id, destination } = data(made);
    const older = `/destinations/${isObject(destination) ? String(destination.id) : ''}`;
    expect(data(await v1('GET', older))).toMatchObject({ name: 'CRM 2', type: 'salesforce' });
    expect((await v2('POST', '/syncs', syncBody(String(id)))).status).toBe(201);
    const changed = await v2('PATCH', `/activations/${String(id)}`, { activation: { ...asked, name: 'CRM 3' } });
    expect(changed).toMatchObject({ status: 200, body: { status: 'updated', data: { id, name: 'CRM 3' } } });
    expect(data(await v1('GET', older)).name).toBe('CRM 3');
    const [sync] = items(await v2('GET', '/syncs'));
    await v2('DELETE', `/syncs/${String(sync?.id)}`);
    expect(await v2('DELETE', `/activations/${String(id)}`)).toEqual({
      status: 200,
      body: { message: `Activation with ID ${String(id)} successfully deleted` },
    });
    expect((await v2('GET', `/activations/${String(id)}`)).status).toBe(404);
    expect((await v1('GET', older)).status).toBe(404);
  });

  it.each<[string, JsonObject, string]>([
    ['an unknown group', { group_id: 'nowhere_slowly' }, 'Invalid group_id: nowhere_slowly'],
    ['an unknown type', { type: 'not_a_real_type' }, 'Invalid type: not_a_real_type'],
    ['no name', { name: '' }, 'name is required'],
    ['no credentials', { credentials: null }, 'credentials is required'],
  ])('is refused with %s', async (_name, wrong, message) => {
    const { v2 } = account();
    const activation = { group_id: await groupOf(v2, 501), name: 'New', type: 'braze', credentials: {}, ...wrong };
    expect(await v2('POST', '/activations', { activation })).toEqual({ status: 400, body: { status: 400, message } });
  });

  it('keeps its group and its type', async () => {
    const { v2 } = account();
    const path = `/activations/${await activationOf(v2, 'Snowflake Prod', 'Salesforce')}`;
    const other = await groupOf(v2, 502);
    expect((await v2('PATCH', path, { activation: { group_id: other } })).body.message).toContain('Invalid group_id');
    expect((await v2('PATCH', path, { activation: { type: 'braze' } })).body.message).toContain('Invalid type');
    expect((await v2('PATCH', path, {})).body.message).toContain('activation is required');
    expect((await v2('POST', '/activations', {})).body.message).toContain('activation is required');
  });

  it('has the objects of its destination, and jobs that look for more', async () => {
    const { v1, v2 } = account();
    const path = `/activations/${await activationOf(v2, 'Snowflake Prod', 'Salesforce')}`;
    const objects = await v2('GET', `${path}/objects`);
    expect(objects.body).not.toHaveProperty('next');
    expect(items(objects)).toEqual(items(await v1('GET', '/destinations/601/objects')));
    expect(data(await v2('GET', `${path}/objects/Contact`)).full_name).toBe('Contact');
    for (const [start, look] of [
      [`${path}/refresh_objects`, `${path}/refresh_objects_status`],
      [`${path}/objects/Contact/refresh_fields`, `${path}/objects/Contact/refresh_fields_status`],
    ] as const) {
      const { body } = await v2('POST', start);
      expect(Object.keys(body)).toEqual(['refresh_key']);
      const key = String(body.refresh_key);
      expect((await v2('GET', `${look}?refresh_key=${key}`)).body).toEqual({ status: 'processing' });
      expect((await v2('GET', `${look}?refresh_key=${key}`)).body).toEqual({ status: 'completed' });
    }
  });

  it('is of a type that the service lists', async () => {
    const types = items(await account().v2('GET', '/activation_types')).map(({ service_name }) => service_name);
    expect(types).toContain('salesforce');
  });
});

describe('a source', () => {
  it('has a group, and no label', async () => {
    const { v1, v2 } = account();
    const { label, read_only_connection: _, ...older } = data(await v1('GET', '/sources/501'));
    expect(label).toBe('Snowflake Prod');
    const { group_id, last_test_results, ...newer } = data(await v2('GET', '/sources/501'));
    expect(newer).toEqual(older);
    expect(group_id).toMatch(/^[a-z]+_[a-z]+$/);
    expect(last_test_results).toHaveLength(1);
    expect(items(await v2('GET', '/sources?order=asc'))[0]).toEqual({ ...newer, group_id, last_test_results });
  });

  it.each(['objects', 'tables', 'models', 'filter_segments', 'topics'])('has its %s, as in version 1', async (what) => {
    const { v1, v2 } = account();
    const older = await v1('GET', `/sources/501/${what}`);
    expect(items(await v2('GET', `/sources/501/${what}`))).toEqual(items(older));
    expect((await v2('GET', `/sources/9/${what}`)).body).toEqual({ status: 404 });
  });

  it('is made, changed and deleted', async () => {
    const { v1, v2 } = account();
    const made = await v2('POST', '/sources', { connection: { name: 'Lake', type: 'postgres', region: 'us' } });
    expect(made).toMatchObject({ status: 201, body: { data: { name: 'Lake', group_id: expect.any(String) } } });
    const path = `/sources/${String(data(made).id)}`;
    expect(data(await v1('GET', path)).name).toBe('Lake');
    expect(data(await v2('PATCH', path, { connection: { name: 'Pond' } }))).toMatchObject({ name: 'Pond' });
    expect((await v2('DELETE', path)).body).toEqual({ status: 'deleted' });
    expect((await v1('GET', path)).status).toBe(404);
    expect((await v2('POST', '/sources', {})).body).toEqual({ status: 400, message: 'connection is required' });
  });

  it('is of a type that the service lists', async () => {
    const { v2 } = account();
    expect(data(await v2('GET', '/source_types/snowflake')).label).toBe('Snowflake');
    expect(items(await v2('GET', '/source_types')).length).toBeGreaterThan(3);
  });
});

describe('a dataset', () => {
  const asked = { name: 'Buyers', type: 'sql', query: 'select id from buyers' };

  it('is made in a group, and read back with its source', async () => {
    const { v1, v2 } = account();
    const group_id = await groupOf(v2, 502);
    const made = await v2('POST', '/datasets', { ...asked, group_id });
    expect(made).toMatchObject({
      status: 201,
      body: { status: 'created', data: { ...asked, source_id: 502, group_id } },
    });
    const path = `/datasets/${String(data(made).id)}`;
    expect(data(await v2('GET', path))).toEqual({ ...data(await v1('GET', path)), group_id });
    expect(data(await v2('PATCH', path, { name: 'Payers' }))).toMatchObject({
      name: 'Payers',
      source_id: 502,
      group_id,
    });
    const { body } = await v2('POST', `${path}/refresh_columns`);
    const look = `${path}/refresh_columns_status?refresh_key=${String(body.refresh_key)}`;
    expect((await v2('GET', look)).body).toEqual({ status: 'processing' });
    expect((await v2('GET', look)).body).toEqual({ status: 'completed' });
    expect(items(await v2('GET', '/datasets?type=sql')).map(({ id }) => id)).toContain(data(made).id);
    expect((await v2('DELETE', path)).body).toEqual({ status: 'deleted' });
  });

  it('is refused in a group that is none', async () => {
    const { v2 } = account();
    const message = 'Invalid group_id: 502';
    expect(await v2('POST', '/datasets', { ...asked, group_id: 502 })).toEqual({
      status: 400,
      body: { status: 400, message },
    });
    const refusal = await v2('POST', '/datasets', {
      ...asked,
      query: 'drop table x',
      group_id: await groupOf(v2, 502),
    });
    expect(refusal.body.message).toContain('query');
  });
});

describe('a webhook', () => {
  it('has a group, a secret that is shown once, and no id in the list, which has no pages', async () => {
    const { v1, v2 } = account();
    const group_id = await groupOf(v2, 501);
    const asked = { name: 'Hook', endpoint: 'https://example.com/hook', events: ['sync.failed'] };
    expect((await v2('POST', '/webhooks', asked)).body).toEqual({
      status: 400,
      message: 'Invalid group_id: undefined',
    });
    const made = data(await v2('POST', '/webhooks', { ...asked, group_id }));
    expect(made).toMatchObject({ ...asked, group_id, signing_secret: expect.any(String) });
    const { signing_secret: _, ...whole } = made;
    const { id, ...listed } = whole;
    expect(data(await v2('GET', `/webhooks/${String(id)}`))).toEqual(whole);
    expect((await v2('GET', '/webhooks')).body).toEqual({ status: 'success', data: [listed] });
    expect(data(await v1('GET', `/webhooks/${String(id)}`)).name).toBe('Hook');
    const other = await groupOf(v2, 502);
    expect(data(await v2('PATCH', `/webhooks/${String(id)}`, { group_id: other })).group_id).toBe(other);
    expect((await v2('PATCH', `/webhooks/${String(id)}`, { group_id: 'none' })).status).toBe(400);
    expect((await v2('DELETE', `/webhooks/${String(id)}`)).body).toEqual({ status: 'deleted' });
    await v1('POST', '/webhooks', asked);
    expect(items(await v2('GET', '/webhooks'))).toMatchObject([{ name: 'Hook', group_id }]);
  });
});

describe('a run', () => {
  it('is triggered, listed, tested and cancelled', async () => {
    const { v2 } = account({}, { quirks: { runMilliseconds: 60_000 } });
    const started = await v2('POST', '/syncs/90001/trigger?force_full_sync=true');
    expect(started).toEqual({ status: 200, body: { status: 'success', data: { sync_run_id: expect.any(Number) } } });
    const run = String(data(started).sync_run_id);
    expect(items(await v2('GET', '/syncs/90001/sync_runs'))).toMatchObject([{ sync_id: 90001, full_sync: true }]);
    expect(data(await v2('GET', `/sync_runs/${run}`))).toMatchObject({ sync_id: 90001, status: 'working' });
    expect(data(await v2('GET', `/syncs/test_status?sync_run_id=${run}`))).toHaveProperty('sample_record');
    expect((await v2('GET', '/syncs/test_status')).body).toEqual({ status: 404 });
    expect(items(await v2('GET', `/sync_runs/${run}/records`))).toEqual([]);
    expect((await v2('POST', `/sync_runs/${run}/cancel`)).body.status).toBe('cancelled');
    expect((await v2('POST', '/syncs/1/trigger')).body).toEqual({ status: 404 });
    await v2('DELETE', '/syncs/90001');
    expect((await v2('GET', `/sync_runs/${run}`)).status).toBe(200);
  });
});
