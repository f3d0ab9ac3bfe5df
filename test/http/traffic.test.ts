import { afterEach, describe, expect, test } from 'vitest';
import { createHttp, type Http, type HttpOptions, type HttpRequest } from '../../src/http/client.ts';
import { traffic } from '../../src/http/traffic.ts';
import { secret } from '../../src/model/secret.ts';
import { type Arrived, type Reply, type ScriptedServer, scriptedServer } from './scripted-server.ts';

const get: HttpRequest = { method: 'GET', path: '/api/v1/syncs' };
const post: HttpRequest = { method: 'POST', path: '/api/v1/syncs', body: { label: 'one' } };
const ok: Reply = { status: 200, body: '{"status":"success","data":[]}' };
const limited: Reply = { status: 429, headers: { 'retry-after': '7' } };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

interface Gate {
  readonly passed: Promise<void>;
  pass(): void;
}

function gate(): Gate {
  let pass = (): void => undefined;
  const passed = new Promise<void>((done) => {
    pass = done;
  });
  return { passed, pass: () => pass() };
}

/** Who sent a request: the token of each client is its name. */
const nameOf = ({ headers }: Arrived) => String(headers.authorization).replace('Bearer ', '');

async function served(script: (request: Arrived, nth: number) => Reply): Promise<ScriptedServer> {
  const server = await scriptedServer(script);
  open.push(server);
  return server;
}

/** Clients that share a traffic, in a time that only waiting moves, once `over` is passed. */
function world() {
  let now = 0;
  const over = gate();
  const waits: { readonly milliseconds: number; readonly signal: AbortSignal | undefined }[] = [];
  const said: string[] = [];
  const pacing: Pick<HttpOptions, 'now' | 'random' | 'sleep'> = {
    now: () => now,
    random: () => 0,
    sleep: async (milliseconds, signal) => {
      waits.push({ milliseconds, signal });
      await over.passed;
      now += milliseconds;
    },
  };
  const shared = traffic(pacing);
  const client = (name: string, baseUrl: string, concurrency = 8, signal?: AbortSignal): Http => {
    const tell = ({ reason }: { readonly reason: string }) => said.push(`${name}: ${reason}`);
    const own = { baseUrl, token: secret(name), concurrency, signal };
    const http = createHttp({ ...pacing, ...own, traffic: shared, waits: tell });
    http.permit('all');
    open.unshift(http);
    return http;
  };
  return { client, over, waits, said };
}

describe('promise 12: a 429, with several clients of one host', () => {
  test('is waited out by all of them, is said once, and is nothing to other hosts', async () => {
    const server = await served((_request, nth) => (nth === 1 ? limited : ok));
    const other = await served(() => ok);
    const { client, over, waits, said } = world();
    const [one, two, elsewhere] = [client('one', server.url), client('two', server.url), client('else', other.url)];
    const first = one.request(get);
    await expect.poll(() => waits.length).toBe(1);
    const second = two.request(post);
    await elsewhere.request(get);
    expect(server.arrived).toHaveLength(1);
    over.pass();
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    expect(waits.map((one) => one.milliseconds)).toEqual([7000]);
    expect(said).toEqual(['one: rate-limit']);
  });

  test('that lasts five minutes is the end for all of them', async () => {
    const server = await served(() => ({ status: 429 }));
    const { client, over } = world();
    over.pass();
    const [one, two] = [client('one', server.url), client('two', `${server.url}/census`)];
    await expect(one.request(get)).rejects.toMatchObject({ status: 429, fate: 'refused' });
    const before = server.arrived.length;
    await expect(two.request(get)).rejects.toMatchObject({ status: 429, fate: 'unsent' });
    expect(server.arrived).toHaveLength(before);
  });

  test('goes on for the others when one is closed, and what that one has waiting is not sent', async () => {
    const server = await served((_request, nth) => (nth === 1 ? limited : ok));
    const { client, over, waits } = world();
    const [one, two] = [client('one', server.url), client('two', server.url)];
    const mine = one.request(get);
    const refused = expect(mine).rejects.toMatchObject({ status: 429 });
    await expect.poll(() => waits.length).toBe(1);
    const fresh = expect(one.request(get)).rejects.toMatchObject({ fate: 'unsent' });
    const theirs = two.request(get);
    await one.close();
    await Promise.all([refused, fresh]);
    expect(waits[0]?.signal?.aborted).toBe(false);
    expect(server.arrived).toHaveLength(1);
    over.pass();
    await theirs;
    expect(server.arrived.map(nameOf)).toEqual(['one', 'two']);
  });

  test('keeps no write of one that is stopped, and ends when all of them are', async () => {
    const server = await served((_request, nth) => (nth === 1 ? limited : ok));
    const { client, over, waits } = world();
    const [stop, other] = [new AbortController(), new AbortController()];
    const [one, two] = [client('one', server.url, 8, stop.signal), client('two', server.url, 8, other.signal)];
    const theirs = two.request(get);
    const refused = expect(theirs).rejects.toMatchObject({ status: 429, fate: 'refused' });
    await expect.poll(() => waits.length).toBe(1);
    const mine = expect(one.request(post)).rejects.toMatchObject({ fate: 'unsent' });
    const read = one.request(get);
    stop.abort();
    await mine;
    expect(waits[0]?.signal?.aborted).toBe(false);
    other.abort();
    await refused;
    expect(waits[0]?.signal?.aborted).toBe(true);
    over.pass();
    expect((await read).status).toBe(200);
    expect(server.arrived.map((request) => request.method)).toEqual(['GET', 'GET']);
  });

  test('keeps nobody when all of them are closed', async () => {
    const server = await served(() => limited);
    const { client, waits } = world();
    const [one, two] = [client('one', server.url), client('two', server.url)];
    const refused = expect(one.request(get)).rejects.toMatchObject({ status: 429 });
    await expect.poll(() => waits.length).toBe(1);
    await Promise.all([one.close(), two.close()]);
    await refused;
    expect(waits[0]?.signal?.aborted).toBe(true);
  });
});

describe('requests in flight to one host', () => {
  test('are never more than the client with the highest limit may have, nor of a client more than it may', async () => {
    const inFlight: string[] = [];
    const most: Record<string, number> = {};
    const count = (what: string, now: number) => {
      most[what] = Math.max(most[what] ?? 0, now);
    };
    const server = await served((request) => {
      const name = nameOf(request);
      inFlight.push(name);
      count('all', inFlight.length);
      count(name, inFlight.filter((one) => one === name).length);
      const after = new Promise<void>((done) => {
        setTimeout(() => {
          inFlight.splice(inFlight.indexOf(name), 1);
          done();
        }, 3);
      });
      return { status: 200, body: '{}', after };
    });
    const { client } = world();
    const limits = { a: 2, b: 3, c: 1, d: 3 };
    const clients = Object.entries(limits).map(([name, limit]) => client(name, `${server.url}/${name}`, limit));
    await Promise.all(clients.flatMap((one) => Array.from({ length: 6 }, () => one.request(get))));
    expect(most.all).toBe(3);
    for (const [name, limit] of Object.entries(limits)) expect(most[name]).toBeLessThanOrEqual(limit);
    // Of those that are left, the limit is their own.
    await Promise.all(clients.filter((_one, index) => index % 2 === 1).map((one) => one.close()));
    delete most.all;
    await Promise.all(clients.flatMap((one, index) => (index % 2 === 1 ? [] : [one.request(get), one.request(get)])));
    expect(most.all).toBe(2);
  });

  test('are of each client in turn: who has many waiting keeps nobody else', async () => {
    const first = gate();
    const last = gate();
    const server = await served((request, nth) => {
      if (nameOf(request) === 'late') last.pass();
      // None of the second wave is answered before the latest client has had its turn.
      return { status: 200, body: '{}', after: nth <= 2 ? first.passed : last.passed };
    });
    const { client } = world();
    const [early, many, late] = ['early', 'many', 'late'].map((name) => client(name, server.url, 2));
    const all = [early, early, many, many, late].map((one) => one?.request(get));
    await expect.poll(() => server.arrived.length).toBe(2);
    first.pass();
    await Promise.all(all);
    expect(server.arrived).toHaveLength(5);
  });

  test('a token that is rejected stops its own client alone', async () => {
    const server = await served((request) => (nameOf(request) === 'revoked' ? { status: 401 } : ok));
    const { client } = world();
    const [one, two] = [client('revoked', server.url, 1), client('good', server.url, 1)];
    const results = await Promise.allSettled([one.request(get), two.request(get), one.request(get), two.request(get)]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
  });
});

describe('connections to one host', () => {
  test('are used by all clients', async () => {
    const server = await served(() => ok);
    const { client } = world();
    const clients = ['a', 'b', 'c'].map((name) => client(name, server.url, 2));
    await Promise.all(clients.flatMap((one) => Array.from({ length: 5 }, () => one.request(get))));
    expect(server.arrived).toHaveLength(15);
    expect(server.connections()).toBe(2);
  });

  test('stay open for the others when one is closed, whose own reads are cut off', async () => {
    const slow = gate();
    const server = await served((request) =>
      nameOf(request) === 'one' ? 'hang' : { status: 200, body: '{}', after: slow.passed },
    );
    const { client } = world();
    const [one, two] = [client('one', server.url), client('two', server.url)];
    const mine = expect(one.request(get)).rejects.toMatchObject({ status: undefined });
    const theirs = [two.request(get), two.request(post)];
    await expect.poll(() => server.arrived.length).toBe(3);
    await one.close();
    await one.close();
    await mine;
    slow.pass();
    expect((await Promise.all(theirs)).map((answer) => answer.status)).toEqual([200, 200]);
    expect((await two.request(get)).status).toBe(200);
    expect(server.arrived).toHaveLength(4);
  });
});
