import type { JsonObject, Spec } from '../../../src/model/json.ts';

/** The body that the API reference shows, word for word. */
export const documented = {
  cursor_field: 'updated_at',
  custom_join: 'select * from events join additional_properties on events.id = additional_properties.event_id;',
  destination_id: 2,
  display_name: 'Event Sync',
  end_customer_id: 'abc123',
  field_mappings: [{ destination_field_name: 'event', source_field_name: 'event_name' }],
  frequency: 30,
  frequency_units: 'minutes',
  namespace: 'end_customer_bigquery_dataset',
  object_id: 3,
  primary_key: 'event_id',
  source_id: 1,
  table_name: 'end_customer_events',
} satisfies JsonObject;

/** The sync that the API reference answers with. */
export const documentedAnswer = { ...documented, frequency: 123, id: 10 } satisfies JsonObject;

/** What the server answers, with everything that it puts beside the sync. */
export const answer = {
  id: 15,
  organization_id: 1,
  status: 'active',
  end_customer_id: 'acme',
  display_name: 'a',
  source_id: 4,
  object_id: 2,
  namespace: 'public',
  table_name: 'orders',
  cursor_position: "'2026-11-20 09:12:44.000'",
  source_cursor_field: 'updated_at',
  source_primary_key: 'id',
  sync_mode: 'incremental_append',
  recurring: false,
  frequency: 1,
  field_mappings: [
    {
      source_field_name: 'id',
      source_field_type: 'INTEGER',
      destination_field_id: 11,
      destination_field_name: 'order_id',
      destination_field_type: 'INTEGER',
      is_json_field: false,
    },
  ],
  next_run_time: '',
  sync_runs: [{ status: 'completed', rows_written: 1280 }],
} satisfies JsonObject;

/** The smallest useful sync, with some of its fields replaced. */
export function spec(over: Spec = {}): Spec {
  return {
    display_name: 'Orders',
    end_customer_id: 'acme',
    source_id: 4,
    object_id: 2,
    namespace: 'public',
    table_name: 'orders',
    field_mappings: [{ source_field_name: 'id', destination_field_id: 11 }],
    ...over,
  };
}
