import { isList, isObject, type Spec } from '../../../model/json.ts';
import { isGiven, without } from '../../../wire/json.ts';

/** A canonical spec as a person would write it: a field that has a name goes without its id. */
export function written(spec: Spec): Spec {
  const { field_mappings: mappings } = spec;
  if (!isList(mappings)) return spec;
  const short = mappings.map((one) =>
    isObject(one) && isGiven(one.destination_field_name) ? without(one, ['destination_field_id']) : one,
  );
  return { ...spec, field_mappings: short };
}
