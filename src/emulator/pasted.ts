import { isList, isObject, type Json, type JsonObject } from './json.ts';

/** Something of a seed, and where it stands in what was given. */
export interface Placed {
  readonly value: Json;
  readonly place: string;
}

/** A seed as it was meant, and for each item of a list in it, by its place (`syncs[3]`), where it stands in what was given. */
export interface Pasted {
  readonly seed: Json;
  readonly places: ReadonlyMap<string, string>;
}

/** The place in what was given that a place in the seed stands for. */
export function placeIn({ places }: Pasted, place: string): string {
  const [, item = '', rest = ''] = /^(\w+\[\d+\])(.*)$/u.exec(place) ?? [];
  const given = places.get(item);
  return given === undefined ? place : `${given}${rest}`;
}

/** A list of a seed out of what was given in its place, with where each of its items came from. */
export function listed(name: string, items: readonly Placed[], places: Map<string, string>): readonly Json[] {
  const known = new Set<Json>();
  // A page that has shifted repeats what was on the one before.
  const fresh = items.filter(({ value }) => {
    const id = isObject(value) ? value.id : undefined;
    if (id === undefined) return true;
    const isNew = !known.has(id);
    known.add(id);
    return isNew;
  });
  fresh.forEach(({ place }, index) => {
    places.set(`${name}[${index}]`, place);
  });
  return fresh.map(({ value }) => value);
}

/** The items of a list, each with its place. */
export function itemsOf(list: readonly Json[], place: string): readonly Placed[] {
  return list.map((value, index) => ({ value, place: `${place}[${index}]` }));
}

/** An object with these of its keys that are set: what only the server sets, and what it answers as null, says nothing here. */
export function picked(value: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.flatMap((key) => (value[key] === undefined || value[key] === null ? [] : [[key, value[key]] as const])),
  );
}

/** A place as a JSON Pointer: `syncs[3].id` is `/syncs/3/id`. */
export function pointerTo(place: string): string {
  return place === ''
    ? ''
    : `/${place
        .replace(/\[(\d+)\]/gu, '.$1')
        .replace(/^\./u, '')
        .replaceAll('.', '/')}`;
}

/** Is it a list of which something is true, and is there anything in it? */
export function isListOf(value: Json, is: (item: Json) => boolean): value is readonly Json[] {
  return isList(value) && value.length > 0 && value.every(is);
}
