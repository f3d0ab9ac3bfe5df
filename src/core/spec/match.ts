import { isObject, type Json } from '../../model/json.ts';
import { grouped } from '../grouped.ts';
import { equal } from './equal.ts';

export interface Pair {
  readonly name: string;
  readonly first: Json;
  readonly second: Json;
}

export interface Named {
  readonly name: string;
  readonly value: Json;
}

export interface Matching {
  readonly matched: readonly Pair[];
  readonly onlyFirst: readonly Named[];
  readonly onlySecond: readonly Named[];
  /** From an item of the second list to its partner in the first. */
  readonly firstOf: ReadonlyMap<Json, Json>;
}

/**
 * Pairs the items of two lists by the value of `key`. Several items may share a value (two alerts of one type): equal ones
 * are paired first, then those of which one says all that the other does, the rest in order, so that as little as possible is said to have changed.
 */
export function matchByKey(key: string, first: readonly Json[], second: readonly Json[]): Matching {
  const waiting = grouped(first, (item) => keyText(key, item));
  const names = new Map<string, number>();
  const matched: Pair[] = [];
  const onlySecond: Named[] = [];
  const firstOf = new Map<Json, Json>();
  const partners = second.map((item) => take(waiting.get(keyText(key, item)), (other) => equal(other, item)));
  for (const [index, item] of second.entries()) {
    partners[index] ??= take(waiting.get(keyText(key, item)), (other) => agrees(other, item));
  }
  for (const [index, item] of second.entries()) {
    const name = uniqueName(names, keyText(key, item));
    const partner = partners[index] ?? take(waiting.get(keyText(key, item)), () => true);
    if (partner === undefined) {
      onlySecond.push({ name, value: item });
    } else {
      matched.push({ name, first: partner, second: item });
      firstOf.set(item, partner);
    }
  }
  const onlyFirst: Named[] = [];
  for (const rest of waiting.values()) {
    for (const value of rest) onlyFirst.push({ name: uniqueName(names, keyText(key, value)), value });
  }
  return { matched, onlyFirst, onlySecond, firstOf };
}

/** The text that an item of a keyed list goes by. */
export function keyText(key: string, item: Json): string {
  const value = isObject(item) ? item[key] : item;
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function take(group: Json[] | undefined, fits: (item: Json) => boolean): Json | undefined {
  const index = group?.findIndex(fits) ?? -1;
  return index < 0 ? undefined : group?.splice(index, 1)[0];
}

/** Does the first item say everything that the second one says, and perhaps more (an id beside a name)? */
function agrees(first: Json, second: Json): boolean {
  return (
    isObject(first) && isObject(second) && Object.entries(second).every(([key, value]) => equal(first[key], value))
  );
}

/** `Email`, then `Email#2`: every path in a plan means one item. */
function uniqueName(names: Map<string, number>, name: string): string {
  const count = (names.get(name) ?? 0) + 1;
  names.set(name, count);
  return count === 1 ? name : `${name}#${count}`;
}
