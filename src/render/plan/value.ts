import { hiddenValue } from '../../model/hidden.ts';
import { isList, isObject, type Json, type JsonObject } from '../../model/json.ts';

/** Text that YAML reads back as the same string without quotes. */
const plain = /^[A-Za-z_/$][\w ./$@+-]*$/;
const ambiguous = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** A value on one line, as YAML would write it in flow style. Not escaped for any medium. */
function show(value: Json | undefined): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'string') return text(value);
  if (isList(value)) return `[${value.map(show).join(', ')}]`;
  if (isObject(value)) return showObject(value);
  return String(value);
}

/** Stands in the place of an id until the plan has made the thing at this address. Text of the same words is quoted. */
function isPlaceholder(value: JsonObject): value is { readonly $ref: string } {
  return typeof value.$ref === 'string' && Object.keys(value).length === 1;
}

function text(value: string): string {
  if (value === hiddenValue) return value;
  return plain.test(value) && !ambiguous.test(value) && !value.endsWith(' ') ? value : JSON.stringify(value);
}

function showObject(value: JsonObject): string {
  const keys = Object.keys(value);
  if (isPlaceholder(value)) return `${text(value.$ref)} (made by this plan)`;
  if (keys.length === 2 && typeof value.type === 'string' && value.data !== undefined) {
    return `${value.type} ${show(value.data)}`;
  }
  return `{${keys.map((key) => `${text(key)}: ${show(value[key])}`).join(', ')}}`;
}

/** Like `show`, but what is not set says so; an item that the path names by its `to` does not say it again. */
export function showAt(path: string, value: Json | undefined): string {
  if (value === undefined || value === null) return '(not set)';
  if (!isObject(value) || typeof value.to !== 'string' || !path.endsWith(`/${value.to}`)) return show(value);
  const { to: _to, ...rest } = value;
  return showObject(rest);
}

/** As `showAt`, with the name of an id before it, where it is known: `"Salesforce" (601)`. */
export function showNamed(path: string, value: Json | undefined, name: string | undefined): string {
  const shown = showAt(path, value);
  return name === undefined ? shown : `${JSON.stringify(name)} (${shown})`;
}

/** At most `limit` characters; says how many there were. */
export function cut(value: string, limit: number): string {
  if (value.length <= limit) return value;
  const head = window(value, 0, limit);
  if (head.length === value.length) return value;
  const pairs = value.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0;
  return `${head}… (${value.length - pairs} characters)`;
}

/** Both sides of a change, cut to `limit` characters around the first place where they differ. */
export function cutPair(from: string, to: string, limit: number): readonly [string, string] {
  if (from.length <= limit && to.length <= limit) return [from, to];
  let same = 0;
  while (same < from.length && from.charCodeAt(same) === to.charCodeAt(same)) same += 1;
  const start = wholeAt(from, Math.max(0, same - Math.floor(limit / 4)));
  const around = (side: string) => {
    const head = side.length > limit ? start : 0;
    const middle = window(side, head, limit);
    return `${head > 0 ? '…' : ''}${middle}${head + middle.length < side.length ? '…' : ''}`;
  };
  return [around(from), around(to)];
}

/** `limit` characters from `start` on. A value may be megabytes long: only these are looked at. */
function window(value: string, start: number, limit: number): string {
  return [...value.slice(start, start + 2 * limit)].slice(0, limit).join('');
}

/** The place itself, or the one before it where the two halves of one character would be parted. */
function wholeAt(value: string, place: number): number {
  const isPair = /^[\ud800-\udbff][\udc00-\udfff]$/.test(value.slice(Math.max(0, place - 1), place + 1));
  return isPair ? place - 1 : place;
}

/** What a spec says, one entry per thing: nested objects one level deep, items of lists by name. `showAt` shows each. */
export function outline(spec: JsonObject): readonly (readonly [path: string, value: Json])[] {
  return Object.keys(spec).flatMap((key): (readonly [string, Json])[] => {
    const value = spec[key];
    const path = `/${key}`;
    if (value === undefined) return [];
    if (isList(value) && value.some(isObject))
      return value.map((item, index) => [`${path}/${nameOf(value, index)}`, item]);
    if (!isObject(value) || isPlaceholder(value)) return [[path, value]];
    return Object.keys(value).map((inner) => [`${path}/${inner}`, value[inner] ?? null]);
  });
}

/** What a person would call an item: its `to`, or its `type` where no other item has it, or its number. */
function nameOf(list: readonly Json[], index: number): string {
  const item = list[index];
  if (!isObject(item)) return String(index);
  if (typeof item.to === 'string') return item.to;
  const { type } = item;
  const alone = list.filter((other) => isObject(other) && other.type === type).length === 1;
  return typeof type === 'string' && alone ? type : String(index);
}
