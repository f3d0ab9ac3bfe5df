import type { Http } from '../../../http/client.ts';
import { ProviderError } from '../../../model/errors.ts';
import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import type { Call } from '../../../wire/answer.ts';
import { readAllPages } from './all-pages.ts';

/** Every entry of a list; `told` is told how many more have been read. */
export async function collected(
  http: Http,
  path: string,
  told: (entries: number) => void = () => undefined,
  key?: (item: Json, call: Call) => string,
): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = [];
  const hand = (items: readonly Json[]): void => {
    told(items.length);
    for (const item of items) if (isObject(item)) all.push(item);
  };
  await readAllPages(http, path, hand, key);
  return all;
}

/** undefined where the key may not read it, or the API does not have it. */
export async function ifListed<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ProviderError && (error.status === 403 || error.status === 404)) return undefined;
    throw error;
  }
}
