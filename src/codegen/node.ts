import { isList, isObject, type Json, type JsonObject, pointer } from '../model/json.ts';

/** A JSON Schema that is an object; the boolean schemas are passed through untouched. */
export type Node = JsonObject;

/** `node` without some keys. */
export function without(node: Node, ...keys: readonly string[]): Node {
  return Object.fromEntries(Object.entries(node).filter(([key]) => !keys.includes(key)));
}

/** The object under `key`, or an empty one. */
export function objectAt(node: Node, key: string): Node {
  const value = node[key];
  return isObject(value) ? value : {};
}

export function listAt(node: Node, key: string): readonly Json[] {
  const value = node[key];
  return isList(value) ? value : [];
}

export function textAt(node: Node, key: string): string | undefined {
  const value = node[key];
  return typeof value === 'string' ? value : undefined;
}

/** The names under a keyword such as `required`. */
export function namesAt(node: Node, key: string): readonly string[] {
  return listAt(node, key).filter((name) => typeof name === 'string');
}

/** The described properties of an object schema, in order. */
export function propertiesOf(node: Node): readonly (readonly [string, Node])[] {
  return Object.entries(objectAt(node, 'properties')).flatMap(([name, child]) =>
    isObject(child) ? [[name, child] as const] : [],
  );
}

/** The JSON types that a schema names. */
export function typesOf(node: Node): readonly string[] {
  const { type } = node;
  return typeof type === 'string' ? [type] : namesAt(node, 'type');
}

export function mapValues(node: Node, change: (child: Node, key: string) => Json): Node {
  return Object.fromEntries(
    Object.entries(node).map(([key, child]) => [key, isObject(child) ? change(child, key) : child]),
  );
}

const named = ['properties', 'patternProperties', 'dependentSchemas'];
const lists = ['allOf', 'anyOf'];
const single = ['items', 'additionalProperties', 'then', 'else'];

/** The schemas directly inside `node`, conditions excepted, each with the step to it as ajv writes it into a `schemaPath`. */
export function childrenOf(node: Node): readonly (readonly [step: string, child: Node])[] {
  const found: (readonly [string, Json | undefined])[] = [
    ...named.flatMap((keyword) =>
      Object.entries(objectAt(node, keyword)).map(([name, child]) => [`/${keyword}${fragment(name)}`, child] as const),
    ),
    ...single.map((keyword) => [`/${keyword}`, node[keyword]] as const),
    ...lists.flatMap((keyword) =>
      listAt(node, keyword).map((child, index) => [`/${keyword}/${index}`, child] as const),
    ),
  ];
  return found.flatMap(([step, child]) => (isObject(child) ? [[step, child] as const] : []));
}

/** `node` with each schema directly inside it changed. Steps are those of `childrenOf`. */
export function mapChildren(node: Node, change: (child: Node, step: string) => Node): Node {
  const changed: Record<string, Json | undefined> = { ...node };
  for (const keyword of named)
    if (node[keyword] !== undefined)
      changed[keyword] = mapValues(objectAt(node, keyword), (child, name) =>
        change(child, `/${keyword}${fragment(name)}`),
      );
  for (const keyword of single) {
    const child = node[keyword];
    if (isObject(child)) changed[keyword] = change(child, `/${keyword}`);
  }
  for (const keyword of lists)
    if (node[keyword] !== undefined)
      changed[keyword] = listAt(node, keyword).map((child, index) =>
        isObject(child) ? change(child, `/${keyword}/${index}`) : child,
      );
  return changed;
}

function fragment(name: string): string {
  return encodeURI(pointer([name])).replaceAll('#', '%23');
}
