import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import { isListOf, itemsOf, listed, type Pasted, type Placed } from '../pasted.ts';
import { knownKeys } from './seed-shape.ts';

const lists = ['syncs', 'sources', 'objects', 'destinations'] as const;

/**
 * A seed as somebody wrote or pasted it, in the form of a seed. What the API answers is taken too: the body of `GET /syncs`, which is
 * a seed but for what only the server sets, the body of one sync, and a list of any of these.
 */
export function pastedSeed(given: unknown): Pasted {
  const places = new Map<string, string>();
  const value = given as Json;
  const isOne = isObject(value) && isObject(value.sync);
  const pages = isListOf(value, isAnswer) ? itemsOf(value, '') : isOne ? [{ value, place: '' }] : undefined;
  if (pages === undefined && !(isObject(value) && isAnswered(value))) return { seed: value, places };
  return { seed: seedFrom(pages ?? [{ value, place: '' }], places), places };
}

function isAnswer(value: Json): boolean {
  return isObject(value) && (isObject(value.sync) || lists.some((name) => value[name] !== undefined));
}

/** Does it hold what a seed has no word for, and an answer has: fields within objects, lists that are null? */
function isAnswered(value: JsonObject): boolean {
  const { objects } = value;
  return (
    lists.some((name) => value[name] === null) ||
    (isList(objects) && objects.some((one) => isObject(one) && one.object_fields !== undefined))
  );
}

function seedFrom(pages: readonly Placed[], places: Map<string, string>): Json {
  const seed: Record<string, Json> = {};
  for (const name of lists) {
    const items = pages.flatMap((page) => partOf(page, name));
    if (items.length > 0 || pages.some(({ value }) => isObject(value) && value[name] !== undefined))
      seed[name] = listed(
        name,
        items.map((one) => bare(one, name)),
        places,
      );
  }
  const fields = pages.flatMap((page) => partOf(page, 'objects')).flatMap(fieldsOf);
  if (fields.length > 0) seed.object_fields = listed('object_fields', fields, places);
  return seed;
}

/** What a page has of a list; one sync comes with its mappings and runs beside it. */
function partOf({ value, place }: Placed, name: (typeof lists)[number]): readonly Placed[] {
  if (!isObject(value)) return [];
  const here = (key: string) => (place === '' ? key : `${place}.${key}`);
  const list = value[name];
  if (isList(list)) return itemsOf(list, here(name));
  if (name !== 'syncs' || !isObject(value.sync)) return [];
  const { field_mappings = value.sync.field_mappings, sync_runs = null } = value;
  return [{ value: { ...value.sync, field_mappings, sync_runs }, place: here('sync') }];
}

/** An item without what a seed has no word for, and without a list that is null. */
function bare({ value, place }: Placed, name: (typeof lists)[number]): Placed {
  if (!isObject(value)) return { value, place };
  const mappings = isList(value.field_mappings) ? value.field_mappings.map(bareMapping) : undefined;
  const kept = Object.entries(value).filter(
    ([key, one]) => knownKeys(name).includes(key) && !(one === null && key.match(/^(?:field_mappings|sync_runs)$/u)),
  );
  return { value: { ...Object.fromEntries(kept), ...(mappings !== undefined && { field_mappings: mappings }) }, place };
}

function bareMapping(value: Json): Json {
  if (!isObject(value)) return value;
  const { source_field_name, source_field_type, destination_field_id, is_json_field } = value;
  const all = { source_field_name, source_field_type, destination_field_id, is_json_field };
  return Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined));
}

/** The fields of an object, which a seed has in a list of their own. */
function fieldsOf({ value, place }: Placed): readonly Placed[] {
  if (!isObject(value) || !isList(value.object_fields)) return [];
  return itemsOf(value.object_fields, `${place}.object_fields`).map(({ value: field, place: at }) => ({
    value: isObject(field) ? { ...field, object_id: value.id ?? null } : field,
    place: at,
  }));
}
