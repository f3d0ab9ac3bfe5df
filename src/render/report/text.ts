import type { Origin } from '../../model/diagnostic.ts';
import type { ToldFailure } from '../../model/failed.ts';
import type { ApplyReport, Outcome, OutcomeStatus } from '../../model/outcome.ts';
import { type Blocked, needsAttention } from '../../model/plan.ts';
import { forTerminal } from '../escape.ts';
import { failedText } from '../failed.ts';
import { partWords } from '../part.ts';
import { foldNotes, timeless } from '../plan/notes.ts';
import { place } from '../plan/words.ts';
import { type Style, style } from '../style.ts';
import { together } from '../together.ts';
import { nextStep } from './words.ts';

/** In the order in which counts are read out. */
const statuses: readonly OutcomeStatus[] = [
  'applied',
  'unconfirmed',
  'valid',
  'unchanged',
  'failed',
  'invalid',
  'stale',
  'skipped',
  'unchecked',
];

/**
 * What an apply or a dry run came to: targets that failed, then of each other one line per change in the order of the run, failures
 * last; then what several targets come to together. `notes`: nobody has read them yet.
 */
export function reportText(
  reports: readonly ApplyReport[],
  options: {
    readonly colour: boolean;
    readonly dryRun: boolean;
    readonly notes: boolean;
    readonly failed?: readonly ToldFailure[];
  },
): string {
  const paint = style(options.colour);
  const failed = failedText(options.failed ?? [], paint);
  const parts = reports.map((report) => `${lines(report, options, paint).join('\n')}\n`);
  const total = reports.length < 2 ? '' : `${paint.bold(together(reports.length, outcomeCounts(reports)))}\n`;
  return [failed, ...parts, total].filter((text) => text !== '').join('\n');
}

function lines(
  report: ApplyReport,
  options: { readonly dryRun: boolean; readonly notes: boolean },
  paint: Style,
): readonly string[] {
  const notes = options.notes ? foldNotes(timeless(report.notes)) : [];
  const part = partWords(report.selection);
  const width = Math.max(0, ...report.outcomes.map((one) => one.status.length));
  return [
    `${paint.bold(`Target ${forTerminal(report.target)}`)}${report.run === null ? '' : paint.dim(`  run ${forTerminal(report.run)}`)}`,
    ...failuresLast(report.outcomes).map((one) => outcomeLine(one, width, paint)),
    ...(options.notes ? report.blocked.map((one) => blockedLine(one, paint)) : []),
    ...notes.map((note) => `  ${paint.dim(note.code)} ${forTerminal(note.address)}: ${forTerminal(note.message)}`),
    ...(part === '' ? [] : [paint.yellow(forTerminal(part))]),
    ending(report, options.dryRun, paint),
  ];
}

/** In the order of the run, what did not come to its end after the rest: there it is seen, however many went well. */
function failuresLast(outcomes: readonly Outcome[]): readonly Outcome[] {
  const isGood = ({ status }: Outcome) => status === 'applied' || status === 'valid' || status === 'unchanged';
  return [...outcomes.filter(isGood), ...outcomes.filter((one) => !isGood(one))];
}

function outcomeLine(outcome: Outcome, width: number, paint: Style): string {
  const status = painter(outcome.status, paint)(outcome.status.padEnd(width));
  const id = outcome.id === null ? '' : paint.dim(`  id ${forTerminal(outcome.id)}`);
  const head = `  ${status}  ${outcome.action} ${forTerminal(outcome.address)}${id}`;
  if (outcome.error === null) return head;
  const next = nextStep(outcome.status);
  return [
    `${head}${at(outcome.origin, paint)}`,
    `      ${forTerminal(outcome.error)}`,
    ...(next === '' ? [] : [`      ${paint.dim(next)}`]),
  ].join('\n');
}

/** Where the manifest stands, for whoever has to mend it. */
function at(origin: Origin | null, paint: Style): string {
  return origin === null ? '' : paint.dim(`  ${forTerminal(place(origin))}`);
}

function blockedLine({ address, wanted, reason, hint, origin }: Blocked, paint: Style): string {
  const head = `  ${paint.yellow('blocked')}  ${wanted} ${forTerminal(address)}  ${reason}${at(origin, paint)}`;
  return `${head}\n      ${forTerminal(hint)}`;
}

function painter(status: OutcomeStatus, paint: Style): (text: string) => string {
  switch (status) {
    case 'applied':
    case 'valid':
      return paint.green;
    case 'failed':
    case 'unconfirmed':
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

/** `3 applied, 1 failed, 2 blocked`, of all of these reports. */
function outcomeCounts(reports: readonly ApplyReport[]): string {
  const outcomes = reports.flatMap((one) => one.outcomes);
  const counts = statuses
    .map((status) => [outcomes.filter((one) => one.status === status).length, status] as const)
    .filter(([count]) => count > 0)
    .map(([count, status]) => `${count} ${status}`);
  const left = reports.flatMap(({ blocked }) => blocked.filter(needsAttention)).length;
  if (left > 0) counts.push(`${left} blocked`);
  const idle = reports.some((one) => one.converged === false) ? 'nothing was done' : 'nothing to do';
  return counts.length === 0 ? idle : counts.join(', ');
}

/** Counts, and whether anything is left to do. */
function ending(report: ApplyReport, dryRun: boolean, paint: Style): string {
  const done = outcomeCounts([report]);
  const left = report.blocked.filter(needsAttention).length;
  if (!dryRun) return `${paint.bold(`Apply: ${done}.`)} ${afterwards(report, left)}`;
  return paint.bold(`Dry run: ${done}. ${report.wrote ? 'It was stopped.' : 'Nothing was written.'}`);
}

function afterwards(report: ApplyReport, blocked: number): string {
  if (report.interrupted) return 'Stopped before the end; plan again to see what is left.';
  if (report.converged === true) {
    const kept = report.blocked.length;
    return kept === 0
      ? 'Everything live is as planned.'
      : `Everything else is as planned; ${kept === 1 ? 'one that is blocked stays as it is' : `${kept} that are blocked stay as they are`}.`;
  }
  const isAll = report.fault === null && report.outcomes.every((one) => one.status === 'applied');
  if (!isAll || blocked === 0) return 'Something is left to do; plan again to see it.';
  return report.outcomes.length === 0
    ? 'What is blocked is left; its reason says what to do.'
    : 'The rest is as planned; what is blocked is left.';
}
