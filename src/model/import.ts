import type { Address } from './address.ts';
import type { Diagnostic, Problem } from './diagnostic.ts';
import type { Json, Pointer, Spec } from './json.ts';
import type { Live, NamedThing, RemoteId } from './live.ts';
import type { LeftCode, PullReport } from './pull.ts';

/** A file of another tool, read and checked to be plain JSON without keys that no manifest may have. */
export interface ImportFile {
  /** As it is named to the user, with `/`. */
  readonly file: string;
  readonly documents: readonly Json[];
  /** Where the value at this path stands in the file, or its key. Looked up only where it is asked for. */
  readonly place: (
    document: number,
    path: Pointer,
    at: Problem['at'],
  ) => { readonly line: number; readonly column: number };
}

/** The live side, for who has to tell what another tool means. Reads only. */
export interface ImportSide {
  /** The API that ids belong to: `v1`. */
  readonly api: string;
  /** Whose token this is; undefined where the API does not say. */
  readonly workspace: number | string | undefined;
  /** Everything of a kind, without what is known to be gone. */
  things(kind: string): readonly Live[];
  thing(kind: string, id: RemoteId): Live | undefined;
  /** What a collection has under names; undefined where the API cannot list it. */
  named(collection: string, within?: Json): Promise<readonly NamedThing[] | undefined>;
}

/** One thing that another tool has declared. */
export interface ImportedThing {
  readonly kind: string;
  /** Where it stands: a resource address, or file:line:column. */
  readonly place: string;
  /** Its id, or else its label. */
  readonly found: { readonly id: RemoteId } | { readonly label: string };
  /** In the words of the service's API, with ids. */
  readonly spec: Spec;
  /** What no report may show of it. */
  readonly hide: readonly Pointer[];
}

/**
 * Why something was not taken over as it stands, beside the reasons of `pull`. `unmapped`: no manifest can say this attribute.
 * `declared`: a manifest declares it already and is not bound. `unknown-name`, `ambiguous-name`: nothing live is called so, or several
 * things are.
 */
export type ImportLeftCode = 'unmapped' | 'declared' | 'unknown-name' | 'ambiguous-name';

/** Something that was not taken over: one sentence, which names its place. */
export interface ImportLeft {
  readonly address: Address | null;
  readonly id: RemoteId | null;
  /** Where it stands in the other tool's files; null for what is told of a manifest. */
  readonly place: string | null;
  readonly code: LeftCode | ImportLeftCode;
  readonly message: string;
}

/** How another tool lets go of things without destroying them. */
export interface Release {
  /** To be put into its configuration; empty where there is nothing. */
  readonly text: string;
  /** What to know and do; one sentence each. */
  readonly advice: readonly string[];
}

/** What another tool's files say. */
export interface Imports {
  readonly things: readonly ImportedThing[];
  readonly left: readonly ImportLeft[];
  readonly notes: readonly string[];
  /** What makes the files unreadable: then nothing is imported. */
  readonly problems: readonly Diagnostic[];
  /** Told the places of what is managed here from now on. Absent where the other tool need not be told. */
  readonly release?: (places: ReadonlySet<string>) => Release;
}

/** Reads the files of another tool. */
export interface Importer {
  /** One JSON file, or every YAML file below a folder. */
  readonly reads: 'json-file' | 'yaml-folder';
  imports(files: readonly ImportFile[], side: ImportSide): Promise<Imports>;
}

/** What an import of one target has come to. */
export interface ImportReport extends Omit<PullReport, 'left'> {
  readonly left: readonly ImportLeft[];
  /** Where the manifests say something else than what is live: the next plan shows it. */
  readonly differences: readonly {
    readonly address: Address;
    readonly id: RemoteId;
    readonly paths: readonly Pointer[];
  }[];
  /** How many things were declared and bound before. */
  readonly known: number;
  readonly release: Release | null;
}
