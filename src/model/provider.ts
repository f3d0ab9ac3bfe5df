import type { Json, JsonObject, Pointer, Spec } from './json.ts';
import type { LiveSync, NamedThing, RemoteId, Workspace } from './live.ts';
import type { Validation } from './plan.ts';
import type { KindTraits } from './traits.ts';

/** One sync read on its own, with the answer it was decoded from: an update rebuilds nested objects from it. */
export interface Reading {
  readonly live: LiveSync;
  readonly wire: JsonObject;
}

/** What may leave this machine. `none`: reads. `validate-only`: reads, and creates that carry `validate_only: true`. `all`: writes too. */
export type WriteSwitch = 'none' | 'validate-only' | 'all';

/** The transporting half of a provider. It translates and sends; it never compares, orders or decides. Every call may throw ProviderError. */
export interface Provider {
  /** `census`. */
  readonly name: string;
  /** `v1`. */
  readonly api: string;
  /** Host with its port, as plans name it. */
  readonly host: string;
  readonly traits: KindTraits;
  /** Set by the engine alone; starts as `none`. A request the switch forbids throws before anything is sent. */
  permit(mode: WriteSwitch): void;
  /** Whose token this is; undefined where the API does not say. */
  identify(): Promise<Workspace | undefined>;
  /** Every sync, page by page as pages arrive (decoded, not normalised), each id once. Resolves after the last page. */
  list(page: (syncs: readonly LiveSync[]) => void): Promise<void>;
  /** Syncs that are not among `known`, newest first: where a create whose answer was lost may be found. */
  newest(known: ReadonlySet<RemoteId>): Promise<readonly LiveSync[]>;
  /** One sync, or undefined where the service proves that it does not exist. */
  read(id: RemoteId): Promise<Reading | undefined>;
  /** Everything in a collection that a name may stand for; undefined where the API cannot list it (the name is then sent as is). */
  named(collection: string, within: Json | undefined): Promise<readonly NamedThing[] | undefined>;
  /** Makes the sync and returns its id. */
  create(desired: Spec): Promise<RemoteId>;
  /**
   * Changes `reading` into `desired`, sending only the top-level fields that `changed` touches, nested objects rebuilt whole
   * from live plus desired. Returns the sync after the write where the service says, else undefined.
   */
  update(reading: Reading, desired: Spec, changed: readonly Pointer[]): Promise<LiveSync | undefined>;
  /** `gone` where the service says that there was nothing to delete. */
  delete(id: RemoteId): Promise<'deleted' | 'gone'>;
  /** The server's verdict on a create, or (with `reading`) on the sync as an update would leave it. Writes nothing. */
  check(desired: Spec, reading: Reading | undefined): Promise<Validation>;
  /** Lets go of connections. */
  close(): Promise<void>;
}
