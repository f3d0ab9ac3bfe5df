import type { ToldFailure } from '../../model/failed.ts';
import type { Blocked, Change, Note, Plan } from '../../model/plan.ts';
import { isUrgent } from '../../model/retirement.ts';
import { type Annotation, annotated, type Level } from '../annotations.ts';
import { forTerminal } from '../escape.ts';
import { failedAnnotations } from '../failed.ts';
import { partWords } from '../part.ts';
import { oneLine } from '../rows.ts';
import { whatIsBlocked, whatItIs } from './about.ts';
import { toldNotes } from './notes.ts';
import {
  arranged,
  called,
  costs,
  counts,
  foreignWords,
  rank,
  reasons,
  remarks,
  severity,
  whereabouts,
} from './words.ts';

const valueLimit = 80;

/**
 * GitHub workflow commands: an error for each target that failed, an annotation at each manifest whose thing is blocked or changes,
 * the dangerous first, then the headline. Where there are more of a level than GitHub shows, the last one counts the rest. `base`:
 * where the project lies in its repository.
 */
export function planGithub(
  plans: readonly Plan[],
  options: { readonly base?: string; readonly failed?: readonly ToldFailure[] } = {},
): string {
  const annotations = plans.flatMap((plan) => {
    const { blocked, deletions, changes, recorded } = arranged(plan);
    return [
      ...blocked.map(blockedCommand),
      ...[...deletions, ...changes].map(changeCommand),
      ...recorded.flatMap((change) => lifecycleCommand(change, plan)),
      ...toldNotes(plan).flatMap((note) => calendarCommand(note, plan)),
    ];
  });
  const all = [...failedAnnotations(options.failed ?? []), ...annotations];
  const more = (count: number) => `${count} more are in the plan.`;
  const lines = [...annotated(all, { base: options.base, more }), ...plans.map(headline)];
  return lines.map((line) => `${line}\n`).join('');
}

function headline(plan: Plan): string {
  const part = partWords(plan.selection);
  const said = [counts(plan.summary), costs(plan.changes), foreignWords(plan.summary)].filter((words) => words !== '');
  const [where, words] = [`${plan.target} (${whereabouts(plan)})`, said.map((one) => `${one}.`)];
  const head = part === '' ? where : `${called(plan)} for ${where}`;
  return forTerminal([`${head}:`, ...words, part].filter((one) => one !== '').join(' '));
}

/** What ends is a warning once that is near. */
function calendarCommand({ code, message, on }: Note, { target, created_at }: Plan): readonly Annotation[] {
  if (on === undefined) return [];
  const level = isUrgent(on, new Date(created_at)) ? 'warning' : 'notice';
  return [{ level, title: `${code} (${target})`, place: null, lines: [message] }];
}

function changeCommand(change: Change): Annotation {
  const fields = change.fields.map((field) => {
    const why = reasons(field);
    return `${field.path}: ${oneLine(field.path, field.from, field.to, valueLimit, field.names)}${why === '' ? '' : ` (${why})`}`;
  });
  const { validation } = change;
  const verdict = validation === null ? [] : [`${validation.status}: ${validation.message}`];
  const lines = [...whatItIs(change), ...remarks(change), ...fields, ...verdict];
  return { level: levelOf(change), title: `${change.action} ${change.address}`, place: change.origin, lines };
}

function levelOf(change: Change): Level {
  if (change.validation?.status === 'invalid') return 'error';
  return severity(change) >= rank('full_resync') ? 'warning' : 'notice';
}

function blockedCommand(blocked: Blocked): Annotation {
  const title = `${blocked.wanted} ${blocked.address} is blocked`;
  const lines = [...whatIsBlocked(blocked), `${blocked.reason}: ${blocked.hint}`];
  return { level: 'warning', title, place: blocked.origin, lines };
}

/** What is only recorded may take protection away, which a reviewer must see at its line. */
function lifecycleCommand({ action, address, origin }: Change, { notes }: Plan): readonly Annotation[] {
  const said = notes.filter((note) => note.address === address && note.code === 'lifecycle');
  if (said.length === 0) return [];
  const lines = said.map((note) => note.message);
  return [{ level: 'warning', title: `${action} ${address}`, place: origin, lines }];
}
