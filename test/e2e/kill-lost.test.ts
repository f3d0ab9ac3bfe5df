import { describe, test } from 'vitest';
import { dropped, late, surviveEveryMoment } from '../support/kill-world.ts';

describe('promise 6: an apply of twenty changes that is killed at any request leaves nothing twice and loses nothing', () => {
  test('while answers are lost', { timeout: 900_000 }, () => surviveEveryMoment('git', dropped, 'some', 5));

  test('while creates come after the client has died', { timeout: 900_000 }, () =>
    surviveEveryMoment('git', late, 'some', 3),
  );
});
