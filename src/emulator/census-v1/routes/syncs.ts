import { jsonReply, type Reply } from '../../exchange.ts';
import { idOf, objectAt } from '../../json.ts';
import { type Route, reject, type WorkspaceCall, workspaceRoute } from '../call.ts';
import { discovered } from '../columns.ts';
import { page } from '../page.ts';
import { created, deleted, notFound } from '../reply.ts';
import type { Sync } from '../state.ts';
import { acceptSync } from '../sync/accept.ts';
import { syncText } from '../sync/answer.ts';
import { syncProblem } from '../sync/check.ts';
import { draftOf } from '../sync/draft.ts';
import { withoutParent } from '../sync/sequence.ts';

/** List, fetch, create, change and delete. */
export const syncRoutes: readonly Route[] = [
  workspaceRoute('GET /syncs', list),
  workspaceRoute('POST /syncs', create),
  workspaceRoute('GET /syncs/:id', (call) => withSync(call, (sync) => whole(call, sync, 'success'))),
  workspaceRoute('PATCH /syncs/:id', (call) => withSync(call, (sync) => change(call, sync))),
  workspaceRoute('DELETE /syncs/:id', (call) => withSync(call, (sync) => remove(call, sync))),
];

/** Answers with the sync that the path names, or 404. */
export function withSync(call: WorkspaceCall, answer: (sync: Sync) => Reply): Reply {
  const sync = call.workspace.syncs.get(idOf(call.params.id));
  return sync === undefined ? notFound() : answer(sync);
}

function list(call: WorkspaceCall): Reply {
  const { workspace, world } = call;
  return page(workspace.syncs.all(), call.query, call.address, (sync) => syncText(sync, workspace, world));
}

function create(call: WorkspaceCall): Reply {
  const { world, workspace, body, quirks } = call;
  discover(call);
  const draft = draftOf(world, workspace, body, undefined);
  const problem = syncProblem(draft);
  if (problem !== undefined) return reject(call, problem);
  if (body.validate_only === true) return valid(quirks.validateStatus);
  const now = world.now();
  const sync = { id: world.nextId(), created_at: now, updated_at: now, status: 'Ready', ...acceptSync(draft) };
  workspace.syncs.put(sync);
  return created({ sync_id: sync.id }, quirks.createStatus);
}

/** A source that was made a moment ago may not have been looked at yet; a create does that by itself. */
function discover({ workspace, body }: WorkspaceCall): void {
  const object = objectAt(objectAt(body, 'source_attributes'), 'object');
  const dataset = object.type === 'dataset' ? workspace.datasets.get(idOf(object.id)) : undefined;
  if (dataset === undefined || dataset.columns.length > 0) return;
  workspace.datasets.put(discovered(dataset, workspace));
  workspace.revision.value += 1;
}

function change(call: WorkspaceCall, sync: Sync): Reply {
  const { world, workspace, body, quirks } = call;
  const draft = draftOf(world, workspace, body, sync);
  const problem = syncProblem(draft);
  if (problem !== undefined) return reject(call, problem);
  if (body.validate_only === true && quirks.patchHonoursValidateOnly) return valid(200);
  const after = { ...sync, ...acceptSync(draft), updated_at: world.now() };
  workspace.syncs.put(after);
  return whole(call, after, 'updated');
}

function remove(call: WorkspaceCall, sync: Sync): Reply {
  const { workspace, quirks } = call;
  workspace.syncs.remove(sync.id);
  if (quirks.sequenceAfterDelete === 'removed') withoutParent(workspace.syncs, sync.id);
  return deleted();
}

function valid(status: number): Reply {
  return jsonReply(status, { status: 'success' });
}

function whole({ workspace, world }: WorkspaceCall, sync: Sync, status: 'success' | 'updated'): Reply {
  return { status: 200, text: `{"status":"${status}","data":${syncText(sync, workspace, world)}}` };
}
