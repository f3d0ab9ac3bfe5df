import type { ToldFailure } from '../../model/failed.ts';
import type { Blocked, Change, FieldChange, Note, Plan, Validation } from '../../model/plan.ts';
import { forTerminal } from '../escape.ts';
import { failedText } from '../failed.ts';
import { partWords } from '../part.ts';
import { compare, terminalRows } from '../rows.ts';
import { type Style, style } from '../style.ts';
import { whatIsBlocked, whatItIs } from './about.ts';
import { foldNotes, timeless } from './notes.ts';
import { targetsText, totalText } from './targets.ts';
import { outline } from './value.ts';
import {
  arranged,
  called,
  costs,
  counts,
  foreignWords,
  isDeletion,
  nothingWords,
  place,
  rank,
  reasons,
  recordedWords,
  remarks,
  signs,
  whereabouts,
} from './words.ts';

/** Characters of one value or line; longer ones are cut around the difference. */
const valueLimit = 160;

/**
 * Plans as a person reads them in a terminal: targets that failed, and of several targets what each comes to; then of each plan what is
 * blocked and what deletes, the rest worst first, notes, and the headline; last what several targets come to together.
 */
export function planText(
  plans: readonly Plan[],
  options: { readonly colour: boolean; readonly failed?: readonly ToldFailure[] },
): string {
  const paint = style(options.colour);
  const before = [failedText(options.failed ?? [], paint), targetsText(plans, paint)];
  const parts = plans.map((plan) => `${sections(plan, paint).join('\n\n')}\n`);
  return [...before, ...parts, totalText(plans, paint)].filter((text) => text !== '').join('\n');
}

function sections(plan: Plan, paint: Style): readonly string[] {
  const header = `${paint.bold(`Target ${forTerminal(plan.target)}`)}: ${forTerminal(whereabouts(plan))}`;
  const { blocked, deletions, changes, recorded } = arranged(plan);
  const stuck = blocked.map((one, index) => blockedText(one, saidAbove(blocked, index), paint));
  const notes = foldNotes(timeless(plan.notes)).map((note) => noteText(note, paint));
  return [
    header,
    ...(stuck.length > 0 ? [`${paint.bold('Blocked')}\n${stuck.join('\n')}`] : []),
    ...[...deletions, ...changes].map((change) => changeText(change, paint)),
    ...(plan.changes.length === 0 ? [`  ${nothingWords(plan)}`] : []),
    ...(recorded.length > 0 ? [`  ${paint.dim(forTerminal(recordedWords(recorded)))}`] : []),
    ...(notes.length > 0 ? [`${paint.bold('Notes')}\n${notes.join('\n')}`] : []),
    headline(plan, paint),
  ];
}

/** What it comes to, in one to four lines. */
function headline(plan: Plan, paint: Style): string {
  const [cost, foreign] = [costs(plan.changes), foreignWords(plan.summary)];
  const part = partWords(plan.selection);
  return [
    paint.bold(`${called(plan)}: ${counts(plan.summary)}.`),
    ...(part === '' ? [] : [paint.yellow(forTerminal(part))]),
    ...(cost === '' ? [] : [paint.yellow(`Impact: ${cost}.`)]),
    ...(foreign === '' ? [] : [paint.dim(`${foreign}.`)]),
  ].join('\n');
}

function changeText(change: Change, paint: Style): string {
  const { action } = change;
  const head = painter(change, paint)(`${signs[action]} ${action} ${forTerminal(change.address)}`);
  return [
    headLine(head, change, paint),
    ...whatItIs(change).map((words) => `      ${forTerminal(words)}`),
    ...remarks(change).map((remark) => `      ${paint.dim(forTerminal(remark))}`),
    ...(action === 'create' ? newFields(change, paint) : change.fields.map((field) => fieldText(field, paint))),
    ...(change.validation === null ? [] : [`      ${verdict(change.validation, paint)}`]),
  ].join('\n');
}

/** The line that names a change or what is blocked: sign, action and address, then label, id and place where known. */
function headLine(head: string, one: Change | Blocked, paint: Style): string {
  const label = one.label === null ? [] : [forTerminal(JSON.stringify(one.label))];
  const id = one.id === null ? [] : [paint.dim(`id ${forTerminal(one.id)}`)];
  const origin = one.origin === null ? [] : [paint.dim(forTerminal(place(one.origin)))];
  return `  ${[head, ...label, ...id, ...origin].join('  ')}`;
}

function painter(change: Change, paint: Style): (text: string) => string {
  if (isDeletion(change)) return paint.red;
  if (change.action === 'create') return paint.green;
  return change.action === 'adopt' ? paint.cyan : paint.yellow;
}

function newFields(change: Change, paint: Style): string[] {
  return outline(change.desired ?? {}).flatMap(([path, value]) => {
    const { sides, rows } = compare(path, null, value, valueLimit);
    const head = `      ${paint.green('+')} ${forTerminal(path)}: ${forTerminal(sides[1])}`;
    return [head, ...terminalRows(rows, paint)];
  });
}

function fieldText(field: FieldChange, paint: Style): string {
  const { sides, words, rows } = compare(field.path, field.from, field.to, valueLimit, field.names);
  const why = reasons(field);
  const tail = why === '' ? '' : `  ${emphasis(field, paint)(`(${why})`)}`;
  const shown = forTerminal(field.from === null ? sides[1] : words);
  return [`      ${sign(field, paint)} ${forTerminal(field.path)}: ${shown}${tail}`, ...terminalRows(rows, paint)].join(
    '\n',
  );
}

function sign({ from, to }: FieldChange, paint: Style): string {
  if (from === null) return paint.green('+');
  return to === null ? paint.red('-') : paint.yellow('~');
}

function emphasis({ impact }: FieldChange, paint: Style): (text: string) => string {
  if (rank(impact) >= rank('rekeys')) return paint.red;
  return rank(impact) >= rank('full_resync') ? paint.yellow : paint.dim;
}

function verdict({ status, message }: Validation, paint: Style): string {
  const words = `${status}${message === '' ? '' : `: ${forTerminal(message)}`}`;
  if (status === 'valid') return paint.green(`check: ${words}`);
  return status === 'invalid' ? paint.red(`check: ${words}`) : paint.yellow(words);
}

/** A limit blocks all that it counts alike; its help is needed once. */
function saidAbove(all: readonly Blocked[], index: number): boolean {
  const one = all[index];
  if (one?.reason !== 'max-deletes' && one?.reason !== 'mass-gone') return false;
  return all.findIndex(({ reason, hint }) => reason === one.reason && hint === one.hint) < index;
}

function blockedText(blocked: Blocked, saidBefore: boolean, paint: Style): string {
  const head = paint.magenta(`! ${blocked.wanted} ${forTerminal(blocked.address)}`);
  return [
    headLine(head, blocked, paint),
    ...whatIsBlocked(blocked).map((words) => `      ${forTerminal(words)}`),
    ...blocked.fields.map((field) => fieldText(field, paint)),
    `      ${paint.magenta(blocked.reason)}: ${saidBefore ? 'as above.' : forTerminal(blocked.hint)}`,
  ].join('\n');
}

function noteText(note: Note, paint: Style): string {
  return `  ${forTerminal(note.address)}  ${paint.dim(note.code)}: ${forTerminal(note.message)}`;
}
