import { isList, isObject, type Json, type JsonObject, textAt } from '../../json.ts';
import type { Column, DestinationField } from '../state.ts';
import type { FoundDestination } from './destination.ts';
import { columnsRead, liquidProblem } from './liquid.ts';
import type { FoundSource } from './source.ts';
import { basicTypes, sheetsType } from './vocabulary.ts';

/** Where mappings read from and write to; undefined where that could not be found, and so cannot be compared. */
export interface MappingScope {
  readonly operation: string;
  readonly syncsAll: boolean;
  readonly checksColumns: boolean;
  readonly source: FoundSource | undefined;
  readonly destination: FoundDestination | undefined;
}

/** The first reason to refuse a list of mappings. */
export function mappingsProblem(mappings: Json | undefined, scope: MappingScope): string | undefined {
  if (!isList(mappings)) return 'mappings must be an array';
  const seen = new Set<string>();
  for (const mapping of mappings) {
    if (!isObject(mapping)) return 'mappings is invalid: every mapping must be an object';
    const to = textAt(mapping, 'to');
    if (to === undefined || to === '') return 'mappings is invalid: to is required';
    if (seen.has(to)) return `mappings is invalid: '${to}' is mapped more than once`;
    seen.add(to);
    const problem = flagsProblem(mapping, to) ?? fromProblem(mapping.from, scope) ?? fieldProblem(mapping, to, scope);
    if (problem !== undefined) return problem;
  }
  return identifierProblem(mappings, scope) ?? requiredProblem(seen, scope);
}

const flags = [
  'is_primary_identifier',
  'preserve_values',
  'generate_field',
  'sync_null_values',
  'array_field',
  'follow_source_type',
];

function flagsProblem(mapping: JsonObject, to: string): string | undefined {
  for (const flag of flags) {
    const value = mapping[flag] ?? false;
    if (typeof value !== 'boolean') return `mappings is invalid: ${flag} of '${to}' must be a boolean`;
  }
  const { operation, lookup_object, lookup_field } = mapping;
  if (!['merge', 'overwrite', 'set', null, undefined].some((one) => one === operation)) {
    return `mappings is invalid: operation of '${to}' must be merge or overwrite`;
  }
  if (lookup_object === '' || lookup_field === '')
    return `mappings is invalid: empty strings are not allowed for '${to}'`;
  if (((lookup_object ?? undefined) === undefined) !== ((lookup_field ?? undefined) === undefined)) {
    return `mappings is invalid: lookup_object and lookup_field of '${to}' must be given together`;
  }
  return undefined;
}

function fromProblem(from: Json | undefined, scope: MappingScope): string | undefined {
  if (!isObject(from)) return 'mappings is invalid: from must be an object with type and data';
  const { data } = from;
  switch (from.type) {
    case 'column':
      if (typeof data !== 'string' || data === '') return 'mappings is invalid: a column needs its name';
      return columnProblem(data, scope);
    case 'constant_value':
      return constantProblem(data);
    case 'sync_metadata':
      return typeof data === 'string' && data !== '' ? undefined : 'mappings is invalid: sync_metadata needs a key';
    case 'segment_membership':
      return isObject(data) && textAt(data, 'identify_by')
        ? undefined
        : 'mappings is invalid: segment_membership needs identify_by';
    case 'liquid_template':
      // The wrapped form of an answer is no valid request.
      if (typeof data !== 'string') return 'mappings is invalid: liquid_template must be a string';
      return (
        liquidProblem(data) ??
        columnsRead(data)
          .map((name) => columnProblem(name, scope))
          .find((one) => one !== undefined)
      );
    case 'compound_key':
      return 'mappings is invalid: compound_key mappings cannot be created';
    default:
      return `mappings is invalid: unknown mapping type '${String(from.type)}'`;
  }
}

function columnProblem(name: string, { source, checksColumns }: MappingScope): string | undefined {
  if (source === undefined || !checksColumns || source.columns.length === 0) return undefined;
  return hasColumn(source.columns, name) ? undefined : `Column '${name}' cannot be found in source '${source.name}'`;
}

/** Warehouses fold the case of names, each in its own way. */
export function hasColumn(columns: readonly Column[], name: string): boolean {
  return columns.some((column) => column.name.toLowerCase() === name.toLowerCase());
}

function constantProblem(data: Json | undefined): string | undefined {
  if (!isObject(data)) return 'mappings is invalid: constant_value needs value and basic_type';
  const { value, basic_type } = data;
  if (typeof basic_type !== 'string' || !basicTypes.includes(basic_type)) {
    return `mappings is invalid: basic_type must be one of ${basicTypes.join(', ')}`;
  }
  const fits =
    basic_type === 'number'
      ? typeof value === 'number' ||
        (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
      : basic_type === 'boolean'
        ? typeof value === 'boolean' || value === 'true' || value === 'false'
        : typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return fits ? undefined : `mappings is invalid: value does not fit basic_type ${basic_type}`;
}

/** The listed field that `to` names, where the object lists any. */
export function fieldOf(to: string, { destination }: Pick<MappingScope, 'destination'>): DestinationField | undefined {
  const object = destination?.object;
  if (object === undefined) return undefined;
  if (object.allow_case_sensitive_field_names) return object.fields.find((field) => field.full_name === to);
  return object.fields.find((field) => field.full_name.toLowerCase() === to.toLowerCase());
}

/** `unique_id` is the key of an append: no field of the object. */
function fieldProblem(mapping: JsonObject, to: string, scope: MappingScope): string | undefined {
  const object = scope.destination?.object;
  if (object === undefined) return undefined;
  if (mapping.generate_field === true) {
    return object.allow_custom_fields ? undefined : `Object '${object.full_name}' does not allow custom fields`;
  }
  if (object.fields.length === 0 || (scope.operation === 'append' && to === 'unique_id')) return undefined;
  const field = fieldOf(to, scope);
  if (field === undefined) return `Field '${to}' could not be found on object '${object.full_name}'`;
  return capabilityProblem(mapping, field, scope.operation);
}

function capabilityProblem(mapping: JsonObject, field: DestinationField, operation: string): string | undefined {
  const name = field.full_name;
  if (mapping.preserve_values === true && !field.preserve_values_supported)
    return `Field '${name}' does not support preserve_values`;
  const how = mapping.operation;
  if (typeof how === 'string' && how !== 'set' && !field.operations.includes(how))
    return `Field '${name}' does not support ${how}`;
  const lookup = mapping.lookup_object ?? null;
  if (lookup !== null && lookup !== field.lookup_object) return `Field '${name}' cannot look up '${String(lookup)}'`;
  if (mapping.is_primary_identifier !== true) return undefined;
  const can =
    operation === 'update'
      ? field.can_be_update_key
      : operation === 'insert'
        ? field.can_be_insert_key
        : field.can_be_upsert_key;
  return can || operation === 'append' ? undefined : `Field '${name}' cannot be the identifier of ${operation}`;
}

/** One identifier; none where the server makes the key itself, and in a spreadsheet that is mirrored. */
function identifierProblem(mappings: readonly Json[], { destination, operation }: MappingScope): string | undefined {
  const count = mappings.filter((mapping) => isObject(mapping) && mapping.is_primary_identifier === true).length;
  if (count > 1) return 'mappings is invalid: only one mapping can be the primary identifier';
  const optional =
    destination?.object?.compound_key !== undefined ||
    (destination?.destination.type === sheetsType && operation === 'mirror');
  return count === 1 || optional ? undefined : 'mappings is invalid: a primary identifier is required';
}

function requiredProblem(mapped: ReadonlySet<string>, { destination, syncsAll }: MappingScope): string | undefined {
  if (syncsAll) return undefined;
  const missing = destination?.object?.fields.find(
    (field) => field.required_for_mapping && !mapped.has(field.full_name),
  );
  return missing === undefined ? undefined : `Field '${missing.full_name}' must be mapped`;
}
