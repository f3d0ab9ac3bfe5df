import type { CatalogueField, CatalogueObject, Finding, Known } from '../../../../model/catalogue.ts';
import { isList, isObject, type Json, type JsonObject, type Spec } from '../../../../model/json.ts';
import { isSet } from '../../../../wire/json.ts';
import { atKey, type Place, warning } from '../checks/problem.ts';
import { isCompoundKey } from '../mapping.ts';
import { missing } from './finding.ts';
import { declared, nameOf, type Read } from './source.ts';

/** Judges the mappings by what is read and written, each as far as it is known. */
export function lookAtMappings(
  spec: Spec,
  read: Read | undefined,
  object: CatalogueObject | undefined,
  known: Known,
  found: Finding[],
): void {
  if (!isList(spec.mappings)) return;
  for (const [index, mapping] of spec.mappings.entries()) {
    if (!isObject(mapping) || isCompoundKey(mapping)) continue;
    const place = ['mappings', index];
    if (read !== undefined) lookAtFrom(mapping.from, [...place, 'from'], read, known, found);
    if (object?.fields !== undefined) lookAtTo(mapping, place, spec, object, object.fields, known, found);
  }
  if (object?.fields !== undefined) lookForRequired(spec, spec.mappings, object, object.fields, found);
}

/** Constants, templates and the like are no columns. */
function lookAtFrom(from: Json | undefined, place: Place, read: Read, known: Known, found: Finding[]): void {
  if (typeof from === 'string') lookAtColumn(from, place, read, known, found);
  else if (isObject(from) && from.type === 'column' && typeof from.data === 'string')
    lookAtColumn(from.data, [...place, 'data'], read, known, found);
}

/** Warehouses fold the case of names, each in its own way. */
export function lookAtColumn(name: string, place: Place, read: Read, known: Known, found: Finding[]): void {
  const names = known.names(read.columns, nameOf, 'folded');
  if (names.has(name)) return;
  const unless = read.dataset === undefined ? undefined : declared(read.dataset, name);
  found.push(missing(names, name, place, `The ${read.called} has no column "${name}" in the catalogue.`, unless));
}

/** `unique_id` is the key of an append, and no field; a field that is to be made is not there yet. */
function lookAtTo(
  mapping: JsonObject,
  place: Place,
  { operation }: Spec,
  object: CatalogueObject,
  fields: readonly CatalogueField[],
  known: Known,
  found: Finding[],
): void {
  const { to, generate_field: isMade } = mapping;
  if (typeof to !== 'string' || isMade === true || (operation === 'append' && to === 'unique_id')) return;
  const names = known.names(fields, fullNameOf, 'folded');
  if (!names.has(to)) {
    const message = `The object "${object.full_name}" has no field "${to}" in the catalogue.`;
    found.push(missing(names, to, [...place, 'to'], message));
    return;
  }
  const field = names.only(to);
  if (field?.keys === undefined || !identifies(mapping)) return;
  const needed = typeof operation === 'string' && Object.hasOwn(keyFor, operation) ? keyFor[operation] : undefined;
  if (needed === undefined || field.keys.includes(needed)) return;
  const others = fields.filter((one) => one.keys?.includes(needed) === true);
  const message = `By the catalogue, the field "${field.full_name}" cannot identify a record for ${String(operation)}.`;
  const hint =
    others.length === 0 ? 'No field of the object can.' : known.names(others, fullNameOf).hint(field.full_name);
  found.push(warning('unfit-key', [...place, 'to'], message, hint));
}

/** What a field must be able to identify a record for. The others need none, or nothing is said of them. */
const keyFor: Readonly<Record<string, string>> = {
  insert: 'insert',
  update: 'update',
  upsert: 'upsert',
  mirror: 'upsert',
};

function identifies({ primary, is_primary_identifier: flag }: JsonObject): boolean {
  return isSet(flag) ? flag === true : primary === true;
}

/** Where the service maps all by itself nothing is missing; nothing but its key is needed to delete a record. */
function lookForRequired(
  spec: Spec,
  mappings: readonly Json[],
  object: CatalogueObject,
  fields: readonly CatalogueField[],
  found: Finding[],
): void {
  if (spec.field_behavior === 'sync_all_properties' || spec.operation === 'delete') return;
  const required = fields.filter((one) => one.required === true);
  if (required.length === 0) return;
  const mapped = new Set(
    mappings.flatMap((one) => (isObject(one) && typeof one.to === 'string' ? one.to.toLowerCase() : [])),
  );
  for (const { full_name: name } of required) {
    if (mapped.has(name.toLowerCase())) continue;
    const message = `By the catalogue, the object "${object.full_name}" needs a mapping to "${name}".`;
    found.push(atKey(warning('unmapped-field', ['mappings'], message, `Add one: \`{ from: COLUMN, to: ${name} }\`.`)));
  }
}

export function fullNameOf({ full_name: name }: { readonly full_name: string }): string {
  return name;
}
