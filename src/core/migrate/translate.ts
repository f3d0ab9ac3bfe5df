import { type Json, type Pointer, type Spec, valueAt, withValueAt } from '../../model/json.ts';
import type { RemoteId } from '../../model/live.ts';
import type { Pair } from '../../model/migration.ts';
import type { Reference } from '../../model/traits.ts';
import { applies } from '../references/fill.ts';

/** Ids of one API in the words of another one. */
export interface Dictionary {
  /** The id at the other API; undefined where no pair says it. `within`: where the thing lies, as the first API says it. */
  idOf(space: string, id: RemoteId, within: RemoteId | undefined): RemoteId | undefined;
  /** Has anybody looked for pairs in this space? Where nobody could, ids are taken to be the same. */
  knows(space: string): boolean;
  /** Does every pair of the space say the same id twice? Then what has no pair, because it is gone, has kept its id too. */
  keeps(space: string): boolean;
}

/** What pairs say, from the first API to the other, or `back`. */
export function dictionaryOf(pairs: readonly Pair[], spaces: Iterable<string>, back?: 'back'): Dictionary {
  const known = new Set(spaces);
  const moved = new Set<string>();
  const ids = new Map<string, RemoteId>();
  for (const { space, from, to, within } of pairs) {
    known.add(space);
    const [source, goal] = back === undefined ? [from, to] : [to, from];
    const outer = back === undefined ? within?.from : within?.to;
    if (source === null || goal === null) continue;
    ids.set(keyIn(space, source, outer), goal);
    if (source !== goal) moved.add(space);
  }
  return {
    idOf: (space, id, within) => ids.get(keyIn(space, id, within)) ?? ids.get(keyIn(space, id, undefined)),
    knows: (space) => known.has(space),
    keeps: (space) => !moved.has(space),
  };
}

function keyIn(space: string, id: RemoteId, within: RemoteId | undefined): string {
  return `${space} ${within ?? ''} ${id}`;
}

/** What a translation has to know of a kind that two APIs have: the references of the one that says more of what an id lies within. */
export interface Grammar {
  readonly references: readonly Reference[];
  /** Fields that only one of the APIs has: no translation keeps them. */
  readonly own: readonly Pointer[];
}

/** What the ids of a reference are unique in. */
export function spaceOf({ manifest, collection }: Reference): string {
  return manifest ?? collection ?? '';
}

/** An id that a spec holds. */
export interface Held {
  readonly space: string;
  readonly id: RemoteId;
  readonly within: RemoteId | undefined;
  readonly into: Pointer;
}

/** The ids that a spec holds, by where they stand. */
export function heldIds({ references }: Grammar, spec: Spec): Held[] {
  const seen = new Set<Pointer>();
  return references.flatMap((reference) => {
    const { into, within } = reference;
    const id = plainId(valueAt(spec, into));
    if (id === undefined || seen.has(into) || !applies(reference, spec)) return [];
    seen.add(into);
    const outer = within === undefined ? undefined : plainId(valueAt(spec, within));
    return [{ space: spaceOf(reference), id, within: outer, into }];
  });
}

function plainId(value: Json | undefined): RemoteId | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** A spec in the words of the other API, and the ids for which nobody knows a word there; these stay as they are. */
export function translated(
  grammar: Grammar,
  spec: Spec,
  dictionary: Dictionary,
): { readonly spec: Spec; readonly unknown: readonly Held[] } {
  const unknown: Held[] = [];
  let result = grammar.own.reduce((rest, path) => withValueAt(rest, path, undefined), spec);
  for (const held of heldIds(grammar, spec)) {
    const id = dictionary.idOf(held.space, held.id, held.within);
    if (id === undefined && dictionary.knows(held.space)) unknown.push(held);
    if (id === undefined || id === held.id) continue;
    result = withValueAt(result, held.into, writtenAs(valueAt(spec, held.into), id));
  }
  return { spec: result, unknown };
}

/** A number where there was one, and where the other API has numbers. */
function writtenAs(before: Json | undefined, id: RemoteId): Json {
  const number = Number(id);
  return typeof before === 'number' && Number.isSafeInteger(number) && String(number) === id ? number : id;
}
