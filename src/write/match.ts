import { equal } from '../core/spec/equal.ts';
import { isList, isObject, type Json } from '../model/json.ts';

/** As many pairs of items as are compared for likeness; longer lists without a key are matched by what is equal. */
const patience = 250_000;

/**
 * For each wanted item the index of the one that stands for it now, or -1. Equal items are matched first, then those of one key, then
 * those that are most alike. Where no key is given, a field that tells all items apart on both sides is one.
 */
export function matchItems(now: readonly Json[], wanted: readonly Json[], key: string | undefined): number[] {
  const found = wanted.map(() => -1);
  const free = new Set(now.keys());
  const take = (index: number, partner: number | undefined) => {
    if (partner === undefined) return;
    found[index] = partner;
    free.delete(partner);
  };
  const open = () => [...found.keys()].filter((index) => found[index] === -1);
  for (const index of open())
    take(
      index,
      [...free].find((one) => equal(now[one], wanted[index])),
    );
  const named = key ?? tellingKey(now, wanted);
  if (named !== undefined) {
    for (const index of open()) {
      const name = nameOf(wanted[index], named);
      if (name !== undefined)
        take(
          index,
          [...free].find((one) => equal(nameOf(now[one], named), name)),
        );
    }
  }
  const left = open();
  if (key !== undefined || left.length * free.size > patience) return found;
  const scores = left.flatMap((index) =>
    [...free].map((one) => ({ index, one, score: likeness(now[one], wanted[index]) })),
  );
  for (const { index, one } of scores.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score))
    if (found[index] === -1 && free.has(one)) take(index, one);
  return found;
}

function nameOf(item: Json | undefined, key: string): Json | undefined {
  const name = isObject(item) ? item[key] : undefined;
  return isObject(name) || isList(name) ? undefined : name;
}

/** The field by which most items are found again, of those that no two items on a side share. */
function tellingKey(now: readonly Json[], wanted: readonly Json[]): string | undefined {
  const [first] = now;
  if (!isObject(first)) return undefined;
  const names = wanted.map((item) => item);
  let best: { readonly key: string; readonly count: number } | undefined;
  for (const key of Object.keys(first)) {
    const before = namesBy(now, key);
    const after = namesBy(names, key);
    if (before === undefined || after === undefined) continue;
    const count = [...after].filter((name) => before.has(name)).length;
    if (count > 0 && (best === undefined || count > best.count)) best = { key, count };
  }
  return best?.key;
}

function namesBy(items: readonly Json[], key: string): Set<Json> | undefined {
  const names = new Set<Json>();
  for (const item of items) {
    const name = nameOf(item, key);
    if (name === undefined || names.has(name)) return undefined;
    names.add(name);
  }
  return names;
}

/** How much two items have in common, from 0 (nothing) to 1. */
function likeness(first: Json | undefined, second: Json | undefined): number {
  if (!isObject(first) || !isObject(second)) return 0;
  const keys = new Set([...Object.keys(first), ...Object.keys(second)]);
  let same = 0;
  for (const key of keys) if (first[key] !== undefined && equal(first[key], second[key])) same += 1;
  return keys.size === 0 ? 0 : same / keys.size;
}
