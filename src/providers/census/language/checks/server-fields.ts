import type { Problem } from '../../../../model/diagnostic.ts';
import { isList, isObject, type Json, type Spec } from '../../../../model/json.ts';
import type { FieldTrait } from '../../../../model/traits.ts';
import { atKey, type Place, warning } from './problem.ts';

/**
 * A check that finds keys which only the server sets, pasted from an answer: a warning each, at every depth. `ownKeys` are keys of the
 * API that this tool sets by itself.
 */
export function serverFieldsCheck(trait: FieldTrait, ownKeys: readonly string[]): (spec: Spec) => readonly Problem[] {
  const paths = wayThrough(trait);
  return (spec) => found(spec, paths).map((place) => ignored(place, ownKeys));
}

/** What lies on the way to a key that only the server sets. Thousands of manifests are looked through, so nothing else is. */
interface Way {
  readonly ends: readonly string[];
  readonly next: readonly (readonly [key: string, way: Way])[];
  readonly items: Way | undefined;
}

function wayThrough({ fields = {}, items }: FieldTrait): Way {
  const found = Object.entries(fields);
  const next = found.filter(([, field]) => !field.server).map(([key, field]) => [key, wayThrough(field)] as const);
  return {
    ends: found.filter(([, field]) => field.server).map(([key]) => key),
    next: next.filter(([, way]) => leads(way)),
    items: items === undefined ? undefined : wayThrough(items),
  };
}

function leads({ ends, next, items }: Way): boolean {
  return ends.length > 0 || next.length > 0 || (items !== undefined && leads(items));
}

/** The places of such keys in a value, in the order of the schema. */
function found(value: Json | undefined, way: Way): Place[] {
  const places: Place[] = [];
  if (isList(value)) {
    const { items } = way;
    if (items === undefined) return places;
    for (let index = 0; index < value.length; index += 1) put(places, index, found(value[index], items));
  } else if (isObject(value)) {
    for (const key of way.ends) if (value[key] !== undefined) places.push([key]);
    for (const [key, inner] of way.next) if (value[key] !== undefined) put(places, key, found(value[key], inner));
  }
  return places;
}

function put(places: Place[], step: string | number, inner: readonly Place[]): void {
  for (const place of inner) places.push([step, ...place]);
}

function ignored(place: Place, ownKeys: readonly string[]): Problem {
  const key = place.at(-1);
  if (place.length === 1 && ownKeys.includes(String(key))) {
    const message = `\`${key}\` has no place in a manifest; \`apply --dry-run\` sets it.`;
    return atKey(warning('ignored-field', place, message, 'Remove it.'));
  }
  return atKey(warning('server-field', place, `\`${key}\` is set by the server and ignored.`, hintFor(place)));
}

function hintFor(place: Place): string {
  return place.at(-1) === 'position' ? 'Remove it; without positions the order of the list decides.' : 'Remove it.';
}
