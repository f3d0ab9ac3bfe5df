import { isObject, type Json, type JsonObject, listAt, textAt } from '../../json.ts';
import type { Quirks } from '../quirks.ts';
import type { FoundDestination } from './destination.ts';
import { fieldOf } from './mapping-check.ts';
import { renamed } from './normalization.ts';
import type { FoundSource } from './source.ts';

export interface MappingWorld {
  readonly quirks: Quirks;
  readonly source: FoundSource | undefined;
  readonly destination: FoundDestination | undefined;
  /** Decides the order that a sync's mappings are shuffled into. */
  readonly seed: number;
}

/** Mappings as they are read back: flags filled in, templates wrapped, the server's own added, and in no order to rely on. */
export function mappingsAnswer(body: JsonObject, world: MappingWorld): readonly JsonObject[] {
  const given = listAt(body, 'mappings').filter(isObject);
  const declared = given.map((mapping) => mappingAnswer(mapping, world.quirks));
  const all = [...declared, ...columnsAdded(body, given, world), ...compoundKey(given, world)];
  const placed = all.map((mapping, position) => ({ ...mapping, position }));
  return world.quirks.mappingOrder === 'shuffled' ? shuffled(placed, world.seed) : placed;
}

function mappingAnswer(mapping: JsonObject, quirks: Quirks): JsonObject {
  const { lookup_object = null, lookup_field = null } = mapping;
  const extra = {
    array_field: mapping.array_field === true,
    field_type: mapping.field_type ?? null,
    follow_source_type: mapping.follow_source_type === true,
  };
  return {
    from: fromAnswer(mapping.from, quirks),
    to: mapping.to,
    is_primary_identifier: mapping.is_primary_identifier === true,
    generate_field: mapping.generate_field === true,
    preserve_values: mapping.preserve_values === true,
    operation: textAt(mapping, 'operation') ?? null,
    sync_null_values: mapping.sync_null_values !== false,
    ...(lookup_object === null ? {} : { lookup_object, lookup_field }),
    ...(quirks.readsBackExtraMappingFlags ? extra : {}),
  };
}

function fromAnswer(from: Json | undefined, quirks: Quirks): Json {
  if (!isObject(from)) return null;
  if (from.type === 'liquid_template') return { type: from.type, data: { liquid_template: from.data } };
  if (from.type !== 'constant_value' || !isObject(from.data)) return from;
  const { value, basic_type } = from.data;
  return { type: from.type, data: { value: quirks.constantsAsText ? String(value) : value, basic_type } };
}

/** Under `sync_all_properties` every column that nobody mapped gets a mapping, if there is a field for it. */
function columnsAdded(body: JsonObject, given: readonly JsonObject[], world: MappingWorld): readonly JsonObject[] {
  if (body.field_behavior !== 'sync_all_properties') return [];
  const read = given.map(({ from }) =>
    isObject(from) && from.type === 'column' ? String(from.data).toLowerCase() : '',
  );
  const taken = new Set(given.map(({ to }) => to));
  const object = world.destination?.object;
  const closed = object !== undefined && object.fields.length > 0 && !object.allow_custom_fields;
  return (world.source?.columns ?? [])
    .filter(({ name }) => !read.includes(name.toLowerCase()))
    .map(({ name }) => ({
      from: { type: 'column', data: name },
      to: renamed(name, textAt(body, 'field_normalization')),
    }))
    .filter(({ to }) => !taken.has(to) && (!closed || fieldOf(to, world) !== undefined))
    .map((mapping) => mappingAnswer(mapping, world.quirks));
}

/** The identifier that some objects make by themselves, out of the columns of several fields. */
function compoundKey(given: readonly JsonObject[], { destination, quirks }: MappingWorld): readonly JsonObject[] {
  const key = destination?.object?.compound_key;
  if (key === undefined) return [];
  const columns = given.filter(
    ({ to, from }) => key.fields.includes(String(to)) && isObject(from) && from.type === 'column',
  );
  const from = { type: 'compound_key', data: columns.map((mapping) => mapping.from ?? null) };
  return [mappingAnswer({ from, to: key.to, is_primary_identifier: true }, quirks)];
}

/** Another order than the one given, the same every time: a generator after Park and Miller picks it. */
function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  // Neighbouring ids must not begin alike.
  let state = ((Math.imul(seed, 0x9e3779b1) >>> 0) % 2147483646) + 1;
  const keyed = items.map((item) => {
    state = (state * 48271) % 2147483647;
    return { item, key: state };
  });
  keyed.sort((left, right) => left.key - right.key);
  const mixed = keyed.map(({ item }) => item);
  return mixed.every((item, index) => item === items[index]) ? mixed.reverse() : mixed;
}
