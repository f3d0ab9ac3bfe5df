import { CHOMPING_MODE, COLLECTION_STYLE, EVENT_ID, type Event, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { scalarValue } from '../load/construct.ts';
import { startOf } from '../load/events.ts';
import { lineStart } from '../load/line-column.ts';
import type { Json } from '../model/json.ts';
import { lineAfter, skipTrivia, stopOfTail } from './lines.ts';

interface Base {
  /** Where it starts, its anchor and tag included; where it would stand, for an empty value. */
  readonly start: number;
  /** Where it starts without them. */
  readonly inner: number;
  /** Where it ends. Of a block collection: where its last value ends. */
  readonly end: number;
  readonly anchor: string | undefined;
  /** What it says, aliases included, variables not filled in. */
  readonly raw: Json;
}

export interface Scalar extends Base {
  readonly type: 'scalar';
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded' | 'empty';
  readonly tagged: boolean;
  /** Do the blank lines after it belong to it? */
  readonly keeps: boolean;
}

export interface Alias extends Base {
  readonly type: 'alias';
  readonly name: string;
  /** What it stands for; undefined where no such anchor stands before it. */
  readonly target: Node | undefined;
}

export interface Collection extends Base {
  readonly type: 'map' | 'list';
  /** In brackets? */
  readonly flow: boolean;
  readonly entries: readonly Entry[];
  /** It cannot be taken apart: it has a key that is no text, stands twice, or is written with a question mark. */
  readonly odd: boolean;
  /** The column of its keys or dashes. */
  readonly column: number;
  /** Does its first entry stand on the line of what it belongs to? */
  readonly inline: boolean;
  /** Where its first entry with the comments above it begins; the start of a line, unless it is inline. */
  readonly body: number;
  /** Where the comments after its last entry begin that still belong to it. */
  readonly tail: number;
  /** Where the line begins that belongs to something else. */
  readonly stop: number;
}

export type Node = Scalar | Alias | Collection;

/** A pair of a mapping, or an item of a list. */
export interface Entry {
  /** undefined for an item. */
  readonly key: Scalar | undefined;
  readonly name: string;
  readonly value: Node;
  /** Where its key or its dash stands; for an item in brackets, the value. */
  readonly start: number;
  /** Behind its colon or dash. */
  readonly head: number;
  readonly end: number;
  /** In a block: where the lines above it begin that belong to it. */
  readonly from: number;
  /** In a block: where the line after it begins. */
  readonly stop: number;
}

interface Reader {
  readonly text: string;
  readonly events: readonly Event[];
  next: number;
  anchors: Map<string, Node>;
}

/** The nodes of each document; undefined for an empty one. Offsets are those of `text`. */
export function treesOf(text: string, events: readonly Event[]): readonly (Node | undefined)[] {
  const reader: Reader = { text, events, next: 0, anchors: new Map() };
  const roots: (Node | undefined)[] = [];
  while (reader.next < events.length) {
    reader.next += 1;
    reader.anchors = new Map();
    const first = events[reader.next];
    const start = first === undefined ? -1 : startOf(text, first);
    const root = first?.type === EVENT_ID.POP || first === undefined ? undefined : node(reader, rootSpot(start));
    roots.push(start < 0 ? undefined : root);
    reader.next += 1;
  }
  return roots;
}

/** An empty document has no root, or one that stands nowhere. */
function rootSpot(start: number): Spot {
  return { at: Math.max(0, start), column: -1, root: true };
}

interface Spot {
  /** Where the value would stand if it were empty. */
  readonly at: number;
  /** The column of the collection that it is in. */
  readonly column: number;
  readonly root?: boolean;
}

function node(reader: Reader, spot: Spot): Node {
  const event = reader.events[reader.next];
  reader.next += 1;
  const made = nodeOf(reader, event, spot);
  if (made.anchor !== undefined) reader.anchors.set(made.anchor, made);
  return made;
}

function nodeOf(reader: Reader, event: Event | undefined, spot: Spot): Node {
  switch (event?.type) {
    case EVENT_ID.SCALAR:
      return scalar(reader.text, event, spot.at);
    case EVENT_ID.ALIAS: {
      const { anchorStart, anchorEnd } = event;
      const name = reader.text.slice(anchorStart, anchorEnd);
      const target = reader.anchors.get(name);
      const start = anchorStart - 1;
      return {
        type: 'alias',
        name,
        target,
        start,
        inner: start,
        end: anchorEnd,
        anchor: undefined,
        raw: target === undefined ? '' : target.raw,
      };
    }
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return collection(reader, event, spot);
    default:
      throw new Error('The events of a text are out of step.');
  }
}

interface Properties {
  readonly anchorStart: number;
  readonly anchorEnd: number;
  readonly tagStart: number;
  readonly tagEnd: number;
}

function scalar(text: string, event: ScalarEvent, at: number): Scalar {
  const { start, end: propertiesEnd } = propertiesOf(event, at);
  const empty = event.valueStart === -1;
  const inner = empty ? propertiesEnd : startOf(text, event);
  return {
    type: 'scalar',
    start: Math.min(start, inner),
    inner,
    end: empty ? inner : scalarEnd(text, event),
    style: empty ? 'empty' : styleOf(event),
    tagged: event.tagStart !== -1,
    keeps: event.chomping === CHOMPING_MODE.KEEP,
    anchor: anchorOf(text, event),
    raw: scalarValue(text, event),
  };
}

/** Where anchor and tag start and end; where there are none, `at`. */
function propertiesOf(event: Properties, at: number): { start: number; end: number } {
  const starts = [event.anchorStart - 1, event.tagStart].filter((one) => one >= 0);
  return starts.length === 0
    ? { start: Number.POSITIVE_INFINITY, end: at }
    : { start: Math.min(...starts), end: Math.max(event.anchorEnd, event.tagEnd) };
}

function styleOf({ style }: ScalarEvent): Scalar['style'] {
  if (style === SCALAR_STYLE.SINGLE_QUOTED) return 'single';
  if (style === SCALAR_STYLE.DOUBLE_QUOTED) return 'double';
  if (style === SCALAR_STYLE.LITERAL_BLOCK) return 'literal';
  return style === SCALAR_STYLE.FOLDED_BLOCK ? 'folded' : 'plain';
}

/** Blank lines after a block scalar belong to it only where it keeps them. */
function scalarEnd(text: string, event: ScalarEvent): number {
  const style = styleOf(event);
  if (style === 'plain') return event.valueEnd;
  if (style === 'single' || style === 'double') return event.valueEnd + 1;
  const written = text.slice(event.valueStart, event.valueEnd);
  if (written.trim() === '' && event.chomping !== CHOMPING_MODE.KEEP) return lineEndBefore(text, event.valueStart);
  // A line of more blanks than the indentation holds text: blanks.
  const blank = ` {0,${Math.max(0, event.indent)}}`;
  const after =
    event.chomping === CHOMPING_MODE.KEEP ? /(?:\r\n|\n|\r)$/ : new RegExp(`(?:(?:\\r\\n|\\n|\\r)${blank})+$`);
  return event.valueStart + written.replace(after, '').length;
}

function lineEndBefore(text: string, offset: number): number {
  return text[offset - 1] === '\n' ? offset - (text[offset - 2] === '\r' ? 2 : 1) : offset;
}

function anchorOf(text: string, event: Properties): string | undefined {
  return event.anchorStart === -1 ? undefined : text.slice(event.anchorStart, event.anchorEnd);
}

function collection(
  reader: Reader,
  event: Extract<Event, { type: typeof EVENT_ID.MAPPING | typeof EVENT_ID.SEQUENCE }>,
  spot: Spot,
): Collection {
  const { text } = reader;
  const type = event.type === EVENT_ID.MAPPING ? 'map' : 'list';
  const flow = event.style === COLLECTION_STYLE.FLOW;
  const bare = flow && !/[{[]/.test(text[event.start] ?? '');
  const column = event.start - lineStart(text, event.start);
  const properties = propertiesOf(event, spot.at);
  const opened = lineAfter(text, properties.end);
  const inline = lineStart(text, event.start) < opened && spot.root !== true;
  const body = spot.root === true ? lineStart(text, event.start) : inline ? event.start : opened;
  const entries: Entry[] = [];
  let odd = bare;
  let cursor = bare || !flow ? event.start : event.start + 1;
  let from = body;
  while (reader.events[reader.next]?.type !== EVENT_ID.POP) {
    const start = skipTrivia(text, cursor, flow);
    const entry = type === 'map' ? pair(reader, { start, column, flow }) : item(reader, { start, column, flow });
    const stop = isBlock(entry.value) ? entry.value.stop : stopOfTail(text, lineAfter(text, entry.end), column + 1);
    if (entry.odd || (type === 'map' && entries.some((one) => one.name === entry.name))) odd = true;
    entries.push({ ...entry, from, stop });
    cursor = entry.end;
    from = stop;
  }
  reader.next += 1;
  const end = flow && !bare ? skipTrivia(text, cursor, true) + 1 : cursor;
  return {
    type,
    flow,
    entries,
    odd,
    column,
    inline,
    body,
    tail: from,
    stop: flow ? end : stopOfTail(text, from, Math.max(column, spot.column + 1)),
    start: Math.min(properties.start, event.start),
    inner: event.start,
    end,
    anchor: anchorOf(text, event),
    raw: rawOf(type, entries),
  };
}

function isBlock(value: Node): value is Collection {
  return (value.type === 'map' || value.type === 'list') && !value.flow;
}

function rawOf(type: 'map' | 'list', entries: readonly Entry[]): Json {
  if (type === 'list') return entries.map((one) => one.value.raw);
  return Object.fromEntries([...entries].reverse().map((one) => [one.name, one.value.raw]));
}

type Read = Omit<Entry, 'from' | 'stop'> & { readonly odd: boolean };

function pair(reader: Reader, { start, column, flow }: { start: number; column: number; flow: boolean }): Read {
  const { text } = reader;
  const key = node(reader, { at: start, column });
  const colon = skipTrivia(text, key.end, false);
  const hasColon = text[colon] === ':';
  const head = hasColon ? colon + 1 : key.end;
  const value = node(reader, { at: head, column });
  const name = typeof key.raw === 'string' ? key.raw : '';
  const odd = key.type !== 'scalar' || typeof key.raw !== 'string' || key.start !== start || (!hasColon && !flow);
  return {
    key: key.type === 'scalar' ? key : undefined,
    name,
    value,
    start,
    head,
    end: Math.max(value.end, head),
    odd,
  };
}

function item(reader: Reader, { start, column, flow }: { start: number; column: number; flow: boolean }): Read {
  const head = flow ? start : start + 1;
  const value = node(reader, { at: head, column });
  return { key: undefined, name: '', value, start, head, end: Math.max(value.end, head), odd: false };
}

/** Do blank lines that come after a node belong to it? */
export function endsKept(node: Node | undefined): boolean {
  if (node === undefined || node.type === 'alias') return false;
  return node.type === 'scalar' ? node.keeps : !node.flow && endsKept(node.entries.at(-1)?.value);
}
