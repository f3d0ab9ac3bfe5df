import type { Origin } from '../../model/diagnostic.ts';
import type { ToldFailure } from '../../model/failed.ts';
import type { ApplyReport, Outcome } from '../../model/outcome.ts';
import { needsAttention } from '../../model/plan.ts';
import { forMarkdown, markdownCode } from '../escape.ts';
import { failedMarkdown, noTargets } from '../failed.ts';
import { shownBlocked } from '../hide.ts';
import { partWords } from '../part.ts';
import { place } from '../plan/words.ts';
import { targetNames, together } from '../together.ts';
import { nextStep } from './words.ts';

/** GitHub refuses comments of more than 65,536 characters; the rest is room for what is put around the report. */
const budget = 50_000;

/** What an apply of one target came to, for a comment or a job summary: what did not come to its end first. */
export function reportMarkdown(report: ApplyReport): string {
  return within(report, '', budget);
}

/**
 * The same of several targets: those that failed first, then what all others come to, each at which something was done or is left, and
 * the names of the rest. All of them together fit into one comment; what there is no room for is counted.
 */
export function reportsMarkdown(reports: readonly ApplyReport[], failed: readonly ToldFailure[]): string {
  if (reports.length + failed.length === 0) return noTargets;
  const [busy, idle] = [reports.filter(isBusy), reports.filter((one) => !isBusy(one))];
  const lost = failedMarkdown(failed);
  const words = headOf(reports).join(', ') || (busy.length > 0 ? 'nothing was done' : 'nothing to do');
  const total = reports.length < 2 ? '' : `**${together(reports.length, words)}**\n`;
  const rest = idleLine(idle.map((one) => one.target));
  let room = budget - lost.length - total.length - rest.length;
  const texts: string[] = [];
  for (const [index, report] of busy.entries()) {
    const later = (busy.length - index - 1) * frame;
    const text = within(report, `${forMarkdown(report.target)}: `, room - later - frame);
    room -= text.length;
    texts.push(text);
  }
  return [lost, total, ...texts, rest].filter((text) => text !== '').join('\n');
}

/** Characters that a target takes whatever becomes of its lines. */
const frame = 150;

function isBusy({ outcomes, blocked, fault, converged }: ApplyReport): boolean {
  return outcomes.length > 0 || blocked.some(needsAttention) || fault !== null || converged === false;
}

function idleLine(targets: readonly string[]): string {
  return targets.length === 0 ? '' : `**Nothing to do** for ${targetNames(targets)}.\n`;
}

/** `before`: what the headline begins with. `room`: for the lines below it. */
function within(report: ApplyReport, before: string, room: number): string {
  const { selection, outcomes, blocked, fault } = report;
  const part = partWords(selection);
  const done = outcomes.filter((one) => one.status === 'applied');
  const open = outcomes.filter((one) => one.status !== 'applied');
  const left = blocked.filter(needsAttention).map(shownBlocked);
  const head = headOf([report]);
  const lines = [
    ...(fault === null ? [] : [`- **${fault.code}** ${forMarkdown(fault.message)} ${forMarkdown(fault.hint)}\n`]),
    ...open.map(outcomeLine),
    ...left.map(
      ({ address, wanted, reason, hint, origin }) =>
        `- **blocked** ${wanted} ${markdownCode(address)}${at(origin)}\n  - **${reason}**: ${forMarkdown(hint)}\n`,
    ),
    ...done.map(outcomeLine),
  ];
  const said = `**${before}${head.length === 0 ? 'Nothing to do' : head.join(', ')}.**`;
  return `${said}${part === '' ? '' : ` ${forMarkdown(part)}`}\n\n${fitting(lines, room).join('')}`;
}

/** `1 failed, 2 blocked, 3 applied`, as parts: what did not come to its end first. */
function headOf(reports: readonly ApplyReport[]): readonly string[] {
  const outcomes = reports.flatMap((one) => one.outcomes);
  const open = outcomes.filter((one) => one.status !== 'applied');
  const left = reports.flatMap(({ blocked }) => blocked.filter(needsAttention)).length;
  const done = outcomes.length - open.length;
  return [...statuses(open), ...(left > 0 ? [`${left} blocked`] : []), ...(done > 0 ? [`${done} applied`] : [])];
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

function fitting(lines: readonly string[], room: number): readonly string[] {
  const kept: string[] = [];
  let left = room;
  for (const one of lines) {
    if (one.length > left) break;
    left -= one.length;
    kept.push(one);
  }
  const more = lines.length - kept.length;
  return more === 0 ? kept : [...kept, `- and ${more} more, which do not fit here\n`];
}
