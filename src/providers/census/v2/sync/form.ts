import { isObject, type Json, type JsonObject, type Pointer, type Spec } from '../../../../model/json.ts';
import { without } from '../../../../wire/json.ts';
import { type Activation, groupIn, idOut } from '../activation.ts';
import type { Placed } from '../grouped.ts';
import { activationOf, groupOfActivation, type Landscape, type Pair, pairIn } from '../landscape.ts';

/** The group of a sync, and its answer in the form of v1, with the ids of its source and its destination, where its activation is known. */
export function placeSync(item: JsonObject, landscape: Landscape): Placed | undefined {
  const activation = activationOf(item, landscape);
  const group = groupIn(item) ?? (activation === undefined ? undefined : groupOfActivation(landscape, activation));
  if (group === undefined) return undefined;
  return { group, wire: () => (activation === undefined ? undefined : withPair(item, activation)) };
}

function withPair(item: JsonObject, { id, source, destination }: Activation): JsonObject {
  const at = (attributes: Json | undefined, connection: string): JsonObject => ({
    ...(isObject(attributes) ? attributes : {}),
    connection_id: idOut(connection),
  });
  return {
    ...item,
    activation_id: id,
    source_attributes: at(item.source_attributes, source.id),
    destination_attributes: at(item.destination_attributes, destination.id),
  };
}

/** What a request says of where a sync belongs: its activation, and never the connections (A06). */
export function asRequest(body: JsonObject, activation: string | undefined): JsonObject {
  const result: Record<string, Json | undefined> = { ...without(body, ['activation', 'activation_id']) };
  for (const key of ['source_attributes', 'destination_attributes']) {
    const attributes = result[key];
    if (!isObject(attributes)) continue;
    const rest = without(attributes, ['connection', 'connection_id']);
    result[key] = Object.keys(rest).length > 0 ? rest : undefined;
  }
  return without({ ...result, activation_id: activation }, []);
}

const places: readonly Pointer[] = [
  '/activation_id',
  '/source_attributes/connection_id',
  '/destination_attributes/connection_id',
];

/** Does a change take the sync to another activation? */
export function movesActivation(changed: readonly Pointer[]): boolean {
  return changed.some((one) => places.some((place) => place === one || place.startsWith(`${one}/`)));
}

/** What a spec says of where it belongs, where it is silent as the live sync has it. */
export function belonging(desired: Spec, wire: JsonObject | undefined): JsonObject {
  const pair = pairIn(desired);
  if (wire === undefined) return desired;
  const found = pairIn(wire);
  const wanted: Pair = { source: pair.source ?? found.source, destination: pair.destination ?? found.destination };
  // The activation that it has joins the pair that it has, and no other.
  const isSame = wanted.source === found.source && wanted.destination === found.destination;
  const activation = desired.activation_id ?? (isSame ? wire.activation_id : undefined);
  return {
    ...(activation !== undefined && { activation_id: activation }),
    source_attributes: { connection_id: wanted.source ?? null },
    destination_attributes: { connection_id: wanted.destination ?? null },
  };
}
