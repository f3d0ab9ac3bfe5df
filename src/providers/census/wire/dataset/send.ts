import type { Http } from '../../../../http/client.ts';
import { type Json, type JsonObject, type Pointer, type Spec, tokens } from '../../../../model/json.ts';
import type { RemoteId } from '../../../../model/live.ts';
import type { Patience } from '../../../../model/provider.ts';
import { type Call, idText, misshapen } from '../../../../wire/answer.ts';
import { asObject } from '../../../../wire/json.ts';
import { type Collection, callOf } from '../collection.ts';

/** Makes a dataset and returns its id. @throws ProviderError of unknown fate for an answer that does not say it */
export async function createDataset(http: Http, { path }: Collection, body: JsonObject): Promise<RemoteId> {
  const creating: Call = { method: 'POST', path };
  const answer = await http.request({ method: 'POST', path, body });
  const data = asObject(asObject(answer.body)?.data);
  const id = idText(data?.id);
  if (id === undefined) throw misshapen(creating, '/data/id', 'a whole number', data?.id);
  return id;
}

/** The fields of a dataset that `changed` touches, sent as they are to be. */
export async function patchDataset(
  http: Http,
  collection: Collection,
  id: RemoteId,
  { desired, changed }: { readonly desired: Spec; readonly changed: readonly Pointer[] },
): Promise<void> {
  const call = callOf(collection, 'PATCH', id);
  const body: Record<string, Json> = {};
  for (const field of new Set(changed.map((place) => tokens(place)[0] ?? ''))) body[field] = desired[field] ?? null;
  if (Object.keys(body).length === 0) return;
  await http.request({ method: 'PATCH', path: call.path, body, repeatable: true });
}

/** How long to wait before the state of a job is asked again, in milliseconds. */
const pause = 1000;

/** Lets the service find the columns of a query, which a sync needs. @throws ProviderError where the job fails */
export async function refreshColumns(
  http: Http,
  collection: Collection,
  id: RemoteId,
  patience: Patience,
): Promise<void> {
  const started = callOf(collection, 'POST', id, '/refresh_columns');
  // Started twice, the job ends with the same columns.
  const start = { method: 'POST', path: started.path, body: {}, repeatable: true, brief: true } as const;
  const answer = await http.request(start);
  const key = asObject(answer.body)?.refresh_key;
  if (typeof key !== 'string' && typeof key !== 'number') throw misshapen(started, '/refresh_key', 'a key', key);
  const asked = callOf(collection, 'GET', id, '/refresh_columns_status');
  const end = patience.now() + patience.limit;
  while (patience.now() < end && !patience.signal.aborted) {
    const query = { refresh_key: key };
    const { body } = await http.request({ method: 'GET', path: asked.path, query, brief: true });
    if (asObject(body)?.status === 'completed') return;
    await patience.sleep(pause);
  }
}
