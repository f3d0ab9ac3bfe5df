import { isList, isObject, type Json, pointer, type Spec } from '../../model/json.ts';
import type { Difference } from '../../model/migration.ts';
import type { FieldTrait, KindTraits } from '../../model/traits.ts';
import { equal } from '../spec/equal.ts';
import { stableJson } from '../stable.ts';

/**
 * Where two normalised specs of one thing differ, whole and on both sides: a key that only one of them has differs too. Items are
 * compared by their place, unless their order means nothing and nothing but what they say tells them apart.
 */
export function specDifferences(
  { spec: trait }: Pick<KindTraits, 'spec'>,
  address: string,
  from: Spec,
  to: Spec,
): Difference[] {
  const found: Difference[] = [];
  walk(trait, [], from, to, (path, one, other) =>
    found.push({ address, path: pointer(path), from: one ?? null, to: other ?? null }),
  );
  return found;
}

type Path = readonly (string | number)[];
type Told = (path: Path, from: Json | undefined, to: Json | undefined) => void;

function walk(
  trait: FieldTrait | undefined,
  path: Path,
  from: Json | undefined,
  to: Json | undefined,
  tell: Told,
): void {
  if (from === to || (from !== undefined && to !== undefined && equal(from, to))) return;
  if (isObject(from) && isObject(to)) {
    for (const key of new Set([...Object.keys(from), ...Object.keys(to)]))
      walk(trait?.fields?.[key] ?? mapItems(trait), [...path, key], from[key], to[key], tell);
  } else if (isList(from) && isList(to) && from.length === to.length) {
    const [ours, theirs] = hasNoOrder(trait) ? [inOrder(from), inOrder(to)] : [from, to];
    for (const [index, item] of ours.entries()) walk(trait?.items, [...path, index], item, theirs[index], tell);
  } else tell(path, from, to);
}

function mapItems(trait: FieldTrait | undefined): FieldTrait | undefined {
  return trait?.shape === 'map' ? trait.items : undefined;
}

/** A list whose items a key tells apart, and of which nothing says that their order could count. */
function hasNoOrder(trait: FieldTrait | undefined): boolean {
  return trait?.key !== undefined && trait.ordered_when === undefined && trait.ordered_with === undefined;
}

function inOrder(list: readonly Json[]): readonly Json[] {
  return list.toSorted((one, other) => (stableJson(one) < stableJson(other) ? -1 : 1));
}
