import { isList, isObject, type Json } from '../model/json.ts';

const width = 120;

/** JSON text in which whatever fits on a line stays on it. The same value gives the same bytes. */
export function printJson(value: Json): string {
  return `${print(value, '', '')}\n`;
}

/** The same as an initialiser of a constant. */
export function printConstant(name: string, type: string, value: Json): string {
  const head = `export const ${name}: ${type} = `;
  return `${head}${print(value, '', head)};\n`;
}

function print(value: Json, indent: string, before: string): string {
  const flat = printFlat(value);
  if (indent.length + before.length + flat.length + 1 <= width || !(isObject(value) || isList(value))) return flat;
  const deeper = `${indent}  `;
  const lines = isList(value)
    ? value.map((item) => print(item, deeper, ''))
    : Object.entries(value).flatMap(([key, child]) => (child === undefined ? [] : [member(key, child, deeper)]));
  const [open, close] = isList(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${lines.map((line) => deeper + line).join(',\n')}\n${indent}${close}`;
}

function member(key: string, value: Json, indent: string): string {
  const head = `${JSON.stringify(key)}: `;
  return head + print(value, indent, head);
}

function printFlat(value: Json): string {
  if (isList(value)) return `[${value.map(printFlat).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).flatMap(([key, child]) =>
    child === undefined ? [] : [`${JSON.stringify(key)}: ${printFlat(child)}`],
  );
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
