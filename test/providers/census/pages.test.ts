import { Readable } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttp } from '../../../src/http/client.ts';
import type { HttpDispatcher } from '../../../src/http/dispatcher.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Live } from '../../../src/model/live.ts';
import { type Provider, type Resource, resourceOf } from '../../../src/model/provider.ts';
import { secret } from '../../../src/model/secret.ts';
import { censusV1 } from '../../../src/providers/census/v1/provider.ts';
import { readAllPages } from '../../../src/providers/census/wire/all-pages.ts';
import { type Reply, type ScriptedServer, scriptedServer } from '../../http/scripted-server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** One page of a collection of `size` things, as a service in order answers it. */
interface Asked {
  readonly page: number;
  readonly perPage: number;
  readonly items: (page: number) => JsonObject[];
  readonly figures: JsonObject;
}

function asked(url: string, size: number): Asked {
  const query = new URL(url, 'http://localhost').searchParams;
  const [page, perPage] = [Number(query.get('page')), Number(query.get('per_page'))];
  const last = Math.max(1, Math.ceil(size / perPage));
  const ids = Array.from({ length: size }, (_, index) => (query.get('order') === 'asc' ? index + 1 : size - index));
  const items = (number: number) =>
    ids.slice((number - 1) * perPage, number * perPage).map((id) => ({ id, label: `L${id}`, name: `N${id}` }));
  const figures = {
    total_records: size,
    page,
    per_page: perPage,
    last_page: last,
    next_page: page < last ? page + 1 : null,
  };
  return { page, perPage, items, figures };
}

async function service(answer: (asked: Asked) => { data: unknown; pagination: unknown }, size: number) {
  const script = ({ url }: { readonly url: string }): Reply => ({
    status: 200,
    body: JSON.stringify({ status: 'success', ...answer(asked(url, size)) }),
  });
  const server: ScriptedServer = await scriptedServer(script);
  const provider = censusV1({ token: 'secret-token', baseUrl: server.url, sleep: async () => undefined });
  open.push(provider, server);
  return { provider, server };
}

async function list(provider: Provider): Promise<number> {
  const found: Live[] = [];
  await resourceOf(provider, 'CensusSync').list((some) => found.push(...some));
  return new Set(found.map((one) => one.id)).size;
}

/** Whatever is paged, and how many of it were found. */
const readers: readonly (readonly [string, (provider: Provider) => Promise<number>])[] = [
  ['syncs', list],
  ['the newest syncs', async (provider) => (await resourceOf(provider, 'CensusSync').newest(new Set())).length],
  ['sources', async (provider) => (await provider.named('sources', undefined))?.length ?? -1],
  ['destinations', async (provider) => (await provider.named('destinations', undefined))?.length ?? -1],
  ['datasets', async (provider) => (await provider.named('datasets', undefined))?.length ?? -1],
  ['models', async (provider) => (await provider.named('models', 501))?.length ?? -1],
  ['segments', async (provider) => (await provider.named('segments', 501))?.length ?? -1],
];

type Fault = (asked: Asked) => { data: unknown; pagination: unknown };

const broken: readonly (readonly [string, Fault])[] = [
  ['a cache that ignores ?page=', ({ items, figures }) => ({ data: items(1), pagination: figures })],
  ['no page but the first', ({ page, items, figures }) => ({ data: page === 1 ? items(1) : [], pagination: figures })],
  ['an empty first page beside a total', ({ figures }) => ({ data: [], pagination: figures })],
  [
    'a page with a hole, beside a total',
    ({ page, items, figures }) => ({ data: items(page).slice(page === 2 ? 3 : 0), pagination: figures }),
  ],
  [
    'the first page again and again, without a total',
    ({ page, items }) => ({ data: items(1), pagination: { page, next_page: page + 1 } }),
  ],
  ['the first page again and again, without figures', ({ items }) => ({ data: items(1), pagination: null })],
  [
    'a next page that never ends',
    ({ page, items, figures }) => ({ data: items(page), pagination: { ...figures, next_page: page + 1 } }),
  ],
  [
    'a last page that nobody reaches',
    ({ page, items, figures }) => ({ data: items(page), pagination: { ...figures, last_page: 10 ** 12 } }),
  ],
];

const odd: readonly (readonly [string, JsonObject])[] = [
  ['text for numbers', { total_records: '250', last_page: null, next_page: null }],
  ['text that is no number', { total_records: 'many', last_page: 'the last', next_page: {} }],
  ['fractions and negatives', { total_records: -1, last_page: 1.5, next_page: -3 }],
  ['lists and objects', { total_records: [], last_page: {}, next_page: true }],
  ['figures beyond counting', { total_records: 1e300, last_page: 1e300, next_page: 1e300 }],
];

describe.each(readers)('a list of %s', (_name, read) => {
  test.each(broken)('with %s is none, and costs little to find out', async (_fault, answer) => {
    const { provider, server } = await service(answer, 250);
    await expect(read(provider)).rejects.toMatchObject({
      code: 'list-incomplete',
      exit: 1,
      message: expect.stringContaining(new URL(server.url).host),
    });
    expect(server.arrived.length).toBeLessThan(60);
  });

  test.each(odd)('with %s in its figures is read as far as it goes', async (_fault, over) => {
    const fault: Fault = ({ page, items, figures }) => ({
      data: items(page),
      pagination: { page, per_page: figures.per_page, ...over },
    });
    const { provider } = await service(fault, 250);
    expect(await read(provider)).toBe(250);
  });

  test('with less at the first look and all at the second is whole', async () => {
    let answers = 0;
    const fault: Fault = ({ page, items, figures }) => {
      answers += 1;
      return { data: answers === 1 ? [] : items(page), pagination: figures };
    };
    const { provider } = await service(fault, 12);
    expect(await read(provider)).toBe(12);
  });
});

/** A service that answers every page with something new, and says that there is one more. */
function endless() {
  let asked = 0;
  const body = (): string => {
    asked += 1;
    return JSON.stringify({ status: 'success', data: [{ id: asked }], pagination: { last_page: 10 ** 12 } });
  };
  const dispatcher: HttpDispatcher = {
    request: async () => ({
      statusCode: 200,
      headers: {},
      body: Object.assign(Readable.from([Buffer.from(body())]), {}),
    }),
    close: async () => undefined,
    destroy: async () => undefined,
  };
  const provider = censusV1({ token: 'secret-token', baseUrl: 'http://127.0.0.1:9', dispatcher });
  return { provider, requests: () => asked };
}

test.each([
  ['a list', 20_010, (syncs: Resource) => syncs.list(() => undefined)],
  ['the newest syncs', 2000, (syncs: Resource) => syncs.newest(new Set())],
])('%s of ever new things has an end', async (_name, most, read) => {
  const { provider, requests } = endless();
  await expect(read(resourceOf(provider, 'CensusSync'))).rejects.toMatchObject({ code: 'list-incomplete', exit: 1 });
  expect(requests()).toBeLessThanOrEqual(most);
});

test('ten thousand syncs cost a hundred requests', async () => {
  const { provider, server } = await service(
    ({ page, items, figures }) => ({ data: items(page), pagination: figures }),
    10_000,
  );
  expect(await list(provider)).toBe(10_000);
  expect(server.arrived).toHaveLength(100);
});

test('names that are spread over pages cost one request each', async () => {
  const { provider, server } = await service(
    ({ page, items, figures }) => ({ data: items(page), pagination: figures }),
    950,
  );
  expect(await provider.named('sources', undefined)).toHaveLength(950);
  expect(server.arrived).toHaveLength(10);
});

test('the next pages are on their way while those that are there wait to be read, and never many more', async () => {
  const [pages, inFlight] = [200, 2];
  const asked: number[] = [];
  const dispatcher: HttpDispatcher = {
    request: async ({ path }) => {
      const page = Number(new URLSearchParams(path.split('?')[1]).get('page'));
      asked.push(page);
      const body = { status: 'success', data: [{ id: page }], pagination: { last_page: pages } };
      return { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(JSON.stringify(body))]) };
    },
    close: async () => undefined,
    destroy: async () => undefined,
  };
  const http = createHttp({ baseUrl: 'http://127.0.0.1:9', token: secret('key'), concurrency: inFlight, dispatcher });
  const ahead: number[] = [];
  let read = 0;
  await readAllPages(http, '/api/v1/syncs', () => {
    read += 1;
    ahead.push(asked.length - read);
  });
  expect([read, asked.length]).toEqual([pages, pages]);
  expect(Math.max(...ahead)).toBeGreaterThan(inFlight);
  expect(Math.max(...ahead)).toBeLessThanOrEqual(inFlight * 5);
});
