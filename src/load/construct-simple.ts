import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import type { Json } from '../model/json.ts';
import { forbiddenKeys, plainValue } from './construct.ts';
import { isInnocent, isNumberOfJson } from './plain.ts';

/**
 * The values of all documents, or undefined where anything needs a second look: a tag, an alias, a key that is no text, stands twice or
 * is not allowed, a plain scalar that does not mean everywhere what it says. So good files, nearly all of them, are read in one pass
 * that looks for nothing else. Values are plain JSON; null for an empty document.
 */
export function constructSimple(text: string, events: readonly Event[]): Json[] | undefined {
  const reader: Reader = { text, events, next: 0 };
  const documents: Json[] = [];
  while (reader.next < events.length) {
    reader.next += 1;
    const isEmpty = events[reader.next]?.type === EVENT_ID.POP;
    const value = isEmpty ? null : node(reader);
    if (value === undefined || events[reader.next]?.type !== EVENT_ID.POP) return undefined;
    reader.next += 1;
    documents.push(value);
  }
  return documents;
}

interface Reader {
  readonly text: string;
  readonly events: readonly Event[];
  /** The index of the event to read. */
  next: number;
}

/** The node that starts here, read to its end; undefined where it needs a second look. */
function node(reader: Reader): Json | undefined {
  const event = reader.events[reader.next];
  reader.next += 1;
  if (event?.type === EVENT_ID.SCALAR) return scalar(reader.text, event);
  if (event?.type === EVENT_ID.MAPPING) return event.tagStart === -1 ? mapping(reader) : undefined;
  if (event?.type === EVENT_ID.SEQUENCE) return event.tagStart === -1 ? sequence(reader) : undefined;
  return undefined;
}

function sequence(reader: Reader): Json | undefined {
  const list: Json[] = [];
  while (reader.events[reader.next]?.type !== EVENT_ID.POP) {
    const value = node(reader);
    if (value === undefined) return undefined;
    list.push(value);
  }
  reader.next += 1;
  return list;
}

function mapping(reader: Reader): Json | undefined {
  const object: Record<string, Json> = {};
  while (reader.events[reader.next]?.type !== EVENT_ID.POP) {
    const key = keyOf(node(reader));
    // A key that every object has, such as `toString`, is looked at twice as well; that does no harm.
    if (key === undefined || object[key] !== undefined) return undefined;
    const value = node(reader);
    if (value === undefined) return undefined;
    object[key] = value;
  }
  reader.next += 1;
  return object;
}

/** The keys of all mappings so far: a few dozen, so that each is taken in only once. */
const keys = new Map<string, string>();

function keyOf(value: Json | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const known = keys.get(value);
  if (known !== undefined) return known;
  if (forbiddenKeys.has(value)) return undefined;
  if (keys.size < 1000) keys.set(value, value);
  return value;
}

function scalar(text: string, event: ScalarEvent): Json | undefined {
  if (event.tagStart !== -1) return undefined;
  const source = detached(getScalarValue(text, event));
  if (event.style !== SCALAR_STYLE.PLAIN) return source;
  if (source.charCodeAt(0) > 0x39) {
    if (source.length > longestWord) return source;
    const word = words.get(source);
    return word !== undefined ? word : isInnocent(source) ? source : undefined;
  }
  if (isNumberOfJson(source)) return Number(source);
  return isInnocent(source) ? plainValue(source, false) : undefined;
}

/** Long texts so far; forgotten now and then, for labels and queries are no two alike. */
const texts = new Map<string, string>();

/**
 * The same text apart from the file that it stands in: the engine keeps a longer piece of a text as a view of the whole, so that one
 * value would hold its whole file in memory for as long as it lives.
 */
function detached(piece: string): string {
  if (piece.length < shortestView) return piece;
  const known = texts.get(piece);
  if (known !== undefined) return known;
  // What is put together has a place of its own, of which this is all but one letter; through bytes it would take twice as long.
  const copy = ` ${piece}`.slice(1);
  if (texts.size >= 10_000) texts.clear();
  texts.set(copy, copy);
  return copy;
}

/** Shorter pieces are copied by the engine itself. */
const shortestView = 13;

/** What YAML 1.2 has names for; every other plain scalar that does not begin like a number is text. */
const words: ReadonlyMap<string, Json> = new Map(
  ['~', 'null', 'Null', 'NULL', 'true', 'True', 'TRUE', 'false', 'False', 'FALSE'].map((word) => [
    word,
    plainValue(word, false),
  ]),
);
const longestWord = 5;
