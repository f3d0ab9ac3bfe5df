import { censusSyncTraits } from '../../../generated/census-sync-traits.ts';
import type { Problem } from '../../../model/diagnostic.ts';
import { isList, isObject, type Json, type Spec } from '../../../model/json.ts';
import type { FieldTrait } from '../../../model/traits.ts';
import { ownKeys } from '../canonical.ts';
import { atKey, type Place, warning } from './problem.ts';

/** Keys that only the server sets, pasted from an answer: a warning each, at every depth. */
export function checkServerFields(spec: Spec): readonly Problem[] {
  return below(censusSyncTraits.spec, spec, []);
}

function below(trait: FieldTrait, value: Json, place: Place): readonly Problem[] {
  const { items } = trait;
  if (isList(value)) {
    return items === undefined ? [] : value.flatMap((item, index) => below(items, item, [...place, index]));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const field = trait.fields?.[key];
    if (field === undefined || child === undefined) return [];
    return field.server ? [ignored([...place, key])] : below(field, child, [...place, key]);
  });
}

function ignored(place: Place): Problem {
  const key = place.at(-1);
  if (place.length === 1 && ownKeys.includes(String(key))) {
    const message = `\`${key}\` is said by \`apply --dry-run\`, not here.`;
    return atKey(warning('ignored-field', place, message, 'Remove it.'));
  }
  return atKey(warning('server-field', place, `\`${key}\` is set by the server and ignored.`, hintFor(place)));
}

function hintFor(place: Place): string {
  return place.at(-1) === 'position' ? 'Remove it; without positions the order of the list decides.' : 'Remove it.';
}
