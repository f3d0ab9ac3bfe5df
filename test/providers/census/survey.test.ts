import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { openCensusV1 } from '../../../src/emulator/census-v1/server.ts';
import type { HttpDispatcher, HttpResponse } from '../../../src/http/dispatcher.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Target } from '../../../src/model/project.ts';
import { secret } from '../../../src/model/secret.ts';
import type { Reached } from '../../../src/model/service.ts';
import { survey } from '../../../src/providers/census/migration/survey.ts';
import type { ConnectOptions } from '../../../src/providers/connect-options.ts';
import { fastClock, inProcessClient } from '../../support/in-process-service.ts';

const at = '2024-02-01T09:00:00.000Z';
const source = { id: 501, name: 'Snowflake Prod', type: 'Snowflake', created_at: at, group_id: 'wandering_aimlessly' };

/** An activation with its nested objects under some keys: nobody has documented them. */
function activation(keys: readonly [string, string], more: JsonObject = {}): JsonObject {
  const { created_at: _, group_id, ...origin } = source;
  const goal = { id: 601, type: 'salesforce', created_at: at, connection_details: {} };
  const parts = { [keys[0]]: origin, [keys[1]]: goal };
  return { id: 'glimmering_donkey', name: 'Salesforce', group_id, ...parts, last_test_results: [], ...more };
}

/** What v2 answers to each path; what is not there is not found. */
function secondApi(lists: Readonly<Record<string, readonly JsonObject[]>>): HttpDispatcher {
  const respond = (statusCode: number, body: JsonObject): HttpResponse => ({
    statusCode,
    headers: { 'content-type': 'application/json' },
    body: Readable.from([Buffer.from(JSON.stringify(body))]),
  });
  return {
    request: async ({ path }) => {
      const data = lists[path.split('?')[0] ?? ''];
      if (data === undefined) return respond(404, { status: 404 });
      const pagination = { total_records: data.length, per_page: 100, page: 1, next_page: null, last_page: 1 };
      return respond(200, { status: 'success', data, pagination });
    },
    close: async () => undefined,
    destroy: async () => undefined,
  };
}

async function surveyOf(lists: Readonly<Record<string, readonly JsonObject[]>>) {
  const clock = fastClock();
  const service = openCensusV1({}, clock);
  const { baseUrl, ...options } = inProcessClient(service, clock);
  const limits = { max_deletes: 5, concurrency: 8, settle_seconds: 0 };
  const target = { name: 't', base_url: baseUrl, token_variable: 'X', limits } as Target;
  const older: Reached<ConnectOptions> = { target, token: secret(service.token), options };
  const newer = { target, token: secret('pat'), options: { ...options, dispatcher: secondApi(lists) } };
  return survey(older, newer);
}

test.each<[string, readonly [string, string]]>([
  ['plain', ['source', 'destination']],
  ['suffixed', ['source_connection', 'destination_connection']],
])('a destination is what an activation writes to, within its source, whatever the keys are: %s', async (_, keys) => {
  const lists = { '/api/v2/sources': [source], '/api/v2/activations': [activation(keys)] };
  const { older, newer } = await surveyOf(lists);
  expect(newer).toEqual([
    { space: 'sources', id: '501', name: 'Snowflake Prod', type: 'snowflake', created: at, group: source.group_id },
    {
      ...{ space: 'destinations', id: '601', name: 'Salesforce', type: 'salesforce', created: at },
      ...{ group: source.group_id, within: '501', renamed: true },
    },
  ]);
  expect(older.map((one) => `${one.space} ${one.id} ${one.name}`)).toContain('destinations 601 Salesforce');
  expect(older.every((one) => one.created !== undefined)).toBe(true);
});

test('sources that cannot be listed are those of activations, each once', async () => {
  const keys = ['source', 'destination'] as const;
  const lists = { '/api/v2/activations': [activation(keys), activation(keys, { id: 'other', name: 'HubSpot' })] };
  const { older, newer } = await surveyOf(lists);
  expect(older.find((one) => one.id === '501')).toMatchObject({ name: 'Snowflake Prod', created: undefined });
  expect(newer.filter((one) => one.space === 'sources')).toEqual([
    {
      space: 'sources',
      id: '501',
      name: 'Snowflake Prod',
      type: 'snowflake',
      created: undefined,
      group: source.group_id,
    },
  ]);
});

test('what has no shape of an activation is passed over, unless all of them have none', async () => {
  const odd = { id: 'x', name: 'y' };
  const lists = { '/api/v2/sources': [source], '/api/v2/activations': [odd, activation(['source', 'destination'])] };
  expect((await surveyOf(lists)).newer.map((one) => one.space)).toEqual(['sources', 'destinations']);
  await expect(surveyOf({ ...lists, '/api/v2/activations': [odd] })).rejects.toMatchObject({
    code: 'failed-assumption',
    message: expect.stringMatching(/No activation can be read.*`id`, `name`.*A04/),
  });
});
