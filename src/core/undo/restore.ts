import { isList, isObject, type Json, type JsonObject, type Pointer, pointer, type Spec } from '../../model/json.ts';
import type { FieldTrait, KindTraits } from '../../model/traits.ts';
import { isDefault } from '../spec/defaults.ts';
import { equal } from '../spec/equal.ts';
import { matchByKey } from '../spec/match.ts';

/**
 * What was declared, with the values it had before: exactly the keys of `after`, so that what nobody declared stays as others
 * have left it. A key that was not there is cleared (null). What reads do not show keeps what was applied, for nobody knows
 * what it was.
 */
export function restored(traits: KindTraits, before: Spec, after: Spec): Spec {
  return restoreKeys(traits.spec, before, after);
}

function restoreKeys(trait: FieldTrait, before: JsonObject, after: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const key of Object.keys(after)) {
    const declared = after[key];
    const field = trait.shape === 'map' ? trait.items : trait.fields?.[key];
    if (declared !== undefined) result[key] = restoreValue(field ?? leaf, ownValue(before, key), declared);
  }
  return result;
}

const leaf: FieldTrait = { shape: 'value' };

function ownValue(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function restoreValue(trait: FieldTrait, before: Json | undefined, declared: Json): Json {
  if (before === undefined && trait.unreadable === true) return declared;
  if (before === undefined && trait.unproven !== undefined) return assumed(trait) ?? declared;
  // Of free keys only those are ours that were declared, also where there were none before.
  if (trait.shape === 'map' && isObject(declared)) return restoreKeys(trait, isObject(before) ? before : {}, declared);
  if (trait.shape === 'object' && isObject(before) && isObject(declared)) return restoreKeys(trait, before, declared);
  if (trait.shape === 'list' && isList(before) && isList(declared)) return restoreItems(trait, before, declared);
  return before ?? unset(trait);
}

/** What a field is taken to have been that no answer proves: as the service answers, where that can be sent. */
export function assumed({ unproven, immutable }: FieldTrait): Json | undefined {
  return immutable === true ? undefined : unproven?.[0];
}

/**
 * A live spec as the body of a new sync. What is not set there is nothing that a create has to say, and neither is what the API no longer
 * wants where it says nothing: whoever writes a manifest from that body would be warned of it.
 */
export function bodyOf(traits: KindTraits, live: Spec): Spec {
  return withoutUnset(traits.spec, live);
}

/** A whole spec as it was, with what reads do not show of it as the next one was declared. */
export function wholeBefore(traits: KindTraits, before: Spec, after: Spec): Spec {
  const result: Record<string, Json | undefined> = { ...before };
  for (const [key, field] of Object.entries(traits.spec.fields ?? {})) {
    const [was, declared] = [before[key], after[key]];
    const isHidden = field.unreadable === true || field.unproven !== undefined;
    if (was === undefined && isHidden) result[key] = declared;
    else if (isList(was) && isList(declared)) result[key] = restoreItems(field, was, declared);
  }
  return result;
}

function withoutUnset(trait: FieldTrait, value: JsonObject): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined || child === null) continue;
    const field = trait.fields?.[key];
    if (field?.deprecated === true && isDefault(field, child)) continue;
    kept[key] = field?.shape === 'object' && isObject(child) ? withoutUnset(field, child) : child;
  }
  return kept;
}

/** Other rules look at the value itself, so a default that is one is said aloud. */
function unset({ shape, default: value }: FieldTrait): Json {
  return shape === 'value' ? (value ?? null) : null;
}

function restoreItems(trait: FieldTrait, before: readonly Json[], declared: readonly Json[]): Json {
  const { key, items } = trait;
  if (key === undefined || items?.fields === undefined) return before;
  const { firstOf } = matchByKey(key, declared, before);
  return before.map((item) => withHidden(items, item, firstOf.get(item)));
}

/** An item as it was, with what reads do not show of it as it was applied. */
function withHidden(trait: FieldTrait, item: Json, declared: Json | undefined): Json {
  if (!isObject(item) || !isObject(declared)) return item;
  const hidden = Object.entries(trait.fields ?? {}).flatMap(([key, field]) => {
    const value = declared[key];
    return field.unreadable === true && item[key] === undefined && value !== undefined ? [[key, value] as const] : [];
  });
  return hidden.length === 0 ? item : { ...item, ...Object.fromEntries(hidden) };
}

/**
 * Items that the run has added to a list in which whatever nobody declares is the server's: no request takes them out again.
 * Pointers into the spec.
 */
export function irremovable(traits: KindTraits, before: Spec, after: Spec, desired: Spec): Pointer[] {
  return Object.entries(traits.spec.fields ?? {}).flatMap(([field, { key, open_when: open }]) => {
    const [was, is] = [before[field] ?? [], after[field]];
    if (key === undefined || open === undefined || !isList(was) || !isList(is)) return [];
    const left = { ...before, ...desired };
    if (!Object.entries(open).every(([other, value]) => equal(left[other], value))) return [];
    return matchByKey(key, is, was).onlyFirst.map((item) => pointer([field, item.name]));
  });
}
