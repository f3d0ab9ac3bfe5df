import type { Http, HttpAnswer, HttpRequest } from '../../http/client.ts';
import { ProviderError } from '../../model/errors.ts';
import type { Pointer, Spec } from '../../model/json.ts';
import type { RemoteId } from '../../model/live.ts';
import type { Created } from '../../model/provider.ts';
import { type Call, idText, misshapen, unsendable } from '../../wire/answer.ts';
import { beforeSending, bodyOf, type Dialect, meant, objectIn, one, refusal, reworded } from './api.ts';
import type { Catalogue } from './catalogue.ts';
import { conditionsOf, statuses, surroundings, verdictOf } from './conditions.ts';
import { encodeCreate } from './encode.ts';

/** The writing half of the provider. */
export interface Writer {
  create(desired: Spec): Promise<Created>;
  update(id: RemoteId, desired: Spec, changed: readonly Pointer[]): Promise<void>;
  delete(id: RemoteId): Promise<'deleted'>;
  probe(id: RemoteId, desired: Spec): Promise<'whole' | 'dead'>;
  /** Did any write succeed? The server's scheduler, without which every write fails, was there then. */
  isAlive(): boolean;
}

const creating: Call = { method: 'POST', path: '/sync' };

export function writer(http: Http, dialect: Dialect, catalogue: Catalogue): Writer {
  let alive = false;
  async function write(request: HttpRequest): Promise<HttpAnswer> {
    const answer = await offered(http.request({ final: meant, ...request }));
    alive = true;
    return answer;
  }
  async function create(desired: Spec): Promise<Created> {
    const around = await beforeSending(creating, surroundings(catalogue, desired));
    const { status, message } = verdictOf(conditionsOf(desired, around, dialect));
    if (status !== 'valid' || around.object === undefined) throw refusal(creating, message);
    const body = encodeCreate(desired, around.object, dialect);
    const answer = await oneTry(write({ ...creating, method: 'POST', body }));
    const sync = objectIn(bodyOf(answer, creating), 'sync', creating);
    const id = idText(sync.id);
    if (id === undefined) throw misshapen(creating, '/sync/id', 'a whole number', sync.id);
    return { id, unset: desired.status === 'paused' ? ['/status'] : [] };
  }
  /** Any other word than the two, silence too, would pause the sync. */
  async function send(id: RemoteId, desired: Spec): Promise<void> {
    const call = one('PATCH', id);
    const { status } = desired;
    if (typeof status !== 'string' || !statuses.includes(status)) {
      throw unsendable(call, `status is neither of ${statuses.join(', ')}`);
    }
    await write({ method: 'PATCH', path: call.path, body: { status }, repeatable: true, emptyAnswer: true });
  }
  return {
    create,
    update: async (id, desired, changed) => {
      const strange = changed.find((path) => path !== '/status');
      if (strange !== undefined) throw unsendable(one('PATCH', id), `${strange} cannot be changed, only /status can`);
      // Only a manifest that says nothing of its status leaves it out, and then the sync is meant to run.
      if (changed.length > 0) await send(id, { status: desired.status ?? 'active' });
    },
    delete: async (id) => {
      await write({ method: 'DELETE', path: one('DELETE', id).path, emptyAnswer: true });
      return 'deleted';
    },
    probe: async (id, desired) => {
      try {
        await send(id, { status: desired.status ?? 'active' });
        return 'whole';
      } catch (error) {
        if (error instanceof ProviderError && error.status === 500) return 'dead';
        throw error;
      }
    },
    isAlive: () => alive,
  };
}

/** Answers of a router: the path, or the method on it, does not exist there. */
async function offered(request: Promise<HttpAnswer>): Promise<HttpAnswer> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof ProviderError) || (error.status !== 404 && error.status !== 405)) throw error;
    const { method, path, status } = error;
    const why = 'this service does not offer it (the documented API lists and creates, nothing else)';
    throw reworded(error, `${method} ${path} answered ${status}: ${why}`, 'refused');
  }
}

/** Refusals that are made before anything is written (429 by what stands in front of the server). After any other answer a sync may be there, whole or in part. */
const nothingWritten: readonly number[] = [400, 401, 403, 404, 405, 429];

async function oneTry(request: Promise<HttpAnswer>): Promise<HttpAnswer> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof ProviderError) || error.status === undefined) throw error;
    throw nothingWritten.includes(error.status) ? error : reworded(error, error.message, 'unknown');
  }
}
