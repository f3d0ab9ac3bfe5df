import type { Origin } from '../../model/diagnostic.ts';
import type { Blocked, Change, Plan } from '../../model/plan.ts';
import { fileIn } from '../diagnostics/report.ts';
import { forTerminal, forWorkflow, forWorkflowProperty } from '../escape.ts';
import { oneLine } from '../rows.ts';
import {
  arranged,
  costs,
  counts,
  foreignWords,
  place,
  rank,
  reasons,
  remarks,
  severity,
  whereabouts,
} from './words.ts';

const valueLimit = 80;

/** GitHub shows so many annotations of one level for a step, and drops the rest without a word. */
const mostOfLevel = 10;

/**
 * GitHub workflow commands: an annotation at each manifest whose thing is blocked or changes, the dangerous first, then the
 * headline. Where there are more of a level than GitHub shows, the last one counts the rest. `base`: where the project lies in its
 * repository.
 */
export function planGithub(plans: readonly Plan[], options: { readonly base?: string } = {}): string {
  const base = options.base ?? '';
  const annotations = plans.flatMap((plan) => {
    const { blocked, deletions, changes, recorded } = arranged(plan);
    return [
      ...blocked.map((one) => blockedCommand(one, base)),
      ...[...deletions, ...changes].map((change) => changeCommand(change, base)),
      ...recorded.flatMap((change) => lifecycleCommand(change, plan, base)),
    ];
  });
  const lines = [...withinLimit(annotations), ...plans.map(headline)];
  return lines.map((line) => `${line}\n`).join('');
}

function headline(plan: Plan): string {
  const said = [counts(plan.summary), costs(plan.changes), foreignWords(plan.summary)].filter((words) => words !== '');
  return `${forTerminal(plan.target)} (${forTerminal(whereabouts(plan))}): ${said.map((words) => `${words}.`).join(' ')}`;
}

function withinLimit(annotations: readonly Annotation[]): readonly string[] {
  return (['error', 'warning', 'notice'] as const).flatMap((level) => {
    const all = annotations.filter((one) => one.level === level).map((one) => one.line);
    if (all.length <= mostOfLevel) return all;
    const shown = all.slice(0, mostOfLevel - 1);
    return [...shown, `::${level} title=More::${all.length - shown.length} more are in the plan.`];
  });
}

interface Annotation {
  readonly level: Level;
  readonly line: string;
}

function changeCommand(change: Change, base: string): Annotation {
  const fields = change.fields.map((field) => {
    const why = reasons(field);
    return `${field.path}: ${oneLine(field.path, field.from, field.to, valueLimit)}${why === '' ? '' : ` (${why})`}`;
  });
  const { validation } = change;
  const verdict = validation === null ? [] : [`${validation.status}: ${validation.message}`];
  const lines = [...remarks(change), ...fields, ...verdict];
  return command(levelOf(change), change.origin, base, `${change.action} ${change.address}`, lines);
}

function levelOf(change: Change): Level {
  if (change.validation?.status === 'invalid') return 'error';
  return severity(change) >= rank('full_resync') ? 'warning' : 'notice';
}

function blockedCommand(blocked: Blocked, base: string): Annotation {
  const title = `${blocked.wanted} ${blocked.address} is blocked`;
  return command('warning', blocked.origin, base, title, [`${blocked.reason}: ${blocked.hint}`]);
}

/** What is only recorded may take protection away, which a reviewer must see at its line. */
function lifecycleCommand({ action, address, origin }: Change, { notes }: Plan, base: string): readonly Annotation[] {
  const said = notes.filter((note) => note.address === address && note.code === 'lifecycle');
  if (said.length === 0) return [];
  const lines = said.map((note) => note.message);
  return [command('warning', origin, base, `${action} ${address}`, lines)];
}

type Level = 'notice' | 'warning' | 'error';

/** An annotation shows its title in bold above the message; an empty message is not shown at all. */
function command(
  level: Level,
  origin: Origin | null,
  base: string,
  title: string,
  lines: readonly string[],
): Annotation {
  const at =
    origin === null
      ? []
      : [`file=${forWorkflowProperty(fileIn(base, origin.file))}`, `line=${origin.line}`, `col=${origin.column}`];
  const properties = [...at, `title=${forWorkflowProperty(title)}`].join(',');
  const message = lines.length > 0 ? lines : [[title, place(origin)].filter((part) => part !== '').join(' at ')];
  return { level, line: `::${level} ${properties}::${message.map(forWorkflow).join('%0A')}` };
}
