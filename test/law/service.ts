import type { Outcome } from '../../src/emulator/exchange.ts';
import type { HttpDispatcher } from '../../src/http/dispatcher.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { KindDefinition } from '../../src/model/kind.ts';
import type { Lifecycle } from '../../src/model/manifest.ts';
import type { Provider } from '../../src/model/provider.ts';

/** A manifest as a world of the law knows it: few values, all of which the services take. */
export interface Declaration {
  readonly name: string;
  readonly label: string;
  readonly paused: boolean | undefined;
  /** A value that the sync carries and that an update changes, or a replace. */
  readonly tag: string;
  /** Runs after the sync of this manifest. */
  readonly after: string | undefined;
  readonly lifecycle: Partial<Lifecycle>;
}

/** A sync as it really is. */
export interface Truth {
  readonly id: string;
  readonly label: string;
  readonly paused: boolean;
  readonly tag: string | undefined;
  /** The name of the manifest whose body made it, or last changed it; undefined for somebody else's. */
  readonly mark: string | undefined;
}

/** What a write asks a service for, in the words of the law. */
export type WriteMeaning =
  | { readonly kind: 'create' | 'check'; readonly mark: string | undefined }
  | { readonly kind: 'update' | 'delete'; readonly id: string };

/** What a request asks a service for. */
export type Meaning = WriteMeaning | { readonly kind: 'list' | 'read' | 'other' };

export function isWrite(meaning: Meaning): meaning is WriteMeaning {
  return meaning.kind !== 'list' && meaning.kind !== 'read' && meaning.kind !== 'other';
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
  readonly kind: KindDefinition;
  readonly settleSeconds: number;
  /** Do deletes show in reads? */
  readonly visible: boolean;
  handle(request: Request): Outcome;
  meaning(request: Request): Meaning;
  connect(connection: Connection): Provider;
  specOf(declaration: Declaration): JsonObject;
  /** What a resolved spec says of the truth; undefined where it says nothing. */
  wanted(spec: JsonObject): Partial<Omit<Truth, 'id'>>;
  /** Every sync that lives, ghosts aside. */
  truth(): readonly Truth[];
  /** The ids of everything that is listed, ghosts and what was deleted invisibly too. */
  rows(): readonly string[];
  /** The answer to a create, with another id in it. */
  named(answer: string, id: string): string;
  /** How the service says that there is nothing of that kind, and no such sync. */
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
  | { readonly kind: 'delete' | 'pause' | 'retag'; readonly id: string }
  | { readonly kind: 'relabel'; readonly id: string; readonly label: string }
  | { readonly kind: 'make'; readonly label: string };
