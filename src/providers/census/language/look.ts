import type { CatalogueObject, Finding, Known } from '../../../model/catalogue.ts';
import { isObject, type Spec } from '../../../model/json.ts';
import { isGiven } from '../../../wire/json.ts';
import { warning } from './checks/problem.ts';
import { missing } from './look/finding.ts';
import { fullNameOf, lookAtColumn, lookAtMappings } from './look/mappings.ts';
import { connectionOf, lookAtSource, type Read } from './look/source.ts';

/** What a Census sync names and the catalogue of its workspace does not have. */
export function look(spec: Spec, known: Known): readonly Finding[] {
  const found: Finding[] = [];
  const read = lookAtSource(spec.source_attributes, known, found);
  const object = lookAtDestination(spec, known, found);
  lookAtMappings(spec, read, object, known, found);
  if (read !== undefined) lookAtHighWaterMark(spec, read, known, found);
  return found;
}

function lookAtDestination(spec: Spec, known: Known, found: Finding[]): CatalogueObject | undefined {
  const { destination_attributes: attributes, operation } = spec;
  if (!isObject(attributes) || isGiven(attributes.connection_id)) return undefined;
  const at = ['destination_attributes', 'connection'];
  const { connection, object: name } = attributes;
  const destination = connectionOf(known.destinations, connection, at, 'destination', known, found);
  if (destination?.objects === undefined || typeof name !== 'string') return undefined;
  const names = known.names(destination.objects, fullNameOf);
  if (!names.has(name)) {
    const message = `The destination "${destination.name}" has no object "${name}" in the catalogue.`;
    found.push(missing(names, name, ['destination_attributes', 'object'], message));
  }
  const object = names.only(name);
  if (object?.operations !== undefined && typeof operation === 'string' && !object.operations.includes(operation)) {
    const message = `By the catalogue, the object "${name}" does not take the operation ${operation}.`;
    const hint = known.names(object.operations, String).hint(operation);
    found.push(warning('unsupported-operation', ['operation'], message, hint));
  }
  return object;
}

function lookAtHighWaterMark(spec: Spec, read: Read, known: Known, found: Finding[]): void {
  const { high_water_mark_attribute: mark, high_water_mark_attributes: older } = spec;
  if (typeof mark === 'string' && mark !== '') lookAtColumn(mark, ['high_water_mark_attribute'], read, known, found);
  const column = isObject(older) ? older.column_name : undefined;
  if (typeof column === 'string' && column !== '')
    lookAtColumn(column, ['high_water_mark_attributes', 'column_name'], read, known, found);
}
