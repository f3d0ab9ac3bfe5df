import { mapChildren, type Node } from './node.ts';

/** Says in a definition where it was taken from; see `relocate`. */
export const origin = 'x-origin';

/**
 * The same schema with each object inside it as a definition of its own. Out of a definition ajv makes a function, which costs
 * nothing until it is called: most manifests use few of the many alternatives.
 */
export function hoist(schema: Node): Node {
  const definitions: Record<string, Node> = {};
  const root = take(schema, '#', (node, path) => {
    const name = `d${Object.keys(definitions).length}`;
    definitions[name] = { [origin]: path, ...node };
    return { $ref: `#/$defs/${name}` };
  });
  return { ...root, $defs: definitions };
}

/** Children first, so that what is taken out holds references already. */
function take(node: Node, path: string, define: (node: Node, path: string) => Node): Node {
  return mapChildren(node, (child, step) => {
    const done = take(child, path + step, define);
    const isLarge = done.properties !== undefined || done.allOf !== undefined;
    return isLarge && !step.startsWith('/allOf') ? define(done, path + step) : done;
  });
}
