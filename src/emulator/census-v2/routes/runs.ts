import type { Run } from '../../census-v1/state.ts';
import type { Reply } from '../../exchange.ts';
import { idOf, type JsonObject } from '../../json.ts';
import { askOlder, route, type V2Call, type V2Route, withKept } from '../call.ts';
import { type Face, groupOfSync, type Kept, keptIn } from '../face.ts';
import { shift } from '../ids.ts';
import { shown } from '../reply.ts';
import { withSync } from './syncs.ts';

/** Runs, as in version 1. */
export const runRoutes: readonly V2Route[] = [
  route('GET /syncs/test_status', (call) =>
    ofRun(call, 'GET /syncs/test_status', call.exchange.query.get('sync_run_id')),
  ),
  ...['POST /syncs/:id/trigger', 'GET /syncs/:id/sync_runs'].map((on) => route(on, (call) => ofSync(call, on))),
  ...['GET /sync_runs/:id', 'GET /sync_runs/:id/records', 'POST /sync_runs/:id/cancel'].map((on) =>
    route(on, (call) => ofRun(call, on, call.params.id)),
  ),
];

function ofSync(call: V2Call, on: string): Reply {
  return withSync(call, ({ workspace, thing }) => {
    const reply = askOlder(call, on, { workspace, params: { id: String(thing.id) } });
    return shown(reply, (data) => runAnswer(call.face, data));
  });
}

function ofRun(call: V2Call, on: string, id: string | null | undefined): Reply {
  const { face } = call;
  const kept = keptIn(face, ({ runs }) => runs.get(idOf(id ?? undefined)));
  return withKept(
    call,
    kept,
    (run) => groupOfRun(face, run),
    ({ workspace }) => shown(askOlder(call, on, { workspace }), (data) => runAnswer(face, data)),
  );
}

/** The group of its sync; undefined where that is gone. */
function groupOfRun(face: Face, { workspace, thing }: Kept<Run>): string | undefined {
  const sync = workspace.syncs.get(thing.sync_id);
  return sync === undefined ? undefined : groupOfSync(face, workspace, sync);
}

function runAnswer(face: Face, older: JsonObject): JsonObject {
  return older.sync_id === undefined ? older : { ...older, sync_id: shift(face, 'sync', older.sync_id) };
}
