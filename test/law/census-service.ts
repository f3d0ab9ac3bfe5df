import { behindTheBack } from '../../src/emulator/census-v1/access.ts';
import { buildWorld } from '../../src/emulator/census-v1/build.ts';
import { page } from '../../src/emulator/census-v1/page.ts';
import { defaultQuirks, type Quirks } from '../../src/emulator/census-v1/quirks.ts';
import { notFound } from '../../src/emulator/census-v1/reply.ts';
import { router } from '../../src/emulator/census-v1/router.ts';
import { syncRoutes } from '../../src/emulator/census-v1/routes/syncs.ts';
import { workspaceRoutes } from '../../src/emulator/census-v1/routes/workspaces.ts';
import type { CensusSeed } from '../../src/emulator/census-v1/seed.ts';
import type { Sync } from '../../src/emulator/census-v1/state.ts';
import type { Exchange, Outcome } from '../../src/emulator/exchange.ts';
import { isList, isObject, type JsonObject } from '../../src/model/json.ts';
import { censusSync } from '../../src/providers/census/language/kind.ts';
import { censusV1 } from '../../src/providers/census/v1/provider.ts';
import type { Declaration, Meaning, Meddling, Request, Service, Truth } from './service.ts';

const seed: CensusSeed = {
  workspaces: [
    {
      id: 4321,
      name: 'Law',
      sources: [{ id: 501, name: 'Warehouse', type: 'snowflake', models: [{ id: 15, name: 'm', query: 'select 1' }] }],
      destinations: [{ id: 601, name: 'CRM', type: 'salesforce' }],
    },
  ],
};

const origin = 'https://census.example';

/** The emulated Census workspace of one world. */
export function censusService(quirks: Partial<Quirks>): Service {
  const world = buildWorld({
    seed,
    token: 'law',
    personalAccessToken: 'personal',
    quirks: { ...defaultQuirks, ...quirks },
    moment: () => Date.parse('2026-11-21T10:00:00Z'),
  });
  const route = router([...syncRoutes, ...workspaceRoutes], world);
  const access = behindTheBack(world);
  const syncs = () => world.workspaces.all()[0]?.syncs.all() ?? [];
  const handle = (request: Request): Outcome => route(exchangeOf(request));
  return {
    kind: censusSync,
    settleSeconds: 480,
    visible: true,
    handle,
    meaning,
    connect: (connection) => censusV1({ ...connection, token: 'law', baseUrl: origin }),
    specOf,
    wanted,
    truth: () => syncs().map(truthOf),
    rows: () => syncs().map(({ id }) => String(id)),
    named: (_answer, id) => JSON.stringify({ status: 'created', data: { sync_id: Number(id) } }),
    emptyList: () => page([], new URLSearchParams(), origin, () => ''),
    missing: () => notFound(),
    meddle: (what) => meddle(access, handle, what),
    headless: () => undefined,
    pretend: (request) => {
      const kept = structuredClone(syncs());
      const answer = handle(request);
      restore(kept);
      return answer;
    },
  };

  function restore(kept: readonly Sync[]): void {
    const { syncs: collection } = world.workspaces.all()[0] ?? { syncs: undefined };
    for (const one of collection?.all() ?? []) if (!kept.some(({ id }) => id === one.id)) collection?.remove(one.id);
    for (const one of kept) collection?.put(one);
  }
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

function meaning({ method, path, body }: Request): Meaning {
  const [, id] = /^\/api\/v1\/syncs\/(\d+)$/.exec(path) ?? [];
  if (id !== undefined) {
    if (method === 'PATCH') return { kind: 'update', id };
    return method === 'DELETE' ? { kind: 'delete', id } : { kind: 'read' };
  }
  if (path !== '/api/v1/syncs') return { kind: 'other' };
  if (method === 'GET') return { kind: 'list' };
  const sent: JsonObject = JSON.parse(body);
  return { kind: sent.validate_only === true ? 'check' : 'create', mark: constantOf(sent, 'Mark') };
}

function specOf({ name, label, paused, tag, after }: Declaration): JsonObject {
  return {
    label,
    operation: 'upsert',
    source_attributes: { connection_id: 501, object: { type: 'model', id: 15 } },
    destination_attributes: { connection_id: 601, object: 'Contact' },
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
  return {
    id: String(id),
    label: String(body.label),
    paused: body.paused === true,
    tag: constantOf(body, 'Tag'),
    mark: constantOf(body, 'Mark'),
  };
}

function wanted(spec: JsonObject): Partial<Omit<Truth, 'id'>> {
  return {
    ...(typeof spec.label === 'string' ? { label: spec.label } : {}),
    ...(typeof spec.paused === 'boolean' ? { paused: spec.paused } : {}),
    ...(isList(spec.mappings) ? { tag: constantOf(spec, 'Tag'), mark: constantOf(spec, 'Mark') } : {}),
  };
}

function constantOf({ mappings }: JsonObject, to: string): string | undefined {
  const found = isList(mappings) ? mappings.find((one) => isObject(one) && one.to === to) : undefined;
  const from = isObject(found) && isObject(found.from) ? found.from : {};
  return isObject(from.data) ? String(from.data.value) : undefined;
}

function meddle(access: ReturnType<typeof behindTheBack>, handle: Service['handle'], what: Meddling): void {
  switch (what.kind) {
    case 'delete':
      access.remove(Number(what.id));
      return;
    case 'pause':
      access.mutate(Number(what.id), { paused: true });
      return;
    case 'retag':
      access.mutate(Number(what.id), { field_order: 'alphabetical_column_name', paused: false });
      return;
    case 'relabel':
      access.mutate(Number(what.id), { label: what.label });
      return;
    default: {
      const { mappings: _, ...rest } = specOf({
        name: '',
        label: what.label,
        paused: undefined,
        tag: '',
        after: undefined,
        lifecycle: {},
      });
      const column = { type: 'column', data: 'EMAIL' };
      const body = { ...rest, mappings: [{ from: column, to: 'Email', is_primary_identifier: true }] };
      handle({
        method: 'POST',
        path: '/api/v1/syncs',
        query: new URLSearchParams(),
        body: JSON.stringify(body),
        headers: { authorization: 'Bearer law' },
      });
    }
  }
}
