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
import { address } from '../../src/model/address.ts';
import { isList, isObject, type Json, type JsonObject } from '../../src/model/json.ts';
import type { KindDefinition } from '../../src/model/kind.ts';
import { type Key, keyOf, partsOf } from '../../src/model/live.ts';
import { censusDataset } from '../../src/providers/census/language/dataset/kind.ts';
import { censusSync } from '../../src/providers/census/language/kind.ts';
import { censusV1 } from '../../src/providers/census/v1/provider.ts';
import { datasetKey, datasetSpec, datasetTruth, meddleDataset, wantedDataset } from './census-dataset.ts';
import {
  blank,
  type Declaration,
  type Facts,
  type Meaning,
  type Meddling,
  type Request,
  type Service,
  type Truth,
} from './service.ts';

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

const origin = 'https://census.example';
const routes = [...syncRoutes, ...datasetRoutes, ...destinationRoutes, ...workspaceRoutes];

/** The emulated Census workspace of one world, in which syncs alone are declared. */
export function censusService(quirks: Partial<Quirks>): Service {
  const world = worldOf(quirks);
  return serviceOf(world, [censusSync], router(routes, world));
}

/** The same with datasets. Both kinds count up the same ids, one apart, and a dataset's internal id is that of the next one. */
export function censusWithDatasets(quirks: Partial<Quirks>): Service {
  const inner = worldOf(quirks);
  const next = new Map([
    ['/api/v1/syncs', 7001],
    ['/api/v1/datasets', 7002],
  ]);
  let ids: number[] = [];
  const world = { ...inner, nextId: () => ids.shift() ?? inner.nextId() };
  const route = router(routes, world);
  return serviceOf(world, [censusSync, censusDataset], ({ method, path, ...rest }) => {
    const id = method === 'POST' ? next.get(path) : undefined;
    ids = id === undefined ? [] : path.endsWith('datasets') ? [id, id + 1] : [id];
    if (id !== undefined) next.set(path, id + 1);
    return route({ method, path, ...rest });
  });
}

function worldOf(quirks: Partial<Quirks>): World {
  return buildWorld({
    seed,
    token: 'law',
    personalAccessToken: 'personal',
    quirks: { ...defaultQuirks, ...quirks },
    moment: () => Date.parse('2026-11-21T10:00:00Z'),
  });
}

function serviceOf(world: World, kinds: readonly KindDefinition[], route: (exchange: Exchange) => Outcome): Service {
  const workspace = workspaceIn(world);
  const { syncs, datasets } = workspace;
  const handle = (request: Request): Outcome => route(exchangeOf(request));
  const access = behindTheBack(world);
  return {
    kinds,
    settleSeconds: 480,
    visible: true,
    handle,
    meaning,
    connect: (connection) => censusV1({ ...connection, token: 'law', baseUrl: origin }),
    specOf: (one, source) => (one.noun === 'dataset' ? datasetSpec(one) : specOf(one, source)),
    wanted: (kind, spec) => (kind === censusDataset.kind ? wantedDataset(spec) : wanted(spec)),
    truth: () => [...syncs.all().map(truthOf), ...datasets.all().map(datasetTruth)],
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
      if (what.kind === 'make') make(handle, what);
      else if (partsOf(what.key).kind === censusDataset.kind) meddleDataset(workspace, what);
      else meddle(access, what);
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

function syncKey(id: number): Key {
  return keyOf(censusSync.kind, String(id));
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

const kindAt: Readonly<Record<string, string>> = { syncs: censusSync.kind, datasets: censusDataset.kind };

function meaning({ method, path, body }: Request): Meaning {
  const [, place = '', id, job] = /^\/api\/v1\/(syncs|datasets)(?:\/(\d+)(\/refresh_columns)?)?$/.exec(path) ?? [];
  const kind = kindAt[place];
  if (kind === undefined) return { kind: 'other' };
  const sent: JsonObject = body === '' ? {} : JSON.parse(body);
  const source = sourceIn(sent);
  if (id !== undefined) {
    const key = keyOf(kind, id);
    if (job !== undefined) return { kind: 'prepare', key };
    if (method === 'PATCH') return { kind: 'update', key, source };
    return method === 'DELETE' ? { kind: 'delete', key } : { kind: 'read' };
  }
  if (method === 'GET') return { kind: 'list' };
  const mark = kind === censusDataset.kind ? wantedDataset(sent).mark : constantOf(sent, 'Mark');
  return {
    kind: sent.validate_only === true ? 'check' : 'create',
    of: kind,
    address: mark === undefined ? undefined : address(kind, mark),
    source,
  };
}

/** What stands in the place of the id of a dataset; undefined where the source is none. */
function sourceIn({ source_attributes: source }: JsonObject): Json | undefined {
  const object = isObject(source) && isObject(source.object) ? source.object : {};
  return object.type === 'dataset' ? (object.id ?? null) : undefined;
}

function specOf({ name, label, paused, tag, after }: Declaration, source: string | undefined): JsonObject {
  const object = source === undefined ? { type: 'model', id: 15 } : { type: 'dataset', name: source };
  return {
    label,
    operation: 'upsert',
    source_attributes: { connection_id: 501, object },
    // What is sent to the other one cannot change its source in place.
    destination_attributes: { connection_id: source !== undefined && name === 'c' ? 602 : 601, object: 'Contact' },
    mappings: [
      { from: 'EMAIL', to: 'Email', primary: true },
      { from: { constant: name }, to: 'Mark' },
      { from: { constant: tag }, to: 'Tag' },
    ],
    ...(paused === undefined ? {} : { paused }),
    ...(after === undefined ? {} : { mode: { triggers: { sync_sequence: { sync: after } } } }),
  };
}

function truthOf({ id, body }: Sync): Truth {
  const source = sourceIn(body);
  return {
    key: syncKey(id),
    label: String(body.label),
    paused: body.paused === true,
    tag: constantOf(body, 'Tag'),
    mark: constantOf(body, 'Mark'),
    source: source === undefined ? null : datasetKey(Number(source)),
  };
}

function wanted(spec: JsonObject): Partial<Facts> {
  return {
    ...(typeof spec.label === 'string' ? { label: spec.label } : {}),
    ...(typeof spec.paused === 'boolean' ? { paused: spec.paused } : {}),
    ...(isList(spec.mappings) ? { tag: constantOf(spec, 'Tag'), mark: constantOf(spec, 'Mark') } : {}),
    ...wantedSource(spec),
  };
}

/** Before its dataset has an id, a spec says only that there is one. */
function wantedSource(spec: JsonObject): Partial<Facts> {
  if (!isObject(spec.source_attributes)) return {};
  const source = sourceIn(spec);
  if (source === undefined) return { source: null };
  return typeof source === 'number' ? { source: datasetKey(source) } : {};
}

function constantOf({ mappings }: JsonObject, to: string): string | undefined {
  const found = isList(mappings) ? mappings.find((one) => isObject(one) && one.to === to) : undefined;
  const from = isObject(found) && isObject(found.from) ? found.from : {};
  return isObject(from.data) ? String(from.data.value) : undefined;
}

function meddle(access: StateAccess, what: Exclude<Meddling, { readonly kind: 'make' }>): void {
  const id = Number(partsOf(what.key).id);
  switch (what.kind) {
    case 'delete':
      access.remove(id);
      return;
    case 'pause':
      access.mutate(id, { paused: true });
      return;
    case 'retag':
      access.mutate(id, { field_order: 'alphabetical_column_name', paused: false });
      return;
    default:
      access.mutate(id, { label: what.label });
  }
}

function make(handle: Service['handle'], { noun, label, source }: Extract<Meddling, { readonly kind: 'make' }>): void {
  const { mappings: _, ...rest } = specOf({ ...blank, label }, undefined);
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
