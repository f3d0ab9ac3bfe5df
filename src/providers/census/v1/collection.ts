import type { Http } from '../../../http/client.ts';
import type { Json } from '../../../model/json.ts';
import type { Live, RemoteId } from '../../../model/live.ts';
import type { Reading } from '../../../model/provider.ts';
import { type Call, misshapen } from '../../../wire/answer.ts';
import { readAllPages } from './all-pages.ts';
import { dataOf, isGone } from './page.ts';

/** Things of one kind, where the API keeps them. */
export interface Collection {
  /** `/api/v1/syncs`. */
  readonly path: string;
  /** What one of them is called in messages. */
  readonly noun: string;
  readonly decode: (item: Json | undefined, call: Call) => Live;
}

/** The call about one thing, or about a job of it. */
export function callOf({ path }: Collection, method: string, id: RemoteId, job = ''): Call {
  return { method, path: `${path}/${encodeURIComponent(id)}${job}` };
}

/** Hands out every thing, page by page. @throws SynclineError where the list contradicts itself */
export async function listAll(
  http: Http,
  { path, decode }: Collection,
  page: (things: readonly Live[]) => void,
): Promise<void> {
  const call = { method: 'GET', path };
  await readAllPages(http, path, (items) => page(items.map((item) => decode(item, call))));
}

/** One thing as it is now; undefined where it is gone. @throws ProviderError for an answer about another one */
export async function readOne(http: Http, collection: Collection, id: RemoteId): Promise<Reading | undefined> {
  const call = callOf(collection, 'GET', id);
  const answer = await http.request({ method: 'GET', path: call.path, expected: [404] });
  if (isGone(answer, call)) return undefined;
  const wire = dataOf(answer, call);
  const live = collection.decode(wire, call);
  if (live.id !== id) throw misshapen(call, `/data/id of ${collection.noun} ${id}`, 'that id', wire.id);
  return { live, wire };
}

/** Deletes one thing; `gone` where there was none. */
export async function deleteOne(http: Http, collection: Collection, id: RemoteId): Promise<'deleted' | 'gone'> {
  const call = callOf(collection, 'DELETE', id);
  const answer = await http.request({ method: 'DELETE', path: call.path, expected: [404] });
  return isGone(answer, call) ? 'gone' : 'deleted';
}
