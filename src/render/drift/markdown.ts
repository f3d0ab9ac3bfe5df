import type { Drift, DriftReport } from '../../model/drift.ts';
import type { ToldFailure } from '../../model/failed.ts';
import type { ToldEnd } from '../../model/retirement.ts';
import { forMarkdown, markdownCode } from '../escape.ts';
import { failedMarkdown, noTargets } from '../failed.ts';
import { partWords } from '../part.ts';
import { place } from '../plan/words.ts';
import { markdownField } from '../rows.ts';
import { mostTargets, targetNames } from '../together.ts';
import { advice, counts, nothing, nothingElsewhere, remarks, sides, total } from './words.ts';

/** GitHub refuses comments of more than 65,536 characters; the rest is room for what a workflow puts around the report. */
const budget = 60_000;
const valueLimit = 200;

/**
 * What changed outside Git, as a comment or a job summary; targets that failed come first. Where room runs out, detail goes first, and
 * what is left is counted. `isShare`: nobody has named the targets, so that they are named here.
 */
export function driftMarkdown(
  reports: readonly DriftReport[],
  failed: readonly ToldFailure[] = [],
  isShare = false,
): string {
  const lost = failed.length === 0 ? '' : `${failedMarkdown(failed)}\n`;
  if (reports.length === 0) return failed.length === 0 ? noTargets : failedMarkdown(failed);
  if (reports.every((report) => report.drift.length === 0)) {
    if (reports.length > 1 || isShare) return `${lost}${calmTargets(reports)}`;
    const notes = reports.flatMap((report) => notesOf(report));
    const calm = lost === '' ? nothing : nothingElsewhere;
    return `${lost}**${calm}**\n${notes.length === 0 ? '' : `\n${notes.join('')}`}`;
  }
  const sum = total(reports);
  const before = `${lost}${sum === '' ? '' : `**${sum}**\n\n`}`;
  const next = advice(reports.flatMap((report) => report.drift));
  const { shown, rest } = withoutCalm(reports);
  const lines = new Map(shown.flatMap((report) => report.drift.map((one) => [one, line(one)] as const)));
  const room = {
    left: budget - shown.reduce((sum, report) => sum + head(report).length + 100, next.length + before.length),
  };
  const kept = take(lines, room);
  const details = new Map([...kept.keys()].map((one) => [one, detail(one)] as const));
  const tables = take(new Map([...details].map(([one, { table }]) => [one, table])), room);
  const texts = take(new Map([...tables.keys()].map((one) => [one, details.get(one)?.texts ?? ''])), room);
  const sections = shown.map((report) => {
    const told = report.drift.filter((one) => kept.has(one));
    const entries = told.map((one) => `${kept.get(one)}${tables.get(one) ?? ''}${texts.get(one) ?? ''}`);
    const missing = report.drift.length - told.length;
    return `${head(report)}${entries.join('')}${missing === 0 ? '' : `- and ${missing} more, which do not fit here\n`}`;
  });
  return `${before}${[...sections, ...rest].join('\n')}\n${next}\n`;
}

/** Targets at which nothing has changed, by their names, and what there is to say of them. */
function calmTargets(reports: readonly DriftReport[]): string {
  const said = `**${nothing.slice(0, -1)}** at ${targetNames(reports.map((one) => one.target))}.\n`;
  const notes = reports.flatMap((one) => notesOf(one).map((note) => `- ${forMarkdown(one.target)}: ${note}`));
  const more = notes.length > mostTargets ? `- and ${notes.length - mostTargets} more\n` : '';
  return `${said}${notes.length === 0 ? '' : `\n${notes.slice(0, mostTargets).join('')}${more}`}`;
}

/** So many targets at which nothing has changed are shown like any other. */
const mostCalm = 10;

/** Of a fleet, targets at which nothing has changed are counted. */
function withoutCalm(reports: readonly DriftReport[]): {
  readonly shown: readonly DriftReport[];
  readonly rest: readonly string[];
} {
  const shown = reports.filter((report) => report.drift.length > 0 || notesOf(report).length > 0);
  const calm = reports.length - shown.length;
  if (calm <= mostCalm) return { shown: reports, rest: [] };
  return { shown, rest: [`**Nothing has changed outside Git at ${calm} other targets.**\n`] };
}

/** What ends, below a report that others may quote without it. */
export function calendarMarkdown(calendar: readonly ToldEnd[]): string {
  return calendar.map(({ message, names }) => `\n${forMarkdown(`${names.join(', ')}: ${message}`)}\n`).join('');
}

/** As many of these texts, from the first on, as there is room for. */
function take(texts: ReadonlyMap<Drift, string>, room: { left: number }): ReadonlyMap<Drift, string> {
  const taken = new Map<Drift, string>();
  for (const [one, text] of texts) {
    if (text.length > room.left) continue;
    taken.set(one, text);
    room.left -= text.length;
  }
  return taken;
}

function head(report: DriftReport): string {
  const notes = notesOf(report);
  const list = notes.length === 0 ? '' : `${notes.join('')}\n`;
  return `**Target ${forMarkdown(report.target)}: ${counts(report)}.**\n\n${list}`;
}

/** What it does not speak of comes first. */
function notesOf({ selection, notes }: DriftReport): readonly string[] {
  const part = partWords(selection);
  return [...(part === '' ? [] : [part]), ...notes].map((note) => `${forMarkdown(note)}\n`);
}

function line(drift: Drift): string {
  const label = drift.label === null ? '' : ` ${forMarkdown(drift.label)}`;
  const origin = drift.origin === null ? '' : ` (${markdownCode(place(drift.origin))})`;
  const extra = remarks(drift).map((remark) => `  - ${forMarkdown(remark)}\n`);
  return `- **${drift.kind}** ${markdownCode(drift.address)}${label}${origin}\n${extra.join('')}`;
}

/** The fields of one sync: a table, and the lines in which texts of several lines differ. */
function detail({ fields }: Drift): { readonly table: string; readonly texts: string } {
  if (fields.length === 0) return { table: '', texts: '' };
  const shown = fields.map(({ path, was, now, names }) => ({
    path,
    ...markdownField(path, was, now, valueLimit, sides(names)),
  }));
  const rows = shown.map(({ path, cells }) => `| ${[markdownCode(path), ...cells].join(' | ')} |`);
  const below = shown.flatMap((field) => field.below);
  return {
    table: indented(['', '| field | was | now |', '| --- | --- | --- |', ...rows, '']),
    texts: below.length === 0 ? '' : indented([...below.slice(1), '']),
  };
}

/** So that it stays inside its list item. */
function indented(lines: readonly string[]): string {
  return lines.map((line) => (line === '' ? '\n' : `  ${line}\n`)).join('');
}
