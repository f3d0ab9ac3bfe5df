import { afterEach, describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/engine/apply.ts';
import { planTarget } from '../../src/engine/plan.ts';
import { fileLedger } from '../../src/ledger/file/store.ts';
import { nothingDeclared } from '../../src/ledger/store.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Lifecycle, Manifest } from '../../src/model/manifest.ts';
import type { ApplyReport } from '../../src/model/outcome.ts';
import type { Plan } from '../../src/model/plan.ts';
import { declared, type Workshop, type WorkshopOptions, workshop } from '../support/workshop.ts';

let shop: Workshop;
const open = async (options?: WorkshopOptions) => {
  shop = await workshop(options);
};

/** A manifest under this name that says what the one called `as` says. */
function renamed(
  as: string,
  name: string,
  movedFrom: readonly string[],
  extra: JsonObject = {},
  lifecycle: Partial<Lifecycle> = {},
): Manifest {
  const one = declared(name, { label: `Label of ${as}`, ...extra }, lifecycle);
  return movedFrom.length === 0 ? one : { ...one, moved_from: movedFrom };
}

const intoBraze = {
  destination_attributes: { connection_id: 603, object: 'user' },
  mappings: [{ from: 'email', to: 'external_id', primary: true }],
};

const statuses = (report: ApplyReport) =>
  report.outcomes.map((one) => `${one.status} ${one.action} ${one.address.slice(11)}`).sort();
const changes = (plan: Plan) =>
  plan.changes.map((one) => `${one.action} ${one.address.slice(11)} ${one.moved_from ?? '-'} ${one.fields.length}`);
const blocks = (plan: Plan) => plan.blocked.map((one) => `${one.reason} ${one.wanted} ${one.address.slice(11)}`);
const ids = () =>
  shop.emulator
    .syncs()
    .map((one) => String(one.id))
    .sort();

async function bindings(): Promise<Record<string, string | null>> {
  const stored = await fileLedger(shop.root, 'production').read(nothingDeclared);
  return Object.fromEntries(Object.entries(stored?.ledger.syncs ?? {}).map(([at, one]) => [at.slice(11), one.id]));
}

/** Declares, applies, and forgets what was sent for it. */
async function settled(...manifests: readonly Manifest[]): Promise<Record<string, string | null>> {
  shop.declare(...manifests);
  expect((await shop.apply()).converged).toBe(true);
  return bindings();
}

describe('moved_from', () => {
  afterEach(() => shop.close());

  it('is known to a checkout from before it, which makes nothing twice', async () => {
    await open();
    await settled(declared('a'));
    const moved = await settled(renamed('other', 'b', ['a']));
    shop.declare(declared('a'));
    const plan = await shop.plan({});
    expect(changes(plan)).toEqual([]);
    expect(blocks(plan)).toContain('depends create a');
    expect(plan.blocked.find((one) => one.reason === 'depends')?.hint).toContain(
      `The sync ${moved.b} that was bound to it is CensusSync/b by now`,
    );
    shop.declare(declared('a'), renamed('other', 'b', ['a']));
    expect(changes(await shop.plan({}))).toEqual(['create a - 0']);
  });

  it('takes a binding over, remembers it, and sends nothing', async () => {
    await open();
    const before = await settled(declared('users'));
    const sent = shop.writes().length;
    shop.declare(renamed('users', 'people', ['users']));
    const plan = await shop.plan({ prune: true });
    expect(changes(plan)).toEqual(['update people users 0']);
    expect(plan.summary).toMatchObject({ update: 0, recorded: 1, blocked: 0, delete: 0 });
    expect(await shop.apply({ prune: true })).toMatchObject({ converged: true });
    expect(await bindings()).toEqual({ people: before.users });
    expect(shop.writes().slice(sent)).toEqual([]);
    const then = await shop.plan({ prune: true });
    expect(then.changes).toEqual([]);
    expect(then.notes).toMatchObject([{ address: 'CensusSync/people', code: 'moved' }]);
    // Another target may still need the line.
    shop.declare({ ...renamed('users', 'people', ['users']), targets: ['production', 'staging'] });
    expect((await shop.plan()).notes).toEqual([]);
  });

  it('that names nothing bound is no line that can go, and says so', async () => {
    await open();
    await settled(declared('users'));
    shop.declare(renamed('other', 'people', ['uesrs']));
    const { notes, changes: planned } = await shop.plan();
    expect(planned).toMatchObject([{ action: 'create', address: 'CensusSync/people' }]);
    expect(notes).toMatchObject([{ address: 'CensusSync/people', code: 'moved' }]);
    expect(notes[0]?.message).toBe(
      'Nothing is bound to CensusSync/uesrs, so moved_from takes nothing over. Did you mean "users"?',
    );
    // Once something is bound to the new name, the line is of no use any more.
    await shop.apply();
    expect((await shop.plan()).notes[0]?.message).toContain('check its spelling, or remove the line');
  });

  it('changes fields in the same change', async () => {
    await open();
    const before = await settled(declared('users'));
    shop.declare(renamed('users', 'people', ['users'], { operation: 'update' }));
    expect(changes(await shop.plan())).toEqual(['update people users 1']);
    expect(statuses(await shop.apply())).toEqual(['applied update people']);
    expect(await bindings()).toEqual({ people: before.users });
    expect((await shop.plan()).changes).toEqual([]);
  });

  it('swaps two names without a write', async () => {
    await open();
    const before = await settled(declared('users'), declared('orders'));
    const sent = shop.writes().length;
    shop.declare(renamed('orders', 'users', ['orders']), renamed('users', 'orders', ['users']));
    expect(changes(await shop.plan({ prune: true }))).toEqual(['update orders users 0', 'update users orders 0']);
    await shop.apply({ prune: true });
    expect(await bindings()).toEqual({ users: before.orders, orders: before.users });
    expect(shop.writes().slice(sent)).toEqual([]);
    // The lines stay for ever and do nothing more.
    expect((await shop.plan({ prune: true })).changes).toEqual([]);
  });

  it('follows a chain, with something new under the name that becomes free', async () => {
    await open();
    const before = await settled(declared('a'), declared('b'));
    shop.declare(renamed('a', 'b', ['a']), renamed('b', 'c', ['b']), renamed('fresh', 'a', []));
    expect(changes(await shop.plan({ prune: true })).sort()).toEqual(['create a - 0', 'update b a 0', 'update c b 0']);
    await shop.apply({ prune: true });
    const after = await bindings();
    expect(after).toMatchObject({ b: before.a, c: before.b });
    expect(new Set(Object.keys(after))).toEqual(new Set(['a', 'b', 'c']));
    expect(shop.writes()).toEqual(['POST /syncs', 'POST /syncs', 'POST /syncs']);
    expect((await shop.plan({ prune: true })).changes).toEqual([]);
  });

  it('brings a target that is several names behind up to date', async () => {
    await open();
    const before = await settled(declared('a'));
    shop.declare(renamed('a', 'c', ['a', 'b']));
    expect(changes(await shop.plan())).toEqual(['update c a 0']);
    await shop.apply();
    expect(await bindings()).toEqual({ c: before.a });
  });

  it('does nothing where nothing is bound to the earlier name', async () => {
    await open();
    shop.declare(renamed('users', 'people', ['users']));
    expect(changes(await shop.plan())).toEqual(['create people - 0']);
  });

  it('refuses an address that is bound and gives nothing up', async () => {
    await open();
    await settled(declared('users'), declared('people'));
    shop.declare(renamed('people', 'people', ['users']));
    await expect(shop.plan()).rejects.toMatchObject({
      diagnostics: [{ code: 'moved-to-bound', file: 'syncs/people.yaml' }],
    });
  });

  it('refuses two earlier names that are both bound', async () => {
    await open();
    await settled(declared('a'), declared('b'));
    shop.declare(renamed('a', 'c', ['a', 'b']));
    await expect(shop.plan()).rejects.toMatchObject({ diagnostics: [{ code: 'moved-from-several' }] });
  });

  it('never prunes what a line names', async () => {
    await open();
    await settled(declared('users'));
    await settled(renamed('users', 'people', ['users']), renamed('fresh', 'users', []));
    shop.declare(renamed('users', 'people', ['users']));
    const plan = await shop.plan({ prune: true });
    expect(plan.changes).toEqual([]);
    expect(blocks(plan)).toEqual(['protected delete users']);
    shop.declare(renamed('users', 'people', []));
    expect(changes(await shop.plan({ prune: true }))).toEqual(['delete users - 0']);
  });

  it('does not take what is new under a name that was given up, even once its own binding is forgotten', async () => {
    await open();
    await settled(declared('users'));
    const both = [renamed('users', 'people', ['users']), renamed('fresh', 'users', [])];
    await settled(...both);
    const ledger = fileLedger(shop.root, 'production');
    const stored = await ledger.read(nothingDeclared);
    const { 'CensusSync/people': gone, ...syncs } = stored?.ledger.syncs ?? {};
    if (stored === undefined) throw new Error('There is no ledger.');
    await ledger.save({ ...stored.ledger, syncs });
    expect(gone).toBeDefined();
    const plan = await shop.plan();
    expect(plan.changes).toEqual([]);
    expect(blocks(plan)).toEqual(['foreign create people']);
  });

  it('takes protection along, by record and by the glob of the earlier name', async () => {
    await open({ target: { protect: ['CensusSync/billing-*'] } });
    await settled(declared('billing-a'), declared('b', {}, { protect: true }));
    await settled(renamed('billing-a', 'invoices', ['billing-a']), renamed('b', 'c', ['b'], {}, { protect: true }));
    shop.declare();
    const plan = await shop.plan({ prune: true });
    expect(plan.changes).toEqual([]);
    expect(blocks(plan)).toEqual(['protected delete c', 'protected delete invoices']);
    expect(plan.blocked[1]?.hint).toContain('earlier name');
  });

  it('moves back by undo, and wants to move again while the line stands', async () => {
    await open();
    const before = await settled(declared('users'), declared('orders'));
    const swap = [renamed('orders', 'users', ['orders']), renamed('users', 'orders', ['users'])];
    await settled(...swap);
    const sent = shop.writes().length;
    expect((await shop.undo('run-2')).converged).toBe(true);
    expect(await bindings()).toEqual(before);
    expect(changes(await shop.plan())).toEqual(['update orders users 0', 'update users orders 0']);
    expect((await shop.apply()).converged).toBe(true);
    expect(shop.writes().slice(sent)).toEqual([]);
  });

  it('moves a chain back by undo, and takes away what was new under the old name', async () => {
    await open();
    const before = await settled(declared('a'), declared('b'));
    await settled(
      renamed('a', 'b', ['a'], { operation: 'update' }),
      renamed('b', 'c', ['b']),
      renamed('fresh', 'a', []),
    );
    const report = await shop.undo('run-2');
    expect(statuses(report)).toEqual(['applied delete c', 'applied update a', 'applied update b']);
    expect(report.converged).toBe(true);
    expect(await bindings()).toEqual(before);
    shop.declare(declared('a'), declared('b'));
    expect((await shop.plan({ prune: true })).changes).toEqual([]);
  });

  it('stays where it is by undo when its old name holds something else by now', async () => {
    await open();
    const { users } = await settled(declared('users'));
    await settled(renamed('users', 'people', ['users'], { operation: 'update' }));
    await settled(renamed('users', 'people', ['users'], { operation: 'update' }), renamed('fresh', 'users', []));
    expect(statuses(await shop.undo('run-2'))).toEqual(['applied update people']);
    expect(await bindings()).toMatchObject({ people: users });
  });

  it('goes back by a line of its own, and forth again', async () => {
    await open();
    const { users } = await settled(declared('users'));
    expect(await settled(renamed('users', 'people', ['users']))).toEqual({ people: users });
    expect(await settled(renamed('users', 'users', ['people']))).toEqual({ users });
    expect(await settled(renamed('users', 'people', ['users']))).toEqual({ people: users });
    const report = await settled(renamed('users', 'people', ['users']), renamed('fresh', 'users', []));
    expect(report).toMatchObject({ people: users });
    expect(await settled(renamed('users', 'people', ['users']), renamed('fresh', 'users', []))).toEqual(report);
  });

  it('moves again by a line that has gone and come back', async () => {
    await open();
    const before = await settled(declared('users'), declared('orders'));
    const swap = [renamed('orders', 'users', ['orders']), renamed('users', 'orders', ['users'])];
    await settled(...swap);
    await settled(...swap.map(({ moved_from: _, ...one }) => one), declared('more'));
    const sent = shop.writes().length;
    const again = [
      { ...declared('users'), moved_from: ['orders'] },
      { ...declared('orders'), moved_from: ['users'] },
    ];
    expect(await settled(...again, declared('more'))).toMatchObject(before);
    expect(shop.writes().slice(sent)).toEqual([]);
  });

  it('waits for what the selection leaves out', async () => {
    await open();
    await settled(declared('a'), declared('b'));
    shop.declare(renamed('a', 'b', ['a']), renamed('b', 'c', ['b']));
    const one = await shop.plan({ only: ['CensusSync/b'] });
    expect(one.changes).toEqual([]);
    expect(blocks(one)).toEqual(['depends update b']);
    expect(changes(await shop.plan({ only: ['CensusSync/c'] }))).toEqual(['update c b 0']);
    await shop.apply({ only: ['CensusSync/c'] });
    expect(changes(await shop.plan({ only: ['CensusSync/b'] }))).toEqual(['update b a 0']);
  });

  it('keeps what is new from the binding of its old name while the taker is blocked', async () => {
    await open();
    // Census fixes the operation of a sync into Braze.
    await settled(declared('a', intoBraze));
    const before = ids();
    shop.declare(renamed('a', 'b', ['a'], { ...intoBraze, operation: 'update' }), renamed('fresh', 'a', []));
    const plan = await shop.plan();
    expect(plan.changes).toEqual([]);
    expect(blocks(plan).sort()).toEqual(['depends create a', 'immutable update b']);
    expect(ids()).toEqual(before);
  });

  it('is stale as a whole where the ledger has changed since the plan', async () => {
    await open();
    const before = await settled(declared('users'), declared('orders'));
    shop.declare(renamed('orders', 'users', ['orders']), renamed('users', 'orders', ['users']));
    const plan = await shop.plan();
    // Somebody protects one of the two meanwhile: its record is another one.
    await settled(declared('users', {}, { protect: true }), declared('orders'));
    const report = await shop.apply({ plan });
    expect(statuses(report)).toEqual(['stale update orders', 'stale update users']);
    expect(await bindings()).toEqual(before);
  });

  it('does nothing when the same plan is applied twice', async () => {
    await open();
    await settled(declared('users'));
    shop.declare(renamed('users', 'people', ['users'], { operation: 'update' }));
    const plan = await shop.plan();
    await shop.apply({ plan });
    const sent = shop.writes().length;
    expect(statuses(await shop.apply({ plan }))).toEqual(['stale update people']);
    expect(shop.writes().slice(sent)).toEqual([]);
  });

  it('is a note without a ledger', async () => {
    await open({ ledger: 'none' });
    shop.declare(renamed('users', 'people', ['users']));
    expect((await shop.plan()).notes).toMatchObject([{ address: 'CensusSync/people', code: 'moved' }]);
  });
});

describe('a run with moves that dies', () => {
  afterEach(() => shop.close());

  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'is made good by the next one, wherever it does (line %i of its journal)',
    async (line) => {
      await open();
      const before = await settled(declared('a'), declared('b'), declared('c'));
      shop.declare(
        renamed('b', 'a', ['b'], { operation: 'update' }),
        renamed('a', 'b', ['a']),
        renamed('c', 'd', ['c'], { operation: 'update' }),
        renamed('fresh', 'c', []),
      );
      const sent = shop.writes().length;
      await shop.act(async (request) => {
        let count = 0;
        const begin: typeof request.store.begin = async (...given) => {
          const journal = await request.store.begin(...given);
          const append: typeof journal.append = async (one) => {
            if (count === line) throw new Error('The machine has died.');
            count += 1;
            await journal.append(one);
          };
          // Who is dead records nothing and lets go of no lock.
          return { ...journal, append, close: async () => undefined };
        };
        const { plan, snapshot } = await planTarget(request, { prune: true });
        const identity = { run: 'run-dead', actor: 'test', commit: null };
        await applyPlan({ ...request, store: { ...request.store, begin } }, plan, {
          identity,
          signal: new AbortController().signal,
          snapshot,
        });
      });
      const store = fileLedger(shop.root, 'production');
      await store.unlock((await store.lock())?.lock);
      // The time is over in which a slow service may still answer.
      shop.passed += 1200;
      expect((await shop.apply({ prune: true })).converged).toBe(true);
      const after = await bindings();
      expect(after).toMatchObject({ a: before.b, b: before.a, d: before.c });
      expect(new Set(Object.keys(after))).toEqual(new Set(['a', 'b', 'c', 'd']));
      const written = shop.writes().slice(sent);
      expect(written.filter((one) => one.startsWith('POST'))).toHaveLength(1);
      expect(written.filter((one) => one.startsWith('DELETE'))).toEqual([]);
      expect((await shop.plan({ prune: true })).changes).toEqual([]);
    },
  );
});
