import type { Outcome } from '../../src/emulator/exchange.ts';
import type { HttpDispatcher } from '../../src/http/dispatcher.ts';
import { type Address, address } from '../../src/model/address.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { KindDefinition } from '../../src/model/kind.ts';
import { type Key, keyOf } from '../../src/model/live.ts';
import type { Lifecycle } from '../../src/model/manifest.ts';
import type { Provider } from '../../src/model/provider.ts';

/** What one of a kind is called. */
export type Noun = 'sync' | 'dataset';

/** A manifest as a world of the law knows it: few values, all of which the services take. */
export interface Declaration {
  readonly noun: Noun;
  readonly name: string;
  readonly label: string;
  /** Of what cannot be paused it is another field, which is set, cleared, or left to others. */
  readonly paused: boolean | undefined;
  /** A value that the thing carries and that an update changes, or a replace. */
  readonly tag: string;
  /** Runs after the sync of this manifest. */
  readonly after: string | undefined;
  /** Reads the dataset of this manifest. */
  readonly of: string | undefined;
  readonly lifecycle: Partial<Lifecycle>;
}

/** A manifest that says next to nothing. */
export const blank: Declaration = {
  noun: 'sync',
  name: '',
  label: '',
  paused: undefined,
  tag: '',
  after: undefined,
  of: undefined,
  lifecycle: {},
};

/** A sync or a dataset as it really is. */
export interface Truth {
  readonly key: Key;
  readonly label: string;
  readonly paused: boolean;
  readonly tag: string | undefined;
  /** The name of the manifest whose body made it, or last changed it; undefined for somebody else's. */
  readonly mark: string | undefined;
  /** The dataset that it reads; null for none. */
  readonly source: Key | null;
}

/** What is said of a thing, beside which one it is. */
export type Facts = Omit<Truth, 'key'>;

/** A body of a new thing, which is made or only checked. */
export interface Making {
  readonly kind: 'create' | 'check';
  readonly of: string;
  /** The address of the manifest whose body it is. */
  readonly address: Address | undefined;
  readonly source?: Json | undefined;
}

/** What a write asks a service for, in the words of the law. `source`: the id of the dataset that the body names, as it stands there; undefined where it names none. */
export type WriteMeaning =
  | Making
  | { readonly kind: 'update' | 'delete'; readonly key: Key; readonly source?: Json | undefined };

/** What a request asks a service for. `prepare`: to work out what others need of a thing. */
export type Meaning =
  | WriteMeaning
  | { readonly kind: 'prepare'; readonly key: Key }
  | { readonly kind: 'list' | 'read' | 'other' };

export function isWrite(meaning: Meaning): meaning is WriteMeaning {
  return ['create', 'check', 'update', 'delete'].includes(meaning.kind);
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** What the law needs to connect a provider. */
export interface Connection {
  readonly dispatcher: HttpDispatcher;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly random: () => number;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** A real emulator's state machine without its sockets. */
export interface Service {
  /** What it knows, and a world declares. */
  readonly kinds: readonly KindDefinition[];
  readonly settleSeconds: number;
  /** Do deletes show in reads? */
  readonly visible: boolean;
  handle(request: Request): Outcome;
  meaning(request: Request): Meaning;
  connect(connection: Connection): Provider;
  /** The spec of a manifest; `source` is the label of the dataset that it names. */
  specOf(declaration: Declaration, source: string | undefined): JsonObject;
  /** What a resolved spec of a kind says of the truth; undefined where it says nothing. */
  wanted(kind: string, spec: JsonObject): Partial<Facts>;
  /** Everything that lives, ghosts aside. */
  truth(): readonly Truth[];
  /** Everything that is listed, ghosts and what was deleted invisibly too. */
  rows(): readonly Key[];
  /** The answer to a create, with another id in it. */
  named(answer: string, key: Key): string;
  /** How the service says that there is nothing of that kind, and no such thing. */
  emptyList(request: Request): Outcome;
  missing(): Outcome;
  /** What somebody else does. */
  meddle(what: Meddling): void;
  /** Takes away what carries out writes, or gives it back; nothing where a service has no such part. */
  headless(down: boolean): void;
  /** Answers that are true of a service which lies: as if the request had been carried out. */
  pretend(request: Request): Outcome;
}

export type Meddling =
  | { readonly kind: 'delete' | 'pause' | 'retag'; readonly key: Key }
  | { readonly kind: 'relabel'; readonly key: Key; readonly label: string }
  /** `source`: the dataset that a new sync reads. */
  | { readonly kind: 'make'; readonly noun: Noun; readonly label: string; readonly source: Key | undefined };

/** The kind that bears a noun. */
export function kindNamed({ kinds }: Service, noun: Noun): KindDefinition {
  const found = kinds.find(({ traits }) => traits.noun === noun);
  if (found === undefined) throw new Error(`This service knows no ${noun}.`);
  return found;
}

export function addressOf(service: Service, { noun, name }: Pick<Declaration, 'noun' | 'name'>): Address {
  return address(kindNamed(service, noun).kind, name);
}

/** The dataset with an id, as syncs name it. */
export function datasetKey(service: Service, id: number): Key {
  return keyOf(kindNamed(service, 'dataset').kind, String(id));
}

/** Do rows stay that are gone, or never were whole? */
export function hidesDeaths({ kinds }: Service): boolean {
  return kinds.some(({ ghosts }) => ghosts);
}
