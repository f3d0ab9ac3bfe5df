import { schemas } from '../generated/schemas.js';
import { isList, isObject, type Json, type JsonObject } from '../model/json.ts';
import { definedEntries } from './emit.ts';

/** In which order the keys of an object are written, and what there is to know below each. */
export interface KeyOrder {
  /** The place of each key; a key that is not in here comes last. */
  readonly rank: ReadonlyMap<string, number>;
  /** The order of the object at a key; `undefined` stands for the items of a list. */
  below(key: string | undefined): KeyOrder;
}

/** The order of the keys of manifests of a kind, as its schema has them; no order where there is no such kind. */
export function orderOfKind(kind: unknown): KeyOrder {
  if (typeof kind !== 'string' || !Object.hasOwn(schemas, kind)) return noOrder;
  const known = orders.get(kind) ?? manifestOrder(schemas[kind] as Json);
  orders.set(kind, known);
  return known;
}

const orders = new Map<string, KeyOrder>();

/** Nothing is known, so everything stays in its order. */
const noOrder: KeyOrder = { rank: new Map(), below: () => noOrder };

/** What an override holds is written as the spec is. */
function manifestOrder(schema: Json): KeyOrder {
  const order = orderIn([schema]);
  const spec = order.below('spec');
  const overrides: KeyOrder = { rank: new Map(), below: () => spec };
  return { rank: order.rank, below: (key) => (key === 'overrides' ? overrides : order.below(key)) };
}

/** The order in which these schemas of one value, taken together, list its keys. What only the server sets comes last. */
function orderIn(schemasOfOne: readonly Json[]): KeyOrder {
  const parts = schemasOfOne.flatMap(partsOf);
  const properties = parts.flatMap((part) => (isObject(part.properties) ? definedEntries(part.properties) : []));
  const byKey = new Map<string, Json[]>();
  for (const [key, schema] of properties) byKey.set(key, [...(byKey.get(key) ?? []), schema]);
  const keys = [...byKey.keys()];
  const own = keys.filter((key) => !byKey.get(key)?.some(isOfServer));
  const rank = new Map([...own, ...keys.filter((key) => !own.includes(key))].map((key, index) => [key, index]));
  const items = parts.flatMap((part) => (part.items === undefined ? [] : [part.items]));
  const others = parts.flatMap((part) => (part.additionalProperties === undefined ? [] : [part.additionalProperties]));
  const known = new Map<string | undefined, KeyOrder>();
  return {
    rank,
    below: (key) => {
      const found = known.get(key) ?? orderIn(key === undefined ? items : (byKey.get(key) ?? others));
      known.set(key, found);
      return found;
    },
  };
}

/** A schema and those that say more about the same value. The longest list of keys of a choice comes first: it is the most complete. */
function partsOf(schema: Json): JsonObject[] {
  if (!isObject(schema)) return [];
  const lists = [schema.allOf, schema.anyOf, schema.oneOf].flatMap((list) => (isList(list) ? list : []));
  const choices = [...lists, ...[schema.then, schema.else].flatMap((one) => (one === undefined ? [] : [one]))];
  const below = choices.flatMap(partsOf);
  return [schema, ...below.sort((first, second) => sizeOf(second) - sizeOf(first))];
}

function sizeOf({ properties }: JsonObject): number {
  return isObject(properties) ? Object.keys(properties).length : 0;
}

function isOfServer(schema: Json): boolean {
  return isObject(schema) && schema.readOnly === true;
}
