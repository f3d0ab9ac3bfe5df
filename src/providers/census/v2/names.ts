import type { Json } from '../../../model/json.ts';
import type { NamedThing } from '../../../model/live.ts';
import { namedIn, readNamed } from '../wire/named.ts';
import { type Account, entries, pathOf } from './account.ts';
import { type Activation, groupIn, idIn, idOut } from './activation.ts';
import { groupOfSource, ifThere, type Landscape } from './landscape.ts';
import type { Scope } from './scope.ts';

/**
 * The things of the groups that a name may stand for; undefined where the API cannot list them: topics, and whatever it turns out not to
 * list (A08). What is looked for within a source of another group is not there.
 */
export async function listNamed(
  account: Account,
  scope: Scope,
  collection: string,
  within: Json | undefined,
): Promise<readonly NamedThing[] | undefined> {
  const own = await scope.own();
  const source = idIn(within);
  switch (collection) {
    case 'sources':
      return own.sources.flatMap(sourceNamed);
    case 'activations':
      return joiningFrom(own, source).map(activationNamed);
    case 'destinations':
      return joiningFrom(own, source).map(destinationNamed);
    case 'datasets':
      return ifThere(() => datasetsNamed(account, scope));
    case 'models':
      return listWithin(account, own, source, 'models');
    case 'segments':
      return listWithin(account, own, source, 'filter_segments');
    default:
      return undefined;
  }
}

function joiningFrom({ activations }: Landscape, source: string | undefined): readonly Activation[] {
  return source === undefined ? activations : activations.filter((one) => one.source.id === source);
}

function sourceNamed({ id, name, type }: Landscape['sources'][number]): readonly NamedThing[] {
  return name === undefined ? [] : [{ id: idOut(id), name, type: type?.toLowerCase() }];
}

/** Whoever names an activation has named its source and its destination. */
function activationNamed({ id, name, source, destination }: Activation): NamedThing {
  const sets = {
    '/source_attributes/connection_id': idOut(source.id),
    '/destination_attributes/connection_id': idOut(destination.id),
  };
  const { type, created } = destination;
  return { id, name, type: type?.toLowerCase(), sets, from: source.name, created };
}

/** A destination is called as the activation that joins it to the source. */
function destinationNamed({ id, name, destination }: Activation): NamedThing {
  const { type, created } = destination;
  return { id: idOut(destination.id), name, type: type?.toLowerCase(), via: id, created };
}

async function datasetsNamed(account: Account, scope: Scope): Promise<readonly NamedThing[]> {
  const all = await scope.landscape();
  const items = await entries(account, 'datasets');
  return items.flatMap((item) => {
    const group = groupIn(item) ?? groupOfSource(all, idIn(item.source_id));
    return group !== undefined && scope.has(group) ? namedIn(item) : [];
  });
}

async function listWithin(
  { http }: Account,
  { sources }: Landscape,
  source: string | undefined,
  list: string,
): Promise<readonly NamedThing[] | undefined> {
  if (source === undefined) return undefined;
  if (!sources.some(({ id }) => id === source)) return [];
  return ifThere(() => readNamed(http, `${pathOf('sources')}/${encodeURIComponent(source)}/${list}`));
}
