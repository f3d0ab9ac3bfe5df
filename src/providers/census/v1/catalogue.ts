import type { Http } from '../../../http/client.ts';
import type { CatalogueContent } from '../../../model/catalogue.ts';
import { catalogueOf } from '../wire/catalogue.ts';
import { collected, ifListed } from '../wire/listed.ts';

const prefix = '/api/v1';

/** What the workspace of a key has; `told` is told how many more entries have been read. */
export async function readCatalogue(http: Http, told: (entries: number) => void): Promise<CatalogueContent> {
  const places = { sources: `${prefix}/sources`, destinations: `${prefix}/destinations` };
  const [sources, destinations, datasets] = await Promise.all([
    collected(http, places.sources, told),
    collected(http, places.destinations, told),
    ifListed(() => collected(http, `${prefix}/datasets`, told)),
  ]);
  return catalogueOf(http, { sources, destinations, datasets }, places, told);
}
