import type { Problem } from './diagnostic.ts';
import type { Json, JsonObject, Pointer, Spec } from './json.ts';
import type { LiveSync, NamedThing, RemoteId, Workspace } from './live.ts';
import type { Validation } from './plan.ts';
import type { KindTraits } from './traits.ts';

/** One sync read on its own, with the answer it was decoded from: an update rebuilds nested objects from it. */
export interface Reading {
  readonly live: LiveSync;
  readonly wire: JsonObject;
}

/** A sync that was made. */
export interface Created {
  readonly id: RemoteId;
  readonly left: readonly Pointer[];
}

/**
 * What may leave this machine. `none`: reads. `validate-only`: reads, and creates that carry `validate_only: true`. `all`: writes too;
 * `no-deletes`: all but DELETE, which then ends as unsent.
 */
export type WriteSwitch = 'none' | 'validate-only' | 'no-deletes' | 'all';

/** How far a service can be believed. The engine acts on these facts and on nothing else that is particular to a service. */
export interface Manner {
  /** `whole`: list items are complete. `index`: they serve to find ids and labels; whatever is compared is read on its own. */
  readonly listing: 'whole' | 'index';
  /** Does a sync that was deleted disappear from reads? Where it does not, only a recorded answer tells that it is gone. */
  readonly deletions: 'visible' | 'invisible';
  /** May a create that failed leave a row that looks like a sync and is none? Only `probe` tells them apart. */
  readonly ghosts: boolean;
  /** What the service can do to a sync that exists, beside reading it. */
  readonly verbs: readonly ('update' | 'delete')[];
  /** Who checks a dry run: the service, or the provider by the service's published conditions. */
  readonly checks: 'service' | 'local';
}

/** The transporting half of a provider. It translates and sends; it never compares, orders or decides. Every call may throw ProviderError. */
export interface Provider {
  /** `census`. */
  readonly name: string;
  /** `v1`. */
  readonly api: string;
  /** Host with its port, as plans name it. */
  readonly host: string;
  readonly traits: KindTraits;
  readonly manner: Manner;
  /**
   * Set by the engine alone; starts as `none`. A request the switch forbids throws before anything is sent. `left` tells the
   * milliseconds for which writing is still allowed: no try of a write begins that may last longer.
   */
  permit(mode: WriteSwitch, left?: () => number): void;
  /** Whose token this is; undefined where the API does not say. */
  identify(): Promise<Workspace | undefined>;
  /** Every sync, page by page as pages arrive (decoded, not normalised), each id once. Resolves after the last page. */
  list(page: (syncs: readonly LiveSync[]) => void): Promise<void>;
  /** Syncs that are not among `known`, newest first: where a create whose answer was lost may be found. */
  newest(known: ReadonlySet<RemoteId>): Promise<readonly LiveSync[]>;
  /** Problems of a resolved spec that only the service's catalogue shows, such as a field that an object does not have. Reads only. */
  examine(spec: Spec): Promise<readonly Problem[]>;
  /** One sync, or undefined where the service proves that it does not exist. */
  read(id: RemoteId): Promise<Reading | undefined>;
  /** Everything in a collection that a name may stand for; undefined where the API cannot list it (the name is then sent as is). */
  named(collection: string, within: Json | undefined): Promise<readonly NamedThing[] | undefined>;
  /** Makes the sync. `left` are fields that a create cannot set: an update of them must follow. */
  create(desired: Spec): Promise<Created>;
  /**
   * Changes `reading` into `desired`, sending only the top-level fields that `changed` touches, nested objects rebuilt whole
   * from live plus desired. Returns the sync after the write where the service says, else undefined.
   */
  update(reading: Reading, desired: Spec, changed: readonly Pointer[]): Promise<LiveSync | undefined>;
  /** `gone` where the service says that there was nothing to delete. */
  delete(id: RemoteId): Promise<'deleted' | 'gone'>;
  /** The server's verdict on a create, or (with `reading`) on the sync as an update would leave it. Writes nothing. */
  check(desired: Spec, reading: Reading | undefined): Promise<Validation>;
  /**
   * Is this row a whole sync? Sends the intended state once more, which changes nothing in a whole one. `dead` says that the
   * service refused as it refuses for rows that are none; that means something only while `isAlive`. Needs `permit('all')`.
   */
  probe(id: RemoteId, desired: Spec): Promise<'whole' | 'dead'>;
  /** Has the part of the service that carries out writes answered anything with success since this provider was made? */
  isAlive(): boolean;
  /** Milliseconds by which the service's clock is ahead of this one, as of its last answer; undefined before one tells. */
  skew(): number | undefined;
  /** Lets go of connections. */
  close(): Promise<void>;
}
