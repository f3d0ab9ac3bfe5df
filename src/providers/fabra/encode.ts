import type { Json, JsonObject, Spec } from '../../model/json.ts';
import { isSet } from '../../wire/json.ts';
import type { Dialect } from './api.ts';
import type { FabraObject } from './catalogue.ts';
import { fieldOf, mappingsOf } from './fields.ts';

const shared: readonly string[] = [
  'display_name',
  'end_customer_id',
  'source_id',
  'object_id',
  'namespace',
  'table_name',
  'custom_join',
  'frequency',
  'frequency_units',
];

/** What only the server understands; the documented dialect has no words for it. */
export const serverOnly: readonly string[] = ['sync_mode', 'recurring'];

/** The body of a create. Names of fields become ids for the server, and ids names in the documented dialect. */
export function encodeCreate(spec: Spec, object: FabraObject, dialect: Dialect): JsonObject {
  return dialect === 'server' ? serverBody(spec, object) : documentedBody(spec, object);
}

function serverBody(spec: Spec, object: FabraObject): JsonObject {
  const own = ['source_cursor_field', 'source_primary_key', ...serverOnly];
  const mappings = mappingsOf(spec).map((mapping) => ({
    ...set(mapping, ['source_field_name', 'source_field_type']),
    destination_field_id: fieldOf(mapping, object)?.id,
    is_json_field: mapping.is_json_field === true,
  }));
  return { ...set(spec, [...shared, ...own]), field_mappings: mappings };
}

function documentedBody(spec: Spec, object: FabraObject): JsonObject {
  const mappings = mappingsOf(spec).map((mapping) => ({
    ...set(mapping, ['source_field_name']),
    destination_field_name: fieldOf(mapping, object)?.name,
  }));
  const renamed = { cursor_field: spec.source_cursor_field, primary_key: spec.source_primary_key };
  return {
    ...set(spec, shared),
    ...set(renamed, ['cursor_field', 'primary_key']),
    destination_id: spec.destination_id ?? object.destinationId,
    field_mappings: mappings,
  };
}

/** A copy of the keys that hold something: to the server null says as much as silence. */
function set(value: JsonObject, keys: readonly string[]): JsonObject {
  const kept: Record<string, Json> = {};
  for (const key of keys) {
    const child = value[key];
    if (isSet(child)) kept[key] = child;
  }
  return kept;
}
