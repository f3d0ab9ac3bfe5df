import { isList, isObject, type Json } from '../model/json.ts';
import { definedEntries } from './emit.ts';
import type { KeyOrder } from './order.ts';

/** The value with the keys of all its objects in order. */
export function sorted(value: Json, order: KeyOrder): Json {
  if (isList(value)) return value.map((item) => sorted(item, order.below(undefined)));
  if (!isObject(value)) return value;
  const keys = inOrder(
    definedEntries(value).map(([key]) => key),
    order,
  );
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null, order.below(key))]));
}

/** These keys in order; keys that the order does not know keep theirs, behind the others. */
export function inOrder(keys: readonly string[], { rank }: KeyOrder): string[] {
  const placeOf = (key: string) => rank.get(key) ?? Number.POSITIVE_INFINITY;
  return [...keys].sort((first, second) => (placeOf(first) === placeOf(second) ? 0 : placeOf(first) - placeOf(second)));
}
