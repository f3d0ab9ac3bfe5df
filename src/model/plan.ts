import type { About } from './about.ts';
import type { Address } from './address.ts';
import type { Origin } from './diagnostic.ts';
import type { Ending } from './failed.ts';
import type { Hiding } from './hidden.ts';
import type { Json, Pointer, Spec } from './json.ts';
import type { RemoteId } from './live.ts';
import type { Lifecycle } from './manifest.ts';
import type { Impact } from './traits.ts';

/** Who caused a difference: the manifest, the live side, both, or nobody can tell (no ledger). */
export type Cause = 'git' | 'drift' | 'conflict' | 'unknown';

/** What the ids of a field are called on either side. What is not known is absent. */
export interface FieldNames {
  readonly from?: string;
  readonly to?: string;
}

export interface FieldChange {
  /** Pointer into the spec. Items of a keyed list are named by their key: `/mappings/Email/from`. */
  readonly path: Pointer;
  /** `null` stands for "not set" on either side. */
  readonly from: Json;
  readonly to: Json;
  readonly cause: Cause;
  readonly impact: Impact;
  /** Only where the field refers to something, and a name of it is known. */
  readonly names?: FieldNames;
}

export type Action = 'create' | 'update' | 'delete' | 'adopt' | 'replace';

/** What a validate-only probe said about a change; null until it was asked. */
export interface Validation {
  readonly status: 'valid' | 'invalid' | 'unchecked';
  readonly message: string;
}

/** What every change says. What is to be hidden is there whole: reports show it with what its manifest and its record hide left out. */
interface AnyChange extends Hiding {
  readonly address: Address;
  readonly label: string | null;
  /** null for a thing that no manifest declares. */
  readonly origin: Origin | null;
  readonly fields: readonly FieldChange[];
  /** What the thing will be; of a delete, what it is. null where nobody can tell. */
  readonly about: About | null;
  /** What the manifest decides beyond the spec; null for a thing that no manifest declares. */
  readonly lifecycle: Lifecycle | null;
  /** The binding ends with this change (`on_delete: pause` or `abandon`, carried out as an update). */
  readonly release: boolean;
  /** Addresses that must have been applied first. */
  readonly depends_on: readonly Address[];
  readonly validation: Validation | null;
  /** Hash of what the ledger's record of the address means; null where there is none. Of what moves, the record moves along. */
  readonly record: string | null;
  /** The earlier name whose binding the address takes over; absent where it keeps its own. */
  readonly moved_from?: string;
}

/** Makes a new thing. By its label it is found again where the answer is lost. */
export interface Create extends AnyChange {
  readonly action: 'create';
  readonly id: null;
  readonly label: string;
  /** The resolved spec in canonical form: ids, not names. */
  readonly desired: Spec;
  readonly fingerprint: null;
  readonly release: false;
}

/** Changes a live thing that is bound, or lets it go, or both. */
export interface Update extends AnyChange {
  readonly action: 'update';
  readonly id: RemoteId;
  readonly desired: Spec;
  /** Of the normalised live object that the plan was made from. */
  readonly fingerprint: string;
}

/** Binds a live thing, and changes it where it is not as declared. */
export interface Adopt extends AnyChange {
  readonly action: 'adopt';
  readonly id: RemoteId;
  /** null where it is bound as it is, whatever that is. */
  readonly desired: Spec | null;
  readonly fingerprint: string;
  readonly release: false;
}

/** Makes a new thing and lets the old one go. */
export interface Replace extends AnyChange {
  readonly action: 'replace';
  /** Of the old one. */
  readonly id: RemoteId;
  readonly label: string;
  readonly desired: Spec;
  /** Of the old one; null where it is not listed any more. */
  readonly fingerprint: string | null;
  readonly release: false;
}

/** Lets a thing go. */
export interface Delete extends AnyChange {
  readonly action: 'delete';
  readonly id: RemoteId;
  readonly desired: null;
  readonly fingerprint: string;
  readonly release: false;
}

/** One entry of a plan, by what it does. One change per address. */
export type Change = Create | Update | Adopt | Replace | Delete;

export type BlockReason =
  | 'foreign'
  | 'twins'
  | 'label-taken'
  | 'needs-label'
  | 'pending-create'
  | 'immutable'
  | 'unsupported'
  | 'prune-off'
  | 'protected'
  | 'max-deletes'
  | 'mass-gone'
  | 'old-checkout'
  | 'depends'
  | 'changed';

/** Something asked for that this plan will not do, and why. */
export interface Blocked extends Hiding {
  readonly address: Address;
  readonly wanted: Action;
  readonly reason: BlockReason;
  readonly hint: string;
  readonly id: RemoteId | null;
  readonly label: string | null;
  readonly origin: Origin | null;
  readonly fields: readonly FieldChange[];
  /** As in a change. */
  readonly about: About | null;
}

/** Does a blocked entry need somebody? What only waits for `--prune`, or is protected and undeclared, is meant to stay. */
export function needsAttention(blocked: Blocked): boolean {
  return blocked.reason !== 'prune-off' && !(blocked.reason === 'protected' && blocked.origin === null);
}

export type NoteCode =
  | 'unreadable-field'
  | 'ghost'
  | 'zombie'
  | 'gone'
  | 'released'
  | 'lifecycle'
  | 'recovered'
  | 'local-check'
  | 'no-memory'
  | 'kept'
  | 'sync-cycle'
  | 'same-label'
  | 'similar-label'
  | 'runs-before-pause'
  | 'unmatched-file'
  | 'pulled'
  | 'moved'
  | 'api-retires';

/** What the API cannot show or undo, or what the plan found out on the way. */
export interface Note {
  readonly address: Address;
  readonly code: NoteCode;
  readonly message: string;
  /** Of what ends: the first day without it, `2027-01-15`. */
  readonly on?: string;
}

/** Does the change send nothing? Only the ledger takes note of it then. */
export function isRecorded({ action, fields }: Pick<Change, 'action' | 'fields'>): boolean {
  return action === 'update' && fields.length === 0;
}

export interface PlanSummary {
  readonly create: number;
  /** Without those that only the ledger takes note of. */
  readonly update: number;
  readonly delete: number;
  readonly adopt: number;
  readonly replace: number;
  /** Updates that send nothing. */
  readonly recorded: number;
  readonly noop: number;
  readonly blocked: number;
  /** Live things that no manifest declares and no address holds. */
  readonly foreign: number;
}

/** The exact numbers beyond the limits that a plan was made with; null where none was given. */
export interface Forced {
  readonly deletes: number | null;
  readonly creates: number | null;
}

/** What of the target a plan looks at. What is left out is neither made, nor changed, nor deleted. */
export interface Selection {
  /** Globs of addresses, sorted; null where none was given. */
  readonly only: readonly string[] | null;
  /** Globs of addresses that are left out, sorted. */
  readonly exclude: readonly string[];
  /** The Git commit from which an address must differ, itself or by what it refers to; null where none was given. */
  readonly changed: string | null;
}

/** Does a plan look at only a part of its target? */
export function isPartial({ only, exclude, changed }: Selection): boolean {
  return only !== null || exclude.length > 0 || changed !== null;
}

/** The part that is looked at; undefined where that is all of a target. */
export function partOf(selection: Selection): Selection | undefined {
  return isPartial(selection) ? selection : undefined;
}

/** Ordered, complete, serialisable. Everything `apply` needs, and nothing secret. */
export interface Plan {
  readonly target: string;
  readonly provider: string;
  readonly api: string;
  /** Host with its port, as in a URL. */
  readonly host: string;
  readonly workspace: number | string | null;
  /** Sorted; in the place of a workspace where the API has groups. */
  readonly groups?: readonly string[];
  /** Names what would be done: target, selection, changes and blocked, without origins, names, hints, times, validation, commit and records. */
  readonly digest: string;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  /** `syncline x.y.z`. */
  readonly tool: string;
  /** Git commit of the manifests; null where there is none. */
  readonly commit: string | null;
  readonly selection: Selection;
  /** Was it made to let go of what is bound and no manifest declares? */
  readonly prune: boolean;
  readonly forced: Forced;
  readonly summary: PlanSummary;
  readonly changes: readonly Change[];
  readonly blocked: readonly Blocked[];
  readonly notes: readonly Note[];
}

/** What `plan --out` writes and `plan --format json` prints. */
export interface PlanFile extends Ending {
  readonly version: 1;
  readonly plans: readonly Plan[];
  /** Covers the whole file; shows an edit. */
  readonly seal: string;
}
