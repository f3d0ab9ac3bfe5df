import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withMoves } from '../../src/core/moves/moves.ts';
import { wantedMoves } from '../../src/core/moves/wanted.ts';
import type { PlanInput } from '../../src/core/plan/decision.ts';
import { makePlan } from '../../src/core/plan/plan.ts';
import { choose } from '../../src/core/selection.ts';
import type { Ledger } from '../../src/model/ledger.ts';
import type { Live } from '../../src/model/live.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import type { Plan } from '../../src/model/plan.ts';
import { project } from '../support/project.ts';
import { entry, input, ledger, live, manifest, spec, traitsOf } from '../support/world.ts';

const runs = { numRuns: 200 };
const names = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

/** Syncs under some names, each renamed to one of these names or to none, some with another operation, and new ones under what is left. */
const anyRenaming = fc
  .record({
    count: fc.integer({ min: 1, max: 4 }),
    order: fc.shuffledSubarray([...names], { minLength: 4, maxLength: 4 }),
    edited: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    fresh: fc.subarray([...names]),
    only: fc.option(fc.subarray([...names], { minLength: 1 }), { nil: undefined }),
  })
  .map(({ count, order, edited, fresh, only }) => {
    const olds = names.slice(0, count);
    const moved = olds.map((old, index): Manifest => {
      const name = order[index] ?? old;
      const body = spec({ label: `Label of ${old}`, operation: edited[index] === true ? 'update' : 'upsert' });
      const one = manifest(name, body);
      return name === old ? one : { ...one, moved_from: [old] };
    });
    const taken = new Set(moved.map((one) => one.name));
    const made = fresh.filter((name) => !taken.has(name)).map((name) => manifest(name, spec({ label: `New ${name}` })));
    return { olds, manifests: [...moved, ...made], made: made.map((one) => one.address), moved, only };
  });

interface State {
  readonly live: readonly Live[];
  readonly ledger: Ledger;
}

function start(olds: readonly string[]): State {
  const bodies = olds.map((name) => spec({ label: `Label of ${name}`, operation: 'upsert' }));
  return {
    live: olds.map((_, index) => live(String(index + 1), bodies[index])),
    ledger: ledger(Object.fromEntries(olds.map((name, index) => [name, entry(String(index + 1), bodies[index])]))),
  };
}

function planOf(state: State, manifests: readonly Manifest[], more: Partial<PlanInput> = {}) {
  const { moves, wrong } = wantedMoves(state.ledger, manifests);
  expect(wrong).toEqual([]);
  const seen = withMoves(traitsOf, state.ledger, moves);
  return { seen, plan: makePlan(input({ ...state, ledger: seen, moves, manifests, prune: true, ...more })) };
}

let last = 900;
const newId = () => String(++last);

/** Carries out what was planned whole: the moves with the intent, then each change. */
function carriedOut(state: State, { seen, plan }: { readonly seen: Ledger; readonly plan: Plan }): State {
  const { live: now, ledger: then } = project(traitsOf, { live: state.live, ledger: seen }, plan, newId);
  if (then === null) throw new Error('The ledger is gone.');
  return { live: now, ledger: then };
}

const idOf = (state: State, address: string) => state.ledger.syncs[address]?.id;

describe('the law of moves', () => {
  it('keeps every sync under its new name, deletes none, makes only what is new, and is done then', () => {
    fc.assert(
      fc.property(anyRenaming, ({ olds, manifests, made, moved }) => {
        const before = start(olds);
        const planned = planOf(before, manifests);
        expect(planned.plan.blocked).toEqual([]);
        const { changes } = planned.plan;
        expect(changes.filter((one) => one.action === 'create').map((one) => one.address)).toEqual(
          expect.arrayContaining(made),
        );
        expect(changes.filter((one) => one.action !== 'create' && one.action !== 'update')).toEqual([]);
        const then = carriedOut(before, planned);
        for (const [index, one] of moved.entries()) expect(idOf(then, one.address)).toBe(String(index + 1));
        expect(then.live.length).toBe(before.live.length + made.length);
        expect(planOf(then, manifests).plan.changes).toEqual([]);
        // Without the lines nothing is otherwise.
        const bare = manifests.map(({ moved_from: _, ...one }) => one);
        expect(planOf(then, bare).plan.changes).toEqual([]);
      }),
      runs,
    );
  });

  it('says moved_from for each that moves, and for no other', () => {
    fc.assert(
      fc.property(anyRenaming, ({ olds, manifests, moved }) => {
        const { plan } = planOf(start(olds), manifests);
        const said = Object.fromEntries(plan.changes.map((one) => [one.address, one.moved_from]));
        for (const one of moved) expect(said[one.address]).toBe(one.moved_from?.[0]);
      }),
      runs,
    );
  });

  it('never gives a sync to another manifest, whatever part is planned first', () => {
    fc.assert(
      fc.property(anyRenaming, ({ olds, manifests, made, moved, only }) => {
        let state = start(olds);
        const chosen = choose({ only: only?.map((name) => `CensusSync/${name}`) });
        const planned = planOf(state, manifests, { chosen });
        // What an apply does with a part: only the moves that the plan carries are made.
        const carried = new Map(
          planned.plan.changes.flatMap(({ address, moved_from: from }) =>
            from === undefined ? [] : [[address, `CensusSync/${from}`] as const],
          ),
        );
        state = carriedOut(state, { plan: planned.plan, seen: withMoves(traitsOf, state.ledger, carried) });
        const whole = planOf(state, manifests);
        expect(whole.plan.blocked).toEqual([]);
        state = carriedOut(state, whole);
        for (const [index, one] of moved.entries()) expect(idOf(state, one.address)).toBe(String(index + 1));
        expect(state.live.length).toBe(olds.length + made.length);
        expect(planOf(state, manifests).plan.changes).toEqual([]);
      }),
      runs,
    );
  });
});
