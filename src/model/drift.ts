import type { Address } from './address.ts';
import type { Origin } from './diagnostic.ts';
import type { Json, Pointer } from './json.ts';
import type { RemoteId } from './live.ts';
import type { Selection } from './plan.ts';

/** One field that is not as it was left. `null` stands for "not set" on either side. */
export interface DriftField {
  /** Pointer into the spec. Items of a keyed list are named by their key: `/mappings/Email/from`. */
  readonly path: Pointer;
  /** As last applied; without a ledger, as declared. */
  readonly was: Json;
  readonly now: Json;
  /** What ids are called on either side; what is not known is absent. */
  readonly names?: { readonly was?: string; readonly now?: string };
}

/** One sync that is not as the last apply left it. */
export interface Drift {
  readonly address: Address;
  /** null only without a ledger, where no live sync bears the label. */
  readonly id: RemoteId | null;
  readonly label: string | null;
  readonly kind: 'changed' | 'gone';
  readonly fields: readonly DriftField[];
  /** null for a sync that no manifest declares. */
  readonly origin: Origin | null;
}

/** What changed outside Git on one target. */
export interface DriftReport {
  readonly target: string;
  /** What of the target was looked at; absent where that is all of it. */
  readonly selection?: Selection | undefined;
  readonly drift: readonly Drift[];
  /** What could not be told, and why; one sentence each. */
  readonly notes: readonly string[];
}
