import { describe, expect, test } from 'vitest';
import { ProviderError } from '../../../src/model/errors.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import { decode } from '../../../src/providers/census/wire/sync/decode.ts';
import { answered, normalised, wire } from './build.ts';

const call = { method: 'GET', path: '/api/v1/syncs' };

function field(over: JsonObject, key: string): Json | undefined {
  return normalised(decode(wire(over), call).spec)[key];
}

const never = { type: 'triggered', triggers: { schedule: { frequency: 'never' } } };

describe('an answer', () => {
  const rows: readonly (readonly [name: string, over: JsonObject, key: string, expected: Json | undefined])[] = [
    [
      '1: a dataset',
      { source_attributes: { connection_id: 5, object: { type: 'business_object_source', id: 6, dataset_id: 8 } } },
      'source_attributes',
      { connection_id: 5, object: { type: 'dataset', id: 8 } },
    ],
    [
      '2: a segment',
      {
        source_attributes: {
          connection_id: 5,
          filter_segment_id: 33,
          object: { type: 'filter_segment_source', id: 6, dataset_id: 8 },
        },
      },
      'source_attributes',
      { connection_id: 5, object: { type: 'segment', id: 33, dataset_id: 8 } },
    ],
    [
      '2: a cohort that does not tell its dataset',
      { source_attributes: { connection_id: 5, cohort_id: 77, object: { type: 'cohort_source', id: 6 } } },
      'source_attributes',
      { connection_id: 5, object: { type: 'cohort', id: 77 } },
    ],
    [
      '3: a table has both, names and id',
      {},
      'source_attributes',
      {
        connection_id: 501,
        object: { type: 'table', table_catalog: 'analytics', table_schema: 'public', table_name: 'users', id: 7731 },
      },
    ],
    [
      '4: a model',
      {
        source_attributes: {
          connection_id: '5',
          object: { type: 'model', id: '15', name: 'm', query: 'q', created_at: 'c', updated_at: 'u' },
        },
      },
      'source_attributes',
      { connection_id: 5, object: { type: 'model', id: 15 } },
    ],
    [
      '5: a template is unwrapped, 7: mappings are sorted, 8: defaults are dropped, 9: compound keys too',
      {
        mappings: [
          answered({ type: 'liquid_template', data: { liquid_template: '{{ 1 }}' } }, 'C', 2, { operation: 'set' }),
          answered({ type: 'compound_key', data: [] }, 'key', 3, { is_primary_identifier: true }),
          answered('b', 'B', 1, { sync_null_values: false }),
          answered('a', 'A', 0, { is_primary_identifier: true, lookup_object: '' }),
        ],
      },
      'mappings',
      [
        { from: { type: 'column', data: 'a' }, to: 'A', is_primary_identifier: true },
        { from: { type: 'column', data: 'b' }, to: 'B', sync_null_values: false },
        { from: { type: 'liquid_template', data: '{{ 1 }}' }, to: 'C' },
      ],
    ],
    [
      '6: constants of any type',
      {
        mappings: [
          answered({ type: 'constant_value', data: { value: 5, basic_type: 'number' } }, 'A', 0),
          answered({ type: 'constant_value', data: { value: 'true', basic_type: 'boolean' } }, 'B', 1),
        ],
      },
      'mappings',
      [
        { from: { type: 'constant_value', data: { value: '5', basic_type: 'number' } }, to: 'A' },
        { from: { type: 'constant_value', data: { value: 'true', basic_type: 'boolean' } }, to: 'B' },
      ],
    ],
    [
      'a kind of mapping that nobody knows passes as it is',
      { mappings: [answered({ type: 'reference', data: { to: [1] } }, 'A', 0)] },
      'mappings',
      [{ from: { type: 'reference', data: { to: [1] } }, to: 'A' }],
    ],
    [
      'the form of 2021',
      { mappings: [{ from: 'a', to: 'A' }] },
      'mappings',
      [{ from: { type: 'column', data: 'a' }, to: 'A' }],
    ],
    [
      '12: alerts',
      {
        alert_attributes: [
          { id: 1, type: 'FailureAlertConfiguration', send_for: 'first_time', should_send_recovery: true, options: {} },
          { id: 2, type: 'FullSyncTriggerAlertConfiguration', options: null },
          { id: 3, type: 'InvalidRecordPercentAlertConfiguration', options: { threshold: '75' } },
        ],
      },
      'alert_attributes',
      [
        { type: 'FailureAlertConfiguration', send_for: 'first_time', should_send_recovery: true },
        { type: 'FullSyncTriggerAlertConfiguration' },
        { type: 'InvalidRecordPercentAlertConfiguration', options: { threshold: 75 } },
      ],
    ],
    ['13: no mode', { mode: null }, 'mode', never],
    ['13: an empty mode', { mode: {} }, 'mode', never],
    [
      '14: cron',
      {
        mode: {
          type: 'triggered',
          triggers: {
            schedule: { frequency: 'expression', cron_expression: '15 6 * * 1', day: 'Monday', hour: 6, minute: 15 },
          },
        },
      },
      'mode',
      { type: 'triggered', triggers: { schedule: { frequency: 'expression', cron_expression: '15 6 * * 1' } } },
    ],
    [
      '15: a sequence alone, or beside `never`',
      { mode: { type: 'triggered', triggers: { sync_sequence: { sync_id: 5 }, dbt_cloud: null } } },
      'mode',
      { type: 'triggered', triggers: { schedule: { frequency: 'never' }, sync_sequence: { sync_id: 5 } } },
    ],
    [
      '16: daily without a time',
      { mode: { type: 'triggered', triggers: { schedule: { frequency: 'daily', hour: null, minute: null } } } },
      'mode',
      { type: 'triggered', triggers: { schedule: { frequency: 'daily', hour: 0, minute: 0 } } },
    ],
    [
      '21: the JSON of a spreadsheet',
      { destination_attributes: { connection_id: 6, object: '{"spreadsheet_id": "a", "sheet_id": "0"}' } },
      'destination_attributes',
      { connection_id: 6, object: '{"sheet_id":"0","spreadsheet_id":"a"}' },
    ],
    [
      '21: the JSON of a spreadsheet, unpacked',
      { destination_attributes: { connection_id: 6, object: { spreadsheet_id: 'a', sheet_id: '0' } } },
      'destination_attributes',
      { connection_id: 6, object: '{"sheet_id":"0","spreadsheet_id":"a"}' },
    ],
    [
      '22: a legacy sync tells its schedule in flat fields',
      {
        mode: null,
        schedule_frequency: 'weekly',
        schedule_day: 'Monday',
        schedule_hour: 6,
        schedule_minute: null,
        cron_expression: null,
        triggers: { dbt_cloud: { project_id: 12, job_id: 34 }, sync_sequence: null },
      },
      'mode',
      {
        type: 'triggered',
        triggers: {
          schedule: { frequency: 'weekly', day: 'Monday', hour: 6, minute: 0 },
          dbt_cloud: { project_id: '12', job_id: '34' },
        },
      },
    ],
    [
      '22: a legacy lead union',
      { lead_union_insert_to: 'lead', destination_attributes: { connection_id: 6, object: 'Lead' } },
      'destination_attributes',
      { connection_id: 6, object: 'Lead', lead_union_insert_to: 'lead' },
    ],
    [
      '23: copies beside a mode are ignored',
      {
        schedule_frequency: 'daily',
        schedule_day: 'Monday',
        schedule_hour: 1,
        triggers: { fivetran: { job_id: 'a' } },
      },
      'mode',
      never,
    ],
    ['a source that was deleted', { source_attributes: null }, 'source_attributes', null],
    [
      'a kind of source that nobody knows',
      { source_attributes: { connection_id: 5, object: { type: 'lake', id: 5, name: 'l', query: 'q' } } },
      'source_attributes',
      { connection_id: 5, object: { type: 'lake', id: 5, name: 'l' } },
    ],
  ];
  test.each(rows)('%s', (_name, over, key, expected) => {
    expect(field(over, key)).toEqual(expected);
  });

  test('says nothing about keys that nobody knows, or that only the server sets', () => {
    const { spec } = decode(wire({ future: 1, status: 'Failing' }), call);
    expect(Object.keys(spec)).not.toContain('future');
    expect(Object.keys(spec)).not.toContain('status');
    expect(Object.keys(spec)).not.toContain('id');
  });

  test.each([
    ['Users', 'Users'],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('label %j is the label %j', (label, expected) => {
    const { label: _none, ...rest } = wire();
    expect(decode(label === undefined ? rest : { ...rest, label }, call).label).toBe(expected);
  });
});

describe('an answer that cannot be understood', () => {
  const rows: readonly (readonly [over: Json, problem: string])[] = [
    ['text', 'the sync is a string, not an object'],
    [{ id: null }, '/id of a sync is null, not a whole number'],
    [wire({ id: 1.5 }), '/id of a sync is a number, not a whole number'],
    [wire({ label: 5 }), '/label of sync 90001 is a number, not text'],
    [wire({ mappings: {} }), '/mappings of sync 90001 is an object, not a list'],
    [wire({ mappings: [5] }), '/mappings/0 of sync 90001 is a number, not an object'],
    [wire({ mappings: [{ from: 'a' }] }), '/mappings/0/to of sync 90001 is missing, not text'],
    [wire({ mappings: [{ from: 5, to: 'a' }] }), '/mappings/0/from of sync 90001 is a number, not an object'],
    [wire({ mappings: [{ from: {}, to: 'a' }] }), '/mappings/0/from/type of sync 90001 is missing, not text'],
    [
      wire({ mappings: [{ from: { type: 'constant_value', data: { value: [] } }, to: 'a' }] }),
      '/mappings/0/from/data/value of sync 90001 is a list, not a scalar',
    ],
    [wire({ source_attributes: 'x' }), '/source_attributes of sync 90001 is a string, not an object'],
    [wire({ source_attributes: { object: [] } }), '/source_attributes/object of sync 90001 is a list, not an object'],
    [wire({ mode: 'triggered' }), '/mode of sync 90001 is a string, not an object'],
    [
      wire({ mode: { triggers: { schedule: 'daily' } } }),
      '/mode/triggers/schedule of sync 90001 is a string, not an object',
    ],
    [wire({ mode: null, triggers: 'x' }), '/triggers of sync 90001 is a string, not an object'],
    [wire({ alert_attributes: [{}] }), '/alert_attributes/0/type of sync 90001 is missing, not text'],
    [wire({ advanced_configuration: 'x' }), '/advanced_configuration of sync 90001 is a string, not an object'],
  ];
  test.each(rows)('%j', (given, problem) => {
    expect(() => decode(given, call)).toThrow(ProviderError);
    expect(() => decode(given, call)).toThrow(`GET /api/v1/syncs answered something unexpected: ${problem}`);
  });
});

describe('health', () => {
  test.each([
    ['Up to Date', 'ok'],
    ['ready', 'ok'],
    ['Failing', 'failing'],
    ['Paused for maintenance', undefined],
    [null, undefined],
    [7, undefined],
  ])('of the status %j is %s', (status, health) => {
    expect(decode(wire({ status }), call).health).toBe(health);
  });
});
