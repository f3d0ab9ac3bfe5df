import { Exit, type ExitCode } from '../model/errors.ts';
import type { FailedTarget } from '../model/failed.ts';
import type { ApplyReport, OutcomeStatus } from '../model/outcome.ts';
import { needsAttention, type Plan } from '../model/plan.ts';

/** Exit code of `plan`: 3 where the server refused a body, 2 where changes exist and were asked about. */
export function exitOfPlans(plans: readonly Plan[], exitCode: boolean): ExitCode {
  const invalid = plans.some((plan) => plan.changes.some((change) => change.validation?.status === 'invalid'));
  if (invalid) return Exit.invalid;
  const pending = plans.some((plan) => plan.changes.length > 0 || plan.blocked.some(needsAttention));
  return exitCode && pending ? Exit.changes : Exit.ok;
}

/**
 * Exit code of `apply` (also of a dry run) for one target. What was written beside anything that did not come to its end is a
 * partial apply; a report that is not converged is never a success.
 */
export function exitOfReport({ outcomes, blocked, fault, wrote, interrupted, converged }: ApplyReport): ExitCode {
  const has = (status: OutcomeStatus) => outcomes.some((one) => one.status === status);
  if (has('invalid') && !wrote) return Exit.invalid;
  const refused = has('stale') || has('skipped');
  const unfinished = has('failed') || has('unconfirmed') || has('unchanged');
  if (fault !== null || refused || unfinished) {
    if (wrote) return Exit.partial;
    return fault !== null || unfinished || interrupted ? Exit.failed : Exit.refused;
  }
  if (blocked.some(needsAttention)) return Exit.refused;
  return converged === false ? (wrote ? Exit.partial : Exit.failed) : Exit.ok;
}

/** One exit code for the reports of several targets, and of those that have none: what is stale in one of them counts as failed. */
export function exitOfReports(reports: readonly ApplyReport[], failed: readonly FailedTarget[]): ExitCode {
  const wrote = reports.some((one) => one.wrote);
  const isAnyStale = reports.some(({ outcomes }) =>
    outcomes.some(({ status }) => status === 'stale' || status === 'skipped'),
  );
  return wrote && isAnyStale ? Exit.partial : exitOfMany(reports.map(exitOfReport), failed, wrote);
}

/**
 * One exit code for several targets: what was written beside anything that failed is a partial apply, else the gravest one.
 * `codes`: of those that came to their end.
 */
export function exitOfMany(codes: readonly ExitCode[], failed: readonly FailedTarget[], wrote = false): ExitCode {
  const all = [...codes, ...failed.map((one) => one.exit)];
  const isAnyLost = failed.length > 0 || all.includes(Exit.failed) || all.includes(Exit.invalid);
  if (all.includes(Exit.partial) || (wrote && isAnyLost)) return Exit.partial;
  const rank: readonly ExitCode[] = [Exit.failed, Exit.invalid, Exit.refused, Exit.changes];
  return rank.find((code) => all.includes(code)) ?? Exit.ok;
}
