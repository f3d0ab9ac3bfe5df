import { describe, expect, it } from 'vitest';
import type { Referent } from '../../../src/model/about.ts';
import type { JsonObject, Pointer } from '../../../src/model/json.ts';
import { aboutSync } from '../../../src/providers/census/language/about.ts';
import { aboutDataset } from '../../../src/providers/census/language/dataset/about.ts';
import { censusSync } from '../../../src/providers/census/language/kind.ts';

const nobody: Referent = { id: null, name: null, address: null };
const known: Readonly<Record<Pointer, Referent>> = {
  '/source_attributes/connection_id': { id: '501', name: 'Snowflake Prod', address: null },
  '/destination_attributes/connection_id': { id: '601', name: 'Salesforce', address: null },
};

/** What a sync is that says this, written as a manifest may write it. */
function about(spec: JsonObject, more: Readonly<Record<Pointer, Referent>> = {}) {
  return aboutSync(censusSync.canonical(spec), (into) => more[into] ?? known[into] ?? nobody);
}

const places = {
  object: '/source_attributes/object/id',
  dataset: '/source_attributes/object/dataset_id',
  model: '/source_attributes/object/model_id',
};
const dataset: Referent = { id: '8123', name: 'Customers', address: 'CensusDataset/customers' };

describe('what a Census sync reads', () => {
  it.each<[string, JsonObject, Readonly<Record<Pointer, Referent>>, string | null, string | null]>([
    [
      'a table by its names',
      { type: 'table', table_catalog: 'ANALYTICS', table_schema: 'PUBLIC', table_name: 'USERS' },
      {},
      'ANALYTICS.PUBLIC.USERS',
      null,
    ],
    [
      'a table without a catalog',
      { type: 'table', table_schema: 'PUBLIC', table_name: 'USERS' },
      {},
      'PUBLIC.USERS',
      null,
    ],
    ['a table by its id', { type: 'table', id: 7731 }, {}, 'table 7731', null],
    [
      'a model',
      { type: 'model', id: 15 },
      { [places.object]: { id: '15', name: 'active_users', address: null } },
      'model active_users',
      null,
    ],
    ['a model that nobody can name', { type: 'model', id: 15 }, {}, 'model 15', null],
    [
      'a dataset that a manifest declares',
      { type: 'dataset', id: 8123 },
      { [places.object]: dataset },
      'dataset Customers',
      'CensusDataset/customers',
    ],
    [
      'a dataset as an answer spells it',
      { type: 'business_object_source', dataset_id: 8123 },
      {},
      'dataset 8123',
      null,
    ],
    ['a topic by name', { type: 'topic', name: 'orders' }, {}, 'topic orders', null],
    [
      'a segment of a dataset',
      { type: 'segment', id: 3301, dataset_id: 8123 },
      { [places.object]: { id: '3301', name: 'VIP', address: null }, [places.dataset]: dataset },
      'segment VIP of dataset Customers',
      'CensusDataset/customers',
    ],
    [
      'a segment of a model, as answers of 2024 have it',
      { type: 'segment', id: 3301, model_id: 15 },
      { [places.model]: { id: '15', name: 'active_users', address: null } },
      'segment 3301 of model active_users',
      null,
    ],
    [
      'a cohort, which has no name',
      { type: 'cohort', id: 77, dataset_id: 8123 },
      {},
      'cohort 77 of dataset 8123',
      null,
    ],
    ['a kind that nobody describes', { type: 'stream', id: 4 }, {}, 'stream 4', null],
  ])('%s', (_name, object, more, words, address) => {
    const { source } = about({ source_attributes: { connection_id: 501, object } }, more);
    expect(source).toEqual({ id: '501', name: 'Snowflake Prod', object: words, address });
  });
});

it('where it writes, and how', () => {
  const spec = { operation: 'mirror', destination_attributes: { connection_id: 601, object: 'Contact' } };
  expect(about(spec)).toEqual({
    source: null,
    destination: { id: '601', name: 'Salesforce', object: 'Contact', address: null },
    operation: 'mirror',
    schedule: 'never',
  });
});

describe('when a Census sync runs', () => {
  const schedule = (body: JsonObject) => ({ mode: { type: 'triggered', triggers: { schedule: body } } });
  const triggers = (body: JsonObject) => ({ mode: { type: 'triggered', triggers: body } });
  it.each<[string, JsonObject]>([
    ['never', {}],
    ['never', { mode: null }],
    ['never', schedule({ frequency: 'never' })],
    ['continuously', schedule({ frequency: 'continuous' })],
    ['every 15 minutes', schedule({ frequency: 'quarter_hourly' })],
    ['hourly', schedule({ frequency: 'hourly' })],
    ['hourly at :05', schedule({ frequency: 'hourly', minute: 5 })],
    ['daily at 04:15', schedule({ frequency: 'daily', hour: 4, minute: 15 })],
    ['daily at 00:00', schedule({ frequency: 'daily', hour: 24 })],
    ['weekly on Monday at 06:30', schedule({ frequency: 'weekly', day: 'Monday', hour: 6, minute: 30 })],
    ['cron 15 6 * * 1-5', schedule({ frequency: 'expression', cron_expression: ' 15 6  * * 1-5' })],
    ['monthly', schedule({ frequency: 'monthly' })],
    ['daily at 06:00', { schedule_frequency: 'daily', schedule_hour: 6 }],
    ['after dbt Cloud job 67890', triggers({ dbt_cloud: { project_id: 12345, job_id: 67890 } })],
    ['after Fivetran job my_connection', triggers({ fivetran: { job_id: 'abc_def', job_name: 'my_connection' } })],
    ['after sync 12', triggers({ sync_sequence: { sync_id: 12 } })],
    ['after sync orders', triggers({ sync_sequence: { sync: 'orders' } })],
    ['after webhook', triggers({ webhook: { id: 3 } })],
    ['never', triggers({ dbt_cloud: {}, fivetran: null })],
    [
      'hourly and after dbt Cloud job 7',
      triggers({ dbt_cloud: { project_id: 1, job_id: 7 }, schedule: { frequency: 'hourly' } }),
    ],
    ['all the time (live)', { mode: { type: 'live' } }],
    ['hourly, paused', { paused: true, ...schedule({ frequency: 'hourly' }) }],
    ['never', { paused: true }],
    ['(hidden)', { mode: '(hidden)' }],
    ['(hidden)', triggers({ schedule: '(hidden)' })],
  ])('%s', (words, spec) => {
    expect(about(spec).schedule).toBe(words);
  });

  it('after another sync, by its name', () => {
    const other = {
      '/mode/triggers/sync_sequence/sync_id': { id: '12', name: 'Users to CRM', address: 'CensusSync/users' },
    };
    expect(about(triggers({ sync_sequence: { sync_id: 12 } }), other).schedule).toBe('after sync Users to CRM');
  });
});

it('a Census dataset has a source, and nothing else', () => {
  const source = { id: '501', name: 'Snowflake Prod', address: null };
  const rest = { destination: null, operation: null, schedule: null };
  expect(aboutDataset({ name: 'Users' }, () => source)).toEqual({ source: { ...source, object: null }, ...rest });
  expect(aboutDataset({ name: 'Users' }, () => nobody)).toEqual({ source: null, ...rest });
});
