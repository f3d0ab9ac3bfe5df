import type { Address } from '../../model/address.ts';
import type { Problem } from '../../model/diagnostic.ts';
import { type Json, type Spec, tokens, valueAt } from '../../model/json.ts';
import type { NamedThing } from '../../model/live.ts';
import type { Reference } from '../../model/traits.ts';
import { grouped } from '../grouped.ts';
import { spelt } from '../look-alike.ts';
import { stableJson } from '../stable.ts';
import { suggester } from '../suggest.ts';
import type { DeclaredIndex } from './declared.ts';
import { applies, withReferent } from './fill.ts';
import { looksUpIds, plainId, type Resolution, resolveJoined, resolveJoining } from './joined.ts';
import type { Scene } from './joined-words.ts';

/** A collection that has to be read before a name can be resolved. */
export interface CollectionPart {
  readonly collection: string;
  /** Id of the parent, for example the source of a model. */
  readonly within: Json | undefined;
}

/** The text that names a part in a map. */
export function partKey(part: CollectionPart): string {
  const { collection, within } = part;
  return `${collection} ${typeof within === 'number' ? within : stableJson(within)}`;
}

/** What is in the collections; undefined stands for one that the API cannot list. */
export type Catalogue = ReadonlyMap<string, readonly NamedThing[] | undefined>;

/** The part on which the name of `ref` in `spec` must be looked up; undefined where the spec names nothing there, or what a manifest declares. */
export function partFor(reference: Reference, spec: Spec, declared: DeclaredIndex): CollectionPart | undefined {
  const { collection, within, path, into, joint } = reference;
  const name = valueAt(spec, path);
  const isSaid = typeof name === 'string' || (looksUpIds(reference) && plainId(valueAt(spec, into)) !== undefined);
  if (collection === undefined || !isSaid || !applies(reference, spec)) return undefined;
  if (typeof name === 'string' && declared.named(reference, name) !== undefined) return undefined;
  const parent = within === undefined ? undefined : valueAt(spec, within);
  // What joins a thing to its parent cannot be looked for without the parent.
  return joint !== undefined && within !== undefined && parent === undefined
    ? undefined
    : { collection, within: parent };
}

/**
 * The spec with the name of `ref` replaced by its id, or the problem that prevents it. `things`: what is in the part on which the
 * name must be looked up. `nameOf`: the name that the manifest gave for an id
 * that stands in the spec already.
 */
export function resolveName(
  ref: Reference,
  spec: Spec,
  things: readonly NamedThing[],
  declared: DeclaredIndex,
  nameOf: Scene['nameOf'],
): Resolution {
  if (ref.joins !== undefined) return resolveJoining(ref, ref.joins, { spec, things, nameOf });
  if (ref.joint !== undefined) return resolveJoined(ref, ref.joint, { spec, things, nameOf });
  const name = valueAt(spec, ref.path);
  if (typeof name !== 'string') return { spec };
  const index = indexOf(things, ref, declared);
  const found = index.byName.get(name) ?? [];
  const [only] = found;
  if (only === undefined || found.length > 1) return { spec, problem: unresolved(ref, name, found, index, declared) };
  return { spec: withReferent(ref, spec, only.id) };
}

/** A part in the order of its names. */
interface Index {
  readonly byName: ReadonlyMap<string, readonly NamedThing[]>;
  readonly isEmpty: boolean;
  /** Help for a name that is not there: what comes close to it, live or declared. */
  readonly hint: (name: string) => string;
}

/** Thousands of manifests look on the same part. */
const indexes = new WeakMap<readonly NamedThing[], Index>();

function indexOf(things: readonly NamedThing[], ref: Reference, declared: DeclaredIndex): Index {
  const known = indexes.get(things);
  if (known !== undefined) return known;
  const byName = grouped(things, (thing) => thing.name);
  const none = 'There is nothing there that this token can see; check the target.';
  const names = new Set([...byName.keys(), ...labelledFor(ref, declared).keys()]);
  const index = { byName, isEmpty: things.length === 0, hint: suggester(names, none) };
  indexes.set(things, index);
  return index;
}

function unresolved(
  ref: Reference,
  name: string,
  found: readonly NamedThing[],
  index: Index,
  declared: DeclaredIndex,
): Problem {
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
  const hint = unknownHint(ref, name, index, declared);
  return { severity: 'error', code: 'unknown-name', message, hint, path, at: 'value' };
}

function unknownHint(ref: Reference, name: string, { hint, isEmpty }: Index, declared: DeclaredIndex): string {
  const meant = [...labelledFor(ref, declared)].find(([, address]) => address === `${ref.manifest ?? ''}/${name}`);
  if (meant !== undefined) return `The label of ${meant[1]} is "${spelt(meant[0])}"; write that here.`;
  const [parent] = ref.within === undefined || !isEmpty ? [] : tokens(ref.within).slice(-1);
  if (parent === undefined) return hint(name);
  return `There are no ${ref.collection} at all for this ${parent}; check that first.`;
}

function labelledFor({ manifest: kind }: Reference, declared: DeclaredIndex): ReadonlyMap<string, Address> {
  return kind === undefined ? new Map() : declared.labelled(kind);
}
