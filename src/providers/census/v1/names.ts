import type { Http } from '../../../http/client.ts';
import { isObject, type Json } from '../../../model/json.ts';
import type { NamedThing } from '../../../model/live.ts';
import { readAllPages } from './all-pages.ts';

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
  const things: NamedThing[] = [];
  await readAllPages(http, path, (items) => {
    // What has no name cannot be meant by one.
    for (const item of items) if (isNamed(item)) things.push({ id: item.id, name: item.name, type: typeOf(item.type) });
  });
  return things;
}

interface Named {
  readonly id: number | string;
  readonly name: string;
  readonly type?: Json;
}

function isNamed(item: Json): item is Json & Named {
  return isObject(item) && ['number', 'string'].includes(typeof item.id) && typeof item.name === 'string';
}

function typeOf(type: Json | undefined): string | undefined {
  return typeof type === 'string' ? type.toLowerCase() : undefined;
}
