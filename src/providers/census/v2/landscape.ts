import { ProviderError } from '../../../model/errors.ts';
import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { type Account, entries } from './account.ts';
import { type Activation, activationsIn, groupIn, idIn, textIn } from './activation.ts';

export interface Source {
  readonly id: string;
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly group: string | undefined;
  /** When it was made (ISO 8601), where the answer says it. */
  readonly created?: string | undefined;
}

/** What there is of an account, whoever's groups it is in. */
export interface Landscape {
  readonly activations: readonly Activation[];
  readonly sources: readonly Source[];
}

export async function readLandscape(account: Account): Promise<Landscape> {
  const activations = activationsIn(await entries(account, 'activations'));
  return { activations, sources: await sourcesOf(account, activations) };
}

/** Nobody has documented the list of sources (A07): where it is missing, the sources of activations are all that matters. */
async function sourcesOf(account: Account, activations: readonly Activation[]): Promise<readonly Source[]> {
  const known = new Map(activations.map(({ source, group }) => [source.id, { ...source, group }]));
  const listed = await ifThere(() => entries(account, 'sources'));
  if (listed === undefined) return [...known.values()];
  return listed.flatMap((item) => {
    const id = idIn(item.id);
    if (id === undefined) return [];
    const group = groupIn(item) ?? known.get(id)?.group;
    return [{ id, name: textIn(item.name), type: textIn(item.type), group, created: textIn(item.created_at) }];
  });
}

/** undefined where the API has no such path. */
export async function ifThere<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return undefined;
    throw error;
  }
}

/** The group of a source. */
export function groupOfSource(landscape: Landscape, id: string | undefined): string | undefined {
  return id === undefined ? undefined : indexOf(landscape).groups.get(id);
}

/** The group of an activation is that of its source. */
export function groupOfActivation(landscape: Landscape, { group, source }: Activation): string | undefined {
  return group ?? groupOfSource(landscape, source.id);
}

/** The activation that a spec or an answer names, or that alone joins its source and destination (A03). */
export function activationOf(spec: JsonObject, landscape: Landscape): Activation | undefined {
  const { byId, byPair } = indexOf(landscape);
  const { activation_id: id } = spec;
  const named = typeof id === 'string' ? byId.get(id) : undefined;
  if (named !== undefined) return named;
  const { source, destination } = pairIn(spec);
  const [only, ...others] = byPair.get(pairKey(source, destination)) ?? [];
  return others.length === 0 ? only : undefined;
}

interface Index {
  readonly byId: ReadonlyMap<string, Activation>;
  readonly byPair: ReadonlyMap<string, readonly Activation[]>;
  /** Of sources. */
  readonly groups: ReadonlyMap<string, string>;
}

/** Thousands of syncs look for their activations. */
const indexes = new WeakMap<Landscape, Index>();

function indexOf(landscape: Landscape): Index {
  const known = indexes.get(landscape) ?? indexed(landscape);
  indexes.set(landscape, known);
  return known;
}

function indexed({ activations, sources }: Landscape): Index {
  const byPair = new Map<string, Activation[]>();
  const groups = new Map<string, string>();
  for (const one of activations) {
    const key = pairKey(one.source.id, one.destination.id);
    byPair.set(key, [...(byPair.get(key) ?? []), one]);
    if (one.group !== undefined) groups.set(one.source.id, one.group);
  }
  for (const { id, group } of sources) if (group !== undefined) groups.set(id, group);
  return { byId: new Map(activations.map((one) => [one.id, one])), byPair, groups };
}

function pairKey(source: string | undefined, destination: string | undefined): string {
  return JSON.stringify([source, destination]);
}

export interface Pair {
  readonly source: string | undefined;
  readonly destination: string | undefined;
}

/** The ids of the source and the destination that a spec or an answer names. */
export function pairIn(spec: JsonObject): Pair {
  return { source: connectionIn(spec.source_attributes), destination: connectionIn(spec.destination_attributes) };
}

function connectionIn(attributes: Json | undefined): string | undefined {
  return isObject(attributes) ? idIn(attributes.connection_id) : undefined;
}
