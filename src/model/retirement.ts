import { moveLine } from './move-line.ts';

/** When a service lets go of an API, and which one comes after it. */
export interface Retirement {
  /** The first day without it: `2027-01-15`. */
  readonly on: string;
  readonly to: string;
}

/** What every report says of a target whose API ends. */
export interface RetirementNote {
  readonly target: string;
  readonly code: 'api-retires';
  readonly on: string;
  readonly message: string;
}

/** The same for people, of all the targets that it is about. */
export interface ToldEnd {
  /** With the days that are left. */
  readonly message: string;
  readonly names: readonly string[];
  /** Is it near, or over? */
  readonly urgent: boolean;
}

const day = 24 * 60 * 60 * 1000;

/** From so many days before its end on, an API that ends is a warning. */
const urgent = 30;

/** Days until a date, by the calendar of the whole world (UTC): 0 on the day itself, negative after it. */
function daysUntil(on: string, now: Date): number {
  return Math.round((Date.parse(`${on}T00:00:00Z`) - Date.parse(`${now.toISOString().slice(0, 10)}T00:00:00Z`)) / day);
}

export function isUrgent(on: string, now: Date): boolean {
  return daysUntil(on, now) <= urgent;
}

/** Is the API gone, so that whatever fails may fail because of that? */
export function isOver(on: string, now: Date): boolean {
  return daysUntil(on, now) <= 0;
}

/** What a program is told: the date, and so the same sentence on every day. */
export function retirementMessage(provider: string, api: string, { on, to }: Retirement): string {
  return `API ${api} of ${provider} ends on ${on}; ${wayOut(to)}.`;
}

/** That sentence as a person reads it: with the days that are left. */
export function withDays(message: string, on: string, now: Date): string {
  return message.replace(`ends on ${on}`, `${endsIn(daysUntil(on, now))} (${on})`);
}

/** What to do where an API that has ended does not answer as it did. */
export function retiredHint(provider: string, api: string, { on, to }: Retirement): string {
  return `API ${api} of ${provider} ended on ${on}, which may be why; ${wayOut(to)}.`;
}

function endsIn(days: number): string {
  if (days === 0) return 'ends today';
  const count = `${Math.abs(days)} day${Math.abs(days) === 1 ? '' : 's'}`;
  return days < 0 ? `ended ${count} ago` : `ends in ${count}`;
}

function wayOut(to: string): string {
  return `${moveLine(to, { check: true })} shows what a move to ${to} comes to`;
}
