import type { JsonObject } from '../json.ts';
import type { SeedDestination, SeedField, SeedObject } from './seed.ts';
import type { Destination, DestinationField, DestinationObject } from './state.ts';

export function buildDestination(seed: SeedDestination, created_at: string): Destination {
  const { id, name, type, connection_details = {}, path_operations = [] } = seed;
  return {
    id,
    name,
    type,
    created_at,
    connection_details,
    path_operations,
    objects: (seed.objects ?? []).map(buildObject),
  };
}

function buildObject(seed: SeedObject): DestinationObject {
  const fields = (seed.fields ?? []).map(buildField);
  const { compound_key, fields: _, ...given } = seed;
  const definitions = seed.advanced_configuration_field_definitions ?? [];
  const defaults = {
    label: seed.full_name,
    supported_operations: ['upsert', 'update', 'insert', 'mirror', 'append'],
    allow_custom_fields: false,
    allow_case_sensitive_field_names: true,
    supports_field_ordering: false,
    can_be_sync_destination: true,
  };
  const rest = {
    primary_identifier_mapping_attributes: {},
    advanced_configuration_field_definitions: [],
    configurable_field_definitions: [],
  };
  const filled = { ...defaults, ...given };
  const advanced = definitions.map((one) => ({ name: String(one.name), default: one.default ?? null }));
  const answer: JsonObject = { ...rest, ...filled, fields: fields.map((field) => field.answer) };
  return { ...filled, compound_key, advanced, fields, answer };
}

function buildField(given: string | SeedField): DestinationField {
  const seed = typeof given === 'string' ? { full_name: given } : given;
  const checked = {
    operations: [],
    preserve_values_supported: true,
    required_for_mapping: false,
    can_be_upsert_key: true,
    can_be_update_key: true,
    can_be_insert_key: true,
    lookup_object: null,
    ...seed,
  };
  const shown = {
    label: seed.full_name,
    type: 'text',
    createable: true,
    updateable: true,
    array: false,
    can_be_reference_key: false,
  };
  return { ...checked, answer: { ...shown, ...checked } };
}
