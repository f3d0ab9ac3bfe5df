import type { Problem } from '../model/diagnostic.ts';
import { type Json, type Spec, tokens, valueAt, withValueAt } from '../model/json.ts';
import type { NamedThing } from '../model/live.ts';
import type { RefTrait } from '../model/traits.ts';
import { equal } from './equal.ts';
import { spelt } from './look-alike.ts';
import { stableJson } from './stable.ts';
import { suggester } from './suggest.ts';

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
  const shelved = indexOf(things);
  const found = shelved.byName.get(name) ?? [];
  const [only] = found;
  if (only === undefined || found.length > 1) return { spec, problem: unresolved(ref, name, found, shelved) };
  return { spec: withValueAt(withValueAt(spec, ref.path, undefined), ref.into, only.id) };
}

/** A shelf in the order of its names. */
interface Index {
  readonly byName: ReadonlyMap<string, readonly NamedThing[]>;
  readonly isEmpty: boolean;
  /** Help for a name that is not there: what comes close to it. */
  readonly hint: (name: string) => string;
}

/** Thousands of manifests look on the same shelf. */
const indexes = new WeakMap<readonly NamedThing[], Index>();

function indexOf(things: readonly NamedThing[]): Index {
  const known = indexes.get(things);
  if (known !== undefined) return known;
  const byName = new Map<string, NamedThing[]>();
  for (const thing of things) {
    const group = byName.get(thing.name);
    if (group === undefined) byName.set(thing.name, [thing]);
    else group.push(thing);
  }
  const none = 'There is nothing there that this token can see; check the target.';
  const index = { byName, isEmpty: things.length === 0, hint: suggester(byName.keys(), none) };
  indexes.set(things, index);
  return index;
}

function unresolved(ref: RefTrait, name: string, found: readonly NamedThing[], { hint, isEmpty }: Index): Problem {
  const path = `/spec${ref.path}`;
  if (found.length > 1) {
    const ids = found.map((thing) => String(thing.id)).join(', ');
    return {
      severity: 'error',
      code: 'ambiguous-name',
      message: `"${spelt(name)}" is the name of ${found.length} ${ref.collection} (ids ${ids}).`,
      hint: 'Give the id instead of the name, or rename all but one of them.',
      path,
      at: 'value',
    };
  }
  const message = `Nothing among the ${ref.collection} is named "${spelt(name)}".`;
  const [parent] = ref.within === undefined || !isEmpty ? [] : tokens(ref.within).slice(-1);
  const help =
    parent === undefined ? hint(name) : `There are no ${ref.collection} at all for this ${parent}; check that first.`;
  return { severity: 'error', code: 'unknown-name', message, hint: help, path, at: 'value' };
}
