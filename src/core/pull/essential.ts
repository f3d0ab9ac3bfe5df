import { isList, isObject, type Json, type JsonObject, type Spec } from '../../model/json.ts';
import type { FieldTrait, KindTraits } from '../../model/traits.ts';
import { isDefault } from '../spec/defaults.ts';
import { equal } from '../spec/equal.ts';
import { byKey } from '../spec/fingerprint.ts';

/**
 * What a manifest has to say of a live thing: what the server would do anyway is left out, and so are values that every answer has,
 * whatever was sent. `live` is normalised.
 */
export function essential(traits: KindTraits, live: Spec): Spec {
  return inObject(traits.spec, live);
}

function inObject({ fields = {} }: FieldTrait, live: JsonObject): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(live)) {
    const field = fields[key];
    if (value === undefined || field === undefined || saysNothing(field, value)) continue;
    if (field.shape !== 'object' || !isObject(value)) {
      kept[key] = value;
      continue;
    }
    const inside = inObject(field, value);
    if (Object.keys(inside).length > 0) kept[key] = inside;
  }
  return kept;
}

function saysNothing(field: FieldTrait, value: Json): boolean {
  if (value === null) return true;
  if (field.default !== undefined && isDefault(field, value)) return true;
  if (field.unproven?.some((one) => equal(one, value)) === true) return true;
  const inOrder = (list: readonly Json[]) => byKey(field.key ?? '', list);
  return field.initial !== undefined && isList(value) && equal(inOrder(value), inOrder(field.initial));
}
