import type { Json, Spec } from './json.ts';

/** What the service calls a sync. Always text and opaque to the core. */
export type RemoteId = string;

/** One sync as the service holds it now: decoded into canonical form and normalised. */
export interface LiveSync {
  readonly id: RemoteId;
  /** The label by which an unbound address finds it; undefined where the service holds none. */
  readonly label: string | undefined;
  readonly spec: Spec;
}

/** One entry of a collection that manifests may name: a source, a model, a destination… */
export interface NamedThing {
  readonly id: Json;
  readonly name: string;
  /** What kind of thing it is, in lower case, where the service says. */
  readonly type?: string | undefined;
}

/** The workspace or organisation behind a token. */
export interface Workspace {
  readonly id: number | string;
  readonly name: string | undefined;
}
