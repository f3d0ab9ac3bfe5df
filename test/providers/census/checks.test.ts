import { describe, expect, test } from 'vitest';
import { byCodePoint } from '../../../src/core/stable.ts';
import { liquidError } from '../../../src/load/liquid.ts';
import type { Spec } from '../../../src/model/json.ts';
import { valueAt } from '../../../src/model/json.ts';
import { rules } from '../../../src/providers/census/language/rules.ts';
import { spec, withFrom, withMode, withSchedule, withSource } from './build.ts';

/** `error code /path` or `warning code /path`, in the order of the rules. */
function problems(given: Spec): string[] {
  const valid = rules.validate({ kind: 'CensusSync', name: 'one', spec: given });
  expect(valid ? [] : rules.validate.errors).toEqual([]);
  const found = rules.check(given, { liquid: liquidError });
  for (const one of found) {
    expect(one.path.startsWith('/spec')).toBe(true);
    expect(valueAt({ spec: given }, one.path)).toBeDefined();
    expect(one.message).toMatch(/\.$/);
    expect(one.hint).toMatch(/\.$/);
  }
  return found.map((one) => `${one.severity} ${one.code} ${one.path.slice('/spec'.length)}`);
}

const identifier = { from: 'email', to: 'Email', primary: true };
const flat = (over: Spec): Spec => spec({ ...over });

const rows: readonly (readonly [name: string, given: Spec, expected: readonly string[]])[] = [
  ['a plain sync', spec(), []],
  [
    'two mappings of one field',
    spec({ mappings: [identifier, { from: 'a', to: 'A' }, { from: 'b', to: 'A' }] }),
    ['error duplicate-mapping /mappings/2/to'],
  ],
  [
    'two identifiers, in both spellings',
    spec({ mappings: [identifier, { from: 'a', to: 'A', is_primary_identifier: true }] }),
    ['error several-identifiers /mappings/1/is_primary_identifier'],
  ],
  ['no identifier', spec({ mappings: [{ from: 'a', to: 'A' }] }), ['warning no-identifier /mappings']],
  [
    'no identifier in a mirrored spreadsheet',
    spec({
      operation: 'mirror',
      destination_attributes: { connection_id: 605, object: '{"spreadsheet_id":"a","sheet_id":"0"}' },
      mappings: [{ from: 'a', to: 'A' }],
    }),
    [],
  ],
  [
    'a compound key from an answer',
    spec({
      mappings: [
        { from: { type: 'compound_key', data: [] }, to: 'key', is_primary_identifier: true },
        { from: 'a', to: 'A' },
      ],
    }),
    ['warning server-mapping /mappings/0'],
  ],
  [
    'half a lookup',
    spec({ mappings: [identifier, { from: 'a', to: 'A', lookup_object: 'Account' }] }),
    ['error lookup-pair /mappings/1/lookup_object'],
  ],
  [
    'the other half',
    spec({ mappings: [identifier, { from: 'a', to: 'A', lookup_object: null, lookup_field: 'Name' }] }),
    ['error lookup-pair /mappings/1/lookup_field'],
  ],
  [
    'settings of a field that is not generated',
    spec({
      mappings: [identifier, { from: 'a', to: 'A', field_type: 'text', array_field: false, follow_source_type: true }],
    }),
    [
      'warning needs-generate-field /mappings/1/field_type',
      'warning needs-generate-field /mappings/1/follow_source_type',
    ],
  ],
  [
    'settings of a field that is generated',
    spec({ mappings: [identifier, { from: 'a', to: 'A', generate_field: true, field_type: 'text' }] }),
    [],
  ],
  ['a position', spec({ mappings: [{ ...identifier, position: 0 }] }), ['warning server-field /mappings/0/position']],
  [
    'a broken template',
    withFrom({ liquid_template: '{{ a | }}{% if %}' }),
    ['error invalid-liquid /mappings/1/from/liquid_template'],
  ],
  [
    'a broken template in full',
    withFrom({ type: 'liquid_template', data: '{% if a %}' }),
    ['error invalid-liquid /mappings/1/from/data'],
  ],
  [
    'a broken template as answered',
    withFrom({ type: 'liquid_template', data: { liquid_template: '{% if a %}' } }),
    ['warning answer-form /mappings/1/from/data', 'error invalid-liquid /mappings/1/from/data/liquid_template'],
  ],
  ['a good template with a filter of the service', withFrom({ liquid_template: "{{ record['a'] | sha512 }}" }), []],
  [
    'a number that is none',
    withFrom({ type: 'constant_value', data: { value: 'many', basic_type: 'number' } }),
    ['warning constant-type /mappings/1/from/data/value'],
  ],
  [
    'a cron expression with another frequency',
    withSchedule({ frequency: 'daily', cron_expression: '0 6 * * *' }),
    ['warning unused-schedule-field /mode/triggers/schedule/cron_expression'],
  ],
  [
    'the frequency of a cron expression without one',
    withSchedule({ frequency: 'expression' }),
    ['error expression-needs-cron /mode/triggers/schedule'],
  ],
  [
    'a wrong cron expression',
    withSchedule({ frequency: 'expression', cron_expression: '61 6 * * *' }),
    ['error invalid-cron /mode/triggers/schedule/cron_expression'],
  ],
  [
    'weekly without a day',
    withSchedule({ frequency: 'weekly', hour: 3 }),
    ['error weekly-needs-day /mode/triggers/schedule'],
  ],
  [
    'fields that the frequency does not use',
    withSchedule({ frequency: 'hourly', day: 'Monday', hour: 3, minute: 4 }),
    [
      'warning unused-schedule-field /mode/triggers/schedule/day',
      'warning unused-schedule-field /mode/triggers/schedule/hour',
    ],
  ],
  ['live mode', withMode({ type: 'live' }), ['warning sunset-mode /mode/type']],
  [
    'flat copies beside a mode',
    spec({ mode: { type: 'triggered' }, schedule_frequency: 'daily', cron_expression: null, triggers: {} }),
    [
      'warning flat-schedule /schedule_frequency',
      'warning flat-schedule /cron_expression',
      'warning flat-schedule /triggers',
    ],
  ],
  [
    'the flat form of a schedule, with its mistakes',
    flat({ schedule_frequency: 'weekly', schedule_hour: 3 }),
    [
      'warning deprecated-field /schedule_frequency',
      'warning deprecated-field /schedule_hour',
      'error weekly-needs-day /schedule_frequency',
    ],
  ],
  [
    'a flat hour without a frequency',
    flat({ schedule_hour: 3 }),
    ['warning deprecated-field /schedule_hour', 'error needs-frequency /schedule_hour'],
  ],
  [
    'a flat cron expression that is wrong',
    flat({ schedule_frequency: 'expression', cron_expression: 'x' }),
    [
      'warning deprecated-field /schedule_frequency',
      'warning deprecated-field /cron_expression',
      'error invalid-cron /cron_expression',
    ],
  ],
  [
    'a mirror strategy without a mirror',
    spec({ mirror_strategy: 'upload_and_swap' }),
    ['warning needs-mirror /mirror_strategy'],
  ],
  ['a mirror strategy', spec({ operation: 'mirror', mirror_strategy: 'upload_and_swap' }), []],
  [
    'append settings without append',
    spec({
      high_water_mark_attribute: 'a',
      high_water_mark_attributes: { column_name: 'a' },
      historical_sync_operation: 'backfill_all_records',
    }),
    [
      'warning needs-append /high_water_mark_attribute',
      'warning needs-append /high_water_mark_attributes',
      'warning incomplete-high-water-mark /high_water_mark_attributes',
      'warning needs-append /historical_sync_operation',
    ],
  ],
  ['cleared append settings', spec({ high_water_mark_attribute: null, mirror_strategy: null }), []],
  [
    'normalization of listed fields',
    spec({ field_normalization: 'snake_case' }),
    ['warning needs-sync-all /field_normalization'],
  ],
  [
    'deprecated fields',
    spec({ failed_run_notifications_enabled: true, lead_union_insert_to: 'lead' }),
    ['warning deprecated-field /failed_run_notifications_enabled', 'warning deprecated-field /lead_union_insert_to'],
  ],
  [
    'what only the server sets',
    spec({
      id: 1,
      status: 'Ready',
      updated_at: 'x',
      validate_only: false,
      alert_attributes: [{ id: 3, type: 'FailureAlertConfiguration' }],
    }),
    [
      'warning server-field /id',
      'warning server-field /status',
      'warning server-field /updated_at',
      'warning ignored-field /validate_only',
      'warning server-field /alert_attributes/0/id',
    ],
  ],
  [
    'a model by id and name',
    withSource({ object: { type: 'model', id: 1, name: 'm' } }),
    ['warning id-and-name /source_attributes/object/name'],
  ],
  [
    'a model as answered',
    withSource({ object: { type: 'model', id: 1, name: 'm', query: 'q', created_at: 'c' } }),
    [
      'warning server-field /source_attributes/object/query',
      'warning server-field /source_attributes/object/created_at',
      'warning id-and-name /source_attributes/object/name',
    ],
  ],
  [
    'a segment and a cohort at once',
    withSource({ filter_segment_id: 1, cohort_id: 2, object: { type: 'dataset', id: 3 } }),
    ['error segment-and-cohort /source_attributes/cohort_id'],
  ],
  [
    'a segment of a model',
    withSource({ filter_segment_id: 1, object: { type: 'model', id: 3 } }),
    ['warning segment-of-model /source_attributes/object/type'],
  ],
  [
    'a segment of a table',
    withSource({ filter_segment_id: 1, object: { type: 'table', id: 3 } }),
    ['error needs-dataset /source_attributes/object'],
  ],
  ['a segment id inside', withSource({ object: { type: 'dataset', id: 3, filter_segment_id: 1 } }), []],
  [
    'a segment id inside and another one beside',
    withSource({ filter_segment_id: 2, object: { type: 'dataset', id: 3, filter_segment_id: '1' } }),
    ['error id-conflict /source_attributes/filter_segment_id'],
  ],
  [
    'a topic as answered',
    withSource({ object: { type: 'topic', id: 3, name: 'clicks' } }),
    ['warning id-and-name /source_attributes/object/name'],
  ],
  [
    'a table as answered',
    withSource({
      object: { type: 'table', id: 3, name: 'u', table_catalog: 'a', table_schema: 'b', table_name: 'u' },
    }),
    ['warning server-field /source_attributes/object/name'],
  ],
  [
    'a table by its name alone',
    withSource({ object: { type: 'table', table_name: 'u' } }),
    ['warning incomplete-table /source_attributes/object'],
  ],
  [
    'facts of a model that answers carry',
    withSource({
      object: {
        type: 'model',
        id: '3',
        source_object_id: 9,
        resource_identifier: 'model:m',
        description: null,
        compiled_query: 'select 1',
        columns: [{ name: 'a', type: 'text' }],
      },
    }),
    [
      'warning server-field /source_attributes/object/source_object_id',
      'warning server-field /source_attributes/object/resource_identifier',
      'warning server-field /source_attributes/object/description',
      'warning server-field /source_attributes/object/compiled_query',
      'warning server-field /source_attributes/object/columns',
    ],
  ],
  [
    'facts of a sync that answers carried',
    spec({
      match_rate_details: { match_rate: 0.5, match_rate_last_calculated_at: '2026-01-01T00:00:00Z' },
      trigger_on_dbt_cloud_rebuild: false,
    }),
    ['warning server-field /match_rate_details', 'warning server-field /trigger_on_dbt_cloud_rebuild'],
  ],
  [
    'events of a table',
    spec({
      sync_behavior_family: 'activateEvents',
      source_attributes: { connection_id: 1, object: { type: 'table', id: 1 } },
    }),
    ['warning needs-topic /sync_behavior_family'],
  ],
  [
    'triggers that are empty',
    withMode({ triggers: { dbt_cloud: {}, fivetran: {}, sync_sequence: {}, schedule: {} } }),
    [
      'warning empty-trigger /mode/triggers/dbt_cloud',
      'warning empty-trigger /mode/triggers/fivetran',
      'warning empty-trigger /mode/triggers/sync_sequence',
      'warning empty-trigger /mode/triggers/schedule',
    ],
  ],
  [
    'flat triggers that are empty',
    flat({ triggers: { dbt_cloud: {}, schedule: {} } }),
    [
      'warning deprecated-field /triggers',
      'warning empty-trigger /triggers/dbt_cloud',
      'warning empty-trigger /triggers/schedule',
    ],
  ],
  [
    'a flat schedule with everything',
    flat({ schedule_frequency: 'daily', schedule_day: 'Monday', schedule_hour: 24, cron_expression: '0 6 * * 1' }),
    [
      'warning deprecated-field /schedule_frequency',
      'warning deprecated-field /schedule_day',
      'warning deprecated-field /schedule_hour',
      'warning deprecated-field /cron_expression',
      'warning hour-24 /schedule_hour',
      'warning unused-schedule-field /schedule_day',
      'warning unused-schedule-field /cron_expression',
    ],
  ],
  [
    'ids and thresholds in the other spelling',
    spec({
      source_attributes: { connection_id: '12', object: { type: 'model', id: '915' } },
      alert_attributes: [{ type: 'InvalidRecordPercentAlertConfiguration', options: { threshold: '20' } }],
      mode: { triggers: { dbt_cloud: { project_id: 12345, job_id: 98765 } } },
    }),
    [],
  ],
  [
    'empty text where the API knows none',
    spec({ mappings: [{ ...identifier, operation: '' }], field_order: '', mirror_strategy: '' }),
    [],
  ],
  [
    'two segments',
    withSource({ filter_segment_id: 1, object: { type: 'segment', id: 2, dataset_id: 3 } }),
    ['error id-conflict /source_attributes/filter_segment_id'],
  ],
  [
    'a dataset as answered',
    withSource({ object: { type: 'business_object_source', id: 1, dataset_id: 3 } }),
    ['warning answer-form /source_attributes/object/type'],
  ],
  [
    'a segment as answered, without its id',
    withSource({ object: { type: 'filter_segment_source', id: 1, dataset_id: 3 } }),
    ['warning answer-form /source_attributes/object/type', 'error needs-id /source_attributes/object'],
  ],
  [
    'a cohort as answered, without its dataset',
    withSource({ cohort_id: 1, object: { type: 'cohort_source', id: 1 } }),
    ['warning answer-form /source_attributes/object/type', 'warning needs-dataset /source_attributes/object'],
  ],
];

describe('what the schema cannot say', () => {
  test.each(rows)('%s', (_name, given, expected) => {
    expect(problems(given).toSorted(byCodePoint)).toEqual(expected.toSorted(byCodePoint));
  });

  test('templates pass where no parser was loaded', () => {
    expect(rules.check(withFrom({ liquid_template: '{% if' }), { liquid: undefined })).toEqual([]);
  });
});
