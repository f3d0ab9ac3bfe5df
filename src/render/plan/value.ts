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

function text(value: string): string {
  return plain.test(value) && !ambiguous.test(value) && !value.endsWith(' ') ? value : JSON.stringify(value);
}

function showObject(value: JsonObject): string {
  const keys = Object.keys(value);
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

/** At most `limit` characters; says how many there were. */
export function cut(value: string, limit: number): string {
  if (value.length <= limit) return value;
  const characters = [...value];
  if (characters.length <= limit) return value;
  return `${characters.slice(0, limit).join('')}… (${characters.length} characters)`;
}

/** Both sides of a change, cut to `limit` characters around the first place where they differ. */
export function cutPair(from: string, to: string, limit: number): readonly [string, string] {
  if (from.length <= limit && to.length <= limit) return [from, to];
  const left = [...from];
  const right = [...to];
  let same = 0;
  while (same < left.length && left[same] === right[same]) same += 1;
  const start = Math.max(0, same - Math.floor(limit / 4));
  const window = (side: readonly string[]) => {
    const head = start > 0 && side.length > limit ? start : 0;
    const tail = head + limit < side.length ? '…' : '';
    return `${head > 0 ? '…' : ''}${side.slice(head, head + limit).join('')}${tail}`;
  };
  return [window(left), window(right)];
}

/** What a spec says, one line per thing: nested objects one level deep, items of lists by name. */
export function outline(spec: JsonObject): readonly (readonly [path: string, value: string])[] {
  return Object.keys(spec).flatMap((key): (readonly [string, string])[] => {
    const value = spec[key];
    const path = `/${key}`;
    if (value === undefined) return [];
    if (isList(value) && value.some(isObject))
      return value.map((item, index) => itemLine(path, item, nameOf(value, index)));
    if (!isObject(value)) return [[path, showAt(path, value)]];
    return Object.keys(value).map((inner) => [`${path}/${inner}`, showAt(`${path}/${inner}`, value[inner])]);
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

function itemLine(list: string, item: Json, name: string): readonly [string, string] {
  const path = `${list}/${name}`;
  return [path, showAt(path, item)];
}
