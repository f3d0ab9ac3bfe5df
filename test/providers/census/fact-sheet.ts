import type { CensusSeed } from '../../../src/emulator/census-v1/seed.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { answered } from './build.ts';

/** An account in which the assembled examples can be created. */
export const exampleSeed: CensusSeed = {
  sources: [
    {
      id: 501,
      name: 'Warehouse',
      type: 'snowflake',
      tables: [{ id: 7731, table_catalog: 'analytics', table_schema: 'public', table_name: 'users' }],
      models: [{ id: 915, name: 'orders_export', query: 'select * from analytics.orders' }],
      segments: [{ id: 3301, name: 'VIP', dataset_id: 8123 }],
      cohorts: [{ id: 77, dataset_id: 8123 }],
      topics: [{ id: 3, name: 'clicks' }],
    },
  ],
  datasets: [{ id: 8123, source_id: 501, name: 'Customers' }],
  destinations: [
    { id: 502, name: 'CRM', type: 'salesforce' },
    { id: 503, name: 'Marketing', type: 'hubspot' },
    { id: 504, name: 'Ads', type: 'facebook' },
    { id: 505, name: 'Bucket', type: 's3' },
    { id: 506, name: 'Sheets', type: 'google_sheets' },
    {
      id: 507,
      name: 'Conversions',
      type: 'google_ads',
      objects: [
        {
          full_name: 'click_conversion',
          supported_operations: ['append', 'insert'],
          compound_key: { to: 'click_conversion._census_tracking_id', fields: ['gclid', 'at'] },
        },
      ],
    },
  ],
  syncs: [],
};

/** The body of a create: a table, five kinds of mappings, daily. */
export const tableToCrm: JsonObject = {
  label: 'warehouse users to CRM contacts',
  operation: 'upsert',
  source_attributes: {
    connection_id: 501,
    object: { type: 'table', table_catalog: 'analytics', table_schema: 'public', table_name: 'users' },
  },
  destination_attributes: { connection_id: 502, object: 'Contact' },
  mappings: [
    { from: { type: 'column', data: 'email' }, to: 'Email', is_primary_identifier: true },
    { from: { type: 'column', data: 'last_name' }, to: 'LastName', sync_null_values: false },
    { from: { type: 'constant_value', data: { value: 'warehouse', basic_type: 'text' } }, to: 'LeadSource' },
    { from: { type: 'sync_metadata', data: 'sync_run_id' }, to: 'Last_Run__c' },
    { from: { type: 'liquid_template', data: "{{ record['city'] | upcase }}" }, to: 'MailingCity' },
    { from: { type: 'segment_membership', data: { identify_by: 'name' } }, to: 'Segments__c' },
  ],
  mode: { type: 'triggered', triggers: { schedule: { frequency: 'daily', hour: 6, minute: 0 } } },
  paused: false,
  field_behavior: 'specific_properties',
  alert_attributes: [
    { type: 'FailureAlertConfiguration', send_for: 'first_time', should_send_recovery: true, options: null },
  ],
};

const failure = {
  id: 41010,
  type: 'FailureAlertConfiguration',
  send_for: 'first_time',
  should_send_recovery: true,
  options: {},
};

/** As answered: a dataset, mirror, cron, the server's own alerts. */
export const datasetMirror: JsonObject = {
  id: 90002,
  label: 'active customers mirror',
  operation: 'mirror',
  mirror_strategy: 'sync_updates_and_deletes',
  paused: false,
  status: 'Up to Date',
  created_at: '2026-10-01T12:00:00.000Z',
  updated_at: '2026-11-02T08:30:11.902Z',
  source_attributes: {
    connection_id: 501,
    object: { type: 'business_object_source', id: 66120, dataset_id: 8123 },
  },
  destination_attributes: { connection_id: 503, object: 'contact' },
  mappings: [
    answered('EMAIL', 'email', 0, { is_primary_identifier: true }),
    answered('TAGS', 'tags', 1, { operation: 'merge' }),
  ],
  mode: {
    type: 'triggered',
    triggers: {
      schedule: {
        frequency: 'expression',
        cron_expression: '15 */4 * * 1,2,3,4,5',
        day: 'Monday',
        hour: 0,
        minute: 15,
      },
    },
  },
  field_behavior: 'specific_properties',
  alert_attributes: [
    failure,
    { ...failure, id: 41011, type: 'InvalidRecordPercentAlertConfiguration', options: { threshold: 75 } },
  ],
};

/** As answered: a segment, a lookup, advanced configuration, paused. Its parent's id depends on the account. */
export const segmentToAudience: JsonObject = {
  id: 90003,
  label: 'VIP segment to audience',
  operation: 'mirror',
  mirror_strategy: 'sync_updates_and_deletes',
  paused: true,
  status: 'Failing',
  created_at: '2026-09-10T10:10:10.000Z',
  updated_at: '2026-11-18T22:04:45.310Z',
  source_attributes: {
    connection_id: 501,
    filter_segment_id: 3301,
    object: { type: 'filter_segment_source', id: 70555, dataset_id: 8123 },
  },
  destination_attributes: { connection_id: 504, object: 'user_data' },
  mappings: [
    answered('hashed_email', 'user_identifier.hashed_email', 0, { is_primary_identifier: true }),
    answered({ type: 'constant_value', data: { value: 'VIP', basic_type: 'text' } }, 'list_id', 1, {
      lookup_object: 'user_list',
      lookup_field: 'name',
    }),
  ],
  mode: { type: 'triggered', triggers: { schedule: { frequency: 'never' } } },
  advanced_configuration: { data_source_country: 'US, GB', bulk_id_lookup: true },
  field_behavior: 'specific_properties',
  alert_attributes: [],
};

/** As answered: a model, append with a high-water mark, all columns, dbt. */
export const modelToFile: JsonObject = {
  id: 90004,
  label: 'orders to bucket',
  operation: 'append',
  paused: false,
  status: 'Up to Date',
  created_at: '2026-08-01T00:00:00.000Z',
  updated_at: '2026-08-01T00:02:31.000Z',
  source_attributes: {
    connection_id: 501,
    object: {
      type: 'model',
      id: 915,
      name: 'orders_export',
      created_at: '2026-07-30T09:00:00.000Z',
      updated_at: '2026-07-30T09:00:00.000Z',
      query: 'select * from analytics.orders',
    },
  },
  destination_attributes: { connection_id: 505, object: 'exports/orders-%Y-%m-%d.csv' },
  mappings: [answered('ORDER_ID', 'unique_id', 0, { is_primary_identifier: true })],
  mode: {
    type: 'triggered',
    triggers: { schedule: { frequency: 'never' }, dbt_cloud: { project_id: '12345', job_id: '98765' } },
  },
  field_behavior: 'sync_all_properties',
  field_normalization: 'snake_case',
  field_order: 'mapping_order',
  high_water_mark_attribute: 'updated_at',
  historical_sync_operation: 'backfill_all_records',
  alert_attributes: [
    {
      id: 41020,
      type: 'RuntimeAlertConfiguration',
      send_for: 'every_time',
      should_send_recovery: true,
      options: { threshold: 30, unit: 'minutes', start_type: 'actual' },
    },
  ],
};
