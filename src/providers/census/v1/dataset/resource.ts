import { censusDatasetTraits } from '../../../../generated/census-dataset-traits.ts';
import type { Http } from '../../../../http/client.ts';
import type { Json, Pointer, Spec } from '../../../../model/json.ts';
import { tokens } from '../../../../model/json.ts';
import type { Live, RemoteId } from '../../../../model/live.ts';
import type { Patience, Reading, Resource } from '../../../../model/provider.ts';
import { type Call, idText, misshapen } from '../../../../wire/answer.ts';
import { asObject } from '../../../../wire/json.ts';
import { aboutDataset } from '../../language/dataset/about.ts';
import { type Collection, callOf, capabilities, everyKind } from '../collection.ts';
import { decodeDataset } from './decode.ts';

const path = '/api/v1/datasets';
const collection: Collection = { path, noun: censusDatasetTraits.noun, decode: decodeDataset };
const creating: Call = { method: 'POST', path };

/**
 * Datasets of a workspace, of all types: labels are unique over all of them. `open` hands out the client that carries its key. Facts:
 * create takes `source_id`; PATCH takes `name`, `query` and `description` (API reference, "Datasets").
 */
export function datasets(open: () => Promise<Http>): Resource {
  return {
    kind: censusDatasetTraits.kind,
    traits: censusDatasetTraits,
    capabilities: { ...capabilities, checks: 'none' },
    about: aboutDataset,
    ...everyKind(open, collection),
    create: async (desired) => ({ id: await create(await open(), desired), unset: [] }),
    update: async (reading, desired, changed) => update(await open(), reading, desired, changed),
    check: async () => ({ status: 'unchecked', message: 'The API has no check for a dataset.' }),
    prepare: async (id, patience) => refreshColumns(await open(), id, patience),
  };
}

async function create(http: Http, desired: Spec): Promise<RemoteId> {
  const answer = await http.request({ ...creating, method: 'POST', body: set(desired) });
  const data = asObject(asObject(answer.body)?.data);
  const id = idText(data?.id);
  if (id === undefined) throw misshapen(creating, '/data/id', 'a whole number', data?.id);
  return id;
}

/** What a create has to say: null means the same as nothing. */
function set(spec: Spec): Record<string, Json> {
  const entries = Object.entries(spec).flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [[key, value] as const],
  );
  return Object.fromEntries(entries);
}

async function update(
  http: Http,
  reading: Reading,
  desired: Spec,
  changed: readonly Pointer[],
): Promise<Live | undefined> {
  const call = callOf(collection, 'PATCH', reading.live.id);
  const body: Record<string, Json> = {};
  for (const field of new Set(changed.map((place) => tokens(place)[0] ?? ''))) body[field] = desired[field] ?? null;
  if (Object.keys(body).length === 0) return undefined;
  await http.request({ method: 'PATCH', path: call.path, body, repeatable: true });
  return undefined;
}

/** How long to wait before the state of a job is asked again, in milliseconds. */
const pause = 1000;

/** Lets the service find the columns of a query, which a sync needs. @throws ProviderError where the job fails */
async function refreshColumns(http: Http, id: RemoteId, patience: Patience): Promise<void> {
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
