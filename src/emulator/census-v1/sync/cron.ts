import { days } from './vocabulary.ts';

/** Day, hour and minute that the API computes beside a cron expression. */
export interface CronTime {
  readonly day: string;
  readonly hour: number;
  readonly minute: number;
}

const ranges = [
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31 },
  { from: 1, to: 12 },
  { from: 0, to: 7 },
] as const;

/** The first day, hour and minute that a five-field expression allows, or undefined where it is none. */
export function cronTime(expression: string): CronTime | undefined {
  const fields = expression.trim().split(/\s+/u);
  if (fields.length !== 5) return undefined;
  const firsts = ranges.map((range, index) => first(fields[index] ?? '', range));
  if (firsts.includes(undefined)) return undefined;
  const [minute = 0, hour = 0, , , weekday = 0] = firsts;
  return { day: days[weekday % 7] ?? 'Sunday', hour, minute };
}

/** The smallest number that one field allows. Names of days and months count too. */
function first(field: string, range: { readonly from: number; readonly to: number }): number | undefined {
  const firsts = field.split(',').map((part) => firstOfPart(part, range));
  const numbers = firsts.filter((one) => one !== undefined);
  return numbers.length === firsts.length && numbers.length > 0 ? Math.min(...numbers) : undefined;
}

function firstOfPart(part: string, { from, to }: { readonly from: number; readonly to: number }): number | undefined {
  const match = /^(\*|\d+|[a-z]{3})(?:-(\d+|[a-z]{3}))?(?:\/(\d+))?$/iu.exec(part);
  if (match === null) return undefined;
  const [, low = '', high, step] = match;
  if (step !== undefined && Number(step) === 0) return undefined;
  if (low === '*') return high === undefined ? from : undefined;
  const start = number(low, to);
  const end = high === undefined ? start : number(high, to);
  return start !== undefined && end !== undefined && start >= from && end <= to && start <= end ? start : undefined;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `to` tells which field it is: 7 for days of the week, 12 for months. */
function number(text: string, to: number): number | undefined {
  if (/^\d+$/u.test(text)) return Number(text);
  const name = text.toLowerCase();
  const index =
    to === 7
      ? days.findIndex((day) => day.slice(0, 3).toLowerCase() === name)
      : to === 12
        ? months.indexOf(name) + 1
        : 0;
  return index < 0 || (to !== 7 && index === 0) ? undefined : index;
}
