import type { Diagnostic } from '../../model/diagnostic.ts';
import { forMarkdown, markdownCode } from '../escape.ts';
import { type DiagnosticReport, leftOut, shownOf } from './report.ts';

/** GitHub refuses comments of more than 65,536 characters; the rest is room for what is put around the list. */
const budget = 50_000;

/** What is wrong with the files, as a list for a comment or a job summary. What there is no room for is counted. */
export function diagnosticsMarkdown(report: DiagnosticReport): string {
  const { diagnostics, left } = shownOf(report.diagnostics);
  const lines: string[] = [];
  let room = budget;
  for (const one of diagnostics) {
    const text = line(one);
    if (text.length > room) break;
    room -= text.length;
    lines.push(text);
  }
  const more = left + diagnostics.length - lines.length;
  return [...lines, ...(more > 0 ? [`- ${forMarkdown(leftOut(more))}\n`] : [])].join('');
}

function line({ severity, code, message, hint, file, line: row, column }: Diagnostic): string {
  const place = markdownCode(`${file}:${row}:${column}`);
  return `- **${severity}** ${markdownCode(code)} ${place} ${forMarkdown(message)} ${forMarkdown(hint)}\n`;
}
