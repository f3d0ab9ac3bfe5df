import { isObject } from '../model/json.ts';
import { listAt, mapValues, type Node, namesAt, objectAt, propertiesOf, without } from './node.ts';

/** The schema with what `x-unless` of its properties says as a condition of its own: their exactly-one groups become at-most-one ones. */
export function withConditions(node: Node): Node {
  const conditional = propertiesOf(node).filter(([, child]) => child['x-unless'] !== undefined);
  if (conditional.length === 0) return node;
  const rules = conditional.map(([name, child]) => ({
    if: silentOn(namesAt(child, 'x-unless')),
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits a schema
    then: inside(name, { 'x-exactly-one': child['x-exactly-one'] ?? [] }),
    else: inside(name, { 'x-at-most-one': child['x-exactly-one'] ?? [] }),
  }));
  const open = (child: Node) => (child['x-unless'] === undefined ? child : without(child, 'x-unless', 'x-exactly-one'));
  const properties = mapValues(objectAt(node, 'properties'), open);
  return { ...node, properties, allOf: [...listAt(node, 'allOf').filter(isObject), ...rules] };
}

/** Without `anyOf`: editors would show the title of the whole once for each branch. */
function silentOn(keys: readonly string[]): Node {
  return { type: 'object', properties: Object.fromEntries(keys.map((key) => [key, { type: 'null' }])) };
}

function inside(name: string, rule: Node): Node {
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits a schema
  return { type: 'object', properties: { [name]: { if: { type: 'object' }, then: { type: 'object', ...rule } } } };
}
