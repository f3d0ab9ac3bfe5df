import { isList, isObject, type Json, type Pointer, type Spec } from '../../model/json.ts';
import type { Cause, FieldChange } from '../../model/plan.ts';
import type { FieldTrait, Impact, KindTraits } from '../../model/traits.ts';
import { equal } from './equal.ts';
import { byKey } from './fingerprint.ts';
import { impactOf, type Surroundings, type Values } from './impact.ts';
import type { Names } from './shown.ts';

export interface DiffOptions {
  /** The spec last applied, or null where there is no record of one. Decides causes and stands in for what cannot be read. */
  readonly applied: Spec | null;
  /** Will there be a record after this run? Without one, what cannot be read back would be planned for ever. */
  readonly memory: boolean;
  /** What the manifest calls things whose ids `desired` holds. */
  readonly names?: Names | undefined;
}

export interface Walk extends DiffOptions {
  readonly traits: KindTraits;
  readonly live: Spec;
  readonly desired: Spec;
  readonly changes: FieldChange[];
  readonly unreadable: Pointer[];
}

/** The same place on the three sides. */
export interface Sides {
  readonly live: Json | undefined;
  readonly desired: Json | undefined;
  readonly applied: Json | undefined;
  /** Of a field of one value: it was there before, and neither then nor now does anybody say this field. */
  readonly silent?: boolean;
}

/** The trait whose impact rules apply where the field itself has none, and what its rules look at. */
export interface Inherited {
  readonly trait: FieldTrait;
  readonly around: Surroundings;
}

export function child(sides: Sides, key: string, parent: FieldTrait): Sides {
  // Where the whole object is missing, its fields are not hidden but unset.
  const live = isObject(sides.live) || parent.unreadable ? keyOf(sides.live, key) : null;
  return { live, desired: keyOf(sides.desired, key), applied: keyOf(sides.applied, key) };
}

export function keyOf(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Do the top-level fields have these values, as desired or else as they are? */
export function holds(walk: Walk, condition: Readonly<Record<string, Json>> | undefined): boolean {
  if (condition === undefined) return false;
  return Object.entries(condition).every(([field, value]) => equal(walk.desired[field] ?? walk.live[field], value));
}

/** Has the top-level field a value, as desired or else as it is? */
export function isSet(walk: Walk, field: string | undefined): boolean {
  return field !== undefined && (walk.desired[field] ?? walk.live[field] ?? null) !== null;
}

export function inherit(trait: FieldTrait, sides: Sides, from: Inherited | undefined): Inherited {
  const around = { live: sides.live, desired: sides.desired };
  return trait.impact === undefined && from !== undefined ? { trait: from.trait, around } : { trait, around };
}

export function inheritedImpact(values: Values, { trait, around }: Inherited): Impact {
  return impactOf(trait, values, around) ?? 'none';
}

export function report(walk: Walk, trait: FieldTrait, path: Pointer, sides: Sides, from: Inherited): void {
  const values = { from: sides.live ?? null, to: sides.desired ?? null };
  const around = trait.shape === 'whole' ? sides : from.around;
  const impact = impactOf(trait, values, around) ?? inheritedImpact(values, from);
  walk.changes.push({ path, ...values, cause: causeOf(walk, trait, sides), impact });
}

/** Compares both sides with what was last applied. A field that was not declared then has changed in Git only. */
export function causeOf(walk: Walk, { key }: FieldTrait, sides: Sides): Cause {
  const inOrder = (value: Json | undefined) => (key !== undefined && isList(value) ? byKey(key, value) : value);
  const same = (one: Json | undefined, other: Json | undefined) => equal(inOrder(one), inOrder(other));
  if (walk.applied === null) return 'unknown';
  if (sides.applied === undefined) return sides.silent === true ? 'drift' : 'git';
  const git = !same(sides.applied, sides.desired);
  const drift = !same(sides.applied, sides.live);
  if (git && drift) return 'conflict';
  return git ? 'git' : 'drift';
}
