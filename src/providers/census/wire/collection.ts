import type { Http } from '../../../http/client.ts';
import type { Json } from '../../../model/json.ts';
import type { Live, RemoteId } from '../../../model/live.ts';
import type { Capabilities, Reading, Resource } from '../../../model/provider.ts';
import { type Call, misshapen } from '../../../wire/answer.ts';
import { readAllPages } from './all-pages.ts';
import { newest } from './newest.ts';
import { dataOf, isGone } from './page.ts';

/** Things of one kind, where the API keeps them. */
export interface Collection {
  /** `/api/v1/syncs`. */
  readonly path: string;
  /** What one of them is called in messages. */
  readonly noun: string;
  readonly decode: (item: Json | undefined, call: Call) => Live;
}

/** What the API does alike for every kind; each says for itself what it checks. */
export const capabilities: Omit<Capabilities, 'checks'> = {
  listing: 'whole',
  deletions: 'visible',
  ghosts: false,
  verbs: ['update', 'delete'],
};

/** How things of a collection are read and deleted. `open` hands out the client that carries the workspace's key. */
export function everyKind(
  open: () => Promise<Http>,
  collection: Collection,
): Pick<Resource, 'list' | 'newest' | 'read' | 'delete' | 'examine' | 'probe'> {
  return {
    list: async (page) => listAll(await open(), collection, page),
    newest: async (known) => newest(await open(), collection, known),
    read: async (id) => readOne(await open(), collection, id),
    delete: async (id) => deleteOne(await open(), collection, id),
    // What is wrong with a body the API says itself.
    examine: async () => [],
    // A create that failed leaves nothing behind that looks whole.
    probe: async () => 'whole',
  };
}

/** The call about one thing, or about a job of it. */
export function callOf({ path }: Collection, method: string, id: RemoteId, job = ''): Call {
  return { method, path: `${path}/${encodeURIComponent(id)}${job}` };
}

/** Hands out every thing, page by page. @throws SynclineError where the list contradicts itself */
async function listAll(
  http: Http,
  { path, decode }: Collection,
  page: (things: readonly Live[], of?: number) => void,
): Promise<void> {
  const call = { method: 'GET', path };
  await readAllPages(http, path, (items, of) =>
    page(
      items.map((item) => decode(item, call)),
      of,
    ),
  );
}

/** One thing as it is now; undefined where it is gone. @throws ProviderError for an answer about another one */
async function readOne(http: Http, collection: Collection, id: RemoteId): Promise<Reading | undefined> {
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
