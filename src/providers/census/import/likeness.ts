import { isList, isObject, type Json, type JsonObject, type Spec } from '../../../model/json.ts';
import { isSet, present } from '../../../wire/json.ts';

/**
 * The mappings with what the other tool has no words for taken from the live ones: how a field that is a list is written, and the type of
 * a constant whose text is the same. Without that, a plan would take away what nobody has decided on.
 */
export function mappingsLike(mappings: readonly JsonObject[], live: Spec | undefined): readonly JsonObject[] {
  const known = new Map<Json, JsonObject>();
  for (const one of isList(live?.mappings) ? live.mappings : [])
    if (isObject(one) && isSet(one.to)) known.set(one.to, one);
  return mappings.map((mapping) => {
    const other = isSet(mapping.to) ? known.get(mapping.to) : undefined;
    if (other === undefined) return mapping;
    const operation = mapping.operation ?? other.operation;
    return present({ ...mapping, operation, from: fromLike(mapping.from ?? null, other.from) });
  });
}

function fromLike(from: Json, live: Json | undefined): Json {
  if (!isObject(from) || !isObject(live) || from.type !== 'constant_value' || live.type !== from.type) return from;
  const [said, held] = [from.data, live.data];
  return isObject(said) && isObject(held) && String(said.value) === String(held.value) ? live : from;
}

/** The options of an alert with the types that the live alert of the same type has: the other tool has texts only. */
export function optionsLike(type: string | undefined, options: JsonObject, live: Spec | undefined): JsonObject {
  const alerts = isList(live?.alert_attributes) ? live.alert_attributes : [];
  const held = alerts.flatMap((one) =>
    isObject(one) && one.type === type && isObject(one.options) ? [one.options] : [],
  );
  return Object.fromEntries(
    Object.entries(options).flatMap(([key, value]) => {
      if (!isSet(value)) return [];
      const same = held.map((one) => one[key]).find((one) => isSet(one) && String(one) === String(value));
      return [[key, same ?? value] as const];
    }),
  );
}
