import { Exit, type ExitCode } from '../model/errors.ts';
import type { ApplyReport } from '../model/outcome.ts';
import type { Blocked, Plan } from '../model/plan.ts';

/** Does a blocked entry need somebody? What only waits for `--prune`, or is protected and undeclared, is meant to stay. */
export function needsAttention(blocked: Blocked): boolean {
  return blocked.reason !== 'prune-off' && !(blocked.reason === 'protected' && blocked.origin === null);
}

/** Exit code of `plan`: 3 where the server refused a body, 2 where changes exist and were asked about. */
export function exitOfPlans(plans: readonly Plan[], exitCode: boolean): ExitCode {
  const invalid = plans.some((plan) => plan.changes.some((change) => change.validation?.status === 'invalid'));
  if (invalid) return Exit.invalid;
  const pending = plans.some((plan) => plan.changes.length > 0 || plan.blocked.some(needsAttention));
  return exitCode && pending ? Exit.changes : Exit.ok;
}

/** Exit code of `apply` (also of a dry run) for one target. */
export function exitOfReport(report: ApplyReport, plan: Plan): ExitCode {
  const has = (status: string) => report.outcomes.some((one) => one.status === status);
  if (has('invalid')) return Exit.invalid;
  if (report.fault !== null) return report.wrote ? Exit.partial : Exit.failed;
  const undone = has('failed') || has('stale') || has('skipped');
  if (undone && report.wrote) return Exit.partial;
  if (has('failed') || (undone && report.interrupted)) return Exit.failed;
  if (undone) return Exit.refused;
  return plan.blocked.some(needsAttention) ? Exit.refused : Exit.ok;
}

/** One exit code for several targets: the one that says most. A failure beside something written is a partial apply. */
export function worstExit(codes: readonly ExitCode[], wrote = false): ExitCode {
  const rank: readonly ExitCode[] = [Exit.partial, Exit.invalid, Exit.failed, Exit.refused, Exit.changes, Exit.ok];
  const worst = rank.find((code) => codes.includes(code)) ?? Exit.ok;
  return worst === Exit.failed && wrote ? Exit.partial : worst;
}
