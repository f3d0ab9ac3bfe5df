import { isObject, type Json, type JsonObject } from '../model/json.ts';

/** JSON merge patch (RFC 7396): objects merge, `null` removes, anything else replaces. Neither argument is changed. */
export function mergePatch(target: Json | undefined, patch: JsonObject): JsonObject {
  const merged: Record<string, Json | undefined> = isObject(target) ? { ...target } : {};
  for (const key of Object.keys(patch)) {
    const change = patch[key];
    if (change === undefined) continue;
    if (change === null) delete merged[key];
    else merged[key] = isObject(change) ? mergePatch(merged[key], change) : change;
  }
  return merged;
}

/** Did a merge patch bring, or take away, what is at this place of its result? */
export function patchedAt(patch: Json | undefined, path: readonly string[]): boolean {
  let here = patch;
  for (const token of path) {
    if (here === undefined) return false;
    if (!isObject(here)) return true;
    here = Object.hasOwn(here, token) ? here[token] : undefined;
  }
  return here !== undefined;
}
