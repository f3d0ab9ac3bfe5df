import { isObject, type Json, type Pointer, tokens } from '../../model/json.ts';
import type { FieldTrait, KindTraits } from '../../model/traits.ts';

/** Names that manifests gave and ids took the place of, by where they stood. */
export type Names = Readonly<Record<Pointer, string>>;

/** How a live thing shows a reference of which one half, the id or the name, is missing in the answer. */
export type Shown = 'same' | 'other' | 'unknown';

/**
 * What an answer that leaves out the declared half of a reference says by the other half: a name where an id is declared, or the
 * other way round. Undefined where `at` is no reference, or the answer shows neither half.
 */
export function shownInstead(
  traits: KindTraits,
  trait: FieldTrait,
  at: Pointer,
  live: Json | undefined,
  names: Names,
): Shown | undefined {
  if (isObject(live) && trait.instead?.some((key) => (live[key] ?? null) !== null)) return 'unknown';
  for (const { path, into } of traits.references) {
    const other = at === into ? path : at === path ? into : undefined;
    const shown = other === undefined || !isObject(live) ? undefined : live[tokens(other).at(-1) ?? ''];
    if (other === undefined || shown === undefined || shown === null) continue;
    const name = other === path ? names[path] : undefined;
    return name === undefined ? 'unknown' : name === shown ? 'same' : 'other';
  }
  return undefined;
}
