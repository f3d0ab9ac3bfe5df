import type { Catalogue, CatalogueContent } from '../../model/catalogue.ts';
import { isList, isObject, type Json, type JsonObject } from '../../model/json.ts';
import { byCodePoint, stableJson } from '../stable.ts';

/** What a catalogue is about, beside its content. */
export interface CatalogueHead {
  readonly at: string;
  readonly api: string;
}

/**
 * The text of a catalogue's file: sorted, one line for each table, object and the like, so that a change shows which of them it is
 * about. Where nothing but the time differs from `before`, that one's time stays, and so does the text, until it is old: then the time
 * says that somebody has looked.
 */
export function catalogueText(content: CatalogueContent, head: CatalogueHead, before: Catalogue | undefined): string {
  const { sources, destinations } = content;
  const isSame =
    before !== undefined &&
    before.api === head.api &&
    !isOld(before, head.at) &&
    sortedText(before) === sortedText(content);
  const whole = {
    version: 1,
    at: isSame ? before.at : head.at,
    api: head.api,
    ...(sources !== undefined && { sources: sorted(asJson(sources)) }),
    ...(destinations !== undefined && { destinations: sorted(asJson(destinations)) }),
  };
  return `${printed(whole, 0)}\n`;
}

/** Days after which what a catalogue says is doubtful. */
export const mostDays = 30;

const day = 24 * 60 * 60 * 1000;

/** Whole days from the time of a catalogue to another time; 0 where that comes before. */
export function daysOf({ at }: Pick<Catalogue, 'at'>, now: string): number {
  return Math.max(0, Math.floor((Date.parse(now) - Date.parse(at)) / day));
}

function isOld(catalogue: Catalogue, now: string): boolean {
  return daysOf(catalogue, now) > mostDays;
}

function sortedText({ sources, destinations }: CatalogueContent): string {
  return stableJson([sorted(asJson(sources ?? null)), sorted(asJson(destinations ?? null))]);
}

/** Lists in the order of their names, and what has none by its text. */
function sorted(value: Json): Json {
  if (isList(value)) {
    const items = value.map((item) => ({ item: sorted(item), key: keyOf(item) }));
    items.sort((one, other) => byCodePoint(one.key, other.key) || byCodePoint(textOf(one.item), textOf(other.item)));
    return items.map(({ item }) => item);
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, sorted(one ?? null)]));
}

const separator = '\u0000';

function keyOf(item: Json): string {
  if (!isObject(item)) return textOf(item);
  const { catalog, schema, name, full_name: full } = item;
  return [catalog, schema, name ?? full].map((one) => (typeof one === 'string' ? one : '')).join(separator);
}

function textOf(value: Json): string {
  return stableJson(value);
}

/** What holds lists of things is spread out; anything else takes a line. */
function printed(value: Json, depth: number): string {
  const inner = '  '.repeat(depth + 1);
  const outer = '  '.repeat(depth);
  if (isList(value)) {
    if (value.length === 0 || !value.some(isObject)) return JSON.stringify(value);
    return `[\n${value.map((item) => `${inner}${printed(item, depth + 1)}`).join(',\n')}\n${outer}]`;
  }
  if (!isObject(value) || !holdsLists(value)) return JSON.stringify(value);
  const lines = Object.entries(value).map(
    ([key, one]) => `${inner}${JSON.stringify(key)}: ${printed(one ?? null, depth + 1)}`,
  );
  return `{\n${lines.join(',\n')}\n${outer}}`;
}

function holdsLists(value: JsonObject): boolean {
  return Object.values(value).some((one) => isList(one) && one.some(isObject));
}

function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
