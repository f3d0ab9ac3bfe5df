import { censusDatasetTraits } from '../../../generated/census-dataset-traits.ts';
import type { Http } from '../../../http/client.ts';
import type { Json, Pointer, Spec } from '../../../model/json.ts';
import { tokens } from '../../../model/json.ts';
import type { Live, RemoteId } from '../../../model/live.ts';
import type { Patience, Reading, Resource } from '../../../model/provider.ts';
import { type Call, idText, misshapen } from '../../../wire/answer.ts';
import { asObject } from '../../../wire/json.ts';
import { newest } from '../newest.ts';
import { dataOf, isGone } from '../page.ts';
import { walk } from '../walk.ts';
import { decodeDataset } from './decode.ts';

const path = '/api/v1/datasets';
const creating: Call = { method: 'POST', path };

/**
 * Datasets of a workspace, of all types: labels are unique over all of them. `open` hands out the client that carries its key. Facts:
 * create takes `source_id`; PATCH takes `name`, `query` and `description` (API reference, "Datasets").
 */
export function datasets(open: () => Promise<Http>): Resource {
  return {
    kind: censusDatasetTraits.kind,
    traits: censusDatasetTraits,
    capabilities: {
      listing: 'whole',
      deletions: 'visible',
      ghosts: false,
      verbs: ['update', 'delete'],
      checks: 'none',
    },
    list: async (page) => list(await open(), page),
    newest: async (known) => newest(await open(), { path, decode: decodeDataset }, known),
    read: async (id) => read(await open(), id),
    create: async (desired) => ({ id: await create(await open(), desired), left: [] }),
    examine: async () => [],
    probe: async () => 'whole',
    update: async (reading, desired, changed) => update(await open(), reading, desired, changed),
    delete: async (id) => remove(await open(), id),
    check: async () => ({ status: 'unchecked', message: 'The API has no check for a dataset.' }),
    prepare: async (id, patience) => refreshColumns(await open(), id, patience),
  };
}

async function list(http: Http, page: (things: readonly Live[]) => void): Promise<void> {
  const call = { method: 'GET', path };
  await walk(http, path, (items) => page(items.map((item) => decodeDataset(item, call))));
}

async function read(http: Http, id: RemoteId): Promise<Reading | undefined> {
  const call = one('GET', id);
  const answer = await http.request({ method: 'GET', path: call.path, expected: [404] });
  if (isGone(answer, call)) return undefined;
  const wire = dataOf(answer, call);
  const live = decodeDataset(wire, call);
  if (live.id !== id) throw misshapen(call, `/data/id of dataset ${id}`, 'that id', wire.id);
  return { live, wire };
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
  const call = one('PATCH', reading.live.id);
  const body: Record<string, Json> = {};
  for (const field of new Set(changed.map((place) => tokens(place)[0] ?? ''))) body[field] = desired[field] ?? null;
  if (Object.keys(body).length === 0) return undefined;
  await http.request({ method: 'PATCH', path: call.path, body, repeatable: true });
  return undefined;
}

async function remove(http: Http, id: RemoteId): Promise<'deleted' | 'gone'> {
  const call = one('DELETE', id);
  const answer = await http.request({ method: 'DELETE', path: call.path, expected: [404] });
  return isGone(answer, call) ? 'gone' : 'deleted';
}

/** How long to wait before the state of a job is asked again, in milliseconds. */
const pause = 1000;

/** Lets the service find the columns of a query, which a sync needs. @throws ProviderError where the job fails */
async function refreshColumns(http: Http, id: RemoteId, patience: Patience): Promise<void> {
  const started = one('POST', id, '/refresh_columns');
  const answer = await http.request({ method: 'POST', path: started.path, body: {} });
  const key = asObject(answer.body)?.refresh_key;
  if (typeof key !== 'string' && typeof key !== 'number') throw misshapen(started, '/refresh_key', 'a key', key);
  const asked = one('GET', id, '/refresh_columns_status');
  const end = patience.now() + patience.limit;
  while (patience.now() < end && !patience.signal.aborted) {
    const { body } = await http.request({ method: 'GET', path: asked.path, query: { refresh_key: key } });
    if (asObject(body)?.status === 'completed') return;
    await patience.sleep(pause);
  }
}

function one(method: string, id: RemoteId, job = ''): Call {
  return { method, path: `${path}/${encodeURIComponent(id)}${job}` };
}
