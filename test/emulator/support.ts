import { onTestFinished } from 'vitest';
import { type CensusEmulator, type CensusV1Options, startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { isList, isObject, type Json, type JsonObject, parseJson } from '../../src/emulator/json.ts';

/** An answer as a client with no opinion sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Empty where the answer is no JSON object. */
  readonly body: JsonObject;
  readonly text: string;
}

export interface Client {
  readonly emulator: CensusEmulator;
  call(method: string, path: string, body?: Json, token?: string, signal?: AbortSignal): Promise<Answer>;
  get(path: string): Promise<Answer>;
  post(path: string, body?: Json): Promise<Answer>;
  patch(path: string, body: Json): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  /** Creates a sync and returns what GET then says. Throws the server's message. */
  made(body: JsonObject): Promise<JsonObject>;
}

/** Starts an emulator that ends with the test. */
export async function census(options: CensusV1Options = {}): Promise<Client> {
  const emulator = await startCensusV1({ seed: { syncs: [] }, ...options });
  onTestFinished(() => emulator.close());
  const call: Client['call'] = async (method, path, body, token = emulator.token, signal = undefined) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const url = path.startsWith('/__') ? `${emulator.url}${path}` : `${emulator.url}/api/v1${path}`;
    const response = await fetch(url, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      redirect: 'manual',
      signal: signal ?? null,
    });
    return answerOf(response);
  };
  const client: Client = {
    emulator,
    call,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path) => call('DELETE', path),
    made: async (body) => {
      const answer = await call('POST', '/syncs', body);
      if (answer.status >= 300) throw new Error(String(answer.body.message));
      return data(await call('GET', `/syncs/${String(data(answer).sync_id)}`));
    },
  };
  return client;
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: objectOf(text) };
}

function objectOf(text: string): JsonObject {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** `data` of an answer that holds one thing. */
export function data(answer: Answer): JsonObject {
  return isObject(answer.body.data) ? answer.body.data : {};
}

/** `data` of an answer that holds a list. */
export function items(answer: Answer): readonly JsonObject[] {
  return isList(answer.body.data) ? answer.body.data.filter(isObject) : [];
}

/** The value at a path of keys and indexes, like `mode.triggers.schedule.hour`. */
export function at(value: Json | undefined, path: string): Json | undefined {
  let here: Json | undefined = value;
  for (const key of path.split('.')) {
    if (isList(here)) here = here[Number(key)];
    else here = isObject(here) ? here[key] : undefined;
  }
  return here;
}

/** Mappings of an answer in `position` order. */
export function sorted(sync: JsonObject): readonly JsonObject[] {
  const mappings = isList(sync.mappings) ? sync.mappings.filter(isObject) : [];
  return [...mappings].sort((left, right) => Number(left.position) - Number(right.position));
}

export const email: JsonObject = { from: { type: 'column', data: 'email' }, to: 'Email', is_primary_identifier: true };

/** A body that the default account takes. */
export function syncBody(more: JsonObject = {}): JsonObject {
  return {
    label: 'users to contacts',
    operation: 'upsert',
    source_attributes: {
      connection_id: 501,
      object: { type: 'table', table_catalog: 'analytics', table_schema: 'public', table_name: 'users' },
    },
    destination_attributes: { connection_id: 601, object: 'Contact' },
    mappings: [email],
    ...more,
  };
}

export function column(name: string, to: string, more: JsonObject = {}): JsonObject {
  return { from: { type: 'column', data: name }, to, ...more };
}

export function scheduled(schedule: JsonObject): JsonObject {
  return { mode: { type: 'triggered', triggers: { schedule } } };
}

/** Sources, other than the default one, of syncs to Salesforce contacts. */
export const dataset: JsonObject = { source_attributes: { connection_id: 501, object: { type: 'dataset', id: 8123 } } };

export const toAds: JsonObject = {
  operation: 'append',
  source_attributes: { connection_id: 501, object: { type: 'table', id: 7734 } },
  destination_attributes: { connection_id: 604, object: 'click_conversion' },
  mappings: [
    column('gclid', 'click_conversion.gclid'),
    column('conversion_action', 'click_conversion.conversion_action'),
    column('converted_at', 'click_conversion.conversion_date_time'),
  ],
};

export const toBucket: JsonObject = {
  operation: 'append',
  source_attributes: { connection_id: 501, object: { type: 'model', name: 'orders_export' } },
  destination_attributes: { connection_id: 606, object: 'exports/orders-%Y-%m-%d.csv' },
  mappings: [column('ORDER_ID', 'unique_id', { is_primary_identifier: true })],
};

export const toSheet: JsonObject = {
  operation: 'mirror',
  destination_attributes: { connection_id: 605, object: '{"spreadsheet_id":"1a","sheet_id":"0"}' },
  mappings: [column('email', 'Mail')],
};

export const toAudience: JsonObject = {
  operation: 'mirror',
  source_attributes: { connection_id: 501, filter_segment_id: 3301, object: { type: 'dataset', id: 8123 } },
  destination_attributes: { connection_id: 607, object: 'user_data' },
  mappings: [
    column('hashed_email', 'user_identifier.hashed_email', { is_primary_identifier: true }),
    {
      from: { type: 'constant_value', data: { value: 'VIP', basic_type: 'text' } },
      to: 'list_id',
      lookup_object: 'user_list',
      lookup_field: 'name',
    },
  ],
};

export const toBraze: JsonObject = {
  source_attributes: { connection_id: 501, object: { type: 'model', id: 15 } },
  destination_attributes: { connection_id: 603, object: 'user' },
  mappings: [column('customer_id', 'external_id', { is_primary_identifier: true })],
};
