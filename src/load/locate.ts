import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_ID, type Event, getScalarValue, parseEvents } from 'js-yaml';
import type { Origin } from '../model/diagnostic.ts';
import { type Pointer, tokens } from '../model/json.ts';
import { after, startOf } from './events.ts';
import { lineColumn } from './line-column.ts';

/** Finds places in one text; parses it once. */
export type Locator = (document: number, path: Pointer, at: 'key' | 'value') => { line: number; column: number };

/**
 * Where a value (or, with `at: 'key'`, its key) stands in a file. Reads the file again; nothing is kept from loading.
 * Where the path leads nowhere, the nearest ancestor that exists; 1:1 where the file cannot be read any more.
 */
export function locate(root: string, file: string, document: number, path: Pointer, at: 'key' | 'value'): Origin {
  let text = '';
  try {
    text = readFileSync(join(root, file), 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return { file, line: 1, column: 1 };
  }
  return { file, ...locator(text)(document, path, at) };
}

/** A locator for many places of one text. A text that is not YAML has everything at 1:1. */
export function locator(text: string): Locator {
  let events: readonly Event[] = [];
  try {
    events = parseEvents(text, {});
  } catch {
    // 1:1
  }
  return (document, path, at) => lineColumn(text, offsetOf(text, events, document, tokens(path), at));
}

interface Place {
  readonly key: number;
  readonly value: number;
}

function offsetOf(
  text: string,
  events: readonly Event[],
  document: number,
  path: readonly string[],
  at: 'key' | 'value',
): number {
  let index = documentIndex(events, document) + 1;
  const first = events[index];
  if (first === undefined) return 0;
  let place: Place = placeOf(text, first, 0);
  for (const token of path) {
    index = throughAlias(text, events, index);
    const next = child(text, events, index, token);
    if (next === undefined) return place.value;
    ({ index, place } = next);
  }
  return at === 'key' ? place.key : place.value;
}

/** An empty value has no place of its own: its key's stands for it. */
function placeOf(text: string, event: Event, key: number): Place {
  const value = startOf(text, event);
  return { key, value: value < 0 ? key : value };
}

function documentIndex(events: readonly Event[], document: number): number {
  let index = 0;
  for (let count = 0; count < document && index < events.length; count++) index = after(events, index);
  return index;
}

function child(text: string, events: readonly Event[], index: number, token: string) {
  const parent = events[index];
  if (parent?.type === EVENT_ID.MAPPING) return entry(text, events, index + 1, token);
  if (parent?.type === EVENT_ID.SEQUENCE) return item(text, events, index + 1, token);
  return undefined;
}

function entry(text: string, events: readonly Event[], first: number, token: string) {
  let index = first;
  for (let key = events[index]; key !== undefined && key.type !== EVENT_ID.POP; key = events[index]) {
    const valueIndex = after(events, index);
    const value = events[valueIndex];
    if (key.type === EVENT_ID.SCALAR && value !== undefined && getScalarValue(text, key) === token) {
      return { index: valueIndex, place: placeOf(text, value, startOf(text, key)) };
    }
    index = after(events, valueIndex);
  }
  return undefined;
}

function item(text: string, events: readonly Event[], first: number, token: string) {
  let index = first;
  for (let left = Number(token); left > 0 && events[index]?.type !== EVENT_ID.POP; left--) index = after(events, index);
  const value = events[index];
  if (value === undefined || value.type === EVENT_ID.POP) return undefined;
  const start = Math.max(0, startOf(text, value));
  return { index, place: { key: start, value: start } };
}

/** The anchored node that an alias at `index` stands for: the last one of its name before it. */
function throughAlias(text: string, events: readonly Event[], index: number): number {
  const alias = events[index];
  if (alias?.type !== EVENT_ID.ALIAS) return index;
  const name = text.slice(alias.anchorStart, alias.anchorEnd);
  for (let before = index - 1; before >= 0; before--) {
    const event = events[before];
    if (event === undefined || !('anchorStart' in event) || event.type === EVENT_ID.ALIAS) continue;
    if (event.anchorStart !== -1 && text.slice(event.anchorStart, event.anchorEnd) === name) return before;
  }
  return index;
}
