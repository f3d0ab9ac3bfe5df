import type { Http, HttpAnswer } from '../../http/client.ts';
import { ProviderError } from '../../model/errors.ts';
import { isList, isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { RemoteId } from '../../model/live.ts';
import { type Call, misshapen } from '../../wire/answer.ts';

export type Dialect = 'server' | 'documented';

/** Fabra means its 500: a missing row, a wrong key and a fault all answer it, and sending again changes nothing. */
export const meant: readonly number[] = [500];

/** A list by its key in the answer; null stands for an empty one. A 500 here may be the key, and says so. */
export async function getList(http: Http, path: string, key: string): Promise<readonly JsonObject[]> {
  return listIn(await getBody(http, path), key, { method: 'GET', path });
}

/** The body of an answer that is about no single row, so that a 500 is the key or the server. */
export async function getBody(http: Http, path: string): Promise<JsonObject> {
  const call: Call = { method: 'GET', path };
  const answer = await keyOrServer(http.request({ method: 'GET', path, final: meant }));
  return bodyOf(answer, call);
}

export function listIn(body: JsonObject, key: string, call: Call): readonly JsonObject[] {
  const list = body[key] ?? [];
  if (!isList(list)) throw misshapen(call, `/${key}`, 'a list', list);
  return list.map((item, index) => (isObject(item) ? item : fail(call, `/${key}/${index}`, item)));
}

export function bodyOf(answer: HttpAnswer, call: Call): JsonObject {
  return isObject(answer.body) ? answer.body : fail(call, 'the body', answer.body);
}

/** The object under a key of the answer. */
export function objectIn(body: JsonObject, key: string, call: Call): JsonObject {
  const value = body[key];
  return isObject(value) ? value : fail(call, `/${key}`, value);
}

function fail(call: Call, place: string, found: Json | undefined): never {
  throw misshapen(call, place, 'an object', found);
}

/** The server cannot tell a wrong key from a fault of its own, so neither can we: both are named. */
export async function keyOrServer(request: Promise<HttpAnswer>): Promise<HttpAnswer> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof ProviderError) || error.status !== 500) throw error;
    const message = `${error.message} (Fabra answers so when it does not know the API key, and when it fails)`;
    throw new ProviderError(message, { ...factsOf(error), doubt: 'key' }, { cause: error });
  }
}

/** The same failure in other words, or with another fate. */
export function reworded(error: ProviderError, message: string, fate = error.fate): ProviderError {
  return new ProviderError(message, { ...factsOf(error), fate }, { cause: error });
}

function factsOf({ method, path, status, serverMessage, fate, doubt }: ProviderError) {
  return { method, path, status, serverMessage, fate, doubt };
}

/** A refusal of this side, made so that the service need not make it: nothing was sent. */
export function refusal(call: Call, problem: string): ProviderError {
  const message = `${call.method} ${call.path} was not sent: ${problem}`;
  return new ProviderError(message, { ...call, status: undefined, serverMessage: undefined, fate: 'refused' });
}

/** Whatever fails before the request itself is sent: the request has not been. */
export async function beforeSending<Value>(call: Call, work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    throw reworded(error, `${call.method} ${call.path} was not sent: ${error.message}`, 'unsent');
  }
}

/** The path of one sync. The server knows decimal ids only, and answers others as it answers its own faults. */
export function one(method: string, id: RemoteId): Call {
  const call: Call = { method, path: `/sync/${encodeURIComponent(id)}` };
  if (/^\d{1,18}$/.test(id)) return call;
  const message = `${method} ${call.path} was not sent: the id of a sync is a whole number`;
  throw new ProviderError(message, { ...call, status: undefined, serverMessage: undefined, fate: 'unsent' });
}
