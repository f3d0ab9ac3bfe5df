import { censusSyncTraits } from '../../../../generated/census-sync-traits.ts';
import { isList, isObject, type Json, type JsonObject, type Spec } from '../../../../model/json.ts';
import { isSet } from '../../../../wire/json.ts';
import { byPosition, canonicalMapping, isCompoundKey } from '../../language/mapping.ts';
import { encodeMapping } from './encode.ts';

const known = Object.keys(censusSyncTraits.spec.fields?.mappings?.items?.fields ?? {});

/**
 * The whole list of mappings for an update. Under `sync_all_properties` the server's own mappings are sent along, or they would
 * be lost. Compound keys never are: the server makes them again by itself.
 */
export function updatedMappings(wire: JsonObject, desired: Spec): readonly Json[] {
  const all = isList(wire.mappings) ? byPosition(wire.mappings).filter(isObject) : [];
  const live = all.filter((mapping) => !isCompoundKey(mapping));
  if (!isList(desired.mappings)) return live.map(asFound);
  const declared = desired.mappings.map((mapping) => withUndescribed(mapping, live));
  const behavior = desired.field_behavior === undefined ? wire.field_behavior : desired.field_behavior;
  if (behavior !== 'sync_all_properties') return declared;
  return interleaved(declared.some(isIdentifier) ? live.map(demoted) : live, declared);
}

function isIdentifier(mapping: Json): boolean {
  return isObject(mapping) && mapping.is_primary_identifier === true;
}

/** There is one identifier: where the manifest declares it, an earlier one becomes a mapping like any other. */
function demoted(mapping: JsonObject): JsonObject {
  return isIdentifier(mapping) ? { ...mapping, is_primary_identifier: false } : mapping;
}

function asFound(mapping: JsonObject): Json {
  return encodeMapping(canonicalMapping(mapping));
}

/** Keys of the live mapping that nobody describes, such as ones that are newer than this tool, survive. */
function withUndescribed(mapping: Json, live: readonly JsonObject[]): Json {
  const encoded = encodeMapping(mapping);
  const before = isObject(mapping) ? live.find((one) => one.to === mapping.to) : undefined;
  if (before === undefined || !isObject(encoded)) return encoded;
  const extra = Object.entries(before).filter(([key, value]) => !known.includes(key) && isSet(value));
  return { ...encoded, ...Object.fromEntries(extra) };
}

/** The declared mappings in their own order, in the places that they have among the server's. New ones follow the last place. */
function interleaved(live: readonly JsonObject[], declared: readonly Json[]): readonly Json[] {
  const names = new Set(declared.map((mapping) => (isObject(mapping) ? mapping.to : undefined)));
  const lastPlace = live.findLastIndex((mapping) => names.has(mapping.to));
  const waiting = [...declared];
  const result: Json[] = lastPlace < 0 ? waiting.splice(0) : [];
  for (const [index, mapping] of live.entries()) {
    if (!names.has(mapping.to)) result.push(asFound(mapping));
    else if (index === lastPlace) result.push(...waiting.splice(0));
    else result.push(...waiting.splice(0, 1));
  }
  return result;
}
