import { isList, isObject, type Json } from '../model/json.ts';

/** Code point order: the same on every machine and in every locale. */
export function byCodePoint(first: string, second: string): number {
  return first < second ? -1 : first > second ? 1 : 0;
}

/** JSON with sorted keys and without undefined: equal values give equal text. */
export function stableJson(value: Json | undefined): string {
  if (isList(value)) return `[${value.map(stableJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const parts: string[] = [];
  for (const key of Object.keys(value).sort(byCodePoint)) {
    const child = value[key];
    if (child !== undefined) parts.push(`${JSON.stringify(key)}:${stableJson(child)}`);
  }
  return `{${parts.join(',')}}`;
}
