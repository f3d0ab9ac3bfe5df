import { isObject, type JsonObject, type Spec } from '../../../model/json.ts';
import { isGiven, isSet, without } from '../../../wire/json.ts';
import { activationKeys, canonical } from './canonical.ts';

/**
 * The canonical form of a sync at API v2. What says no activation is silence, for none can be taken away; beside one, so is a
 * connection that is null.
 */
export function canonicalV2(spec: Spec): Spec {
  const unset = activationKeys.filter((key) => key in spec && !isGiven(spec[key]));
  const result = unset.length === 0 ? canonical(spec) : without(canonical(spec), unset);
  if (!activationKeys.some((key) => isGiven(result[key]))) return result;
  const { source_attributes: source, destination_attributes: destination } = result;
  return {
    ...result,
    ...(isObject(source) && { source_attributes: withoutNull(source) }),
    ...(isObject(destination) && { destination_attributes: withoutNull(destination) }),
  };
}

function withoutNull(attributes: JsonObject): JsonObject {
  const unset = ['connection', 'connection_id'].filter((key) => key in attributes && !isSet(attributes[key]));
  return unset.length === 0 ? attributes : without(attributes, unset);
}
