import type { Http } from '../../../http/client.ts';
import { isObject, type Json } from '../../../model/json.ts';
import type { NamedThing } from '../../../model/live.ts';
import { readAllPages } from './all-pages.ts';

/** The things of a list that a name in a manifest may stand for. */
export async function readNamed(http: Http, path: string): Promise<readonly NamedThing[]> {
  const things: NamedThing[] = [];
  await readAllPages(http, path, (items) => {
    for (const item of items) things.push(...namedIn(item));
  });
  return things;
}

/** An entry of a list as what a name may stand for; what has no name cannot be meant by one. */
export function namedIn(item: Json): readonly NamedThing[] {
  return isNamed(item) ? [{ id: item.id, name: item.name, type: typeOf(item.type) }] : [];
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
