import type { Origin } from './diagnostic.ts';
import type { Json, JsonObject, Pointer } from './json.ts';

/** Where the ledger lives; undefined in a project means: `git` inside a Git work tree, else `file`. */
export type LedgerKind = 'git' | 'file' | 'none';

export interface Limits {
  readonly max_deletes: number;
  /** Requests in flight, reads and writes alike. */
  readonly concurrency: number;
  /** How long a slow server may still commit a create whose answer was lost, in seconds. */
  readonly settle_seconds: number;
}

/** One workspace or organisation that manifests are applied to. */
export interface Target {
  readonly name: string;
  /** Globs of its own, in the place of the project's. */
  readonly manifests?: readonly string[] | undefined;
  readonly provider: string;
  readonly api: string;
  /** Without a trailing slash; undefined means the service's public host (see `region`). */
  readonly base_url: string | undefined;
  readonly region: string | undefined;
  /** Name of the environment variable that holds the token; undefined where the other credential is used. */
  readonly token_variable: string | undefined;
  readonly personal_access_token_variable: string | undefined;
  /** Guard: plan and apply stop if the token belongs to another workspace. */
  readonly workspace: number | string | undefined;
  /** Guard and scope where the API has groups: nothing outside them is seen or touched. Sorted, each once. */
  readonly groups?: readonly string[] | undefined;
  readonly vars: Readonly<Record<string, Json>>;
  /** How variables were written that are printed in another way, such as `1.10`: inside a text they stand for that. */
  readonly written?: Readonly<Record<string, string>> | undefined;
  /** Globs of addresses that are never deleted. */
  readonly protect: readonly string[];
  readonly limits: Limits;
}

/** `syncline.yaml`, read and validated. */
export interface Project {
  /** Absolute path of the folder that holds the project file. */
  readonly root: string;
  /** Absolute path of the project file. */
  readonly file: string;
  readonly name: string | undefined;
  readonly manifests: readonly string[];
  readonly targets: readonly Target[];
  readonly ledger: LedgerKind | undefined;
  readonly fleet?: Fleet | undefined;
}

/** The file that some of the targets stand in, one in each row. */
export interface Fleet {
  /** Relative to the project, with `/`. */
  readonly file: string;
  /** Where things stand in it, by their pointers in the project file, as if the rows stood under its `targets`. */
  readonly places: ReadonlyMap<Pointer, FleetPlace>;
  /** What rows leave unsaid, as the project file says it. */
  readonly defaults: JsonObject;
}

export interface FleetPlace {
  /** What says which field it is: the head of a column, or a key. */
  readonly key: Omit<Origin, 'file'>;
  readonly value: Omit<Origin, 'file'>;
}
