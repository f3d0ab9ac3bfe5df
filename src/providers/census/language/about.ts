import type { Describe, Endpoint, Referent } from '../../../model/about.ts';
import { isObject, type Json, type JsonObject, type Pointer, type Spec } from '../../../model/json.ts';
import { isGiven } from '../../../wire/json.ts';
import { runsWhen } from './when.ts';

type At = (into: Pointer) => Referent;

/** What a Census sync is: what it reads, what it writes into, how, and when. */
export const aboutSync: Describe = (spec, at) => {
  const when = runsWhen(spec.mode, at);
  return {
    source: sourceOf(spec, at),
    destination: destinationOf(spec, at),
    operation: typeof spec.operation === 'string' ? spec.operation : null,
    schedule: spec.paused === true && when !== 'never' ? `${when}, paused` : when,
  };
};

const places = {
  object: '/source_attributes/object/id',
  dataset: '/source_attributes/object/dataset_id',
  model: '/source_attributes/object/model_id',
} as const;

/** It is called as its connection is; the address is that of the dataset which is read. */
function sourceOf({ source_attributes: source }: Spec, at: At): Endpoint | null {
  if (!isObject(source)) return null;
  const { id, name } = at('/source_attributes/connection_id');
  const object = isObject(source.object) ? source.object : {};
  const { address } = at(object.type === 'dataset' ? places.object : places.dataset);
  return { id, name, object: objectWords(object, at), address };
}

/** `ANALYTICS.PUBLIC.USERS`, `model active_users`, `segment VIP of dataset Customers`. */
function objectWords(object: JsonObject, at: At): string | null {
  const { type, table_catalog: catalog, table_schema: schema, table_name: table } = object;
  if (typeof type !== 'string') return null;
  if (type === 'table' && isGiven(table)) return [catalog, schema, table].filter(isGiven).join('.');
  const own = called(type, at(places.object), object.id ?? object.name) ?? type;
  const base =
    called('dataset', at(places.dataset), object.dataset_id ?? object.dataset) ??
    called('model', at(places.model), object.model_id ?? object.model);
  return base === undefined ? own : `${own} of ${base}`;
}

/** Name or id behind the word for it; undefined where neither is said. */
function called(noun: string, { name, id }: Referent, said: Json | undefined): string | undefined {
  const who = name ?? id ?? said;
  return typeof who === 'string' || typeof who === 'number' ? `${noun} ${who}` : undefined;
}

function destinationOf({ destination_attributes: destination }: Spec, at: At): Endpoint | null {
  if (!isObject(destination)) return null;
  const { id, name } = at('/destination_attributes/connection_id');
  return { id, name, object: typeof destination.object === 'string' ? destination.object : null, address: null };
}
