import { isList, isObject, type Json, type JsonObject } from '../model/json.ts';
import { listAt, textAt } from './node.ts';
import type { KindSource } from './source.ts';

/** What editors propose for an empty file: each snippet of the body, with what belongs around it. */
export function wholeSnippets({ kind, schema }: KindSource): readonly JsonObject[] {
  return listAt(schema, 'defaultSnippets')
    .filter(isObject)
    .map((snippet) => ({
      label: `${textAt(schema, 'title') ?? kind}: ${lowerFirst(textAt(snippet, 'label') ?? '')}`,
      body: { kind, name: `${'${'}1:name-of-this-manifest}`, spec: later(snippet.body ?? null) },
    }));
}

/** The same body with every place to fill in one later, since the name comes first. */
function later(value: Json): Json {
  if (typeof value === 'string')
    return value.replaceAll(/\$\{(\d+)/g, (_match, index: string) => `\${${Number(index) + 1}`);
  if (isList(value)) return value.map(later);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child = null]) => [key, later(child)]));
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
