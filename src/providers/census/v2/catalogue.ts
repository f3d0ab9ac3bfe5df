import type { CatalogueContent } from '../../../model/catalogue.ts';
import type { JsonObject } from '../../../model/json.ts';
import { catalogueOf } from '../wire/catalogue.ts';
import { ifListed } from '../wire/listed.ts';
import { type Account, entries, pathOf } from './account.ts';
import { groupIn, idIn, idOut } from './activation.ts';
import { groupOfSource } from './landscape.ts';
import type { Scope } from './scope.ts';

/** What the groups of a target have; `told` is told how many more entries have been read. */
export async function readCatalogue(
  account: Account,
  scope: Scope,
  told: (entries: number) => void,
): Promise<CatalogueContent> {
  const all = await scope.landscape();
  const { sources, activations } = await scope.own();
  told(sources.length + activations.length);
  const listed = await ifListed(() => entries(account, 'datasets'));
  const isOwn = (item: JsonObject) => {
    const group = groupIn(item) ?? groupOfSource(all, idIn(item.source_id));
    return group !== undefined && scope.has(group);
  };
  const datasets = listed?.filter(isOwn);
  told(datasets?.length ?? 0);
  // A destination is there once, however many sources are written to it.
  const destinations = new Map(activations.map((one) => [`${one.destination.type} ${one.name}`, one]));
  return catalogueOf(
    account.http,
    {
      sources: sources.map((one) => connected(one, idOut(one.id))),
      destinations: [...destinations.values()].map(({ id, name, destination }) =>
        connected({ ...destination, name }, id),
      ),
      datasets,
    },
    { sources: pathOf('sources'), destinations: pathOf('activations') },
    told,
  );
}

function connected(
  { name, type }: { readonly name: string | undefined; readonly type: string | undefined },
  id: JsonObject['id'],
): JsonObject {
  return { id: id ?? null, name: name ?? null, type: type ?? null };
}
