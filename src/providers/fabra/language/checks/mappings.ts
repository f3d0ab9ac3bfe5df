import type { Problem } from '../../../../model/diagnostic.ts';
import { isList, isObject, type Json, type JsonObject, type Spec } from '../../../../model/json.ts';
import { serverMappingKeys } from '../canonical.ts';
import { setByServer } from './answer.ts';
import { error, isSet, type Place, warning } from './problem.ts';

/** Rules over the list of mappings and each mapping of it. */
export function checkMappings(spec: Spec): readonly Problem[] {
  const mappings = isList(spec.field_mappings) ? spec.field_mappings : [];
  return [...duplicates(mappings), ...mappings.flatMap((mapping, index) => checkMapping(mapping, index))];
}

const targets = ['destination_field_id', 'destination_field_name'] as const;

/** One field may be filled twice only where it holds JSON, to which each column adds its own part. */
function duplicates(mappings: readonly Json[]): readonly Problem[] {
  return targets.flatMap((target) => {
    const first = new Map<Json, JsonObject>();
    return mappings.flatMap((mapping, index) => {
      if (!isObject(mapping) || !isTarget(mapping, target)) return [];
      const value = mapping[target] ?? null;
      const other = first.get(value);
      if (other === undefined) {
        first.set(value, mapping);
        return [];
      }
      if (other.is_json_field === true && mapping.is_json_field === true) return [];
      const message = `The field ${JSON.stringify(value)} is filled by more than one mapping.`;
      const hint = 'Keep one of them, or write `is_json_field: true` in each if the field holds JSON.';
      return [error('duplicate-mapping', ['field_mappings', index, target], message, hint)];
    });
  });
}

/** Does this key say which field is meant? The id does, wherever it is given. */
function isTarget(mapping: JsonObject, target: (typeof targets)[number]): boolean {
  if (!isSet(mapping[target])) return false;
  return target === 'destination_field_id' || !isSet(mapping.destination_field_id);
}

function checkMapping(mapping: Json, index: number): readonly Problem[] {
  if (!isObject(mapping)) return [];
  const place: Place = ['field_mappings', index];
  const pasted = serverMappingKeys.filter((key) => mapping[key] !== undefined);
  return [...pasted.map((key) => setByServer([...place, key], key)), ...idAndName(mapping, place)];
}

/** An answer gives both, and they agree; whether they do by hand, the object's fields tell before anything is sent. */
function idAndName(mapping: JsonObject, place: Place): readonly Problem[] {
  if (!isSet(mapping.destination_field_id) || !isSet(mapping.destination_field_name)) return [];
  const at = [...place, 'destination_field_name'];
  const message = 'The field is given by id and by name, as the API answers it; both must mean the same.';
  return [warning('id-and-name', at, message, 'Keep one of them.')];
}
