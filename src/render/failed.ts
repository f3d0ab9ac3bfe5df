// Targets that failed, for the head of every report: whoever reads on must know what is missing below.

import type { ToldFailure } from '../model/failed.ts';
import type { Annotation } from './annotations.ts';
import { forHtml, forMarkdown, forTerminal, markdownCode } from './escape.ts';
import { cut } from './plan/value.ts';
import type { Style } from './style.ts';

/** Characters of a message in Markdown, and of all of them together: the rest of the comment is for what did not fail. */
const longest = 400;
const budget = 15_000;

/** A report of no targets: a comment must not be empty. */
export const noTargets = '**No targets, so there is nothing to do.**\n';

/** A section of a text report; empty where nothing failed. */
export function failedText(failed: readonly ToldFailure[], paint: Style): string {
  if (failed.length === 0) return '';
  const entries = failed.map(({ target, code, message, hint }) =>
    [
      `  ${paint.red(`! ${forTerminal(target)}`)}  ${paint.bold(forTerminal(code))}`,
      ...[message, hint].filter((words) => words !== '').map((words) => `      ${forTerminal(words)}`),
    ].join('\n'),
  );
  return `${paint.bold('Failed')}\n${entries.join('\n')}\n`;
}

/** The first lines of a Markdown report; empty where nothing failed. What there is no room for is counted. */
export function failedMarkdown(failed: readonly ToldFailure[]): string {
  if (failed.length === 0) return '';
  let left = budget;
  const lines = failed.map(markdownLine).filter((line) => {
    left -= line.length;
    return left >= 0;
  });
  const missing = failed.length - lines.length;
  const rest = missing === 0 ? '' : `- and ${missing} more, which do not fit here\n`;
  return `**${counted(failed)} failed.**\n\n${lines.join('')}${rest}`;
}

function markdownLine({ target, code, message, hint }: ToldFailure): string {
  const words = [message, hint].filter((one) => one !== '').map((one) => forMarkdown(cut(one, longest)));
  return `- **${forMarkdown(target)}** ${markdownCode(code)}: ${words.join(' ')}\n`;
}

/** An error of a GitHub workflow for each target that failed. */
export function failedAnnotations(failed: readonly ToldFailure[]): readonly Annotation[] {
  return failed.map(({ target, code, message, hint }) => {
    const lines = [message, hint].filter((one) => one !== '');
    return { level: 'error', title: `Target ${target} failed: ${code}`, place: null, lines };
  });
}

/** A section of a page; empty where nothing failed. */
export function failedHtml(failed: readonly ToldFailure[]): string {
  if (failed.length === 0) return '';
  const items = failed.map(
    ({ target, code, message, hint }) =>
      `<li><span class="bad">${forHtml(target)}</span> <code>${forHtml(code)}</code>: ${forHtml(message)} <span class="dim">${forHtml(hint)}</span></li>`,
  );
  return `<section>\n<h2>${counted(failed)} failed</h2>\n<ul>\n${items.join('\n')}\n</ul>\n</section>\n`;
}

/** Reports of other jobs that are not there, or are none: what their targets have come to nobody knows. */
const ofReports: ReadonlySet<string> = new Set(['missing-report', 'no-report', 'plan-edited', 'plan-malformed']);

function counted(failed: readonly ToldFailure[]): string {
  const reports = failed.filter(({ code }) => ofReports.has(code)).length;
  const counts = [
    [failed.length - reports, 'target'],
    [reports, 'report'],
  ] as const;
  return counts
    .flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'}`]))
    .join(' and ');
}
