import { isObject, type Json, type JsonObject, type Pointer, valueAt } from '../../model/json.ts';

/** The object with these values in the place of its own; what lies on the way is copied. */
export function over(base: JsonObject, fields: readonly (readonly [readonly string[], Json])[]): JsonObject {
  const heads = new Map<string, (readonly [readonly string[], Json])[]>();
  for (const [[head = '', ...rest], value] of fields)
    heads.set(head, [...(heads.get(head) ?? []), [rest, value] as const]);
  const entries = [...heads].map(([head, parts]): readonly [string, Json] => {
    const whole = parts.find(([path]) => path.length === 0);
    if (whole !== undefined) return [head, whole[1]];
    const below = Object.hasOwn(base, head) ? base[head] : undefined;
    return [head, over(isObject(below) ? below : {}, parts)];
  });
  // Whatever a column is called, it becomes a key and nothing else.
  return Object.fromEntries([...Object.entries(base).filter(([key]) => !heads.has(key)), ...entries]);
}

/** The project file with these targets beside its own. */
export function withTargets(document: JsonObject, rows: readonly (readonly [string, JsonObject])[]): JsonObject {
  if (rows.length === 0) return document;
  return { ...document, targets: { ...objectAt(document, '/targets'), ...Object.fromEntries(rows) } };
}

/** The object at a place; an empty one where there is none. */
export function objectAt(document: Json, path: Pointer): JsonObject {
  const value = valueAt(document, path);
  return isObject(value) ? value : {};
}
