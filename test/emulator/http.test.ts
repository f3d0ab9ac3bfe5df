import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { answerOf, at, census, data, items, syncBody, toBucket } from './support.ts';

describe('credentials', () => {
  it.each([
    ['no credential', undefined, '/syncs', 401, { status: 401 }],
    ['an unknown key', 'Bearer nope', '/syncs', 401, { status: 401 }],
    ['another scheme', 'Basic KEY', '/syncs', 401, { status: 401 }],
    ['the workspace key', 'Bearer KEY', '/syncs', 200, { status: 'success' }],
    ['the personal token for a workspace', 'Bearer PAT', '/syncs', 403, { status: 403, message: expect.any(String) }],
    ['the personal token for the organisation', 'Bearer PAT', '/workspaces', 200, { status: 'success' }],
    [
      'the workspace key for the organisation',
      'Bearer KEY',
      '/workspaces',
      403,
      { status: 403, message: expect.any(String) },
    ],
    ['the reachability check, without one', undefined, '', 200, { status: 'success' }],
    ['the reachability check, with a wrong one', 'Bearer nope', '', 401, { status: 401 }],
  ])('%s', async (_name, authorization, path, status, body) => {
    const { emulator } = await census({ token: 'KEY', personalAccessToken: 'PAT' });
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await answerOf(await fetch(`${emulator.url}/api/v1${path}`, { headers }));
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject(body);
  });

  it('makes its own secrets, each time others', async () => {
    const [one, two] = await Promise.all([census(), census()]);
    expect(one.emulator.token).toMatch(/^secret-token:.{20,}/);
    expect(new Set([one.emulator.token, one.emulator.personalAccessToken, two.emulator.token]).size).toBe(3);
  });
});

describe('paths and bodies', () => {
  it.each([
    ['an unknown path', 'GET', '/sinks'],
    ['an unknown sync', 'GET', '/syncs/1'],
    ['an id that is none', 'GET', '/syncs/one'],
    ['a method that a path lacks', 'PUT', '/syncs/1'],
    ['a delete of nothing', 'DELETE', '/syncs/1'],
    ['a trigger of nothing', 'POST', '/syncs/1/trigger'],
    ['a path that cannot be decoded', 'GET', '/destinations/601/objects/%ff'],
    ['a doubled slash', 'GET', '//syncs'],
  ])('404 with a number: %s', async (_name, method, path) => {
    const answer = await (await census()).call(method, path);
    expect([answer.status, answer.body]).toEqual([404, { status: 404 }]);
  });

  it.each([
    ['no JSON', '{', 400],
    ['no object', '[]', 400],
    ['over a mebibyte', JSON.stringify({ label: 'x'.repeat(1024 * 1024) }), 413],
  ])('refuses a body politely: %s', async (_name, body, status) => {
    const { emulator } = await census();
    const headers = { authorization: `Bearer ${emulator.token}` };
    const answer = await answerOf(await fetch(`${emulator.url}/api/v1/syncs`, { method: 'POST', body, headers }));
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ status: 'error', message: expect.any(String) });
  });

  it('takes an empty body for an empty object', async () => {
    expect((await (await census()).post('/syncs')).body.message).toBe('operation is required');
  });

  it('takes a trailing slash', async () => {
    expect((await (await census()).get('/syncs/')).status).toBe(200);
  });

  it('listens on loopback only', async () => {
    expect((await census()).emulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});

describe('envelopes', () => {
  it('create answers the id alone, fetch the sync, delete no data', async () => {
    const client = await census();
    const created = await client.post('/syncs', syncBody());
    const id = data(created).sync_id;
    expect([created.status, created.body]).toEqual([201, { status: 'created', data: { sync_id: id } }]);
    const fetched = await client.get(`/syncs/${id}`);
    expect([fetched.body.status, data(fetched).id]).toEqual(['success', id]);
    const gone = await client.delete(`/syncs/${id}`);
    expect([gone.status, gone.body]).toEqual([200, { status: 'deleted' }]);
    expect((await client.delete(`/syncs/${id}`)).status).toBe(404);
  });

  it('create may answer 200', async () => {
    expect((await (await census({ quirks: { createStatus: 200 } })).post('/syncs', syncBody())).status).toBe(200);
  });
});

describe('lists', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...syncBody({ label: `s${index}` }), id: 1000 + index }));

  it.each([
    [
      'the defaults: newest first, 25',
      '',
      { page: 1, per_page: 25, prev_page: null, next_page: 2, last_page: 5, total_records: 110 },
      1109,
      25,
    ],
    ['page 0 is page 1', '?page=0', { page: 1, prev_page: null }, 1109, 25],
    ['no more than 100', '?per_page=500', { per_page: 100, last_page: 2 }, 1109, 100],
    ['oldest first', '?order=asc&per_page=3', { per_page: 3, last_page: 37 }, 1000, 3],
    ['the last page', '?per_page=100&page=2', { page: 2, prev_page: 1, next_page: null }, 1009, 10],
    ['a page after the last', '?per_page=100&page=9', { page: 9, prev_page: 2, next_page: null }, undefined, 0],
    ['nonsense means the default', '?per_page=x&page=-1', { page: 1, per_page: 25 }, 1109, 25],
  ])('%s', async (_name, query, pagination, first, count) => {
    const client = await census({ seed: { syncs: many(110) } });
    const answer = await client.get(`/syncs${query}`);
    expect(answer.body.pagination).toMatchObject(pagination);
    expect([items(answer)[0]?.id, items(answer).length]).toEqual([first, count]);
  });

  it('walked in ascending order by `next` shows each thing once, also while others are made', async () => {
    const client = await census({ seed: { syncs: many(7) } });
    const seen: unknown[] = [];
    let url: unknown = `${client.emulator.url}/api/v1/syncs?order=asc&per_page=3`;
    while (typeof url === 'string') {
      const headers = { authorization: `Bearer ${client.emulator.token}` };
      const answer = await answerOf(await fetch(url, { headers }));
      seen.push(...items(answer).map(({ id }) => id));
      if (seen.length === 3) await client.made(syncBody());
      url = answer.body.next;
    }
    expect(seen).toHaveLength(8);
    expect(new Set(seen).size).toBe(8);
  });

  it('same moment: ids break the tie', async () => {
    const created_at = '2026-01-01T00:00:00.000Z';
    const syncs = [3, 1, 2].map((id) => ({ ...syncBody(), id, created_at }));
    const client = await census({ seed: { syncs } });
    expect(items(await client.get('/syncs')).map(({ id }) => id)).toEqual([3, 2, 1]);
  });

  it('an empty list has one last page', async () => {
    const answer = await (await census()).get('/syncs');
    expect([answer.body.data, at(answer.body, 'pagination.last_page'), answer.body.next]).toEqual([[], 1, null]);
  });
});

describe('runs', () => {
  it('are triggered, listed newest first, and fetched', async () => {
    const client = await census();
    const { id } = await client.made(syncBody());
    const trigger = async (query: string) => data(await client.post(`/syncs/${id}/trigger${query}`)).sync_run_id;
    const first = await trigger('');
    const second = await trigger('?force_full_sync=true');
    const runs = items(await client.get(`/syncs/${id}/sync_runs`));
    expect(runs.map((run) => [run.id, run.status, run.full_sync])).toEqual([
      [second, 'completed', true],
      [first, 'completed', false],
    ]);
    expect(data(await client.get(`/sync_runs/${first}`))).toMatchObject({
      sync_id: id,
      error_code: null,
      canceled: false,
    });
    expect(data(await client.get(`/syncs/test_status?sync_run_id=${first}`))).toMatchObject({
      id: first,
      sample_record: null,
    });
  });

  it('of an append are never full', async () => {
    const client = await census();
    const { id } = await client.made(syncBody(toBucket));
    const answer = await client.post(`/syncs/${id}/trigger?force_full_sync=true`);
    expect([answer.status, answer.body.message]).toEqual([400, 'This sync does not support full syncs']);
    expect((await client.post(`/syncs/${id}/trigger`, { force_full_sync: true })).status).toBe(200);
  });

  it('skip while another is at work, and can be cancelled', async () => {
    const client = await census({ quirks: { runMilliseconds: 600_000 } });
    const { id } = await client.made(syncBody());
    const first = data(await client.post(`/syncs/${id}/trigger`)).sync_run_id;
    const second = data(await client.post(`/syncs/${id}/trigger`)).sync_run_id;
    expect(data(await client.get(`/sync_runs/${second}`)).status).toBe('skipped');
    expect((await client.post(`/sync_runs/${first}/cancel`)).body).toEqual({ status: 'cancelled', data: {} });
    expect(data(await client.get(`/sync_runs/${first}`))).toMatchObject({ status: 'completed', canceled: true });
  });

  it.each([true, false])('move updated_at: %s', async (updatedAtMovesOnRun) => {
    const client = await census({ quirks: { updatedAtMovesOnRun } });
    const before = await client.made(syncBody());
    await client.post(`/syncs/${before.id}/trigger`);
    const after = data(await client.get(`/syncs/${before.id}`));
    expect([after.status, after.updated_at !== before.updated_at]).toEqual(['Up to Date', updatedAtMovesOnRun]);
  });
});

describe('the server itself', () => {
  it('logs requests, and how many were under way at once', async () => {
    const client = await census({ latency: 100 });
    await Promise.all(Array.from({ length: 5 }, () => client.get('/syncs?page=1')));
    await client.post('/sources', { connection: { type: 'postgres', name: 'p', credentials: { password: 'hush' } } });
    const { requests, maxInFlight } = client.emulator;
    expect(maxInFlight).toBe(5);
    expect(requests[0]).toEqual({
      method: 'GET',
      path: '/api/v1/syncs',
      query: { page: '1' },
      body: undefined,
      status: 200,
      at: expect.any(Number),
    });
    expect(requests[5]?.body).toEqual({ connection: { type: 'postgres', name: 'p', credentials: '***' } });
    client.emulator.clearRequests();
    expect([client.emulator.requests, client.emulator.maxInFlight]).toEqual([[], 0]);
  });

  it('waits as long as its latency says', async () => {
    const client = await census({ latency: 60 });
    const start = performance.now();
    await client.get('/syncs');
    expect(performance.now() - start).toBeGreaterThan(50);
  });

  it('does the work of a client that has hung up', async () => {
    const client = await census({ latency: 150 });
    const patience = new AbortController();
    const impatient = client.call('POST', '/syncs', syncBody(), client.emulator.token, patience.signal);
    await expect.poll(() => client.emulator.requests[0]?.body).toBeDefined();
    patience.abort();
    await expect(impatient).rejects.toThrow(/abort/);
    await expect.poll(() => client.emulator.syncs().length).toBe(1);
  });

  it('keeps connections open, and ends them all when it closes', async () => {
    const { emulator } = await census();
    const socket = connect(Number(new URL(emulator.url).port), '127.0.0.1');
    const answers: string[] = [];
    socket.on('data', (chunk) => answers.push(String(chunk)));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    for (const count of [1, 2]) {
      socket.write('GET /api/v1 HTTP/1.1\r\nHost: x\r\n\r\n');
      await expect.poll(() => answers.join('').split('HTTP/1.1 200').length - 1).toBe(count);
    }
    await emulator.close();
    await closed;
    await expect(fetch(emulator.url)).rejects.toThrow();
  });
});
