import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDeleting } from '../../src/core/actions.ts';
import { boundTo } from '../../src/core/live-index.ts';
import { staleChanges } from '../../src/core/memory/stale.ts';
import type { PlanInput } from '../../src/core/plan/decision.ts';
import { makePlan } from '../../src/core/plan/plan.ts';
import { refusedRemovals } from '../../src/core/plan/removal.ts';
import { stableJson } from '../../src/core/stable.ts';
import { matches } from '../../src/model/address.ts';
import type { Json, JsonObject, Spec } from '../../src/model/json.ts';
import { keyAt } from '../../src/model/live.ts';
import type { Plan } from '../../src/model/plan.ts';
import { project } from '../support/project.ts';
import { anyWorld, byKey, ledger, input as worldInput } from '../support/world.ts';

const runs = { numRuns: 1500 };

function after(input: PlanInput, plan: Plan): PlanInput {
  let next = 900;
  const state = project(input.traitsOf, input, plan, () => String(next++));
  return { ...input, ...state, gone: new Set() };
}

describe('the law of the planner', () => {
  it('proposes nothing once its plan has been carried out, for any world (promise 7)', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const input = worldInput(world);
        const plan = makePlan(input);
        const again = makePlan(after(input, plan));
        expect(again.changes).toEqual([]);
      }),
      runs,
    );
  });

  it('gives the same bytes whatever order its input is in (promise 8)', () => {
    fc.assert(
      fc.property(anyWorld, fc.infiniteStream(fc.nat()), (world, stream) => {
        const input = worldInput(world);
        const shuffled = <T>(list: readonly T[]): T[] =>
          list
            .map((value) => ({ value, rank: stream.next().value }))
            .sort((first, second) => first.rank - second.rank)
            .map((one) => one.value);
        const syncs = input.ledger === null ? {} : Object.fromEntries(shuffled(Object.entries(input.ledger.syncs)));
        const other = {
          ...input,
          manifests: shuffled(input.manifests),
          live: shuffled(input.live),
          ledger: input.ledger === null ? null : { ...input.ledger, syncs },
        };
        expect(JSON.stringify(makePlan(other))).toBe(JSON.stringify(makePlan(input)));
      }),
      runs,
    );
  });

  it('says the same in whatever order lists are declared, listed or recorded that have none (promise 8)', () => {
    fc.assert(
      fc.property(anyWorld, fc.infiniteStream(fc.nat()), (world, stream) => {
        const input = worldInput(world);
        const isOrdered = (spec: Spec) => spec.field_order === 'mapping_order';
        if ([...input.manifests, ...input.live].some((one) => isOrdered(one.spec))) return;
        const shuffle = (value: Json | undefined): Json | undefined =>
          Array.isArray(value)
            ? value
                .map((item) => ({ item, rank: stream.next().value }))
                .sort((first, second) => first.rank - second.rank)
                .map(({ item }) => item)
            : value;
        const mixed = <One extends { readonly spec: Spec | null }>(one: One): One => {
          if (one.spec === null) return one;
          const { mappings, alert_attributes: alerts, ...rest } = one.spec;
          const lists = { mappings: shuffle(mappings), alert_attributes: shuffle(alerts) };
          const kept = Object.entries(lists).filter(([, list]) => list !== undefined);
          return { ...one, spec: { ...rest, ...Object.fromEntries(kept) } };
        };
        const syncs = Object.entries(input.ledger?.syncs ?? {}).map(([address, one]) => [address, mixed(one)]);
        const other = {
          ...input,
          manifests: input.manifests.map(mixed),
          live: input.live.map(mixed),
          ledger: input.ledger === null ? null : { ...input.ledger, syncs: Object.fromEntries(syncs) },
        };
        const said = (from: PlanInput) => {
          const plan = makePlan(from);
          const changes = plan.changes.map(({ address, fields, fingerprint: seen }) => ({
            address,
            fields: fields.map(({ path, cause, impact }) => ({ path, cause, impact })),
            seen,
          }));
          return { changes, digest: plan.digest, notes: plan.notes };
        };
        expect(said(other)).toEqual(said(input));
      }),
      runs,
    );
  });

  it('makes before it uses and deletes after, with ids and labels that both kinds have', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const input = worldInput({ ...world, forceDeletes: undefined, maxDeletes: 9, prune: true });
        const plan = makePlan(input);
        const done = new Set<string>();
        const uses = (spec: Spec | null) => {
          const object = (spec?.source_attributes as JsonObject | undefined)?.object as JsonObject | undefined;
          return object?.type === 'dataset' ? object.id : undefined;
        };
        const live = byKey(input.live);
        for (const change of plan.changes) {
          const { address, id, action, desired } = change;
          for (const needed of change.depends_on) expect(done).toContain(needed);
          const used = uses(desired);
          if (used !== undefined && typeof used === 'object')
            expect(change.depends_on).toContain((used as JsonObject).$ref);
          if (action === 'delete' && address.startsWith('CensusDataset/')) {
            const users = [...live.values()].filter(
              (one) => one.kind === 'CensusSync' && String(uses(one.spec)) === id,
            );
            expect(users).toEqual([]);
          }
          if (action === 'delete') live.delete(keyAt(address, id ?? ''));
          else if (id !== null && desired !== null && !change.release) {
            const old = live.get(keyAt(address, id));
            if (old !== undefined) live.set(keyAt(address, id), { ...old, spec: { ...old.spec, ...desired } });
          }
          if (action === 'replace') live.delete(keyAt(address, id ?? ''));
          done.add(address);
        }
      }),
      runs,
    );
  });

  it('never touches what is not bound, except to adopt or where the label is the identity (promise 3)', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const input = worldInput(world);
        const plan = makePlan(input);
        const bound = new Set(boundTo(input.ledger).keys());
        for (const change of plan.changes) {
          if (input.ledger === null) expect(['create', 'update']).toContain(change.action);
          else if (change.action !== 'create' && change.action !== 'adopt')
            expect(bound).toContain(keyAt(change.address, change.id ?? ''));
        }
      }),
      runs,
    );
  });

  it('carried out later, takes nothing away that is protected, limited or unowned by then (promises 4 and 5)', () => {
    const anyToday = fc.record({
      protect: fc.subarray(['*/a', '*/b', '*/old']),
      shielded: fc.subarray(['CensusSync/a', 'CensusSync/c', 'CensusSync/old']),
      memory: fc.boolean(),
      maxDeletes: fc.nat(2),
    });
    fc.assert(
      fc.property(anyWorld, anyToday, (world, today) => {
        const input = worldInput({ ...world, maxDeletes: 9 });
        const plan = makePlan(input);
        const syncs = Object.entries(input.ledger?.syncs ?? {}).map(
          ([address, one]) => [address, today.shielded.includes(address) ? { ...one, protect: true } : one] as const,
        );
        const memory = today.memory && input.ledger !== null;
        const known = memory ? { ...(input.ledger ?? ledger()), syncs: Object.fromEntries(syncs) } : null;
        const { protect, maxDeletes } = today;
        const guards = {
          ledger: known,
          protect,
          maxDeletes,
          forceDeletes: undefined,
          traitsOf: input.traitsOf,
          live: input.live,
          verbsOf: input.verbsOf,
          age: input.age,
        };
        const stale = staleChanges(plan.changes, { ...input, ledger: known, suspects: new Map() });
        const fresh = plan.changes.filter((one) => !stale.has(one.address));
        const refused = refusedRemovals(fresh, guards);
        const gone = fresh.filter((one) => !refused.has(one.address) && (isDeleting(one) || one.release));
        const shielded = gone.filter(
          ({ address }) => known?.syncs[address]?.protect || protect.some((glob) => matches(address, glob)),
        );
        expect(shielded).toEqual([]);
        expect(gone.filter(isDeleting).length).toBeLessThanOrEqual(maxDeletes);
        if (known === null) expect(gone).toEqual([]);
      }),
      runs,
    );
  });

  it('survives JSON there and back', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const input = worldInput(world);
        const plan = makePlan(input);
        const copy: Json = JSON.parse(JSON.stringify(plan));
        expect(stableJson(copy)).toBe(stableJson(plan as unknown as Json));
      }),
      { numRuns: 300 },
    );
  });
});
