import type { Describe } from './about.ts';
import type { CatalogueContent } from './catalogue.ts';
import type { Problem } from './diagnostic.ts';
import type { Json, JsonObject, Pointer, Spec } from './json.ts';
import type { Live, NamedThing, RemoteId, Workspace } from './live.ts';
import type { Validation } from './plan.ts';
import type { KindTraits, TraitsOf } from './traits.ts';

/** One thing read on its own, with the answer it was decoded from: an update rebuilds nested objects from it. */
export interface Reading {
  readonly live: Live;
  readonly wire: JsonObject;
}

/** A thing that was made. */
export interface Created {
  readonly id: RemoteId;
  readonly unset: readonly Pointer[];
  /** Why it is not what was asked for, and what to do: a sentence. Absent where it is. */
  readonly fault?: string;
}

/**
 * What may leave this machine. `none`: reads. `validate-only`: reads, and creates that carry `validate_only: true`. `all`: writes too;
 * `no-deletes`: all but DELETE, which then ends as unsent.
 */
export type WriteSwitch = 'none' | 'validate-only' | 'no-deletes' | 'all';

/** How far a service can be believed about one kind of things. The engine acts on these facts and on nothing else that is particular to a service. */
export interface Capabilities {
  /** `whole`: list items are complete. `index`: they serve to find ids and labels; whatever is compared is read on its own. */
  readonly listing: 'whole' | 'index';
  /** Does a thing that was deleted disappear from reads? Where it does not, only a recorded answer tells that it is gone. */
  readonly deletions: 'visible' | 'invisible';
  /** Where deletions are invisible: the status with which a write of what is gone is refused. */
  readonly refusesDeadWith?: number;
  /** May a create that failed leave a row that looks like a thing of this kind and is none? Only `probe` tells them apart. */
  readonly ghosts: boolean;
  /** What the service can do to a thing that exists, beside reading it. */
  readonly verbs: readonly ('update' | 'delete')[];
  /** Who checks a dry run: the service, the provider by the service's published conditions, or nobody. */
  readonly checks: 'service' | 'local' | 'none';
}

/** How long to wait for something, and how. */
export interface Patience {
  /** Milliseconds at most. */
  readonly limit: number;
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Aborted once nobody waits any more. */
  readonly signal: AbortSignal;
}

/** The transporting half of one kind at one API. It translates and sends; it never compares, orders or decides. Every call may throw ProviderError. */
export interface Resource {
  /** `CensusSync`. */
  readonly kind: string;
  readonly traits: KindTraits;
  readonly capabilities: Capabilities;
  /** What a thing is, for reports. */
  readonly about: Describe;
  /** The page of a thing in the service's web app. Absent where nobody knows its address, as behind a `base_url` of one's own. */
  readonly page?: (id: RemoteId) => string;
  /**
   * Everything of this kind, page by page as pages arrive (decoded, not normalised), each id once. Resolves after the last page. `of`:
   * how many there are in all, where the service says.
   */
  list(page: (things: readonly Live[], of?: number) => void): Promise<void>;
  /** Things that are not among `known`, newest first: where a create whose answer was lost may be found. */
  newest(known: ReadonlySet<RemoteId>): Promise<readonly Live[]>;
  /** Problems of a resolved spec that only the service's catalogue shows, such as a field that an object does not have. Reads only. */
  examine(spec: Spec): Promise<readonly Problem[]>;
  /** Why the API cannot make what a resolved spec says, and what to do: a sentence. Absent where it can make anything. Reads only. */
  unmakeable?(desired: Spec): Promise<string | undefined>;
  /** One thing, or undefined where the service proves that it does not exist. */
  read(id: RemoteId): Promise<Reading | undefined>;
  /** Makes the thing. `left` are fields that a create cannot set: an update of them must follow. */
  create(desired: Spec): Promise<Created>;
  /**
   * Changes `reading` into `desired`, sending only the top-level fields that `changed` touches, nested objects rebuilt whole
   * from live plus desired. Returns the thing after the write where the service says, else undefined.
   */
  update(reading: Reading, desired: Spec, changed: readonly Pointer[]): Promise<Live | undefined>;
  /** `gone` where the service says that there was nothing to delete. */
  delete(id: RemoteId): Promise<'deleted' | 'gone'>;
  /** The server's verdict on a create, or (with `reading`) on the thing as an update would leave it. Writes nothing. Asked only where `checks` is not `none`. */
  check(desired: Spec, reading: Reading | undefined): Promise<Validation>;
  /**
   * Is this row a whole thing? Sends the intended state once more, which changes nothing in a whole one. `dead` says that the
   * service refused as it refuses for rows that are none; that means something only while `isAlive`. Needs `permit('all')`.
   */
  probe(id: RemoteId, desired: Spec): Promise<'whole' | 'dead'>;
  /**
   * Lets the service work out what others need of a thing that was made or changed, and waits for it. Asked after a create, and after
   * an update of a field whose trait says `prepares`. Its failure decides nothing: whoever needs the thing is told by the service.
   */
  prepare?(id: RemoteId, patience: Patience): Promise<void>;
}

/** The transporting half of a service at one API. */
export interface Provider {
  /** `census`. */
  readonly name: string;
  /** `v1`. */
  readonly api: string;
  /** Host with its port, as plans name it. */
  readonly host: string;
  /** By kind, in the order in which kinds are spoken of. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** What is looked at, sorted, where the API has groups in the place of workspaces: nothing outside them is seen. */
  readonly groups?: readonly string[];
  /**
   * Set by the engine alone; starts as `none`. A request the switch forbids throws before anything is sent. `left` tells the
   * milliseconds for which writing is still allowed: no try of a write begins that may last longer.
   */
  permit(mode: WriteSwitch, left?: () => number): void;
  /** Whose token this is; undefined where the API does not say. */
  identify(): Promise<Workspace | undefined>;
  /** Which of these groups the token shows nothing of; absent where the API has no groups. */
  unseen?(groups: readonly string[]): Promise<readonly string[]>;
  /** Everything in a collection that a name may stand for; undefined where the API cannot list it (the name is then sent as is). */
  named(collection: string, within: Json | undefined): Promise<readonly NamedThing[] | undefined>;
  /**
   * What the workspace has, for who writes manifests without a connection; `read` is told how many more entries have been read. Reads
   * only. Absent where the API lists nothing of it; what it cannot list is left out of the answer.
   */
  catalogue?(read: (entries: number) => void): Promise<CatalogueContent>;
  /** Has the part of the service that carries out writes answered anything with success since this provider was made? */
  isAlive(): boolean;
  /** Milliseconds by which the service's clock is ahead of this one, as of its last answer; undefined before one tells. */
  skew(): number | undefined;
  /** Lets go of connections. */
  close(): Promise<void>;
}

/** The resource of a kind. Throws where the API has none: whoever asks has been told before which kinds there are. */
export function resourceOf({ name, api, resources }: Provider, kind: string): Resource {
  const found = resources.get(kind);
  if (found === undefined) throw new Error(`${name} ${api} has no ${kind}.`);
  return found;
}

/** The traits of each kind of the API. */
export function traitsIn(provider: Provider): TraitsOf {
  return (kind) => resourceOf(provider, kind).traits;
}

export function capabilitiesIn(provider: Provider): (kind: string) => Capabilities {
  return (kind) => resourceOf(provider, kind).capabilities;
}

export function verbsIn(provider: Provider): (kind: string) => Capabilities['verbs'] {
  return (kind) => resourceOf(provider, kind).capabilities.verbs;
}
