import { isList, isObject, type Json, type JsonObject, type Spec } from '../../model/json.ts';
import type { FieldTrait, KindTraits } from '../../model/traits.ts';
import { equal } from './equal.ts';
import { matchByKey } from './match.ts';

/**
 * A live spec as far as anybody knows: where the answer proves nothing, or leaves out what it never shows, the spec last
 * applied (null where there is none) stands in for it. Both are normalised.
 */
export function completedLive(traits: KindTraits, live: Spec, applied: Spec | null): Spec {
  return applied === null ? live : heldObject(traits.spec, live, applied);
}

/** As `completedLive`, without what nobody knows: values that every answer has, whatever was sent, unless they were applied. */
export function knownLive(traits: KindTraits, live: Spec, applied: Spec | null): Spec {
  return knownObject(traits.spec, completedLive(traits, live, applied), applied ?? {});
}

function knownObject(trait: FieldTrait, live: JsonObject, applied: JsonObject): JsonObject {
  const result: Record<string, Json | undefined> = { ...live };
  for (const [key, field] of Object.entries(trait.fields ?? {})) {
    const [value, was] = [live[key], Object.hasOwn(applied, key) ? applied[key] : undefined];
    if (was === undefined && isUnproven(field, value)) delete result[key];
    else if (field.shape === 'object' && isObject(value))
      result[key] = knownObject(field, value, isObject(was) ? was : {});
  }
  return result;
}

/** Does the service answer this value whatever was sent? */
function isUnproven({ unproven }: FieldTrait, value: Json | undefined): boolean {
  return value !== undefined && unproven?.some((one) => equal(one, value)) === true;
}

function heldObject(trait: FieldTrait, live: JsonObject, applied: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const [key, field] of Object.entries(trait.fields ?? {})) {
    const known = Object.hasOwn(applied, key) ? heldValue(field, live[key], applied[key]) : undefined;
    if (known !== undefined) result[key] = known;
  }
  return { ...live, ...result };
}

/** One field on both sides; undefined where nobody knows a value. */
function heldValue(trait: FieldTrait, live: Json | undefined, applied: Json | undefined): Json | undefined {
  if (live === undefined) return trait.unreadable === true ? applied : undefined;
  if (isUnproven(trait, live)) return applied ?? live;
  if (trait.shape === 'object' && isObject(live) && isObject(applied)) return heldObject(trait, live, applied);
  if (trait.shape === 'list' && isList(live) && isList(applied)) return heldItems(trait, live, applied);
  return live;
}

/** What an answer hides of an item is known from the item of the same key. */
function heldItems({ key, items }: FieldTrait, live: readonly Json[], applied: readonly Json[]): Json {
  if (key === undefined || items?.fields === undefined) return live;
  const { firstOf } = matchByKey(key, applied, live);
  return live.map((item) => {
    const known = firstOf.get(item);
    return isObject(item) && isObject(known) ? heldObject(items, item, known) : item;
  });
}
