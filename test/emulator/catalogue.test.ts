import { describe, expect, it } from 'vitest';
import { at, type Client, census, column, data, dataset, email, items, syncBody } from './support.ts';

const names = async (client: Client, path: string, key = 'name') =>
  items(await client.get(`${path}${path.includes('?') ? '&' : '?'}order=asc`)).map((item) => item[key]);

describe('what syncs refer to', () => {
  it.each([
    ['/sources', 'name', ['Snowflake Prod', 'BigQuery EU', 'Kafka Events']],
    ['/sources/501/models', 'name', ['braze_test', 'orders_export', 'lead_scores']],
    ['/sources/501/tables', 'table_name', ['users', 'orders', 'accounts', 'ad_conversions']],
    ['/sources/501/filter_segments', 'name', ['VIP customers', 'Churn risk']],
    ['/sources/503/topics', 'name', ['page_views', 'checkouts']],
    ['/datasets', 'name', ['all customers', 'active customers', 'customer identities', 'eu customers']],
    ['/datasets?type=sql', 'name', ['all customers', 'active customers', 'eu customers']],
    [
      '/destinations',
      'name',
      ['Salesforce', 'HubSpot', 'Braze', 'Google Ads', 'Google Sheets', 'S3 Exports', 'Facebook Ads'],
    ],
    ['/destinations/601/objects', 'full_name', ['Contact', 'Lead', 'Account', 'User']],
  ])('the default account: %s', async (path, key, expected) => {
    expect(await names(await census(), path, key)).toEqual(expected);
  });

  it('the default account has three syncs that nobody declared, all fit to be sent again', async () => {
    const client = await census({ seed: undefined });
    expect(client.emulator.syncs().map(({ id }) => id)).toEqual([90001, 90002, 90003]);
    expect(data(await client.get('/workspace'))).toMatchObject({ id: 4321, name: 'Acme', notification_emails: [] });
  });

  it('objects of a source mix kinds', async () => {
    const answer = await (await census()).get('/sources/501/objects?per_page=100');
    expect(new Set(items(answer).map(({ type }) => type))).toEqual(
      new Set(['business_object_source', 'model', 'table']),
    );
  });

  it('a destination object has its fields, and may have a slash in its name', async () => {
    const client = await census({
      seed: {
        destinations: [{ id: 9, name: 'Odd', type: 'custom', objects: [{ full_name: 'a/b c', fields: ['x'] }] }],
        syncs: [],
      },
    });
    const object = data(await client.get('/destinations/9/objects/a%2Fb%20c'));
    expect(object).toMatchObject({ full_name: 'a/b c', label: 'a/b c', can_be_sync_destination: true });
    expect(at(object, 'fields.0')).toMatchObject({ full_name: 'x', can_be_upsert_key: true, lookup_object: null });
    expect(at(data(await client.get('/destinations/9')), 'objects.0.full_name')).toBe('a/b c');
  });

  it('types of sources come in one page, and one by one', async () => {
    const client = await census();
    const answer = await client.get('/source_types');
    expect(at(answer.body, 'pagination.last_page')).toBe(1);
    expect(data(await client.get('/source_types/snowflake'))).toMatchObject({
      label: 'Snowflake',
      creatable_via_api: true,
    });
    expect(await names(client, '/connectors', 'service_name')).toContain('salesforce');
  });
});

describe('names', () => {
  it('of fields have any case, where the object says so', async () => {
    const objects = [{ full_name: 'person', allow_case_sensitive_field_names: false, fields: ['Email'] }];
    const client = await census({
      seed: { destinations: [{ id: 9, name: 'Odd', type: 'custom', objects }], syncs: [] },
    });
    const to = {
      destination_attributes: { connection_id: 9, object: 'person' },
      mappings: [{ ...email, to: 'EMAIL' }],
    };
    expect(at(await client.made(syncBody(to)), 'mappings.0.to')).toBe('EMAIL');
  });

  it('of tables are not enough, where two bear them', async () => {
    const tables = ['a', 'b'].map((table_schema, index) => ({
      id: index + 1,
      table_catalog: 'c',
      table_schema,
      table_name: 't',
    }));
    const client = await census({
      seed: { sources: [{ id: 501, name: 'S', type: 'postgres', tables }], datasets: [], syncs: [] },
    });
    const answer = await client.post(
      '/syncs',
      syncBody({ source_attributes: { connection_id: 501, object: { type: 'table', table_name: 't' } } }),
    );
    expect(answer.body.message).toMatch(/^source_attributes.object needs id, or table_catalog/);
  });
});

describe('making and changing them', () => {
  it('a source: id alone, then a whole one; type and engine are fixed; a used one stays', async () => {
    const client = await census();
    const created = await client.post('/sources', {
      connection: { type: 'postgres', name: 'Shop', credentials: { port: 5439 } },
    });
    const id = data(created).id;
    expect([created.status, created.body]).toEqual([201, { status: 'created', data: { id } }]);
    const renamed = await client.patch(`/sources/${id}`, { connection: { name: 'Store' } });
    expect([renamed.body.status, data(renamed).name, data(renamed).label]).toEqual(['updated', 'Store', 'Store']);
    expect(data(renamed)).not.toHaveProperty('updated_at');
    expect((await client.patch(`/sources/${id}`, { connection: { type: 'redshift' } })).body.message).toBe(
      'type cannot be changed',
    );
    expect((await client.delete(`/sources/${id}`)).body).toEqual({ status: 'deleted' });
    await client.made(syncBody());
    for (const used of ['/sources/501', '/destinations/601', '/datasets/8123']) {
      if (used.startsWith('/datasets')) await client.made(syncBody(dataset));
      expect((await client.delete(used)).body.message, used).toMatch(/is used by syncs$/);
    }
  });

  it('a source that lists no tables takes every table that is fully named, and knows it from then on', async () => {
    const client = await census();
    const id = data(await client.post('/sources', { connection: { type: 'postgres', name: 'Shop' } })).id;
    const object = { type: 'table', table_catalog: 'shop', table_schema: 'public', table_name: 'buyers' };
    const one = await client.made(syncBody({ source_attributes: { connection_id: id, object } }));
    const two = await client.made(syncBody({ source_attributes: { connection_id: id, object } }));
    expect(at(one, 'source_attributes.object')).toEqual({ ...object, id: expect.any(Number) });
    expect(at(two, 'source_attributes.object.id')).toBe(at(one, 'source_attributes.object.id'));
  });

  it('a destination: PATCH wants service_connection', async () => {
    const client = await census();
    const connection = { type: 'hubspot', name: 'Hub 2', credentials: {} };
    const id = data(await client.post('/destinations', { type: 'hubspot', service_connection: connection })).id;
    expect((await client.patch(`/destinations/${id}`, { name: 'x' })).body.message).toBe(
      'service_connection is required',
    );
    expect(data(await client.patch(`/destinations/${id}`, { service_connection: { name: 'Hub 3' } })).name).toBe(
      'Hub 3',
    );
    expect((await client.delete(`/destinations/${id}`)).body).toEqual({ status: 'deleted' });
  });

  it('a model: its new name shows in syncs that read from it', async () => {
    const client = await census();
    const path = '/sources/501/models';
    expect((await client.post(path, { name: 'x', query: 'drop table x' })).status).toBe(400);
    const { id } = data(
      await client.post(path, { name: 'mail', query: 'select email, city as town from analytics.public.users' }),
    );
    expect(at(data(await client.get(`${path}/${id}`)), 'columns')).toEqual([
      { name: 'email', type: 'text' },
      { name: 'town', type: 'text' },
    ]);
    const { id: sync } = await client.made(
      syncBody({ source_attributes: { connection_id: 501, object: { type: 'model', id } } }),
    );
    await client.patch(`${path}/${id}`, { name: 'mails' });
    expect(at(data(await client.get(`/syncs/${sync}`)), 'source_attributes.object.name')).toBe('mails');
    expect((await client.delete(`${path}/${id}`)).body).toEqual({ status: 'deleted' });
  });

  it('a dataset has no columns until a refresh, which says processing first', async () => {
    const client = await census();
    const body = {
      name: 'Big Spenders',
      type: 'sql',
      query: 'select * from analytics.public.users',
      source_id: 501,
      description: null,
    };
    const created = data(await client.post('/datasets', body));
    expect(created).toMatchObject({
      resource_identifier: 'dataset:big_spenders',
      columns: [],
      cached_record_count: null,
    });
    const started = await client.post(`/datasets/${created.id}/refresh_columns`);
    expect(started.body).toEqual({ refresh_key: expect.any(Number) });
    const poll = () =>
      client.get(`/datasets/${created.id}/refresh_columns_status?refresh_key=${started.body.refresh_key}`);
    expect((await poll()).body).toEqual({ status: 'processing' });
    expect((await poll()).body).toEqual({ status: 'completed' });
    expect(at(data(await client.get(`/datasets/${created.id}`)), 'columns.1')).toMatchObject({
      name: 'email',
      data_type: 'text',
    });
  });

  it.each([
    ['behind comments', '-- Who pays; select nothing\n/* more */ select email, plan from t', ['email', 'plan']],
    ['with a dash in a text', "select '-- no comment' as note, email from t", ['note', 'email']],
    [
      'behind `with`',
      'with a as (select id, (1) as one from t) select email, max(id) as last from a',
      ['email', 'last'],
    ],
    ['that is no select', 'delete from t', undefined],
    ['of comments alone', '-- select email from t', undefined],
  ])('the columns of a query %s', async (_title, query, expected) => {
    const client = await census();
    const answer = await client.post('/sources/501/models', { name: 'm', query });
    if (expected === undefined) expect(answer.status).toBe(400);
    else {
      const { columns } = data(await client.get(`/sources/501/models/${data(answer).id}`));
      expect(columns).toEqual(expected.map((name) => ({ name, type: 'text' })));
    }
  });

  it('a refresh that fails says why', async () => {
    const datasets = [{ id: 4, source_id: 501, name: 'broken', refresh_failure: 'Object does not exist' }];
    const client = await census({ seed: { datasets, syncs: [] }, quirks: { refreshPolls: 0 } });
    const { refresh_key } = (await client.post('/datasets/4/refresh_columns')).body;
    const answer = await client.get(`/datasets/4/refresh_columns_status?refresh_key=${refresh_key}`);
    expect([answer.status, answer.body]).toEqual([400, { status: 'error', message: 'Object does not exist' }]);
  });

  it('a sync made right after its dataset finds the columns by itself', async () => {
    const client = await census();
    const body = { name: 'New', type: 'sql', query: 'select email, plan from analytics.public.users', source_id: 501 };
    const { id } = data(await client.post('/datasets', body));
    const from = { source_attributes: { connection_id: 501, object: { type: 'dataset', id } } };
    const wrong = await client.post(
      '/syncs',
      syncBody({ ...from, mappings: [column('mail', 'Email', { is_primary_identifier: true })] }),
    );
    expect(wrong.body.message).toBe("Column 'mail' cannot be found in source 'New'");
    await client.made(syncBody(from));
  });

  it('a segment, a topic and a webhook', async () => {
    const client = await census();
    const segment = data(
      await client.post('/sources/501/filter_segments', { name: 'New ones', business_object_id: 8123, molecules: {} }),
    );
    expect(segment.filter_segment_source_url).toMatch(new RegExp(`/filter_segments/${segment.id}$`));
    expect(data(await client.get(`/sources/501/filter_segments/${segment.id}`))).toMatchObject({
      resource_identifier: 'segment:new_ones',
    });
    expect((await client.post('/sources/501/filter_segments', { name: 'x', business_object_id: 8130 })).status).toBe(
      400,
    );
    const topic = data(await client.post('/sources/503/topics', { name: 'refunds' }));
    expect(data(await client.get(`/sources/503/topics/${topic.id}`)).name).toBe('refunds');
    const hook = data(await client.post('/webhooks', { name: 'h', endpoint: 'https://example.com/h' }));
    expect(hook.signing_secret).toEqual(expect.any(String));
    expect(data(await client.get(`/webhooks/${hook.id}`))).not.toHaveProperty('signing_secret');
  });
});

describe('workspaces', () => {
  const seed = {
    workspaces: [
      { id: 1, name: 'One', api_key: 'key-1' },
      { id: 2, name: 'Two', api_key: 'key-2', destinations: [{ id: 9, name: 'Only here', type: 's3' }] },
    ],
  };

  it('have their own things and keys', async () => {
    const client = await census({ seed });
    expect(client.emulator.workspaces()).toEqual([
      { id: 1, name: 'One', token: 'key-1' },
      { id: 2, name: 'Two', token: 'key-2' },
    ]);
    expect(data(await client.call('GET', '/workspace', undefined, 'key-2')).name).toBe('Two');
    expect((await client.call('GET', '/destinations/9', undefined, 'key-1')).status).toBe(404);
    expect((await client.call('GET', '/destinations/9', undefined, 'key-2')).status).toBe(200);
  });

  it('give out their key, without an envelope', async () => {
    const client = await census({ seed });
    const answer = await client.call('GET', '/workspaces/2/api_key', undefined, client.emulator.personalAccessToken);
    expect(answer.body).toEqual({ api_key: 'key-2' });
  });

  it('are made, renamed and deleted with all that is in them', async () => {
    const client = await census({ seed });
    const call = (method: string, path: string, body?: { readonly [key: string]: string | boolean }) =>
      client.call(method, path, body, client.emulator.personalAccessToken);
    expect((await call('POST', '/workspaces', { name: 'Two' })).status).toBe(400);
    const { id, api_key } = data(await call('POST', '/workspaces', { name: 'Three', return_workspace_api_key: true }));
    expect((await client.call('GET', '/workspace', undefined, String(api_key))).status).toBe(200);
    expect(data(await call('PATCH', `/workspaces/${id}`, { name: 'Four' }))).toMatchObject({
      name: 'Four',
      notification_emails: [],
    });
    expect((await call('DELETE', `/workspaces/${id}`)).body).toEqual({ status: 'deleted' });
    expect((await client.call('GET', '/workspace', undefined, String(api_key))).status).toBe(401);
  });
});
