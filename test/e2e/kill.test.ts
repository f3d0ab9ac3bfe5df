import { describe, test } from 'vitest';
import { late, surviveEveryMoment } from '../support/kill-world.ts';

describe('promise 6: an apply of twenty changes that is killed at any request leaves nothing twice and loses nothing', () => {
  test('with the Git ledger', { timeout: 900_000 }, () => surviveEveryMoment('git', [], 'requests', 22));

  test('with the file ledger, while creates come late', { timeout: 900_000 }, () =>
    surviveEveryMoment('file', late, 'writes', 10),
  );
});
