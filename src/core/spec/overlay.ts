import { isObject, type JsonObject, type Spec } from '../../model/json.ts';
import type { FieldTrait, KindTraits } from '../../model/traits.ts';

/** What a thing says once `desired` is written to it: where that is silent, what is live stays. */
export function overlay({ spec }: KindTraits, live: Spec, desired: Spec): Spec {
  return overObject(spec, live, desired);
}

function overObject(trait: FieldTrait, live: JsonObject, desired: JsonObject): JsonObject {
  const result = { ...live, ...desired };
  for (const key of Object.keys(desired)) {
    const field = trait.fields?.[key];
    const [before, after] = [live[key], desired[key]];
    const isOpen = field?.shape === 'object' || field?.shape === 'map';
    if (isOpen && isObject(before) && isObject(after)) result[key] = overObject(field, before, after);
  }
  return result;
}
