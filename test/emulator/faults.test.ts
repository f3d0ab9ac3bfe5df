import { describe, expect, it } from 'vitest';
import { parseFaultRule } from '../../src/emulator/fault-rule.ts';
import { census, syncBody } from './support.ts';

const create = 'POST /syncs';

describe('what befalls a request', () => {
  it.each([
    ['drop-request', 0],
    ['drop-response', 1],
    ['truncate', 1],
    ['truncate:1', 1],
  ])('%s: no answer, %d syncs made', async (kind, count) => {
    const client = await census({ faults: [`${create}:${kind}`] });
    await expect(client.post('/syncs', syncBody())).rejects.toThrow();
    expect(client.emulator.syncs()).toHaveLength(count);
  });

  it('commit-later: no answer, and the sync is there some time after', async () => {
    const client = await census({ faults: [`${create}:commit-later=40:1`] });
    await expect(client.post('/syncs', syncBody())).rejects.toThrow();
    expect(client.emulator.syncs()).toHaveLength(0);
    await expect.poll(() => client.emulator.syncs().length).toBe(1);
  });

  it('commit-later: at once, when a test says so', async () => {
    const client = await census({ faults: [`${create}:commit-later=3600000`] });
    await expect(client.post('/syncs', syncBody())).rejects.toThrow();
    expect([client.emulator.commitDelayed(), client.emulator.syncs().length, client.emulator.commitDelayed()]).toEqual([
      1, 1, 0,
    ]);
  });

  it.each([
    ['hang', 0],
    ['hang-response', 1],
  ])('%s: silence, %d syncs made', async (kind, count) => {
    const client = await census({ faults: [`${create}:${kind}`] });
    const patience = new AbortController();
    const waiting = client.call('POST', '/syncs', syncBody(), client.emulator.token, patience.signal);
    await expect.poll(() => client.emulator.requests[0]?.body).toBeDefined();
    await expect.poll(() => client.emulator.syncs().length).toBe(count);
    patience.abort();
    await expect(waiting).rejects.toThrow(/abort/);
    expect(client.emulator.requests[0]).toMatchObject({ method: 'POST', status: undefined });
  });

  it.each([
    ['500', 500, { status: 'error', message: 'Internal server error' }],
    ['429', 429, { status: 429 }],
    ['409', 409, { status: 409 }],
    ['401', 401, { status: 401 }],
  ])('%s: answers so and does nothing', async (kind, status, body) => {
    const client = await census({ faults: [`${create}:${kind}`] });
    const answer = await client.post('/syncs', syncBody());
    expect([answer.status, answer.body, client.emulator.syncs()]).toEqual([status, body, []]);
    expect(answer.headers.get('retry-after')).toBe(null);
  });

  it('504: a page of the gateway', async () => {
    const client = await census({ faults: ['* *:504'] });
    const answer = await client.get('/syncs');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([504, 'text/html; charset=utf-8']);
  });

  it('429=2: with Retry-After, and 302=URL: with Location', async () => {
    const client = await census({ faults: ['GET /syncs:429=2:1', 'GET /syncs:302=http://127.0.0.1:9/x:1'] });
    expect((await client.get('/syncs')).headers.get('retry-after')).toBe('2');
    expect((await client.get('/syncs')).headers.get('location')).toBe('http://127.0.0.1:9/x');
    expect((await client.get('/syncs')).status).toBe(200);
  });

  it('commit-504: 504 for work that was done', async () => {
    const client = await census({ faults: [`${create}:commit-504`] });
    expect((await client.post('/syncs', syncBody())).status).toBe(504);
    expect(client.emulator.syncs()).toHaveLength(1);
  });

  it.each([
    ['empty', ''],
    ['html', expect.stringMatching(/^<!doctype html>/)],
  ])('%s: 201 without the body one expects, for work that was done', async (kind, text) => {
    const client = await census({ faults: [`${create}:${kind}`] });
    const answer = await client.post('/syncs', syncBody());
    expect([answer.status, answer.text, client.emulator.syncs().length]).toEqual([201, text, 1]);
  });

  it('delay: waits, then goes on, also to another fault', async () => {
    const client = await census({ faults: ['GET /syncs:500', 'GET /syncs:delay=60'] });
    const start = performance.now();
    expect((await client.get('/syncs')).status).toBe(500);
    expect(performance.now() - start).toBeGreaterThan(50);
  });
});

describe('which requests a rule befalls', () => {
  const statuses = async (faults: readonly string[], paths: readonly string[]) => {
    const client = await census({ faults });
    const answers = [];
    for (const path of paths) answers.push((await client.get(path)).status);
    return answers;
  };

  it.each<[string, readonly string[], readonly string[], readonly number[]]>([
    ['a count', ['GET /syncs:500:2'], ['/syncs', '/syncs', '/syncs'], [500, 500, 200]],
    ['no count', ['GET /syncs:500'], ['/syncs', '/syncs', '/sources'], [500, 500, 200]],
    ['only the second', ['GET /syncs:500@2'], ['/syncs', '/syncs', '/syncs'], [200, 500, 200]],
    ['two from the second on', ['GET /syncs:500:2@2'], ['/syncs', '/syncs', '/syncs', '/syncs'], [200, 500, 500, 200]],
    ['any path below', ['GET /sources/*:500'], ['/sources', '/sources/501', '/sources/501/models'], [200, 500, 500]],
    ['the whole path', ['GET /api/v1/syncs:500'], ['/syncs'], [500]],
    ['a query', ['GET /syncs?*page=2*:500'], ['/syncs?page=1', '/syncs?page=2'], [200, 500]],
    ['another method', ['DELETE /syncs:500'], ['/syncs'], [200]],
    ['one after the other', ['GET /syncs:500:1', 'GET /syncs:503:1'], ['/syncs', '/syncs', '/syncs'], [500, 503, 200]],
  ])('%s', async (_name, faults, paths, expected) => {
    expect(await statuses(faults, paths)).toEqual(expected);
  });
});

describe('rules that are not understood', () => {
  it.each([
    ['GET', 'Fault rule "GET" is not understood.'],
    ['GET /syncs', 'Fault rule "GET /syncs" is not understood.'],
    ['FETCH /syncs:500', 'Fault rule "FETCH /syncs:500" has the unknown method "FETCH".'],
    ['GET syncs:500', 'Fault rule "GET syncs:500" has the path "syncs".'],
    ['GET /syncs:explode', 'Fault rule "GET /syncs:explode" has the unknown kind "explode".'],
    ['GET /syncs:200', 'Fault rule "GET /syncs:200" has the unknown kind "200".'],
    ['GET /syncs:delay', 'Fault rule "GET /syncs:delay": delay needs a time.'],
    ['GET /syncs:commit-later=soon', 'Fault rule "GET /syncs:commit-later=soon": commit-later needs a time.'],
    ['GET /syncs:hang=5', 'Fault rule "GET /syncs:hang=5": hang takes no value.'],
    ['GET /syncs:429=soon', 'Fault rule "GET /syncs:429=soon": 429 cannot be "soon".'],
    ['GET /syncs:500:0', 'Fault rule "GET /syncs:500:0" would never act.'],
  ])('%s', (rule, message) => {
    expect(parseFaultRule(rule)).toEqual({ message, hint: expect.stringMatching(/./) });
  });

  it('stop the start', async () => {
    await expect(census({ faults: ['GET'] })).rejects.toMatchObject({
      name: 'EmulatorInputError',
      hint: expect.stringMatching(/METHOD/),
    });
  });
});

describe('faults at run time', () => {
  it('are added and cleared through the object', async () => {
    const client = await census();
    client.emulator.addFaults(['GET /syncs:500']);
    expect((await client.get('/syncs')).status).toBe(500);
    client.emulator.clearFaults();
    expect((await client.get('/syncs')).status).toBe(200);
  });

  it('are added, listed and cleared through the control route', async () => {
    const client = await census({ faults: ['GET /sources:500:1'] });
    expect((await client.post('/__emulator/faults', { rules: ['GET /syncs:500'] })).body.faults).toEqual([
      'GET /sources:500:1',
      'GET /syncs:500',
    ]);
    expect((await client.post('/__emulator/faults', { rules: ['GET /syncs:503'], clear: true })).body.faults).toEqual([
      'GET /syncs:503',
    ]);
    expect((await client.get('/syncs')).status).toBe(503);
    expect((await client.delete('/__emulator/faults')).body.faults).toEqual([]);
    expect((await client.get('/__emulator/faults')).body.faults).toEqual([]);
    expect((await client.post('/__emulator/faults', { rules: ['x'] })).status).toBe(400);
    expect((await client.post('/__emulator/faults', {})).status).toBe(400);
  });

  it('the control route shows the log, without itself and without tokens', async () => {
    const client = await census({ faults: ['* *:500'] });
    await client.get('/syncs?page=2');
    const answer = await client.get('/__emulator/requests');
    expect(answer.body).toMatchObject({
      requests: [{ method: 'GET', path: '/api/v1/syncs', query: { page: '2' }, status: 500 }],
      max_in_flight: 1,
    });
    expect(answer.text).not.toContain(client.emulator.token);
    await client.delete('/__emulator/requests');
    expect(client.emulator.requests).toEqual([]);
  });
});
