import type { Json, JsonObject } from '../../../src/model/json.ts';
import { type Provider, type Resource, resourceOf } from '../../../src/model/provider.ts';
import { type FabraOptions, fabra } from '../../../src/providers/fabra/fabra.ts';
import { type Arrived, type Reply, type ScriptedServer, scriptedServer } from '../../http/scripted-server.ts';

export const key = 'fabra-key:aB3+/=Zq';

export interface Script {
  readonly provider: Provider;
  readonly syncs: Resource;
  readonly server: ScriptedServer;
  readonly log: string[];
  /** `METHOD /path` of everything that arrived, oldest first. */
  arrived(): readonly string[];
  close(): Promise<void>;
}

/** Answers by `METHOD /path`; what is not there is answered as the server's router does. */
export type Routes = Readonly<Record<string, Reply | ((request: Arrived) => Reply)>>;

/** As the server sends it: JSON under a text type, with a newline at the end. */
export function plain(body: Json): Reply {
  return { status: 200, body: `${JSON.stringify(body)}\n`, headers: { 'content-type': 'text/plain; charset=utf-8' } };
}

export function failing(status: number, text: string): Reply {
  return { status, body: `${text}\n`, headers: { 'content-type': 'text/plain; charset=utf-8' } };
}

/** What the server says to almost everything. */
export const unexpected = failing(500, 'unexpected error');
export const empty: Reply = { status: 200, body: '', headers: { 'content-type': '' } };

const rawObject: JsonObject = {
  organization_id: 7,
  display_name: 'Orders',
  destination_id: 2,
  target_type: 'single_existing',
  namespace: 'analytics',
  table_name: 'orders',
  sync_mode: 'incremental_append',
  cursor_field: 'changed_at',
  primary_key: 'order_id',
  end_customer_id_field: 'customer_id',
  recurring: true,
  frequency: 1,
  frequency_units: 'days',
  id: 2,
};

export const fields: readonly JsonObject[] = [
  { id: 11, name: 'order_id', type: 'INTEGER', display_name: 'Order ID', omit: false, optional: false },
  { id: 12, name: 'changed_at', type: 'TIMESTAMP', omit: false, optional: false },
  { id: 13, name: 'note', type: 'STRING', omit: false, optional: true },
  { id: 14, name: 'customer_id', type: 'STRING', omit: true, optional: false },
  { id: 15, name: 'twin', type: 'STRING', omit: false, optional: true },
  { id: 16, name: 'twin', type: 'STRING', omit: false, optional: true },
];

export function objectAnswer(over: JsonObject = {}): JsonObject {
  const { organization_id: _organization, ...object } = rawObject;
  return { object: { ...object, object_fields: fields, ...over } };
}

export const sync: JsonObject = {
  id: 10,
  organization_id: 7,
  status: 'active',
  end_customer_id: 'acme',
  display_name: 'Orders',
  source_id: 4,
  object_id: 2,
  namespace: 'public',
  table_name: 'orders',
  source_cursor_field: 'updated_at',
  source_primary_key: 'id',
  sync_mode: 'incremental_append',
  recurring: false,
  frequency: 1,
};

export const mappings: readonly JsonObject[] = [
  {
    source_field_name: 'id',
    source_field_type: 'INTEGER',
    destination_field_id: 11,
    destination_field_name: 'order_id',
    destination_field_type: 'INTEGER',
    is_json_field: false,
  },
  {
    source_field_name: 'updated_at',
    source_field_type: 'TIMESTAMP',
    destination_field_id: 12,
    destination_field_name: 'changed_at',
    destination_field_type: 'TIMESTAMP',
    is_json_field: false,
  },
];

/** A body that the scripted world takes. */
export const desired: JsonObject = {
  display_name: 'Orders',
  end_customer_id: 'acme',
  source_id: 4,
  object_id: 2,
  namespace: 'public',
  table_name: 'orders',
  field_mappings: [
    { source_field_name: 'id', source_field_type: 'INTEGER', destination_field_name: 'order_id' },
    { source_field_name: 'updated_at', source_field_type: 'TIMESTAMP', destination_field_id: 12 },
  ],
};

const objects: JsonObject = { objects: [rawObject] };
const noSyncs: JsonObject = { syncs: [], sources: [], objects: [] };

export const usual: Routes = {
  'GET /destinations': plain({
    destinations: [{ id: 2, display_name: 'Warehouse', connection: { id: 6, connection_type: 'bigquery' } }],
  }),
  'GET /objects': plain(objects),
  'GET /object/2': plain(objectAnswer()),
  'POST /link_token': plain({ link_token: 'eyJ.link-token-of-acme.' }),
  'GET /link/sources': plain({ sources: [{ id: 4, display_name: 'Acme Postgres', end_customer_id: 'acme' }] }),
  'GET /syncs': plain(noSyncs),
  'POST /sync': plain({ sync, field_mappings: mappings }),
  'GET /sync/10': plain({ sync, field_mappings: mappings, next_run_time: '', sync_runs: null }),
};

/** The usual world with some routes answered otherwise, and a provider with quick retries that may write. */
export async function script(over: Routes = {}, options: Partial<FabraOptions> = {}): Promise<Script> {
  const routes: Routes = { ...usual, ...over };
  const log: string[] = [];
  const server = await scriptedServer((request) => {
    const found = routes[`${request.method} ${request.url}`] ?? failing(404, '404 page not found');
    return typeof found === 'function' ? found(request) : found;
  });
  const provider = fabra({
    token: key,
    baseUrl: server.url,
    sleep: async () => undefined,
    log: (line) => log.push(line),
    ...options,
  });
  provider.permit('all');
  return {
    provider,
    syncs: resourceOf(provider, 'FabraSync'),
    server,
    log,
    arrived: () => server.arrived.map((one) => `${one.method} ${one.url}`),
    close: async () => {
      await provider.close();
      await server.close();
    },
  };
}
