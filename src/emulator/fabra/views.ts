import type { JsonObject } from '../json.ts';
import type { Destination, Source, Target, TargetField } from './state.ts';

export function sourceView({ id, display_name, end_customer_id, connection }: Source): JsonObject {
  return { id, display_name, end_customer_id, connection: { ...connection } };
}

export function destinationView({ id, display_name, connection }: Destination): JsonObject {
  return { id, display_name, connection: { ...connection } };
}

/** A destination by itself, with what the list never shows. */
export function destinationDetail(destination: Destination): JsonObject {
  return {
    ...destinationView(destination),
    staging_bucket: destination.staging_bucket,
    webhook_signing_key: destination.webhook_signing_key,
  };
}

/** An object by itself, or beside the syncs that use it: what is not set is left out. */
export function targetView(target: Target, fields: readonly TargetField[]): JsonObject {
  return {
    id: target.id,
    display_name: target.display_name,
    destination_id: target.destination_id,
    target_type: target.target_type,
    namespace: target.namespace ?? undefined,
    table_name: target.table_name ?? undefined,
    sync_mode: target.sync_mode,
    cursor_field: target.cursor_field ?? undefined,
    primary_key: target.primary_key ?? undefined,
    end_customer_id_field: target.end_customer_id_field,
    recurring: target.recurring,
    frequency: target.frequency ?? undefined,
    frequency_units: target.frequency_units ?? undefined,
    object_fields: fields.map(fieldView),
  };
}

/** An object as the list of objects shows it: nulls and all, but no fields. */
export function rawTarget(target: Target): JsonObject {
  return {
    organization_id: target.organization_id,
    display_name: target.display_name,
    destination_id: target.destination_id,
    target_type: target.target_type,
    namespace: target.namespace,
    table_name: target.table_name,
    sync_mode: target.sync_mode,
    cursor_field: target.cursor_field,
    primary_key: target.primary_key,
    end_customer_id_field: target.end_customer_id_field,
    recurring: target.recurring,
    frequency: target.frequency,
    frequency_units: target.frequency_units,
    id: target.id,
  };
}

export function fieldView(field: TargetField): JsonObject {
  return {
    id: field.id,
    name: field.name,
    type: field.type,
    display_name: field.display_name ?? undefined,
    description: field.description ?? undefined,
    omit: field.omit,
    optional: field.optional,
  };
}
