import type { ApplyReport } from '../model/outcome.ts';
import { reportJson } from '../render/report/json.ts';
import { reportText } from '../render/report/text.ts';
import { sayFault } from './carry-out.ts';
import type { FormatOf, Invocation, Renderers } from './invocation.ts';

interface Shown {
  readonly colour: boolean;
  readonly dryRun: boolean;
  readonly notes: boolean;
}

/** The commands that report on what they have carried out. */
type Reporter = 'apply' | 'undo';

const renderers: Renderers<Reporter, readonly ApplyReport[], Shown> = {
  text: reportText,
  json: reportJson,
};

/** Says what changes have come to, and beside it what kept runs from their proper end. */
export async function sayReports(
  reports: readonly ApplyReport[],
  shown: Omit<Shown, 'colour'>,
  invocation: Invocation<never, FormatOf<Reporter>>,
): Promise<void> {
  const { io, format, colour } = invocation;
  io.stdout.write(renderers[format](reports, { ...shown, colour }));
  for (const { fault } of reports) if (fault !== null) await sayFault(fault, invocation);
}
