import { Exit, type SynclineError } from '../model/errors.ts';
import type { ApplyReport, Outcome } from '../model/outcome.ts';
import { type Change, type Plan, partOf, type Validation } from '../model/plan.ts';
import { shownBlocked } from '../render/hide.ts';

/** The report of a dry run: the verdicts of a plan that `probeTarget` made, and what kept it from asking all of them. */
export function dryRunReport(plan: Plan, fault: SynclineError | null): ApplyReport {
  return {
    target: plan.target,
    selection: partOf(plan.selection),
    run: null,
    converged: null,
    outcomes: plan.changes.map((change) => checked(change, change.validation)),
    blocked: plan.blocked.map(shownBlocked),
    notes: plan.notes,
    fault,
    // Only a service that does what it was asked to check has written anything.
    wrote: fault?.exit === Exit.partial,
    interrupted: false,
  };
}

/** What a check has come to, as the outcome of its change. */
export function checked({ address, action, id, origin }: Change, validation: Validation | null): Outcome {
  const status = validation?.status ?? 'unchecked';
  const error = status === 'valid' ? null : (validation?.message ?? null);
  return { address, action, id, status, error, origin };
}
