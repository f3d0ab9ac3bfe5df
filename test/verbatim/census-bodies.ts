import type { Json, JsonObject } from '../../src/model/json.ts';

/** What a body is about, and the body of a create without its label. */
export type Body = readonly [title: string, body: JsonObject];

const names = { table_catalog: 'analytics', table_schema: 'public', table_name: 'users' };
const table = { type: 'table', ...names };
const email = { from: { type: 'column', data: 'email' }, to: 'Email', is_primary_identifier: true };

/** The plainest documented body. */
export const base: JsonObject = {
  operation: 'upsert',
  source_attributes: { connection_id: 501, object: table },
  destination_attributes: { connection_id: 502, object: 'Contact' },
  mappings: [email],
};

function from(source: JsonObject): JsonObject {
  return { ...base, source_attributes: { connection_id: 501, ...source } };
}

function into(connection_id: number, object: string, more: JsonObject = {}): JsonObject {
  return { ...base, destination_attributes: { connection_id, object }, ...more };
}

function mapped(mapping: JsonObject): JsonObject {
  return { ...base, mappings: [email, { from: { type: 'column', data: 'city' }, to: 'City', ...mapping }] };
}

function triggered(triggers: JsonObject, more: JsonObject = { type: 'triggered' }): JsonObject {
  return { ...base, mode: { ...more, triggers } };
}

function alerted(...alerts: readonly JsonObject[]): JsonObject {
  return { ...base, alert_attributes: alerts };
}

/** One body for each value that a field may have. */
function each(field: string, values: readonly Json[], rest: JsonObject = base): readonly Body[] {
  return values.map((value) => [`${field}: ${JSON.stringify(value)}`, { ...rest, [field]: value }]);
}

const operations: readonly Body[] = [
  ...each('operation', ['insert', 'mirror', 'update', 'upsert']),
  ['operation: "append"', { ...base, operation: 'append', mappings: [{ ...email, to: 'unique_id' }] }],
];

export const sources: readonly Body[] = [
  ['a table by its names', from({ object: table })],
  ['a table by its id', from({ object: { type: 'table', id: 7731 } })],
  ['a table as answered', from({ object: { ...table, id: 7731, name: 'users' } })],
  ['a table without its catalog', from({ object: { type: 'table', table_schema: 'public', table_name: 'users' } })],
  ['a table by its name alone', from({ object: { type: 'table', table_name: 'users' } })],
  ['a table with unused keys left empty', from({ object: { ...table, table_catalog: '' } })],
  ['a model by id', from({ object: { type: 'model', id: 915 } })],
  ['a model by name', from({ object: { type: 'model', name: 'orders_export' } })],
  ['a model by id and name', from({ object: { type: 'model', id: 915, name: 'orders_export' } })],
  ['a dataset', from({ object: { type: 'dataset', id: 8123 } })],
  ['a topic by id', from({ object: { type: 'topic', id: 3 } })],
  ['a topic by name', from({ object: { type: 'topic', name: 'clicks' } })],
  ['a topic by id and name', from({ object: { type: 'topic', id: 3, name: 'clicks' } })],
  ['a segment of a dataset', from({ filter_segment_id: 3301, object: { type: 'dataset', id: 8123 } })],
  ['a segment of a model', from({ filter_segment_id: 3301, object: { type: 'model', id: 915 } })],
  ['a segment of a named model', from({ filter_segment_id: 3301, object: { type: 'model', name: 'orders_export' } })],
  ['a segment named inside', from({ object: { type: 'dataset', id: 8123, filter_segment_id: 3301 } })],
  ['a cohort', from({ cohort_id: 77, object: { type: 'dataset', id: 8123 } })],
  ['ids as text', from({ connection_id: '501', filter_segment_id: '3301', object: { type: 'dataset', id: '8123' } })],
  ['a cohort, ids as text', from({ connection_id: '501', cohort_id: '77', object: { type: 'dataset', id: '8123' } })],
];

const destinations: readonly Body[] = [
  ...['lead', 'converted', '', null].map(
    (lead): Body => [
      `a lead union into ${JSON.stringify(lead)}`,
      { ...base, destination_attributes: { connection_id: '502', object: 'Lead', lead_union_insert_to: lead } },
    ],
  ),
  ['a lead union in its older place', { ...base, lead_union_insert_to: 'lead' }],
  ['a file path with tokens of time', into(505, 'exports/orders-%Y-%m-%d.csv')],
  [
    'a spreadsheet, without an identifier',
    into(506, '{"spreadsheet_id":"a","sheet_id":"0"}', {
      operation: 'mirror',
      mappings: [{ from: { type: 'column', data: 'email' }, to: 'E-mail' }],
    }),
  ],
  [
    'a destination with a key of its own',
    into(507, 'click_conversion', {
      operation: 'append',
      mappings: [
        { from: { type: 'column', data: 'gclid' }, to: 'gclid' },
        { from: { type: 'column', data: 'at' }, to: 'at' },
      ],
    }),
  ],
];

const constants: readonly JsonObject[] = [
  { value: 'x', basic_type: 'text' },
  { value: '', basic_type: 'text' },
  { value: '5', basic_type: 'number' },
  { value: 5, basic_type: 'number' },
  { value: 'true', basic_type: 'boolean' },
  { value: false, basic_type: 'boolean' },
  { value: '2026-01-01T00:00:00Z', basic_type: 'datetime' },
  { value: 'no type' },
];

const template = "{{ record['city'] | upcase }}";

export const mappings: readonly Body[] = [
  ...constants.map(
    (data): Body => [`a constant ${JSON.stringify(data)}`, mapped({ from: { type: 'constant_value', data } })],
  ),
  ['a column as bare text, the form of 2021', mapped({ from: 'city' })],
  ['sync metadata', mapped({ from: { type: 'sync_metadata', data: 'sync_run_id' } })],
  ['segment membership', mapped({ from: { type: 'segment_membership', data: { identify_by: 'name' } } })],
  ['a template', mapped({ from: { type: 'liquid_template', data: template } })],
  ['a template as answered', mapped({ from: { type: 'liquid_template', data: { liquid_template: template } } })],
  ['a reference', mapped({ lookup_object: 'Account', lookup_field: 'External_Id__c' })],
  ['a reference left empty', mapped({ lookup_object: '', lookup_field: '' })],
  ...['preserve_values', 'generate_field', 'sync_null_values', 'is_primary_identifier'].flatMap((flag) =>
    [true, false]
      .filter((value) => flag !== 'is_primary_identifier' || !value)
      .map((value): Body => [`${flag}: ${value}`, mapped({ [flag]: value })]),
  ),
  ...['merge', 'overwrite', 'set', '', null].map(
    (operation): Body => [`an array operation ${JSON.stringify(operation)}`, mapped({ operation })],
  ),
  ...['text', 'number', 'boolean', 'date', ''].map(
    (field_type): Body => [
      `a generated field of type ${JSON.stringify(field_type)}`,
      mapped({ generate_field: true, field_type }),
    ],
  ),
  ['a generated list', mapped({ generate_field: true, array_field: true, field_type: 'text' })],
  ['a generated field that follows', mapped({ generate_field: true, follow_source_type: true })],
  ['positions', { ...base, mappings: [{ ...email, position: 0 }] }],
];

const schedules: readonly JsonObject[] = [
  { frequency: 'never' },
  { frequency: 'continuous' },
  { frequency: 'quarter_hourly' },
  { frequency: 'hourly', minute: 59 },
  { frequency: 'daily' },
  { frequency: 'daily', hour: 0, minute: 0 },
  { frequency: 'daily', hour: 23, minute: 30 },
  { frequency: 'daily', hour: 24 },
  ...['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'].map((day) => ({
    frequency: 'weekly',
    day,
    hour: 6,
    minute: 30,
  })),
  { frequency: 'expression', cron_expression: '15 */4 * * 1,2,3,4,5' },
  { frequency: 'daily', hour: 6, minute: 0, day: 'Monday', cron_expression: '0 6 * * 1' },
  { frequency: 'daily', day: null, hour: 6, minute: 0, cron_expression: null },
  { frequency: 'never', day: '', hour: 0, minute: 0, cron_expression: '' },
];

const dbt = { project_id: '12345', job_id: '67890' };
const fivetran = { job_id: 'abc_def', job_name: 'my_connection' };
const sequence = { sync_id: 90000 };
const nothing = { dbt_cloud: {}, fivetran: {}, sync_sequence: {}, schedule: {} };

function flatly(schedule: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schedule).map(([key, value = null]) => [key === 'cron_expression' ? key : `schedule_${key}`, value]),
  );
}

export const modes: readonly Body[] = [
  ['no mode', base],
  ['mode: null', { ...base, mode: null }],
  ...schedules.map((schedule): Body => [`a schedule ${JSON.stringify(schedule)}`, triggered({ schedule })]),
  ...schedules.map(
    (schedule): Body => [`a flat schedule ${JSON.stringify(schedule)}`, { ...base, ...flatly(schedule) }],
  ),
  ['after a dbt job', triggered({ dbt_cloud: dbt })],
  ['after a dbt job, ids as numbers', triggered({ dbt_cloud: { project_id: 12345, job_id: 98765 } })],
  ['after a Fivetran job', triggered({ fivetran })],
  ['after another sync', triggered({ sync_sequence: sequence })],
  ['after another sync, id as text', triggered({ sync_sequence: { sync_id: '90000' } })],
  [
    'all triggers at once',
    triggered({ schedule: { frequency: 'hourly', minute: 5 }, dbt_cloud: dbt, fivetran, sync_sequence: sequence }),
  ],
  ['triggers that are null', triggered({ schedule: null, dbt_cloud: null, fivetran: null, sync_sequence: null })],
  ['empty triggers', triggered(nothing)],
  ['no triggers', triggered({})],
  ['a mode without a type', triggered({ schedule: { frequency: 'hourly' } }, {})],
  ['live mode', triggered({}, { type: 'live' })],
  ['flat triggers', { ...base, triggers: { dbt_cloud: dbt, fivetran } }],
  ['flat triggers that are empty', { ...base, triggers: nothing }],
  ['flat triggers beside a flat schedule', { ...base, schedule_frequency: 'hourly', triggers: { dbt_cloud: dbt } }],
  ['a mode and its flat copies', { ...triggered({ dbt_cloud: dbt }), schedule_frequency: 'never', triggers: {} }],
];

const counts = [
  'source_record_count',
  'records_updates',
  'records_deletes',
  'records_invalid',
  'records_processed',
  'records_updated',
  'records_failed',
];

export const alerts: readonly Body[] = [
  ['alerts left to the server', base],
  ['no alerts', alerted()],
  ['alert_attributes: null', { ...base, alert_attributes: null }],
  ...['first_time', 'every_time'].flatMap((send_for) =>
    [true, false].map(
      (should_send_recovery): Body => [
        `a failure alert ${send_for}, ${should_send_recovery}`,
        alerted({ type: 'FailureAlertConfiguration', send_for, should_send_recovery, options: null }),
      ],
    ),
  ),
  ['a failure alert with empty options', alerted({ type: 'FailureAlertConfiguration', options: {} })],
  ['a failure alert as answered', alerted({ id: 41001, type: 'FailureAlertConfiguration', send_for: 'first_time' })],
  ...[0, 75, 100, '20'].map(
    (threshold): Body => [
      `an alert of invalid records from ${JSON.stringify(threshold)}`,
      alerted({ type: 'InvalidRecordPercentAlertConfiguration', options: { threshold } }),
    ],
  ),
  [
    'an alert of a full sync',
    alerted({ type: 'FullSyncTriggerAlertConfiguration', should_send_recovery: false, options: null }),
  ],
  ...counts.map(
    (record_type): Body => [
      `an alert of ${record_type}`,
      alerted({
        type: 'RecordCountDeviationAlertConfiguration',
        options: { threshold: 50, record_type, number_of_runs: 5 },
      }),
    ],
  ),
  ...['minutes', 'hours'].flatMap((unit) =>
    ['actual', 'scheduled'].map(
      (start_type): Body => [
        `an alert of ${unit} since the ${start_type} start`,
        alerted({ type: 'RuntimeAlertConfiguration', options: { threshold: '30', unit, start_type } }),
      ],
    ),
  ),
  ...['started', 'completed'].map(
    (status_name): Body => [
      `an alert when ${status_name}`,
      alerted({ type: 'StatusAlertConfiguration', options: { status_name } }),
    ],
  ),
  ...each('failed_run_notifications_enabled', [true, false]),
  ...each('failed_record_notifications_enabled', [true, false]),
  ...each('failed_record_notifications_threshold_percent', [0, 75, 100, '20']),
];

const append = { ...base, operation: 'append', mappings: [{ ...email, to: 'unique_id' }] };
const mirror = { ...base, operation: 'mirror' };
const mark = { use_high_water_mark_diff_type: true, column_name: 'updated_at' };

/** Settings that any operation and source may have. */
export const settings: readonly Body[] = [
  ...each('paused', [true, false, null]),
  ...each('validate_only', [true, false]),
  ...each('field_behavior', ['sync_all_properties', 'specific_properties']),
  ...each(
    'field_normalization',
    ['start_case', 'lower_case', 'upper_case', 'camel_case', 'snake_case', 'match_source_names', '', null],
    { ...base, field_behavior: 'sync_all_properties' },
  ),
  ...each('field_order', ['alphabetical_column_name', 'mapping_order', 'source_column_order', '', null]),
  ...each('advanced_configuration', [
    { data_source_country: ['US', 'GB'], bulk_id_lookup: true },
    { delimiter: '', limit: 5, nested: { on: true, list: [1, { a: null }] } },
    { retry_policy: { limit: null, wait: 5 } },
    { gone: null },
    {},
    null,
  ]),
];

const others: readonly Body[] = [
  ...each('sync_behavior_family', ['activateEvents', 'mapRecords', null], from({ object: { type: 'topic', id: 3 } })),
  ['events of a table', { ...base, sync_behavior_family: 'activateEvents' }],
  ...each('high_water_mark_attribute', ['updated_at', '', null], append),
  ...each('high_water_mark_attributes', [mark, null], append),
  ['both high-water marks', { ...append, high_water_mark_attribute: 'updated_at', high_water_mark_attributes: mark }],
  ['a mirror with a high-water mark', { ...mirror, high_water_mark_attributes: mark }],
  ['a mirror with both', { ...mirror, high_water_mark_attribute: 'updated_at', high_water_mark_attributes: mark }],
  ...each('historical_sync_operation', ['skip_current_records', 'backfill_all_records', null], append),
  ...each(
    'mirror_strategy',
    ['sync_updates_and_deletes', 'sync_updates_and_nulls', 'upload_and_swap', '', null],
    mirror,
  ),
];

/** Every documented field with each of its values, kind and form. A title tells the body, and is its label. */
export const bodies: readonly Body[] = [
  ...operations,
  ...sources,
  ...destinations,
  ...mappings,
  ...modes,
  ...alerts,
  ...settings,
  ...others,
];
