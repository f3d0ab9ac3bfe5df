import type { Http, HttpAnswer } from '../../../../http/client.ts';
import { CheckWroteError, ProviderError } from '../../../../model/errors.ts';
import { isList, isObject, type Json, type JsonObject } from '../../../../model/json.ts';
import type { Live, RemoteId } from '../../../../model/live.ts';
import type { Validation } from '../../../../model/plan.ts';
import { type Call, misshapen } from '../../../../wire/answer.ts';
import { asObject, isSet } from '../../../../wire/json.ts';
import { type Collection, callOf } from '../collection.ts';

/** The id in the answer to a create, where it has one. */
export type CreatedId = (data: JsonObject | undefined) => RemoteId | undefined;

/** Makes a sync and returns its id. @throws ProviderError of unknown fate for an answer that does not say it */
export async function createSync(
  http: Http,
  creating: Call,
  body: JsonObject,
  createdId: CreatedId,
): Promise<RemoteId> {
  const answer = await http.request({ ...creating, method: 'POST', body });
  const id = createdId(dataIn(answer));
  if (id === undefined) throw misshapen(creating, '/data/sync_id', 'a whole number', asObject(answer.body)?.data);
  return id;
}

/** The sync after a PATCH with this body, where the answer shows it. An empty body sends nothing. */
export async function patchSync(
  http: Http,
  collection: Collection,
  id: RemoteId,
  body: JsonObject,
): Promise<Live | undefined> {
  const call = callOf(collection, 'PATCH', id);
  if (Object.keys(body).length === 0) return undefined;
  const answer = await http.request({ method: 'PATCH', path: call.path, body, repeatable: saysTheSameTwice(body) });
  return after(answer, collection, call, id);
}

/** The change was accepted. An answer that does not show the sync only means that somebody has to look. */
function after(answer: HttpAnswer, { decode }: Collection, call: Call, id: RemoteId): Live | undefined {
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

/**
 * The server's verdict on the body of a create. Asks the create endpoint with `validate_only`, for updates too: whether PATCH
 * honours that flag is not known.
 */
export async function checkSync(
  http: Http,
  creating: Call,
  body: JsonObject,
  createdId: CreatedId,
): Promise<Validation> {
  if (body.operation === 'delete') {
    return { status: 'unchecked', message: 'The API cannot create syncs that delete, so it cannot check them either.' };
  }
  try {
    const answer = await http.request({ ...creating, method: 'POST', body: { ...body, validate_only: true } });
    const id = createdId(dataIn(answer));
    if (id === undefined) return { status: 'valid', message: 'The API accepts it.' };
    throw madeAfterAll(creating, id);
  } catch (error) {
    if (error instanceof ProviderError && isVerdict(error)) {
      return { status: 'invalid', message: error.serverMessage ?? `The API answered ${error.status}.` };
    }
    throw error;
  }
}

function dataIn({ body }: HttpAnswer): JsonObject | undefined {
  const data: Json | undefined = asObject(body)?.data;
  return asObject(data);
}

/** Any 4xx judges the body, except those that are about the caller or the moment. */
function isVerdict(error: ProviderError): boolean {
  return error.fate === 'refused' && error.status !== undefined && ![401, 403, 408, 429].includes(error.status);
}

/** A service that ignores the flag has made a sync; nothing may go on as if it had not. */
function madeAfterAll({ path }: Call, id: RemoteId): CheckWroteError {
  return new CheckWroteError(id, `POST ${path} made the sync ${id} although it was only to validate.`);
}
