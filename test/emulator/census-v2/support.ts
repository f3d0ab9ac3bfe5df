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

type Call = (method: string, path: string, body?: Json) => Promise<Answer>;

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
