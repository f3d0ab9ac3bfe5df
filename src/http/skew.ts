import type { HttpResponse } from './dispatcher.ts';

/**
 * Milliseconds by which the clock of whoever answered is ahead of this one, to the second that a `Date` header can say. undefined
 * where the answer names no time, or comes from a cache (`Age`), whose time is that of another moment.
 */
export function skewOf(headers: HttpResponse['headers'], now: number): number | undefined {
  const { date, age } = headers;
  if (typeof date !== 'string' || age !== undefined) return undefined;
  const said = Date.parse(date);
  // The header drops the fraction of its second: on average half of one.
  return Number.isNaN(said) ? undefined : said + 500 - now;
}
