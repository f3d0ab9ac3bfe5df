import { readFirst, type Wire, type WireObject } from './wire.ts';

/** The body is no JSON, or a known key has a value of the wrong type. */
export class DecodeError extends Error {}

/** The members of an object, found without regard to case. Every reader gives null where there is nothing or null. */
export interface Fields {
  text(key: string): string | null;
  /** Throws DecodeError for anything but a whole number of 64 bits, `4.0` included. */
  whole(key: string): number | null;
  flag(key: string): boolean | null;
  list(key: string): readonly Wire[] | null;
  inner(key: string): Fields | null;
  /** The value as it is; undefined where there is none. */
  raw(key: string): Wire | undefined;
}

/** The members of a body; `null` counts as `{}`. Throws DecodeError. */
export function decodeBody(text: string): Fields {
  try {
    return fieldsOf(readFirst(text));
  } catch (error) {
    throw error instanceof SyntaxError ? new DecodeError(error.message) : error;
  }
}

/** The members of an object; null has none. Throws DecodeError for anything else. */
export function fieldsOf(value: Wire): Fields {
  const members = new Map<string, Wire>();
  if (value !== null && !isWireObject(value)) throw new DecodeError('not an object');
  for (const [key, member] of value?.entries ?? []) members.set(key.toLowerCase(), member);
  const raw = (key: string) => members.get(key);
  return {
    raw,
    text: (key) => checked(raw(key), key, isText),
    flag: (key) => checked(raw(key), key, isFlag),
    list: (key) => checked(raw(key), key, isWireList),
    whole: (key) => {
      const found = checked(raw(key), key, isInt64);
      return found === null ? null : Number(found);
    },
    inner: (key) => {
      const found = raw(key);
      return found === undefined || found === null ? null : fieldsOf(found);
    },
  };
}

function checked<T extends Wire>(value: Wire | undefined, key: string, fits: (value: Wire) => value is T): T | null {
  if (value === undefined || value === null) return null;
  if (!fits(value)) throw new DecodeError(key);
  return value;
}

function isWireObject(value: Wire): value is WireObject {
  return typeof value === 'object' && value !== null && 'entries' in value && !isWireList(value);
}

function isWireList(value: Wire): value is readonly Wire[] {
  return Array.isArray(value);
}

function isText(value: Wire): value is string {
  return typeof value === 'string';
}

function isFlag(value: Wire): value is boolean {
  return typeof value === 'boolean';
}

function isInt64(value: Wire): value is bigint {
  return typeof value === 'bigint' && BigInt.asIntN(64, value) === value;
}
