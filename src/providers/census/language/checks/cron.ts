/** One field of a cron expression: its name, range, and the words that stand for numbers. */
interface CronField {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** How many different values there are. */
  readonly count: number;
  readonly words: readonly string[];
  /** The number that the first word stands for. */
  readonly first: number;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const fields: readonly CronField[] = [
  { name: 'minute', from: 0, to: 59, count: 60, words: [], first: 0 },
  { name: 'hour', from: 0, to: 23, count: 24, words: [], first: 0 },
  { name: 'day of month', from: 1, to: 31, count: 31, words: [], first: 0 },
  { name: 'month', from: 1, to: 12, count: 12, words: months, first: 1 },
  { name: 'day of week', from: 0, to: 7, count: 7, words: days, first: 0 },
];

/** What is wrong with a cron expression of exactly five fields (lists, ranges, steps, English names), or undefined. */
export function cronFault(expression: string): string | undefined {
  const parts = expression.trim().split(/\s+/);
  if (expression.trim().startsWith('@')) return 'a nickname such as `@daily` is not a five-field expression';
  if (parts.length !== fields.length) return `it has ${parts.length} fields instead of five`;
  for (const [index, field] of fields.entries()) {
    const bad = (parts[index] ?? '').split(',').find((item) => !isItem(item, field));
    if (bad !== undefined) return `"${short(bad)}" is no ${field.name} (${field.from}-${field.to})`;
  }
  return runsNever(parts) ? 'it never runs, because no month in it has such a day' : undefined;
}

const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Is there no day of the month in any of the months? With a day of the week beside it, cron runs on either of the two; a date that
 * exists only in some years is one.
 */
function runsNever([, , days = '', months = '', weekdays = '']: readonly string[]): boolean {
  const [, , ofMonth, ofYear] = fields;
  if (weekdays !== '*' || ofMonth === undefined || ofYear === undefined) return false;
  const earliest = Math.min(...days.split(',').map((item) => firstOf(item, ofMonth)));
  return !months.split(',').some((item) => reaches(item, ofYear, earliest));
}

/** The first number that an item stands for. */
function firstOf(item: string, field: CronField): number {
  const [low = ''] = item.split(/[-/]/);
  return low === '*' ? field.from : (numberOf(low, field) ?? field.from);
}

/** Has one of the months that an item stands for as many days? */
function reaches(item: string, field: CronField, day: number): boolean {
  const [range = '', step = '1'] = item.split('/');
  const [low = '', high = low] = range.split('-');
  const end = low === '*' ? field.to : (numberOf(high, field) ?? field.to);
  for (let month = firstOf(item, field); month <= end; month += Number(step)) {
    if ((longest[month - 1] ?? 0) >= day) return true;
  }
  return false;
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}

/** `*`, `n`, `a-b`, each of the starred and ranged forms also with `/step`. */
function isItem(item: string, field: CronField): boolean {
  const match = /^(?:\*|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/(\d{1,3}))?$/i.exec(item);
  if (match === null) return false;
  const [, low, high, step] = match;
  if (step !== undefined && (Number(step) < 1 || Number(step) > field.count)) return false;
  if (low === undefined) return true;
  const start = numberOf(low, field);
  if (start === undefined) return false;
  if (high === undefined) return step === undefined;
  const end = numberOf(high, field);
  return end !== undefined && start <= end;
}

function numberOf(text: string, field: CronField): number | undefined {
  const word = field.words.indexOf(text.toLowerCase());
  if (word >= 0) return word + field.first;
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= field.from && number <= field.to ? number : undefined;
}
