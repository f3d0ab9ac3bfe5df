import { fabraSyncTraits } from '../../generated/fabra-sync-traits.ts';
import { isObject, type Json, type JsonObject, type Spec } from '../../model/json.ts';
import type { Live } from '../../model/live.ts';
import { type Call, idText, misshapen, type Shapes, shapes } from '../../wire/answer.ts';
import { asObject, isSet } from '../../wire/json.ts';
import { aliases } from './language/canonical.ts';

const { kind } = fabraSyncTraits;

const texts: readonly string[] = [
  'display_name',
  'end_customer_id',
  'status',
  'namespace',
  'table_name',
  'custom_join',
  'source_cursor_field',
  'source_primary_key',
  'sync_mode',
  'frequency_units',
];
const numerals: readonly string[] = ['source_id', 'object_id', 'destination_id', 'frequency'];

/** What the list of syncs tells truly. Its other texts are those of one entry, shown for all. */
const trueInLists: readonly string[] = [
  'display_name',
  'end_customer_id',
  'status',
  'source_id',
  'object_id',
  'destination_id',
  'sync_mode',
  'frequency',
];

/**
 * A sync as the API answers it, in canonical form; unset keys are left out. The mappings stand beside the sync (server) or in
 * it (documented). `destination` is what the sync's object writes to: the server does not say it with the sync.
 */
export function decode(
  sync: JsonObject,
  mappings: Json | undefined,
  destination: number | undefined,
  call: Call,
): Live {
  const id = idText(sync.id);
  if (id === undefined) throw misshapen(call, '/id of a sync', 'a whole number', sync.id);
  const shape = shapes(call, `sync ${id}`);
  const spec: Record<string, Json> = {};
  const named = withServerNames(sync);
  for (const key of texts) put(spec, key, shape.text(named[key], `/${key}`));
  for (const key of numerals) put(spec, key, numeral(named[key], `/${key}`, shape));
  if (destination !== undefined) spec.destination_id ??= destination;
  if (typeof named.recurring === 'boolean') spec.recurring = named.recurring;
  spec.field_mappings = decodeMappings(mappings, shape);
  return { kind, id, label: labelOf(spec), spec };
}

/** An entry of the server's list: enough to find a sync by, not enough to compare it. */
export function decodeEntry(sync: JsonObject, destination: number | undefined, call: Call): Live {
  const { id, label, spec } = decode(sync, undefined, destination, call);
  const kept = trueInLists.flatMap((key) => (spec[key] === undefined ? [] : [[key, spec[key]] as const]));
  return { kind, id, label, spec: Object.fromEntries(kept) };
}

function withServerNames(sync: JsonObject): JsonObject {
  const result: Record<string, Json | undefined> = { ...sync };
  for (const [theirs, ours] of Object.entries(aliases)) if (!isSet(result[ours])) result[ours] = sync[theirs];
  return result;
}

/** None are answered as null. Their order is kept: beside a join it means something. */
function decodeMappings(mappings: Json | undefined, shape: Shapes): readonly Json[] {
  return (shape.list(mappings, '/field_mappings') ?? []).map((item, index) => {
    const place = `/field_mappings/${index}`;
    return decodeMapping(asObject(item) ?? shape.fail(item, place, 'an object'), place, shape);
  });
}

/** Empty text stands for a type that was not sent, or for a field that belongs to another object. */
function decodeMapping(item: JsonObject, place: string, shape: Shapes): Spec {
  const mapping: Record<string, Json> = {};
  put(mapping, 'source_field_name', shape.text(item.source_field_name, `${place}/source_field_name`));
  put(mapping, 'source_field_type', shape.text(item.source_field_type, `${place}/source_field_type`) || undefined);
  put(mapping, 'destination_field_id', numeral(item.destination_field_id, `${place}/destination_field_id`, shape));
  const name = shape.text(item.destination_field_name, `${place}/destination_field_name`);
  put(mapping, 'destination_field_name', name || undefined);
  mapping.is_json_field = item.is_json_field === true;
  return mapping;
}

function numeral(value: Json | undefined, place: string, shape: Shapes): number | undefined {
  if (!isSet(value)) return undefined;
  return typeof value === 'number' ? value : shape.fail(value, place, 'a number');
}

function put(target: Record<string, Json>, key: string, value: Json | undefined): void {
  if (value !== undefined) target[key] = value;
}

function labelOf(spec: JsonObject): string | undefined {
  const { end_customer_id: customer, display_name: name } = spec;
  if (typeof customer !== 'string' || typeof name !== 'string') return undefined;
  return customer === '' || name === '' ? undefined : `${customer} / ${name}`;
}

/** By id, what each object of an answer writes to. */
export function destinationsOf(objects: readonly Json[]): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const object of objects.filter(isObject)) {
    if (typeof object.id === 'number' && typeof object.destination_id === 'number') {
      found.set(object.id, object.destination_id);
    }
  }
  return found;
}
