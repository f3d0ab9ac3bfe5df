import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_ID, type Event, getScalarValue } from 'js-yaml';
import type { Origin } from '../model/diagnostic.ts';
import { type Pointer, tokens } from '../model/json.ts';
import { startOf } from './events.ts';
import { linesOf } from './line-column.ts';
import { readEvents } from './read-events.ts';

/** Finds places in one text; parses it once, and looks at each of its mappings and lists once. */
export type Locator = (document: number, path: Pointer, at: 'key' | 'value') => { line: number; column: number };

/** Where a value (or, with `at: 'key'`, its key) stands in a file of the project. */
export type FileLocator = (file: string, document: number, path: Pointer, at: 'key' | 'value') => Origin;

/** As `filesLocator`, for a single place. */
export function locate(root: string, file: string, document: number, path: Pointer, at: 'key' | 'value'): Origin {
  return filesLocator(root)(file, document, path, at);
}

/**
 * Finds places in the files of a project. Reads each file again, and keeps the last one, so ask for those of one file in a row.
 * Where a path leads nowhere, it is the nearest ancestor that exists; 1:1 where the file cannot be read any more.
 */
export function filesLocator(root: string): FileLocator {
  let last: { readonly file: string; readonly find: Locator } | undefined;
  return (file, document, path, at) => {
    if (last?.file !== file) last = { file, find: locator(textOf(join(root, file))) };
    return { file, ...last.find(document, path, at) };
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return '';
  }
}

/** A locator for many places of one text. A text that is not YAML has everything at 1:1. */
export function locator(text: string): Locator {
  const lines = linesOf(text);
  const read = readEvents(text);
  const index = 'stop' in read ? indexOf('', []) : indexOf(read.text, read.events);
  return (document, path, at) => lines(offsetOf(index, document, tokens(path), at));
}

interface Place {
  readonly key: number;
  readonly value: number;
}

/** A node by the number of its event, and where it stands. */
interface Node {
  readonly event: number;
  readonly place: Place;
}

interface Index {
  readonly text: string;
  readonly events: readonly Event[];
  /** For each event that starts a node, the event after that node. */
  readonly ends: Uint32Array;
  /** For each alias, the event of the node that it stands for: the last one of its anchor before it. */
  readonly anchored: ReadonlyMap<number, number>;
  /** Events that start a document. */
  readonly documents: readonly number[];
  /** Children of the mappings and lists that somebody has asked for, by their tokens. */
  readonly children: Map<number, ReadonlyMap<string, Node>>;
}

function indexOf(text: string, events: readonly Event[]): Index {
  const ends = new Uint32Array(events.length);
  const anchored = new Map<number, number>();
  const documents: number[] = [];
  const anchors = new Map<string, number>();
  const open: number[] = [];
  for (const [index, event] of events.entries()) {
    if (event.type === EVENT_ID.POP) {
      ends[open.pop() ?? 0] = index + 1;
      continue;
    }
    if (event.type === EVENT_ID.DOCUMENT) documents.push(index);
    else if (event.anchorStart !== -1) anchor(text, event, index, anchors, anchored);
    if (event.type === EVENT_ID.SCALAR || event.type === EVENT_ID.ALIAS) ends[index] = index + 1;
    else open.push(index);
  }
  return { text, events, ends, anchored, documents, children: new Map() };
}

function anchor(
  text: string,
  event: Event & { readonly anchorStart: number; readonly anchorEnd: number },
  index: number,
  anchors: Map<string, number>,
  anchored: Map<number, number>,
): void {
  const name = text.slice(event.anchorStart, event.anchorEnd);
  const target = anchors.get(name);
  if (event.type !== EVENT_ID.ALIAS) anchors.set(name, index);
  else if (target !== undefined) anchored.set(index, target);
}

function offsetOf(index: Index, document: number, path: readonly string[], at: 'key' | 'value'): number {
  const root = (index.documents[document] ?? index.events.length) + 1;
  const first = index.events[root];
  if (first === undefined) return 0;
  let node: Node = { event: root, place: placeOf(index.text, first, 0) };
  for (const token of path) {
    const next = childrenOf(index, index.anchored.get(node.event) ?? node.event).get(token);
    if (next === undefined) return node.place.value;
    node = next;
  }
  return at === 'key' ? node.place.key : node.place.value;
}

/** An empty value has no place of its own: its key's stands for it. */
function placeOf(text: string, event: Event, key: number): Place {
  const value = startOf(text, event);
  return { key, value: value < 0 ? key : value };
}

const childless: ReadonlyMap<string, Node> = new Map();

function childrenOf(index: Index, parent: number): ReadonlyMap<string, Node> {
  const type = index.events[parent]?.type;
  if (type !== EVENT_ID.MAPPING && type !== EVENT_ID.SEQUENCE) return childless;
  const known = index.children.get(parent);
  if (known !== undefined) return known;
  const children = type === EVENT_ID.MAPPING ? entriesOf(index, parent) : itemsOf(index, parent);
  index.children.set(parent, children);
  return children;
}

/** Of two equal keys the first counts. */
function entriesOf({ text, events, ends }: Index, parent: number): Map<string, Node> {
  const entries = new Map<string, Node>();
  let at = parent + 1;
  for (let key = events[at]; key !== undefined && key.type !== EVENT_ID.POP; key = events[at]) {
    const event = ends[at] ?? events.length;
    const value = events[event];
    if (value === undefined) break;
    const name = key.type === EVENT_ID.SCALAR ? getScalarValue(text, key) : undefined;
    if (name !== undefined && !entries.has(name))
      entries.set(name, { event, place: placeOf(text, value, startOf(text, key)) });
    at = ends[event] ?? events.length;
  }
  return entries;
}

function itemsOf({ text, events, ends }: Index, parent: number): Map<string, Node> {
  const items = new Map<string, Node>();
  let event = parent + 1;
  for (let item = events[event]; item !== undefined && item.type !== EVENT_ID.POP; item = events[event]) {
    const start = Math.max(0, startOf(text, item));
    items.set(String(items.size), { event, place: { key: start, value: start } });
    event = ends[event] ?? events.length;
  }
  return items;
}
