import type { Reply } from '../exchange.ts';
import { jsonReply } from '../exchange.ts';
import { idOf } from '../json.ts';
import { reject, type WorkspaceCall } from './call.ts';
import { notFound } from './reply.ts';

/** Starts a refresh; the answer has no envelope. `finish` does its work at the end, or says why it failed. */
export function startRefresh(call: WorkspaceCall, finish: () => string | undefined): Reply {
  const key = call.world.nextId();
  call.workspace.jobs.set(key, { polls: 0, finish });
  return jsonReply(200, { refresh_key: key });
}

/** How a refresh is getting on: `processing` for some polls, then `completed`, or the reason why it failed. */
export function refreshStatus(call: WorkspaceCall): Reply {
  const job = call.workspace.jobs.get(idOf(call.query.get('refresh_key') ?? undefined) ?? 0);
  if (job === undefined) return notFound();
  job.polls += 1;
  if (job.polls <= call.quirks.refreshPolls) return jsonReply(200, { status: 'processing' });
  const failure = job.finish();
  call.workspace.revision.value += 1;
  return failure === undefined ? jsonReply(200, { status: 'completed' }) : reject(call, failure);
}
