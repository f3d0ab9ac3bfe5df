import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Agent } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttp, type Http, type HttpOptions, type HttpRequest } from '../../src/http/client.ts';
import { pause } from '../../src/http/retry.ts';
import { ProviderError, SynclineError } from '../../src/model/errors.ts';
import type { WriteSwitch } from '../../src/model/provider.ts';
import { secret } from '../../src/model/secret.ts';
import { type Arrived, type Reply, type ScriptedServer, scriptedServer } from './scripted-server.ts';

const token = 'secret-token:aB3+/=u?>';
const get: HttpRequest = { method: 'GET', path: '/api/v1/syncs' };
const post: HttpRequest = { method: 'POST', path: '/api/v1/syncs', body: { label: 'one' } };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

interface World {
  readonly http: Http;
  readonly server: ScriptedServer;
  readonly waits: number[];
  readonly log: string[];
}

async function world(
  script: (request: Arrived, nth: number) => Reply,
  options: Partial<HttpOptions> & { readonly suffix?: string } = {},
): Promise<World> {
  const server = await scriptedServer(script);
  const waits: number[] = [];
  const log: string[] = [];
  const http = createHttp({
    baseUrl: `${server.url}${options.suffix ?? ''}`,
    token: secret(token),
    concurrency: 4,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
    },
    random: () => 0.5,
    log: (line) => log.push(line),
    ...options,
  });
  http.permit('all');
  open.push(http, server);
  return { http, server, waits, log };
}

async function failure(promise: Promise<unknown>): Promise<ProviderError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ProviderError) return error;
  throw new Error(`Expected a ProviderError, got ${String(error)}`);
}

const ok: Reply = { status: 200, body: '{"status":"success","data":[]}' };

describe('a request', () => {
  test('carries the token as a bearer, and JSON', async () => {
    const { http, server } = await world(() => ok);
    await http.request(post);
    const [arrived] = server.arrived;
    expect(arrived?.headers.authorization).toBe(`Bearer ${token}`);
    expect(arrived?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(arrived?.body ?? '')).toEqual({ label: 'one' });
  });

  test('carries the bare token where the service has a header of its own', async () => {
    const { http, server } = await world(() => ok, { headerName: 'X-API-KEY' });
    await http.request(get);
    expect(server.arrived[0]?.headers['x-api-key']).toBe(token);
    expect(server.arrived[0]?.headers.authorization).toBeUndefined();
  });

  test('carries another credential in place of the token where it is given one, and shows neither', async () => {
    const { http, server, log } = await world(() => ({ status: 400, body: '"no link+token here"' }));
    const credential = { headerName: 'X-LINK-TOKEN', token: secret('link+token') };
    const error = await failure(http.request({ ...get, path: '/link+token', credential }));
    expect(server.arrived[0]?.headers['x-link-token']).toBe('link+token');
    expect(server.arrived[0]?.headers.authorization).toBeUndefined();
    expect(error.serverMessage).toBe('no *** here');
    expect(JSON.stringify([error.message, log])).not.toContain('link+token');
  });

  test.each([
    ['', '/api/v1/syncs?page=2&q=a%26b'],
    ['/', '/api/v1/syncs?page=2&q=a%26b'],
    ['/census', '/census/api/v1/syncs?page=2&q=a%26b'],
    ['/census//', '/census/api/v1/syncs?page=2&q=a%26b'],
  ])('promise 9: a base URL that ends in %j keeps its path and means the same with a slash', async (suffix, url) => {
    const { http, server } = await world(() => ok, { suffix });
    await http.request({ ...get, query: { page: 2, q: 'a&b' } });
    expect(server.arrived[0]?.url).toBe(url);
  });

  test('reads an answer that is packed with gzip, and asks for it', async () => {
    const body = { status: 'success', data: 'x'.repeat(100_000) };
    const { http, server } = await world(() => ({
      status: 200,
      body: gzipSync(JSON.stringify(body)),
      headers: { 'content-encoding': 'gzip' },
    }));
    expect((await http.request(get)).body).toEqual(body);
    expect(server.arrived[0]?.headers['accept-encoding']).toBe('gzip');
  });

  test.each([
    ['gzip that is none', 'gzip', Buffer.from('not gzip'), /not the gzip/],
    ['gzip that ends early', 'gzip', gzipSync('{"a":1}').subarray(0, 12), /not the gzip/],
    ['an encoding nobody asked for', 'br', Buffer.from('x'), /encoding br was not asked for/],
  ])('refuses %s', async (_name, encoding, body, message) => {
    const { http } = await world(() => ({ status: 200, body, headers: { 'content-encoding': encoding } }));
    const error = await failure(http.request({ ...post }));
    expect(error.message).toMatch(message);
    expect(error.fate).toBe('unknown');
  });

  test.each(['gzip', 'identity'])('is not read beyond the size limit (%s)', async (encoding) => {
    const much = Buffer.alloc(65 * 1024 * 1024);
    const body = encoding === 'gzip' ? gzipSync(much) : much;
    const { http } = await world(() => ({ status: 200, body, headers: { 'content-encoding': encoding } }));
    expect((await failure(http.request(get))).message).toMatch(/larger than 64 MiB/);
  });

  test('ends with the time of a try, also where a body goes on byte by byte', async () => {
    const { http, server } = await world(() => 'drip', { timeouts: { read: 150, write: 150 } });
    expect(await failure(http.request(post))).toMatchObject({ fate: 'unknown', status: undefined });
    expect(server.arrived).toHaveLength(1);
    expect(await failure(http.request(get))).toMatchObject({ fate: 'unknown', status: undefined });
  });

  test('any number of requests may wait at once without a warning', async () => {
    const warnings: Error[] = [];
    const heard = (warning: Error) => warnings.push(warning);
    process.on('warning', heard);
    const refused: Reply = { status: 503, body: '{}', headers: { 'retry-after': '0.05' } };
    const script = (_request: Arrived, nth: number): Reply => (nth <= 24 ? refused : ok);
    const { signal } = new AbortController();
    const { http, server } = await world(script, { concurrency: 24, signal, sleep: pause });
    await Promise.all(Array.from({ length: 24 }, () => http.request(get)));
    expect(server.arrived).toHaveLength(48);
    process.off('warning', heard);
    expect(warnings).toEqual([]);
  });

  test('waits its turn: never more in flight than allowed, whatever the dispatcher would take', async () => {
    const dispatcher = new Agent();
    open.push({ close: () => dispatcher.destroy() });
    let inFlight = 0;
    let most = 0;
    const script = (): Reply => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      const after = new Promise<void>((done) => {
        setTimeout(() => {
          inFlight -= 1;
          done();
        }, 5);
      });
      return { status: 200, after };
    };
    const { http, server } = await world(script, { concurrency: 3, dispatcher });
    await Promise.all(Array.from({ length: 12 }, () => http.request(get)));
    expect(server.arrived).toHaveLength(12);
    expect(most).toBe(3);
  });

  test('logs one line per try, without the token', async () => {
    const { http, log } = await world((_request, nth) => (nth === 1 ? { status: 503 } : ok), { now: () => 0 });
    await http.request({ ...get, path: `/api/v1/${encodeURIComponent(token)}` });
    expect(log).toEqual(['GET /api/v1/*** 503 0 ms, again in 500 ms (try 1 of 5)', 'GET /api/v1/*** 200 0 ms']);
  });
});

describe('promise 6: a lease that may run out', () => {
  const minute = 60_000;

  test('no write begins that it does not outlast; reads go on', async () => {
    const { http, server } = await world(() => ok);
    http.permit('all', () => 7 * minute);
    const error = await failure(http.request(post));
    expect(error).toMatchObject({ fate: 'unsent', method: 'POST' });
    expect(error.message).toContain('was not sent');
    await http.request(get);
    await http.request({ method: 'DELETE', path: '/api/v1/syncs/1' });
    expect(server.arrived.map((one) => one.method)).toEqual(['GET', 'DELETE']);
  });

  test('is asked once more on the connection, right before the first byte', async () => {
    const { http, server } = await world(() => ok);
    const left = [10 * minute, 0];
    http.permit('all', () => left.shift() ?? 0);
    expect(await failure(http.request(post))).toMatchObject({ fate: 'unsent' });
    expect(server.arrived).toEqual([]);
  });

  test('holds for a retry too, which leaves in doubt what the first try did', async () => {
    let left = 10 * minute;
    const { http, server } = await world(() => ({ status: 503 }), {
      sleep: async () => {
        left = 0;
      },
    });
    http.permit('all', () => left);
    const request: HttpRequest = { method: 'PATCH', path: '/api/v1/syncs/1', body: {}, repeatable: true };
    expect(await failure(http.request(request))).toMatchObject({ fate: 'unknown', status: 503 });
    expect(server.arrived).toHaveLength(1);
  });
});

describe('promise 1: the write switch', () => {
  const probe: HttpRequest = { ...post, body: { label: 'one', validate_only: true } };
  const all: readonly HttpRequest[] = [
    post,
    probe,
    { ...post, body: { validate_only: 'true' } },
    { method: 'PATCH', path: '/api/v1/syncs/1', body: { validate_only: true } },
    { method: 'PUT', path: '/api/v1/syncs/1', body: {} },
    { method: 'DELETE', path: '/api/v1/syncs/1' },
  ];

  const modes: readonly (readonly [WriteSwitch, readonly HttpRequest[]])[] = [
    ['none', []],
    ['validate-only', [probe]],
    ['all', all],
  ];

  test.each(modes)('%s lets through exactly what it says', async (mode, expected) => {
    const { http, server } = await world(() => ok);
    http.permit(mode);
    await http.request(get);
    for (const request of all) {
      const promise = http.request(request);
      if (expected.includes(request)) await promise;
      else await expect(promise).rejects.toMatchObject({ code: 'write-forbidden' });
    }
    expect(server.arrived).toHaveLength(1 + expected.length);
  });

  test('no-deletes lets everything through but deletes, which end as unsent', async () => {
    const { http, server } = await world(() => ok);
    http.permit('no-deletes');
    for (const request of all) {
      const promise = http.request(request);
      if (request.method === 'DELETE') await expect(promise).rejects.toMatchObject({ fate: 'unsent' });
      else await promise;
    }
    expect(server.arrived.map((one) => one.method)).not.toContain('DELETE');
  });

  test('a POST that says it is harmless needs no permission, and nothing else may say so', async () => {
    const { http, server } = await world(() => ok);
    http.permit('none');
    await http.request({ ...post, harmless: true });
    for (const method of ['PATCH', 'PUT', 'DELETE'] as const) {
      const promise = http.request({ ...post, method, harmless: true });
      await expect(promise).rejects.toMatchObject({ code: 'write-forbidden' });
    }
    expect(server.arrived.map((one) => one.method)).toEqual(['POST']);
  });

  test('starts closed', async () => {
    const { server } = await world(() => ok);
    const http = createHttp({ baseUrl: server.url, token: secret(token), concurrency: 1 });
    open.push(http);
    await expect(http.request(probe)).rejects.toBeInstanceOf(SynclineError);
    expect(server.arrived).toHaveLength(0);
  });

  test('holds for a retry too', async () => {
    const { http, server } = await world(() => ({ status: 429 }), { sleep: async () => undefined });
    const promise = http.request(post);
    http.permit('none');
    await expect(promise).rejects.toMatchObject({ code: 'write-forbidden' });
    expect(server.arrived.length).toBeLessThanOrEqual(1);
  });
});

describe('promise 9: the token', () => {
  test.each([
    'http://app.getcensus.com',
    'http://10.0.0.1:8080',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://128.0.0.1',
    'http://[::2]',
    'http://0.0.0.0',
  ])('does not travel to %s without TLS', (baseUrl) => {
    expect(() => createHttp({ baseUrl, token: secret(token), concurrency: 1 })).toThrow(
      expect.objectContaining({ code: 'insecure-base-url', exit: 3 }),
    );
  });

  test.each(['http://127.0.0.1:1', 'http://127.9.9.9', 'http://[::1]:1', 'http://localhost:1', 'https://a.example'])(
    'may travel to %s',
    async (baseUrl) => {
      const http = createHttp({ baseUrl, token: secret(token), concurrency: 1 });
      expect(http.host).toBe(new URL(baseUrl).host);
      await http.close();
    },
  );

  test.each([
    ['ftp://a.example', 'invalid-base-url'],
    ['app.getcensus.com', 'invalid-base-url'],
    ['https://me:pw@a.example', 'invalid-base-url'],
    ['https://a.example/?key=1', 'invalid-base-url'],
  ])('base URL %s is refused', (baseUrl, code) => {
    const create = (): Http => createHttp({ baseUrl, token: secret(token), concurrency: 1 });
    expect(create).toThrow(expect.objectContaining({ code, exit: 3 }));
  });

  test.each(['', ' \n', 'two words', 'line\nbreak', 'ümlaut'])('%j is no token', (value) => {
    const create = (): Http => createHttp({ baseUrl: 'https://a.example', token: secret(value), concurrency: 1 });
    expect(create).toThrow(expect.objectContaining({ code: 'invalid-token', exit: 3 }));
    expect(create).toThrow(value.trim().length > 1 ? expect.not.stringContaining(value.trim()) : /./);
  });

  test.each([301, 302, 303, 307, 308])('does not follow a %i', async (status) => {
    const trap = await scriptedServer(() => ok);
    open.push(trap);
    const { http } = await world(() => ({ status, headers: { location: `${trap.url}/steal` } }));
    for (const request of [get, post]) {
      const error = await failure(http.request(request));
      expect(error).toMatchObject({ status, fate: 'unknown' });
      expect(error.message).toContain(`answered ${status} (a redirect`);
    }
    expect(trap.arrived).toHaveLength(0);
  });

  test.each([
    ['plain', token],
    ['URL-encoded', encodeURIComponent(token)],
    ['base64', Buffer.from(token).toString('base64')],
    ['base64 without padding', Buffer.from(token).toString('base64').replace(/=+$/, '')],
    ['base64url', Buffer.from(token).toString('base64url')],
  ])('is taken out of what the server says: %s', async (_name, spelled) => {
    const { http, log } = await world(() => ({ status: 400, body: JSON.stringify({ message: `bad ${spelled}!` }) }));
    const error = await failure(http.request(get));
    expect(error.serverMessage).toBe('bad ***!');
    expect(JSON.stringify([error.message, error, log, http])).not.toContain(spelled);
    expect(String(error.stack)).not.toContain(spelled);
  });
});

describe('promise 12: what is sent again', () => {
  const patch: HttpRequest = { method: 'PATCH', path: '/api/v1/syncs/1', body: { label: 'two' } };

  test.each([
    get,
    { method: 'DELETE', path: '/api/v1/syncs/1' } as const,
    { ...post, harmless: true, repeatable: true },
  ])('not what the service means: $method', async (request) => {
    const { http, server } = await world(() => ({ status: 500 }));
    await failure(http.request({ ...request, final: [500] }));
    expect(server.arrived).toHaveLength(1);
    await failure(http.request({ ...request, final: [502] }));
    expect(server.arrived).toHaveLength(6);
  });
  const remove: HttpRequest = { method: 'DELETE', path: '/api/v1/syncs/1' };
  const rows: readonly (readonly [string, HttpRequest, Reply, number, string])[] = [
    ['GET after 500', get, { status: 500 }, 5, 'unknown'],
    ['GET after 504', get, { status: 504 }, 5, 'unknown'],
    ['DELETE after 503', remove, { status: 503 }, 5, 'unknown'],
    ['repeatable PATCH after 502', { ...patch, repeatable: true }, { status: 502 }, 5, 'unknown'],
    ['PATCH after 502', patch, { status: 502 }, 1, 'unknown'],
    ['POST after 500', post, { status: 500 }, 1, 'unknown'],
    ['POST after 503', post, { status: 503, headers: { 'retry-after': '1' } }, 1, 'unknown'],
    ['GET after a lost answer', get, 'drop', 5, 'unknown'],
    ['POST after a lost answer', post, 'drop', 1, 'unknown'],
    ['POST after an empty answer', post, { status: 201, body: '' }, 1, 'unknown'],
    ['POST after a page of a proxy', post, { status: 200, body: '<html>' }, 1, 'unknown'],
    ['DELETE after a page of a proxy', remove, { status: 200, body: '<html>' }, 5, 'unknown'],
    ['GET after 400', get, { status: 400 }, 1, 'refused'],
    ['POST after 422', post, { status: 422 }, 1, 'refused'],
  ];
  test.each(rows)('%s', async (_name, request, reply, tries, fate) => {
    const { http, server, waits } = await world(() => reply);
    expect(await failure(http.request(request))).toMatchObject({ fate });
    expect(server.arrived).toHaveLength(tries);
    expect(waits).toHaveLength(tries - 1);
  });

  test.each([
    ['GET', get, 5],
    ['POST', post, 1],
  ])('%s after a timeout', async (_name, request, tries) => {
    const { http, server } = await world(() => 'hang', { timeouts: { read: 40, write: 40 } });
    const error = await failure(http.request(request));
    expect(error).toMatchObject({ fate: 'unknown', status: undefined });
    expect(error.message).toContain('timed out');
    expect(server.arrived).toHaveLength(tries);
  });

  test.each([
    ['DELETE', remove],
    ['repeatable PATCH', { ...patch, repeatable: true }],
  ])('a %s that may have been carried out stays in doubt, whatever the next try says', async (_name, request) => {
    const { http, server } = await world((_request, nth) => (nth === 1 ? 'drop' : { status: 403 }));
    expect(await failure(http.request(request))).toMatchObject({ status: 403, fate: 'unknown' });
    expect(server.arrived).toHaveLength(2);
  });

  test('a create that provably never left may be sent again', async () => {
    const gone = await scriptedServer(() => ok);
    await gone.close();
    const { http, waits } = await world(() => ok, { baseUrl: gone.url });
    expect(await failure(http.request(post))).toMatchObject({ fate: 'unsent', status: undefined });
    expect(waits).toHaveLength(4);
  });

  test('waits twice as long each time, and gives up after five tries', async () => {
    const { http, waits } = await world(() => ({ status: 500 }));
    await failure(http.request(get));
    expect(waits).toEqual([500, 1000, 2000, 4000]);
  });

  test('spreads the waits of those who were turned away together', async () => {
    const early = await world(() => ({ status: 500 }), { random: () => 0 });
    await failure(early.http.request(get));
    expect(early.waits[0]).toBe(400);
    const late = await world(() => ({ status: 500 }), { random: () => 0.999 });
    await failure(late.http.request(get));
    expect(late.waits[0]).toBe(600);
  });

  test.each([
    ['7', 7000],
    ['0', 0],
    ['3600', 90_000],
    ['Fri, 21 Nov 2025 10:00:05 GMT', 5000],
    ['Fri, 21 Nov 2025 09:59:00 GMT', 0],
    ['soon', 500],
  ])('Retry-After: %s', async (value, wait) => {
    const { http, waits } = await world(
      (_request, nth) => (nth === 1 ? { status: 429, headers: { 'retry-after': value } } : ok),
      { now: () => Date.parse('2025-11-21T10:00:00Z'), random: () => 0 },
    );
    await http.request(post);
    expect(waits).toEqual([value === 'soon' ? 800 : wait]);
  });

  test('an answer that comes in the end is an answer', async () => {
    const { http, server } = await world((_request, nth) => (nth < 5 ? { status: 429 } : ok));
    expect((await http.request(post)).status).toBe(200);
    expect(server.arrived).toHaveLength(5);
  });
});

describe('after Ctrl-C', () => {
  test('no write starts, reads go on', async () => {
    const stop = new AbortController();
    const { http, server } = await world(() => ok, { signal: stop.signal });
    stop.abort();
    expect(await failure(http.request(post))).toMatchObject({ fate: 'unsent' });
    await http.request(get);
    expect(server.arrived.map((one) => one.method)).toEqual(['GET']);
  });

  test('a wait between two tries ends at once', async () => {
    const stop = new AbortController();
    const server = await scriptedServer(() => ({ status: 429, headers: { 'retry-after': '60' } }));
    const log = (): void => stop.abort();
    const http = createHttp({ baseUrl: server.url, token: secret(token), concurrency: 1, signal: stop.signal, log });
    http.permit('all');
    open.push(http, server);
    expect(await failure(http.request(post))).toMatchObject({ status: 429, fate: 'refused' });
    expect(server.arrived).toHaveLength(1);
  });
});

describe('a failure says', () => {
  test.each([
    ['{"status":"error","message":"label is taken"}', 'label is taken'],
    ['{"status":422,"message":"a\\u001b[31m\\nb"}', 'a\u001b[31m\nb'],
    ['{"error":"nope"}', 'nope'],
    ['{"error":{"message":"deep"}}', 'deep'],
    ['{"errors":["a","b"]}', '["a","b"]'],
    ['plain text', 'plain text'],
    ['<html><body>gateway</body></html>', undefined],
    ['{"status":404}', undefined],
    ['', undefined],
  ])('what the server said: %j', async (body, said) => {
    const { http } = await world(() => ({ status: 422, body }));
    const error = await failure(http.request(post));
    expect(error).toMatchObject({ method: 'POST', path: '/api/v1/syncs', status: 422, serverMessage: said });
    expect(error.message).toBe(`POST /api/v1/syncs answered 422${said === undefined ? '' : `: "${said}"`}`);
  });

  test('which host rejected the token', async () => {
    const { http, server } = await world(() => ({ status: 401, body: '{"status":401}' }));
    const { message } = await failure(http.request(get));
    expect(message).toBe(`GET /api/v1/syncs answered 401 (the token was rejected by 127.0.0.1:${server.port})`);
  });

  test('nothing where the status was expected and the service itself says so', async () => {
    const { http } = await world((_request, nth) => ({ status: 404, body: nth === 1 ? '{"status":404}' : '<html>' }));
    expect(await http.request({ ...get, expected: [404] })).toEqual({ status: 404, body: { status: 404 } });
    expect(await failure(http.request({ ...get, expected: [404] }))).toMatchObject({ status: 404 });
  });
});

test('closing cuts off reads and retries, but waits for a write', async () => {
  let release = (): void => undefined;
  const gate = new Promise<void>((done) => {
    release = done;
  });
  const { http, server } = await world((request) =>
    request.method === 'POST' ? { status: 200, after: gate } : 'hang',
  );
  const writing = http.request(post);
  await expect.poll(() => server.arrived.length).toBe(1);
  const closing = http.close();
  release();
  expect((await writing).status).toBe(200);
  await closing;
  await expect(http.request(get)).rejects.toBeInstanceOf(ProviderError);
});

test('closing waits for nothing on connections of the caller, who keeps them', async () => {
  const never = new Promise<never>(() => undefined);
  let begin = (): void => undefined;
  const begun = new Promise<void>((done) => {
    begin = done;
  });
  const request = () => {
    begin();
    return never;
  };
  const dispatcher = { request, close: () => never, destroy: () => never };
  const http = createHttp({ baseUrl: 'http://127.0.0.1:1', token: secret('key'), concurrency: 2, dispatcher });
  http.permit('all');
  http.request(post).catch(() => undefined);
  await begun;
  expect(await http.close()).toBeUndefined();
});

describe('a proxy', () => {
  test('sees neither the token nor requests to this machine', async () => {
    const seen: string[] = [];
    const proxy = createServer((request) => seen.push(`${request.method} ${request.url}`));
    proxy.on('connect', (request, socket) => {
      seen.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready));
    open.push({ close: () => new Promise((done) => proxy.close(() => done())) });
    const address = proxy.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const url = `http://me:pass%20word@127.0.0.1:${port}`;
    const { http } = await world(() => ok, { proxy: { url } });
    await http.request(get);
    expect(seen).toEqual([]);
    const outside = createHttp({
      baseUrl: 'https://census.example',
      token: secret(token),
      concurrency: 1,
      proxy: { url },
      sleep: async () => undefined,
    });
    open.push(outside);
    const error = await failure(outside.request(get));
    expect(seen[0]).toMatch(/^CONNECT census\.example:443 /);
    expect(seen.join()).not.toContain(token);
    expect(error.message).not.toMatch(/pass(%20| )word/);
  });
});
