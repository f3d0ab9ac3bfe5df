import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanInput } from '../../src/core/decision.ts';
import { equal } from '../../src/core/equal.ts';
import { finish } from '../../src/core/ledger.ts';
import { makePlan } from '../../src/core/plan.ts';
import { stableJson } from '../../src/core/stable.ts';
import { makeUndo } from '../../src/core/undo.ts';
import { censusSyncTraits as traits } from '../../src/generated/census-sync-traits.ts';
import { isList, isObject, type Json } from '../../src/model/json.ts';
import type { Ledger, Run, RunChange } from '../../src/model/ledger.ts';
import type { Live } from '../../src/model/live.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { FieldTrait } from '../../src/model/traits.ts';
import { project } from '../support/project.ts';
import { anyWorld, ledger, input as worldInput } from '../support/world.ts';

const runs = { numRuns: 500 };

interface Done {
  readonly input: PlanInput;
  readonly run: Run;
  readonly live: ReadonlyMap<string, Live>;
  readonly ledger: Ledger;
}

/** Carries a plan out as a run that comes to its end. */
function carryOut(input: PlanInput, plan: Plan, firstId: number): Done {
  let next = firstId;
  const state = project(input.traitsOf, input, plan, () => String(next++));
  const after = finish(state.ledger ?? ledger());
  const run = after.runs.at(-1);
  if (run === undefined) throw new Error('Nothing was run.');
  return {
    input: { ...input, live: state.live, ledger: after },
    run,
    live: new Map(state.live.map((one) => [one.id, one])),
    ledger: after,
  };
}

/** A run in a world, and its undo; deletes are not limited. */
function undone(world: Partial<PlanInput>) {
  const before = worldInput({ ...world, ledger: world.ledger ?? ledger(), maxDeletes: 99, prune: true });
  const done = carryOut(before, makePlan(before), 900);
  const plan = makeUndo(done.input, done.run, []);
  return { before, done, plan, back: carryOut(done.input, plan, 5000) };
}

/** What reads show of a value: silence, null and the default are the same, and some fields are never shown. */
function shown(trait: FieldTrait, value: Json | undefined): Json {
  const same = [undefined, null, ...(trait.same ?? [])].some((one) => equal(one, value));
  if (same) return trait.default == null ? null : shown({ ...trait, default: null, same: [] }, trait.default);
  if (isList(value)) return value.map((item) => stableJson(shown(trait.items ?? { shape: 'value' }, item))).sort();
  if (!isObject(value)) return value ?? null;
  const fields =
    trait.fields ?? Object.fromEntries(Object.keys(value).map((key) => [key, { shape: 'value' as const }]));
  const entries = Object.entries(fields)
    .filter(([, field]) => field.unreadable !== true && field.server !== true)
    .map(([key, field]) => [key, shown(field, value[key])] as const)
    .filter(([, child]) => child !== null);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

describe('the law of undo', () => {
  it('puts back everything that it does not block, for any world', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { before, done, plan, back } = undone(world);
        // Nobody has touched anything since.
        expect(plan.blocked.filter((one) => one.reason === 'changed' || one.reason === 'unsupported')).toEqual([]);
        const blocked = new Set(plan.blocked.map((one) => one.address));
        const was = new Map(before.live.map((one) => [one.id, one]));
        for (const change of done.run.changes) {
          if (blocked.has(change.address)) continue;
          seen.add(change.action);
          const entry = back.ledger.syncs[change.address];
          const original = was.get(change.retires ?? change.id ?? '');
          if (change.action === 'create') {
            expect(entry).toBeUndefined();
            expect(back.live.has(change.id ?? '')).toBe(false);
            continue;
          }
          if (change.action === 'adopt') expect(entry).toBeUndefined();
          // What no request can take out again is said.
          if (plan.notes.some((note) => note.code === 'kept' && note.address === change.address)) continue;
          const now = back.live.get(change.action === 'adopt' ? (change.id ?? '') : (entry?.id ?? ''));
          expect(shown(traits.spec, now?.spec)).toEqual(shown(traits.spec, original?.spec));
          if (change.action === 'delete') expect(entry?.protect).toBe(true);
        }
      }),
      runs,
    );
    expect([...seen]).toEqual(expect.arrayContaining(['adopt', 'create', 'delete', 'update']));
  });

  it('never touches a sync that the run has not touched', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { done, plan, back } = undone(world);
        const ids = (list: readonly RunChange[]) => new Set(list.flatMap((one) => [one.id, one.retires]));
        const touched = ids(done.run.changes);
        for (const change of plan.changes) {
          if (change.id !== null) expect(touched).toContain(change.id);
          expect(done.run.changes.map((one) => one.address)).toContain(change.address);
        }
        for (const [id, sync] of done.live) if (!touched.has(id)) expect(back.live.get(id)).toEqual(sync);
      }),
      runs,
    );
  });

  it('does nothing a second time, and nothing for an empty run', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { before, done, back } = undone(world);
        expect(makeUndo(back.input, done.run, [back.run]).changes).toEqual([]);
        const empty = makeUndo(before, { ...done.run, changes: [] }, []);
        expect(empty).toMatchObject({ changes: [], blocked: [], notes: [] });
      }),
      runs,
    );
  });

  it('plans the same whatever order its input is in', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { done, plan } = undone(world);
        const { input, run } = done;
        const other = { ...input, live: input.live.toReversed(), manifests: input.manifests.toReversed() };
        expect(makeUndo(other, { ...run, changes: run.changes.toReversed() }, [])).toEqual(plan);
      }),
      runs,
    );
  });
});
