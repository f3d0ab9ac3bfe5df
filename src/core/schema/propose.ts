import type { Proposals } from '../../model/catalogue.ts';
import { isList, isObject, type Json, type JsonObject, tokens } from '../../model/json.ts';

/**
 * A schema that proposes these names at these places. They take the place of the examples there, so an editor offers them and
 * underlines no other name. What the schema does not describe is passed over.
 */
export function withProposals(schema: JsonObject, proposals: Proposals): JsonObject {
  return Object.entries(proposals).reduce(
    (changed, [place, names]) => (names.length === 0 ? changed : proposedAt(changed, tokens(place), names)),
    schema,
  );
}

const choices = ['allOf', 'anyOf', 'oneOf'] as const;

function proposedAt(schema: JsonObject, [token, ...rest]: readonly string[], names: readonly string[]): JsonObject {
  if (token === undefined) return holdsText(schema) ? { ...schema, examples: [...names] } : schema;
  const changed: Record<string, Json | undefined> = { ...schema };
  if (token === '*') {
    if (isObject(schema.items)) changed.items = proposedAt(schema.items, rest, names);
  } else if (isObject(schema.properties)) {
    const below = schema.properties[token];
    if (isObject(below)) changed.properties = { ...schema.properties, [token]: proposedAt(below, rest, names) };
  }
  for (const key of choices) {
    const parts = schema[key];
    if (isList(parts))
      changed[key] = parts.map((part) => (isObject(part) ? proposedAt(part, [token, ...rest], names) : part));
  }
  for (const key of ['then', 'else'] as const) {
    const part = schema[key];
    if (isObject(part)) changed[key] = proposedAt(part, [token, ...rest], names);
  }
  return Object.fromEntries(Object.entries(changed).map(([key, value]) => [key, value ?? null]));
}

function holdsText({ type }: JsonObject): boolean {
  return type === 'string' || (isList(type) && type.includes('string'));
}
