import type { Origin } from '../../model/diagnostic.ts';
import type { ApplyReport, Outcome } from '../../model/outcome.ts';
import { needsAttention } from '../../model/plan.ts';
import { forMarkdown, markdownCode } from '../escape.ts';
import { shownBlocked } from '../hide.ts';
import { partWords } from '../part.ts';
import { place } from '../plan/words.ts';
import { nextStep } from './words.ts';

/** GitHub refuses comments of more than 65,536 characters; the rest is room for what is put around the report. */
const budget = 50_000;

/** What an apply of one target came to, for a comment or a job summary: what did not come to its end first. */
export function reportMarkdown(report: ApplyReport): string {
  const { selection, outcomes, blocked, fault } = report;
  const part = partWords(selection);
  const done = outcomes.filter((one) => one.status === 'applied');
  const open = outcomes.filter((one) => one.status !== 'applied');
  const left = blocked.filter(needsAttention).map(shownBlocked);
  const head = [
    ...statuses(open),
    ...(left.length > 0 ? [`${left.length} blocked`] : []),
    ...(done.length > 0 ? [`${done.length} applied`] : []),
  ];
  const lines = [
    ...(fault === null ? [] : [`- **${fault.code}** ${forMarkdown(fault.message)} ${forMarkdown(fault.hint)}\n`]),
    ...open.map(outcomeLine),
    ...left.map(
      ({ address, wanted, reason, hint, origin }) =>
        `- **blocked** ${wanted} ${markdownCode(address)}${at(origin)}\n  - **${reason}**: ${forMarkdown(hint)}\n`,
    ),
    ...done.map(outcomeLine),
  ];
  const said = `**${head.length === 0 ? 'Nothing to do' : head.join(', ')}.**`;
  return `${said}${part === '' ? '' : ` ${forMarkdown(part)}`}\n\n${fitting(lines).join('')}`;
}

function statuses(outcomes: readonly Outcome[]): readonly string[] {
  const all = new Map<string, number>();
  for (const { status } of outcomes) all.set(status, (all.get(status) ?? 0) + 1);
  return [...all].map(([status, count]) => `${count} ${status}`);
}

function outcomeLine({ action, address, status, id, error, origin }: Outcome): string {
  const name = id === null ? '' : ` (id ${markdownCode(id)})`;
  const head = `${status === 'applied' ? status : `**${status}**`} ${action} ${markdownCode(address)}${name}`;
  if (error === null) return `- ${head}\n`;
  const why = [error, nextStep(status)].filter((words) => words !== '').map((words) => `  - ${forMarkdown(words)}\n`);
  return `- ${head}${at(origin)}\n${why.join('')}`;
}

/** Where the manifest stands, for whoever has to mend it. */
function at(origin: Origin | null): string {
  return origin === null ? '' : ` in ${markdownCode(place(origin))}`;
}

function fitting(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let room = budget;
  for (const one of lines) {
    if (one.length > room) break;
    room -= one.length;
    kept.push(one);
  }
  const more = lines.length - kept.length;
  return more === 0 ? kept : [...kept, `- and ${more} more, which do not fit here\n`];
}
