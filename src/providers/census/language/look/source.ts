import { censusDatasetTraits } from '../../../../generated/census-dataset-traits.ts';
import type {
  CatalogueColumn,
  CatalogueQuery,
  CatalogueSource,
  CatalogueTable,
  Declaration,
  Finding,
  Known,
} from '../../../../model/catalogue.ts';
import { isObject, type Json, type JsonObject } from '../../../../model/json.ts';
import { isGiven } from '../../../../wire/json.ts';
import { canonicalSource } from '../source.ts';
import { missing } from './finding.ts';

/** What a sync reads, as far as the catalogue knows it. */
export interface Read {
  readonly columns: readonly CatalogueColumn[];
  /** For messages: `table "users"`. */
  readonly called: string;
  /** The dataset whose manifest may say of columns that the catalogue does not know yet. */
  readonly dataset?: string;
}

/** The label of a dataset that a manifest may declare. */
export function declared(label: string, word?: string): Declaration {
  return { kind: censusDatasetTraits.kind, label, ...(word !== undefined && { word }) };
}

/** Judges a connection by its name; returns it where there is one of that name alone. */
export function connectionOf<Item extends { readonly name: string }>(
  list: readonly Item[] | undefined,
  name: Json | undefined,
  place: readonly string[],
  noun: string,
  known: Known,
  found: Finding[],
): Item | undefined {
  if (list === undefined || typeof name !== 'string') return undefined;
  const names = known.names(list, nameOf);
  if (!names.has(name)) found.push(missing(names, name, place, `There is no ${noun} "${name}" in the catalogue.`));
  return names.only(name);
}

/** Judges `source_attributes`; returns what is read, where its columns are known. */
export function lookAtSource(attributes: Json | undefined, known: Known, found: Finding[]): Read | undefined {
  if (!isObject(attributes)) return undefined;
  const place = ['source_attributes', 'connection'];
  const { connection } = attributes;
  const byId = isGiven(attributes.connection_id);
  const source = byId ? undefined : connectionOf(known.sources, connection, place, 'source', known, found);
  const { object } = canonicalSource(attributes);
  if (source === undefined || !isObject(object) || !isObject(attributes.object)) return undefined;
  const look: Look = { source, object, written: attributes.object, known, found };
  switch (object.type) {
    case 'table':
      return table(look);
    case 'model':
      return query(look, source.models, 'name', 'model');
    case 'dataset':
      return query(look, source.datasets, 'name', 'dataset');
    case 'segment':
    case 'cohort':
      return audience(look);
    default:
      return undefined;
  }
}

interface Look {
  readonly source: CatalogueSource;
  /** In canonical form. */
  readonly object: JsonObject;
  /** As the manifest has it. */
  readonly written: JsonObject;
  readonly known: Known;
  readonly found: Finding[];
}

const tableKeys = [
  ['table_catalog', 'catalog'],
  ['table_schema', 'schema'],
  ['table_name', 'name'],
] as const;

/** The names of a table are held against those that the ones before them leave. */
function table({ source, object, known, found }: Look): Read | undefined {
  if (source.tables === undefined || isGiven(object.id)) return undefined;
  let left: readonly CatalogueTable[] = source.tables;
  for (const [key, part] of tableKeys) {
    const name = object[key];
    if (typeof name !== 'string' || name === '') continue;
    const below = narrowed(left, part, name);
    if (below.length === 0) {
      const nouns = { catalog: 'catalog', schema: 'schema', name: 'table' };
      const message = `The source "${source.name}" has no ${nouns[part]} "${name}" in the catalogue.`;
      const names = known.names(distinct(left, part), asIs);
      found.push(missing(names, name, ['source_attributes', 'object', key], message));
      return undefined;
    }
    left = below;
  }
  const [only, ...others] = left;
  if (only?.columns === undefined || others.length > 0) return undefined;
  return { columns: only.columns, called: `table "${only.name}"` };
}

type Part = 'catalog' | 'schema' | 'name';

/** Tables by a part of their names, each list of tables taken apart once. */
const parted = new WeakMap<readonly CatalogueTable[], Map<Part, ReadonlyMap<string, readonly CatalogueTable[]>>>();
const distinctNames = new WeakMap<ReadonlyMap<string, unknown>, readonly string[]>();

function byPart(tables: readonly CatalogueTable[], part: Part): ReadonlyMap<string, readonly CatalogueTable[]> {
  const parts = parted.get(tables) ?? new Map<Part, ReadonlyMap<string, readonly CatalogueTable[]>>();
  parted.set(tables, parts);
  const made = parts.get(part);
  if (made !== undefined) return made;
  const groups = new Map<string, CatalogueTable[]>();
  for (const one of tables) {
    const name = one[part] ?? '';
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [one]);
    else group.push(one);
  }
  parts.set(part, groups);
  return groups;
}

function narrowed(tables: readonly CatalogueTable[], part: Part, name: string): readonly CatalogueTable[] {
  return byPart(tables, part).get(name) ?? [];
}

function distinct(tables: readonly CatalogueTable[], part: Part): readonly string[] {
  const groups = byPart(tables, part);
  const names = distinctNames.get(groups) ?? [...groups.keys()].filter((name) => name !== '');
  distinctNames.set(groups, names);
  return names;
}

/** A model, or a dataset, which a manifest may declare. */
function query(
  { source, object, written, known, found }: Look,
  list: readonly CatalogueQuery[] | undefined,
  key: 'name' | 'dataset' | 'model',
  noun: 'model' | 'dataset',
): Read | undefined {
  const name = object[key];
  if (list === undefined || typeof name !== 'string') return undefined;
  const names = known.names(list, nameOf);
  const own = noun === 'dataset' ? name : undefined;
  if (!names.has(name)) {
    const message = `The source "${source.name}" has no ${noun} "${name}" in the catalogue.`;
    const unless = own === undefined ? undefined : declared(own);
    found.push(missing(names, name, placeOf(written, key, name), message, unless));
  }
  const columns = names.only(name)?.columns;
  if (columns === undefined) return undefined;
  return { columns, called: `${noun} "${name}"`, ...(own !== undefined && { dataset: own }) };
}

/** A part of a dataset, or long ago of a model: columns are those of the whole. */
function audience(look: Look): Read | undefined {
  const { source, object, written, known, found } = look;
  const { segments } = source;
  const { name } = object;
  let whole: Read | undefined;
  if (typeof object.model === 'string') whole = query(look, source.models, 'model', 'model');
  else whole = query(look, source.datasets, 'dataset', 'dataset');
  if (object.type !== 'segment' || segments === undefined || typeof name !== 'string') return whole;
  const names = known.names(segments, nameOf);
  if (!names.has(name)) {
    const message = `The source "${source.name}" has no segment "${name}" in the catalogue.`;
    found.push(missing(names, name, placeOf(written, 'name', name), message));
  }
  const dataset = names.only(name)?.dataset;
  if (whole !== undefined || dataset === undefined || isGiven(object.dataset)) return whole;
  return query({ ...look, object: { dataset } }, source.datasets, 'dataset', 'dataset');
}

/** Where the name stands: the canonical form may have moved it to another key. */
function placeOf(written: JsonObject, key: string, name: string): readonly string[] {
  const found = [key, 'name', 'dataset', 'model'].find((one) => written[one] === name);
  return found === undefined ? ['source_attributes', 'object'] : ['source_attributes', 'object', found];
}

export function nameOf({ name }: { readonly name: string }): string {
  return name;
}

function asIs(name: string): string {
  return name;
}
