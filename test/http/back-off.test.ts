import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { createHttp, type Http, type HttpRequest } from '../../src/http/client.ts';
import { secret } from '../../src/model/secret.ts';
import { type Reply, type ScriptedServer, scriptedServer } from './scripted-server.ts';

const methods = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] as const;
const post: HttpRequest = { method: 'POST', path: '/api/v1/syncs', body: { label: 'one' } };
const ok: Reply = { status: 200, body: '{"status":"success","data":[]}' };
const minute = 60_000;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

interface World {
  readonly http: Http;
  readonly server: ScriptedServer;
  readonly waits: number[];
  readonly log: string[];
  /** Milliseconds since the start, on a clock that only waiting moves. */
  readonly time: () => number;
  readonly refusals: () => number;
}

/** A service that answers the nth request at a time as `script` says, and eight workers. */
async function world(script: (time: number, nth: number, method: string) => Reply): Promise<World> {
  let now = 0;
  let refused = 0;
  const server = await scriptedServer(({ method }, nth) => {
    const reply = script(now, nth, method);
    if (typeof reply === 'object' && reply.status === 429) refused += 1;
    return reply;
  });
  const waits: number[] = [];
  const log: string[] = [];
  const http = createHttp({
    baseUrl: server.url,
    token: secret('secret-token'),
    concurrency: 8,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      now += milliseconds;
    },
    random: () => 0.5,
    now: () => now,
    log: (line) => log.push(line),
  });
  http.permit('all');
  open.push(http, server);
  return { http, server, waits, log, time: () => now, refusals: () => refused };
}

function settled(promises: readonly Promise<unknown>[]): Promise<PromiseSettledResult<unknown>[]> {
  return Promise.allSettled(promises);
}

describe('promise 12: 429', () => {
  test.each(methods)('is waited out for five minutes by a %s, then it is a refusal', async (method) => {
    const { http, waits, time } = await world(() => ({ status: 429 }));
    const request: HttpRequest = { method, path: '/api/v1/syncs', ...(method === 'GET' ? {} : { body: {} }) };
    await expect(http.request(request)).rejects.toMatchObject({ status: 429, fate: 'refused' });
    expect(time()).toBe(5 * minute);
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 90_000, 83_000]);
  });

  test.each(methods)('is a refusal that a %s outlives', async (method) => {
    const { http } = await world((time) => (time < 200_000 ? { status: 429 } : ok));
    const request: HttpRequest = { method, path: '/api/v1/syncs', ...(method === 'GET' ? {} : { body: {} }) };
    expect(await http.request(request)).toMatchObject({ status: 200 });
  });

  test.each([undefined, '0', '1', '12'])('makes all calls wait together (Retry-After: %s)', async (after) => {
    const headers: Record<string, string> = after === undefined ? {} : { 'retry-after': after };
    const { http, refusals, waits } = await world((time, nth) =>
      nth > 4 && time < 12_000 ? { status: 429, headers } : ok,
    );
    const answers = await Promise.all(Array.from({ length: 12 }, () => http.request(post)));
    expect(answers.map((one) => one.status)).toEqual(Array.from({ length: 12 }, () => 200));
    // Those that were in flight when it began, and one for each wait.
    expect(refusals()).toBeLessThanOrEqual(8 + waits.length);
    expect(waits.length).toBeLessThanOrEqual(5);
  });

  test('lets one call go ahead, and more with every success', async () => {
    let inFlight = 0;
    const most: number[] = [];
    const { http } = await world((time) => {
      if (time < 1000) return { status: 429 };
      inFlight += 1;
      most.push(inFlight);
      const after = new Promise<void>((done) => {
        setTimeout(() => {
          inFlight -= 1;
          done();
        }, 5);
      });
      return { ...ok, status: 200, after };
    });
    await Promise.all(Array.from({ length: 40 }, () => http.request(post)));
    expect(most[0]).toBe(1);
    expect(most[1]).toBeLessThan(3);
    expect(Math.max(...most)).toBeGreaterThan(3);
  });

  test('ends the run of requests when it lasts: what comes after is not sent', async () => {
    const { http, server } = await world(() => ({ status: 429 }));
    const results = await settled(Array.from({ length: 100 }, () => http.request(post)));
    expect(results.every((one) => one.status === 'rejected' && one.reason.status === 429)).toBe(true);
    const unsent = results.filter((one) => one.status === 'rejected' && one.reason.fate === 'unsent');
    expect(unsent.length).toBeGreaterThan(90);
    expect(server.arrived.length).toBeLessThan(30);
    expect(String(unsent[0]?.status === 'rejected' && unsent[0].reason.message)).toContain('429 for 5 minutes');
  });

  test('of one kind of call does not go on for ever while others succeed', async () => {
    const { http, server } = await world((_time, _nth, method) => (method === 'POST' ? { status: 429 } : ok));
    const refused = http.request(post);
    const reads = settled(Array.from({ length: 60 }, () => http.request({ method: 'GET', path: '/api/v1/syncs' })));
    await expect(refused).rejects.toMatchObject({ status: 429, fate: 'refused' });
    expect((await reads).every((one) => one.status === 'fulfilled')).toBe(true);
    expect(server.arrived.filter((one) => one.method === 'POST').length).toBeLessThan(15);
  });

  test('is no reason to send what the lease may not outlast', async () => {
    const { http, server, time } = await world((now) => (now < 4 * minute ? { status: 429 } : ok));
    http.permit('all', () => 10 * minute - time());
    const results = await settled([http.request(post), http.request(post)]);
    expect(results).toMatchObject([
      { status: 'rejected', reason: { fate: 'refused', status: 429 } },
      { status: 'rejected', reason: { fate: 'refused', status: 429 } },
    ]);
    // Creates may last eight minutes, so the last one leaves within the first two.
    expect(server.arrived.length).toBeLessThan(10);
  });

  test('is said, once for all who wait', async () => {
    const { http, log } = await world((_time, nth) => (nth < 3 ? { status: 429 } : ok));
    await Promise.all([http.request(post), http.request(post)]);
    expect(log.filter((line) => line.includes('all requests to this host wait 1000 ms'))).toHaveLength(1);
    expect(log.filter((line) => line.includes('waits with the others'))).toHaveLength(1);
  });
});

describe('a token that is rejected in the middle', () => {
  const rejected: Reply = { status: 401, body: '{"status":401}' };

  test('is not sent again: what waits, and what comes later, stays here', async () => {
    const { http, server } = await world((_time, nth) => (nth < 3 ? ok : rejected));
    const results = await settled(Array.from({ length: 50 }, () => http.request(post)));
    expect(server.arrived.length).toBeLessThanOrEqual(10);
    const late = results.at(-1);
    expect(late).toMatchObject({ status: 'rejected', reason: { status: 401, fate: 'unsent' } });
    const before = server.arrived.length;
    await expect(http.request({ method: 'GET', path: '/x' })).rejects.toMatchObject({ status: 401, fate: 'unsent' });
    expect(server.arrived).toHaveLength(before);
  });

  test('is not one that lacks a right', async () => {
    const { http, server } = await world((_time, nth) => (nth === 1 ? { status: 403 } : ok));
    await expect(http.request(post)).rejects.toMatchObject({ status: 403, fate: 'refused' });
    await http.request(post);
    expect(server.arrived).toHaveLength(2);
  });

  test('stops the retries of others, and leaves in doubt what is', async () => {
    const { http, server } = await world((_time, _nth, method) => (method === 'DELETE' ? { status: 503 } : rejected));
    const results = await settled([http.request({ method: 'DELETE', path: '/api/v1/syncs/1' }), http.request(post)]);
    expect(results).toMatchObject([{ reason: { fate: 'unknown' } }, { reason: { status: 401, fate: 'refused' } }]);
    expect(server.arrived.filter((one) => one.method === 'DELETE').length).toBeLessThan(5);
  });
});

test.each([
  [{ date: 'Thu, 01 Jan 1970 00:11:00 GMT' }, 660_500],
  [{ date: 'Thu, 01 Jan 1970 00:00:00 GMT' }, 500],
  [{ date: 'Thu, 01 Jan 1970 00:11:00 GMT', age: '7' }, undefined],
  [{ date: 'soon' }, undefined],
])('the clock of the service beside this one: %j', async (headers, skew) => {
  const { http } = await world(() => ({ ...ok, status: 200, headers }));
  expect(http.skew()).toBeUndefined();
  await http.request({ method: 'GET', path: '/api/v1/syncs' });
  expect(http.skew()).toBe(skew);
});

test('many who wait at once are no leak', async () => {
  const warned: string[] = [];
  const listen = (warning: Error) => warned.push(warning.name);
  process.on('warning', listen);
  onTestFinished(() => void process.off('warning', listen));
  const server = await scriptedServer((_request, nth) => (nth <= 20 ? { status: 503 } : ok));
  const stop = new AbortController();
  const http = createHttp({
    baseUrl: server.url,
    token: secret('t'),
    concurrency: 20,
    signal: stop.signal,
    random: () => 0,
  });
  open.push(http, server);
  const get: HttpRequest = { method: 'GET', path: '/api/v1/syncs' };
  await Promise.all(Array.from({ length: 20 }, () => http.request(get)));
  expect(warned).toEqual([]);
});
