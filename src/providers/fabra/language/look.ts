import type { CatalogueDestination, CatalogueObject, Finding, Known, Names } from '../../../model/catalogue.ts';
import { isList, isObject, type Spec } from '../../../model/json.ts';
import { isGiven } from '../../../wire/json.ts';
import { atKey, type Place, warning } from './checks/problem.ts';

/** What a Fabra sync names and the catalogue of its organisation does not have. */
export function look(spec: Spec, known: Known): readonly Finding[] {
  const found: Finding[] = [];
  const { source, source_id: sourceId } = spec;
  if (known.sources !== undefined && typeof source === 'string' && !isGiven(sourceId)) {
    const names = known.names(known.sources, nameOf);
    if (!names.has(source))
      found.push(missing(names, source, ['source'], `There is no source "${source}" in the catalogue.`));
  }
  const object = lookAtObject(spec, known, found);
  if (object !== undefined) lookAtMappings(spec, object, known, found);
  return found;
}

/** The object that is written to, where its name is one object's alone. */
function lookAtObject(spec: Spec, known: Known, found: Finding[]): CatalogueObject | undefined {
  const { destinations } = known;
  const { destination, object, object_id: id } = spec;
  if (destinations === undefined) return undefined;
  let within: CatalogueDestination | undefined;
  if (typeof destination === 'string' && !isGiven(spec.destination_id)) {
    const names = known.names(destinations, nameOf);
    if (!names.has(destination))
      found.push(
        missing(names, destination, ['destination'], `There is no destination "${destination}" in the catalogue.`),
      );
    within = names.only(destination);
    if (within === undefined) return undefined;
  }
  if (typeof object !== 'string' || isGiven(id)) return undefined;
  const objects = within === undefined ? objectsOf(destinations) : within.objects;
  if (objects === undefined) return undefined;
  const names = known.names(objects, fullNameOf);
  const where = within === undefined ? 'There is no' : `The destination "${within.name}" has no`;
  if (!names.has(object))
    found.push(missing(names, object, ['object'], `${where} object "${object}" in the catalogue.`));
  return names.only(object);
}

/** Of every destination, gathered once per catalogue. */
const gathered = new WeakMap<readonly CatalogueDestination[], readonly CatalogueObject[]>();

function objectsOf(destinations: readonly CatalogueDestination[]): readonly CatalogueObject[] | undefined {
  if (destinations.some(({ objects }) => objects === undefined)) return undefined;
  const all = gathered.get(destinations) ?? destinations.flatMap(({ objects = [] }) => objects);
  gathered.set(destinations, all);
  return all;
}

function lookAtMappings(spec: Spec, object: CatalogueObject, known: Known, found: Finding[]): void {
  const { fields } = object;
  if (fields === undefined || !isList(spec.field_mappings)) return;
  const names = known.names(fields, fullNameOf);
  const mapped = new Set<string>();
  let isNamed = true;
  for (const [index, mapping] of spec.field_mappings.entries()) {
    if (!isObject(mapping)) continue;
    const { destination_field_name: name, destination_field_id: id } = mapping;
    if (typeof name !== 'string') isNamed = isNamed && !isGiven(id);
    if (typeof name !== 'string') continue;
    mapped.add(name);
    if (names.has(name)) continue;
    const message = `The object "${object.full_name}" has no field "${name}" in the catalogue.`;
    found.push(missing(names, name, ['field_mappings', index, 'destination_field_name'], message));
  }
  // An id may stand for any field.
  if (!isNamed) return;
  for (const { full_name: name } of fields.filter((one) => one.required === true)) {
    if (mapped.has(name)) continue;
    const message = `By the catalogue, the object "${object.full_name}" needs a mapping to "${name}".`;
    const hint = `Add one with \`destination_field_name: ${name}\`.`;
    found.push(atKey(warning('unmapped-field', ['field_mappings'], message, hint)));
  }
}

function missing(names: Names<unknown>, name: string, place: Place, message: string): Finding {
  return warning('not-in-catalogue', place, message, names.hint(name));
}

export function nameOf({ name }: { readonly name: string }): string {
  return name;
}

export function fullNameOf({ full_name: name }: { readonly full_name: string }): string {
  return name;
}
