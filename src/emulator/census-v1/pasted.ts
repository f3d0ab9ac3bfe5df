import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import { isListOf, itemsOf, listed, type Pasted, type Placed, picked } from '../pasted.ts';

/** The lists of a seed that the API has, and of their answers the keys that a seed knows; a sync is given back as it was answered. */
const known = {
  sources: ['id', 'name', 'type', 'sync_engine', 'connection_details'],
  destinations: ['id', 'name', 'type', 'connection_details'],
  datasets: ['id', 'source_id', 'name', 'type', 'query', 'description', 'cached_record_count', 'columns'],
} as const;

/**
 * A seed as somebody wrote or pasted it, in the form of a seed. What the API answers is taken too: the body of `GET /syncs` or of one
 * sync, a list of such pages, or the bare list of their items; and in a seed, in the place of any of its lists, the body of that list.
 */
export function pastedSeed(given: unknown): Pasted {
  const places = new Map<string, string>();
  const value = given as Json;
  const answered = answersIn(value, '') ?? bareSyncs(value);
  if (answered !== undefined) return { seed: { syncs: listed('syncs', answered.map(asSync), places) }, places };
  if (!isObject(value)) return { seed: value, places };
  const seed: Record<string, Json | undefined> = { ...value };
  const syncs = answersIn(value.syncs, 'syncs');
  if (syncs !== undefined) seed.syncs = listed('syncs', syncs.map(asSync), places);
  for (const [name, keys] of Object.entries(known)) {
    const items = answersIn(value[name], name);
    if (items !== undefined) seed[name] = listed(name, items.map(asSeeded(keys)), places);
  }
  return { seed, places };
}

/** What answers hold, one or a list of pages; undefined where it is none. */
function answersIn(value: Json | undefined, place: string): readonly Placed[] | undefined {
  if (value === undefined) return undefined;
  if (isObject(value)) return isAnswer(value) ? dataOf(value, place) : undefined;
  if (!isListOf(value, isAnswer)) return undefined;
  return value.flatMap((page, index) => (isObject(page) ? dataOf(page, `${place}[${index}]`) : []));
}

/** An answer has its things under `data`. */
function isAnswer(value: Json): boolean {
  return isObject(value) && (isList(value.data) || isObject(value.data));
}

function dataOf({ data }: JsonObject, place: string): readonly Placed[] {
  const here = place === '' ? 'data' : `${place}.data`;
  return isList(data) ? itemsOf(data, here) : [{ value: data ?? null, place: here }];
}

/** The items of pages, as a script collects them. */
function bareSyncs(value: Json): readonly Placed[] | undefined {
  return isListOf(value, (item) => isObject(item) && item.id !== undefined) ? itemsOf(value, '') : undefined;
}

function asSync({ value, place }: Placed): Placed {
  return { value: isObject(value) ? { ...value, verbatim: true } : value, place };
}

function asSeeded(keys: readonly string[]): (item: Placed) => Placed {
  return ({ value, place }) => {
    if (!isObject(value)) return { value, place };
    const seeded = picked(value, keys);
    return { value: isList(seeded.columns) ? { ...seeded, columns: seeded.columns.map(asColumn) } : seeded, place };
  };
}

/** The type of a column is answered as `type`, or in newer answers as `data_type`. */
function asColumn(column: Json): Json {
  if (!isObject(column)) return column;
  const { name, type = column.data_type } = column;
  return picked({ name, type }, ['name', 'type']);
}
