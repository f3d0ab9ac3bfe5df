import { isObject, type Json, type JsonObject, type Spec } from '../model/json.ts';
import { definedEntries, openPairText, pairText, plainLayout } from './emit.ts';
import { orderOfKind } from './order.ts';
import { schemaComment } from './schema-line.ts';
import { inOrder, sorted } from './sorted.ts';

/** What a new manifest says. */
export interface NewManifest {
  readonly kind: string;
  readonly name: string;
  readonly targets?: readonly string[] | undefined;
  readonly lifecycle?: JsonObject | undefined;
  /** As it is written: with short forms and names, and with `$${` where a literal `${` is meant. */
  readonly spec: Spec;
  readonly overrides?: JsonObject | undefined;
  /** What the first line tells editors: the value of `$schema`. */
  readonly schema?: string | undefined;
}

/** The text of a new manifest: keys in the order of the schema, quotes only where they are needed, what is short on one line. */
export function manifestText({ schema, ...manifest }: NewManifest): string {
  const order = orderOfKind(manifest.kind);
  const pairs: [string, Json][] = definedEntries({ ...manifest }).map(([key, value]) => [
    key,
    sorted(value, order.below(key)),
  ]);
  const values = Object.fromEntries(pairs);
  const lines = inOrder(Object.keys(values), order).map((key) => `${topText(key, values[key] ?? null)}\n`);
  return `${schemaComment(schema)}${lines.join('')}`;
}

/** The spec has a line for each of its keys, however few they are. */
function topText(key: string, value: Json): string {
  return key === 'spec' && isObject(value)
    ? openPairText(key, value, 0, plainLayout)
    : pairText(key, value, 0, plainLayout);
}
