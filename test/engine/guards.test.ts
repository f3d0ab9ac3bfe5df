import { afterEach, describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/engine/apply.ts';
import type { TargetRequest } from '../../src/engine/request.ts';
import { noLedger } from '../../src/ledger/none.ts';
import type { Lifecycle } from '../../src/model/manifest.ts';
import type { ApplyReport } from '../../src/model/outcome.ts';
import type { Plan } from '../../src/model/plan.ts';
import { declared, type Workshop, workshop } from '../support/workshop.ts';

let shop: Workshop;
afterEach(() => shop.close());

const statuses = (report: ApplyReport) => report.outcomes.map((one) => `${one.status} ${one.address.slice(11)}`).sort();

/** Carries out a saved plan, with the target and the store as they are by then. */
function applySaved(plan: Plan, today: (request: TargetRequest) => Partial<TargetRequest>): Promise<ApplyReport> {
  return shop.act((request) =>
    applyPlan({ ...request, manifests: [], ...today(request) }, JSON.parse(JSON.stringify(plan)), {
      identity: { run: 'run-saved', actor: 'test', commit: null },
      signal: new AbortController().signal,
      snapshot: undefined,
    }),
  );
}

/** A target that a and b were made on, and the plan that takes both away. */
async function leaving(lifecycle: Partial<Lifecycle>, forceDeletes?: number): Promise<Plan> {
  shop = await workshop();
  shop.declare(declared('a', {}, lifecycle), declared('b', {}, lifecycle));
  await shop.apply();
  shop.declare();
  return shop.plan({ prune: true, forceDeletes });
}

/** A plan that makes both anew, because the API cannot change them in place. */
async function replacing(): Promise<Plan> {
  shop = await workshop();
  shop.declare(declared('a', {}, { replace: 'allow' }), declared('b', {}, { replace: 'allow' }));
  const made = await shop.apply();
  for (const { id } of made.outcomes) shop.emulator.mutate(Number(id), { operation: 'delete' });
  return shop.plan();
}

const protectA = ({ target }: TargetRequest) => ({ target: { ...target, protect: ['*/a'] } });
const without = () => ({ store: noLedger() });
const limited = ({ target }: TargetRequest) => ({
  target: { ...target, limits: { ...target.limits, max_deletes: 1 } },
});

describe('a saved plan passes the guards as they are when it is applied', () => {
  it.each([
    ['a delete', () => leaving({})],
    ['a pause that lets go', () => leaving({ on_delete: 'pause' })],
    ['an abandonment', () => leaving({ on_delete: 'abandon' })],
    ['a replace', replacing],
  ] as const)('%s of what the target protects by now is refused, the rest goes on (promise 5)', async (_name, make) => {
    const plan = await make();
    expect(plan.changes).toHaveLength(2);
    const report = await applySaved(plan, protectA);
    expect(statuses(report)).toEqual(['applied b', 'stale a']);
    expect(report.outcomes.find((one) => one.status === 'stale')?.error).toContain('protected');
  });

  it.each([
    ['a delete', () => leaving({})],
    ['a pause that lets go', () => leaving({ on_delete: 'pause' })],
    ['a replace', replacing],
  ] as const)('%s is refused where there is no ledger by now', async (_name, make) => {
    const plan = await make();
    shop.emulator.clearRequests();
    const report = await applySaved(plan, without);
    expect(statuses(report)).toEqual(['stale a', 'stale b']);
    expect(shop.writes()).toEqual([]);
  });

  it.each([
    ['more deletes than the limit allows by now are refused', undefined, limited, ['stale a', 'stale b']],
    ['the number that the plan was forced with lets them', 2, limited, ['applied a', 'applied b']],
    [
      'but not another number of them',
      2,
      (request: TargetRequest) => ({
        target: { ...protectA(request).target, limits: { ...request.target.limits, max_deletes: 0 } },
      }),
      ['stale a', 'stale b'],
    ],
  ] as const)('%s (promise 4)', async (_name, forceDeletes, today, expected) => {
    const plan = await leaving({}, forceDeletes);
    expect(statuses(await applySaved(plan, today))).toEqual(expected);
  });

  it('what an apply has recorded since makes its change stale', async () => {
    const plan = await leaving({});
    shop.declare(declared('a', {}, { protect: true }));
    await shop.apply();
    expect(statuses(await applySaved(plan, () => ({})))).toEqual(['applied b', 'stale a']);
  });

  it('so does any other record: an update that was planned before is not sent over it', async () => {
    shop = await workshop();
    shop.declare(declared('a'));
    await shop.apply();
    shop.declare(declared('a', { paused: true }));
    const plan = await shop.plan();
    shop.declare(declared('a', {}, { on_delete: 'abandon' }));
    await shop.apply();
    expect(statuses(await applySaved(plan, () => ({})))).toEqual(['stale a']);
  });
});

/** A plan that makes what is gone of a, b and c anew, and by when the others are gone too. */
async function makingAgain(early: readonly string[], late: readonly string[], forceCreates?: number): Promise<Plan> {
  shop = await workshop();
  shop.declare(declared('a'), declared('b'), declared('c'));
  const made = await shop.apply();
  const lose = (names: readonly string[]) => {
    for (const { address, id } of made.outcomes) {
      if (names.includes(address.slice(11))) shop.emulator.remove(Number(id));
    }
  };
  lose(early);
  const plan = await shop.plan({ forceCreates });
  lose(late);
  return plan;
}

describe('what a saved plan makes again is counted as things are when it is applied', () => {
  it.each([
    ['two of three are made', ['a', 'b'], [], undefined, ['applied a', 'applied b']],
    ['not once all are gone', ['a', 'b'], ['c'], undefined, ['stale a', 'stale b']],
    ['all are made where their number was given', ['a', 'b', 'c'], [], 3, ['applied a', 'applied b', 'applied c']],
  ] as const)('%s', async (_name, early, late, forceCreates, expected) => {
    const plan = await makingAgain(early, late, forceCreates);
    shop.emulator.clearRequests();
    const report = await applySaved(plan, () => ({}));
    expect(statuses(report)).toEqual(expected);
    if (expected[0] === 'stale a') {
      expect(shop.writes()).toEqual([]);
      expect(report).toMatchObject({ converged: false, outcomes: [{ error: expect.stringContaining('outage') }, {}] });
    }
  });

  it('and lowered limits count, also for what would be forgotten, which stays remembered', async () => {
    shop = await workshop();
    shop.declare(declared('a'), declared('b'), declared('c'));
    const made = await shop.apply();
    for (const { address, id } of made.outcomes) if (!address.endsWith('c')) shop.emulator.remove(Number(id));
    shop.declare(declared('a'), declared('c'));
    const plan = await shop.plan();
    const report = await applySaved(plan, limited);
    expect(statuses(report)).toEqual(['stale a']);
    expect(report.blocked).toMatchObject([{ address: 'CensusSync/b', reason: 'mass-gone' }]);
    expect((await shop.plan()).notes.filter((one) => one.code === 'released')).toHaveLength(1);
  });
});

describe('circles of triggers that somebody has closed by half since', () => {
  const follows = (sync_id: number) => ({ mode: { type: 'triggered', triggers: { sync_sequence: { sync_id } } } });

  it('the change that would close one is refused before its write, the rest goes on', async () => {
    shop = await workshop();
    shop.declare(declared('a'), declared('b'), declared('c'));
    const made = await shop.apply();
    const idOf = (name: string) => Number(made.outcomes.find((one) => one.address.endsWith(`/${name}`))?.id);
    shop.declare(declared('a', follows(idOf('b'))), declared('b'), declared('c', { paused: true }));
    const plan = await shop.plan();
    shop.emulator.mutate(idOf('b'), follows(idOf('a')));
    shop.emulator.clearRequests();
    const report = await applySaved(plan, () => ({}));
    expect(statuses(report)).toEqual(['applied c', 'stale a']);
    expect(report.outcomes[0]?.error ?? report.outcomes[1]?.error).toContain('wait for each other: a → b → a');
    expect(shop.writes()).toEqual([`PATCH /syncs/${idOf('c')}`]);
  });

  it('an undo that would close one is blocked', async () => {
    shop = await workshop();
    shop.declare(declared('a'), declared('b'));
    const made = await shop.apply();
    const idOf = (name: string) => Number(made.outcomes.find((one) => one.address.endsWith(`/${name}`))?.id);
    shop.declare(declared('a', follows(idOf('b'))), declared('b'));
    await shop.apply();
    shop.declare(declared('a', { mode: { type: 'triggered', triggers: { sync_sequence: null } } }), declared('b'));
    await shop.apply();
    shop.emulator.mutate(idOf('b'), follows(idOf('a')));
    expect(await shop.planUndo('run-3')).toMatchObject({
      changes: [],
      blocked: [{ address: 'CensusSync/a', reason: 'changed', hint: expect.stringContaining('a → b → a') }],
    });
  });
});

describe('without a ledger the label is the memory', () => {
  it('a plan that is applied twice makes nothing twice', async () => {
    shop = await workshop({ ledger: 'none' });
    shop.declare(declared('a'), declared('b'));
    const plan = await shop.plan();
    expect(statuses(await applySaved(plan, () => ({})))).toEqual(['applied a', 'applied b']);
    shop.emulator.clearRequests();
    expect(statuses(await applySaved(plan, () => ({})))).toEqual(['stale a', 'stale b']);
    expect(shop.writes()).toEqual([]);
  });

  it('a create is stale once a live sync bears its label, the rest goes on', async () => {
    shop = await workshop({ ledger: 'none' });
    shop.declare(declared('a'), declared('b'));
    const plan = await shop.plan();
    shop.declare(declared('a'));
    await shop.apply();
    const report = await applySaved(plan, () => ({}));
    expect(statuses(report)).toEqual(['applied b', 'stale a']);
    expect(report.outcomes.find((one) => one.status === 'stale')?.error).toContain('now has the label "Label of a"');
  });
});
