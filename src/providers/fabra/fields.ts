import { isObject, type Json, type JsonObject, type Spec } from '../../model/json.ts';
import { isSet } from '../../wire/json.ts';
import type { FabraObject, ObjectField } from './catalogue.ts';

/** The mappings of a spec that are objects; the schema lets no others through. */
export function mappingsOf(spec: Spec): readonly JsonObject[] {
  return Array.isArray(spec.field_mappings) ? spec.field_mappings.filter(isObject) : [];
}

/** Every field of the object that a mapping may mean: by id, by name, or by both. One is right; none and several are not. */
export function fieldsMeant(mapping: JsonObject, object: FabraObject): readonly ObjectField[] {
  const { destination_field_id: id, destination_field_name: name } = mapping;
  if (!isSet(id) && !isSet(name)) return [];
  const fields = object.fields ?? [];
  return fields.filter((field) => (!isSet(id) || field.id === id) && (!isSet(name) || field.name === name));
}

/** The one field that a mapping means, or undefined. */
export function fieldOf(mapping: JsonObject, object: FabraObject): ObjectField | undefined {
  const [field, ...others] = fieldsMeant(mapping, object);
  return others.length === 0 ? field : undefined;
}

/** How a mapping names its field, for people. */
export function fieldText(mapping: JsonObject): string {
  const { destination_field_id: id, destination_field_name: name } = mapping;
  if (typeof name === 'string') return `"${name}"`;
  return isSet(id) ? String(id) : 'nothing';
}

/** A field for people, with its type where it is known. */
export function described(field: ObjectField): string {
  return field.type === undefined || field.type === '' ? field.name : `${field.name} (${field.type})`;
}

/** What holds unless the sync says otherwise: null and absence both mean "as the object has it". */
export function inherited(own: Json | undefined, object: Json | undefined): Json | undefined {
  return isSet(own) ? own : object;
}
