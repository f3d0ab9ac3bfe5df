import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { failedAssumption } from './assumptions.ts';

/** What joins one source to one destination; every sync belongs to one. Ids are text. */
export interface Activation {
  /** `glimmering_donkey`. */
  readonly id: string;
  /** The name of the destination. */
  readonly name: string;
  /** The group of the source; undefined where the answer does not say. */
  readonly group: string | undefined;
  readonly source: { readonly id: string; readonly name: string | undefined; readonly type: string | undefined };
  readonly destination: {
    readonly id: string;
    readonly type: string | undefined;
    readonly created: string | undefined;
  };
}

/**
 * The activations of a list. One that cannot be read is passed over: it may be half made, and somebody else's.
 * @throws SynclineError (exit 1) `failed-assumption` where none can be read
 */
export function activationsIn(items: readonly JsonObject[]): readonly Activation[] {
  const readable = items.flatMap((one) => activationOnce(one) ?? []);
  const [first] = items;
  if (first === undefined || readable.length > 0) return readable;
  const keys = Object.keys(first).map((key) => `\`${key}\``);
  throw failedAssumption('A04', `No activation can be read: the first one has ${keys.join(', ')}.`);
}

/** Targets that share a list read each of its entries once. */
const read = new WeakMap<JsonObject, Activation>();

function activationOnce(wire: JsonObject): Activation | undefined {
  const activation = read.get(wire) ?? activationIn(wire);
  if (activation !== undefined) read.set(wire, activation);
  return activation;
}

/**
 * An activation of an answer, read by shape, for nobody has documented its keys (A04): the source is the object that has a name and
 * no time of creation, the destination the one that has a type and such a time. undefined where it has no such shape.
 */
function activationIn(wire: JsonObject): Activation | undefined {
  const id = idIn(wire.id);
  const parts = Object.values(wire).filter(isObject);
  const source = best(parts.filter((one) => textIn(one.name) !== undefined && one.created_at === undefined));
  const destination = best(parts.filter((one) => textIn(one.type) !== undefined && one.created_at !== undefined));
  const [from, to] = [idIn(source?.id), idIn(destination?.id)];
  if (id === undefined || from === undefined || to === undefined) return undefined;
  return {
    ...{ id, name: textIn(wire.name) ?? id, group: groupIn(wire) },
    source: { id: from, name: textIn(source?.name), type: textIn(source?.type) },
    destination: { id: to, type: textIn(destination?.type), created: textIn(destination?.created_at) },
  };
}

/** One that has an id and a type looks most like a connection. */
function best(parts: readonly JsonObject[]): JsonObject | undefined {
  const connected = parts.filter((one) => idIn(one.id) !== undefined);
  return connected.find((one) => textIn(one.type) !== undefined) ?? connected[0];
}

/** The group that an answer names. */
export function groupIn({ group_id: group }: JsonObject): string | undefined {
  return textIn(group);
}

/** An id as text, whether it is a number or a word. */
export function idIn(value: Json | undefined): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value);
  return textIn(value);
}

/** An id as a manifest may write it: a number where it looks like one. */
export function idOut(id: string): Json {
  return /^(0|[1-9]\d{0,14})$/.test(id) ? Number(id) : id;
}

export function textIn(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
