import type { Problem } from '../../model/diagnostic.ts';
import type { JsonObject, Spec } from '../../model/json.ts';
import type { Catalogue, FabraObject, ObjectField } from './catalogue.ts';
import { described, fieldsMeant } from './fields.ts';

/** Names of destination fields that the object does not have, or has several times. Asks only where a spec has such names. */
export async function examine(catalogue: Catalogue, spec: Spec): Promise<readonly Problem[]> {
  const named = (Array.isArray(spec.field_mappings) ? spec.field_mappings : []).flatMap((mapping, index) =>
    typeof mapping?.destination_field_name === 'string' ? [{ mapping, index }] : [],
  );
  if (named.length === 0 || spec.object_id === undefined || spec.object_id === null) return [];
  const object = await catalogue.object(spec.object_id);
  if (object === undefined) return [unknownObject(spec)];
  return named.flatMap(({ mapping, index }) => problemOf(mapping, index, object) ?? []);
}

function unknownObject(spec: Spec): Problem {
  return {
    severity: 'error',
    code: 'unknown-name',
    message: `There is no object with the id ${JSON.stringify(spec.object_id)}, so its fields have no names.`,
    hint: 'Check object_id, or name the object with `object`.',
    path: '/spec/object_id',
    at: 'value',
  };
}

function problemOf(mapping: JsonObject, index: number, object: FabraObject): Problem | undefined {
  const found = fieldsMeant(mapping, object);
  if (found.length === 1) return undefined;
  const name = String(mapping.destination_field_name);
  const place = {
    severity: 'error',
    path: `/spec/field_mappings/${index}/destination_field_name`,
    at: 'value',
  } as const;
  if (found.length > 1) {
    return {
      ...place,
      code: 'ambiguous-name',
      message: `"${name}" is the name of ${found.length} fields of object "${object.name}" (ids ${found.map((one) => one.id).join(', ')}).`,
      hint: 'Give destination_field_id instead of the name.',
    };
  }
  return {
    ...place,
    code: 'unknown-name',
    message: contradiction(mapping, object) ?? `Object "${object.name}" has no field named "${name}".`,
    hint: candidates(name, object.fields ?? []),
  };
}

/** An id beside a name must be the id of that name. */
function contradiction(
  { destination_field_id: id, destination_field_name: name }: JsonObject,
  object: FabraObject,
): string | undefined {
  const same = (object.fields ?? []).filter((field) => field.name === name);
  if (same.length === 0 || id === undefined) return undefined;
  return `The field ${String(id)} of object "${object.name}" is not named "${String(name)}".`;
}

function candidates(name: string, fields: readonly ObjectField[]): string {
  if (fields.length === 0) return 'The object has no fields.';
  const ranked = fields
    .map((field) => ({ field, distance: distance(name.toLowerCase(), field.name.toLowerCase()) }))
    .sort((first, second) => first.distance - second.distance || (first.field.name < second.field.name ? -1 : 1))
    .map(({ field }) => described(field));
  const most = 8;
  const more = ranked.length > most ? ` and ${ranked.length - most} more` : '';
  return `Its fields, closest first: ${ranked.slice(0, most).join(', ')}${more}.`;
}

/** Insertions, deletions and replacements that turn one word into the other. */
function distance(first: string, second: string): number {
  let above = Array.from({ length: second.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...first].entries()) {
    const line = [row + 1];
    for (const [column, other] of [...second].entries()) {
      const replaced = (above[column] ?? 0) + (letter === other ? 0 : 1);
      line.push(Math.min(replaced, (line[column] ?? 0) + 1, (above[column + 1] ?? 0) + 1));
    }
    above = line;
  }
  return above.at(-1) ?? 0;
}
