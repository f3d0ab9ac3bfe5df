import type { Problem } from '../../model/diagnostic.ts';
import { type Json, type Pointer, type Spec, valueAt, withValueAt } from '../../model/json.ts';
import type { NamedThing } from '../../model/live.ts';
import type { Joint, Reference } from '../../model/traits.ts';
import { grouped } from '../grouped.ts';
import { idText } from '../spec/immutable.ts';
import { withReferent } from './fill.ts';
import { ambiguous, doubled, mismatched, misnamed, type Scene, unjoined, unknown } from './joined-words.ts';

/** A spec with an id in the place of a name, or the problem that prevents it. */
export interface Resolution {
  readonly spec: Spec;
  readonly problem?: Problem;
}

/** Is an id that stands in the place of a name looked up too? */
export function looksUpIds({ joins, joint }: Reference): boolean {
  return joins !== undefined || joint !== undefined;
}

/** An id as text; undefined where no id stands. */
export function plainId(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** The spec with the ids of what a thing joins, which is said by its id or else by its name. */
export function resolveJoining(ref: Reference, joins: readonly Pointer[], scene: Scene): Resolution {
  const { spec, things } = scene;
  const name = valueAt(spec, ref.path);
  const said = typeof name === 'string' ? name : plainId(valueAt(spec, ref.into));
  if (said === undefined) return { spec };
  const { byId, byName } = indexOf(things);
  const found = byId.get(said) ?? (typeof name === 'string' ? byName.get(said) : undefined) ?? [];
  const fitting = found.filter((one) => parting(one, joins, scene) === undefined);
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return { spec: joining(ref, joins, scene, only) };
  if (fitting.length > 1) return { spec, problem: ambiguous(ref, said, fitting) };
  const [other] = found;
  if (other === undefined) return { spec, problem: unknown(ref, said, scene) };
  return { spec, problem: mismatched(ref, other, parting(other, joins, scene) ?? '', scene) };
}

/**
 * The place at which a spec and a thing say different ids; undefined where they agree. The id of a far end that nothing joins here
 * is no other end: another API of the service may count so, and the manifest says it for that one.
 */
function parting({ sets = {} }: NamedThing, joins: readonly Pointer[], { spec, things }: Scene): Pointer | undefined {
  return joins.find((path) => {
    const own = plainId(valueAt(spec, path));
    const isOther = own !== undefined && own !== plainId(sets[path]);
    return isOther && (path === joins[0] || things.some((one) => plainId(one.sets?.[path]) === own));
  });
}

function joining(
  ref: Reference,
  joins: readonly Pointer[],
  { spec, things }: Scene,
  { id, sets = {} }: NamedThing,
): Spec {
  const filled = joins.reduce(
    (rest, path) => {
      const value = sets[path];
      return value === undefined || plainId(valueAt(rest, path)) === plainId(value)
        ? rest
        : withValueAt(rest, path, value);
    },
    withReferent(ref, spec, idText(id)),
  );
  return withoutJoining(ref, joins, filled, things);
}

/** The spec without the id of what joins two things, where nothing else joins these two: then they say it all. */
export function withoutJoining(
  { into }: Reference,
  joins: readonly Pointer[],
  spec: Spec,
  things: readonly NamedThing[],
): Spec {
  const said = plainId(valueAt(spec, into));
  const [only, ...others] = said === undefined ? [] : joiningEnds(joins, spec, things);
  return only !== undefined && others.length === 0 && idText(only.id) === said
    ? withValueAt(spec, into, undefined)
    : spec;
}

/** What joins the things that a spec has at its ends. */
export function joiningEnds(
  joins: readonly Pointer[],
  spec: Spec,
  things: readonly NamedThing[],
): readonly NamedThing[] {
  return (
    indexOf(things)
      .byEnds(joins)
      .get(endsKey(joins, (path) => valueAt(spec, path))) ?? []
  );
}

function endsKey(joins: readonly Pointer[], at: (path: Pointer) => Json | undefined): string {
  return JSON.stringify(joins.map((path) => plainId(at(path)) ?? null));
}

/** The spec with the id of a thing that its parent is joined to; also an id that stands there must be one of these. */
export function resolveJoined(ref: Reference, joint: Joint, scene: Scene): Resolution {
  const { spec, things } = scene;
  const name = valueAt(spec, ref.path);
  const id = plainId(valueAt(spec, ref.into));
  const index = indexOf(things);
  if (id !== undefined) return byId(ref, joint, scene, index.byId.get(id) ?? []);
  if (typeof name !== 'string') return { spec };
  const found = index.byName.get(name) ?? [];
  const [only] = found;
  if (only === undefined) return { spec, problem: unjoined(ref, joint, scene) };
  if (found.length > 1) return { spec, problem: doubled(ref, joint, found) };
  const filled = withReferent(ref, spec, only.id);
  // Another name may lead to the very same thing: then the id does not tell what joins them.
  const isShared = (index.byId.get(idText(only.id)) ?? []).length > 1;
  return { spec: isShared && only.via !== undefined ? withValueAt(filled, joint.into, only.via) : filled };
}

/** `found`: what has the id that stands there. A name beside it means that what joins them has said it. */
function byId(ref: Reference, joint: Joint, scene: Scene, found: readonly NamedThing[]): Resolution {
  const { spec } = scene;
  const name = valueAt(spec, ref.path);
  const via = plainId(valueAt(spec, joint.into));
  const meant = via === undefined ? found : found.filter((one) => one.via === undefined || one.via === via);
  if (typeof name === 'string') {
    // A name that nothing has here may be what another API calls the same thing.
    const isOther = indexOf(scene.things).byName.has(name) && !meant.some((one) => one.name === name);
    if (isOther) return { spec, problem: misnamed(ref, joint, name, meant[0]) };
    return { spec: withValueAt(spec, ref.path, undefined) };
  }
  if (via !== undefined) return { spec };
  if (found.length === 0) return { spec, problem: unjoined(ref, joint, scene) };
  return found.length > 1 ? { spec, problem: doubled(ref, joint, found) } : { spec };
}

interface Index {
  readonly byId: ReadonlyMap<string, readonly NamedThing[]>;
  readonly byName: ReadonlyMap<string, readonly NamedThing[]>;
  /** By the ids of what they join. */
  readonly byEnds: (joins: readonly Pointer[]) => ReadonlyMap<string, readonly NamedThing[]>;
}

/** Thousands of manifests look on the same list. */
const indexes = new WeakMap<readonly NamedThing[], Index>();

function indexOf(things: readonly NamedThing[]): Index {
  const known = indexes.get(things) ?? indexed(things);
  indexes.set(things, known);
  return known;
}

function indexed(things: readonly NamedThing[]): Index {
  let ends: ReadonlyMap<string, readonly NamedThing[]> | undefined;
  return {
    byId: grouped(things, ({ id }) => idText(id)),
    byName: grouped(things, ({ name }) => name),
    byEnds: (joins) => {
      ends ??= grouped(things, ({ sets = {} }) => endsKey(joins, (path) => sets[path]));
      return ends;
    },
  };
}
