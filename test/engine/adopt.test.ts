import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type AdoptReport, adoptAddress, adoptAll } from '../../src/engine/adopt.ts';
import { driftTarget } from '../../src/engine/drift.ts';
import { fileLedger } from '../../src/ledger/file/store.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Run } from '../../src/model/ledger.ts';
import { fabraSync } from '../../src/providers/fabra/language/kind.ts';
import { declared, fabraShop, manifestOf, type Shop, workshop } from '../support/workshop.ts';

const open: Shop[] = [];
afterEach(async () => {
  for (const shop of open.splice(0)) await shop.close();
});

async function censusShop(options: Parameters<typeof workshop>[0] = {}) {
  const shop = await workshop(options);
  open.push(shop);
  return shop;
}

async function fabraOrganisation() {
  const shop = await fabraShop();
  open.push(shop);
  return shop;
}

const identity = { run: 'r-adopt', actor: 'me', commit: 'abc' };
const adopt = (shop: Shop, address: string, id?: string) =>
  shop.act((request) => adoptAddress(request, address, id, identity));
const adoptAllOf = (shop: Shop) => shop.act((request) => adoptAll(request, identity));
const driftOf = (shop: Shop, only?: string) =>
  shop.act((request) => driftTarget(request, only === undefined ? {} : { only: [only] }));
const loseLedger = (shop: Shop) => rmSync(join(shop.root, '.syncline'), { recursive: true });
const bindings = ({ bound }: AdoptReport) => bound.map((one) => `${one.address} ${one.id}`);

async function runsOf(shop: Shop): Promise<Run[]> {
  const runs: Run[] = [];
  for await (const run of fileLedger(shop.root, 'production').runs()) runs.push(run);
  return runs;
}

describe('adopt, Census', () => {
  it('a lost ledger: one command binds the whole project again, and the plan is empty', async () => {
    const shop = await censusShop();
    shop.declare(
      declared('users', { paused: true }, { protect: true }),
      declared('orders'),
      declared('after', { mode: { triggers: { sync_sequence: { sync: 'orders' } } } }),
    );
    const made = await shop.apply();
    loseLedger(shop);
    expect((await shop.plan()).blocked.map((one) => one.reason)).toEqual(['foreign', 'foreign', 'foreign']);
    shop.emulator.clearRequests();
    const report = await adoptAllOf(shop);
    expect(bindings(report).sort()).toEqual(made.outcomes.map((one) => `${one.address} ${one.id}`).sort());
    expect(report).toMatchObject({ left: [], unmatched: [] });
    expect(report.bound.filter((one) => one.differs)).toEqual([]);
    expect(shop.writes()).toEqual([]);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [], summary: { noop: 3 } });
    shop.declare();
    expect((await shop.plan({ prune: true })).blocked).toMatchObject([{ reason: 'protected' }]);
    expect(await runsOf(shop)).toMatchObject([
      { run: 'r-adopt', actor: 'me', commit: 'abc', digest: null, status: 'applied' },
    ]);
  });

  it('twins are left, and nothing is written where nothing is bound', async () => {
    const shop = await censusShop();
    shop.declare(declared('users', {}));
    await shop.apply();
    const twin = await censusTwin(shop);
    loseLedger(shop);
    const report = await adoptAllOf(shop);
    expect(report.bound).toEqual([]);
    expect(report.left).toMatchObject([{ address: 'CensusSync/users', reason: expect.stringContaining(twin) }]);
    expect(await runsOf(shop)).toEqual([]);
    await expect(adopt(shop, 'CensusSync/users')).rejects.toMatchObject({ code: 'twins', exit: 3 });
    expect(bindings(await adopt(shop, 'CensusSync/users', twin))).toEqual([`CensusSync/users ${twin}`]);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
  });

  it('what differs is bound all the same, and the next plan shows it', async () => {
    const shop = await censusShop();
    const foreign = { label: 'Lead scores to Salesforce (trial)', paused: true };
    shop.declare(declared('churn', foreign));
    expect((await shop.plan()).blocked).toMatchObject([{ reason: 'foreign' }]);
    const report = await adopt(shop, 'CensusSync/churn');
    expect(report.bound).toMatchObject([{ differs: true, from: undefined, already: false }]);
    expect(shop.writes()).toEqual([]);
    const plan = await shop.plan();
    expect(plan.blocked).toEqual([]);
    expect(plan.changes).toMatchObject([{ action: 'update', id: report.bound[0]?.id }]);
    expect(plan.changes[0]?.fields.length).toBeGreaterThan(0);
  });

  it('a renamed manifest keeps its sync: adopt, then apply --prune, deletes nothing', async () => {
    const shop = await censusShop();
    shop.declare(declared('old', { paused: true }, { protect: true }));
    const id = (await shop.apply()).outcomes[0]?.id ?? '';
    const label = 'Label of old';
    shop.declare(declared('new', { paused: true, label }));
    const [wanted] = (await shop.plan({ prune: true })).blocked;
    expect(wanted?.hint).toContain('`moved_from: old` keeps the sync');
    await expect(adopt(shop, 'CensusSync/new')).rejects.toMatchObject({ code: 'label-taken', exit: 4 });
    expect((await adopt(shop, 'CensusSync/new', id)).bound).toMatchObject([
      { id, from: 'CensusSync/old', differs: false },
    ]);
    shop.emulator.clearRequests();
    expect(await shop.apply({ prune: true })).toMatchObject({ converged: true });
    expect(shop.writes()).toEqual([]);
    expect(shop.emulator.syncs().map((one) => one.label)).toContain(label);
    expect(await shop.plan({ prune: true })).toMatchObject({ changes: [], blocked: [] });
  });

  it('what is bound is bound, and nothing is written', async () => {
    const shop = await censusShop();
    shop.declare(declared('users'));
    const id = (await shop.apply()).outcomes[0]?.id ?? '';
    for (const wanted of [id, undefined]) {
      expect((await adopt(shop, 'CensusSync/users', wanted)).bound).toMatchObject([{ id, already: true }]);
    }
    expect((await runsOf(shop)).map((run) => run.run)).toEqual(['run-1']);
  });

  it('an earlier run is settled first: what its lost create made is bound, and a create in doubt is for a person', async () => {
    const shop = await censusShop({ faults: ['POST /syncs:commit-later=600000:1'] });
    shop.declare(declared('users'));
    await shop.apply();
    await expect(adopt(shop, 'CensusSync/users')).rejects.toMatchObject({ code: 'pending-create', exit: 4 });
    expect((await adoptAllOf(shop)).left).toMatchObject([{ address: 'CensusSync/users' }]);
    shop.emulator.commitDelayed();
    const report = await adopt(shop, 'CensusSync/users');
    expect(report.bound).toMatchObject([{ already: true }]);
    expect(report.notes).toMatchObject([{ code: 'recovered' }]);
  });

  it('a person settles a create in doubt by the id of what it made', async () => {
    const shop = await censusShop({ faults: ['POST /syncs:commit-later=600000:1'] });
    shop.declare(declared('users'));
    await shop.apply();
    const [other] = shop.emulator.syncs();
    const id = String(other?.id);
    expect((await adopt(shop, 'CensusSync/users', id)).bound).toMatchObject([{ id, differs: true }]);
    expect((await shop.plan()).blocked).toEqual([]);
  });

  it.each([
    ['no such address', 'CensusSync/usres', undefined, 3, 'unknown-address'],
    ['no such sync', 'CensusSync/users', '123456', 3, 'unknown-sync'],
    ['no bearer', 'CensusSync/users', undefined, 3, 'no-match'],
  ])('refuses: %s', async (_title, address, id, exit, code) => {
    const shop = await censusShop();
    shop.declare(declared('users'));
    await expect(adopt(shop, address, id)).rejects.toMatchObject({ exit, code });
    expect(await runsOf(shop)).toEqual([]);
  });

  it('there is nothing to bind in without a ledger, and the service is not even asked', async () => {
    const shop = await censusShop({ ledger: 'none' });
    shop.declare(declared('users'));
    for (const work of [adopt(shop, 'CensusSync/users'), adoptAllOf(shop)])
      await expect(work).rejects.toMatchObject({ code: 'no-ledger', exit: 4 });
    expect(shop.emulator.requests).toEqual([]);
  });
});

/** A second sync with the body of the first one that a shop has made; its id. */
async function censusTwin(shop: Awaited<ReturnType<typeof workshop>>): Promise<string> {
  loseLedger(shop);
  const [first] = shop.emulator.syncs().filter((one) => one.label === 'Label of users');
  shop.emulator.mutate(Number(first?.id), { label: 'Set aside' });
  await shop.apply();
  const [second] = shop.emulator.syncs().filter((one) => one.label === 'Label of users');
  shop.emulator.mutate(Number(first?.id), { label: 'Label of users' });
  return String(second?.id);
}

describe('adopt, Fabra', () => {
  const events = (name: string, extra: JsonObject = {}) =>
    manifestOf(
      fabraSync,
      name,
      {
        cursor_field: 'updated_at',
        destination_id: 2,
        display_name: `Event Sync ${name}`,
        end_customer_id: 'abc123',
        field_mappings: [{ destination_field_name: 'event', source_field_name: 'event_name' }],
        frequency: 30,
        frequency_units: 'minutes',
        namespace: 'end_customer_bigquery_dataset',
        object_id: 3,
        primary_key: 'event_id',
        source_id: 1,
        table_name: 'end_customer_events',
        ...extra,
      },
      {},
    );

  it('a lost ledger: everything is bound again, and the plan is empty', async () => {
    const shop = await fabraOrganisation();
    shop.declare(events('a'), events('b'));
    await shop.apply();
    loseLedger(shop);
    shop.emulator.clearRequests();
    expect(bindings(await adoptAllOf(shop))).toEqual(['FabraSync/a 10', 'FabraSync/b 11']);
    expect(shop.writes()).toEqual([]);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
  });

  it('a sync with another label, which no list shows whole, is read on its own and moves', async () => {
    const shop = await fabraOrganisation();
    shop.declare(events('a'));
    await shop.apply();
    const renamed = events('new', { display_name: 'Event Sync a' });
    loseLedger(shop);
    const other = events('b');
    shop.declare(other);
    expect((await adopt(shop, 'FabraSync/b', '10')).bound).toMatchObject([{ id: '10', differs: true }]);
    expect((await shop.plan()).blocked).toMatchObject([{ fields: [{ path: '/display_name' }], reason: 'immutable' }]);
    shop.declare(renamed);
    expect((await adopt(shop, 'FabraSync/new', '10')).bound).toMatchObject([{ from: 'FabraSync/b', differs: false }]);
    expect((await shop.plan({ prune: true })).blocked).toEqual([]);
  });
});

describe('drift', () => {
  it('shows what somebody changed or deleted, and nothing once it is put back or taken in', async () => {
    const shop = await censusShop();
    shop.declare(declared('users', { paused: false }), declared('orders'));
    const made = await shop.apply();
    const idOf = (name: string) => made.outcomes.find((one) => one.address.endsWith(name))?.id ?? '';
    expect(await driftOf(shop)).toEqual({ target: 'production', drift: [], notes: [] });
    shop.emulator.mutate(Number(idOf('users')), { paused: true });
    shop.emulator.remove(Number(idOf('orders')));
    expect((await driftOf(shop)).drift).toMatchObject([
      { address: 'CensusSync/orders', id: idOf('orders'), kind: 'gone', fields: [] },
      { address: 'CensusSync/users', kind: 'changed', fields: [{ path: '/paused', was: false, now: true }] },
    ]);
    expect((await driftOf(shop, '*/orders')).drift).toHaveLength(1);
    await expect(driftOf(shop, 'nothing')).rejects.toMatchObject({ code: 'no-match', exit: 3 });
    shop.declare(declared('users', { paused: true }), declared('orders'));
    expect((await driftOf(shop)).drift).toMatchObject([{ kind: 'gone' }]);
    await shop.apply();
    expect((await driftOf(shop)).drift).toEqual([]);
  });

  it('is refused where the ledger binds nothing although there are manifests: it was lost, or never was', async () => {
    const shop = await censusShop();
    expect((await driftOf(shop)).notes).toEqual([expect.stringContaining('binds nothing')]);
    shop.declare(declared('users'));
    const lost = { code: 'no-ledger', exit: 4, hint: expect.stringContaining('adopt --all-matching') };
    await expect(driftOf(shop)).rejects.toMatchObject(lost);
    await shop.apply();
    expect((await driftOf(shop)).drift).toEqual([]);
    loseLedger(shop);
    await expect(driftOf(shop)).rejects.toMatchObject(lost);
    await expect(driftOf(shop, 'nothing')).rejects.toMatchObject({ code: 'no-match' });
  });

  it('reads only', async () => {
    const shop = await censusShop();
    shop.declare(declared('users'));
    await shop.apply();
    shop.emulator.clearRequests();
    const runs = await runsOf(shop);
    await driftOf(shop);
    expect(shop.writes()).toEqual([]);
    expect(await runsOf(shop)).toEqual(runs);
  });

  it('without a ledger compares with the manifests, and says so', async () => {
    const shop = await censusShop({ ledger: 'none' });
    shop.declare(declared('users'));
    const made = await shop.apply();
    expect((await driftOf(shop)).drift).toEqual([]);
    shop.emulator.mutate(Number(made.outcomes[0]?.id), { operation: 'mirror' });
    const report = await driftOf(shop);
    expect(report.drift).toMatchObject([{ fields: [{ path: '/operation', was: 'upsert', now: 'mirror' }] }]);
    expect(report.notes).toEqual([expect.stringContaining('nobody can tell')]);
  });
});
