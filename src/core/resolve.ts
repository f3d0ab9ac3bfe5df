import type { Problem } from '../model/diagnostic.ts';
import { type Json, type Spec, valueAt, withValueAt } from '../model/json.ts';
import type { NamedThing } from '../model/live.ts';
import type { RefTrait } from '../model/traits.ts';
import { equal } from './equal.ts';
import { stableJson } from './stable.ts';
import { didYouMean } from './suggest.ts';

/** A collection that has to be read before a name can be resolved. */
export interface Shelf {
  readonly collection: string;
  /** Id of the parent, for example the source of a model. */
  readonly within: Json | undefined;
}

/** Identifies a shelf in a map. */
export function shelfKey(shelf: Shelf): string {
  return `${shelf.collection} ${stableJson(shelf.within)}`;
}

/** What is in the collections; undefined stands for one that the API cannot list. */
export type Books = ReadonlyMap<string, readonly NamedThing[] | undefined>;

/** The shelf on which the name of `ref` in `spec` must be looked up; undefined where the spec names nothing there. */
export function shelfFor(ref: RefTrait, spec: Spec): Shelf | undefined {
  if (typeof valueAt(spec, ref.path) !== 'string' || !applies(ref, spec)) return undefined;
  return { collection: ref.collection, within: ref.within === undefined ? undefined : valueAt(spec, ref.within) };
}

function applies(ref: RefTrait, spec: Spec): boolean {
  return Object.entries(ref.when ?? {}).every(([path, value]) => equal(valueAt(spec, path), value));
}

/** The spec with the name of `ref` replaced by its id, or the problem that prevents it. A name that cannot be looked up stays. */
export function resolveRef(
  ref: RefTrait,
  spec: Spec,
  books: Books,
): { readonly spec: Spec; readonly problem?: Problem } {
  const shelf = shelfFor(ref, spec);
  const name = valueAt(spec, ref.path);
  if (shelf === undefined || typeof name !== 'string') return { spec };
  const things = books.get(shelfKey(shelf));
  if (things === undefined) return { spec };
  const found = things.filter((thing) => thing.name === name);
  const [only] = found;
  if (only === undefined || found.length > 1) return { spec, problem: unresolved(ref, name, found, things) };
  return { spec: withValueAt(withValueAt(spec, ref.path, undefined), ref.into, only.id) };
}

function unresolved(ref: RefTrait, name: string, found: readonly NamedThing[], things: readonly NamedThing[]): Problem {
  const path = `/spec${ref.path}`;
  if (found.length > 1) {
    const ids = found.map((thing) => String(thing.id)).join(', ');
    return {
      severity: 'error',
      code: 'ambiguous-name',
      message: `"${name}" is the name of ${found.length} ${ref.collection} (ids ${ids}).`,
      hint: 'Give the id instead of the name, or rename all but one of them.',
      path,
      at: 'value',
    };
  }
  const names = things.map((thing) => thing.name);
  const none = `There are no ${ref.collection} that this token can see; check the target.`;
  const message = `Nothing among the ${ref.collection} is named "${name}".`;
  return { severity: 'error', code: 'unknown-name', message, hint: didYouMean(name, names, none), path, at: 'value' };
}
