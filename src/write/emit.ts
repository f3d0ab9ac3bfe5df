import { isList, isObject, type Json, type JsonObject } from '../model/json.ts';
import { blockScalar, doubleQuoted, needsQuotes, quoted, simpleText } from './scalar.ts';

/** How a file is laid out. */
export interface Layout {
  /** By how many columns what belongs to a key stands deeper than the key. */
  readonly step: number;
  /** By how many columns the dashes of a list stand deeper than its key. */
  readonly dash: number;
  /** How lines end. */
  readonly eol: string;
}

export const plainLayout: Layout = { step: 2, dash: 2, eol: '\n' };

/** As many columns as a line may have before what is in brackets is written on lines of its own. */
const width = 110;

/** `key:` and its value from `column` on, without the indentation of its first line and without the last line break. */
export function pairText(key: string, value: Json, column: number, layout: Layout): string {
  const head = `${keyText(key)}:`;
  return head + valueText(value, { column, before: column + head.length, layout, inList: false });
}

/** As `pairText`, for an object that is never put in brackets. */
export function openPairText(key: string, value: JsonObject, column: number, layout: Layout): string {
  const head = `${keyText(key)}:`;
  if (isEmpty(value)) return `${head} {}`;
  return head + mapText(value, { column, before: 0, layout, inList: false });
}

/** An item of a list with its dash, which stands at `column`. `open`: an object has a line for each of its keys, however few. */
export function itemText(value: Json, column: number, layout: Layout, open = false): string {
  if (open && isObject(value) && !isEmpty(value))
    return `-${mapText(value, { column, before: 0, layout, inList: true })}`;
  return `-${valueText(value, { column, before: column + 1, layout, inList: true })}`;
}

export interface Where {
  /** The column of the key or the dash that the value belongs to. */
  readonly column: number;
  /** How much of the line is taken. */
  readonly before: number;
  readonly layout: Layout;
  /** Is it the item of a list? */
  readonly inList: boolean;
}

/** What follows a key's colon or a dash: a blank and one line, or lines below it. */
export function valueText(value: Json, where: Where): string {
  const { column, before, layout, inList } = where;
  if (typeof value === 'string') {
    const lines = blockScalar(value, ' '.repeat(column + layout.step));
    return ` ${lines === undefined ? simpleText(value, 'block') : lines.join(layout.eol)}`;
  }
  if (!isObject(value) && !isList(value)) return ` ${simpleText(value, 'block')}`;
  const short = shortText(value, inList ? 2 : 1);
  if (short !== undefined && (short.length <= 2 || before + 1 + short.length <= width)) return ` ${short}`;
  return isList(value) ? listText(value, where) : mapText(value, where);
}

function mapText(value: JsonObject, { column, layout, inList }: Where): string {
  const own = inList ? column + 2 : column + layout.step;
  const pairs = definedEntries(value).map(([key, child]) => pairText(key, child, own, layout));
  const between = layout.eol + ' '.repeat(own);
  return (inList ? ' ' : between) + pairs.join(between);
}

function listText(value: readonly Json[], { column, layout, inList }: Where): string {
  const own = inList ? column + 2 : column + layout.dash;
  const items = value.map((item) => itemText(item, own, layout));
  const between = layout.eol + ' '.repeat(own);
  return (inList ? ' ' : between) + items.join(between);
}

/** A list or an object in brackets, if nothing in it lies deeper than `depth` and no text has several lines. */
function shortText(value: JsonObject | readonly Json[], depth: number): string | undefined {
  const children = isList(value) ? value : definedEntries(value).map(([, child]) => child);
  const isFlat = children.every((child) => {
    if (isObject(child) || isList(child))
      return isEmpty(child) || (depth > 1 && isObject(child) && shortText(child, depth - 1) !== undefined);
    return typeof child !== 'string' || !child.includes('\n');
  });
  if (!isFlat || (isList(value) && children.some(isObject))) return children.length === 0 ? flowText(value) : undefined;
  return flowText(value);
}

function isEmpty(value: JsonObject | readonly Json[]): boolean {
  return (isList(value) ? value : definedEntries(value)).length === 0;
}

/** A value on one line, with brackets; `json`: as JSON writes it, with quotes around every text. */
export function flowText(value: Json, json = false): string {
  if (isList(value)) return `[${value.map((item) => flowText(item, json)).join(', ')}]`;
  if (isObject(value)) {
    const pairs = definedEntries(value).map(([key, child]) => flowPair(key, child, json));
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  }
  return json && typeof value === 'string' ? doubleQuoted(value) : simpleText(value, 'flow');
}

/** A key and its value inside of brackets. */
export function flowPair(key: string, value: Json, json = false): string {
  return `${json ? doubleQuoted(key) : keyText(key)}: ${flowText(value, json)}`;
}

/** A key, in quotes where it needs them anywhere. */
export function keyText(key: string): string {
  return needsQuotes(key, 'flow') || needsQuotes(key, 'block') ? quoted(key) : key;
}

/** The keys that have a value. */
export function definedEntries(value: JsonObject): [string, Json][] {
  return Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
}
