import { escapeToken, isList, isObject, type Json, type JsonObject, type Pointer } from '../../../model/json.ts';
import { isSet } from '../../../wire/json.ts';

/** Told what is wrong with a value, and what has no counterpart. */
export interface Told {
  /** The value is of another type than it must be: `a number`. */
  wrong(path: Pointer, expected: string): void;
  /** Nothing in a manifest says this. `why`: how the sentence goes on after the place. */
  unmapped(path: Pointer, why?: string): void;
}

/**
 * One object of another tool's file, read key by key. Whatever holds something and was never asked for is told by `rest`, so nothing is
 * lost in silence. Unset is undefined, null, and an empty text.
 */
export interface Reader {
  readonly path: Pointer;
  /** Does it have the key at all? */
  has(key: string): boolean;
  text(key: string): string | undefined;
  /** A text, or a whole number as text. */
  id(key: string): string | undefined;
  number(key: string): number | undefined;
  flag(key: string): boolean | undefined;
  object(key: string): Reader | undefined;
  list(key: string): readonly Reader[] | undefined;
  /** The value as it is; whatever is inside counts as read. */
  value(key: string): Json | undefined;
  /** These keys mean nothing to a manifest. */
  skip(...keys: readonly string[]): void;
  /** Tells what holds something and was not read, here and in every object that was opened. */
  rest(): void;
}

/** Reads an object that stands at this path. */
export function readerOf(value: JsonObject, path: Pointer, told: Told): Reader {
  const asked = new Set<string>();
  const opened: Reader[] = [];
  const at = (key: string): Pointer => `${path}/${escapeToken(key)}`;
  const take = (key: string): Json | undefined => {
    asked.add(key);
    const found = Object.hasOwn(value, key) ? value[key] : undefined;
    return isSet(found) && found !== '' ? found : undefined;
  };
  const open = (found: JsonObject, place: Pointer) => {
    const reader = readerOf(found, place, told);
    opened.push(reader);
    return reader;
  };
  function wanted<Value>(
    key: string,
    expected: string,
    convert: (found: Json) => Value | undefined,
  ): Value | undefined {
    const found = take(key);
    if (found === undefined) return undefined;
    const converted = convert(found);
    if (converted === undefined) told.wrong(at(key), expected);
    return converted;
  }
  return {
    path,
    has: (key) => Object.hasOwn(value, key) && isSet(value[key]),
    text: (key) => wanted(key, 'a text', (found) => (typeof found === 'string' ? found : undefined)),
    id: (key) => wanted(key, 'an id', idIn),
    number: (key) => wanted(key, 'a number', (found) => (typeof found === 'number' ? found : undefined)),
    flag: (key) => wanted(key, 'true or false', (found) => (typeof found === 'boolean' ? found : undefined)),
    object: (key) =>
      wanted(key, 'an object', (found) => (isObject(found) && !isList(found) ? open(found, at(key)) : undefined)),
    list: (key) =>
      wanted(key, 'a list', (found) => {
        if (!isList(found)) return undefined;
        return found.flatMap((item, index) => {
          if (isObject(item)) return [open(item, `${at(key)}/${index}`)];
          told.wrong(`${at(key)}/${index}`, 'an object');
          return [];
        });
      }),
    value: take,
    skip: (...keys) => {
      for (const key of keys) asked.add(key);
    },
    rest: () => {
      for (const [key, found] of Object.entries(value)) if (!asked.has(key) && holds(found)) told.unmapped(at(key));
      for (const one of opened) one.rest();
    },
  };
}

function idIn(found: Json): string | undefined {
  if (typeof found === 'number') return Number.isSafeInteger(found) ? String(found) : undefined;
  return typeof found === 'string' ? found : undefined;
}

/** Does a value say anything? Empty texts, lists and objects do not, nor do `false` and 0 of blocks that were not written. */
function holds(value: Json | undefined): boolean {
  if (!isSet(value) || value === '' || value === false || value === 0) return false;
  if (isList(value)) return value.length > 0;
  return isObject(value) ? Object.keys(value).length > 0 : true;
}
