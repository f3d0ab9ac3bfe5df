import { isList, isObject, type Json, type Pointer, type Spec, tokens } from '../../model/json.ts';
import type { FieldTrait, KindTraits } from '../../model/traits.ts';
import { digestOf } from '../hash.ts';
import { byCodePoint, stableJson } from '../stable.ts';
import { equal } from './equal.ts';
import { keyText } from './match.ts';

/** Names what a normalised live spec says: the same in whatever order the service lists what has none. */
export function fingerprint(traits: KindTraits, live: Spec): string {
  return digestOf(inOneOrder(traits, live));
}

/** A normalised spec with every list whose order means nothing in the order of its keys. */
export function inOneOrder(traits: KindTraits, spec: Spec): Json {
  return sorted(traits.spec, spec, spec);
}

/** The value at a path of `spec`, likewise. Paths that lead into an item of a list hold no list of their own. */
export function valueInOneOrder(traits: KindTraits, path: Pointer, value: Json, spec: Spec): Json {
  const trait = tokens(path).reduce<FieldTrait | undefined>((here, token) => here?.fields?.[token], traits.spec);
  return trait === undefined ? value : sorted(trait, value, spec);
}

/** Items in the order of their keys, equal keys by what else they say. */
export function byKey(key: string, list: readonly Json[]): readonly Json[] {
  return list.toSorted(
    (first, second) =>
      byCodePoint(keyText(key, first), keyText(key, second)) || byCodePoint(stableJson(first), stableJson(second)),
  );
}

/** Does the order of the items of this list count, by what the spec around it says? */
function isOrdered({ ordered_when: when, ordered_with: with_ }: FieldTrait, spec: Spec): boolean {
  if (with_ !== undefined && (spec[with_] ?? null) !== null) return true;
  return when !== undefined && Object.entries(when).every(([field, value]) => equal(spec[field], value));
}

function sorted(trait: FieldTrait, value: Json, root: Spec): Json {
  if (isObject(value) && trait.fields !== undefined) {
    const entries = Object.entries(value).map(([key, child]) => {
      const field = trait.fields?.[key];
      return [key, field === undefined || child === undefined ? child : sorted(field, child, root)] as const;
    });
    return Object.fromEntries(entries);
  }
  if (!isList(value) || trait.key === undefined || isOrdered(trait, root)) return value;
  return byKey(trait.key, value);
}
