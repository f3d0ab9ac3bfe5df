import { compile } from 'json-schema-to-typescript';
import { isList, isObject, type Json } from '../model/json.ts';
import type { Node } from './node.ts';

/** TypeScript interfaces for settled schemas whose choices were kept. Keys of `schemas` are the names of the interfaces. */
export async function typesModule(schemas: Readonly<Record<string, Node>>): Promise<string> {
  const parts: string[] = [];
  for (const [name, schema] of Object.entries(schemas)) {
    parts.push(
      await compile(spoken({ ...schema, title: name }), name, {
        bannerComment: '',
        unknownAny: true,
        ignoreMinAndMaxItems: true,
        style: { singleQuote: true, printWidth: 120 },
      }),
    );
  }
  return parts.join('\n');
}

/** Only what types can say: titles of fields would become names of types, and the root's is the interface's. */
function spoken(node: Node): Record<string, Json | undefined> {
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === 'properties' || key === 'patternProperties' ? members(value) : nested(value),
    ]),
  );
}

function members(value: Json | undefined): Json | undefined {
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, child]) => [name, nested(child)]))
    : value;
}

function nested(value: Json | undefined): Json | undefined {
  if (isList(value)) return value.map((item) => nested(item) ?? null);
  if (!isObject(value)) return value;
  const { title: _title, examples: _examples, ...rest } = value;
  return spoken(rest);
}
