import { describe, expect, it } from 'vitest';
import type { PlanInput } from '../../src/core/plan/decision.ts';
import { closedByPlan, makePlan } from '../../src/core/plan/plan.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { entry, input, ledger, live, manifest, spec } from '../support/world.ts';

const labelled = (name: string, mode?: JsonObject) =>
  spec({ label: name, ...(mode === undefined ? {} : { mode: { type: 'triggered', triggers: mode } }) });
const follows = (sync: string) => ({ sync_sequence: { sync } });
const followsId = (sync_id: number) => ({ sync_sequence: { sync_id } });
const hourly = { schedule: { frequency: 'hourly' } };

/** Live syncs 1 (items), 2 (orders) and 3 (users), bound where they are declared; each with the id it waits for. */
function world(
  waits: Readonly<Record<string, number | undefined>>,
  declared: Readonly<Record<string, JsonObject | undefined>>,
): PlanInput {
  const names = ['items', 'orders', 'users'];
  const bodies = names.map((name) => labelled(name, waits[name] === undefined ? undefined : followsId(waits[name])));
  const known = names.flatMap((name, at) =>
    name in declared ? [[name, entry(String(at + 1), bodies[at] ?? null)] as const] : [],
  );
  return input({
    manifests: Object.entries(declared).map(([name, mode]) => manifest(name, labelled(name, mode))),
    live: bodies.map((body, at) => live(String(at + 1), body)),
    ledger: ledger(Object.fromEntries(known)),
  });
}

const closed = (from: PlanInput) =>
  closedByPlan(from, makePlan(from)).map(({ manifest: { name }, problem }) => ({ name, ...problem }));

describe('circles of triggers', () => {
  it('one that the plan closes over a trigger that was only released is refused, and says how to end that', () => {
    expect(closed(world({ items: 2 }, { orders: follows('items'), items: hourly }))).toMatchObject([
      {
        name: 'orders',
        code: 'sync-cycle',
        path: '/spec/mode/triggers/sync_sequence/sync',
        message: expect.stringContaining('items → orders → items'),
        hint: expect.stringContaining('`sync_sequence: null` in items'),
      },
    ]);
  });

  it('so is one that names its syncs by id, or leads through one that no manifest declares', () => {
    expect(closed(world({ items: 2 }, { orders: followsId(1) }))).toMatchObject([
      { name: 'orders', path: '/spec/mode/triggers/sync_sequence/sync_id', hint: expect.stringContaining('sync 1') },
    ]);
  });

  it('also without a ledger', () => {
    const from = { ...world({ items: 2 }, { orders: follows('items'), items: hourly }), ledger: null };
    expect(closed(from)).toMatchObject([{ name: 'orders', hint: expect.stringContaining('null` in items') }]);
  });

  it('an older one is a note', () => {
    const from = world({ items: 2, orders: 1 }, { users: hourly, items: followsId(2) });
    expect(closed(from)).toEqual([]);
    expect(makePlan(from).notes).toMatchObject([{ code: 'sync-cycle', address: 'CensusSync/items' }]);
  });

  it('what opens a circle is written before what closes one, wherever their names stand', () => {
    for (const [opens, closes] of [
      ['items', 'orders'],
      ['orders', 'items'],
    ] as const) {
      const id = closes === 'items' ? 1 : 2;
      const from = world({ [opens]: id }, { [opens]: { sync_sequence: null }, [closes]: follows(opens) });
      expect(closed(from)).toEqual([]);
      expect(makePlan(from).changes.map((one) => [one.address, one.depends_on])).toEqual([
        [`CensusSync/${opens}`, []],
        [`CensusSync/${closes}`, [`CensusSync/${opens}`]],
      ]);
    }
  });

  it('a chain that is turned round is written from its end', () => {
    const from = world(
      { items: 2, orders: 3 },
      { items: { sync_sequence: null }, orders: follows('items'), users: follows('orders') },
    );
    expect(closed(from)).toEqual([]);
    expect(makePlan(from).changes.map((one) => one.address.slice(11))).toEqual(['items', 'orders', 'users']);
  });
});
