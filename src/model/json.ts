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
  const [head, ...rest] = tokens(path);
  if (head === undefined) return root;
  const copy: Record<string, Json | undefined> = { ...root };
  if (rest.length === 0) {
    if (value === undefined) delete copy[head];
    else copy[head] = value;
    return copy;
  }
  const child = copy[head];
  if (isList(child)) {
    const list = [...child];
    const index = Number(rest[0]);
    const item = list[index];
    if (rest.length === 1) {
      if (value === undefined) list.splice(index, 1);
      else list[index] = value;
    } else {
      list[index] = withValueAt(isObject(item) ? item : {}, pointer(rest.slice(1)), value);
    }
    copy[head] = list;
    return copy;
  }
  if (value === undefined && !isObject(child)) return root;
  copy[head] = withValueAt(isObject(child) ? child : {}, pointer(rest), value);
  return copy;
}
