import type { FabraSeed } from './seed.ts';

/**
 * What the emulator holds where nobody gives it a seed: one organisation that delivers three end customers' data, with two
 * syncs that no manifest declares.
 */
export const defaultSeed: FabraSeed = {
  destinations: [
    {
      id: 1,
      display_name: 'Ingest hook',
      connection: { id: 1, connection_type: 'webhook' },
      webhook_signing_key: 'ZW11bGF0ZWQtc2lnbmluZy1rZXktb2YtdGhlLWhvb2s=',
    },
    {
      id: 2,
      display_name: 'Warehouse',
      connection: { id: 2, connection_type: 'bigquery' },
      staging_bucket: 'acme-staging',
    },
  ],
  objects: [
    {
      id: 2,
      display_name: 'Orders',
      destination_id: 2,
      namespace: 'analytics',
      table_name: 'orders',
      sync_mode: 'incremental_append',
      cursor_field: 'changed_at',
      primary_key: 'order_id',
      end_customer_id_field: 'customer_id',
      recurring: true,
      frequency: 1,
      frequency_units: 'days',
    },
    {
      id: 3,
      display_name: 'Events',
      destination_id: 2,
      namespace: 'analytics',
      table_name: 'events',
      end_customer_id_field: 'customer_id',
      recurring: true,
      frequency: 1,
      frequency_units: 'hours',
    },
    { id: 4, display_name: 'Contacts', destination_id: 1, target_type: 'webhook' },
    { id: 5, display_name: 'Order events', destination_id: 1, target_type: 'webhook' },
  ],
  object_fields: [
    { id: 11, object_id: 2, name: 'order_id', type: 'INTEGER', display_name: 'Order ID' },
    { id: 12, object_id: 2, name: 'changed_at', type: 'TIMESTAMP' },
    { id: 13, object_id: 2, name: 'note', type: 'STRING', description: 'Free text', optional: true },
    { id: 14, object_id: 2, name: 'customer_id', type: 'STRING', omit: true },
    { id: 21, object_id: 3, name: 'event', type: 'STRING' },
    { id: 22, object_id: 3, name: 'event_id', type: 'STRING', optional: true },
    { id: 23, object_id: 3, name: 'happened_at', type: 'TIMESTAMP', optional: true },
    { id: 24, object_id: 3, name: 'payload', type: 'JSON', optional: true },
    { id: 25, object_id: 3, name: 'customer_id', type: 'STRING', omit: true },
    { id: 31, object_id: 4, name: 'email', type: 'STRING', display_name: 'E-mail' },
    { id: 32, object_id: 4, name: 'full_name', type: 'STRING', optional: true },
    { id: 33, object_id: 4, name: 'plan', type: 'STRING', optional: true },
    { id: 41, object_id: 5, name: 'order_id', type: 'INTEGER' },
    { id: 42, object_id: 5, name: 'details', type: 'JSON' },
  ],
  sources: [
    {
      id: 1,
      end_customer_id: 'abc123',
      display_name: 'Customer BigQuery',
      connection: { id: 3, connection_type: 'bigquery' },
    },
    {
      id: 2,
      end_customer_id: 'abc123',
      display_name: 'Customer Postgres',
      connection: { id: 4, connection_type: 'postgres' },
    },
    {
      id: 3,
      end_customer_id: 'globex',
      display_name: 'Globex Snowflake',
      connection: { id: 5, connection_type: 'snowflake' },
    },
    {
      id: 4,
      end_customer_id: 'acme',
      display_name: 'Acme Postgres',
      connection: { id: 6, connection_type: 'postgres' },
    },
  ],
  syncs: [
    {
      id: 8,
      end_customer_id: 'globex',
      display_name: 'Globex orders (by hand)',
      source_id: 3,
      object_id: 2,
      namespace: 'SHOP',
      table_name: 'ORDERS',
      cursor_position: '1842',
      source_cursor_field: 'UPDATED_AT',
      source_primary_key: 'ID',
      sync_mode: 'incremental_append',
      frequency: 6,
      frequency_units: 'hours',
      field_mappings: [
        { source_field_name: 'ID', source_field_type: 'INTEGER', destination_field_id: 11 },
        { source_field_name: 'UPDATED_AT', source_field_type: 'TIMESTAMP', destination_field_id: 12 },
      ],
      sync_runs: [
        {
          status: 'completed',
          started_at: '11/21/26 at 06:00 PM UTC',
          completed_at: '11/21/26 at 06:01 PM UTC',
          duration: '1 minute 4 seconds',
          rows_written: 1842,
        },
      ],
    },
    {
      id: 9,
      end_customer_id: 'abc123',
      display_name: 'Contacts trial',
      source_id: 2,
      object_id: 4,
      custom_join: 'select u.email, p.plan from users u join plans p on p.user_id = u.id',
      field_mappings: [
        { source_field_name: 'email', source_field_type: 'STRING', destination_field_id: 31 },
        { source_field_name: 'plan', source_field_type: 'STRING', destination_field_id: 33 },
      ],
    },
  ],
};
