import { isList, isObject, type Json, type JsonObject } from '../../model/json.ts';

/** The schema of all kinds together, among those by kind. */
export const anyManifest = 'manifest';

/**
 * One schema out of those of the kinds: the manifest's `kind` says which of them counts. Where there is no kind, or a wrong one,
 * that alone is an error. `head`: what the schema says of itself.
 */
export function combined(head: JsonObject, byKind: Readonly<Record<string, JsonObject>>): JsonObject {
  const kinds = Object.keys(byKind);
  const all = Object.values(byKind);
  const snippets = all.flatMap(({ defaultSnippets }) => (isList(defaultSnippets) ? defaultSnippets : []));
  const oneOf = (condition: Json): JsonObject => ({
    type: 'object',
    required: ['kind'],
    properties: { kind: condition },
  });
  return {
    ...head,
    ...words(all[0] ?? {}),
    title: 'Syncline manifest',
    type: 'object',
    required: ['kind'],
    properties: {
      kind: {
        ...words(below(all[0] ?? {}, 'kind')),
        type: 'string',
        enum: kinds,
        enumDescriptions: all.map((schema) => textAt(below(schema, 'spec'), 'title')),
      },
    },
    allOf: [
      { if: { type: 'object', required: ['kind'] }, else: { defaultSnippets: snippets } },
      ...kinds.map((kind) => when(oneOf({ const: kind }), { $ref: `#/$defs/${kind}` })),
      // Of a kind that nobody knows, what all kinds have can still be explained.
      when(oneOf({ not: { enum: kinds } }), { properties: common(all) }),
    ],
    $defs: Object.fromEntries(Object.entries(byKind).map(([kind, schema]) => [kind, part(kind, schema)])),
  };
}

/** The schema of a kind inside of the whole: its kind is known by then, and it refers to itself by another path. */
function part(kind: string, schema: JsonObject): JsonObject {
  const { $schema: _draft, $id: _address, $comment: _comment, ...rest } = schema;
  const properties = isObject(rest.properties) ? rest.properties : {};
  return moved({ ...rest, properties: { ...properties, kind: true } }, `#/$defs/${kind}`);
}

function moved(schema: JsonObject, to: string): JsonObject {
  const inside = (value: Json): Json =>
    isList(value) ? value.map(inside) : isObject(value) ? moved(value, to) : value;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value = null]) => [
      key,
      key === '$ref' && typeof value === 'string' ? value.replace(/^#/, to) : inside(value),
    ]),
  );
}

/** What is to be said of each key of the envelope. */
function common(schemas: readonly JsonObject[]): JsonObject {
  const keys = new Set(schemas.flatMap(({ properties }) => (isObject(properties) ? Object.keys(properties) : [])));
  const told = [...keys].filter((key) => key !== 'kind' && key !== 'spec');
  return Object.fromEntries(told.map((key) => [key, words(schemas.map((one) => below(one, key)).find(isTold) ?? {})]));
}

function isTold(schema: JsonObject): boolean {
  return schema.description !== undefined;
}

function words({ title, description, markdownDescription }: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries({ title, description, markdownDescription }).filter(([, value]) => value !== undefined),
  );
}

function below(schema: JsonObject, key: string): JsonObject {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const found = properties[key];
  return isObject(found) ? found : {};
}

function textAt(schema: JsonObject, key: string): string {
  const value = schema[key];
  return typeof value === 'string' ? value : '';
}

function when(condition: JsonObject, consequence: JsonObject): JsonObject {
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits a schema
  return { if: condition, then: consequence };
}
