import { censusSyncTraits } from '../../../../generated/census-sync-traits.ts';
import type { Http, HttpAnswer } from '../../../../http/client.ts';
import { CheckWroteError, ProviderError } from '../../../../model/errors.ts';
import { isList, isObject, type JsonObject, type Pointer, type Spec } from '../../../../model/json.ts';
import type { Live, RemoteId } from '../../../../model/live.ts';
import type { Validation } from '../../../../model/plan.ts';
import type { Reading, Resource } from '../../../../model/provider.ts';
import { type Call, idText, misshapen } from '../../../../wire/answer.ts';
import { asObject, isSet } from '../../../../wire/json.ts';
import { aboutSync } from '../../language/about.ts';
import { type Collection, callOf, capabilities, everyKind } from '../collection.ts';
import { decode } from './decode.ts';
import { encodeCreate } from './encode.ts';
import { encodeUpdate, encodeWhole } from './update.ts';

const path = '/api/v1/syncs';
const collection: Collection = { path, noun: censusSyncTraits.noun, decode };
const creating: Call = { method: 'POST', path };

/**
 * Syncs of a workspace. `open` hands out the client that carries its key. `app`: the web app, where its address is known; the vendor's
 * own tools make links of the form `/syncs/{id}` (sheet, section 1).
 */
export function syncs(open: () => Promise<Http>, app: string | undefined): Resource {
  return {
    kind: censusSyncTraits.kind,
    traits: censusSyncTraits,
    capabilities: { ...capabilities, checks: 'service' },
    about: aboutSync,
    ...(app !== undefined && { page: (id: RemoteId) => `${app}/syncs/${encodeURIComponent(id)}` }),
    ...everyKind(open, collection),
    create: async (desired) => ({ id: await create(await open(), desired), unset: [] }),
    update: async (reading, desired, changed) => update(await open(), reading, desired, changed),
    check: async (desired, reading) => check(await open(), desired, reading),
  };
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
  const call = callOf(collection, 'PATCH', reading.live.id);
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

/** Asks the create endpoint with `validate_only`, for updates too: whether PATCH honours that flag is not known. */
async function check(http: Http, desired: Spec, reading: Reading | undefined): Promise<Validation> {
  const body = reading === undefined ? encodeCreate(desired, creating) : encodeWhole(reading.wire, desired, creating);
  if (body.operation === 'delete') {
    return { status: 'unchecked', message: 'The API cannot create syncs that delete, so it cannot check them either.' };
  }
  try {
    const answer = await http.request({ ...creating, method: 'POST', body: { ...body, validate_only: true } });
    const id = createdId(answer);
    if (id === undefined) return { status: 'valid', message: 'The API accepts it.' };
    throw madeAfterAll(id);
  } catch (error) {
    if (error instanceof ProviderError && isVerdict(error)) {
      return { status: 'invalid', message: error.serverMessage ?? `The API answered ${error.status}.` };
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
  return new CheckWroteError(id, `POST ${path} made the sync ${id} although it was only to validate.`);
}
