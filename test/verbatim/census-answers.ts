import type { JsonObject } from '../../src/model/json.ts';
import { answers as whole } from '../support/census-bodies.ts';

const names = { table_catalog: 'analytics', table_schema: 'public', table_name: 'users' };
const flags = { generate_field: false, preserve_values: false, operation: null, sync_null_values: true };

function mapping(column: string, to: string, position: number, more: JsonObject = {}): JsonObject {
  return { from: { type: 'column', data: column }, to, position, is_primary_identifier: false, ...flags, ...more };
}

/** An answer of the plainest kind, with something on top. */
function answer(over: JsonObject): JsonObject {
  return {
    operation: 'upsert',
    paused: false,
    status: 'Ready',
    created_at: '2026-10-01T12:00:00.000Z',
    updated_at: '2026-11-02T08:30:11.902Z',
    source_attributes: { connection_id: 501, object: { type: 'table', id: 7731, ...names } },
    destination_attributes: { connection_id: 502, object: 'Contact', lead_union_insert_to: null },
    mappings: [mapping('city', 'City', 1), mapping('email', 'Email', 0, { is_primary_identifier: true })],
    mode: { type: 'triggered', triggers: { schedule: { frequency: 'never' } } },
    field_behavior: 'specific_properties',
    alert_attributes: [],
    ...over,
  };
}

function of(object: JsonObject, beside: JsonObject = {}): JsonObject {
  return answer({ source_attributes: { connection_id: 501, ...beside, object } });
}

function withoutMode(over: JsonObject): JsonObject {
  const { mode: _, ...rest } = answer(over);
  return rest;
}

const model = { type: 'model', name: 'orders_export' };
const facts = {
  source_object_id: 70001,
  resource_identifier: 'model:orders-export',
  description: null,
  query: 'select * from analytics.orders',
  compiled_query: 'select * from analytics.orders',
  columns: [{ name: 'ORDER_ID', type: 'integer' }],
  created_at: '2026-07-30T09:00:00.000Z',
  updated_at: '2026-07-30T09:00:00.000Z',
};

/** Answers about one sync, in every form that was published or seen, by what is particular about each. */
const forms: Readonly<Record<string, JsonObject>> = {
  ...Object.fromEntries(Object.entries(whole).map(([kind, data]) => [`a ${kind}, whole`, data])),
  'a model by name alone': of(model),
  'a model with everything': of({ ...model, id: 915, ...facts }),
  'a model by id and name': of({ ...model, id: 915 }),
  'a table with a name of its own': of({ type: 'table', id: 7731, name: 'users', ...names }),
  'a topic by id and name': of({ type: 'topic', id: 3, name: 'clicks' }),
  'a topic by name alone': of({ type: 'topic', name: 'clicks' }),
  'a dataset with a name': of({ type: 'business_object_source', id: 66120, dataset_id: 8123, name: 'Customers' }),
  'a segment id inside': of({ type: 'filter_segment_source', id: 70555, dataset_id: 8123, filter_segment_id: 3301 }),
  'a segment id inside a dataset': of({ type: 'dataset', id: 8123, filter_segment_id: 3301 }),
  'a segment of a model': of({ ...model, id: 915 }, { filter_segment_id: 3301 }),
  'a segment of a model by name alone': of(model, { filter_segment_id: 3301 }),
  'a cohort': of({ type: 'cohort_source', id: 70556, dataset_id: 8123 }, { cohort_id: 77 }),
  'a cohort without its dataset': of({ type: 'cohort_source', id: 70556 }, { cohort_id: 77 }),
  'a match rate': answer({
    match_rate_details: { match_rate: 0.42, match_rate_last_calculated_at: '2026-11-01T00:00:00.000Z' },
    trigger_on_dbt_cloud_rebuild: false,
    resource_identifier: 'sync:a-match-rate',
  }),
  'runs and more that no field list has': answer({ last_run_at: null, next_run_at: null, last_run_id: null }),
  'no mode, a flat daily schedule': withoutMode({
    schedule_frequency: 'daily',
    schedule_day: null,
    schedule_hour: 6,
    schedule_minute: null,
    cron_expression: null,
    triggers: { dbt_cloud: { project_id: '1', job_id: '2' } },
  }),
  'no mode, a flat cron expression': withoutMode({
    schedule_frequency: 'expression',
    schedule_day: 'Monday',
    schedule_hour: 6,
    schedule_minute: 0,
    cron_expression: '0 6 * * 1',
    triggers: {},
  }),
  'a mode and its flat copies': answer({
    mode: {
      type: 'triggered',
      triggers: {
        schedule: { frequency: 'weekly', day: 'Monday', hour: 6, minute: 30, cron_expression: null },
        dbt_cloud: null,
        fivetran: null,
        sync_sequence: null,
      },
    },
    schedule_frequency: 'weekly',
    schedule_day: 'Monday',
    schedule_hour: 6,
    schedule_minute: 30,
    cron_expression: null,
    triggers: { dbt_cloud: null, fivetran: null, sync_sequence: null },
  }),
  'triggers that are empty objects': answer({
    mode: { type: 'triggered', triggers: { schedule: {}, dbt_cloud: {}, fivetran: {}, sync_sequence: {} } },
  }),
  'the hour 24': answer({
    mode: { type: 'triggered', triggers: { schedule: { frequency: 'daily', hour: 24, minute: 0 } } },
  }),
  'live mode': answer({ mode: { type: 'live', triggers: {} } }),
  'a lead union in its older place': answer({
    destination_attributes: { connection_id: 502, object: 'Lead' },
    lead_union_insert_to: 'lead',
  }),
  'an operation that only answers have': answer({ operation: 'delete' }),
  'a mirror with a high-water mark': answer({
    operation: 'mirror',
    mirror_strategy: 'sync_updates_and_deletes',
    high_water_mark_attribute: 'updated_at',
    high_water_mark_attributes: { use_high_water_mark_diff_type: true, column_name: 'updated_at' },
  }),
  'a strategy of an operation that has none': answer({ mirror_strategy: 'sync_updates_and_deletes' }),
  'mappings with empty text and a compound key': answer({
    mappings: [
      mapping('email', 'Email', 0, { is_primary_identifier: true, operation: '', lookup_object: '', lookup_field: '' }),
      { from: { type: 'compound_key', data: [{ type: 'column', data: 'A' }] }, to: 'key', position: 1, ...flags },
    ],
  }),
  'every kind of value': answer({
    mappings: [
      mapping('email', 'Email', 0, { is_primary_identifier: true }),
      { ...mapping('', 'A', 1), from: { type: 'constant_value', data: { value: '5', basic_type: 'number' } } },
      { ...mapping('', 'B', 2), from: { type: 'constant_value', data: { value: true, basic_type: 'boolean' } } },
      { ...mapping('', 'C', 3), from: { type: 'sync_metadata', data: 'sync_run_id' } },
      { ...mapping('', 'D', 4), from: { type: 'segment_membership', data: { identify_by: 'name' } } },
      { ...mapping('', 'E', 5), from: { type: 'liquid_template', data: { liquid_template: '{{ 1 }}' } } },
    ],
  }),
  'alerts with and without options': answer({
    alert_attributes: [
      { id: 1, type: 'FailureAlertConfiguration', send_for: 'first_time', should_send_recovery: true, options: null },
      {
        id: 2,
        type: 'FullSyncTriggerAlertConfiguration',
        send_for: 'every_time',
        should_send_recovery: false,
        options: {},
      },
      {
        id: 3,
        type: 'StatusAlertConfiguration',
        send_for: 'every_time',
        should_send_recovery: false,
        options: { status_name: 'started' },
      },
    ],
  }),
};

/** Each with an id and a label of its own, as items of one list. */
export const published: readonly (readonly [title: string, data: JsonObject & { readonly id: number }])[] =
  Object.entries(forms).map(([title, data], index) => [title, { ...data, id: 91_000 + index, label: title }]);
