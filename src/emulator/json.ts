/** Any JSON value. The emulators share no code with the client, so that neither inherits the other's mistakes. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Throws SyntaxError like JSON.parse. */
export function parseJson(text: string): Json {
  const value: Json = JSON.parse(text);
  return value;
}

/** The object that a text holds; undefined where it is no JSON, or something else. */
export function objectIn(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The object at `key`, or an empty one. */
export function objectAt(owner: JsonObject, key: string): JsonObject {
  const value = owner[key];
  return isObject(value) ? value : {};
}

/** The list at `key`, or an empty one. */
export function listAt(owner: JsonObject, key: string): readonly Json[] {
  const value = owner[key];
  return isList(value) ? value : [];
}

/** The text at `key`, or undefined where there is none. */
export function textAt(owner: JsonObject, key: string): string | undefined {
  const value = owner[key];
  return typeof value === 'string' ? value : undefined;
}

/** A whole number, also one written as text: the API coerces numeric strings where it wants an id. */
export function idOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** A copy without null and absent members, at every depth. */
export function withoutNulls(value: Json): Json {
  if (isList(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member !== null && member !== undefined) kept[key] = withoutNulls(member);
  }
  return kept;
}
