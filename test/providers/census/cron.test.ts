import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cronFault } from '../../../src/providers/census/language/checks/cron.ts';

describe('a cron expression', () => {
  test.each([
    '* * * * *',
    '0 6 * * *',
    '*/15 0-6/2,22 1,15 JAN-MAR mon',
    '15 */4 * * 1,2,3,4,5',
    ' 0  6 * *  7 ',
    '0 0 31 12 0',
    '0 0 29 2 *',
    '0 0 31 2,3 *',
    '0 0 30-31,29 2 *',
    '0 0 31 2 1',
    '0 0 31 */2 *',
    '0 0 31 APR-may *',
    '0 0 */30 2 *',
  ])('%j is fine', (expression) => {
    expect(cronFault(expression)).toBeUndefined();
  });

  test.each([
    ['', 'it has 1 fields instead of five'],
    ['* * * *', 'it has 4 fields instead of five'],
    ['0 * * * * *', 'it has 6 fields instead of five'],
    ['@daily', 'a nickname such as `@daily` is not a five-field expression'],
    ['60 * * * *', '"60" is no minute (0-59)'],
    ['0 24 * * *', '"24" is no hour (0-23)'],
    ['0 0 0 * *', '"0" is no day of month (1-31)'],
    ['0 0 * 13 *', '"13" is no month (1-12)'],
    ['0 0 * * 8', '"8" is no day of week (0-7)'],
    ['*/0 * * * *', '"*/0" is no minute (0-59)'],
    ['5-1 * * * *', '"5-1" is no minute (0-59)'],
    ['5/2 * * * *', '"5/2" is no minute (0-59)'],
    ['1,,2 * * * *', '"" is no minute (0-59)'],
    ['0 0 L * *', '"L" is no day of month (1-31)'],
    ['0 0 * * MON#2', '"MON#2" is no day of week (0-7)'],
    ['0 0 ? * *', '"?" is no day of month (1-31)'],
    ['-5 * * * *', '"-5" is no minute (0-59)'],
    ['1.5 * * * *', '"1.5" is no minute (0-59)'],
    ['0 0 31 2 *', 'it never runs, because no month in it has such a day'],
    ['0 0 30,31 feb *', 'it never runs, because no month in it has such a day'],
    ['0 0 31 4,6,9,11 *', 'it never runs, because no month in it has such a day'],
    ['0 0 30/1 2 *', '"30/1" is no day of month (1-31)'],
    ['0 0 31 4-6/2 *', 'it never runs, because no month in it has such a day'],
    [`${'9'.repeat(100_000)} * * * *`, `"${'9'.repeat(37)}…" is no minute (0-59)`],
    ['mon * * * *', '"mon" is no minute (0-59)'],
  ])('%j is not: %s', (expression, fault) => {
    expect(cronFault(expression)).toBe(fault);
  });

  test('croner takes whatever passes here', () => {
    const bounds = [
      [0, 59],
      [0, 23],
      [1, 31],
      [1, 12],
      [0, 7],
    ] as const;
    const number = (low: number, high: number): fc.Arbitrary<number> => fc.integer({ min: low - 1, max: high + 1 });
    const item = (low: number, high: number): fc.Arbitrary<string> =>
      fc.oneof(
        fc.constant('*'),
        number(low, high).map(String),
        fc.tuple(number(low, high), number(low, high)).map(([from, to]) => `${from}-${to}`),
        fc.integer({ min: 0, max: high }).map((step) => `*/${step}`),
        fc.tuple(number(low, high), number(low, high), fc.nat(9)).map(([from, to, step]) => `${from}-${to}/${step}`),
      );
    const field = (index: number): fc.Arbitrary<string> => {
      const [low, high] = bounds[index] ?? [0, 0];
      return fc.array(item(low, high), { minLength: 1, maxLength: 3 }).map((items) => items.join(','));
    };
    const expression = fc.tuple(...bounds.map((_, index) => field(index))).map((fields) => fields.join(' '));
    fc.assert(
      fc.property(expression, (text) => {
        if (cronFault(text) !== undefined) return;
        expect(() => new Cron(text, { mode: '5-part', paused: true })).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  test('croner finds a next run exactly where one is found here', () => {
    const days = fc.constantFrom('1', '28', '29', '30', '31', '29-31', '30-31', '*/30', '30,31', '*');
    const months = fc.constantFrom('1', '2', 'feb', '4', '2,4', '2-4', '*/3', '4-6/2', '6,9,11', '*');
    const weekdays = fc.constantFrom('*', '0', 'mon', '1-5');
    fc.assert(
      fc.property(days, months, weekdays, (day, month, weekday) => {
        const text = `0 0 ${day} ${month} ${weekday}`;
        const next = new Cron(text, { mode: '5-part', paused: true, timezone: 'UTC' }).nextRun(new Date('2026-01-01'));
        expect([text, cronFault(text) === undefined]).toEqual([text, next !== null]);
      }),
      { numRuns: 400 },
    );
  });

  test('of any text is judged in no time', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('*', '/', '-', ',', ' ', '1', '9', 'a', '\u00a0', '\n') }),
        (text) => {
          expect(['undefined', 'string']).toContain(typeof cronFault(text));
        },
      ),
    );
    expect(cronFault(`${'1,'.repeat(200_000)}1 * * * *`)).toBeUndefined();
  });
});
