import { isList, isObject, type Json } from '../../model/json.ts';

/** How many levels a value has; found without recursion, for it may be anybody's. */
export function depthOf(root: Json): number {
  let deepest = 0;
  const open: { readonly value: Json; readonly depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    deepest = Math.max(deepest, depth);
    if (!isList(value) && !isObject(value)) continue;
    for (const child of Object.values(value)) if (child != null) open.push({ value: child as Json, depth: depth + 1 });
  }
  return deepest;
}
