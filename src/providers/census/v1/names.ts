import type { Http } from '../../../http/client.ts';
import type { Json } from '../../../model/json.ts';
import type { NamedThing } from '../../../model/live.ts';
import { readNamed } from '../wire/named.ts';

const prefix = '/api/v1';

/** Where a collection is listed; undefined where the API cannot list it, or not without its source. */
function pathOf(collection: string, within: Json | undefined): string | undefined {
  const source =
    typeof within === 'number' || typeof within === 'string' ? encodeURIComponent(String(within)) : undefined;
  switch (collection) {
    case 'sources':
    case 'destinations':
    case 'datasets':
      return `${prefix}/${collection}`;
    case 'models':
      return source === undefined ? undefined : `${prefix}/sources/${source}/models`;
    case 'segments':
      return source === undefined ? undefined : `${prefix}/sources/${source}/filter_segments`;
    default:
      return undefined;
  }
}

/** The things that a name in a manifest may stand for; undefined where the API cannot list them (topics). */
export async function listNamed(
  http: Http,
  collection: string,
  within: Json | undefined,
): Promise<readonly NamedThing[] | undefined> {
  const path = pathOf(collection, within);
  return path === undefined ? undefined : readNamed(http, path);
}
