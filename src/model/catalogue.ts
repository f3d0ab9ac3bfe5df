import type { Problem } from './diagnostic.ts';
import type { Pointer } from './json.ts';

/** A column of a table, a model or a dataset. */
export interface CatalogueColumn {
  readonly name: string;
  readonly type?: string;
}

export interface CatalogueTable {
  readonly catalog?: string;
  readonly schema?: string;
  readonly name: string;
  /** Absent where nobody knows them. */
  readonly columns?: readonly CatalogueColumn[];
}

/** A model or a dataset. */
export interface CatalogueQuery {
  readonly name: string;
  /** Absent where nobody knows them. */
  readonly columns?: readonly CatalogueColumn[];
}

export interface CatalogueSegment {
  readonly name: string;
  /** Name of the dataset that it is a part of. */
  readonly dataset?: string;
}

/** What can be read from. A key is absent where the API does not list such things, and then nobody judges them. */
export interface CatalogueSource {
  readonly name: string;
  readonly type?: string;
  readonly tables?: readonly CatalogueTable[];
  readonly models?: readonly CatalogueQuery[];
  readonly datasets?: readonly CatalogueQuery[];
  readonly segments?: readonly CatalogueSegment[];
}

export interface CatalogueField {
  readonly full_name: string;
  readonly type?: string;
  /** Must it be mapped? */
  readonly required?: boolean;
  /** The operations for which it can identify a record. */
  readonly keys?: readonly string[];
}

/** What records can become. */
export interface CatalogueObject {
  readonly full_name: string;
  readonly operations?: readonly string[];
  readonly fields?: readonly CatalogueField[];
}

export interface CatalogueDestination {
  readonly name: string;
  readonly type?: string;
  readonly objects?: readonly CatalogueObject[];
}

/** What a workspace has: names and types, and no ids, queries or connection details. */
export interface CatalogueContent {
  readonly sources?: readonly CatalogueSource[];
  readonly destinations?: readonly CatalogueDestination[];
}

/** As it stands in the file of a target. */
export interface Catalogue extends CatalogueContent {
  readonly version: 1;
  /** When its content changed last. */
  readonly at: string;
  /** `census v1`. */
  readonly api: string;
}

/** The names of one list. */
export interface Names<Item> {
  has(name: string): boolean;
  /** The item of this name; undefined where none has it, or several. */
  only(name: string): Item | undefined;
  /** One sentence of help: the name that was probably meant, or those that there are. */
  hint(name: string): string;
}

/** A catalogue to look names up in. */
export interface Known extends CatalogueContent {
  /** The names of a list of this catalogue, the same at each call. `folded`: letters of either case are the same. */
  names<Item>(list: readonly Item[], nameOf: (item: Item) => string, folded?: 'folded'): Names<Item>;
}

/** What a manifest of a kind says by its label, and where it is given, by this word anywhere in its spec. */
export interface Declaration {
  readonly kind: string;
  readonly label: string;
  readonly word?: string;
}

/** Something that a catalogue does not have. */
export interface Finding extends Problem {
  /** Then it is no mistake: a manifest of the same target makes it. */
  readonly unless?: Declaration;
}

/** How many things of each sort a catalogue has. */
export interface CatalogueCounts {
  readonly sources: number;
  readonly tables: number;
  readonly models: number;
  readonly datasets: number;
  readonly segments: number;
  readonly destinations: number;
  readonly objects: number;
}

/** What has become of the catalogue of a target. */
export interface CatalogueReport {
  readonly target: string;
  /** Relative to the project. */
  readonly file: string;
  /** False: the file says the same already. */
  readonly written: boolean;
  readonly counts: CatalogueCounts;
}

/** Names to propose to who writes a spec, by places in it; `*` stands for any item of a list. */
export type Proposals = Readonly<Record<Pointer, readonly string[]>>;
