import { type ApplyOptions, applyPlan } from '../engine/apply.ts';
import type { Snapshot } from '../engine/read.ts';
import type { TargetRequest } from '../engine/request.ts';
import type { ApplyReport } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import { identify } from './identity.ts';
import type { Invocation } from './invocation.ts';

/** Performs a plan. `snapshot`: what it was made from, where that was read just now. */
export async function carryOut(
  request: TargetRequest,
  plan: Plan,
  snapshot: Snapshot | undefined,
  invocation: Invocation,
  how: Pick<ApplyOptions, 'checkout' | 'refused' | 'agreed' | 'takesBack'> = {},
): Promise<ApplyReport> {
  const { io } = invocation;
  const identity = await identify(io, request.project, request.now(), request.manifests);
  const report = await applyPlan(request, plan, { identity, signal: io.signal, snapshot, ...how });
  if (report.wrote) io.changed?.();
  return report;
}
