import { fabraSyncTraits } from '../../../generated/fabra-sync-traits.ts';
import { isList, isObject, type Json, type Spec } from '../../../model/json.ts';
import type { FieldTrait } from '../../../model/traits.ts';
import { asNumber, isGiven } from '../../../wire/json.ts';

/** Names that the API reference uses, and what the server calls them. */
export const aliases: Readonly<Record<string, string>> = {
  cursor_field: 'source_cursor_field',
  primary_key: 'source_primary_key',
};

const fields = fabraSyncTraits.spec.fields ?? {};
const mappings: FieldTrait | undefined = fields.field_mappings;
const mappingFields = mappings?.items?.fields ?? {};

/** Keys that are accepted and dropped, because only the server sets them: of a sync, and of a mapping. */
export const serverKeys: readonly string[] = keysWhere(fields, (field) => field.server === true);
export const serverMappingKeys: readonly string[] = keysWhere(mappingFields, (field) => field.server === true);

/** Ids, which may be written as text. */
const ids: readonly string[] = ['source_id', 'destination_id', 'object_id'];

/** Fields that null clears. To all others it means "inherit", as if they were left out. */
const clearable = keysWhere(fields, (field) => field.default === null);

function keysWhere(all: Readonly<Record<string, FieldTrait>>, fits: (field: FieldTrait) => boolean): string[] {
  return Object.entries(all)
    .filter(([, field]) => fits(field))
    .map(([key]) => key);
}

/**
 * The one form in which manifests and live answers are compared: the server's spelling, server-set keys gone, and no null but
 * where it clears. Where both spellings of a field are given, the server's counts. Mappings may keep id and name of their
 * field. Idempotent; total on what the schema accepts.
 */
export function canonical(spec: Spec): Spec {
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(spec)) {
    const name = Object.hasOwn(aliases, key) ? (aliases[key] ?? key) : key;
    if (value === undefined || serverKeys.includes(key) || (key === 'recurring' && saysNothing(spec))) continue;
    if (value === '' && fields[name]?.same?.includes('')) continue;
    if (name !== key && isGiven(spec[name])) continue;
    if (value !== null || clearable.includes(key)) result[name] = ids.includes(key) ? (asNumber(value) ?? null) : value;
  }
  // The server answers null where there are none.
  if (spec.field_mappings === null) result.field_mappings = [];
  if (isList(spec.field_mappings)) result.field_mappings = spec.field_mappings.map(canonicalMapping);
  return result;
}

/** An answer says `recurring: false` of every sync; that it is one, the organization tells, which nobody writes. */
export function saysNothing(spec: Spec): boolean {
  return spec.recurring === false && spec.organization_id !== undefined && spec.organization_id !== null;
}

function canonicalMapping(mapping: Json): Json {
  if (!isObject(mapping)) return mapping;
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(mapping)) {
    if (value === undefined || value === null || serverMappingKeys.includes(key)) continue;
    // Empty text is how answers say that no type was sent.
    if (key === 'source_field_type' && value === '') continue;
    kept[key] = key === 'destination_field_id' ? (asNumber(value) ?? null) : value;
  }
  return kept;
}
