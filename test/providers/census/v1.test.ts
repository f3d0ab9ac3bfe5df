import { afterEach, describe, expect, test } from 'vitest';
import { ProviderError } from '../../../src/model/errors.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import type { Target } from '../../../src/model/project.ts';
import { type Provider, type Resource, resourceOf } from '../../../src/model/provider.ts';
import { secret } from '../../../src/model/secret.ts';
import { canonical } from '../../../src/providers/census/language/canonical.ts';
import { type CensusV1Options, censusV1 } from '../../../src/providers/census/v1/provider.ts';
import { connect, kinds } from '../../../src/providers/index.ts';
import { type Arrived, type Reply, type ScriptedServer, scriptedServer } from '../../http/scripted-server.ts';
import { spec, wire } from './build.ts';
import { censusWorld, listAll, made, readingOf } from './world.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function world(...given: Parameters<typeof censusWorld>): ReturnType<typeof censusWorld> {
  const one = await censusWorld(...given);
  open.push(one);
  return one;
}

/** A provider in front of a server that answers what the test says. */
async function scripted(
  script: (request: Arrived, nth: number) => Reply,
  options: Partial<CensusV1Options> = {},
): Promise<{ readonly provider: Provider; readonly syncs: Resource; readonly server: ScriptedServer }> {
  const server = await scriptedServer(script);
  const provider = censusV1({ token: 'key', baseUrl: server.url, sleep: async () => undefined, ...options });
  provider.permit('all');
  open.push(provider, server);
  return { provider, syncs: resourceOf(provider, 'CensusSync'), server };
}

function json(body: Json, status = 200): Reply {
  return { status, body: JSON.stringify(body) };
}

describe('the connection', () => {
  test.each([
    [{ token: 'a' }, 'app.getcensus.com'],
    [{ token: 'a', region: 'us' }, 'app.getcensus.com'],
    [{ token: 'a', region: 'eu' }, 'app-eu.getcensus.com'],
    [{ token: 'a', baseUrl: 'https://census.example:8443/base/' }, 'census.example:8443'],
  ])('%j goes to %s', async (options, host) => {
    const provider = censusV1(options);
    open.push(provider);
    expect(provider).toMatchObject({ host, name: 'census', api: 'v1' });
  });

  test.each([
    [{ token: 'a' }, 'https://app.getcensus.com/syncs/12'],
    [{ token: 'a', region: 'eu' }, 'https://app-eu.getcensus.com/syncs/12'],
    [{ token: 'a', baseUrl: 'https://app-eu.getcensus.com/' }, 'https://app-eu.getcensus.com/syncs/12'],
    [{ token: 'a', baseUrl: 'https://census.example' }, undefined],
  ])('%j: the page of a sync is %s, and of a dataset nobody knows it', (options, page) => {
    const provider = censusV1(options);
    open.push(provider);
    expect(provider.resources.get('CensusSync')?.page?.('12')).toBe(page);
    expect(provider.resources.get('CensusDataset')?.page).toBeUndefined();
  });

  test.each([
    [{ token: 'a', region: 'au' }, 'unknown-region'],
    [{}, 'missing-token'],
    [{ personalAccessToken: 'a' }, 'missing-workspace'],
    [{ token: 'a', baseUrl: 'http://census.example' }, 'insecure-base-url'],
  ])('%j cannot work', (options, code) => {
    expect(() => censusV1(options)).toThrow(expect.objectContaining({ code, exit: 3 }));
  });

  test('a workspace key tells its workspace', async () => {
    const { provider, emulator } = await world();
    const [workspace] = emulator.workspaces();
    expect(await provider.identify()).toEqual({ id: workspace?.id, name: workspace?.name });
  });

  test.each([403, 404])('a %i means that nobody says whose key it is', async (status) => {
    const { provider } = await scripted(() => json({ status }, status));
    expect(await provider.identify()).toBeUndefined();
  });

  test('a personal token fetches the key of its workspace, once, and nothing shows either', async () => {
    const log: string[] = [];
    const { emulator } = await world();
    const [workspace] = emulator.workspaces();
    const provider = censusV1({
      personalAccessToken: secret(emulator.personalAccessToken),
      workspace: workspace?.id,
      baseUrl: emulator.url,
      log: (line) => log.push(line),
    });
    open.push(provider);
    provider.permit('all');
    const syncs = resourceOf(provider, 'CensusSync');
    await Promise.all([listAll(provider), provider.identify(), syncs.create(canonical(spec()))]);
    const keys = emulator.requests.filter((one) => one.path.endsWith('/api_key'));
    expect(keys.map((one) => one.path)).toEqual([`/api/v1/workspaces/${workspace?.id}/api_key`]);
    expect(emulator.syncs()).toHaveLength(1);
    const all = `${log.join('\n')}${JSON.stringify(provider)}`;
    expect(all).not.toContain(emulator.token);
    expect(all).not.toContain(emulator.personalAccessToken);
  });

  test('a personal token that is rejected says so each time it is asked for, and is sent once', async () => {
    const { emulator } = await world();
    const provider = censusV1({ personalAccessToken: 'wrong', workspace: 4321, baseUrl: emulator.url });
    open.push(provider);
    await expect(provider.identify()).rejects.toMatchObject({ status: 401 });
    await expect(provider.identify()).rejects.toMatchObject({ status: 401 });
    expect(emulator.requests).toHaveLength(1);
  });

  test('a switch that was set before the key was fetched holds afterwards', async () => {
    const { emulator } = await world();
    const options = { personalAccessToken: emulator.personalAccessToken, workspace: 4321, baseUrl: emulator.url };
    const closed = censusV1(options);
    open.push(closed);
    closed.permit('all');
    await closed.identify();
    closed.permit('none');
    await expect(resourceOf(closed, 'CensusSync').create(canonical(spec()))).rejects.toMatchObject({
      code: 'write-forbidden',
    });
  });
});

describe('the registry', () => {
  const target: Target = {
    name: 'production',
    provider: 'census',
    api: 'v1',
    base_url: 'http://127.0.0.1:1',
    region: undefined,
    token_variable: 'CENSUS_TOKEN',
    personal_access_token_variable: undefined,
    workspace: 4321,
    vars: {},
    protect: [],
    limits: { max_deletes: 5, concurrency: 8, settle_seconds: 480 },
  };

  test('knows its kinds', () => {
    expect(kinds.map((one) => `${one.provider} ${one.kind} ${one.traits.kind}`)).toEqual([
      'census CensusSync CensusSync',
      'census CensusDataset CensusDataset',
      'fabra FabraSync FabraSync',
    ]);
  });

  test('connects a target, with either credential', async () => {
    const { emulator } = await world();
    const base_url = emulator.url;
    const direct = await connect({ ...target, base_url }, secret(emulator.token));
    const personal = await connect(
      { ...target, base_url, token_variable: undefined, personal_access_token_variable: 'PAT' },
      secret(emulator.personalAccessToken),
    );
    open.push(direct, personal);
    expect(await direct.identify()).toMatchObject({ id: 4321 });
    expect(await personal.identify()).toMatchObject({ id: 4321 });
  });

  test.each([
    ['census', 'v3'],
    ['fabra', 'v1'],
  ])('%s %s is not supported', async (provider, api) => {
    await expect(connect({ ...target, provider, api }, secret('a'))).rejects.toMatchObject({
      code: 'unsupported-provider',
      exit: 3,
      message: expect.stringContaining(`${provider} ${api}, which is not supported in this version`),
    });
  });
});

describe('the list', () => {
  const numbered = (from: number, to: number): JsonObject[] =>
    Array.from({ length: to - from + 1 }, (_, index) => wire({ id: from + index, label: `Sync ${from + index}` }));

  function page(all: readonly JsonObject[], request: Arrived, over: JsonObject = {}): Reply {
    const query = new URL(request.url, 'http://localhost').searchParams;
    const number = Number(query.get('page'));
    const size = Number(query.get('per_page'));
    const ordered = query.get('order') === 'asc' ? all : all.toReversed();
    const last = Math.max(1, Math.ceil(all.length / size));
    return json({
      status: 'success',
      data: ordered.slice((number - 1) * size, number * size),
      pagination: {
        total_records: all.length,
        per_page: size,
        page: number,
        prev_page: number > 1 ? number - 1 : null,
        next_page: number < last ? number + 1 : null,
        last_page: last,
        ...over,
      },
    });
  }

  const ids = (list: readonly { readonly id: string }[]): number[] =>
    list.map((one) => Number(one.id)).sort((a, b) => a - b);
  const range = (from: number, to: number): number[] => numbered(from, to).map((one) => Number(one.id));

  test('asks for as few pages as there are, in ascending order, and hands them over as they come', async () => {
    const { syncs, server } = await scripted((request) => page(numbered(1, 950), request));
    const pages: number[] = [];
    await syncs.list((some) => pages.push(some.length));
    expect(pages.toSorted((a, b) => b - a)).toEqual([100, 100, 100, 100, 100, 100, 100, 100, 100, 50]);
    expect(server.arrived).toHaveLength(10);
    expect(server.arrived.every((one) => one.url.includes('per_page=100') && one.url.includes('order=asc'))).toBe(true);
  });

  test('pages beyond the first are in flight together, up to the limit', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((done) => {
      release = done;
    });
    const { provider, server } = await scripted(
      (request, nth) => {
        const reply = page(numbered(1, 950), request);
        return nth === 1 || typeof reply === 'string' ? reply : { ...reply, after: gate };
      },
      { concurrency: 4 },
    );
    const listing = listAll(provider);
    await expect.poll(() => server.arrived.length).toBe(5);
    release();
    expect(await listing).toHaveLength(950);
  });

  test('an empty account has no syncs', async () => {
    const { provider, server } = await scripted((request) => page([], request));
    expect(await listAll(provider)).toEqual([]);
    expect(server.arrived).toHaveLength(1);
  });

  test('what was made while the list was read is on it', async () => {
    const { provider } = await scripted((request, nth) => page(numbered(1, nth < 3 ? 250 : 420), request));
    expect(ids(await listAll(provider))).toEqual(range(1, 420));
  });

  test('a delete that moves others into a page that was read already hides none of them', async () => {
    const all = numbered(1, 300);
    const { provider } = await scripted(
      (request, nth) => {
        if (nth === 2) all.splice(5, 1);
        return page(all, request);
      },
      { concurrency: 1 },
    );
    const found = ids(await listAll(provider));
    expect(found).toContain(101);
    expect(found).toContain(201);
    expect(found).toHaveLength(new Set(found).size);
  });

  test('a list that never stands still is no list', async () => {
    let left = 1000;
    const { provider } = await scripted((request) => {
      left -= 1;
      return page(numbered(1, left), request);
    });
    await expect(listAll(provider)).rejects.toThrow('changed while it was read');
  });

  test('a list that only grows is taken in the end', async () => {
    let total = 100;
    const { provider } = await scripted((request) => {
      total += 1;
      return page(numbered(1, total), request);
    });
    const found = await listAll(provider);
    expect(found.length).toBeGreaterThan(100);
  });

  test.each([
    ['last_page', { last_page: null }],
    ['last_page and total_records', { last_page: null, total_records: null }],
    ['everything', { last_page: null, total_records: null, next_page: undefined }],
  ])('is complete without %s', async (_name, over) => {
    const { provider } = await scripted((request) => page(numbered(1, 250), request, JSON.parse(JSON.stringify(over))));
    expect(ids(await listAll(provider))).toEqual(range(1, 250));
  });

  test('a failing page fails the list', async () => {
    const { provider } = await scripted((request) =>
      request.url.includes('page=2&') ? json({ status: 500 }, 500) : page(numbered(1, 250), request),
    );
    await expect(listAll(provider)).rejects.toMatchObject({ status: 500 });
  });

  test.each(['{"status":"success"}', '[]', '{"data":{}}'])('%s is no list', async (body) => {
    const { provider } = await scripted(() => ({ status: 200, body }));
    await expect(listAll(provider)).rejects.toThrow(/answered something unexpected/);
  });

  test('newest stops at the first page that brings nothing unknown', async () => {
    const { syncs, server } = await scripted((request) => page(numbered(1, 500), request));
    const found = await syncs.newest(new Set(range(1, 470).map(String)));
    expect(found.map((one) => Number(one.id))).toEqual(range(471, 500).toReversed());
    expect(server.arrived).toHaveLength(3);
  });
});

describe('one sync', () => {
  test.each([
    [{ status: 404 }, undefined],
    [{ status: 'not_found' }, undefined],
  ])('a 404 with %j proves that it is gone', async (body, expected) => {
    const { syncs } = await scripted(() => json(body, 404));
    expect(await syncs.read('5')).toBe(expected);
    expect(await syncs.delete('5')).toBe('gone');
  });

  test.each(['<html>404</html>', '', '{"message":"no Route matched"}'])(
    'a 404 with %j proves nothing',
    async (body) => {
      const { syncs } = await scripted(() => ({ status: 404, body }));
      await expect(syncs.read('5')).rejects.toMatchObject({ status: 404 });
      await expect(syncs.delete('5')).rejects.toMatchObject({ status: 404 });
    },
  );

  test('another sync than the one asked for is an error', async () => {
    const { syncs } = await scripted(() => json({ status: 'success', data: wire({ id: 6 }) }));
    await expect(syncs.read('5')).rejects.toBeInstanceOf(ProviderError);
  });

  test('an id cannot leave its path', async () => {
    const { syncs, server } = await scripted(() => json({ status: 404 }, 404));
    await syncs.read('../sources/1?x');
    expect(server.arrived[0]?.url).toBe('/api/v1/syncs/..%2Fsources%2F1%3Fx');
  });
});

describe('a create', () => {
  test.each([
    [{ status: 'created', data: { sync_id: 7 } }, 201],
    [{ status: 201, data: { sync_id: '7', id: 9 } }, 200],
  ])('%j names the new sync', async (body, status) => {
    const { syncs } = await scripted(() => json(body, status));
    expect(await syncs.create(canonical(spec()))).toEqual({ id: '7', unset: [] });
  });

  test.each([{ status: 'created', data: { id: 7 } }, { sync_id: 7 }, { data: { sync_id: null } }, []])(
    '%j leaves open what was made',
    async (body) => {
      const { syncs, server } = await scripted(() => json(body, 201));
      await expect(syncs.create(canonical(spec()))).rejects.toMatchObject({ fate: 'unknown' });
      expect(server.arrived).toHaveLength(1);
    },
  );

  test('a name that was not resolved is not sent', async () => {
    const { syncs, server } = await scripted(() => json({}));
    const desired = canonical(spec({ mode: { triggers: { sync_sequence: { sync: 'parent' } } } }));
    await expect(syncs.create(desired)).rejects.toMatchObject({ fate: 'unsent' });
    expect(server.arrived).toHaveLength(0);
  });
});

describe('an update', () => {
  const reading = { live: { kind: 'CensusSync', id: '90001', label: 'a', spec: {} }, wire: wire() };

  test('that is empty is not sent', async () => {
    const { syncs, server } = await scripted(() => json({}));
    expect(await syncs.update(reading, {}, [])).toBeUndefined();
    expect(server.arrived).toHaveLength(0);
  });

  test('that was accepted stays accepted when its answer shows nothing', async () => {
    const { syncs } = await scripted(() => json({ status: 'updated' }));
    expect(await syncs.update(reading, { paused: true }, ['/paused'])).toBeUndefined();
  });

  test('promise 12: a PATCH is repeated after a 5xx unless it would make an alert twice', async () => {
    const failure: CensusAlert = { type: 'FailureAlertConfiguration' };
    const alerts = { alert_attributes: [{ id: 3, ...failure }] };
    const { syncs, server } = await scripted(() => json({ status: 500 }, 500));
    const live = { ...reading, wire: wire(alerts) };
    const send = async (desired: JsonObject): Promise<number> => {
      const before = server.arrived.length;
      await syncs.update(live, desired, ['/alert_attributes']).catch(() => undefined);
      return server.arrived.length - before;
    };
    expect(await send({ alert_attributes: [failure] })).toBe(5);
    expect(await send({ alert_attributes: [] })).toBe(5);
    expect(await send({ alert_attributes: [failure, failure] })).toBe(1);
  });

  interface CensusAlert extends JsonObject {
    readonly type: string;
  }
});

describe('a probe', () => {
  test('sends the whole sync as it would be, and nothing is written', async () => {
    const { provider, syncs, emulator } = await world();
    const reading = await made(provider, canonical(spec()));
    provider.permit('validate-only');
    const before = emulator.syncs();
    const desired = canonical(spec({ label: 'Other', mappings: [{ from: 'phone', to: 'Email', primary: true }] }));
    expect(await syncs.check(desired, reading)).toEqual({ status: 'valid', message: 'The API accepts it.' });
    expect(emulator.syncs()).toEqual(before);
    const sent = emulator.requests.at(-1);
    expect(sent).toMatchObject({
      method: 'POST',
      path: '/api/v1/syncs',
      body: { label: 'Other', validate_only: true },
    });
  });

  test('gives the reason of a refusal', async () => {
    const { provider, syncs, emulator } = await world();
    const reading = await made(provider, canonical(spec()));
    const desired = canonical(spec({ mappings: [{ from: 'nope', to: 'Email', primary: true }] }));
    expect(await syncs.check(desired, reading)).toEqual({
      status: 'invalid',
      message: "Column 'nope' cannot be found in source 'users'",
    });
    expect(emulator.syncs()).toHaveLength(1);
  });

  test('of a name that was not resolved is not sent', async () => {
    const { syncs, server } = await scripted(() => json({}));
    const desired = canonical(spec({ mode: { triggers: { sync_sequence: { sync: 'parent' } } } }));
    await expect(syncs.check(desired, undefined)).rejects.toMatchObject({ fate: 'unsent' });
    expect(server.arrived).toHaveLength(0);
  });

  test('of a sync that deletes is not possible', async () => {
    const { syncs, server } = await scripted(() => json({}));
    const reading = {
      live: { kind: 'CensusSync', id: '1', label: 'a', spec: {} },
      wire: wire({ operation: 'delete' }),
    };
    expect(await syncs.check({ paused: true }, reading)).toMatchObject({ status: 'unchecked' });
    expect(server.arrived).toHaveLength(0);
  });

  test.each([401, 403, 429, 500])('a %i is no verdict', async (status) => {
    const { syncs } = await scripted(() => json({ status, message: 'x' }, status));
    await expect(syncs.check(canonical(spec()), undefined)).rejects.toMatchObject({ status });
  });

  test.each([400, 404, 409, 422])('a %i is one', async (status) => {
    const { syncs } = await scripted(() => json({ status }, status));
    expect(await syncs.check(canonical(spec()), undefined)).toEqual({
      status: 'invalid',
      message: `The API answered ${status}.`,
    });
  });

  test('that made a sync all the same is an alarm', async () => {
    const { syncs } = await scripted(() => json({ status: 'created', data: { sync_id: 7 } }, 201));
    await expect(syncs.check(canonical(spec()), undefined)).rejects.toMatchObject({
      code: 'check-wrote',
      message: expect.stringContaining('made the sync 7'),
    });
  });
});

describe('names', () => {
  test.each([
    ['sources', undefined, { id: 501, name: 'Snowflake Prod' }],
    ['destinations', undefined, { id: 603, name: 'Braze', type: 'braze' }],
    ['datasets', undefined, { id: 8123, name: expect.any(String) }],
    ['models', 501, { id: 15, name: 'braze_test' }],
    ['segments', 501, { id: 3301, name: 'VIP customers' }],
  ])('%s of %j', async (collection, within, expected) => {
    const { provider } = await world();
    expect(await provider.named(collection, within)).toContainEqual(expect.objectContaining(expected));
  });

  test.each([
    ['topics', 501],
    ['models', undefined],
    ['cohorts', 501],
  ])('%s of %j cannot be listed', async (collection, within) => {
    const { provider } = await world();
    expect(await provider.named(collection, within)).toBeUndefined();
  });

  test('come from every page, and a failure is not remembered', async () => {
    const { provider } = await scripted((request, nth) => {
      if (nth === 1) return json({ status: 400, message: 'not now' }, 400);
      const number = Number(new URL(request.url, 'http://localhost').searchParams.get('page'));
      return json({ data: [{ id: number, name: `Source ${number}` }], pagination: { last_page: 3, page: number } });
    });
    await expect(provider.named('sources', undefined)).rejects.toBeInstanceOf(ProviderError);
    expect(await provider.named('sources', undefined)).toEqual([1, 2, 3].map((id) => ({ id, name: `Source ${id}` })));
  });
});

describe('promise 9: the token', () => {
  test('appears in no failure, whatever goes wrong', async () => {
    const key = 'secret-token:0123456789abcdef';
    const failing: readonly Reply[] = [
      { status: 400, body: JSON.stringify({ message: `Bearer ${key}` }) },
      { status: 500, body: key },
      { status: 200, body: key },
      'drop',
    ];
    for (const reply of failing) {
      const { provider, syncs } = await scripted(() => reply, { token: secret(key) });
      const attempts = [provider.identify(), listAll(provider), syncs.read('1'), syncs.create(canonical(spec()))];
      for (const attempt of await Promise.allSettled(attempts)) {
        const error: unknown = attempt.status === 'rejected' ? attempt.reason : undefined;
        expect(error).toBeInstanceOf(ProviderError);
        const text = error instanceof Error ? `${error.message} ${error.stack} ${JSON.stringify(error)}` : '';
        expect(text).not.toContain(key);
      }
    }
  });
});

test('a sync made in the product’s own pages reads as any other', async () => {
  const { provider } = await world({ seed: {} });
  const all = await listAll(provider);
  expect(all.map((one) => one.label)).toEqual([
    'Finance invoices to Sheets (by hand)',
    'Lead scores to Salesforce (trial)',
    'Churn risk to Braze',
  ]);
  expect((await readingOf(provider, all[2]?.id ?? '')).live.spec.source_attributes).toEqual({
    connection_id: 501,
    object: { type: 'segment', id: 3302, dataset_id: 5951 },
  });
});
