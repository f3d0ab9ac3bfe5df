import type { Address } from '../../model/address.ts';
import type { Age } from '../../model/checkout.ts';
import type { Ledger } from '../../model/ledger.ts';
import type { Key, Live } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Blocked, Change, Note } from '../../model/plan.ts';
import type { Capabilities } from '../../model/provider.ts';
import type { TraitsOf } from '../../model/traits.ts';
import type { Moves } from '../moves/moves.ts';
import type { Chosen } from '../selection.ts';
import type { Types } from '../spec/immutable.ts';

/** What the plan is for, as it is written into the plan. */
export interface PlanTarget {
  readonly name: string;
  readonly provider: string;
  readonly api: string;
  readonly host: string;
  readonly workspace: number | string | null;
  readonly groups?: readonly string[] | undefined;
}

/** By kind. */
export type VerbsOf = (kind: string) => Capabilities['verbs'];

/** Everything a plan depends on. The same input gives the same plan, whatever order its lists are in. */
export interface PlanInput {
  readonly target: PlanTarget;
  readonly traitsOf: TraitsOf;
  /** Types of what live syncs refer to; empty until a plan has shown that they matter (`typesAsked`). */
  readonly types: Types;
  /** Normalised; names of what no manifest declares are resolved to ids. */
  readonly manifests: readonly Manifest[];
  readonly live: readonly Live[];
  /** null: there is no memory, and the label is the identity. What moves stands under its new address. */
  readonly ledger: Ledger | null;
  /** What has moved in it for this plan; left out, nothing. */
  readonly moves?: Moves | undefined;
  /** For an undo: addresses of which the run says what has no word at this API; left out, none. */
  readonly unsayable?: ReadonlySet<Address> | undefined;
  /** Bound ids that no list shows and that the provider proved not to exist. */
  readonly gone: ReadonlySet<Key>;
  /** Rows that an unanswered create of an address may have left behind; whether they are syncs only an apply can ask. */
  readonly suspects: ReadonlyMap<Address, readonly Live[]>;
  /** Creates that the service cannot make, with the reason; left out until a plan has shown that they matter. */
  readonly unmakeable?: ReadonlyMap<Address, string> | undefined;
  /** What the service can do to a thing of a kind that exists. */
  readonly verbsOf: VerbsOf;
  readonly prune: boolean;
  /** What is planned. Whatever is judged across addresses is judged over all of them. */
  readonly chosen: Chosen;
  readonly forceDeletes: number | undefined;
  /** The exact number of gone things that may be made again or released together. */
  readonly forceCreates: number | undefined;
  readonly maxDeletes: number;
  /** Globs of addresses that are never deleted. */
  readonly protect: readonly string[];
  readonly settleSeconds: number;
  /** Notes of what was recovered before planning. */
  readonly notes: readonly Note[];
  readonly createdAt: string;
  readonly tool: string;
  /** How the checkout stands to the last apply. */
  readonly age: Age;
  /** Git commit of the manifests, or null. */
  readonly commit: string | null;
}

/** What was decided about one declared or owned address. */
export type Decision =
  | { readonly kind: 'change'; readonly change: Change; readonly notes: readonly Note[] }
  | { readonly kind: 'blocked'; readonly blocked: Blocked; readonly notes: readonly Note[] }
  | { readonly kind: 'noop'; readonly notes: readonly Note[] };
