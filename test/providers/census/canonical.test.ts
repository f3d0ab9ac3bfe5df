import { describe, expect, test } from 'vitest';
import type { Json, JsonObject, Spec } from '../../../src/model/json.ts';
import { canonical } from '../../../src/providers/census/language/canonical.ts';
import { rules } from '../../../src/providers/census/language/rules.ts';
import { spec, withFrom, withMode, withSchedule, withSource } from './build.ts';

type Row = readonly [name: string, given: Spec, expected: JsonObject];

/** Every row must be a manifest that the schema accepts, and canonical form must be a fixed point. */
function check(rows: readonly Row[], pick: (given: Spec) => Json | undefined): void {
  test.each(rows)('%s', (_name, given, expected) => {
    const valid = rules.validate({ kind: 'CensusSync', name: 'one', spec: given });
    expect(valid ? [] : rules.validate.errors).toEqual([]);
    const once = canonical(given);
    expect(pick(once)).toEqual(expected);
    expect(canonical(once)).toEqual(once);
  });
}

describe('source', () => {
  const rows: readonly Row[] = [
    [
      'a table by names',
      withSource({ object: { type: 'table', table_catalog: 'a', table_schema: 'b', table_name: 'c' } }),
      { connection_id: 501, object: { type: 'table', table_catalog: 'a', table_schema: 'b', table_name: 'c' } },
    ],
    [
      'a connection by name',
      spec({ source_attributes: { connection: 'Snowflake Prod', object: { type: 'table', id: 7 } } }),
      { connection: 'Snowflake Prod', object: { type: 'table', id: 7 } },
    ],
    [
      'a model as answered: facts go, and the id counts',
      withSource({ object: { type: 'model', id: 15, name: 'm', query: 'select 1', created_at: 'x', updated_at: 'y' } }),
      { connection_id: 501, object: { type: 'model', id: 15 } },
    ],
    [
      'a segment id inside',
      withSource({ object: { type: 'dataset', id: '8123', filter_segment_id: '3301' } }),
      { connection_id: 501, object: { type: 'segment', id: 3301, dataset_id: 8123 } },
    ],
    [
      'a segment of a model',
      withSource({ filter_segment_id: 3301, object: { type: 'model', id: '15' } }),
      { connection_id: 501, object: { type: 'segment', id: 3301, model_id: 15 } },
    ],
    [
      'a dataset as answered',
      withSource({ object: { type: 'business_object_source', id: 66120, dataset_id: 8123 } }),
      { connection_id: 501, object: { type: 'dataset', id: 8123 } },
    ],
    [
      'a segment as requested',
      withSource({ filter_segment_id: 3301, object: { type: 'dataset', id: 8123 } }),
      { connection_id: 501, object: { type: 'segment', id: 3301, dataset_id: 8123 } },
    ],
    [
      'a segment whose dataset is named',
      withSource({ filter_segment_id: 3301, object: { type: 'dataset', name: 'Customers' } }),
      { connection_id: 501, object: { type: 'segment', id: 3301, dataset: 'Customers' } },
    ],
    [
      'a segment as answered',
      withSource({ filter_segment_id: 3301, object: { type: 'filter_segment_source', id: 9, dataset_id: 8123 } }),
      { connection_id: 501, object: { type: 'segment', id: 3301, dataset_id: 8123 } },
    ],
    [
      'a segment in short form',
      withSource({ object: { type: 'segment', name: 'VIP', dataset: 'Customers' } }),
      { connection_id: 501, object: { type: 'segment', name: 'VIP', dataset: 'Customers' } },
    ],
    [
      'a cohort as requested',
      withSource({ cohort_id: 77, object: { type: 'dataset', id: 8123 } }),
      { connection_id: 501, object: { type: 'cohort', id: 77, dataset_id: 8123 } },
    ],
    [
      'a cohort as answered',
      withSource({
        cohort_id: 77,
        filter_segment_id: null,
        object: { type: 'cohort_source', id: 9, dataset_id: 8123 },
      }),
      { connection_id: 501, object: { type: 'cohort', id: 77, dataset_id: 8123 } },
    ],
  ];
  check(rows, (given) => given.source_attributes);
});

describe('destination', () => {
  const sheet = '{ "sheet_id": "0", "spreadsheet_id": "abc" }';
  const rows: readonly Row[] = [
    [
      'the JSON of a spreadsheet has sorted keys and no spaces',
      spec({ destination_attributes: { connection_id: 605, object: sheet } }),
      { connection_id: 605, object: '{"sheet_id":"0","spreadsheet_id":"abc"}' },
    ],
    [
      'a path with braces is a path',
      spec({ destination_attributes: { connection_id: 606, object: '{env}/%Y.csv' } }),
      { connection_id: 606, object: '{env}/%Y.csv' },
    ],
    [
      'the old place of the lead union',
      spec({ lead_union_insert_to: 'lead' }),
      { connection_id: 601, object: 'Contact', lead_union_insert_to: 'lead' },
    ],
    [
      'the old place beside the new one',
      spec({
        lead_union_insert_to: null,
        destination_attributes: { connection_id: 601, object: 'Contact', lead_union_insert_to: 'lead' },
      }),
      { connection_id: 601, object: 'Contact', lead_union_insert_to: 'lead' },
    ],
  ];
  check(rows, (given) => given.destination_attributes);
});

describe('where a value comes from', () => {
  const text = (value: string, basic_type = 'text'): JsonObject => ({
    type: 'constant_value',
    data: { value, basic_type },
  });
  const rows: readonly Row[] = [
    ['a column', withFrom('last_name'), { type: 'column', data: 'last_name' }],
    ['a column in full', withFrom({ type: 'column', data: 'last_name' }), { type: 'column', data: 'last_name' }],
    ['a text', withFrom({ constant: 'x' }), text('x')],
    ['a number', withFrom({ constant: 5 }), text('5', 'number')],
    ['a boolean', withFrom({ constant: false }), text('false', 'boolean')],
    ['digits that are text', withFrom({ constant: '05' }), text('05')],
    ['a type that is given', withFrom({ constant: 5, basic_type: 'text' }), text('5')],
    ['a number in full', withFrom({ type: 'constant_value', data: { value: 5 } }), text('5', 'number')],
    [
      'a number given as text',
      withFrom({ type: 'constant_value', data: { value: '05.50', basic_type: 'number' } }),
      text('5.5', 'number'),
    ],
    [
      'a number with more digits than a double holds',
      withFrom({ type: 'constant_value', data: { value: '12345678901234567890', basic_type: 'number' } }),
      text('12345678901234567890', 'number'),
    ],
    [
      'a boolean given as text',
      withFrom({ type: 'constant_value', data: { value: 'True', basic_type: 'boolean' } }),
      text('true', 'boolean'),
    ],
    ['sync metadata', withFrom({ sync_metadata: 'sync_run_id' }), { type: 'sync_metadata', data: 'sync_run_id' }],
    [
      'segment membership',
      withFrom({ segment_membership: 'name' }),
      { type: 'segment_membership', data: { identify_by: 'name' } },
    ],
    ['a template', withFrom({ liquid_template: '{{ 1 }}' }), { type: 'liquid_template', data: '{{ 1 }}' }],
    [
      'a template as answered',
      withFrom({ type: 'liquid_template', data: { liquid_template: '{{ 1 }}' } }),
      { type: 'liquid_template', data: '{{ 1 }}' },
    ],
  ];
  check(rows, (given) => {
    const mappings = given.mappings;
    const second = Array.isArray(mappings) ? mappings[1] : undefined;
    return second?.from;
  });
});

describe('mappings', () => {
  const rows: readonly Row[] = [
    [
      'primary is short for the long name; positions go',
      spec({ mappings: [{ to: 'Email', from: 'email', primary: true, position: 3, sync_null_values: false }] }),
      {
        mappings: [
          {
            from: { type: 'column', data: 'email' },
            to: 'Email',
            is_primary_identifier: true,
            sync_null_values: false,
          },
        ],
      },
    ],
    [
      'a compound key is the server’s',
      spec({
        mappings: [
          {
            from: { type: 'compound_key', data: [{ type: 'column', data: 'A' }] },
            to: 'key',
            is_primary_identifier: true,
          },
          { from: 'a', to: 'A' },
        ],
      }),
      { mappings: [{ from: { type: 'column', data: 'a' }, to: 'A' }] },
    ],
  ];
  check(rows, (given) => ({ mappings: given.mappings }));

  test.each([
    ['tell the order where each mapping has its own', [1, 0], ['A', 'Email']],
    ['that are the same tell nothing', [0, 0], ['Email', 'A']],
  ])('positions %s', (_name, [first, second], expected) => {
    const given = spec({
      mappings: [
        { from: 'email', to: 'Email', position: first },
        { from: 'a', to: 'A', position: second },
      ],
    });
    const { mappings } = canonical(given);
    expect(Array.isArray(mappings) ? mappings.map(({ to }) => to) : []).toEqual(expected);
  });
});

describe('mode', () => {
  const scheduled = (schedule: Json): JsonObject => ({ type: 'triggered', triggers: { schedule } });
  const rows: readonly Row[] = [
    [
      'daily without a time is midnight',
      withSchedule({ frequency: 'daily' }),
      scheduled({ frequency: 'daily', hour: 0, minute: 0 }),
    ],
    [
      'the hour 24 is midnight',
      withSchedule({ frequency: 'daily', hour: 24, minute: 5 }),
      scheduled({ frequency: 'daily', hour: 0, minute: 5 }),
    ],
    [
      'empty triggers are none',
      withMode({ type: 'triggered', triggers: { schedule: {}, dbt_cloud: {}, fivetran: {}, sync_sequence: {} } }),
      { type: 'triggered', triggers: {} },
    ],
    [
      'ids of other services are text',
      withMode({ triggers: { dbt_cloud: { project_id: 12345, job_id: 98765 }, sync_sequence: { sync_id: '9' } } }),
      { triggers: { dbt_cloud: { project_id: '12345', job_id: '98765' }, sync_sequence: { sync_id: 9 } } },
    ],
    ['hourly', withSchedule({ frequency: 'hourly', hour: 3 }), scheduled({ frequency: 'hourly', minute: 0 })],
    [
      'weekly',
      withSchedule({ frequency: 'weekly', day: 'Monday', hour: 6 }),
      scheduled({ frequency: 'weekly', day: 'Monday', hour: 6, minute: 0 }),
    ],
    [
      'cron: what the server computed goes, and spaces are single',
      withSchedule({ frequency: 'expression', cron_expression: ' 15  6 * * 1 ', day: 'Monday', hour: 6, minute: 15 }),
      scheduled({ frequency: 'expression', cron_expression: '15 6 * * 1' }),
    ],
    ['never', withSchedule({ frequency: 'never', day: null, hour: 0, minute: 0 }), scheduled({ frequency: 'never' })],
    [
      'null clears and stays',
      withMode({ triggers: { schedule: null, dbt_cloud: null } }),
      {
        triggers: { schedule: null, dbt_cloud: null },
      },
    ],
    [
      'a link to another manifest stays a name',
      withMode({ triggers: { sync_sequence: { sync: 'parent' } } }),
      { triggers: { sync_sequence: { sync: 'parent' } } },
    ],
    [
      'the flat form',
      spec({
        schedule_frequency: 'weekly',
        schedule_day: 'Friday',
        schedule_hour: 6,
        schedule_minute: null,
        cron_expression: null,
      }),
      scheduled({ frequency: 'weekly', day: 'Friday', hour: 6, minute: 0 }),
    ],
    [
      'the flat form of a cron schedule, with triggers beside it',
      spec({
        schedule_frequency: 'expression',
        cron_expression: '0 6 * * *',
        triggers: { dbt_cloud: { project_id: '1', job_id: '2' } },
      }),
      {
        type: 'triggered',
        triggers: {
          dbt_cloud: { project_id: '1', job_id: '2' },
          schedule: { frequency: 'expression', cron_expression: '0 6 * * *' },
        },
      },
    ],
    [
      'old triggers alone leave the schedule alone',
      spec({ triggers: { sync_sequence: { sync_id: 5 } } }),
      { type: 'triggered', triggers: { sync_sequence: { sync_id: 5 } } },
    ],
    [
      'flat copies beside a mode go',
      spec({
        mode: { type: 'triggered', triggers: { schedule: { frequency: 'never' } } },
        schedule_frequency: 'daily',
        triggers: { dbt_cloud: { project_id: '1', job_id: '2' } },
      }),
      scheduled({ frequency: 'never' }),
    ],
  ];
  check(rows, (given) => given.mode);
});

describe('alerts', () => {
  const rows: readonly Row[] = [
    [
      'ids go, and options that hold nothing',
      spec({
        alert_attributes: [
          {
            id: 1,
            type: 'FailureAlertConfiguration',
            send_for: 'first_time',
            should_send_recovery: true,
            options: null,
          },
          { id: 2, type: 'StatusAlertConfiguration', options: { status_name: 'started' } },
          { type: 'FullSyncTriggerAlertConfiguration', options: {} },
        ],
      }),
      {
        alerts: [
          { type: 'FailureAlertConfiguration', send_for: 'first_time', should_send_recovery: true },
          { type: 'StatusAlertConfiguration', options: { status_name: 'started' } },
          { type: 'FullSyncTriggerAlertConfiguration' },
        ],
      },
    ],
    ['none are none', spec({ alert_attributes: [] }), { alerts: [] }],
    ['null stays', spec({ alert_attributes: null }), { alerts: null }],
  ];
  check(rows, (given) => ({ alerts: given.alert_attributes }));
});

test('what only the server sets is dropped, and nothing else', () => {
  const given = spec({
    id: 1,
    status: 'Ready',
    created_at: 'x',
    updated_at: 'y',
    live: true,
    validate_only: true,
    paused: null,
    advanced_configuration: { a: null, b: { c: 1 } },
  });
  expect(new Set(Object.keys(canonical(given)))).toEqual(
    new Set([
      'advanced_configuration',
      'destination_attributes',
      'label',
      'mappings',
      'operation',
      'paused',
      'source_attributes',
    ]),
  );
  expect(canonical(given)).toMatchObject({ paused: null, advanced_configuration: { a: null, b: { c: 1 } } });
});

test('silence stays silence', () => {
  expect(canonical({ operation: 'upsert' })).toEqual({ operation: 'upsert' });
});
