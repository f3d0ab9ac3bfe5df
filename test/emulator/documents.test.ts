import { expect, it } from 'vitest';
import type { CensusSeed } from '../../src/emulator/census-v1/seed.ts';
import { census, column, data, sorted } from './support.ts';

/** A workspace whose sources list no columns and whose destinations list no objects: nothing is compared with them. */
const seed: CensusSeed = {
  sources: [
    {
      id: 501,
      name: 'Warehouse',
      type: 'snowflake',
      models: [{ id: 915, name: 'orders_export', query: 'select * from analytics.orders' }],
      segments: [{ id: 3301, name: 'VIP', dataset_id: 8123 }],
    },
  ],
  datasets: [{ id: 8123, source_id: 501, name: 'active customers' }],
  destinations: [
    { id: 502, name: 'CRM', type: 'salesforce' },
    { id: 503, name: 'Marketing', type: 'hubspot' },
    { id: 504, name: 'Ads', type: 'facebook' },
    { id: 505, name: 'Bucket', type: 's3' },
  ],
  syncs: [],
};

const flags = {
  is_primary_identifier: false,
  generate_field: false,
  preserve_values: false,
  operation: null,
  sync_null_values: true,
};
const key = { ...flags, is_primary_identifier: true };
const first = { send_for: 'first_time', should_send_recovery: true };

it('five kinds of mappings from a table, daily', async () => {
  const client = await census({ seed });
  const others = [
    { from: { type: 'constant_value', data: { value: 'warehouse', basic_type: 'text' } }, to: 'LeadSource' },
    { from: { type: 'sync_metadata', data: 'sync_run_id' }, to: 'Last_Run__c' },
    { from: { type: 'liquid_template', data: "{{ record['city'] | upcase }}" }, to: 'MailingCity' },
    { from: { type: 'segment_membership', data: { identify_by: 'name' } }, to: 'Segments__c' },
  ];
  const sync = await client.made({
    label: 'warehouse users to CRM contacts',
    operation: 'upsert',
    source_attributes: {
      connection_id: 501,
      object: { type: 'table', table_catalog: 'analytics', table_schema: 'public', table_name: 'users' },
    },
    destination_attributes: { connection_id: 502, object: 'Contact' },
    mappings: [
      column('email', 'Email', { is_primary_identifier: true }),
      column('last_name', 'LastName', { sync_null_values: false }),
      ...others,
    ],
    mode: { type: 'triggered', triggers: { schedule: { frequency: 'daily', hour: 6, minute: 0 } } },
    paused: false,
    field_behavior: 'specific_properties',
    alert_attributes: [{ type: 'FailureAlertConfiguration', ...first, options: null }],
  });
  expect({ ...sync, mappings: sorted(sync) }).toEqual({
    id: expect.any(Number),
    label: 'warehouse users to CRM contacts',
    operation: 'upsert',
    paused: false,
    status: 'Ready',
    created_at: expect.any(String),
    updated_at: expect.any(String),
    source_attributes: {
      connection_id: 501,
      object: {
        type: 'table',
        id: expect.any(Number),
        table_catalog: 'analytics',
        table_schema: 'public',
        table_name: 'users',
      },
    },
    destination_attributes: { connection_id: 502, object: 'Contact', lead_union_insert_to: null },
    mappings: [
      { ...column('email', 'Email'), ...key, position: 0 },
      { ...column('last_name', 'LastName'), ...flags, sync_null_values: false, position: 1 },
      { ...others[0], ...flags, position: 2 },
      { ...others[1], ...flags, position: 3 },
      {
        from: { type: 'liquid_template', data: { liquid_template: "{{ record['city'] | upcase }}" } },
        to: 'MailingCity',
        ...flags,
        position: 4,
      },
      { ...others[3], ...flags, position: 5 },
    ],
    mode: {
      type: 'triggered',
      triggers: { schedule: { frequency: 'daily', day: null, hour: 6, minute: 0, cron_expression: null } },
    },
    schedule_frequency: 'daily',
    schedule_day: null,
    schedule_hour: 6,
    schedule_minute: 0,
    cron_expression: null,
    field_behavior: 'specific_properties',
    field_normalization: null,
    field_order: null,
    advanced_configuration: {},
    high_water_mark_attribute: null,
    historical_sync_operation: null,
    mirror_strategy: null,
    sync_behavior_family: null,
    alert_attributes: [{ id: expect.any(Number), type: 'FailureAlertConfiguration', ...first, options: {} }],
    failed_run_notifications_enabled: true,
    failed_record_notifications_enabled: true,
    failed_record_notifications_threshold_percent: 75,
  });
});

it('a mirrored dataset by cron, with the alerts that the server adds', async () => {
  const client = await census({ seed });
  const sync = await client.made({
    operation: 'mirror',
    source_attributes: { connection_id: 501, object: { type: 'dataset', id: 8123 } },
    destination_attributes: { connection_id: 503, object: 'contact' },
    mappings: [
      column('EMAIL', 'email', { is_primary_identifier: true }),
      column('TAGS', 'tags', { operation: 'merge' }),
    ],
    mode: { triggers: { schedule: { frequency: 'expression', cron_expression: '15 */4 * * 1,2,3,4,5' } } },
  });
  expect({ ...sync, mappings: sorted(sync) }).toMatchObject({
    label: null,
    mirror_strategy: 'sync_updates_and_deletes',
    source_attributes: { connection_id: 501, object: { type: 'business_object_source', dataset_id: 8123 } },
    mappings: [key, { ...flags, operation: 'merge' }],
    mode: { triggers: { schedule: { day: 'Monday', hour: 0, minute: 15 } } },
    alert_attributes: [
      { type: 'FailureAlertConfiguration' },
      { type: 'InvalidRecordPercentAlertConfiguration', options: { threshold: 75 } },
    ],
  });
});

it('a segment to an audience after another sync', async () => {
  const client = await census({ seed });
  const mappings = [
    column('hashed_email', 'user_identifier.hashed_email', { is_primary_identifier: true }),
    {
      from: { type: 'constant_value', data: { value: 'VIP', basic_type: 'text' } },
      to: 'list_id',
      lookup_object: 'user_list',
      lookup_field: 'name',
    },
  ];
  const body = {
    operation: 'mirror',
    source_attributes: { connection_id: 501, filter_segment_id: 3301, object: { type: 'dataset', id: 8123 } },
    destination_attributes: { connection_id: 504, object: 'user_data' },
    mappings,
    advanced_configuration: { data_source_country: 'US, GB', bulk_id_lookup: true },
    alert_attributes: [],
  };
  const parent = await client.made(body);
  const sync = await client.made({ ...body, mode: { triggers: { sync_sequence: { sync_id: parent.id } } } });
  expect({ ...sync, mappings: sorted(sync) }).toMatchObject({
    source_attributes: { filter_segment_id: 3301, object: { type: 'filter_segment_source', dataset_id: 8123 } },
    mappings: [key, { ...flags, lookup_object: 'user_list', lookup_field: 'name' }],
    mode: { triggers: { schedule: { frequency: 'never' }, sync_sequence: { sync_id: parent.id } } },
    advanced_configuration: body.advanced_configuration,
    alert_attributes: [],
  });
});

it('a model appended to files, started by dbt', async () => {
  const client = await census({ seed });
  const plain = {
    field_behavior: 'sync_all_properties',
    field_normalization: 'snake_case',
    field_order: 'mapping_order',
    high_water_mark_attribute: 'updated_at',
    historical_sync_operation: 'backfill_all_records',
  };
  const runtime = {
    type: 'RuntimeAlertConfiguration',
    send_for: 'every_time',
    should_send_recovery: true,
    options: { threshold: 30, unit: 'minutes', start_type: 'actual' },
  };
  const created = await client.post('/syncs', {
    ...plain,
    operation: 'append',
    source_attributes: { connection_id: 501, object: { type: 'model', id: 915 } },
    destination_attributes: { connection_id: 505, object: 'exports/orders-%Y-%m-%d.csv' },
    mappings: [column('ORDER_ID', 'unique_id', { is_primary_identifier: true })],
    mode: { triggers: { dbt_cloud: { project_id: '12345', job_id: '98765' } } },
    alert_attributes: [runtime],
  });
  expect(data(await client.get(`/syncs/${data(created).sync_id}`))).toMatchObject({
    ...plain,
    source_attributes: {
      object: { type: 'model', id: 915, name: 'orders_export', query: 'select * from analytics.orders' },
    },
    destination_attributes: { object: 'exports/orders-%Y-%m-%d.csv' },
    mode: { triggers: { schedule: { frequency: 'never' }, dbt_cloud: { project_id: '12345', job_id: '98765' } } },
    alert_attributes: [runtime],
  });
});
