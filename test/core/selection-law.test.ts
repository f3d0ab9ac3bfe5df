import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanInput } from '../../src/core/plan/decision.ts';
import { makePlan } from '../../src/core/plan/plan.ts';
import { choose } from '../../src/core/selection.ts';
import type { Plan } from '../../src/model/plan.ts';
import { anyWorld, input as worldInput } from '../support/world.ts';

const runs = { numRuns: 400 };

const anyGlob = fc.oneof(
  fc.constantFrom('CensusSync/*', 'CensusDataset/*', '*', '*/old'),
  fc
    .record({
      kind: fc.constantFrom('CensusSync', 'CensusDataset', '*'),
      name: fc.constantFrom('a', 'b', 'c', 'd', '?'),
    })
    .map(({ kind, name }) => `${kind}/${name}`),
);
const anyGlobs = fc.record({ only: fc.array(anyGlob, { maxLength: 3 }), exclude: fc.array(anyGlob, { maxLength: 3 }) });

function touched({ changes, blocked }: Plan): readonly string[] {
  return [...changes, ...blocked].map(({ address }) => address);
}

/** What is said of each address, without what it waits for. */
function said({ changes, blocked }: Plan): ReadonlyMap<string, string> {
  return new Map([
    ...changes.map((one) => [one.address, `${one.action} ${JSON.stringify(one.fields)}`] as const),
    ...blocked.map((one) => [one.address, `blocked ${one.wanted}`] as const),
  ]);
}

describe('the law of selections', () => {
  it('plans nothing outside of any selection', () => {
    fc.assert(
      fc.property(anyWorld, anyGlobs, (world, globs) => {
        const chosen = choose(globs);
        const plan = makePlan({ ...worldInput(world), chosen });
        for (const address of touched(plan)) expect(chosen.has(address)).toBe(true);
        expect(plan.selection).toBe(chosen.selection);
      }),
      runs,
    );
  });

  it('plans of one part and of the rest what the whole does, dependencies and limits aside', () => {
    fc.assert(
      fc.property(anyWorld, fc.array(anyGlob, { minLength: 1, maxLength: 3 }), (world, globs) => {
        const input: PlanInput = worldInput({ ...world, maxDeletes: 99, gone: new Set() });
        const whole = said(makePlan(input));
        const parts = [choose({ only: globs }), choose({ exclude: globs })].map((chosen) =>
          said(makePlan({ ...input, chosen })),
        );
        const [one, rest] = parts.map((part) => [...part.keys()]);
        expect(one?.filter((address) => rest?.includes(address))).toEqual([]);
        const both = new Map(parts.flatMap((part) => [...part]));
        expect(new Set(both.keys())).toEqual(new Set(whole.keys()));
        for (const [address, words] of both)
          if (!words.startsWith('blocked') && !whole.get(address)?.startsWith('blocked'))
            expect(words).toBe(whole.get(address));
      }),
      runs,
    );
  });

  it('does not depend on the order of globs, nor on how often they are given', () => {
    fc.assert(
      fc.property(anyWorld, anyGlobs, (world, { only, exclude }) => {
        const input = worldInput(world);
        const one = makePlan({ ...input, chosen: choose({ only, exclude }) });
        const other = makePlan({
          ...input,
          chosen: choose({ only: [...only, ...only.toReversed()], exclude: exclude.toReversed() }),
        });
        expect(JSON.stringify(other)).toBe(JSON.stringify(one));
      }),
      { numRuns: 300 },
    );
  });
});
