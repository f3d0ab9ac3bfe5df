import type { Address } from './address.ts';
import type { Pointer, Spec } from './json.ts';
import type { RemoteId } from './live.ts';

/** What an id, or a name, stands for, so far as it is known. */
export interface Referent {
  /** null where this plan makes the thing first, and where the service knows it by its name alone. */
  readonly id: RemoteId | null;
  readonly name: string | null;
  /** Of the manifest that declares the thing; null where none does. */
  readonly address: Address | null;
}

/** One end of what moves data: a source or a destination. The address is that of a dataset, or of a source, which a manifest declares. */
export interface Endpoint extends Referent {
  /** What is read there, or written, in words: `PUBLIC.USERS`, `model active_users`, `Contact`. */
  readonly object: string | null;
}

/** What a thing is, in the words of a person. Each is null where the kind has no such thing, or nobody knows it. */
export interface About {
  readonly source: Endpoint | null;
  readonly destination: Endpoint | null;
  /** `upsert`. */
  readonly operation: string | null;
  /** `daily at 04:15`; `never` where only somebody's hand starts it. */
  readonly schedule: string | null;
}

/** What a spec in canonical form is to a person. `at` tells what a reference, by its `into`, stands for. Pure: names come from `at`. */
export type Describe = (spec: Spec, at: (into: Pointer) => Referent) => About;
