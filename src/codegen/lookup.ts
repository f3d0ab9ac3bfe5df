import { isObject, type Pointer, pointer } from '../model/json.ts';
import { isChoice, union } from './choice.ts';
import { childrenOf, type Node, objectAt, propertiesOf, textAt } from './node.ts';

/** What a message about one validator's errors may want to know, by the `schemaPath` of the error. */
export interface Lookup {
  /** The keys that an object knows, under the path of its `additionalProperties`. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** Help that the source gives, under the path of the schema that refused. */
  readonly hints: Readonly<Record<string, string>>;
}

/** Walks a settled schema as ajv does, so that the paths are those of its errors. */
export function lookup(settled: Node): Lookup {
  const keys: Record<string, readonly string[]> = {};
  const hints: Record<string, string> = {};
  walk(settled, '#', (node, path) => {
    const hint = textAt(node, 'x-hint');
    if (node.additionalProperties === false)
      keys[`${path}/additionalProperties`] = Object.keys(objectAt(node, 'properties'));
    if (hint !== undefined) hints[path] = hint;
  });
  return { keys, hints };
}

function walk(node: Node, path: string, visit: (node: Node, path: string) => void): void {
  visit(node, path);
  for (const [step, child] of childrenOf(node)) walk(child, path + step, visit);
}

/** Deprecated fields with what to write instead, as pointers into the spec in which `*` stands for any item. */
export function deprecations(schema: Node): Readonly<Record<Pointer, string>> {
  const deprecated: Record<Pointer, string> = {};
  collect(schema, '', (node, path) => {
    const replacement = textAt(node, 'x-replacement');
    if (node.deprecated !== true) return;
    if (replacement === undefined) throw new Error(`${path} is deprecated and does not say in favour of what.`);
    deprecated[path] = replacement;
  });
  return deprecated;
}

function collect(node: Node, path: Pointer, visit: (node: Node, path: Pointer) => void): void {
  visit(node, path);
  const { items } = node;
  for (const [name, child] of propertiesOf(isChoice(node) ? union(node) : node))
    collect(child, path + pointer([name]), visit);
  if (isObject(items)) collect(items, `${path}/*`, visit);
}
