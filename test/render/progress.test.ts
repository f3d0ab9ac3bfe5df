import { describe, expect, test } from 'vitest';
import { progressLine, type Tracked } from '../../src/render/progress.ts';

const reading = (pages: number, things: number, of?: number): Tracked['stage'] => ({
  name: 'reading',
  pages,
  things,
  of,
});
const at = (stage: Tracked['stage'], target = 'production'): Tracked => ({ target, since: 1000, stage });

describe('the line of progress', () => {
  test.each<[string, Tracked['stage'], number, string]>([
    ['at first', reading(0, 0), 1500, 'production: reading'],
    ['of a list that does not say how long it is', reading(1, 7), 3000, 'production: reading, 1 page, 7 things'],
    [
      'of one that does',
      reading(12, 1200, 4800),
      11_000,
      'production: reading, 12 pages, 1200 of 4800 things, about 30 s left',
    ],
    ['of one that is read', reading(2, 150, 150), 9000, 'production: reading, 2 pages, 150 of 150 things'],
    ['before the first change is done', { name: 'applying', done: 0, of: 40 }, 9000, 'production: applying 0 of 40'],
    [
      'by what was done so far',
      { name: 'applying', done: 10, of: 40 },
      61_000,
      'production: applying 10 of 40, about 3 min left',
    ],
    ['of a check', { name: 'checking', done: 39, of: 40 }, 2000, 'production: checking 39 of 40'],
  ])('%s', (_when, stage, now, expected) => {
    expect(progressLine([at(stage)], now, 80)).toBe(expected);
  });

  test('tells of all targets, and stays within the terminal', () => {
    const all = [at(reading(1, 7)), at(reading(0, 0), 'staging')];
    const whole = 'production: reading, 1 page, 7 things · staging: reading';
    expect(progressLine(all, 1000, whole.length + 1)).toBe(whole);
    expect(progressLine(all, 1000, whole.length)).toBe(`${whole.slice(0, -2)}…`);
    expect(progressLine(all, 1000, 20)).toHaveLength(19);
  });
});
