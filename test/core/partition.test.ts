import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partition, shardNamed, type Weighed } from '../../src/core/partition.ts';
import { byCodePoint } from '../../src/core/stable.ts';

const targets = fc.uniqueArray(
  fc.record({ name: fc.stringMatching(/^[a-z0-9]{1,4}$/), weight: fc.nat({ max: 300 }) }),
  { selector: ({ name }) => name, maxLength: 40 },
);
const most = fc.integer({ min: 1, max: 50 });

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

/** What each share has to do, where a target without manifests is something to do, too. */
function loadsOf(all: readonly Weighed[], shares: readonly (readonly string[])[]): readonly number[] {
  const weights = new Map(all.map(({ name, weight }) => [name, weight + 1]));
  return shares.map((names) => sum(names.map((name) => weights.get(name) ?? Number.NaN)));
}

describe('a partition', () => {
  test('has every target once, in as many shares as may be, none of them empty', () => {
    fc.assert(
      fc.property(targets, most, (all, limit) => {
        const shares = partition(all, limit);
        expect(shares).toHaveLength(Math.min(limit, all.length));
        expect(shares.every((names) => names.length > 0)).toBe(true);
        expect(shares.flat().sort(byCodePoint)).toEqual(all.map(({ name }) => name).sort(byCodePoint));
      }),
    );
  });

  test('is even: no share has more to do than the mean and the heaviest target that is not alone', () => {
    fc.assert(
      fc.property(targets, most, (all, limit) => {
        const shares = partition(all, limit);
        const loads = loadsOf(all, shares);
        for (const [index, load] of loads.entries()) {
          const names = shares[index] ?? [];
          if (names.length < 2) continue;
          const last = Math.min(...names.map((name) => all.find((one) => one.name === name)?.weight ?? 0)) + 1;
          expect(load - last).toBeLessThanOrEqual((sum(loads) - last) / shares.length);
        }
      }),
    );
  });

  test('does not depend on the order of the targets', () => {
    const shuffled = targets.chain((all) =>
      fc.shuffledSubarray([...all], { minLength: all.length }).map((other) => [all, other] as const),
    );
    fc.assert(
      fc.property(shuffled, most, ([all, other], limit) => {
        expect(partition(other, limit)).toEqual(partition(all, limit));
      }),
    );
  });

  test('is the same for as many shares as it has', () => {
    fc.assert(
      fc.property(targets, most, (all, limit) => {
        const shares = partition(all, limit);
        expect(partition(all, Math.max(1, shares.length))).toEqual(shares);
      }),
    );
  });
});

test.each([
  ['1/1', { index: 1, of: 1 }],
  ['2/8', { index: 2, of: 8 }],
  ['256/256', { index: 256, of: 256 }],
  ...['0/4', '5/4', '1/0', '1', '/', '1/', '01/4', '1/4/2', ' 1/4', '1.0/4', '-1/4', '1e1/20', 'a/b', ''].map(
    (text) => [text, undefined] as const,
  ),
] as const)('--shard %j', (text, expected) => {
  expect(shardNamed(text)).toEqual(expected);
});
