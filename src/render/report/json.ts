import { bareEnding, type Ending } from '../../model/failed.ts';
import type { ApplyReport, ToldOutcome } from '../../model/outcome.ts';
import type { Blocked } from '../../model/plan.ts';
import type { RetirementNote } from '../../model/retirement.ts';
import { forJson } from '../escape.ts';
import { shownBlocked } from '../hide.ts';

/** What `apply --format json` prints. */
export function reportJson(
  reports: readonly ApplyReport[],
  ending: Ending & { readonly calendar?: readonly RetirementNote[] },
): string {
  const shown = reports.map((report) => {
    const { target, run, converged } = report;
    return { target, run, converged, ...reportFields(report) };
  });
  return `${forJson({ version: 1, reports: shown, notes: ending.calendar ?? [], ...bareEnding(ending) }, 2)}\n`;
}

/** What programs get to see of changes and of what is blocked. */
interface ReportFields {
  readonly outcomes: readonly ToldOutcome[];
  readonly blocked: readonly Blocked[];
}

/** What programs get to see of a report, here as in events. */
export function reportFields({ outcomes, blocked }: Pick<ApplyReport, 'outcomes' | 'blocked'>): ReportFields {
  return {
    outcomes: outcomes.map(({ address, action, status, id, error }) => ({ address, action, status, id, error })),
    blocked: blocked.map(shownBlocked),
  };
}
