import { describe, expect, test } from 'vitest';
import type { JsonObject, Pointer, Spec } from '../../../src/model/json.ts';
import { canonical } from '../../../src/providers/census/language/canonical.ts';
import { encodeCreate } from '../../../src/providers/census/wire/sync/encode.ts';
import { encodeUpdate, encodeWhole } from '../../../src/providers/census/wire/sync/update.ts';
import { answered, spec, wire } from './build.ts';

const call = { method: 'PATCH', path: '/api/v1/syncs/90001' };

type Row = readonly [name: string, live: JsonObject, desired: Spec, changed: readonly Pointer[], body: JsonObject];

const alert = (id: number, type: string, options: JsonObject | null = {}): JsonObject => ({
  id,
  type: `${type}AlertConfiguration`,
  send_for: 'first_time',
  should_send_recovery: true,
  options,
});

const daily = { frequency: 'daily', hour: 6, minute: 0 };

const rows: readonly Row[] = [
  ['only what changed is sent', {}, { label: 'New', paused: true }, ['/label'], { label: 'New' }],
  ['a false is said aloud', { paused: true }, { paused: false }, ['/paused'], { paused: false }],
  ['a label is cleared with null', {}, { label: null }, ['/label'], { label: null }],
  ['an empty text clears too', {}, { label: '' }, ['/label'], { label: null }],
  [
    'a default takes the place of null',
    {},
    { field_behavior: null },
    ['/field_behavior'],
    { field_behavior: 'specific_properties' },
  ],
  [
    'alerts are cleared with an empty list',
    {},
    { alert_attributes: null },
    ['/alert_attributes'],
    { alert_attributes: [] },
  ],
  [
    'a map is cleared with an empty one',
    { advanced_configuration: { a: 1 } },
    { advanced_configuration: null },
    ['/advanced_configuration'],
    { advanced_configuration: {} },
  ],
  [
    'a mode is cleared with the default',
    { mode: { type: 'triggered', triggers: { dbt_cloud: { project_id: '1', job_id: '2' } } } },
    { mode: null },
    ['/mode'],
    { mode: { type: 'triggered', triggers: { schedule: { frequency: 'never' } } } },
  ],
  [
    'what changed and is no longer wished is cleared',
    { field_normalization: 'snake_case' },
    {},
    ['/field_normalization'],
    { field_normalization: null },
  ],
  [
    'silence in an object keeps what is there, also what nobody describes; answers’ forms are undone',
    {
      mode: {
        type: 'triggered',
        future: 1,
        triggers: {
          schedule: { frequency: 'expression', cron_expression: '15 6 * * 1', day: 'Monday', hour: 6, minute: 15 },
          dbt_cloud: { project_id: '1', job_id: '2' },
          fivetran: null,
        },
      },
    },
    { mode: { triggers: { sync_sequence: { sync_id: 5 } } } },
    ['/mode/triggers/sync_sequence/sync_id'],
    {
      mode: {
        type: 'triggered',
        future: 1,
        triggers: {
          schedule: { frequency: 'expression', cron_expression: '15 6 * * 1' },
          dbt_cloud: { project_id: '1', job_id: '2' },
          sync_sequence: { sync_id: 5 },
        },
      },
    },
  ],
  [
    'null in an object leaves the key out',
    { mode: { type: 'triggered', triggers: { schedule: daily, dbt_cloud: { project_id: '1', job_id: '2' } } } },
    { mode: { triggers: { dbt_cloud: null } } },
    ['/mode/triggers/dbt_cloud'],
    { mode: { type: 'triggered', triggers: { schedule: daily } } },
  ],
  [
    'a schedule is one value: nothing live is merged in',
    { mode: { type: 'triggered', triggers: { schedule: { frequency: 'weekly', day: 'Monday', hour: 6, minute: 5 } } } },
    { mode: { triggers: { schedule: { frequency: 'hourly', minute: 0 } } } },
    ['/mode/triggers/schedule/frequency'],
    { mode: { type: 'triggered', triggers: { schedule: { frequency: 'hourly', minute: 0 } } } },
  ],
  [
    'a legacy sync is written in the new form',
    {
      mode: null,
      schedule_frequency: 'daily',
      schedule_hour: 6,
      triggers: { dbt_cloud: { project_id: '1', job_id: '2' } },
    },
    { mode: { triggers: { dbt_cloud: { job_id: '3' } } } },
    ['/mode/triggers/dbt_cloud/job_id'],
    { mode: { type: 'triggered', triggers: { schedule: daily, dbt_cloud: { project_id: '1', job_id: '3' } } } },
  ],
  [
    'somebody else’s field stays, though the manifest says otherwise',
    { advanced_configuration: { mine: 1, theirs: 2, none: null } },
    { advanced_configuration: { mine: 5, theirs: 3 } },
    ['/advanced_configuration/mine'],
    { advanced_configuration: { mine: 5, theirs: 2, none: null } },
  ],
  [
    'keys of a map that are to go',
    { advanced_configuration: { a: 1, b: 2, c: 3 } },
    { advanced_configuration: { a: null } },
    ['/advanced_configuration/a', '/advanced_configuration/b'],
    { advanced_configuration: { c: 3 } },
  ],
  [
    'what the answer leaves out is sent again, or it would be forgotten',
    { high_water_mark_attributes: null },
    { high_water_mark_attributes: { column_name: 'a', use_high_water_mark_diff_type: true } },
    ['/high_water_mark_attributes/column_name'],
    { high_water_mark_attributes: { column_name: 'a', use_high_water_mark_diff_type: true } },
  ],
  [
    'another destination object keeps the connection',
    { destination_attributes: { connection_id: 601, object: 'Contact', lead_union_insert_to: null } },
    { destination_attributes: { object: 'Lead' } },
    ['/destination_attributes/object'],
    { destination_attributes: { connection_id: 601, object: 'Lead' } },
  ],
  [
    'a legacy lead union is sent along',
    { lead_union_insert_to: 'lead', destination_attributes: { connection_id: 601, object: 'Lead' } },
    { destination_attributes: { object: 'Contact' } },
    ['/destination_attributes/object'],
    { destination_attributes: { connection_id: 601, object: 'Contact', lead_union_insert_to: 'lead' } },
  ],
  [
    'another connection keeps the segment, in request form',
    {
      source_attributes: {
        connection_id: 5,
        filter_segment_id: 33,
        object: { type: 'filter_segment_source', id: 6, dataset_id: 8 },
      },
    },
    { source_attributes: { connection_id: 7 } },
    ['/source_attributes/connection_id'],
    { source_attributes: { connection_id: 7, filter_segment_id: 33, object: { type: 'dataset', id: 8 } } },
  ],
  [
    'a segment of a model, as the service once had them, is not lost',
    { source_attributes: { connection_id: 5, filter_segment_id: 33, object: { type: 'model', id: 15, query: 'q' } } },
    { source_attributes: { connection_id: 7 } },
    ['/source_attributes/connection_id'],
    { source_attributes: { connection_id: 7, filter_segment_id: 33, object: { type: 'model', id: 15 } } },
  ],
  [
    'a cohort takes the place of a table',
    {},
    { source_attributes: { connection_id: 501, object: { type: 'cohort', id: 77, dataset_id: 8 } } },
    ['/source_attributes/object/type', '/source_attributes/object/id'],
    { source_attributes: { connection_id: 501, cohort_id: 77, object: { type: 'dataset', id: 8 } } },
  ],
  [
    'a table that stays is sent by its names',
    {},
    { source_attributes: { connection_id: 502 } },
    ['/source_attributes/connection_id'],
    {
      source_attributes: {
        connection_id: 502,
        object: { type: 'table', table_catalog: 'analytics', table_schema: 'public', table_name: 'users' },
      },
    },
  ],
  [
    'mappings are sent whole as declared: nothing live is merged in but what nobody describes',
    {
      mappings: [
        answered('email', 'Email', 0, { is_primary_identifier: true, future: { x: 1 } }),
        answered('city', 'City', 1, { preserve_values: true, lookup_object: 'A', lookup_field: 'B' }),
        answered('old', 'Old', 2),
        answered({ type: 'compound_key', data: [] }, 'key', 3),
      ],
    },
    {
      mappings: [
        { from: { type: 'column', data: 'mail' }, to: 'Email', is_primary_identifier: true, operation: null },
        { from: { type: 'constant_value', data: { value: '5', basic_type: 'number' } }, to: 'City' },
        { from: { type: 'liquid_template', data: '{{ 1 }}' }, to: 'New', field_type: 'text', generate_field: true },
      ],
    },
    ['/mappings/Email/from'],
    {
      mappings: [
        { from: { type: 'column', data: 'mail' }, to: 'Email', is_primary_identifier: true, future: { x: 1 } },
        {
          from: { type: 'constant_value', data: { value: '5', basic_type: 'number' } },
          to: 'City',
          is_primary_identifier: false,
        },
        {
          from: { type: 'liquid_template', data: '{{ 1 }}' },
          to: 'New',
          field_type: 'text',
          generate_field: true,
          is_primary_identifier: false,
        },
      ],
    },
  ],
  [
    'under sync_all_properties the server’s others are sent along, in their places',
    {
      field_behavior: 'sync_all_properties',
      mappings: [
        answered({ type: 'liquid_template', data: { liquid_template: '{{ x }}' } }, 'X', 1),
        answered('a', 'A', 0, { is_primary_identifier: true }),
        answered('y', 'Y', 3, { future: 1 }),
        answered('b', 'B', 2),
        answered({ type: 'compound_key', data: [] }, 'key', 4),
      ],
    },
    {
      mappings: [
        { from: { type: 'column', data: 'b' }, to: 'B' },
        { from: { type: 'column', data: 'n' }, to: 'N' },
        { from: { type: 'column', data: 'a' }, to: 'A', is_primary_identifier: true },
      ],
    },
    ['/mappings/N'],
    {
      mappings: [
        { from: { type: 'column', data: 'b' }, to: 'B', is_primary_identifier: false },
        {
          from: { type: 'liquid_template', data: '{{ x }}' },
          to: 'X',
          is_primary_identifier: false,
          generate_field: false,
          preserve_values: false,
          sync_null_values: true,
        },
        { from: { type: 'column', data: 'n' }, to: 'N', is_primary_identifier: false },
        { from: { type: 'column', data: 'a' }, to: 'A', is_primary_identifier: true },
        {
          from: { type: 'column', data: 'y' },
          to: 'Y',
          is_primary_identifier: false,
          generate_field: false,
          preserve_values: false,
          sync_null_values: true,
          future: 1,
        },
      ],
    },
  ],
  [
    'another identifier takes the place of an undeclared one, whose field stays mapped',
    { field_behavior: 'sync_all_properties' },
    { mappings: [{ from: { type: 'column', data: 'id' }, to: 'Id', is_primary_identifier: true }] },
    ['/mappings/Id'],
    {
      mappings: [
        { from: { type: 'column', data: 'id' }, to: 'Id', is_primary_identifier: true },
        {
          from: { type: 'column', data: 'email' },
          to: 'Email',
          is_primary_identifier: false,
          generate_field: false,
          preserve_values: false,
          sync_null_values: true,
        },
      ],
    },
  ],
  [
    'alerts carry the ids of those that they continue',
    {
      alert_attributes: [
        alert(1, 'InvalidRecordPercent', { threshold: 10 }),
        alert(2, 'Failure'),
        alert(3, 'InvalidRecordPercent', { threshold: 20 }),
        alert(4, 'Runtime', { threshold: 5, unit: 'hours', start_type: 'actual' }),
      ],
    },
    {
      alert_attributes: [
        { type: 'InvalidRecordPercentAlertConfiguration', options: { threshold: 30 } },
        { type: 'InvalidRecordPercentAlertConfiguration', options: { threshold: 10 } },
        { type: 'FailureAlertConfiguration', send_for: 'every_time', options: null },
        { type: 'FailureAlertConfiguration' },
      ],
    },
    ['/alert_attributes/FailureAlertConfiguration'],
    {
      alert_attributes: [
        { id: 3, type: 'InvalidRecordPercentAlertConfiguration', options: { threshold: 30 } },
        { id: 1, type: 'InvalidRecordPercentAlertConfiguration', options: { threshold: 10 } },
        { id: 2, type: 'FailureAlertConfiguration', send_for: 'every_time' },
        { type: 'FailureAlertConfiguration' },
      ],
    },
  ],
  ['what only the server sets is never sent', {}, { id: 5, status: 'x' }, ['/id', '/status', '/unknown'], {}],
];

describe('the body of an update', () => {
  test.each(rows)('%s', (_name, live, desired, changed, body) => {
    expect(encodeUpdate(wire(live), desired, changed, call)).toEqual(body);
  });

  test.each([
    [{ source_attributes: { connection: 'x' } }, 'source_attributes.connection still is a name'],
    [{ destination_attributes: { connection: 'x' } }, 'destination_attributes.connection still is a name'],
    [{ mode: { triggers: { sync_sequence: { sync: 'x' } } } }, 'mode.triggers.sync_sequence.sync still is a name'],
    [{ source_attributes: { object: { type: 'dataset', name: 'x' } } }, "the id of the source's dataset is not known"],
    [{ source_attributes: { object: { type: 'cohort', id: 5 } } }, "the dataset of the source's cohort is not known"],
  ])('%j cannot be sent', (desired, problem) => {
    const changed = Object.keys(desired).map((key) => `/${key}`);
    expect(() => encodeUpdate(wire(), desired, changed, call)).toThrow(
      expect.objectContaining({ fate: 'unsent', message: `PATCH /api/v1/syncs/90001 was not sent: ${problem}` }),
    );
  });
});

describe('the body of a create', () => {
  test('says what is there, and leaves null out; alerts that are cleared are none', () => {
    const desired = canonical(
      spec({
        paused: true,
        label: null,
        alert_attributes: null,
        advanced_configuration: { a: null, b: false, retry_policy: { limit: null, first: { at: null, after: 5 } } },
        mode: { triggers: { schedule: null, fivetran: { job_id: 'a', job_name: 'b' } } },
        source_attributes: { connection_id: 501, object: { type: 'topic', name: 'orders' } },
        mappings: [{ from: { constant: true }, to: 'A', primary: true, lookup_object: null, operation: '' }],
      }),
    );
    expect(encodeCreate(desired, call)).toEqual({
      operation: 'upsert',
      paused: true,
      alert_attributes: [],
      advanced_configuration: { b: false, retry_policy: { first: { after: 5 } } },
      mode: { type: 'triggered', triggers: { fivetran: { job_id: 'a', job_name: 'b' } } },
      source_attributes: { connection_id: 501, object: { type: 'topic', name: 'orders' } },
      destination_attributes: { connection_id: 601, object: 'Contact' },
      mappings: [
        {
          from: { type: 'constant_value', data: { value: 'true', basic_type: 'boolean' } },
          to: 'A',
          is_primary_identifier: true,
        },
      ],
    });
  });

  test('silence about alerts stays silence', () => {
    expect(encodeCreate(canonical(spec()), call)).not.toHaveProperty('alert_attributes');
  });
});

describe('the body of a probe', () => {
  test('is the sync as the update would leave it, without ids and facts', () => {
    const live = wire({
      operation: 'mirror',
      mirror_strategy: 'sync_updates_and_deletes',
      alert_attributes: [alert(2, 'Failure')],
      advanced_configuration: { a: 1 },
      mappings: [answered('email', 'Email', 0, { is_primary_identifier: true, operation: null })],
    });
    const body = encodeWhole(live, { operation: 'upsert', advanced_configuration: { b: 2 } }, call);
    expect(body).toEqual({
      label: 'Users to contacts',
      operation: 'upsert',
      paused: false,
      source_attributes: {
        connection_id: 501,
        object: { type: 'table', table_catalog: 'analytics', table_schema: 'public', table_name: 'users' },
      },
      destination_attributes: { connection_id: 601, object: 'Contact' },
      mappings: [
        {
          from: { type: 'column', data: 'email' },
          to: 'Email',
          is_primary_identifier: true,
          generate_field: false,
          preserve_values: false,
          sync_null_values: true,
        },
      ],
      mode: { type: 'triggered', triggers: { schedule: { frequency: 'never' } } },
      field_behavior: 'specific_properties',
      advanced_configuration: { a: 1, b: 2 },
      alert_attributes: [{ type: 'FailureAlertConfiguration', send_for: 'first_time', should_send_recovery: true }],
    });
  });
});
