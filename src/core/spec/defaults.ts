import { isList, isObject, type Json } from '../../model/json.ts';
import type { FieldTrait } from '../../model/traits.ts';
import { equal } from './equal.ts';

/** Is this value what the server means by "nothing was said here"? */
export function isDefault(trait: FieldTrait, value: Json | undefined): boolean {
  if (value === undefined || value === null || value === trait.default) return true;
  // Asked of every field of every mapping, nearly all of them texts and flags that only an equal one can be the same as.
  if (typeof value !== 'object') return trait.same?.includes(value) ?? false;
  if (trait.default !== undefined && equal(value, trait.default)) return true;
  return trait.same !== undefined && isAmong(trait.same, value);
}

/** Apart from its caller, which would make a closure for every text and flag. */
function isAmong(values: readonly Json[], value: Json): boolean {
  return values.some((one) => equal(one, value));
}

/** Null, absent, `""`, `[]`, `{}` and objects of nothing else: services mix them freely for things that are not set. */
function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (isList(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(isEmpty);
}

/** Do both values say the same to the server? Key order never matters; a stated default equals silence. */
export function sameValue(trait: FieldTrait, live: Json | undefined, desired: Json | undefined): boolean {
  if (equal(live, desired)) return true;
  return trait.default !== undefined && isDefault(trait, live) && isDefault(trait, desired);
}

/** Is a field that the manifest clears (`null`) already clear? */
export function isCleared(trait: FieldTrait, live: Json | undefined): boolean {
  if (isEmpty(live)) return true;
  if (trait.default === undefined || trait.default === null) return isDefault(trait, live);
  return isDefault(trait, withoutEmpty(live));
}

/** The value without the empty keys that some answers carry and others leave out. */
function withoutEmpty(value: Json | undefined): Json | undefined {
  if (!isObject(value)) return value;
  const kept: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) {
    const clean = withoutEmpty(child);
    if (clean !== undefined && !isEmpty(clean)) kept[key] = clean;
  }
  return kept;
}
