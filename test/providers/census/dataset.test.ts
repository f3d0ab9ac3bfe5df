import { afterEach, describe, expect, test } from 'vitest';
import type { CensusSeed } from '../../../src/emulator/census-v1/seed.ts';
import type { JsonObject, Spec } from '../../../src/model/json.ts';
import type { Live } from '../../../src/model/live.ts';
import { type Patience, type Reading, type Resource, resourceOf } from '../../../src/model/provider.ts';
import { canonicalDataset } from '../../../src/providers/census/language/dataset/canonical.ts';
import { censusV1 } from '../../../src/providers/census/v1/provider.ts';
import { scriptedServer } from '../../http/scripted-server.ts';
import { type CensusWorld, censusWorld } from './world.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const users = { id: 7301, name: 'users', source_id: 501, query: 'select id, email from users' };

/** An account with one source and these datasets, and a provider that may write to it. */
async function world(
  datasets: CensusSeed['datasets'] = [],
  options: Parameters<typeof censusWorld>[0] = {},
): Promise<CensusWorld> {
  const sources = [{ id: 501, name: 'Snowflake Prod', type: 'snowflake' }];
  const one = await censusWorld({ seed: { sources, datasets, destinations: [], syncs: [] }, ...options });
  one.provider.permit('all');
  open.push(one);
  return one;
}

function spec(over: JsonObject = {}): Spec {
  return canonicalDataset({ name: 'Users', type: 'sql', source_id: 501, query: 'select id from users', ...over });
}

async function readingOf(datasets: Resource, id: string): Promise<Reading> {
  const reading = await datasets.read(id);
  if (reading === undefined) throw new Error(`There is no dataset ${id}.`);
  return reading;
}

const sent = ({ emulator }: CensusWorld, method: string) =>
  emulator.requests.filter((one) => one.method === method).map(({ path, body }) => [path, body]);

describe('a create', () => {
  test('sends name, type, query, source and description, and nothing else', async () => {
    const made = await world();
    const written = spec({
      description: 'Everybody',
      source_id: '501',
      id: 9,
      resource_identifier: 'dataset:users',
      columns: [{ name: 'id' }],
      cached_record_count: 3,
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
    });
    const { id, unset } = await made.datasets.create(written);
    const body = { name: 'Users', type: 'sql', query: 'select id from users', source_id: 501 };
    expect(sent(made, 'POST')).toEqual([['/api/v1/datasets', { ...body, description: 'Everybody' }]]);
    expect(unset).toEqual([]);
    expect((await readingOf(made.datasets, id)).live.label).toBe('Users');
  });

  test('does not send what is to be clear', async () => {
    const made = await world();
    await made.datasets.create(spec({ description: null }));
    expect(sent(made, 'POST')[0]?.[1]).not.toHaveProperty('description');
  });
});

describe('an update', () => {
  const described = { ...users, description: 'Everybody' };

  test('sends what has changed, and nothing else', async () => {
    const made = await world([described]);
    const reading = await readingOf(made.datasets, '7301');
    const desired = spec({ name: 'users', query: 'select id, name from users', description: 'Somebody' });
    await made.datasets.update(reading, desired, ['/query']);
    expect(sent(made, 'PATCH')).toEqual([['/api/v1/datasets/7301', { query: 'select id, name from users' }]]);
    expect((await readingOf(made.datasets, '7301')).live.spec).toEqual({
      ...reading.live.spec,
      query: 'select id, name from users',
    });
  });

  test.each([
    ['null', { description: null }],
    ['nothing', {}],
  ])('clears a description with %s', async (_name, over) => {
    const made = await world([described]);
    const reading = await readingOf(made.datasets, '7301');
    expect(reading.live.spec.description).toBe('Everybody');
    await made.datasets.update(reading, spec({ name: 'users', ...over }), ['/description']);
    expect(sent(made, 'PATCH')).toEqual([['/api/v1/datasets/7301', { description: null }]]);
    expect((await readingOf(made.datasets, '7301')).live.spec).not.toHaveProperty('description');
  });
});

describe('what is read', () => {
  test('a query with other line ends and a newline at its end is the same query', async () => {
    const query = 'select id,\r\n  email\r\nfrom users\r\n\n';
    const { datasets } = await world([{ ...users, query }]);
    const { live, wire } = await readingOf(datasets, '7301');
    expect(live.spec.query).toBe('select id,\n  email\nfrom users');
    expect(live.spec.query).toBe(spec({ query }).query);
    expect(wire.query).toBe(query);
  });

  test.each([
    ['null as its query', { query: null }],
    ['no query', {}],
  ])('a dataset of another type is listed with %s', async (_name, over) => {
    const wire = {
      id: 7302,
      name: 'identities',
      type: 'entity_resolution',
      source_id: 501,
      description: null,
      ...over,
    };
    const server = await scriptedServer(() => ({ status: 200, body: JSON.stringify({ data: [wire] }) }));
    const provider = censusV1({ token: 'key', baseUrl: server.url });
    open.push(provider, server);
    const found: Live[] = [];
    await resourceOf(provider, 'CensusDataset').list((page) => found.push(...page));
    const identities = { name: 'identities', type: 'entity_resolution', source_id: 501 };
    expect(found).toEqual([{ kind: 'CensusDataset', id: '7302', label: 'identities', spec: identities }]);
  });

  test('datasets are listed whatever their type', async () => {
    const identities = { id: 7302, name: 'identities', source_id: 501, type: 'entity_resolution' };
    const { datasets } = await world([users, identities]);
    const found: Live[] = [];
    await datasets.list((page) => found.push(...page));
    expect(found.map(({ label, spec }) => [label, spec.type])).toEqual([
      ['users', 'sql'],
      ['identities', 'entity_resolution'],
    ]);
  });

  test('a dataset that is not there is none', async () => {
    const { datasets } = await world([users]);
    expect(await datasets.read('7399')).toBeUndefined();
  });
});

describe('finding the columns', () => {
  /** A clock that only sleeping moves. */
  function patience(limit: number): Patience & { slept(): number } {
    let passed = 0;
    return {
      limit,
      now: () => passed,
      sleep: async (milliseconds) => {
        passed += milliseconds;
      },
      signal: new AbortController().signal,
      slept: () => passed,
    };
  }

  const start = 'POST /api/v1/datasets/7301/refresh_columns';
  const ask = 'GET /api/v1/datasets/7301/refresh_columns_status';
  const lines = (made: CensusWorld) => made.arrived().map(({ method, path }) => `${method} ${path}`);
  const prepare = async ({ datasets }: CensusWorld, waiting: Patience) => datasets.prepare?.('7301', waiting);
  const columns = async ({ datasets }: CensusWorld) => (await readingOf(datasets, '7301')).wire.columns;

  test('starts the job, and asks until it has ended', async () => {
    const made = await world([users], { quirks: { refreshPolls: 3 } });
    expect(await columns(made)).toEqual([]);
    const before = made.arrived().length;
    await prepare(made, patience(120_000));
    expect(lines(made).slice(before)).toEqual([start, ask, ask, ask, ask]);
    expect(await columns(made)).toMatchObject([{ name: 'id' }, { name: 'email' }]);
  });

  test('stops at its limit, and leaves the job alone', async () => {
    const made = await world([users], { quirks: { refreshPolls: 1000 } });
    const waiting = patience(5000);
    await prepare(made, waiting);
    expect(waiting.slept()).toBe(5000);
    expect(lines(made)).toEqual([start, ...Array.from({ length: 5 }, () => ask)]);
  });

  test('starts the job where nobody waits for it', async () => {
    const made = await world([users]);
    await prepare(made, patience(0));
    expect(lines(made)).toEqual([start]);
  });

  test('asks no more once nobody waits', async () => {
    const made = await world([users], { quirks: { refreshPolls: 1000 } });
    const ended = new AbortController();
    const sleep = async () => ended.abort();
    await prepare(made, { ...patience(120_000), sleep, signal: ended.signal });
    expect(lines(made)).toEqual([start, ask]);
  });

  test('a job that fails is told in the service’s words', async () => {
    const made = await world([{ ...users, refresh_failure: 'relation "users" does not exist' }]);
    await expect(prepare(made, patience(120_000))).rejects.toMatchObject({
      status: 400,
      serverMessage: 'relation "users" does not exist',
    });
    expect(lines(made)).toEqual([start, ask, ask]);
  });

  test('is a write', async () => {
    const made = await world([users]);
    made.provider.permit('none');
    await expect(prepare(made, patience(120_000))).rejects.toMatchObject({ code: 'write-forbidden' });
    expect(lines(made)).toEqual([]);
  });
});
