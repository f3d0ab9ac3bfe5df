import type { Http } from '../../http/client.ts';
import { isObject, type Json } from '../../model/json.ts';
import type { NamedThing } from '../../model/live.ts';
import { getAll } from './api.ts';
import { isSet } from './shape.ts';

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
  if (path === undefined) return undefined;
  const things = new Map<Json, NamedThing>();
  for (const item of await getAll(http, path)) {
    if (isObject(item) && isSet(item.id) && typeof item.name === 'string')
      things.set(item.id, { id: item.id, name: item.name, type: typeOf(item.type) });
  }
  return [...things.values()];
}

function typeOf(type: Json | undefined): string | undefined {
  return typeof type === 'string' ? type.toLowerCase() : undefined;
}
