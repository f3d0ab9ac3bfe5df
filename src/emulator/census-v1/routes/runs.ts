import { jsonReply, type Reply } from '../../exchange.ts';
import { idOf, type JsonObject } from '../../json.ts';
import { type Route, reject, type WorkspaceCall, workspaceRoute } from '../call.ts';
import { page } from '../page.ts';
import { notFound, success } from '../reply.ts';
import type { Run, Sync } from '../state.ts';
import { withSync } from './syncs.ts';

/** Runs move no data here: they start, take as long as the quirks say, and end well. */
export const runRoutes: readonly Route[] = [
  workspaceRoute('GET /syncs/test_status', testStatus),
  workspaceRoute('POST /syncs/:id/trigger', (call) => withSync(call, (sync) => trigger(call, sync))),
  workspaceRoute('GET /syncs/:id/sync_runs', (call) => withSync(call, (sync) => listRuns(call, sync))),
  workspaceRoute('GET /sync_runs/:id', (call) =>
    withRun(call, call.params.id, (run) => success(runAnswer(run, call.world.moment()))),
  ),
  workspaceRoute('GET /sync_runs/:id/records', (call) =>
    withRun(call, call.params.id, () => page([], call.query, call.address, String)),
  ),
  workspaceRoute('POST /sync_runs/:id/cancel', (call) => withRun(call, call.params.id, (run) => cancel(call, run))),
];

function withRun(call: WorkspaceCall, id: string | undefined, answer: (run: Run) => Reply): Reply {
  const run = call.workspace.runs.get(idOf(id));
  return run === undefined ? notFound() : answer(run);
}

/** A full sync is asked for in the query; a body that says so has no effect. A run beside another one is skipped. */
function trigger(call: WorkspaceCall, sync: Sync): Reply {
  const { world, workspace, quirks } = call;
  const full_sync = call.query.get('force_full_sync') === 'true';
  if (full_sync && sync.body.operation === 'append') return reject(call, 'This sync does not support full syncs');
  const skipped = runsOf(call, sync).some((run) => stateOf(run, world.moment()) === 'working');
  const ends = world.moment() + quirks.runMilliseconds;
  const run: Run = {
    id: world.nextId(),
    created_at: world.now(),
    sync_id: sync.id,
    full_sync,
    skipped,
    canceled: false,
    ends,
  };
  workspace.runs.put(run);
  const updated_at = quirks.updatedAtMovesOnRun ? world.now() : sync.updated_at;
  if (!skipped) workspace.syncs.put({ ...sync, status: 'Up to Date', updated_at });
  return success({ sync_run_id: run.id });
}

function runsOf({ workspace }: WorkspaceCall, sync: Sync): readonly Run[] {
  return workspace.runs.all().filter((run) => run.sync_id === sync.id);
}

function listRuns(call: WorkspaceCall, sync: Sync): Reply {
  return page(runsOf(call, sync), call.query, call.address, (run) =>
    JSON.stringify(runAnswer(run, call.world.moment())),
  );
}

function cancel({ workspace, world }: WorkspaceCall, run: Run): Reply {
  workspace.runs.put({ ...run, canceled: true, ends: world.moment() });
  return jsonReply(200, { status: 'cancelled', data: {} });
}

function testStatus(call: WorkspaceCall): Reply {
  return withRun(call, call.query.get('sync_run_id') ?? undefined, (run) => {
    const { id, created_at, updated_at, completed_at, error_code, error_message, error_detail, status } = runAnswer(
      run,
      call.world.moment(),
    );
    return success({
      id,
      created_at,
      updated_at,
      completed_at,
      error_code,
      error_message,
      error_detail,
      status,
      sample_record: null,
    });
  });
}

function stateOf(run: Run, now: number): 'working' | 'skipped' | 'completed' {
  if (run.skipped) return 'skipped';
  return run.ends > now ? 'working' : 'completed';
}

function runAnswer(run: Run, now: number): JsonObject {
  const { id, sync_id, created_at, full_sync, canceled } = run;
  const status = stateOf(run, now);
  const ended = status === 'working' ? null : new Date(Math.max(run.ends, Date.parse(created_at))).toISOString();
  const counts = ['source_record_count', 'source_record_updates', 'source_record_deletes', 'source_record_invalids'];
  const results = ['records_processed', 'records_updated', 'records_failed', 'records_invalid'];
  return {
    id,
    sync_id,
    status,
    created_at,
    updated_at: ended ?? created_at,
    completed_at: ended,
    scheduled_execution_time: null,
    ...Object.fromEntries([...counts, ...results].map((name) => [name, status === 'completed' ? 0 : null])),
    error_code: null,
    error_message: null,
    error_detail: null,
    canceled,
    full_sync,
    current_step: null,
    sync_trigger_reason: { ui_tag: 'API', ui_detail: 'Triggered by API' },
  };
}
