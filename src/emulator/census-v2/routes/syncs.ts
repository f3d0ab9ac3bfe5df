import type { Sync } from '../../census-v1/state.ts';
import { jsonReply, type Reply } from '../../exchange.ts';
import { idOf, objectAt, objectIn } from '../../json.ts';
import { askOlder, route, type V2Call, type V2Route, withKept } from '../call.ts';
import { everyOne, groupOfSync, type Kept, keptIn } from '../face.ts';
import { unshifted } from '../ids.ts';
import { groupedPage } from '../page.ts';
import { isFailure } from '../reply.ts';
import { syncTextV2 } from '../sync-answer.ts';
import { olderBody } from '../sync-request.ts';

/** List, fetch, create, change and delete. */
export const syncRoutes: readonly V2Route[] = [
  route('GET /syncs', list),
  route('POST /syncs', create),
  route('GET /syncs/:id', (call) => withSync(call, (sync) => whole(call, sync, 200, 'success'))),
  route('PATCH /syncs/:id', (call) => withSync(call, (sync) => change(call, sync))),
  route('DELETE /syncs/:id', (call) =>
    withSync(call, ({ workspace, thing }) =>
      askOlder(call, 'DELETE /syncs/:id', { workspace, params: { id: String(thing.id) } }),
    ),
  ),
];

/** Answers with the sync that the path names, or 404. */
export function withSync(call: V2Call, reply: (sync: Kept<Sync>) => Reply): Reply {
  const { face, params } = call;
  const id = unshifted(face, 'sync', params.id);
  const kept = keptIn(face, ({ syncs }) => syncs.get(id));
  return withKept(call, kept, ({ workspace, thing }) => groupOfSync(face, workspace, thing), reply);
}

function list(call: V2Call): Reply {
  const { face } = call;
  return groupedPage(
    call,
    everyOne(face, ({ syncs }) => syncs.all()),
    ({ workspace, thing }) => groupOfSync(face, workspace, thing),
    ({ workspace, thing }) => syncTextV2(face, workspace, thing),
  );
}

function create(call: V2Call): Reply {
  const { face } = call;
  const older = olderBody(call, undefined);
  if ('status' in older) return older;
  const { badStatus: errorStatus, unknownKey: unknownKeys, createStatus } = face.switches;
  const reply = askOlder(call, 'POST /syncs', { ...older, quirks: { errorStatus, unknownKeys } });
  const id = idOf(objectAt(objectIn(reply.text) ?? {}, 'data').sync_id);
  const thing = older.workspace.syncs.get(id);
  if (isFailure(reply) || thing === undefined) return reply;
  const kept = { workspace: older.workspace, thing };
  if (face.switches.create === 'full') return whole(call, kept, createStatus, 'created');
  const shown = thing.id + face.switches.syncIdShift;
  return jsonReply(createStatus, { status: 'created', data: { [face.switches.create]: shown } });
}

function change(call: V2Call, kept: Kept<Sync>): Reply {
  const older = olderBody(call, kept);
  if ('status' in older) return older;
  const { badStatus: errorStatus, unknownKey: unknownKeys, patchAnswer } = call.face.switches;
  const params = { id: String(kept.thing.id) };
  const reply = askOlder(call, 'PATCH /syncs/:id', { ...older, params, quirks: { errorStatus, unknownKeys } });
  const after = kept.workspace.syncs.get(kept.thing.id);
  if (isFailure(reply) || after === undefined) return reply;
  if (objectIn(reply.text)?.data === undefined) return reply;
  if (patchAnswer === 'empty-data') return jsonReply(200, { status: 'updated', data: {} });
  return whole(call, { ...kept, thing: after }, 200, 'updated');
}

function whole({ face }: V2Call, { workspace, thing }: Kept<Sync>, code: number, status: string): Reply {
  return { status: code, text: `{"status":"${status}","data":${syncTextV2(face, workspace, thing)}}` };
}
