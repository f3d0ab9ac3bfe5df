/** Any JSON value. Specs, wire bodies and plans are made of nothing else. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** The body of a manifest or of a live sync, in the API's own words. */
export type Spec = JsonObject;

/** JSON Pointer (RFC 6901) into a spec. The empty string is the whole spec. */
export type Pointer = string;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `Array.isArray` that keeps the element type of a readonly JSON list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** One reference token, escaped as RFC 6901 asks (`~` → `~0`, `/` → `~1`). */
export function escapeToken(token: string): string {
  return /[~/]/.test(token) ? token.replaceAll('~', '~0').replaceAll('/', '~1') : token;
}

export function pointer(tokens: readonly (string | number)[]): Pointer {
  return tokens.map((token) => `/${escapeToken(String(token))}`).join('');
}

export function tokens(path: Pointer): readonly string[] {
  const known = tokensOf.get(path);
  if (known !== undefined) return known;
  const list = path === '' ? [] : path.slice(1).split('/').map(unescapeToken);
  // Pointers come from schemas, a few dozen of them, and are asked for once per manifest; a user's own could be endless.
  if (tokensOf.size < 1000) tokensOf.set(path, list);
  return list;
}

const tokensOf = new Map<Pointer, readonly string[]>();

function unescapeToken(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The value at `path`, or undefined where the path leads nowhere. Lists are entered by index. */
export function valueAt(root: Json | undefined, path: Pointer): Json | undefined {
  let here: Json | undefined = root;
  for (const token of tokens(path)) {
    if (isList(here)) here = here[Number(token)];
    else if (isObject(here) && Object.hasOwn(here, token)) here = here[token];
    else return undefined;
  }
  return here;
}

/** A copy of `root` with `value` at `path`; objects on the way are made where missing. `undefined` removes the key. */
export function withValueAt(root: JsonObject, path: Pointer, value: Json | undefined): JsonObject {
  return placed(root, tokens(path), 0, value);
}

/** `at`: the step of the path that leads into `root`. */
function placed(root: JsonObject, steps: readonly string[], at: number, value: Json | undefined): JsonObject {
  const head = steps[at];
  if (head === undefined) return root;
  if (at === steps.length - 1) return value === undefined ? withoutKey(root, head) : withKey(root, head, value);
  const child = Object.hasOwn(root, head) ? root[head] : undefined;
  if (isList(child)) return withKey(root, head, placedInList(child, steps, at + 1, value));
  if (value === undefined && !isObject(child)) return root;
  return withKey(root, head, placed(isObject(child) ? child : {}, steps, at + 1, value));
}

function placedInList(
  list: readonly Json[],
  steps: readonly string[],
  at: number,
  value: Json | undefined,
): readonly Json[] {
  const copy = [...list];
  const index = Number(steps[at]);
  const item = copy[index];
  if (at < steps.length - 1) copy[index] = placed(isObject(item) ? item : {}, steps, at + 1, value);
  else if (value === undefined) copy.splice(index, 1);
  else copy[index] = value;
  return copy;
}

/**
 * A copy with one more key, or another value of it. Set after the copy: a literal with a computed key takes the engine several times
 * the memory for as long as it lives.
 */
function withKey(root: JsonObject, key: string, value: Json): JsonObject {
  const copy: Record<string, Json | undefined> = { ...root };
  copy[key] = value;
  return copy;
}

/** Made anew: an object that a key was deleted from is slow for everybody who reads it later. */
function withoutKey(root: JsonObject, gone: string): JsonObject {
  const copy: Record<string, Json | undefined> = {};
  for (const key in root) if (key !== gone) copy[key] = root[key];
  return copy;
}
