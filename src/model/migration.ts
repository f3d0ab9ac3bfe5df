import type { Address } from './address.ts';
import type { Json, Pointer } from './json.ts';
import type { RemoteId } from './live.ts';

/**
 * How sure it is that two APIs speak of one thing. `certain`: same id, and nothing that they say of it differs. `by-name`: only what it
 * is called, and when it was made, say so. `unpaired`: nothing says so.
 */
export type Grade = 'certain' | 'by-name' | 'unpaired';

/** Something that one API shows, as far as it serves to find it at another one. */
export interface Thing {
  /** What its id is unique in: a kind, or a collection such as `sources`. */
  readonly space: string;
  readonly id: RemoteId;
  readonly name: string | undefined;
  /** Of what type it is, in lower case, where that is known. */
  readonly type?: string | undefined;
  /** ISO 8601, where that is known. */
  readonly created?: string | undefined;
  /** The thing whose ids tell it apart from others with its own id, such as the source that is read for a destination. */
  readonly within?: RemoteId | undefined;
}

/** A thing as the two APIs show it. */
export interface Pair {
  readonly space: string;
  /** null where that API shows nothing that it could be. */
  readonly from: RemoteId | null;
  readonly to: RemoteId | null;
  readonly grade: Grade;
  readonly name: string | undefined;
  /** Where ids of the space mean something within another thing only: its id at both APIs. */
  readonly within?: { readonly from: RemoteId; readonly to: RemoteId } | undefined;
}

/** Something that is not the same at both APIs, once ids are translated. */
export interface Difference {
  readonly address: Address;
  /** Into the spec; what begins with `/plan` is in what a plan would do. */
  readonly path: Pointer;
  /** null where that side says nothing. */
  readonly from: Json;
  readonly to: Json;
}
