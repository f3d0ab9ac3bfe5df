import { censusSyncTraits } from '../../../../generated/census-sync-traits.ts';
import { isList, isObject, type Json, type JsonObject, type Spec } from '../../../../model/json.ts';
import { type Call, unsendable } from '../../../../wire/answer.ts';
import { isSet, only, present, without, withoutNulls } from '../../../../wire/json.ts';

/** The body of a create request. What is null is left out at every depth: that is what clears it. Lists are the exception (`[]`). */
export function encodeCreate(spec: Spec, call: Call): JsonObject {
  const body: Record<string, Json> = {};
  for (const [key, value] of Object.entries(spec)) {
    const encoded = encodeField(key, value, call);
    if (isSet(encoded)) body[key] = isObject(encoded) ? withoutNulls(encoded) : encoded;
  }
  return body;
}

/** One top-level field in the words of a request. Throws a ProviderError for what no request can say. */
export function encodeField(key: string, value: Json | undefined, call: Call): Json | undefined {
  if (key === 'alert_attributes' && value === null) return [];
  if (key === 'mappings' && isList(value)) return value.map((mapping) => encodeMapping(mapping));
  if (key === 'alert_attributes' && isList(value)) return value.map((alert) => encodeAlert(alert));
  if (!isObject(value)) return value;
  switch (key) {
    case 'source_attributes':
      return encodeSource(value, call);
    case 'destination_attributes':
      return encodeDestination(value, call);
    case 'mode':
      return encodeMode(value, call);
    default:
      // A map of free keys may hold null; in an object that is built anew null leaves the key out.
      return censusSyncTraits.spec.fields?.[key]?.shape === 'map' ? value : withoutNulls(value);
  }
}

function encodeSource(source: JsonObject, call: Call): JsonObject {
  assertResolved(source, 'connection', 'source_attributes', call);
  const base = filled(without(source, ['object']));
  return isObject(source.object) ? { ...base, ...encodeObject(source.object, call) } : base;
}

/** A segment's or cohort's id goes beside the object, which then describes the dataset. */
function encodeObject(object: JsonObject, call: Call): JsonObject {
  const names = ['table_catalog', 'table_schema', 'table_name'];
  switch (object.type) {
    case 'segment':
      return { filter_segment_id: idOf(object, 'segment', call), object: datasetOf(object, call) };
    case 'cohort':
      return { cohort_id: idOf(object, 'cohort', call), object: datasetOf(object, call) };
    case 'table':
      // An answer carries both; the names are the documented way to say it.
      return { object: names.every((key) => isSet(object[key])) ? only(object, ['type', ...names]) : filled(object) };
    case 'dataset':
      return { object: { type: 'dataset', id: idOf(object, 'dataset', call) } };
    default:
      return { object: filled(isSet(object.id) ? without(object, ['name']) : object) };
  }
}

function idOf(object: JsonObject, kind: string, call: Call): Json {
  if (isSet(object.id)) return object.id;
  throw unsendable(call, `the id of the source's ${kind} is not known`);
}

/** What a segment or cohort is made of. A model is how the API described it until 2024. */
function datasetOf(object: JsonObject, call: Call): JsonObject {
  if (isSet(object.model_id)) return { type: 'model', id: object.model_id };
  if (isSet(object.dataset_id)) return { type: 'dataset', id: object.dataset_id };
  throw unsendable(call, `the dataset of the source's ${String(object.type)} is not known`);
}

function encodeDestination(destination: JsonObject, call: Call): JsonObject {
  assertResolved(destination, 'connection', 'destination_attributes', call);
  return filled(destination);
}

function assertResolved(holder: JsonObject, key: string, where: string, call: Call): void {
  if (isSet(holder[key])) throw unsendable(call, `${where}.${key} still is a name`);
}

function encodeMode(mode: JsonObject, call: Call): JsonObject {
  const triggers = isObject(mode.triggers) ? present(mode.triggers) : undefined;
  const sequence = triggers?.sync_sequence;
  if (isObject(sequence)) assertResolved(sequence, 'sync', 'mode.triggers.sync_sequence', call);
  const result = present({ ...mode, type: mode.type ?? 'triggered' });
  return triggers === undefined ? result : { ...result, triggers: emptied(triggers) };
}

/** Nulls inside a trigger are left out, and a trigger that has nothing left is none. */
function emptied(triggers: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(triggers)) {
    const clean = isObject(value) ? present(value) : value;
    if (isSet(clean) && !(isObject(clean) && Object.keys(clean).length === 0)) result[key] = clean;
  }
  return result;
}

/**
 * A mapping as it is sent: nothing that is not set, constants as the text that the vendor's OpenAPI of 2023 wants, and the
 * identifier flag, which that requires of each mapping.
 */
export function encodeMapping(mapping: Json): Json {
  if (!isObject(mapping)) return mapping;
  return { ...filled(mapping), is_primary_identifier: mapping.is_primary_identifier === true };
}

export function encodeAlert(alert: Json): Json {
  return isObject(alert) ? present(alert) : alert;
}

/** Without nulls and empty strings, which the API takes for values. */
function filled(value: JsonObject): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) {
    if (isSet(child) && child !== '') kept[key] = child;
  }
  return kept;
}
