import type { ApplyReport, Outcome } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';

/** The report of a dry run: the verdicts of a plan that `probeTarget` made. Nothing was written. */
export function dryRunReport(plan: Plan): ApplyReport {
  const outcomes = plan.changes.map((change): Outcome => {
    const { address, action, id, validation } = change;
    const status = validation?.status ?? 'unchecked';
    return { address, action, id, status, error: status === 'valid' ? null : (validation?.message ?? null) };
  });
  const converged = plan.changes.length === 0 && plan.blocked.length === 0;
  const { target, notes } = plan;
  return { target, run: null, converged, outcomes, notes, fault: null, wrote: false, interrupted: false };
}
