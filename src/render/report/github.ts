import type { ToldFailure } from '../../model/failed.ts';
import type { ApplyReport, Outcome, OutcomeStatus } from '../../model/outcome.ts';
import { needsAttention } from '../../model/plan.ts';
import { type Annotation, annotated, type Level } from '../annotations.ts';
import { failedAnnotations } from '../failed.ts';
import { shownBlocked } from '../hide.ts';
import { nextStep } from './words.ts';

/** What is said of a change; of one that came to its end, nothing. */
const levels: Readonly<Record<OutcomeStatus, Level | undefined>> = {
  failed: 'error',
  unconfirmed: 'error',
  invalid: 'error',
  stale: 'warning',
  skipped: 'warning',
  unchecked: 'notice',
  applied: undefined,
  valid: undefined,
  unchanged: undefined,
};

/**
 * GitHub workflow commands: an error for each target that failed and for each change that did, a warning for what was refused or is
 * blocked, and nothing else. Where there are more of a level than GitHub shows, the last one counts the rest.
 */
export function reportGithub(reports: readonly ApplyReport[], failed: readonly ToldFailure[]): string {
  const annotations = reports.flatMap(({ target, outcomes, blocked }) => [
    ...outcomes.flatMap((one) => outcomeCommand(one, target)),
    ...blocked.filter(needsAttention).map((one): Annotation => {
      const { wanted, address, reason, hint, origin } = shownBlocked(one);
      return {
        level: 'warning',
        title: `${wanted} ${address} is blocked (${target})`,
        place: origin,
        lines: [`${reason}: ${hint}`],
      };
    }),
  ]);
  const more = (count: number) => `${count} more are in the report.`;
  const lines = annotated([...failedAnnotations(failed), ...annotations], { more });
  return lines.map((line) => `${line}\n`).join('');
}

function outcomeCommand({ action, address, status, error, origin }: Outcome, target: string): readonly Annotation[] {
  const level = levels[status];
  if (level === undefined) return [];
  const lines = [error ?? '', nextStep(status)].filter((words) => words !== '');
  return [{ level, title: `${action} ${address}: ${status} (${target})`, place: origin, lines }];
}
