import type { Exchange } from '../../src/emulator/exchange.ts';
import { behindTheBack } from '../../src/emulator/fabra/access.ts';
import { buildWorld } from '../../src/emulator/fabra/build.ts';
import { failure } from '../../src/emulator/fabra/reply.ts';
import { router } from '../../src/emulator/fabra/router.ts';
import { accountRoutes } from '../../src/emulator/fabra/routes/account.ts';
import { objectRoutes } from '../../src/emulator/fabra/routes/objects.ts';
import { placeRoutes } from '../../src/emulator/fabra/routes/places.ts';
import { syncRoutes } from '../../src/emulator/fabra/routes/syncs.ts';
import type { FabraProfile, World } from '../../src/emulator/fabra/state.ts';
import { address } from '../../src/model/address.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { type Key, keyOf, partsOf } from '../../src/model/live.ts';
import { fabra } from '../../src/providers/fabra/fabra.ts';
import { fabraSync } from '../../src/providers/fabra/language/kind.ts';
import {
  blank,
  type Declaration,
  type Meaning,
  type Meddling,
  type Request,
  type Service,
  type Truth,
} from './service.ts';

const origin = 'https://fabra.example';
const routes = [...syncRoutes, ...objectRoutes, ...placeRoutes, ...accountRoutes];

/** The emulated Fabra organisation of one world. */
export function fabraService(profile: FabraProfile): Service {
  const world = buildWorld({ seed: { syncs: [] }, token: 'law', profile, patience: 0 });
  const route = router({ routes, world, wrongKey: 500 });
  const handle = (request: Request) => route(exchangeOf(request));
  return {
    kinds: [fabraSync],
    settleSeconds: 10,
    // As intended they would be; but nobody can tell which server it is.
    visible: false,
    handle,
    meaning,
    connect: (connection) => fabra({ ...connection, token: 'law', baseUrl: origin }),
    specOf,
    wanted: (_kind, spec) => ({
      ...(typeof spec.display_name === 'string' ? { label: spec.display_name } : {}),
      ...(typeof spec.status === 'string' ? { paused: spec.status === 'paused' } : {}),
      ...marksOf(spec.custom_join),
    }),
    truth: () => truthOf(world),
    rows: () => [...world.syncs.values()].filter((one) => !one.deactivated).map(keyOfSync),
    named: (answer, key) => {
      const body: { readonly sync: JsonObject } = JSON.parse(answer);
      return JSON.stringify({ ...body, sync: { ...body.sync, id: idOf(key) } });
    },
    emptyList: (request) => {
      const kept = new Map(world.syncs);
      world.syncs.clear();
      const answer = handle(request);
      for (const [id, sync] of kept) world.syncs.set(id, sync);
      return answer;
    },
    missing: () => failure(500),
    meddle: (what) => meddle(world, what),
    pretend: (request) => {
      const { syncs, schedules } = world;
      // An id that was given out is not given out again, whatever became of its row.
      const kept = [new Map(syncs), new Map(schedules)] as const;
      const answer = handle(request);
      syncs.clear();
      schedules.clear();
      for (const [id, sync] of kept[0]) syncs.set(id, sync);
      for (const [id, schedule] of kept[1]) schedules.set(id, schedule);
      return answer;
    },
    // As intended a row would show a pause that the scheduler never heard of, which nobody can see.
    headless: (down) => {
      world.scheduler.state = down && profile === 'as-traced' ? 'down' : 'up';
    },
  };
}

function keyOfSync({ id }: { readonly id: number }): Key {
  return keyOf(fabraSync.kind, String(id));
}

function idOf(key: Key): number {
  return Number(partsOf(key).id);
}

function exchangeOf({ method, path, query, body, headers }: Request): Exchange {
  return {
    method,
    path,
    query,
    body: undefined,
    text: body,
    unreadable: undefined,
    authorization: undefined,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    origin,
  };
}

function meaning({ method, path, body }: Request): Meaning {
  const [, id] = /^\/sync\/(\d+)$/.exec(path) ?? [];
  if (id !== undefined) {
    const key = keyOf(fabraSync.kind, id);
    if (method === 'PATCH') return { kind: 'update', key };
    return method === 'DELETE' ? { kind: 'delete', key } : { kind: 'read' };
  }
  if (path === '/syncs') return { kind: 'list' };
  if (method !== 'POST' || path !== '/sync') return { kind: 'other' };
  const sent: JsonObject = JSON.parse(body);
  const { mark } = marksOf(sent.custom_join);
  return {
    kind: 'create',
    of: fabraSync.kind,
    address: mark === undefined ? undefined : address(fabraSync.kind, mark),
  };
}

function specOf({ name, label, paused, tag }: Declaration): JsonObject {
  return {
    custom_join: `select '${name}' as mark, '${tag}' as tag`,
    destination_id: 2,
    display_name: label,
    end_customer_id: 'abc123',
    field_mappings: [{ destination_field_id: 21, source_field_name: 'event_name' }],
    frequency: 30,
    frequency_units: 'minutes',
    object_id: 3,
    source_id: 1,
    ...(paused === undefined ? {} : { status: paused ? 'paused' : 'active' }),
  };
}

function truthOf(world: World): Truth[] {
  return [...world.syncs.values()].flatMap((sync) => {
    const schedule = world.schedules.get(sync.id);
    if (sync.deactivated || schedule === undefined) return [];
    return [
      {
        key: keyOfSync(sync),
        label: sync.display_name,
        paused: schedule.paused,
        tag: undefined,
        mark: undefined,
        source: null,
        ...marksOf(sync.custom_join),
      },
    ];
  });
}

function marksOf(join: unknown): { readonly mark?: string | undefined; readonly tag?: string | undefined } {
  const [, mark, tag] = /^select '(.*)' as mark, '(.*)' as tag$/.exec(String(join)) ?? [];
  return mark === undefined ? {} : { mark, tag };
}

function meddle(world: World, what: Meddling): void {
  const access = behindTheBack(world);
  switch (what.kind) {
    case 'delete':
      access.remove(idOf(what.key));
      return;
    case 'pause': {
      const schedule = world.schedules.get(idOf(what.key));
      if (schedule !== undefined) world.schedules.set(idOf(what.key), { ...schedule, paused: true });
      return;
    }
    case 'retag':
      access.mutate(idOf(what.key), { frequency: 45 });
      return;
    case 'relabel':
      access.mutate(idOf(what.key), { display_name: what.label });
      return;
    default: {
      const body = specOf({ ...blank, label: what.label });
      const request: Request = {
        method: 'POST',
        path: '/sync',
        query: new URLSearchParams(),
        body: JSON.stringify({ ...body, custom_join: 'select 1' }),
        headers: { 'x-api-key': 'law' },
      };
      router({ routes, world, wrongKey: 500 })(exchangeOf(request));
    }
  }
}
