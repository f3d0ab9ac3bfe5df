import { isList, isObject, type Json, type JsonObject } from '../model/json.ts';

/** A copy without `keys` and without keys that hold undefined. */
export function without(value: JsonObject, keys: readonly string[]): Record<string, Json> {
  const kept: Record<string, Json> = {};
  for (const key in value) {
    const child = value[key];
    if (child !== undefined && !keys.includes(key)) kept[key] = child;
  }
  return kept;
}

/** A copy of the keys that are there and not undefined, in the order asked for. */
export function only(value: JsonObject, keys: readonly string[]): JsonObject {
  const kept: Record<string, Json> = {};
  for (const key of keys) {
    const child = value[key];
    if (child !== undefined) kept[key] = child;
  }
  return kept;
}

/** A copy without keys that hold null or undefined. */
export function present(value: JsonObject): JsonObject {
  const kept: Record<string, Json> = {};
  for (const key in value) {
    const child = value[key];
    if (child !== undefined && child !== null) kept[key] = child;
  }
  return kept;
}

/** A copy without keys that hold null, at every depth; an item of a list may be null. */
export function withoutNulls(value: JsonObject): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) {
    if (child !== undefined && child !== null) kept[key] = clean(child);
  }
  return kept;
}

function clean(value: Json): Json {
  if (isList(value)) return value.map(clean);
  return isObject(value) ? withoutNulls(value) : value;
}

export function isSet(value: Json | undefined): value is Exclude<Json, null> {
  return value !== undefined && value !== null;
}

/** Is it set, and no empty text? For fields that have none. */
export function isGiven(value: Json | undefined): value is Exclude<Json, null> {
  return isSet(value) && value !== '';
}

export function asObject(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

/** The API coerces ids and numbers given as text, so both spellings mean the number. Anything else is left as it is. */
export function asNumber(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string' || !/^(0|-?[1-9]\d{0,14})$/.test(value)) return value;
  return Number(value);
}

/** dbt Cloud and Fivetran ids are text, however they were written. */
export function asText(value: Json | undefined): Json | undefined {
  return typeof value === 'number' ? String(value) : value;
}

/** Do both say the same, whatever the order of their keys? */
export function sameJson(first: Json | undefined, second: Json | undefined): boolean {
  if (isList(first) && isList(second)) {
    return first.length === second.length && first.every((item, index) => sameJson(item, second[index]));
  }
  if (!isObject(first) || !isObject(second)) return first === second;
  const keys = new Set([...Object.keys(first), ...Object.keys(second)]);
  return [...keys].every((key) => sameJson(first[key], second[key]));
}

/** When a thing was made (ISO 8601), where its answer says it in the way that most services do. */
export function createdOf({ created_at: time }: JsonObject): string | undefined {
  return typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? time : undefined;
}
