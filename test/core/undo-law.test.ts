import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish } from '../../src/core/memory/ledger.ts';
import type { PlanInput } from '../../src/core/plan/decision.ts';
import { makePlan } from '../../src/core/plan/plan.ts';
import { idAt, idValue } from '../../src/core/references/fill.ts';
import { equal } from '../../src/core/spec/equal.ts';
import { stableJson } from '../../src/core/stable.ts';
import { makeUndo } from '../../src/core/undo/undo.ts';
import { kindOf } from '../../src/model/address.ts';
import { isList, isObject, type Json, type Spec, withValueAt } from '../../src/model/json.ts';
import type { Ledger, Run, RunChange } from '../../src/model/ledger.ts';
import { type Key, keyAt, keyOf, type Live, type RemoteId } from '../../src/model/live.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { FieldTrait, Reference } from '../../src/model/traits.ts';
import { project } from '../support/project.ts';
import { anyWorld, byKey, ledger, traitsOf, input as worldInput } from '../support/world.ts';

const runs = { numRuns: 500 };

interface Done {
  readonly input: PlanInput;
  readonly run: Run;
  readonly live: ReadonlyMap<Key, Live>;
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
    live: byKey(state.live),
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

/** What comes back has a new id: the old one of each new one. */
function originalIds(changes: readonly RunChange[], { syncs }: Ledger): ReadonlyMap<Key, RemoteId> {
  return new Map(
    changes.flatMap(({ address, id, retires }) => {
      const [now, was] = [syncs[address]?.id ?? null, retires ?? id];
      return now === null || was === null ? [] : [[keyAt(address, now), was] as const];
    }),
  );
}

function asBefore(references: readonly Reference[], spec: Spec, originals: ReadonlyMap<Key, RemoteId>): Spec {
  return references.reduce((rest, reference) => {
    const id = idAt(reference, rest);
    const was = id === undefined ? undefined : originals.get(keyOf(reference.manifest ?? '', id));
    return was === undefined ? rest : withValueAt(rest, reference.into, idValue(reference, was));
  }, spec);
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
        const was = byKey(before.live);
        const originals = originalIds(done.run.changes, back.ledger);
        for (const change of done.run.changes) {
          if (blocked.has(change.address)) continue;
          seen.add(change.action);
          const entry = back.ledger.syncs[change.address];
          const keyIn = (id: string | null | undefined) => keyAt(change.address, id ?? '');
          const original = was.get(keyIn(change.retires ?? change.id));
          if (change.action === 'create') {
            expect(entry).toBeUndefined();
            expect(back.live.has(keyIn(change.id))).toBe(false);
            continue;
          }
          if (change.action === 'adopt') expect(entry).toBeUndefined();
          // What no request can take out again is said.
          if (plan.notes.some((note) => note.code === 'kept' && note.address === change.address)) continue;
          const now = back.live.get(keyIn(change.action === 'adopt' ? change.id : entry?.id));
          const { spec: trait, references } = traitsOf(kindOf(change.address));
          const spec = now === undefined ? undefined : asBefore(references, now.spec, originals);
          expect(shown(trait, spec)).toEqual(shown(trait, original?.spec));
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
        const touched = new Set(
          done.run.changes.flatMap(({ address, id, retires }) =>
            [id, retires].flatMap((one) => (one === null ? [] : [keyAt(address, one)])),
          ),
        );
        for (const change of plan.changes) {
          if (change.id !== null) expect(touched).toContain(keyAt(change.address, change.id));
          expect(done.run.changes.map((one) => one.address)).toContain(change.address);
        }
        for (const [key, one] of done.live) if (!touched.has(key)) expect(back.live.get(key)).toEqual(one);
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
