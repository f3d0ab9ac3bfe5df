import type { Address } from './address.ts';
import type { Hiding } from './hidden.ts';
import type { Spec } from './json.ts';
import type { Key, RemoteId } from './live.ts';

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

/** What a thing is called at another API. */
export interface KeptId {
  readonly id: RemoteId;
}

/** What the ledger knows of any address. */
interface Known extends Hiding {
  /** The spec last applied, canonical and normalised; null where it was bound without applying anything. */
  readonly spec: Spec | null;
  readonly label: string | null;
  readonly protect: boolean;
  readonly on_delete: 'delete' | 'pause' | 'abandon';
  /** `pull` has made the binding, and no apply has declared the address since: its file may lie on a branch, so nothing takes the thing away. */
  readonly pulled?: true;
  /** What the thing is called at the API that the target has left, so that the way back needs no guess. */
  readonly v1?: KeptId;
  readonly v2?: KeptId;
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
  /** As in an entry. */
  readonly v1?: KeptId;
  readonly v2?: KeptId;
}

/** What every change of a run says: what recovery needs before it is done, and what undo needs after. */
interface AnyRunChange extends Hiding {
  readonly address: Address;
  readonly status: 'intended' | 'applied' | 'failed';
  readonly label: string | null;
  readonly protect: boolean;
  readonly on_delete: Entry['on_delete'];
  /** The name whose binding the address has taken over with this run; absent where it has kept its own. */
  readonly moved_from?: string;
}

/** A new thing. */
export interface RunCreate extends AnyRunChange {
  readonly action: 'create';
  /** null until the create has answered. */
  readonly id: RemoteId | null;
  readonly before: null;
  /** The spec as declared; null once applied, for then the entry holds it. What waited for another create holds a placeholder until that one has an id. */
  readonly after: Spec | null;
  readonly release: false;
  readonly sends: true;
  /** The thing of this address that was found gone; null where there was none. */
  readonly retires: RemoteId | null;
}

/** A new thing in the place of an old one. */
export interface RunReplace extends AnyRunChange {
  readonly action: 'replace';
  /** Of the new one; null until its create has answered. */
  readonly id: RemoteId | null;
  /** The old one as it was; null where nobody knows. */
  readonly before: Spec | null;
  /** The spec as declared, with placeholders as for a create. */
  readonly after: Spec;
  readonly release: false;
  readonly sends: true;
  /** The old one. */
  readonly retires: RemoteId;
}

/** A thing that goes. */
export interface RunDelete extends AnyRunChange {
  readonly action: 'delete';
  readonly id: RemoteId;
  /** The thing as it was; null where nobody knows. */
  readonly before: Spec | null;
  /** The spec as applied last; null where none was. */
  readonly after: Spec | null;
  readonly release: false;
  readonly sends: true;
  readonly retires: null;
}

/** Something is sent to a thing that is there. */
interface Sent {
  readonly sends: true;
  /** The thing as it was; null where nobody knows. */
  readonly before: Spec | null;
  /** The spec as declared, with placeholders as for a create. */
  readonly after: Spec;
}

/** The ledger alone changes. */
interface Noted {
  readonly sends: false;
  /** The thing as it was; null where nobody knows, and once applied. */
  readonly before: Spec | null;
  /** The spec as declared; null where none is, and once applied, for then the entry holds it. */
  readonly after: Spec | null;
}

interface Updated extends AnyRunChange {
  readonly action: 'update';
  readonly id: RemoteId;
  /** The binding ends with this change. */
  readonly release: boolean;
  readonly retires: null;
}

interface Adopted extends AnyRunChange {
  readonly action: 'adopt';
  readonly id: RemoteId;
  readonly release: false;
  readonly retires: null;
}

/** A bound thing that is changed, or let go, or both; or its entry alone. */
export type RunUpdate = Updated & (Sent | Noted);

/** A thing that is bound, and changed where it was not as declared. */
export type RunAdopt = Adopted & (Sent | Noted);

/** A binding that ends by command, or a row that is recorded as dead: its address is the kind alone. */
export interface RunForget extends AnyRunChange {
  readonly action: 'forget';
  readonly status: 'applied';
  /** null for an address that held nothing yet. */
  readonly id: RemoteId | null;
  readonly before: null;
  readonly after: null;
  readonly release: true;
  readonly sends: false;
  readonly retires: null;
}

/** One change of a run, by what it does. */
export type RunChange = RunCreate | RunUpdate | RunAdopt | RunReplace | RunDelete | RunForget;

export interface Run {
  readonly run: string;
  readonly at: string;
  readonly actor: string;
  /** Git commit of the manifests, or null outside Git. */
  readonly commit: string | null;
  /** Of the plan; null where there was none, as for an adoption by command. */
  readonly digest: string | null;
  readonly status: 'running' | 'applied' | 'partial' | 'failed';
  /** At which API ids and specs mean something; absent where no target could have had another one. */
  readonly api?: string;
  /** The run has moved the target between two APIs, and has changed nothing else. */
  readonly migrated?: { readonly from: string; readonly to: string };
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
  readonly format: 1 | 2 | 3;
  readonly provider: string;
  /** From format 3 on, which says it where an API has groups: no other API can read its ids. */
  readonly api?: string;
  readonly host: string;
  readonly workspace: number | string | null;
  /** Sorted; in the place of a workspace where the API has groups. */
  readonly groups?: readonly string[];
  /** The project's `name`, or else the path of its `syncline.yaml` within the repository. */
  readonly project: string;
  /** Missing until a run has applied a commit. */
  readonly last_apply?: LastApply;
  /** What has moved, by the address that it has moved to; missing until something has. */
  readonly moved?: Readonly<Record<Address, Moved>>;
  /** What the project file said before the target was moved from that API, or says since it was moved back to it. */
  readonly v1?: KeptTarget;
  /** The last move of the target from one API to another; nothing else is done while it is open. */
  readonly migration?: MigrationRecord;
}

/** What a target of an API without groups said of itself. Of secrets: names of environment variables. */
export interface KeptTarget {
  readonly token?: string;
  readonly personal_access_token?: string;
  readonly workspace: number | string | null;
  readonly region?: string;
  readonly base_url?: string;
}

/** A move of a target from one API to another. */
export interface MigrationRecord {
  /** `open`: the ledger has moved, and the project file may not have. */
  readonly state: 'open' | 'done';
  readonly from: string;
  readonly to: string;
  readonly at: string;
  readonly run: string;
  /** Of the checkout that was moved. */
  readonly commit: string | null;
  readonly actor: string;
  /** The environment variable that holds the token at the newer of the two APIs, so that nobody has to name it again. */
  readonly token?: string;
  /** Ids that are others there and that no entry keeps, of what bodies refer to; absent where there are none. */
  readonly pairs?: readonly KeptPair[];
}

/** What two APIs call one thing. */
export interface KeptPair {
  readonly space: string;
  readonly from: RemoteId;
  readonly to: RemoteId;
  /** Where the ids mean something within another thing only: its id at both APIs. */
  readonly within?: { readonly from: RemoteId; readonly to: RemoteId };
}

/** What an address has taken over from earlier names. */
export interface Moved {
  /** All of them. */
  readonly names: readonly string[];
  /** Those whose line in the manifest was followed and stood there at the last apply: it does nothing more. */
  readonly followed: readonly string[];
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
