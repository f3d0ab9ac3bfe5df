import type { Taken } from '../../core/pull/take.ts';
import { normalise } from '../../core/spec/normalise.ts';
import { forbiddenKeys } from '../../load/construct.ts';
import type { Address } from '../../model/address.ts';
import type { Hiding } from '../../model/hidden.ts';
import { isList, isObject, type Json, type JsonObject, type Spec } from '../../model/json.ts';
import type { KindDefinition, KindRules } from '../../model/kind.ts';
import type { Live } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { PullLeft } from '../../model/pull.ts';

/** How specs of a kind are read and written. */
export interface Speech {
  readonly kind: KindDefinition;
  readonly rules: KindRules;
  readonly written: (spec: Spec) => Spec;
  /** The canonical form of a spec as written, normalised. */
  readonly meaning: (spec: Spec) => Spec;
}

/** Loads what it takes to write manifests of a kind. */
export async function speechOf(kind: KindDefinition): Promise<Speech> {
  const [rules, written] = await Promise.all([kind.rules(), kind.written()]);
  return { kind, rules, written, meaning: (spec) => normalise(kind.traits, kind.canonical(spec)) };
}

/** A manifest that exists and is to say something else, or is to be bound. */
export interface Revision {
  readonly manifest: Manifest;
  readonly live: Live;
  /** As it says now, in canonical form with ids. */
  readonly before: Spec;
  /** As it is to say. */
  readonly after: Spec;
  readonly paths: readonly string[];
  /** Of that: changes of the manifest that were never applied, each with the place below which it was taken over. */
  readonly unapplied: Taken['unapplied'];
  /** What reports do not show of it. */
  readonly hidden: Hiding;
  /** Is nothing bound to it yet? */
  readonly binds: boolean;
}

/** A manifest that is to be written. */
export interface Fresh {
  readonly address: Address;
  readonly name: string;
  readonly live: Live;
  /** In canonical form with ids. */
  readonly spec: Spec;
  /** What the ledger remembers of its lifecycle; undefined where that is nothing unusual. */
  readonly lifecycle: JsonObject | undefined;
  readonly binds: boolean;
}

/** The first key in a value that no manifest may have; undefined where there is none. */
export function forbiddenKeyIn(value: Json): string | undefined {
  if (isList(value)) return value.map(forbiddenKeyIn).find((key) => key !== undefined);
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value);
  return keys.find((key) => forbiddenKeys.has(key)) ?? forbiddenKeyIn(keys.map((key) => value[key] ?? null));
}

/** Why that is so. */
export function noKey(key: string): string {
  return `no manifest may have the key "${key}"`;
}

/** One sentence about what is left. */
export function left(
  code: PullLeft['code'],
  message: string,
  { address = null, id = null, path = null }: Partial<Pick<PullLeft, 'address' | 'id' | 'path'>>,
): PullLeft {
  return { address, id, path, code, message };
}
