import type { Address } from './address.ts';
import type { Spec } from './json.ts';
import type { Key, RemoteId } from './live.ts';
import type { Action } from './plan.ts';

/** A create that was, or may have been, sent and whose answer is not known. */
export interface PendingCreate {
  readonly label: string;
  readonly spec: Spec;
  /** Ids that bore the label before the request. */
  readonly before: readonly RemoteId[];
  /** When the request was sent (ISO 8601); null where it was only meant to be. */
  readonly sent_at: string | null;
  /** Creates of the same address that were sent before, and whose rows nobody has judged yet; absent where there are none. */
  readonly earlier?: readonly PendingCreate[];
  /** Its time was over and nothing that it could have made was listed: it is kept only until a new request for the address has left. */
  readonly absent?: true;
}

/** What the ledger knows of any address. */
interface Known {
  /** The spec last applied, canonical and normalised; null where it was bound without applying anything. */
  readonly spec: Spec | null;
  readonly label: string | null;
  readonly protect: boolean;
  readonly on_delete: 'delete' | 'pause' | 'abandon';
  /** Only within a run: what `spec` was before an update that is under way, whose values it does not hold until then. */
  readonly replaced?: Spec;
}

/** An address that holds a live thing; `deleting`: a delete of it was sent, and nobody knows whether it is gone. */
export interface Bound extends Known {
  readonly state: 'bound' | 'deleting';
  readonly id: RemoteId;
  /** A create that was to replace it, or to make it again, and whose outcome is not known. */
  readonly pending: PendingCreate | null;
  readonly retires: null;
}

/** An address that holds nothing yet: its create may have been carried out. */
interface Pending extends Known {
  readonly state: 'pending';
  readonly id: null;
  readonly pending: PendingCreate;
  readonly retires: null;
}

/** An address that holds a new thing already, while the old one is still to go. */
export interface Retiring extends Known {
  readonly state: 'retiring';
  readonly id: RemoteId;
  readonly pending: PendingCreate | null;
  /** The old one. */
  readonly retires: RemoteId;
}

/** What the ledger knows of one address, by the state that it is in. */
export type Entry = Bound | Pending | Retiring;

/** A sync that is gone (tombstone) or that only looks alive (ghost). Never matched, bound or deleted again. */
export interface Dead {
  readonly address: Address;
  readonly reason: 'deleted' | 'replaced' | 'gone' | 'ghost' | 'by-hand';
  readonly at: string;
}

/** One change of a run: what recovery needs before it is done, and what undo needs after. */
export interface RunChange {
  readonly action: Action | 'forget';
  readonly address: Address;
  /** null until a create has answered. For a replace: the new sync. */
  readonly id: RemoteId | null;
  readonly status: 'intended' | 'applied' | 'failed';
  readonly label: string | null;
  /** The live spec as it was; null for a create, and once a change is applied that sent nothing. */
  readonly before: Spec | null;
  /** The spec as declared, for a delete as applied last; null where there is none, and once applied where the entry holds it. What waited for another create holds a placeholder until that one has an id. */
  readonly after: Spec | null;
  readonly protect: boolean;
  readonly on_delete: Entry['on_delete'];
  /** The binding ends with this change. */
  readonly release: boolean;
  /** Something is sent to the service; else only the ledger changes. */
  readonly sends: boolean;
  /** For a replace the sync that goes, for a create the one of this address that was found gone. */
  readonly retires: RemoteId | null;
}

export interface Run {
  readonly run: string;
  readonly at: string;
  readonly actor: string;
  /** Git commit of the manifests, or null outside Git. */
  readonly commit: string | null;
  /** Of the plan; null where there was none, as for an adoption by command. */
  readonly digest: string | null;
  readonly status: 'running' | 'applied' | 'partial' | 'failed';
  readonly changes: readonly RunChange[];
}

/** The last run that applied all that a checkout says. */
export interface LastApply {
  readonly run: string;
  readonly at: string;
  readonly actor: string;
  /** With `-dirty` at its end where the files were not as committed. */
  readonly commit: string;
}

export interface LedgerMeta {
  /** Of the ledger as it was read; what is written is of the latest one. */
  readonly format: 1 | 2;
  readonly provider: string;
  readonly host: string;
  readonly workspace: number | string | null;
  /** The project's `name`, or else the path of its `syncline.yaml` within the repository. */
  readonly project: string;
  /** Missing until a run has applied a commit. */
  readonly last_apply?: LastApply;
}

/** The memory of one target. A value; stores load and save it whole, the core computes the next one. */
export interface Ledger {
  readonly meta: LedgerMeta;
  readonly syncs: Readonly<Record<Address, Entry>>;
  readonly dead: Readonly<Record<Key, Dead>>;
  readonly runs: readonly Run[];
}

/**
 * The parts of a change that are sent on their own. `bind` sends nothing: the ledger alone changes. `ghost` and `bury` record
 * a row that is no sync, or no longer one, without touching the entry. `swap` binds another sync than the one that the run has
 * made, which is to go with the `retire` that follows.
 */
export type Step = 'create' | 'update' | 'delete' | 'retire' | 'bind' | 'swap' | 'ghost' | 'bury';

/** One fsynced line of the journal: what is about to be sent, or what became of it. */
export interface JournalLine {
  /** ISO 8601. */
  readonly at: string;
  readonly event: 'sending' | 'done' | 'failed';
  readonly step: Step;
  readonly address: Address;
  readonly id: RemoteId | null;
  /** With `done`: the spec as sent, where it is not the one intended (links filled in). */
  readonly spec?: Spec;
  /** With `failed`: did it reach the server? */
  readonly fate?: 'refused' | 'unsent' | 'unknown';
}
