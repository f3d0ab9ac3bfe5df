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
export function groupOfSource({ sources, activations }: Landscape, id: string | undefined): string | undefined {
  const group = sources.find((one) => one.id === id)?.group;
  return group ?? activations.find(({ source }) => source.id === id)?.group;
}

/** The group of an activation is that of its source. */
export function groupOfActivation(landscape: Landscape, { group, source }: Activation): string | undefined {
  return group ?? groupOfSource(landscape, source.id);
}

/** The one activation that joins a source to a destination; undefined where none does, or several do. */
export function joining({ activations }: Landscape, { source, destination }: Pair): Activation | undefined {
  const found = activations.filter((one) => one.source.id === source && one.destination.id === destination);
  return found.length === 1 ? found[0] : undefined;
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
