import type { FailedTarget } from '../model/failed.ts';
import type { Target } from '../model/project.ts';
import {
  isOver,
  isUrgent,
  type RetirementNote,
  retiredHint,
  retirementMessage,
  type ToldEnd,
  withDays,
} from '../model/retirement.ts';
import { retirementOf } from '../providers/index.ts';
import { forTerminal } from '../render/escape.ts';
import type { Invocation } from './invocation.ts';

/** What there is to say of targets whose API ends; for programs, and so the same on every day. */
export function calendarOf(targets: readonly Target[]): readonly RetirementNote[] {
  return targets.flatMap((target) => {
    const retires = retirementOf(target);
    if (retires === undefined) return [];
    const message = retirementMessage(target.provider, target.api, retires);
    return [{ target: target.name, code: 'api-retires', on: retires.on, message }];
  });
}

/** Why a target failed that is not at its API any more, whatever this checkout says: it needs a merge and no move. */
const movedCodes: ReadonlySet<string> = new Set(['moved-to-v2', 'migration-open']);

/** Says on stdout, at the end of a report for people, how many days are left; several targets of one API share a line. */
export function sayCalendar(
  targets: readonly Target[],
  invocation: Invocation,
  failed: readonly FailedTarget[] = [],
): void {
  if (invocation.format !== 'text') return;
  const moved = new Set(failed.filter(({ code }) => movedCodes.has(code)).map(({ target }) => target));
  sayEnds(calendarOf(targets.filter(({ name }) => !moved.has(name))), invocation);
}

/** Says the same of notes that reports hold. */
export function sayEnds(notes: readonly RetirementNote[], invocation: Invocation): void {
  const { io } = invocation;
  for (const { message, names, urgent } of toldEnds(notes, invocation)) {
    const of = names.length > 1 ? ` This is about ${names.join(', ')}.` : '';
    io.stdout.write(`${forTerminal(`${urgent ? 'Warning' : 'Note'}: ${message}${of}`)}\n`);
  }
}

/** The same for formats that have a place for it: none where people want quiet. */
export function toldCalendar(targets: readonly Target[], invocation: Invocation): readonly ToldEnd[] {
  return toldEnds(calendarOf(targets), invocation);
}

/** Notes as people are told of them; several targets of one API share one. */
export function toldEnds(notes: readonly RetirementNote[], { io, options }: Invocation): readonly ToldEnd[] {
  if (options.flag('quiet')) return [];
  const now = nowOf(io);
  const told = new Map<string, RetirementNote[]>();
  for (const note of notes) {
    const message = withDays(note.message, note.on, now);
    told.set(message, [...(told.get(message) ?? []), note]);
  }
  return [...told].map(([message, alike]) => ({
    message,
    names: alike.map((one) => one.target),
    urgent: alike.some((one) => isUrgent(one.on, now)),
  }));
}

/** Why a target may not answer any more as it did; undefined while its API is there. */
export function endOf(target: Target, { io }: Pick<Invocation, 'io'>): string | undefined {
  const retires = retirementOf(target);
  if (retires === undefined || !isOver(retires.on, nowOf(io))) return undefined;
  return retiredHint(target.provider, target.api, retires);
}

function nowOf({ now }: Invocation['io']): Date {
  return now?.() ?? new Date();
}
