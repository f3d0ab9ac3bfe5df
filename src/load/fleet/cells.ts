import { isObject, type Json, type JsonObject, type Pointer, pointer, tokens, valueAt } from '../../model/json.ts';
import type { SchemaError } from '../../model/kind.ts';
import { objectAt, over } from './over.ts';
import type { Field } from './rows.ts';

/** An id is what it looks like. A variable is text, unless its default is a number, or true or false: then a cell is that too, where it can be. */
export function asDefault(field: Field, defaults: JsonObject): Field {
  const { path, value, isCell } = field;
  if (!isCell || typeof value !== 'string') return field;
  if (path.length === 1 && path[0] === 'workspace') return { ...field, value: numberIn(value) ?? value };
  if (path[0] !== 'vars') return field;
  const usual = valueAt(defaults, pointer(path));
  const meant = typeof usual === 'number' ? numberIn(value) : typeof usual === 'boolean' ? truthIn(value) : undefined;
  return meant === undefined ? field : { ...field, value: meant };
}

function numberIn(text: string): number | undefined {
  const isNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text);
  const value = Number(text);
  return isNumber && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

function truthIn(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** Cells are text: where the schema wants a number, true or false, or a list, they become that if they can. */
export function withTypes(
  document: JsonObject,
  cells: ReadonlySet<Pointer>,
  errors: readonly SchemaError[],
): JsonObject {
  const meant = new Map<string, (readonly [readonly string[], Json])[]>();
  for (const { keyword, instancePath, params } of errors) {
    if (keyword !== 'type' || !cells.has(instancePath)) continue;
    const text = valueAt(document, instancePath);
    const value = typeof text === 'string' ? typed(text, params.type) : undefined;
    const [, name = '', ...path] = tokens(instancePath);
    if (value !== undefined) meant.set(name, [...(meant.get(name) ?? []), [path, value]]);
  }
  if (meant.size === 0) return document;
  const targets = Object.entries(objectAt(document, '/targets')).map(([name, target]) => {
    const fields = meant.get(name);
    return [name, isObject(target) && fields !== undefined ? over(target, fields) : target] as const;
  });
  return { ...document, targets: Object.fromEntries(targets) };
}

function typed(text: string, type: unknown): Json | undefined {
  if (type === 'integer' || type === 'number') return numberIn(text);
  if (type === 'boolean') return truthIn(text);
  if (type !== 'array') return undefined;
  const items = text.split(';').map((item) => item.trim());
  return items.filter((item) => item !== '');
}
