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
  /** May its name be another one here than elsewhere? Then its id, type and time decide. */
  readonly renamed?: true;
  /** What it belongs to at an API that tells things apart so. */
  readonly group?: string | undefined;
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

/** A pair as it is reported. */
export interface PairedThing {
  /** A kind, or a collection. */
  readonly kind: string;
  /** null for what no address holds. */
  readonly address: Address | null;
  readonly from: RemoteId | null;
  readonly to: RemoteId | null;
  readonly grade: Grade;
  readonly name: string | null;
}

/** Something that nobody has documented and that a move relies on. */
export interface Assumption {
  /** As the notes on the API number it. */
  readonly id: string;
  readonly message: string;
}

/** The run that has made a move. */
export interface MoveRun {
  readonly run: string;
  readonly actor: string;
  readonly at: string;
}

/** What a move of a target from one API to another has come to. */
export interface MigrationReport {
  readonly target: string;
  readonly from: string;
  readonly to: string;
  /** Does the target use the other API from now on? */
  readonly moved: boolean;
  /** Was it there already, so that nothing had to be done? */
  readonly already: boolean;
  /** Is everything certain, or vouched for, and the same? */
  readonly proved: boolean;
  /** Changes that both plans show alike. */
  readonly pending: number;
  readonly pairs: readonly PairedThing[];
  /** Pairs that are in doubt, of which something of ours is, or refers to, one half. */
  readonly doubtful: readonly PairedThing[];
  /** How many others are in doubt, which nothing of ours is or refers to. */
  readonly strangers: number;
  readonly differences: readonly Difference[];
  readonly assumptions: readonly Assumption[];
  /** Does the target remember nothing, so that there was nothing to move but the file? */
  readonly forgetful: boolean;
  /** What people call a collection that is not what its name says. */
  readonly called: Readonly<Record<string, string>>;
  /** The move that was begun and has not come to its end; null where none was. */
  readonly open: MoveRun | null;
  /** The move that has come to its end, where only the project file of this checkout has not heard of it; else null. */
  readonly done: MoveRun | null;
  /** The project file, once the target has moved; was it written by this run? And the variable that holds the token from now on. */
  readonly file: string | null;
  readonly rewritten: boolean;
  readonly variable: string | null;
}
