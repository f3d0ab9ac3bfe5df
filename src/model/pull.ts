import type { Address } from './address.ts';
import type { Json, Pointer } from './json.ts';
import type { RemoteId } from './live.ts';

/**
 * Why something was left as it is. `conflict`: both the file and the live side have changed since it was applied. `variable`: a variable
 * stands there that does not give what is live. `override`: an override cannot say that a field is cleared. `gone`: there is nothing
 * live any more. `twins`: several things have its label, or it has none and may stand for several. `unfinished`: an earlier run has left
 * it in doubt. `unwritable`: no manifest can say it. `depends`: it names what is not bound.
 */
export type LeftCode =
  | 'conflict'
  | 'variable'
  | 'override'
  | 'gone'
  | 'twins'
  | 'unfinished'
  | 'unwritable'
  | 'depends';

/** What `pull` has left as it is, and why: one sentence. */
export interface PullLeft {
  /** null where nothing declares or binds it. */
  readonly address: Address | null;
  readonly id: RemoteId | null;
  /** Into the spec; null where all of it is left. */
  readonly path: Pointer | null;
  readonly code: LeftCode;
  readonly message: string;
}

/** A change of a manifest that was not applied, and that its file does not say any more. */
export interface TakenBack {
  /** Into the spec; items of lists by name. */
  readonly path: Pointer;
  /** What the file said, `(hidden)` where `lifecycle.hide` says so; null where it had nothing there, or cleared it. */
  readonly value: Json;
  /** What an id is called, where the file gave that name. */
  readonly name?: string;
}

/** A manifest that was written, or brought up to date. */
export interface PulledManifest {
  readonly action: 'created' | 'updated';
  readonly address: Address;
  readonly id: RemoteId;
  /** Relative to the project, with `/`. */
  readonly file: string;
  /** What an update has changed, into the spec; lists item by item. */
  readonly paths: readonly Pointer[];
  /** Of that: what the file said otherwise than was last applied, while nothing had changed on the live side. */
  readonly taken_back: readonly TakenBack[];
}

/** What a `pull` of one target has come to. */
export interface PullReport {
  readonly target: string;
  readonly manifests: readonly PulledManifest[];
  /** What the ledger binds by now and did not before. */
  readonly bound: readonly { readonly address: Address; readonly id: RemoteId }[];
  readonly left: readonly PullLeft[];
  /** What the reader should know; one sentence each. */
  readonly notes: readonly string[];
}

/** A file as it is to be. */
export interface WrittenFile {
  /** Relative to the project, with `/`. */
  readonly file: string;
  readonly text: string;
  /** Was there none? Then nothing may be overwritten. */
  readonly isNew: boolean;
}
