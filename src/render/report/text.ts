import type { ApplyReport, Outcome, OutcomeStatus } from '../../model/outcome.ts';
import { forTerminal } from '../escape.ts';
import { foldNotes } from '../plan/notes.ts';
import { type Style, style } from '../style.ts';

/** In the order in which counts are read out. */
const statuses: readonly OutcomeStatus[] = [
  'applied',
  'valid',
  'unchanged',
  'failed',
  'invalid',
  'stale',
  'skipped',
  'unchecked',
];

/** What an apply or a dry run came to, one line per change in the order of the run. `notes`: nobody has read them yet. */
export function reportText(
  reports: readonly ApplyReport[],
  options: { readonly colour: boolean; readonly dryRun: boolean; readonly notes: boolean },
): string {
  const paint = style(options.colour);
  return reports.map((report) => `${lines(report, options, paint).join('\n')}\n`).join('\n');
}

function lines(
  report: ApplyReport,
  options: { readonly dryRun: boolean; readonly notes: boolean },
  paint: Style,
): readonly string[] {
  const notes = options.notes ? foldNotes(report.notes) : [];
  const width = Math.max(0, ...report.outcomes.map((one) => one.status.length));
  return [
    `${paint.bold(`Target ${forTerminal(report.target)}`)}${report.run === null ? '' : paint.dim(`  run ${forTerminal(report.run)}`)}`,
    ...report.outcomes.map((one) => outcomeLine(one, width, paint)),
    ...notes.map((note) => `  ${paint.dim(note.code)} ${forTerminal(note.address)}: ${forTerminal(note.message)}`),
    ending(report, options.dryRun, paint),
  ];
}

function outcomeLine(outcome: Outcome, width: number, paint: Style): string {
  const status = painter(outcome.status, paint)(outcome.status.padEnd(width));
  const id = outcome.id === null ? '' : paint.dim(`  id ${forTerminal(outcome.id)}`);
  const error = outcome.error === null ? '' : `\n      ${forTerminal(outcome.error)}`;
  return `  ${status}  ${outcome.action} ${forTerminal(outcome.address)}${id}${error}`;
}

function painter(status: OutcomeStatus, paint: Style): (text: string) => string {
  switch (status) {
    case 'applied':
    case 'valid':
      return paint.green;
    case 'failed':
    case 'invalid':
      return paint.red;
    case 'stale':
    case 'skipped':
    case 'unchecked':
      return paint.yellow;
    case 'unchanged':
      return paint.dim;
    default:
      return status satisfies never;
  }
}

/** Counts, and whether anything is left to do. */
function ending(report: ApplyReport, dryRun: boolean, paint: Style): string {
  const counts = statuses
    .map((status) => [report.outcomes.filter((one) => one.status === status).length, status] as const)
    .filter(([count]) => count > 0)
    .map(([count, status]) => `${count} ${status}`);
  const done = counts.length === 0 ? 'nothing to do' : counts.join(', ');
  if (dryRun) return paint.bold(`Dry run: ${done}. Nothing was written.`);
  return `${paint.bold(`Apply: ${done}.`)} ${afterwards(report)}`;
}

function afterwards(report: ApplyReport): string {
  if (report.interrupted) return 'Stopped before the end; plan again to see what is left.';
  return report.converged ? 'The live syncs are as planned.' : 'Something is left to do; plan again to see it.';
}
