import { escapeToken, isList, isObject, type Json, type Pointer, type Spec } from '../../model/json.ts';
import type { FieldChange } from '../../model/plan.ts';
import type { FieldTrait, KindTraits } from '../../model/traits.ts';
import { isCleared, isDefault, sameValue } from './defaults.ts';
import {
  causeOf,
  child,
  type DiffOptions,
  holds,
  type Inherited,
  inherit,
  inheritedImpact,
  isSet,
  keyOf,
  report,
  type Sides,
  type Walk,
} from './diff-walk.ts';
import { equal } from './equal.ts';
import { byKey } from './fingerprint.ts';
import { impactOf } from './impact.ts';
import { matchByKey } from './match.ts';
import { shownInstead } from './shown.ts';

export interface Diff {
  readonly changes: readonly FieldChange[];
  /** Declared fields that the answer leaves out, taken to be as last applied. */
  readonly unreadable: readonly Pointer[];
}

/**
 * What must change so that `live` says what `desired` says. Both are normalised. A field that `desired` does not have is
 * nobody's business here; the exceptions (one-value things) are in the traits.
 */
export function diff(traits: KindTraits, live: Spec, desired: Spec, options: DiffOptions): Diff {
  const walk: Walk = { ...options, traits, live, desired, changes: [], unreadable: [] };
  diffObject(walk, traits.spec, '', { live, desired, applied: options.applied ?? undefined }, undefined);
  return { changes: walk.changes, unreadable: walk.unreadable };
}

function diffObject(walk: Walk, trait: FieldTrait, path: Pointer, sides: Sides, from: Inherited | undefined): void {
  if (!isObject(sides.desired)) return;
  const inherited = inherit(trait, sides, from);
  const { fields = {} } = trait;
  // By the schema's order and not the manifest's: reordering keys must not reorder a plan.
  for (const key of Object.keys(fields)) {
    const field = fields[key];
    if (field === undefined || sides.desired[key] === undefined) continue;
    const here = child(sides, key, trait);
    if (field.unproven === undefined && isQuiet(here)) continue;
    const at = `${path}/${escapeToken(key)}`;
    if (here.desired === null) clear(walk, field, at, here, inherited);
    else diffField(walk, field, at, here, inherited);
  }
}

/**
 * Nearly everything is equal in nearly every plan, and nothing inside can differ then. But where something else was applied
 * last, the answer may hide that it is still there.
 */
function isQuiet({ live, desired, applied }: Sides): boolean {
  return equal(live, desired) && (applied === undefined || equal(applied, desired));
}

function diffField(walk: Walk, trait: FieldTrait, path: Pointer, sides: Sides, from: Inherited): void {
  switch (trait.shape) {
    case 'value':
      diffValue(walk, trait, path, sides, from);
      break;
    case 'object':
      diffObject(walk, trait, path, sides, from);
      break;
    case 'map':
      diffMap(walk, trait, path, sides, from);
      break;
    case 'whole':
      diffWhole(walk, trait, path, sides, from);
      break;
    case 'list':
      diffList(walk, trait, path, sides, from);
      break;
    default:
      trait.shape satisfies never;
  }
}

function clear(walk: Walk, trait: FieldTrait, path: Pointer, sides: Sides, from: Inherited): void {
  if (!isCleared(trait, sides.live)) report(walk, trait, path, sides, from);
}

function diffValue(walk: Walk, trait: FieldTrait, path: Pointer, sides: Sides, from: Inherited): void {
  if (trait.unproven?.some((value) => equal(value, sides.live))) diffUnproven(walk, trait, path, sides, from);
  else if (sides.live === undefined && cannotRead(trait)) assumeApplied(walk, trait, path, sides, from);
  else if (!sameValue(trait, sides.live, sides.desired)) report(walk, trait, path, sides, from);
}

/** The answer would be the same whatever was sent, so what was last applied stands in for it. */
function diffUnproven(walk: Walk, trait: FieldTrait, path: Pointer, sides: Sides, from: Inherited): void {
  if (walk.memory || trait.immutable === true) {
    assumeApplied(walk, trait, path, { ...sides, live: sides.applied }, from);
    return;
  }
  walk.unreadable.push(path);
  if (!sameValue(trait, sides.live, sides.desired)) report(walk, trait, path, sides, from);
}

/** Free keys: one that the answer leaves out is not set, for nothing else could be meant by it. */
function diffMap(walk: Walk, trait: FieldTrait, path: Pointer, sides: Sides, from: Inherited): void {
  if (!isObject(sides.desired)) {
    report(walk, trait, path, sides, from);
    return;
  }
  const inherited = inherit(trait, sides, from);
  for (const key of Object.keys(sides.desired)) {
    const at = `${path}/${escapeToken(key)}`;
    const here = child(sides, key, trait);
    if (here.desired === undefined) continue;
    if (here.desired === null ? isCleared(noTrait, here.live) : equal(here.live, here.desired)) continue;
    report(walk, noTrait, at, here, inherited);
  }
}

const noTrait: FieldTrait = { shape: 'value' };

/** May the answer leave this field out although it is set? */
function cannotRead(trait: FieldTrait): boolean {
  return trait.unreadable === true || trait.default === undefined;
}

/** The answer says nothing about a declared field. It is sent once, and from then on taken to be as last applied. */
function assumeApplied(walk: Walk, trait: FieldTrait, path: Pointer, sides: Sides, from: Inherited): void {
  if (trait.default !== undefined && isDefault(trait, sides.desired) && isDefault(trait, sides.applied)) return;
  if (walk.memory && !isGuess(walk, trait) && !equal(sides.applied, sides.desired))
    report(walk, trait, path, { ...sides, live: sides.applied }, from);
  else walk.unreadable.push(path);
}

/** Nobody knows the value, and it cannot be sent to make sure: a sync is not replaced, or refused, on suspicion. */
function isGuess(walk: Walk, trait: FieldTrait): boolean {
  if (walk.applied !== null || trait.immutable !== true) return false;
  return trait.unreadable === true || trait.unproven !== undefined;
}

/** One value with known fields: an absent field means its default, and where nobody states a default it is not compared. */
function diffWhole(walk: Walk, trait: FieldTrait, path: Pointer, sides: Sides, from: Inherited): void {
  if (!isObject(sides.desired) || !isObject(sides.live)) {
    if (!sameValue(trait, sides.live, sides.desired)) report(walk, trait, path, sides, from);
    return;
  }
  const inherited = inherit(trait, sides, from);
  const doubtful: (readonly [Pointer, FieldTrait, Sides])[] = [];
  const before = walk.changes.length;
  const { fields = {} } = trait;
  for (const key of Object.keys(fields)) {
    const field = fields[key];
    const found = child(sides, key, trait);
    if (field === undefined || (found.desired === undefined && field.default === undefined) || isQuiet(found)) continue;
    const at = `${path}/${escapeToken(key)}`;
    // Where it was there before, silence meant the default then as it does now: whatever is live has come from elsewhere.
    const silent = isObject(sides.applied) && found.applied === undefined && found.desired === undefined;
    const here = silent ? { ...found, silent } : found;
    const isSaid = here.desired !== undefined || (field.unreadable === true && here.applied !== undefined);
    if (isSaid && here.live === undefined && cannotRead(field)) doubtful.push([at, field, here]);
    else diffInWhole(walk, field, at, here, inherited);
  }
  const differs = walk.changes.length > before;
  for (const [at, field, here] of doubtful) {
    // Where the rest says that this is another thing, what the answer leaves out is missing, not hidden.
    if (differs) report(walk, field, at, here, inherited);
    else diffHidden(walk, field, at, here, sides.live, inherited);
  }
}

/** The answer leaves a declared field out. What it refers to may be told by its name or id instead. */
function diffHidden(
  walk: Walk,
  trait: FieldTrait,
  path: Pointer,
  sides: Sides,
  holder: Json | undefined,
  from: Inherited,
): void {
  const shown = shownInstead(walk.traits, trait, path, holder, walk.names ?? {});
  if (shown === 'same') return;
  if (shown === 'other') report(walk, trait, path, sides, from);
  // Nobody can tell the two apart, and nothing is changed on suspicion.
  else if (shown === 'unknown' && sides.applied === undefined) walk.unreadable.push(path);
  else assumeApplied(walk, trait, path, sides, from);
}

function diffInWhole(walk: Walk, trait: FieldTrait, path: Pointer, sides: Sides, from: Inherited): void {
  if (trait.shape === 'whole') diffWhole(walk, trait, path, sides, from);
  else if (!sameValue(trait, sides.live, sides.desired)) report(walk, trait, path, sides, from);
}

function diffList(walk: Walk, trait: FieldTrait, path: Pointer, sides: Sides, from: Inherited): void {
  const { key, items } = trait;
  if (key === undefined || items === undefined || !isList(sides.desired)) {
    if (!equal(sides.live ?? null, sides.desired)) report(walk, trait, path, sides, from);
    return;
  }
  const inherited = inherit(trait, sides, from);
  const live = isList(sides.live) ? sides.live : [];
  const isOrdered = holds(walk, trait.ordered_when) || isSet(walk, trait.ordered_with);
  // In whatever order they were declared or listed: what is said of them, and which of two alike is meant, stays the same.
  const pairs = isOrdered
    ? matchByKey(key, live, sides.desired)
    : matchByKey(key, byKey(key, live), byKey(key, sides.desired));
  const applied = isList(sides.applied)
    ? matchByKey(key, byKey(key, sides.applied), byKey(key, sides.desired))
    : undefined;
  for (const pair of pairs.matched) {
    const at = `${path}/${escapeToken(pair.name)}`;
    const here = { live: pair.first, desired: pair.second, applied: applied?.firstOf.get(pair.second) };
    if (items.shape === 'whole') diffWhole(walk, items, at, here, inherited);
    else if (!equal(pair.first, pair.second)) report(walk, items, at, here, inherited);
  }
  for (const item of pairs.onlySecond) {
    const at = `${path}/${escapeToken(item.name)}`;
    report(
      walk,
      items,
      at,
      { live: undefined, desired: item.value, applied: applied?.firstOf.get(item.value) },
      inherited,
    );
  }
  if (!holds(walk, trait.open_when)) {
    const known = isList(sides.applied) ? matchByKey(key, byKey(key, sides.applied), byKey(key, live)) : undefined;
    for (const item of pairs.onlyFirst) {
      const at = `${path}/${escapeToken(item.name)}`;
      const here = { ...gone, live: item.value, applied: known?.firstOf.get(item.value) };
      removal(walk, items, at, here, known !== undefined, inherited);
    }
  }
  if (isOrdered) diffOrder(walk, trait, path, pairs.matched, sides, inherited);
}

const gone = { desired: undefined };

/** An item that only the live side has: removed from the manifest, or added behind its back. */
function removal(
  walk: Walk,
  trait: FieldTrait,
  path: Pointer,
  sides: Sides,
  wasDeclared: boolean,
  from: Inherited,
): void {
  const values = { from: sides.live ?? null, to: null };
  const impact = impactOf(trait, values, sides) ?? inheritedImpact(values, from);
  // Only in a list that was declared before can an item have come from elsewhere.
  const cause = wasDeclared && sides.applied === undefined ? 'drift' : causeOf(walk, trait, sides);
  walk.changes.push({ path, ...values, cause, impact });
}

/** Items that both sides have stand in another order, where order counts. */
function diffOrder(
  walk: Walk,
  trait: FieldTrait,
  path: Pointer,
  matched: readonly { readonly first: Json; readonly second: Json; readonly name: string }[],
  sides: Sides,
  from: Inherited,
): void {
  const names = (list: Json | undefined, side: 'first' | 'second') =>
    (isList(list) ? list : []).flatMap((item) =>
      matched.filter((pair) => pair[side] === item).map((pair) => pair.name),
    );
  const live = names(sides.live, 'first');
  const desired = names(sides.desired, 'second');
  if (equal(live, desired)) return;
  const applied = isList(sides.applied) && trait.key !== undefined ? keysIn(sides.applied, trait.key) : undefined;
  // From here on the lists are names, and their order is what differs.
  const { key: _key, ...unkeyed } = trait;
  report(walk, unkeyed, path, { live, desired, applied }, from);
}

function keysIn(list: readonly Json[], key: string): Json[] {
  return list.map((item) => keyOf(item, key) ?? null);
}
