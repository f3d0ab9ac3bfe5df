import { isList, isObject, type Json, type JsonObject, type Spec } from '../../model/json.ts';
import type { FieldTrait, KindTraits } from '../../model/traits.ts';
import { isDefault } from './defaults.ts';

/**
 * A canonical spec with everything dropped that must not be compared: server-set keys, keys that no schema knows, and inside
 * one-value things whatever says no more than silence. Idempotent. Applied to manifests and to live answers alike.
 */
export function normalise(traits: KindTraits, spec: Spec): Spec {
  return normaliseObject(traits.spec, spec);
}

function normaliseField(trait: FieldTrait, value: Json): Json {
  switch (trait.shape) {
    case 'value':
      return withoutNulls(value);
    case 'map':
      return isObject(value) ? mapObject(value, withoutNulls) : value;
    case 'object':
      return isObject(value) ? normaliseObject(trait, value) : value;
    case 'whole':
      return isObject(value) ? normaliseWhole(trait, value) : value;
    case 'list':
      return isList(value) ? normaliseList(trait, value) : value;
    default:
      return trait.shape satisfies never;
  }
}

/**
 * Null inside a value that nobody describes leaves its key out, as it does in every object. Directly in an object or a map null
 * clears a field, and so is kept there; in a list it is an item.
 */
function withoutNulls(value: Json): Json {
  if (!holdsNull(value)) return value;
  if (isList(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) =>
      child === undefined || child === null ? [] : [[key, withoutNulls(child)] as const],
    ),
  );
}

/** Asked of the source of every mapping, and hardly ever so. */
function holdsNull(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isList(value)) return value.some(holdsNull);
  for (const key in value) {
    const child = value[key];
    if (child === null || (typeof child === 'object' && holdsNull(child))) return true;
  }
  return false;
}

function mapObject(value: JsonObject, change: (child: Json) => Json): JsonObject {
  if (!holdsNull(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) => (child === undefined ? [] : [[key, change(child)] as const])),
  );
}

/** Is this empty text in a field that has none? Then it was not written. */
function isSilence(field: FieldTrait, child: Json): boolean {
  return child === '' && field.same?.includes('') === true;
}

/** In an object silence means "not ours", so every known key stays, null too: in a manifest it clears. */
function normaliseObject(trait: FieldTrait, value: JsonObject): JsonObject {
  return sifted(trait, value, inObject);
}

/** In a one-value thing silence means the default, so a default said aloud is dropped. What may be missing from answers stays. */
function normaliseWhole(trait: FieldTrait, value: JsonObject): JsonObject {
  return sifted(trait, value, inWhole);
}

/** What stays of the value of a field; undefined where nothing does. */
type Keep = (field: FieldTrait, child: Json) => Json | undefined;

const inObject: Keep = (field, child) => {
  if (field.server || isSilence(field, child)) return undefined;
  return typeof child === 'object' ? normaliseField(field, child) : child;
};

const inWhole: Keep = (field, child) => {
  if (field.server || isSilence(field, child)) return undefined;
  // Where nobody states a default, null still says no more than silence.
  if (child === null && field.default === undefined && !field.unreadable) return undefined;
  const clean = typeof child === 'object' ? normaliseField(field, child) : child;
  return !field.unreadable && field.default !== undefined && isDefault(field, clean) ? undefined : clean;
};

/** The known keys of an object with what `keep` leaves of their values; the object itself where nothing changes, as in nearly all. */
function sifted(trait: FieldTrait, value: JsonObject, keep: Keep): JsonObject {
  let kept: Record<string, Json> | undefined;
  for (const key in value) {
    const child = value[key];
    const field = trait.fields?.[key];
    const clean = child === undefined || field === undefined ? undefined : keep(field, child);
    if (kept === undefined) {
      if (clean !== undefined && clean === child) continue;
      kept = headOf(value, key);
    }
    if (clean !== undefined) kept[key] = clean;
  }
  return kept ?? value;
}

/** A copy of what stands before a key. */
function headOf(value: JsonObject, end: string): Record<string, Json> {
  const head: Record<string, Json> = {};
  for (const key in value) {
    const child = value[key];
    if (key === end) break;
    if (child !== undefined) head[key] = child;
  }
  return head;
}

function normaliseList(trait: FieldTrait, list: readonly Json[]): Json {
  const { items } = trait;
  if (items === undefined) return list;
  let kept: Json[] | undefined;
  let index = 0;
  for (const item of list) {
    const clean = normaliseField(items, item);
    if (kept === undefined && clean !== item) kept = list.slice(0, index);
    kept?.push(clean);
    index += 1;
  }
  return kept ?? list;
}
