import type { Ending, ToldFailure } from '../model/failed.ts';
import type { ApplyReport } from '../model/outcome.ts';
import type { Target } from '../model/project.ts';
import type { RetirementNote } from '../model/retirement.ts';
import { reportJson } from '../render/report/json.ts';
import { reportText } from '../render/report/text.ts';
import { calendarOf, endOf, sayCalendar } from './calendar.ts';
import type { FormatOf, Invocation, Renderers } from './invocation.ts';
import { warner } from './notice.ts';
import type { Lost } from './several.ts';

interface Shown {
  readonly colour: boolean;
  readonly dryRun: boolean;
  readonly notes: boolean;
  readonly exit: Ending['exit'];
  readonly failed: readonly ToldFailure[];
  readonly calendar: readonly RetirementNote[];
}

/** The commands that report on what they have carried out. */
type Reporter = 'apply' | 'undo';

const renderers: Renderers<Reporter, readonly ApplyReport[], Shown> = {
  text: reportText,
  json: reportJson,
  // Said already, line by line as it happened.
  ndjson: () => '',
};

/** Says what changes have come to, and which targets failed. */
export function sayReports(
  reports: readonly ApplyReport[],
  shown: Omit<Shown, 'colour' | 'calendar'>,
  targets: readonly Target[],
  invocation: Invocation<never, FormatOf<Reporter>>,
): void {
  const { io, format, colour } = invocation;
  const calendar = calendarOf(targets);
  io.told?.({ apply: { reports, failed: shown.failed } });
  if (reports.length > 0 || format !== 'text')
    io.stdout.write(renderers[format](reports, { ...shown, colour, calendar }));
  sayCalendar(targets, invocation, shown.failed);
  sayEnds(reports, targets, invocation);
}

/** Where an API is gone, that is why a change may have failed. Formats for programs leave it to the log. */
function sayEnds(reports: readonly ApplyReport[], targets: readonly Target[], invocation: Invocation): void {
  for (const { target, outcomes } of reports) {
    const isHurt = outcomes.some(({ status }) => status === 'failed' || status === 'unconfirmed');
    const found = targets.find(({ name }) => name === target);
    const hint = isHurt && found !== undefined ? endOf(found, invocation) : undefined;
    if (hint !== undefined) warner(invocation)(`${target}: ${hint}`);
  }
}

/** What kept runs from their proper end: that too is a failure of their targets. */
export function faultsOf(reports: readonly ApplyReport[]): readonly Lost[] {
  return reports.flatMap(({ target, fault }) => (fault === null ? [] : [{ target, error: fault }]));
}
