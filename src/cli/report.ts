import type { Ending, ToldFailure } from '../model/failed.ts';
import type { ApplyReport } from '../model/outcome.ts';
import { reportJson } from '../render/report/json.ts';
import { reportText } from '../render/report/text.ts';
import type { FormatOf, Invocation, Renderers } from './invocation.ts';
import type { Lost } from './several.ts';

interface Shown {
  readonly colour: boolean;
  readonly dryRun: boolean;
  readonly notes: boolean;
  readonly exit: Ending['exit'];
  readonly failed: readonly ToldFailure[];
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
  shown: Omit<Shown, 'colour'>,
  { io, format, colour }: Invocation<never, FormatOf<Reporter>>,
): void {
  io.told?.({ apply: { reports, failed: shown.failed } });
  if (reports.length > 0 || format !== 'text') io.stdout.write(renderers[format](reports, { ...shown, colour }));
}

/** What kept runs from their proper end: that too is a failure of their targets. */
export function faultsOf(reports: readonly ApplyReport[]): readonly Lost[] {
  return reports.flatMap(({ target, fault }) => (fault === null ? [] : [{ target, error: fault }]));
}
