import { type Address, kindOf } from './address.ts';
import type { Json, Pointer, Spec } from './json.ts';

/** What the service calls a thing. Always text, opaque to the core, and unique within a kind only. */
export type RemoteId = string;

/** A live thing among those of all kinds: `CensusSync#12`. */
export type Key = `${string}#${RemoteId}`;

export function keyOf(kind: string, id: RemoteId): Key {
  return `${kind}#${id}`;
}

/** The key of the thing with this id that belongs to an address: what an address binds is of its kind. */
export function keyAt(address: Address, id: RemoteId): Key {
  return keyOf(kindOf(address), id);
}

/** Kind and id of a key. */
export function partsOf(key: Key): { readonly kind: string; readonly id: RemoteId } {
  const hash = key.indexOf('#');
  return { kind: key.slice(0, hash), id: key.slice(hash + 1) };
}

/** Does a thing do its work, by its service's own word? */
export type Health = 'ok' | 'failing' | 'unknown';

/** One thing as the service holds it now: decoded into canonical form and normalised. */
export interface Live {
  readonly kind: string;
  readonly id: RemoteId;
  /** The label by which an unbound address finds it; undefined where the service holds none. */
  readonly label: string | undefined;
  readonly spec: Spec;
  /** When it was made (ISO 8601), where the answer says it. For whoever finds things of one API at another: whoever plans lets it go. */
  readonly created?: string;
  /** Where the answer says it. For `status` alone: whoever plans lets it go with the answer. */
  readonly health?: Exclude<Health, 'unknown'>;
}

/** One entry of a collection that manifests may name: a source, a model, a destination… */
export interface NamedThing {
  readonly id: Json;
  readonly name: string;
  /** What kind of thing it is, in lower case, where the service says. */
  readonly type?: string | undefined;
  /** Ids that whoever refers to it refers to as well, by where they stand: of a thing that joins others, its parent first. */
  readonly sets?: Readonly<Record<Pointer, Json>>;
  /** What its parent is called: of a thing that joins others. */
  readonly from?: string | undefined;
  /** Of a thing that was found through what joins it to its parent: the id of that. */
  readonly via?: string;
  /** When it was made (ISO 8601), where the service says. */
  readonly created?: string | undefined;
}

/** The workspace or organisation behind a token. */
export interface Workspace {
  readonly id: number | string;
  readonly name: string | undefined;
}
