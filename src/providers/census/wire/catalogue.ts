import type { Http } from '../../../http/client.ts';
import type {
  CatalogueColumn,
  CatalogueContent,
  CatalogueDestination,
  CatalogueField,
  CatalogueObject,
  CatalogueQuery,
  CatalogueSegment,
  CatalogueSource,
  CatalogueTable,
} from '../../../model/catalogue.ts';
import { isList, isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { type Call, idText, misshapen } from '../../../wire/answer.ts';
import { asObject } from '../../../wire/json.ts';
import { collected, ifListed } from './listed.ts';
import { dataOf, keyOf } from './page.ts';

/** A connection, and where its own lists are. */
interface Connected {
  readonly name: string;
  readonly type?: string;
  readonly path: string;
  readonly id: string;
}

type Told = (entries: number) => void;

/** What is connected, as entries of lists. `datasets` is undefined where they cannot be listed. */
export interface Connections {
  readonly sources: readonly JsonObject[];
  readonly destinations: readonly JsonObject[];
  readonly datasets: readonly JsonObject[] | undefined;
}

/** Where the lists of a source and of a destination are. */
export interface Places {
  readonly sources: string;
  readonly destinations: string;
}

/**
 * Sources with their tables, models, datasets and segments, and destinations with their objects and fields. A list that the token may
 * not read, or that the API does not have, is left out, and so is one that holds nothing where that may mean that nobody has looked.
 */
export async function catalogueOf(
  http: Http,
  { sources, destinations, datasets }: Connections,
  places: Places,
  told: Told,
): Promise<CatalogueContent> {
  const [withTables, withObjects] = await Promise.all([
    Promise.all(connectedIn(sources, places.sources).map((one) => sourceOf(http, one, datasets, told))),
    Promise.all(connectedIn(destinations, places.destinations).map((one) => destinationOf(http, one, told))),
  ]);
  return { sources: withTables, destinations: withObjects };
}

function connectedIn(items: readonly JsonObject[], path: string): readonly Connected[] {
  return items.flatMap((item) => {
    const name = textAt(item, 'name');
    const id = keyOf(item, { method: 'GET', path });
    return name === undefined ? [] : [{ id, name, ...typeOf(item), path: `${path}/${encodeURIComponent(id)}` }];
  });
}

async function sourceOf(
  http: Http,
  { id, name, type, path }: Connected,
  datasets: readonly JsonObject[] | undefined,
  told: Told,
): Promise<CatalogueSource> {
  const own = datasets?.filter((one) => idText(one.source_id) === id);
  const [tables, models, segments] = await Promise.all([
    ifListed(() => tablesOf(http, `${path}/tables`, told)),
    ifListed(() => collected(http, `${path}/models`, told)),
    ifListed(() => collected(http, `${path}/filter_segments`, told)),
  ]);
  return {
    name,
    ...(type !== undefined && { type }),
    // A source whose tables nobody has looked for lists none.
    ...(tables !== undefined && tables.length > 0 && { tables }),
    ...(models !== undefined && { models: models.flatMap(queryOf) }),
    ...(own !== undefined && { datasets: own.flatMap(queryOf) }),
    ...(segments !== undefined && { segments: segments.flatMap((one) => segmentOf(one, datasets ?? [])) }),
  };
}

/** The list names tables; their columns are shown one table at a time. */
async function tablesOf(http: Http, path: string, told: Told): Promise<readonly CatalogueTable[]> {
  const tables = await collected(http, path, told);
  return await Promise.all(tables.map((item) => tableOf(http, item, path)));
}

async function tableOf(http: Http, item: JsonObject, path: string): Promise<CatalogueTable> {
  const call: Call = { method: 'GET', path: `${path}/${encodeURIComponent(keyOf(item, { method: 'GET', path }))}` };
  const name = textAt(item, 'table_name');
  if (name === undefined) throw misshapen({ method: 'GET', path }, '/table_name of an entry', 'text', item.table_name);
  const catalog = textAt(item, 'table_catalog');
  const schema = textAt(item, 'table_schema');
  return {
    ...(catalog !== undefined && { catalog }),
    ...(schema !== undefined && { schema }),
    name,
    ...columnsOf(isList(item.columns) ? item : await oneOf(http, call)),
  };
}

/** Empty where it has gone meanwhile, or may not be seen. */
async function oneOf(http: Http, call: Call): Promise<JsonObject> {
  const answer = await http.request({ method: 'GET', path: call.path, expected: [403, 404] });
  return answer.status >= 400 ? {} : dataOf(answer, call);
}

/** A list without columns tells nothing: they are worked out some time after a thing was made. */
function columnsOf({ columns }: JsonObject): { readonly columns?: readonly CatalogueColumn[] } {
  const found = (isList(columns) ? columns : []).flatMap((column) => {
    const name = isObject(column) ? textAt(column, 'name') : undefined;
    if (!isObject(column) || name === undefined) return [];
    const type = textAt(column, 'type') ?? textAt(column, 'data_type');
    return [{ name, ...(type !== undefined && { type }) }];
  });
  return found.length > 0 ? { columns: found } : {};
}

function queryOf(item: JsonObject): readonly CatalogueQuery[] {
  const name = textAt(item, 'name');
  return name === undefined ? [] : [{ name, ...columnsOf(item) }];
}

function segmentOf(item: JsonObject, datasets: readonly JsonObject[]): readonly CatalogueSegment[] {
  const name = textAt(item, 'name');
  if (name === undefined) return [];
  const parent = idText(item.business_object_id) ?? idText(item.parent_object_id);
  const dataset = datasets.find((one) => parent !== undefined && idText(one.id) === parent);
  const called = dataset === undefined ? undefined : textAt(dataset, 'name');
  return [{ name, ...(called !== undefined && { dataset: called }) }];
}

async function destinationOf(http: Http, { name, type, path }: Connected, told: Told): Promise<CatalogueDestination> {
  const items = await ifListed(() => collected(http, `${path}/objects`, told, fullName));
  // One of files takes whatever name is given, and lists none.
  const listed = items !== undefined && items.length > 0;
  const objects = (items ?? []).filter((one) => one.can_be_sync_destination !== false).flatMap(objectOf);
  return { name, ...(type !== undefined && { type }), ...(listed && { objects }) };
}

function objectOf(item: JsonObject): readonly CatalogueObject[] {
  const name = textAt(item, 'full_name');
  if (name === undefined) return [];
  const operations = textsAt(item, 'supported_operations');
  const fields = (isList(item.fields) ? item.fields : []).flatMap(fieldOf);
  return [
    {
      full_name: name,
      ...(operations !== undefined && operations.length > 0 && { operations }),
      ...(fields.length > 0 && { fields }),
    },
  ];
}

const keyFlags = ['insert', 'reference', 'update', 'upsert'] as const;

function fieldOf(field: Json): readonly CatalogueField[] {
  const name = isObject(field) ? textAt(field, 'full_name') : undefined;
  if (!isObject(field) || name === undefined) return [];
  const isTold = keyFlags.some((one) => typeof field[`can_be_${one}_key`] === 'boolean');
  const keys = keyFlags.filter((one) => field[`can_be_${one}_key`] === true);
  return [
    {
      full_name: name,
      ...typeOf(field),
      ...(typeof field.required_for_mapping === 'boolean' && { required: field.required_for_mapping }),
      ...(isTold && { keys }),
    },
  ];
}

function fullName(item: Json, call: Call): string {
  const name = asObject(item)?.full_name;
  if (typeof name === 'string') return name;
  throw misshapen(call, '/full_name of an entry', 'text', name);
}

function textAt(item: JsonObject, key: string): string | undefined {
  const value = item[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function textsAt(item: JsonObject, key: string): readonly string[] | undefined {
  const value = item[key];
  return isList(value) ? value.filter((one) => typeof one === 'string') : undefined;
}

function typeOf(item: JsonObject): { readonly type?: string } {
  const type = textAt(item, 'type');
  return type === undefined ? {} : { type };
}
