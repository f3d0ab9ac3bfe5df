import type { Drift, DriftReport } from '../../model/drift.ts';
import { forMarkdown, markdownCode } from '../escape.ts';
import { place } from '../plan/words.ts';
import { advice, counts, nothing, remarks, values } from './words.ts';

/** GitHub refuses comments of more than 65,536 characters; the rest is room for what a workflow puts around the report. */
const budget = 60_000;
const valueLimit = 200;

/** What changed outside Git, as a comment or a job summary. Where room runs out, tables go first, and what is left is counted. */
export function driftMarkdown(reports: readonly DriftReport[]): string {
  if (reports.every((report) => report.drift.length === 0)) {
    const notes = reports.flatMap((report) => notesOf(report));
    return `**${nothing}**\n${notes.length === 0 ? '' : `\n${notes.join('')}`}`;
  }
  const lines = new Map(reports.flatMap((report) => report.drift.map((one) => [one, line(one)] as const)));
  const room = { left: budget - reports.reduce((sum, report) => sum + head(report).length + 100, advice.length) };
  const kept = take(lines, room);
  const tables = take(new Map([...kept].map(([one]) => [one, table(one)])), room);
  const sections = reports.map((report) => {
    const shown = report.drift.filter((one) => kept.has(one));
    const entries = shown.map((one) => `${kept.get(one)}${tables.get(one) ?? ''}`);
    const missing = report.drift.length - shown.length;
    return `${head(report)}${entries.join('')}${missing === 0 ? '' : `- and ${missing} more, which do not fit here\n`}`;
  });
  return `${sections.join('\n')}\n${advice}\n`;
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

function notesOf(report: DriftReport): readonly string[] {
  return report.notes.map((note) => `${forMarkdown(note)}\n`);
}

function line(drift: Drift): string {
  const label = drift.label === null ? '' : ` ${forMarkdown(drift.label)}`;
  const origin = drift.origin === null ? '' : ` (${markdownCode(place(drift.origin))})`;
  const extra = remarks(drift).map((remark) => `  - ${forMarkdown(remark)}\n`);
  return `- **${drift.kind}** ${markdownCode(drift.address)}${label}${origin}\n${extra.join('')}`;
}

/** Indented, so that it stays inside its list item. */
function table({ fields }: Drift): string {
  if (fields.length === 0) return '';
  const rows = fields.map((field) => {
    const [was, now] = values(field, valueLimit);
    return `| ${markdownCode(field.path)} | ${markdownCode(was)} | ${markdownCode(now)} |`;
  });
  return ['', '| field | was | now |', '| --- | --- | --- |', ...rows, '']
    .map((row) => (row === '' ? '\n' : `  ${row}\n`))
    .join('');
}
