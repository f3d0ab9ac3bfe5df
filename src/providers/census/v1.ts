import { censusSyncTraits } from '../../generated/census-sync-traits.ts';
import type { Http, HttpAnswer } from '../../http/client.ts';
import { CheckWroteError, ProviderError } from '../../model/errors.ts';
import {
  isList,
  isObject,
  type Json,
  type JsonObject,
  type Pointer,
  type Spec,
  withValueAt,
} from '../../model/json.ts';
import type { Live, NamedThing, RemoteId, Workspace } from '../../model/live.ts';
import type { Validation } from '../../model/plan.ts';
import type { Provider, Reading } from '../../model/provider.ts';
import { type CensusV1Options, connection } from './connection.ts';
import { decode } from './decode.ts';
import { encodeCreate } from './encode.ts';
import { listNamed } from './names.ts';
import { newest } from './newest.ts';
import { envelope } from './page.ts';
import { asObject, isSet } from './shape.ts';
import { encodeUpdate, encodeWhole } from './update.ts';
import { walk } from './walk.ts';
import { type Call, idText, misshapen } from './wire.ts';

export type { CensusV1Options } from './connection.ts';

const syncs = '/api/v1/syncs';
const listing: Call = { method: 'GET', path: syncs };
const creating: Call = { method: 'POST', path: syncs };

/**
 * Census (Fivetran Activations), API version 1. Reads are free; the engine opens the write switch with `permit`.
 * Throws a SynclineError (exit 3) at once for options that cannot work; every call may throw a ProviderError.
 */
export function censusV1(options: CensusV1Options): Provider {
  const link = connection(options);
  const shelves = new Map<string, Promise<readonly NamedThing[] | undefined>>();
  return {
    name: 'census',
    api: 'v1',
    host: link.host,
    traits: censusSyncTraits,
    manner: { listing: 'whole', deletions: 'visible', ghosts: false, verbs: ['update', 'delete'], checks: 'service' },
    permit: link.permit,
    identify: async () => (await identify(await link.workspace())) ?? link.fetchedFor,
    list: async (page) => list(await link.workspace(), page),
    newest: async (known) => newest(await link.workspace(), syncs, known),
    read: async (id) => read(await link.workspace(), id),
    named: (collection, within) =>
      remembered(shelves, `${collection} ${JSON.stringify(within)}`, async () =>
        listNamed(await link.workspace(), collection, within),
      ),
    create: async (desired) => ({ id: await create(await link.workspace(), desired), left: [] }),
    // What is wrong with a body Census says itself, when it is asked to validate only.
    examine: async () => [],
    // A create that failed leaves nothing behind that looks like a sync.
    probe: async () => 'whole',
    isAlive: () => true,
    update: async (reading, desired, changed) => update(await link.workspace(), reading, desired, changed),
    delete: async (id) => remove(await link.workspace(), id),
    check: async (desired, reading) => check(await link.workspace(), desired, reading),
    skew: link.skew,
    close: link.close,
  };
}

/** A collection is read once per run; a failure is not remembered. */
function remembered<Value>(
  memory: Map<string, Promise<Value>>,
  key: string,
  read: () => Promise<Value>,
): Promise<Value> {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const fresh = read().catch((error: unknown) => {
    memory.delete(key);
    throw error;
  });
  memory.set(key, fresh);
  return fresh;
}

/** `GET /workspace` tells whose key it is; where it is forbidden or does not exist, nothing does. */
async function identify(http: Http): Promise<Workspace | undefined> {
  const call: Call = { method: 'GET', path: '/api/v1/workspace' };
  const answer = await http.request({ method: 'GET', path: call.path, expected: [403, 404] });
  if (answer.status >= 400) return undefined;
  const body = envelope(answer, call);
  const data = asObject(body.data) ?? body;
  const id = typeof data.id === 'number' ? data.id : idText(data.id);
  if (id === undefined) throw misshapen(call, '/data/id', 'a whole number', data.id);
  return { id: Number(id), name: typeof data.name === 'string' ? data.name : undefined };
}

async function list(http: Http, page: (syncs: readonly Live[]) => void): Promise<void> {
  await walk(http, syncs, (items) => page(items.map((item) => decode(item, listing))));
}

async function read(http: Http, id: RemoteId): Promise<Reading | undefined> {
  const call = one('GET', id);
  const answer = await http.request({ method: 'GET', path: call.path, expected: [404] });
  if (isGone(answer, call)) return undefined;
  const wire = dataOf(answer, call);
  const live = decode(wire, call);
  if (live.id !== id) throw misshapen(call, `/data/id of sync ${id}`, 'that id', wire.id);
  return { live, wire };
}

async function create(http: Http, desired: Spec): Promise<RemoteId> {
  const answer = await http.request({ ...creating, method: 'POST', body: encodeCreate(desired, creating) });
  const id = createdId(answer);
  if (id === undefined) throw misshapen(creating, '/data/sync_id', 'a whole number', asObject(answer.body)?.data);
  return id;
}

/** The id of a created sync is `data.sync_id`, and nothing else is: `id` may be missing or mean something else. */
function createdId(answer: HttpAnswer): RemoteId | undefined {
  return idText(asObject(asObject(answer.body)?.data)?.sync_id);
}

async function update(
  http: Http,
  reading: Reading,
  desired: Spec,
  changed: readonly Pointer[],
): Promise<Live | undefined> {
  const call = one('PATCH', reading.live.id);
  const body = encodeUpdate(reading.wire, desired, changed, call);
  if (Object.keys(body).length === 0) return undefined;
  const answer = await http.request({ method: 'PATCH', path: call.path, body, repeatable: saysTheSameTwice(body) });
  return after(answer, call, reading.live.id);
}

/** The change was accepted. An answer that does not show the sync only means that somebody has to look. */
function after(answer: HttpAnswer, call: Call, id: RemoteId): Live | undefined {
  try {
    const live = decode(asObject(answer.body)?.data, call);
    return live.id === id ? live : undefined;
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

/** An alert without an id is made anew each time it is sent. */
function saysTheSameTwice(body: JsonObject): boolean {
  const alerts = body.alert_attributes;
  return !isList(alerts) || alerts.every((alert) => isObject(alert) && isSet(alert.id));
}

async function remove(http: Http, id: RemoteId): Promise<'deleted' | 'gone'> {
  const call = one('DELETE', id);
  const answer = await http.request({ method: 'DELETE', path: call.path, expected: [404] });
  return isGone(answer, call) ? 'gone' : 'deleted';
}

/** A 404 proves that there is no such sync if it is the service's own: every body of the API has a `status`, a gateway's has not. */
function isGone(answer: HttpAnswer, call: Call): boolean {
  if (answer.status !== 404) return false;
  if (isSet(asObject(answer.body)?.status)) return true;
  const message = `${call.method} ${call.path} answered 404, but not in the words of the API: check the base URL`;
  throw new ProviderError(message, { ...call, status: 404, serverMessage: undefined, fate: 'refused' });
}

/** Asks the create endpoint with `validate_only`, for updates too: whether PATCH honours that flag is not known. */
async function check(http: Http, desired: Spec, reading: Reading | undefined): Promise<Validation> {
  const { spec, left } = withoutNamedSequence(desired);
  const body = reading === undefined ? encodeCreate(spec, creating) : encodeWhole(reading.wire, spec, creating);
  if (body.operation === 'delete') {
    return { status: 'unchecked', message: 'The API cannot create syncs that delete, so it cannot check them either.' };
  }
  try {
    const answer = await http.request({ ...creating, method: 'POST', body: { ...body, validate_only: true } });
    const id = createdId(answer);
    if (id === undefined) return { status: 'valid', message: `The API accepts it.${left}` };
    throw madeAfterAll(id);
  } catch (error) {
    if (error instanceof ProviderError && isVerdict(error)) {
      return { status: 'invalid', message: `${error.serverMessage ?? `The API answered ${error.status}.`}${left}` };
    }
    throw error;
  }
}

/** Any 4xx judges the body, except those that are about the caller or the moment. */
function isVerdict(error: ProviderError): boolean {
  return error.fate === 'refused' && error.status !== undefined && ![401, 403, 408, 429].includes(error.status);
}

/** A service that ignores the flag has made a sync; nothing may go on as if it had not. */
function madeAfterAll(id: RemoteId): CheckWroteError {
  return new CheckWroteError(id, `POST ${syncs} made the sync ${id} although it was only to validate.`);
}

/** A trigger on a sync that does not exist yet has no id to be checked with. */
function withoutNamedSequence(desired: Spec): { readonly spec: Spec; readonly left: string } {
  const triggers = asObject(asObject(desired.mode)?.triggers);
  const name = asObject(triggers?.sync_sequence)?.sync;
  if (typeof name !== 'string') return { spec: desired, left: '' };
  const spec = withValueAt(desired, '/mode/triggers/sync_sequence', undefined);
  return { spec, left: ` Left out: the trigger on ${name}, which does not exist yet.` };
}

function dataOf(answer: HttpAnswer, call: Call): JsonObject {
  const data: Json | undefined = envelope(answer, call).data;
  if (!isObject(data)) throw misshapen(call, '/data', 'an object', data);
  return data;
}

function one(method: string, id: RemoteId): Call {
  return { method, path: `${syncs}/${encodeURIComponent(id)}` };
}
