import { ProviderError } from '../../../../model/errors.ts';
import type { JsonObject, Spec } from '../../../../model/json.ts';
import type { RemoteId } from '../../../../model/live.ts';
import type { Resource } from '../../../../model/provider.ts';
import type { KindTraits } from '../../../../model/traits.ts';
import { type Call, idText, unsendable } from '../../../../wire/answer.ts';
import { asObject } from '../../../../wire/json.ts';
import { aboutSync } from '../../language/about.ts';
import { type Collection, callOf, capabilities } from '../../wire/collection.ts';
import { decode } from '../../wire/sync/decode.ts';
import { encodeCreate } from '../../wire/sync/encode.ts';
import { checkSync, createSync, patchSync } from '../../wire/sync/send.ts';
import { encodeUpdate, encodeWhole } from '../../wire/sync/update.ts';
import { type Account, pathOf } from '../account.ts';
import { remarked, remarkOn } from '../assumptions.ts';
import { everyGroupedKind, type GroupedCollection, untold } from '../grouped.ts';
import { activationOf } from '../landscape.ts';
import type { Scope } from '../scope.ts';
import { asRequest, belonging, movesActivation, placeSync } from './form.ts';
import type { UnknownKeys } from './unknown-keys.ts';

const path = pathOf('syncs');
const creating: Call = { method: 'POST', path };

/** Syncs of groups. `app`: the web app, where its address is known. */
export function syncs(
  account: Account,
  scope: Scope,
  {
    traits,
    app,
    unknownKeys,
  }: { readonly traits: KindTraits; readonly app: string | undefined; readonly unknownKeys: UnknownKeys },
): Omit<Resource, 'examine'> {
  const plain: Collection = { path, noun: traits.noun, decode };
  const collection: GroupedCollection = {
    ...{ list: 'syncs', noun: traits.noun, place: placeSync },
    decode: (item, call) => {
      unknownKeys.seenIn(asObject(item) ?? {});
      return decode(item, call);
    },
    unplaced: (item) => untold(traits.noun, item, `${seenOf(item)}. ${remarkOn('A03')}`),
  };
  return {
    kind: traits.kind,
    traits,
    capabilities: { ...capabilities, checks: 'service' },
    about: aboutSync,
    ...(app !== undefined && { page: (id: RemoteId) => `${app}/syncs/${encodeURIComponent(id)}` }),
    ...everyGroupedKind(account, scope, collection),
    create: async (desired) => {
      const body = encodeCreate(desired, creating);
      account.wrote();
      const id = await addressed(scope, creating, desired, (activation) =>
        createSync(account.http, creating, asRequest(body, activation), createdId),
      ).catch((error: unknown) => {
        throw error instanceof ProviderError && isUnreadable(error) ? remarked(error, 'A02') : error;
      });
      return { id, unset: [] };
    },
    update: async ({ live, wire }, desired, changed) => {
      const call = callOf(plain, 'PATCH', live.id);
      const body = encodeUpdate(wire, desired, changed, call);
      account.wrote();
      const send = (activation?: string) => patchSync(account.http, plain, live.id, asRequest(body, activation));
      if (movesActivation(changed)) await addressed(scope, call, belonging(desired, wire), send);
      else await send();
      // What the answer shows is in another form, and may be less than the sync (A15): it is read back.
      return undefined;
    },
    check: async (desired, reading) => {
      const body =
        reading === undefined ? encodeCreate(desired, creating) : encodeWhole(reading.wire, desired, creating);
      return addressed(scope, creating, belonging(desired, reading?.wire), (activation) =>
        checkSync(account.http, creating, asRequest(body, activation), createdId),
      );
    },
  };
}

/** Whatever the answer calls it (A02); a whole sync has an `id`. */
function createdId(data: JsonObject | undefined): RemoteId | undefined {
  return idText(data?.sync_id) ?? idText(data?.id);
}

/**
 * Sends what belongs to an activation. One that is refused because the activation has gone meanwhile is sent once more, to the one that
 * joins the pair now (A26).
 */
async function addressed<Result>(
  scope: Scope,
  call: Call,
  spec: Spec,
  send: (activation: string) => Promise<Result>,
): Promise<Result> {
  const first = activationOf(spec, await scope.own()) ?? activationOf(spec, await scope.own('fresh'));
  if (first === undefined)
    throw unsendable(call, `no activation joins its source to its destination. ${remarkOn('A23')}`);
  try {
    return await send(first.id);
  } catch (error) {
    if (!(error instanceof ProviderError) || !isAboutBody(error)) throw error;
    const now = await scope.own('fresh');
    if (now.activations.some((one) => one.id === first.id)) throw error;
    const second = activationOf(spec, now);
    if (second === undefined) throw remarked(error, 'A26', ` The activation ${first.id} is not there any more.`);
    return send(second.id);
  }
}

/** Has it been answered with a success that does not say what was made? */
function isUnreadable({ fate, status }: ProviderError): boolean {
  return fate === 'unknown' && status !== undefined && status < 300;
}

function isAboutBody({ fate, status }: ProviderError): boolean {
  return fate === 'refused' && status !== undefined && [400, 404, 409, 422].includes(status);
}

function seenOf(item: JsonObject): string {
  const { activation_id: id } = item;
  return typeof id === 'string' ? `the activation ${id} is not listed` : 'it names no activation that is listed';
}
