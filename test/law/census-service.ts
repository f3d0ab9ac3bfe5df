import { behindTheBack, type StateAccess } from '../../src/emulator/census-v1/access.ts';
import { buildWorld } from '../../src/emulator/census-v1/build.ts';
import { page } from '../../src/emulator/census-v1/page.ts';
import { defaultQuirks, type Quirks } from '../../src/emulator/census-v1/quirks.ts';
import { notFound } from '../../src/emulator/census-v1/reply.ts';
import { router } from '../../src/emulator/census-v1/router.ts';
import { datasetRoutes } from '../../src/emulator/census-v1/routes/datasets.ts';
import { destinationRoutes } from '../../src/emulator/census-v1/routes/destinations.ts';
import { syncRoutes } from '../../src/emulator/census-v1/routes/syncs.ts';
import { workspaceRoutes } from '../../src/emulator/census-v1/routes/workspaces.ts';
import type { CensusSeed } from '../../src/emulator/census-v1/seed.ts';
import type { Sync, Workspace, World } from '../../src/emulator/census-v1/state.ts';
import type { Exchange, Outcome } from '../../src/emulator/exchange.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { KindDefinition } from '../../src/model/kind.ts';
import { keyOf, partsOf } from '../../src/model/live.ts';
import type { Provider } from '../../src/model/provider.ts';
import { censusDataset } from '../../src/providers/census/language/dataset/kind.ts';
import { censusSync } from '../../src/providers/census/language/kind.ts';
import { censusV1 } from '../../src/providers/census/v1/provider.ts';
import { datasetKey, datasetSpec, datasetTruth, meddleDataset, wantedDataset } from './census-dataset.ts';
import { meaning, specIn, truthOf, wanted } from './census-sync.ts';
import { blank, type Connection, type Declaration, type Meddling, type Request, type Service } from './service.ts';

const seed: CensusSeed = {
  workspaces: [
    {
      id: 4321,
      name: 'Law',
      sources: [{ id: 501, name: 'Warehouse', type: 'snowflake', models: [{ id: 15, name: 'm', query: 'select 1' }] }],
      destinations: [
        { id: 601, name: 'CRM', type: 'salesforce' },
        { id: 602, name: 'Mail', type: 'braze' },
      ],
    },
  ],
};

export const origin = 'https://census.example';
const routes = [...syncRoutes, ...datasetRoutes, ...destinationRoutes, ...workspaceRoutes];

/** How a version of the API shows an account, and what its manifests say. */
export interface Version {
  readonly world: World;
  readonly kinds: readonly KindDefinition[];
  readonly path: '/api/v1' | '/api/v2';
  route(exchange: Exchange): Outcome;
  connect(connection: Connection): Provider;
  /** The id of a sync as it is shown, and the other way round. */
  shown(id: number): number;
  hidden(id: number): number;
  specOf: Service['specOf'];
  /** What a spec says of where a sync reads and writes is right or wrong; undefined where it does not say it. */
  isInPlace(spec: JsonObject): boolean | undefined;
  /** What somebody else changes in a sync, so that it is not as declared. */
  spoilt(sync: Sync): JsonObject;
}

/** The emulated Census workspace of one world, in which syncs alone are declared. */
export function censusService(quirks: Partial<Quirks>): Service {
  const world = worldOf(quirks);
  return serviceOf(firstVersion(world, [censusSync], router(routes, world)));
}

/** The same with datasets. Both kinds count up the same ids, one apart, and a dataset's internal id is that of the next one. */
export function censusWithDatasets(quirks: Partial<Quirks>): Service {
  const inner = worldOf(quirks);
  const { world, counting } = withCloseIds(inner);
  return serviceOf(firstVersion(world, [censusSync, censusDataset], counting(router(routes, world))));
}

type Route = (exchange: Exchange) => Outcome;

/** An account whose two kinds count up the same ids. */
export function withCloseIds(inner: World): { readonly world: World; counting(route: Route): Route } {
  const next = new Map([
    ['syncs', 7001],
    ['datasets', 7002],
  ]);
  let ids: number[] = [];
  const world = { ...inner, nextId: () => ids.shift() ?? inner.nextId() };
  const counting =
    (route: Route): Route =>
    ({ method, path, ...rest }) => {
      const [, collection = ''] = /^\/api\/v\d\/(\w+)$/.exec(path) ?? [];
      const id = method === 'POST' ? next.get(collection) : undefined;
      ids = id === undefined ? [] : collection === 'datasets' ? [id, id + 1] : [id];
      if (id !== undefined) next.set(collection, id + 1);
      return route({ method, path, ...rest });
    };
  return { world, counting };
}

function specOf(one: Declaration, source: string | undefined): JsonObject {
  return one.noun === 'dataset' ? datasetSpec(one) : specIn(one, source);
}

function firstVersion(world: World, kinds: readonly KindDefinition[], route: Route): Version {
  return {
    ...{ world, kinds, path: '/api/v1', route, specOf },
    connect: (connection) => censusV1({ ...connection, token: 'law', baseUrl: origin }),
    shown: (id) => id,
    hidden: (id) => id,
    isInPlace: () => true,
    spoilt: () => ({ field_order: 'alphabetical_column_name', paused: false }),
  };
}

export function worldOf(quirks: Partial<Quirks>, content: CensusSeed = seed): World {
  return buildWorld({
    seed: content,
    token: 'law',
    personalAccessToken: 'personal',
    quirks: { ...defaultQuirks, ...quirks },
    moment: () => Date.parse('2026-11-21T10:00:00Z'),
  });
}

export function serviceOf(version: Version): Service {
  const { world, kinds, path, shown, hidden, isInPlace } = version;
  const workspace = workspaceIn(world);
  const { syncs, datasets } = workspace;
  const handle = (request: Request): Outcome => version.route(exchangeOf(request));
  const syncKey = (id: number) => keyOf(censusSync.kind, String(shown(id)));
  const access = behindTheBack(world);
  return {
    kinds,
    settleSeconds: 480,
    visible: true,
    handle,
    meaning: (request) => meaning(request, path),
    connect: version.connect,
    specOf: version.specOf,
    wanted: (kind, spec) => (kind === censusDataset.kind ? wantedDataset(spec) : wanted(spec, isInPlace(spec))),
    truth: () => [
      ...syncs.all().map((one) => ({ key: syncKey(one.id), ...truthOf(one, isInPlace(one.body) !== false) })),
      ...datasets.all().map(datasetTruth),
    ],
    rows: () => [...syncs.all().map(({ id }) => syncKey(id)), ...datasets.all().map(({ id }) => datasetKey(id))],
    named: (_answer, key) => {
      const { kind, id } = partsOf(key);
      const data = kind === censusDataset.kind ? { id: Number(id) } : { sync_id: Number(id) };
      return JSON.stringify({ status: 'created', data });
    },
    emptyList: () => page([], new URLSearchParams(), origin, () => ''),
    missing: () => notFound(),
    meddle: (what) => {
      workspace.revision.value += 1;
      if (what.kind === 'make') return make(handle, what);
      if (partsOf(what.key).kind === censusDataset.kind) return meddleDataset(workspace, what);
      const sync = syncs.get(hidden(Number(partsOf(what.key).id)));
      if (sync !== undefined) meddle(access, sync.id, what, version.spoilt(sync));
    },
    headless: () => undefined,
    pretend: (request) => {
      const kept = [structuredClone(syncs.all()), structuredClone(datasets.all())] as const;
      const answer = handle(request);
      syncs.replace(kept[0]);
      datasets.replace(kept[1]);
      workspace.revision.value += 1;
      return answer;
    },
  };
}

function workspaceIn({ workspaces }: World): Workspace {
  const [first] = workspaces.all();
  if (first === undefined) throw new Error('This world has no workspace.');
  return first;
}

function exchangeOf({ method, path, query, body, headers }: Request): Exchange {
  return {
    method,
    path,
    query,
    body: body === '' ? undefined : JSON.parse(body),
    text: body,
    unreadable: undefined,
    authorization: headers.authorization,
    headers,
    origin,
  };
}

function meddle(
  access: StateAccess,
  id: number,
  what: Exclude<Meddling, { readonly kind: 'make' }>,
  spoilt: JsonObject,
): void {
  switch (what.kind) {
    case 'delete':
      access.remove(id);
      return;
    case 'pause':
      access.mutate(id, { paused: true });
      return;
    case 'retag':
      access.mutate(id, spoilt);
      return;
    default:
      access.mutate(id, { label: what.label });
  }
}

function make(handle: Service['handle'], { noun, label, source }: Extract<Meddling, { readonly kind: 'make' }>): void {
  const { mappings: _, ...rest } = specIn({ ...blank, label }, undefined);
  const column = { type: 'column', data: 'EMAIL' };
  const object = source === undefined ? {} : { object: { type: 'dataset', id: Number(partsOf(source).id) } };
  const from = { connection_id: 501, object: { type: 'model', id: 15 }, ...object };
  const sync = {
    ...rest,
    source_attributes: from,
    mappings: [{ from: column, to: 'Email', is_primary_identifier: true }],
  };
  const dataset = { name: label, type: 'sql', source_id: 501, query: 'select EMAIL from others' };
  handle({
    method: 'POST',
    path: noun === 'dataset' ? '/api/v1/datasets' : '/api/v1/syncs',
    query: new URLSearchParams(),
    body: JSON.stringify(noun === 'dataset' ? dataset : sync),
    headers: { authorization: 'Bearer law' },
  });
}
