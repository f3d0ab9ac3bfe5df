import { Readable } from 'node:stream';
import type { HttpDispatcher, HttpResponse } from '../../../../src/http/dispatcher.ts';
import type { JsonObject } from '../../../../src/model/json.ts';
import { type Provider, type Resource, resourceOf } from '../../../../src/model/provider.ts';
import { type CensusV2Options, censusV2 } from '../../../../src/providers/census/v2/provider.ts';

/** A status and a body; text is sent as it is. */
export type Reply = readonly [status: number, body: JsonObject | string];

export interface Scripted {
  readonly provider: Provider;
  readonly syncs: Resource;
  readonly datasets: Resource;
  /** Methods and paths, with bodies, of what was sent. */
  readonly sent: { readonly line: string; readonly body: JsonObject | undefined }[];
}

export const activation: JsonObject = {
  id: 'glimmering_donkey',
  name: 'Salesforce',
  group_id: 'calm_otter',
  source: { id: 501, name: 'Snowflake Prod', type: 'snowflake' },
  destination: { id: 601, type: 'salesforce', created_at: '2026-01-05T09:17:00.000Z' },
};

export const source: JsonObject = { id: 501, name: 'Snowflake Prod', type: 'snowflake', group_id: 'calm_otter' };

export const sync: JsonObject = {
  id: 90001,
  label: 'Users to contacts',
  activation_id: 'glimmering_donkey',
  operation: 'upsert',
  source_attributes: {
    object: { type: 'table', table_catalog: 'analytics', table_schema: 'public', table_name: 'users' },
  },
  destination_attributes: { object: 'Contact' },
  mappings: [{ from: { type: 'column', data: 'email' }, to: 'Email', is_primary_identifier: true }],
  mode: { type: 'triggered', triggers: {} },
};

export function listOf(...data: readonly JsonObject[]): Reply {
  return [200, { status: 'success', data }];
}

/** An account that joins one source to one destination. */
export const account: Readonly<Record<string, Reply>> = {
  'GET /activations': listOf(activation),
  'GET /sources': listOf(source),
  'GET /syncs': listOf(sync),
  'GET /syncs/90001': [200, { status: 'success', data: sync }],
};

/**
 * A provider of the group `calm_otter` whose service answers what is written. What is not written is not found; several replies are
 * given one after the other, the last one for ever.
 */
export function scripted(
  replies: Readonly<Record<string, Reply | readonly Reply[]>>,
  options: Partial<CensusV2Options> = {},
): Scripted {
  const left = new Map(Object.entries(replies).map(([line, one]) => [line, isOne(one) ? [one] : [...one]]));
  const sent: Scripted['sent'] = [];
  const dispatcher: HttpDispatcher = {
    request: async ({ method, path, body }) => {
      const [plain = '', query = ''] = path.replace(/^\/api\/v2/, '').split('?');
      const group = new URLSearchParams(query).get('group_id');
      const line = `${method} ${plain}${group === null ? '' : `?group_id=${group}`}`;
      sent.push({ line, body: typeof body === 'string' ? JSON.parse(body) : undefined });
      const queue = left.get(line) ?? [];
      const [status, answer] = (queue.length > 1 ? queue.shift() : queue[0]) ?? [404, { status: 404 }];
      return respond(status, typeof answer === 'string' ? answer : JSON.stringify(answer));
    },
    close: async () => undefined,
    destroy: async () => undefined,
  };
  const provider = censusV2({
    ...{
      token: 'pat',
      baseUrl: 'http://127.0.0.1:9',
      groups: ['calm_otter'],
      dispatcher,
      sleep: async () => undefined,
    },
    ...options,
  });
  provider.permit('all');
  const of = (kind: string) => resourceOf(provider, kind);
  return { provider, syncs: of('CensusSync'), datasets: of('CensusDataset'), sent };
}

function isOne(reply: Reply | readonly Reply[]): reply is Reply {
  return typeof reply[0] === 'number';
}

function respond(statusCode: number, text: string): HttpResponse {
  const body = Readable.from([Buffer.from(text)]);
  return { statusCode, headers: { 'content-type': 'application/json' }, body };
}
