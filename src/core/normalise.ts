import { isList, isObject, type Json, type JsonObject, type Spec } from '../model/json.ts';
import type { FieldTrait, KindTraits } from '../model/traits.ts';
import { isDefault } from './same.ts';

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
    case 'map':
      return value;
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

/** In an object silence means "not ours", so every known key stays, null too: in a manifest it clears. */
function normaliseObject(trait: FieldTrait, value: JsonObject): JsonObject {
  const kept: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    const child = value[key];
    const field = trait.fields?.[key];
    if (child === undefined || field === undefined || field.server) continue;
    kept[key] = normaliseField(field, child);
  }
  return kept;
}

/** In a one-value thing silence means the default, so a default said aloud is dropped. What may be missing from answers stays. */
function normaliseWhole(trait: FieldTrait, value: JsonObject): JsonObject {
  const kept: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    const child = value[key];
    const field = trait.fields?.[key];
    if (child === undefined || field === undefined || field.server) continue;
    const clean = normaliseField(field, child);
    if (!field.unreadable && field.default !== undefined && isDefault(field, clean)) continue;
    kept[key] = clean;
  }
  return kept;
}

function normaliseList(trait: FieldTrait, list: readonly Json[]): Json {
  const { items } = trait;
  return items === undefined ? list : list.map((item) => normaliseField(items, item));
}
