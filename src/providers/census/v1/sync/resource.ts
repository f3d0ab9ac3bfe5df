import { censusSyncTraits } from '../../../../generated/census-sync-traits.ts';
import type { Http } from '../../../../http/client.ts';
import type { JsonObject } from '../../../../model/json.ts';
import type { RemoteId } from '../../../../model/live.ts';
import type { Resource } from '../../../../model/provider.ts';
import { type Call, idText } from '../../../../wire/answer.ts';
import { aboutSync } from '../../language/about.ts';
import { type Collection, callOf, capabilities, everyKind } from '../../wire/collection.ts';
import { decode } from '../../wire/sync/decode.ts';
import { encodeCreate } from '../../wire/sync/encode.ts';
import { checkSync, createSync, patchSync } from '../../wire/sync/send.ts';
import { encodeUpdate, encodeWhole } from '../../wire/sync/update.ts';

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
    create: async (desired) => {
      const body = encodeCreate(desired, creating);
      return { id: await createSync(await open(), creating, body, createdId), unset: [] };
    },
    update: async ({ live, wire }, desired, changed) => {
      const body = encodeUpdate(wire, desired, changed, callOf(collection, 'PATCH', live.id));
      return patchSync(await open(), collection, live.id, body);
    },
    check: async (desired, reading) => {
      const body =
        reading === undefined ? encodeCreate(desired, creating) : encodeWhole(reading.wire, desired, creating);
      return checkSync(await open(), creating, body, createdId);
    },
  };
}

/** The id of a created sync is `data.sync_id`, and nothing else is: `id` may be missing or mean something else. */
function createdId(data: JsonObject | undefined): RemoteId | undefined {
  return idText(data?.sync_id);
}
