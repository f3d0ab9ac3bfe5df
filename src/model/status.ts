import type { Address } from './address.ts';
import type { Origin } from './diagnostic.ts';
import type { Pointer, Spec } from './json.ts';
import type { Health, RemoteId } from './live.ts';
import type { Lifecycle } from './manifest.ts';
import type { Action, BlockReason, Cause, Selection } from './plan.ts';

/**
 * Where a thing stands between its manifest, the ledger and the service. `bound`: declared and held. `unbound`: declared, and holds
 * nothing. `undeclared`: held, and no manifest declares it. `foreign`: live, and neither declared nor held. The others are states of
 * the ledger: the last run left a create, a delete or a replace unfinished.
 */
export const thingStates = ['pending', 'deleting', 'retiring', 'unbound', 'undeclared', 'bound', 'foreign'] as const;
export type ThingState = (typeof thingStates)[number];

/** One thing of a target: declared, held or live. */
export interface Thing {
  readonly kind: string;
  /** What one is called in a sentence: `sync`. */
  readonly noun: string;
  /** null for a foreign thing. */
  readonly address: Address | null;
  /** null where it holds nothing. */
  readonly id: RemoteId | null;
  /** As it is live, or else as declared, or else as applied last. */
  readonly label: string | null;
  readonly state: ThingState;
  /** Where its manifest begins; null where none declares it. */
  readonly origin: Origin | null;
  readonly protected: boolean;
  /** As it is live, or else as declared. */
  readonly paused: boolean;
  readonly health: Health;
  /** Its page in the web app; null where nobody knows it. */
  readonly url: string | null;
  /** Is it held, and proved not to exist any more? */
  readonly gone: boolean;
  /** Was it bound by `pull`, and never applied since? */
  readonly pulled: boolean;
  /** The address whose binding its `moved_from` takes over with the next apply; null where it takes none. */
  readonly takes: Address | null;
  /** Ids of live things that bear its label and that no address holds; of an address that holds nothing. */
  readonly bearers: readonly RemoteId[];
  /** Only of an address that was asked for. */
  readonly details?: Details;
}

/** Who keeps a thing from being deleted. */
export interface Protection {
  readonly by: 'manifest' | 'ledger' | 'target';
  /** The glob of the target; null for the others. */
  readonly glob: string | null;
}

/** What a thing refers to. */
export interface Referred {
  readonly path: Pointer;
  /** As it is written: a name, or an id. */
  readonly name: string;
  /** The address that the name or id means; null for a thing that no address holds. */
  readonly address: Address | null;
}

/** What a run did with an address. */
export interface Touch {
  readonly run: string;
  readonly at: string;
  readonly actor: string;
  readonly commit: string | null;
  readonly action: string;
  readonly status: string;
}

/** What a plan would do with an address. */
export interface Wanted {
  readonly action: Action | 'none';
  /** null where it can be done. */
  readonly blocked: { readonly reason: BlockReason; readonly hint: string } | null;
  readonly fields: readonly { readonly path: Pointer; readonly cause: Cause }[];
}

/** Everything that is known of one address. */
export interface Details {
  /** As declared, with variables and overrides; without what is hidden. null where no manifest declares it. */
  readonly spec: Spec | null;
  readonly lifecycle: Lifecycle | null;
  readonly protection: readonly Protection[];
  readonly labels: { readonly declared: string | null; readonly live: string | null; readonly applied: string | null };
  /** A create whose outcome is not known. */
  readonly pending: { readonly label: string; readonly sent_at: string | null } | null;
  /** The old thing of a replace, which is still to go. */
  readonly retires: RemoteId | null;
  readonly refers_to: readonly Referred[];
  /** Addresses, or the noun, id and label of what no address holds. */
  readonly referred_by: readonly string[];
  /** null where nobody could tell. */
  readonly plan: Wanted | null;
  /** Newest first. */
  readonly runs: readonly Touch[];
}

/** The state of one target. */
export interface StatusReport {
  readonly target: string;
  /** What of the target was looked at; absent where that is all of it. */
  readonly selection?: Selection | undefined;
  /** By address; what has none comes last, by kind and id. */
  readonly things: readonly Thing[];
  /** What could not be told, and why; one sentence each. */
  readonly notes: readonly string[];
}
