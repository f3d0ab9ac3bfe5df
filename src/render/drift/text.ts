import type { Drift, DriftField, DriftReport } from '../../model/drift.ts';
import type { ToldFailure } from '../../model/failed.ts';
import { forTerminal } from '../escape.ts';
import { failedText } from '../failed.ts';
import { partWords } from '../part.ts';
import { place } from '../plan/words.ts';
import { compare, terminalRows } from '../rows.ts';
import { type Style, style } from '../style.ts';
import { advice, counts, nothing, nothingElsewhere, remarks, sides, total } from './words.ts';

/** Characters of one value or line; longer ones are cut around the difference. */
const valueLimit = 160;

/**
 * What changed outside Git as a person reads it in a terminal: targets that failed, then as last applied → as it is now. `isShare`:
 * nobody has named the targets, so that each is named here.
 */
export function driftText(
  reports: readonly DriftReport[],
  options: { readonly colour: boolean; readonly failed?: readonly ToldFailure[]; readonly isShare?: boolean },
): string {
  const paint = style(options.colour);
  const clean = reports.every((report) => report.drift.length === 0);
  const isNamed = !clean || reports.length > 1 || options.isShare === true;
  const shown = reports.filter(({ notes, selection }) => isNamed || notes.length > 0 || partWords(selection) !== '');
  const sections = shown.map((report) => section(report, paint));
  const failed = failedText(options.failed ?? [], paint);
  const calm = failed === '' ? nothing : nothingElsewhere;
  const sum = total(reports);
  const end = clean ? [calm] : [...(sum === '' ? [] : [paint.bold(sum)]), advice(reports.flatMap((one) => one.drift))];
  return `${failed === '' ? '' : `${failed}\n`}${[...sections, ...end].join('\n\n')}\n`;
}

function section(report: DriftReport, paint: Style): string {
  const part = partWords(report.selection);
  return [
    `${paint.bold(`Target ${forTerminal(report.target)}`)}: ${counts(report)}.`,
    ...(part === '' ? [] : [`  ${paint.yellow(forTerminal(part))}`]),
    ...report.notes.map((note) => `  ${forTerminal(note)}`),
    ...report.drift.map((drift) => driftLines(drift, paint)),
  ].join('\n');
}

function driftLines(drift: Drift, paint: Style): string {
  const head = drift.kind === 'gone' ? paint.red : paint.yellow;
  const label = drift.label === null ? [] : [forTerminal(JSON.stringify(drift.label))];
  const id = drift.id === null ? [] : [paint.dim(`id ${forTerminal(drift.id)}`)];
  const origin = drift.origin === null ? [] : [paint.dim(forTerminal(place(drift.origin)))];
  const sign = drift.kind === 'gone' ? '-' : '~';
  return [
    `  ${[head(`${sign} ${drift.kind} ${forTerminal(drift.address)}`), ...label, ...id, ...origin].join('  ')}`,
    ...remarks(drift).map((remark) => `      ${paint.dim(forTerminal(remark))}`),
    ...drift.fields.flatMap((field) => fieldLines(field, paint)),
  ].join('\n');
}

function fieldLines({ path, was, now, names }: DriftField, paint: Style): readonly string[] {
  const { words, rows } = compare(path, was, now, valueLimit, sides(names));
  return [`      ${paint.yellow('~')} ${forTerminal(path)}: ${forTerminal(words)}`, ...terminalRows(rows, paint)];
}
