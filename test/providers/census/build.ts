import { normalise } from '../../../src/core/spec/normalise.ts';
import { censusSyncTraits } from '../../../src/generated/census-sync-traits.ts';
import type { Json, JsonObject, Spec } from '../../../src/model/json.ts';

/** The smallest valid spec; `over` takes the place of its fields. Everything in it exists in the emulator's default account. */
export function spec(over: JsonObject = {}): Spec {
  return {
    label: 'Users to contacts',
    operation: 'upsert',
    source_attributes: {
      connection_id: 501,
      object: { type: 'table', table_catalog: 'analytics', table_schema: 'public', table_name: 'users' },
    },
    destination_attributes: { connection_id: 601, object: 'Contact' },
    mappings: [{ from: 'email', to: 'Email', primary: true }],
    ...over,
  };
}

/** The spec of a sync whose source is `source`. */
export function withSource(source: JsonObject): Spec {
  return spec({ source_attributes: { connection_id: 501, ...source } });
}

/** A spec with one more mapping, whose `from` is given. */
export function withFrom(from: Json): Spec {
  return spec({
    mappings: [
      { from: 'email', to: 'Email', primary: true },
      { from, to: 'LastName' },
    ],
  });
}

export function withMode(mode: Json): Spec {
  return spec({ mode });
}

export function withSchedule(schedule: JsonObject): Spec {
  return withMode({ type: 'triggered', triggers: { schedule } });
}

/** As both sides of a plan are compared. */
export function normalised(value: Spec): Spec {
  return normalise(censusSyncTraits, value);
}

/** What GET answers for `spec()` with this on top. */
export function wire(over: JsonObject = {}): JsonObject {
  return {
    id: 90001,
    label: 'Users to contacts',
    operation: 'upsert',
    paused: false,
    status: 'Ready',
    created_at: '2026-11-20T09:15:02.118Z',
    updated_at: '2026-11-20T09:15:02.640Z',
    source_attributes: {
      connection_id: 501,
      object: { type: 'table', id: 7731, table_catalog: 'analytics', table_schema: 'public', table_name: 'users' },
    },
    destination_attributes: { connection_id: 601, object: 'Contact', lead_union_insert_to: null },
    mappings: [answered('email', 'Email', 0, { is_primary_identifier: true })],
    mode: { type: 'triggered', triggers: { schedule: { frequency: 'never' } } },
    field_behavior: 'specific_properties',
    field_normalization: null,
    field_order: null,
    advanced_configuration: {},
    high_water_mark_attribute: null,
    historical_sync_operation: null,
    mirror_strategy: null,
    sync_behavior_family: null,
    alert_attributes: [],
    failed_run_notifications_enabled: true,
    failed_record_notifications_enabled: true,
    failed_record_notifications_threshold_percent: 75,
    ...over,
  };
}

/** A mapping as GET answers it. */
export function answered(from: Json, to: string, position: number, over: JsonObject = {}): JsonObject {
  return {
    from: typeof from === 'string' ? { type: 'column', data: from } : from,
    to,
    position,
    is_primary_identifier: false,
    generate_field: false,
    preserve_values: false,
    operation: null,
    sync_null_values: true,
    ...over,
  };
}
