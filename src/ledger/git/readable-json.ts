import { byCodePoint } from '../../core/stable.ts';
import { isList, isObject, type Json } from '../../model/json.ts';

const width = 110;

/**
 * JSON as a person would lay it out: what fits on a line stands on one, so that a mapping or a schedule is one line of a diff.
 * Keys are sorted, so that equal values give equal text; ends with a line break.
 */
export function readableJson(value: object): string {
  return `${laid(sorted(asJson(value)), '', 0)}\n`;
}

/** Ledgers are made of JSON; their interfaces only lack the index signature that says so. */
function asJson(value: object): Json {
  return value as Json;
}

function sorted(value: Json): Json {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const pairs = Object.entries(value).sort(([first], [second]) => byCodePoint(first, second));
  return Object.fromEntries(pairs.flatMap(([key, child]) => (child === undefined ? [] : [[key, sorted(child)]])));
}

/** `before`: columns that stand before the value on its line. */
function laid(value: Json, indent: string, before: number): string {
  if (!isList(value) && !isObject(value)) return JSON.stringify(value);
  const flat = JSON.stringify(value);
  if (before + flat.length <= width) return flat;
  const deeper = `${indent}  `;
  const lines = isList(value)
    ? value.map((item) => `${deeper}${laid(item, deeper, deeper.length)}`)
    : Object.entries(value).map(([key, child]) => {
        const start = `${deeper}${JSON.stringify(key)}: `;
        return `${start}${laid(child ?? null, deeper, start.length)}`;
      });
  const [open, shut] = isList(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${lines.join(',\n')}\n${indent}${shut}`;
}
