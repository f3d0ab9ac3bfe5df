import type { CensusSeed } from '../../../src/emulator/census-v1/seed.ts';
import { type CensusV2Options, openCensusV2 } from '../../../src/emulator/census-v2/server.ts';
import type { V2Options } from '../../../src/emulator/census-v2/switches.ts';
import { isList, isObject, type Json, type JsonObject, objectIn } from '../../../src/emulator/json.ts';
import { fastClock } from '../../support/in-process-service.ts';

/** An answer as a client with no opinion sees it. */
export interface Answer {
  readonly status: number;
  /** Empty where the answer is no JSON object. */
  readonly body: JsonObject;
}

type Call = (method: string, path: string, body?: Json, token?: string) => Promise<Answer>;

/** Both faces of one account, in this process. */
export function account(v2: Partial<V2Options> = {}, options: Omit<CensusV2Options, 'port' | 'v2'> = {}) {
  const service = openCensusV2({ token: 'pat', workspaceToken: 'key', ...options, v2 }, fastClock());
  const call =
    (prefix: string, usual: string) =>
    async (method: string, path: string, body?: Json, token = usual): Promise<Answer> => {
      const headers = { authorization: `Bearer ${token}` };
      const text = body === undefined ? '' : JSON.stringify(body);
      const told = await service.ask({ method, path: `${prefix}${path}`, headers, text });
      if (typeof told === 'string') throw new Error(told);
      return { status: told.status, body: objectIn(told.text) ?? {} };
    };
  return { service, v1: call('/api/v1', 'key'), v2: call('/api/v2', 'pat') };
}

/** `data` of an answer that holds one thing. */
export function data({ body }: Answer): JsonObject {
  return isObject(body.data) ? body.data : {};
}

/** `data` of an answer that holds a list. */
export function items({ body }: Answer): readonly JsonObject[] {
  return isList(body.data) ? body.data.filter(isObject) : [];
}

/** The group of a source. */
export async function groupOf(v2: Call, source: number): Promise<string> {
  return String(data(await v2('GET', `/sources/${source}`)).group_id);
}

/** The id of the activation from one of the sources to one of the destinations, by their names. */
export async function activationOf(v2: Call, source: string, destination: string): Promise<string> {
  const all = items(await v2('GET', '/activations?per_page=100'));
  const found = all.find(({ name, source: from }) => name === destination && isObject(from) && from.name === source);
  return String(found?.id);
}

/** A sync of the default account's users to its Salesforce, of version 2. */
export function syncBody(activation_id: Json, more: JsonObject = {}): JsonObject {
  return {
    label: 'users to contacts',
    operation: 'upsert',
    activation_id,
    source_attributes: {
      object: { type: 'table', table_catalog: 'analytics', table_schema: 'public', table_name: 'users' },
    },
    destination_attributes: { object: 'Contact' },
    mappings: [{ from: { type: 'column', data: 'email' }, to: 'Email', is_primary_identifier: true }],
    ...more,
  };
}

const table = { type: 'table', table_catalog: 'c', table_schema: 's', table_name: 't' };

function sync(id: number, source: number, destination: number) {
  return {
    id,
    label: `Sync ${id}`,
    operation: 'upsert',
    source_attributes: { connection_id: source, object: table },
    destination_attributes: { connection_id: destination, object: 'Contact' },
    mappings: [{ from: { type: 'column', data: 'email' }, to: 'Email', is_primary_identifier: true }],
  };
}

/** Two workspaces: in the first, two sources that write to one destination; in each, a sync of the same label. */
export const wide: CensusSeed = {
  workspaces: [
    {
      id: 1,
      name: 'One',
      sources: [
        { id: 11, name: 'Lake', type: 'snowflake' },
        { id: 12, name: 'Pond', type: 'postgres' },
      ],
      destinations: [
        { id: 21, name: 'CRM', type: 'salesforce' },
        { id: 22, name: 'Mail', type: 'hubspot' },
      ],
      datasets: [{ id: 51, source_id: 11, name: 'Buyers' }],
      syncs: [sync(31, 11, 21), sync(32, 12, 21)],
    },
    {
      id: 2,
      name: 'Two',
      sources: [{ id: 13, name: 'Sea', type: 'snowflake' }],
      destinations: [{ id: 23, name: 'Mail', type: 'hubspot' }],
      syncs: [{ ...sync(33, 13, 23), label: 'Sync 31' }],
    },
  ],
};
