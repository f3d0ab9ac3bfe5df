import { describe, expect, test } from 'vitest';
import { deletesHeldBack, refusalOf, warningOf } from '../../src/core/plan/age.ts';
import { makePlan } from '../../src/core/plan/plan.ts';
import type { Relation } from '../../src/model/checkout.ts';
import { Exit } from '../../src/model/errors.ts';
import { entry, input, ledger, live, manifest, spec } from '../support/world.ts';

const last = { run: 'r7', at: '2026-11-21T10:00:00.000Z', actor: 'Ann', commit: '0123456789abcdef' };

/** One sync that no manifest declares, one to be made, and one that the manifest has changed. */
function planAt(relation: Relation, forceDeletes?: number) {
  const changed = spec({ label: 'Orders', operation: 'mirror' });
  const plan = makePlan(
    input({
      age: { relation, last },
      prune: true,
      forceDeletes,
      manifests: [manifest('orders', changed), manifest('plans', spec({ label: 'Plans' }))],
      live: [live('1'), live('2', spec({ label: 'Orders' }))],
      ledger: ledger({ users: entry('1'), orders: entry('2', spec({ label: 'Orders' })) }),
    }),
  );
  return {
    changes: plan.changes.map((one) => `${one.action} ${one.address}`),
    blocked: plan.blocked.map((one) => `${one.wanted} ${one.address}: ${one.reason}`),
    hints: plan.blocked.map((one) => one.hint),
  };
}

const writes = ['create CensusSync/plans', 'update CensusSync/orders'];
const deleted = 'delete CensusSync/users';

describe('promise 4: nothing is deleted from a checkout that is', () => {
  test.each<[Relation, number | undefined, boolean]>([
    ['same', undefined, true],
    ['newer', undefined, true],
    ['diverged', undefined, true],
    ['none', undefined, true],
    ['older', undefined, false],
    ['older', 1, false],
    ['unknown', undefined, false],
    ['unknown', 2, false],
    ['unknown', 1, true],
  ])('%s (forced: %s): deletes %s', (relation, forced, deletes) => {
    const plan = planAt(relation, forced);
    expect(new Set(plan.changes)).toEqual(new Set(deletes ? [...writes, deleted] : writes));
    expect(plan.blocked).toEqual(deletes ? [] : [`${deleted}: old-checkout`]);
    for (const hint of plan.hints) expect(hint).toContain('Ann applied commit 0123456 (run r7)');
  });

  test('old: neither is what it would pause or let go', () => {
    const plan = makePlan(
      input({
        age: { relation: 'older', last },
        prune: true,
        live: [live('1')],
        ledger: ledger({ users: entry('1', spec(), { on_delete: 'abandon' }) }),
      }),
    );
    expect(plan.changes).toEqual([]);
    expect(plan.blocked).toMatchObject([{ reason: 'old-checkout' }]);
  });
});

test('only an older checkout is refused whole', () => {
  for (const relation of ['same', 'newer', 'diverged', 'unknown', 'none'] as const)
    expect(refusalOf({ relation, last })).toBeUndefined();
  expect(refusalOf({ relation: 'older', last })).toMatchObject({
    code: 'old-checkout',
    exit: Exit.refused,
    hint: expect.stringContaining('--allow-old'),
  });
});

test('the reader of a plan is warned of a checkout that is older, has gone another way, or cannot be told', () => {
  const warned = (['same', 'newer', 'older', 'diverged', 'unknown', 'none'] as const).filter(
    (relation) => warningOf({ relation, last }) !== undefined,
  );
  expect(warned).toEqual(['older', 'diverged', 'unknown']);
});

test('before the first apply there is nothing to be older than', () => {
  expect(deletesHeldBack({ relation: 'unknown', last: undefined }, 1, undefined)).toBeUndefined();
});
