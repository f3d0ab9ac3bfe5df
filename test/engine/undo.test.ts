import { afterEach, describe, expect, it } from 'vitest';
import { exitOfPlans } from '../../src/core/exit.ts';
import { begin } from '../../src/core/memory/begin.ts';
import { normalise } from '../../src/core/spec/normalise.ts';
import { censusSyncTraits } from '../../src/generated/census-sync-traits.ts';
import { fileLedger } from '../../src/ledger/file/store.ts';
import { nothingDeclared } from '../../src/ledger/store.ts';
import { Exit } from '../../src/model/errors.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { keyOf } from '../../src/model/live.ts';
import type { Lifecycle } from '../../src/model/manifest.ts';
import type { ApplyReport } from '../../src/model/outcome.ts';
import { decode } from '../../src/providers/census/wire/sync/decode.ts';
import { fabraSync } from '../../src/providers/fabra/language/kind.ts';
import {
  declared,
  type FabraShop,
  fabraShop,
  manifestOf,
  type Workshop,
  type WorkshopOptions,
  workshop,
} from '../support/workshop.ts';

let shop: Workshop;
const open = async (options?: WorkshopOptions) => {
  shop = await workshop(options);
};

const statuses = (report: ApplyReport) =>
  report.outcomes.map((one) => `${one.status} ${one.action} ${one.address.slice(11)}`);
const labelOf = (name: string) => `Label of ${name}`;
const syncOf = (name: string) => shop.emulator.syncs().find((one) => one.label === labelOf(name));

/** What a sync says, without what only the server sets. */
function bodyOf(name: string): JsonObject {
  const { id, created_at, updated_at, ...body } = syncOf(name) ?? {};
  const alerts = Array.isArray(body.alert_attributes) ? body.alert_attributes : [];
  return { ...body, alert_attributes: alerts.map((alert) => ({ ...alert, id: 0 })) } as JsonObject;
}

const normaliseLive = (wire: object) => {
  const { spec, ...rest } = decode({ ...wire }, { method: 'GET', path: '/syncs' });
  return { ...rest, spec: normalise(censusSyncTraits, spec) };
};

const schedule = (hour: number) => ({ mode: { triggers: { schedule: { frequency: 'daily', hour } } } });

describe('undo', () => {
  afterEach(() => shop.close());

  it('puts an update back, and leaves what others have changed beside it', async () => {
    await open();
    shop.declare(declared('users', { ...schedule(6), operation: 'upsert' }));
    await shop.apply();
    shop.declare(declared('users', { ...schedule(9), operation: 'update' }));
    await shop.apply();
    shop.emulator.mutate(Number(syncOf('users')?.id), { paused: true });
    const report = await shop.undo('run-2');
    expect(statuses(report)).toEqual(['applied update users']);
    expect(report).toMatchObject({ converged: true, run: 'run-3' });
    expect(syncOf('users')).toMatchObject({
      operation: 'upsert',
      paused: true,
      mode: { triggers: { schedule: { hour: 6 } } },
    });
    shop.declare(declared('users', schedule(6)));
    expect((await shop.plan()).changes.filter((one) => one.fields.length > 0)).toEqual([]);
  });

  it('leaves nothing to take note of once the manifest is reverted, also after an undo of an undo', async () => {
    await open();
    // What the answer to it says in other words.
    const same = { paused: null };
    const [was, is] = [declared('users', same), declared('users', { paused: true })];
    shop.declare(was);
    await shop.apply();
    shop.declare(is);
    await shop.apply();
    expect(statuses(await shop.undo('run-2'))).toEqual(['applied update users']);
    shop.declare(was);
    expect(await shop.plan()).toMatchObject({ changes: [], notes: [] });
    expect(statuses(await shop.undo('run-3'))).toEqual(['applied update users']);
    shop.declare(is);
    expect(await shop.plan()).toMatchObject({ changes: [], notes: [] });
  });

  it('deletes what was made, without --prune', async () => {
    await open();
    shop.declare(declared('users'), declared('after', { mode: { triggers: { sync_sequence: { sync: 'users' } } } }));
    await shop.apply();
    shop.declare();
    const report = await shop.undo('run-1');
    expect(statuses(report)).toEqual(['applied delete after', 'applied delete users']);
    expect(report.converged).toBe(true);
    expect(syncOf('users')).toBeUndefined();
    expect(await shop.plan({ prune: true })).toMatchObject({ changes: [], blocked: [] });
  });

  it('makes a deleted sync again, protected while no manifest declares it', async () => {
    await open();
    shop.declare(declared('users', { ...schedule(6), alert_attributes: [] }));
    await shop.apply();
    const [id, body] = [syncOf('users')?.id, bodyOf('users')];
    shop.declare();
    await shop.apply({ prune: true });
    expect(syncOf('users')).toBeUndefined();
    const report = await shop.undo('run-2');
    expect(statuses(report)).toEqual(['applied create users']);
    expect(report.converged).toBe(true);
    expect(bodyOf('users')).toEqual(body);
    expect(syncOf('users')?.id).not.toBe(id);
    const plan = await shop.plan({ prune: true });
    expect(plan.blocked).toMatchObject([{ address: 'CensusSync/users', reason: 'protected' }]);
    expect(exitOfPlans([plan], true)).toBe(Exit.ok);
    await shop.apply({ prune: true });
    expect(syncOf('users')).toBeDefined();
  });

  it('brings deleted syncs back together, each trigger on the new id of its parent', async () => {
    await open();
    shop.declare(declared('users'), declared('after', { mode: { triggers: { sync_sequence: { sync: 'users' } } } }));
    await shop.apply();
    shop.declare();
    await shop.apply({ prune: true });
    expect(statuses(await shop.undo('run-2'))).toEqual(['applied create users', 'applied create after']);
    expect(syncOf('after')?.mode).toMatchObject({ triggers: { sync_sequence: { sync_id: syncOf('users')?.id } } });
  });

  it('undoes a mixed run, and the undo of that', async () => {
    await open();
    shop.declare(declared('old'), declared('users'));
    await shop.apply();
    const was = bodyOf('old');
    shop.declare(declared('new'), declared('users', { operation: 'update' }));
    await shop.apply({ prune: true });
    expect(statuses(await shop.undo('run-2'))).toEqual([
      'applied create old',
      'applied update users',
      'applied delete new',
    ]);
    expect(bodyOf('old')).toEqual(was);
    expect(syncOf('users')).toMatchObject({ operation: 'upsert' });
    expect(syncOf('new')).toBeUndefined();
    const again = await shop.planUndo('run-3');
    expect(again.blocked).toMatchObject([{ address: 'CensusSync/old', wanted: 'delete', reason: 'protected' }]);
    expect(statuses(await shop.undo('run-3'))).toEqual(['applied create new', 'applied update users']);
    expect(syncOf('users')).toMatchObject({ operation: 'update' });
    expect(syncOf('new')).toBeDefined();
  });

  it('leaves alone what was changed since, outside or by a later run, and undoes the rest', async () => {
    await open();
    shop.declare(declared('users'), declared('orders'), declared('events'));
    await shop.apply();
    const update = { operation: 'update' };
    shop.declare(declared('users', update), declared('orders', update), declared('events', update));
    await shop.apply();
    shop.emulator.mutate(Number(syncOf('users')?.id), { operation: 'mirror' });
    shop.declare(
      declared('users', update),
      declared('orders', { ...update, paused: true }),
      declared('events', update),
    );
    await shop.apply({ only: ['CensusSync/orders'] });
    const plan = await shop.planUndo('run-2');
    expect(plan.blocked).toMatchObject([
      { address: 'CensusSync/orders', reason: 'changed', hint: expect.stringContaining('run-3') },
      { address: 'CensusSync/users', reason: 'changed', hint: expect.stringContaining('/operation') },
    ]);
    expect(statuses(await shop.undo('run-2'))).toEqual(['applied update events']);
    expect(syncOf('users')).toMatchObject({ operation: 'mirror' });
  });

  it('deletes no more than max_deletes, unless the exact number is given', async () => {
    await open({ target: { limits: { max_deletes: 1, concurrency: 8, settle_seconds: 480 } } });
    shop.declare(declared('users'), declared('orders'));
    await shop.apply();
    const plan = await shop.planUndo('run-1');
    expect(plan.blocked.map((one) => one.reason)).toEqual(['max-deletes', 'max-deletes']);
    expect(plan.blocked[0]?.hint).toContain('--force-deletes 2');
    expect(statuses(await shop.undo('run-1', 1))).toEqual([]);
    expect(statuses(await shop.undo('run-1', 2))).toEqual(['applied delete users', 'applied delete orders']);
  });

  it('takes a sync over again that was paused when its manifest went', async () => {
    await open();
    shop.declare(declared('users', {}, { on_delete: 'pause' }));
    await shop.apply();
    shop.declare();
    await shop.apply({ prune: true });
    expect(syncOf('users')).toMatchObject({ paused: true });
    expect(statuses(await shop.undo('run-2'))).toEqual(['applied adopt users']);
    expect(syncOf('users')).toMatchObject({ paused: false });
    expect((await shop.plan({ prune: true })).blocked).toMatchObject([{ reason: 'protected' }]);
  });

  it('takes a sync over again that was abandoned', async () => {
    await open();
    shop.declare(declared('users', {}, { on_delete: 'abandon' }));
    await shop.apply();
    shop.declare();
    await shop.apply({ prune: true });
    shop.emulator.clearRequests();
    const id = String(syncOf('users')?.id);
    expect(await shop.undo('run-2')).toMatchObject({ converged: true, outcomes: [{ action: 'adopt', id }] });
    expect(shop.writes()).toEqual([]);
    expect(statuses(await shop.undo('run-3'))).toEqual(['applied update users']);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
  });

  it('lets go of what was adopted, as it was', async () => {
    await open();
    const [theirs] = shop.emulator.syncs();
    const label = String(theirs?.label);
    shop.declare(declared('users', { label }, { adopt: true }));
    await shop.apply();
    expect(statuses(await shop.undo('run-1'))).toEqual(['applied update users']);
    const now = shop.emulator.syncs().find((one) => one.id === theirs?.id);
    expect({ ...now, updated_at: 0 }).toEqual({ ...theirs, updated_at: 0 });
    expect((await shop.plan()).changes).toMatchObject([{ action: 'adopt' }]);
  });

  it('finds a run by the beginning of its id, and says which there are', async () => {
    await open();
    await expect(shop.undo('run')).rejects.toMatchObject({ code: 'unknown-run', exit: Exit.invalid });
    shop.declare(declared('users'));
    await shop.apply();
    expect((await shop.planUndo('ru')).changes).toHaveLength(1);
    shop.declare(declared('users', { paused: true }));
    await shop.apply();
    await expect(shop.undo('ru')).rejects.toMatchObject({ code: 'ambiguous-run' });
    await expect(shop.undo('run-7')).rejects.toMatchObject({
      code: 'unknown-run',
      hint: expect.stringContaining('run-1'),
    });
  });

  it('undoes what a run has done that did not come to its end', async () => {
    await open();
    shop.declare(declared('users'));
    await shop.apply();
    shop.declare(declared('users', { operation: 'update' }), declared('orders'));
    const controller = new AbortController();
    const stop = () => controller.abort();
    const report = await shop.apply({ signal: controller.signal, onOutcome: stop });
    expect(report.wrote).toBe(true);
    await shop.undo('run-2');
    expect(syncOf('users')).toMatchObject({ operation: 'upsert' });
    expect(syncOf('orders')).toBeUndefined();
  });

  it('knows from the journal what a run has done that died', async () => {
    await open();
    shop.declare(declared('users'), declared('orders'));
    await shop.apply();
    const update = { operation: 'update' };
    shop.declare(declared('users', update), declared('orders', update));
    const plan = await shop.plan();
    // Its lease has run out long ago, and of its two changes it has carried out one.
    const past = new Date('2020-01-01T00:00:00.000Z');
    const store = fileLedger(shop.root, 'production', { now: () => past });
    const stored = await store.read(nothingDeclared);
    const bodies = shop.emulator.syncs().map((one) => normaliseLive(one));
    const header = { run: 'dead', at: past.toISOString(), actor: 'ann', commit: null };
    const live = new Map(bodies.map((one) => [keyOf(one.kind, one.id), one]));
    if (stored === undefined) throw new Error('Nothing is recorded.');
    const journal = await store.begin(
      begin(
        () => censusSyncTraits,
        stored.ledger,
        plan,
        header,
        live,
        () => [],
      ),
      header,
    );
    const address = 'CensusSync/users';
    const id = String(syncOf('users')?.id);
    const line = { at: past.toISOString(), step: 'update' as const, address, id };
    await journal.append({ ...line, event: 'sending' });
    shop.emulator.mutate(Number(id), update);
    await journal.append({ ...line, event: 'done' });
    expect(statuses(await shop.undo('dead'))).toEqual(['applied update users']);
    expect(syncOf('users')).toMatchObject({ operation: 'upsert' });
  });

  it('without a ledger there is nothing to go by', async () => {
    await open({ ledger: 'none' });
    await expect(shop.undo('run-1')).rejects.toMatchObject({ code: 'no-log', exit: Exit.refused });
  });
});

describe('undo where reads prove little', () => {
  let fabra: FabraShop;
  const sync = (extra: JsonObject = {}, lifecycle: Partial<Lifecycle> = {}) =>
    manifestOf(
      fabraSync,
      'events',
      {
        display_name: 'Event Sync',
        end_customer_id: 'abc123',
        source_id: 1,
        object_id: 3,
        destination_id: 2,
        namespace: 'end_customer_bigquery_dataset',
        table_name: 'end_customer_events',
        source_cursor_field: 'updated_at',
        source_primary_key: 'event_id',
        field_mappings: [{ destination_field_name: 'event', source_field_name: 'event_name' }],
        frequency: 30,
        frequency_units: 'minutes',
        ...extra,
      },
      lifecycle,
    );
  afterEach(() => fabra.close());

  it('resumes what was paused, for the server always says active', async () => {
    fabra = await fabraShop();
    fabra.declare(sync({ status: 'active' }));
    await fabra.apply();
    fabra.declare(sync({ status: 'paused' }));
    await fabra.apply();
    expect(fabra.emulator.schedules().some((one) => one.paused)).toBe(true);
    expect(await fabra.undo('run-2')).toMatchObject({ converged: true, outcomes: [{ status: 'applied' }] });
    expect(fabra.emulator.schedules().some((one) => one.paused)).toBe(false);
    expect((await fabra.planUndo('run-2')).changes).toEqual([]);
  });

  it('deletes what was made, though it stays listed', async () => {
    fabra = await fabraShop();
    fabra.declare(sync());
    await fabra.apply();
    expect(await fabra.undo('run-1')).toMatchObject({ outcomes: [{ action: 'delete', status: 'applied' }] });
    expect((await fabra.planUndo('run-1')).changes).toEqual([]);
  });

  it('makes again what was deleted, with what no answer shows as it was applied last', async () => {
    fabra = await fabraShop();
    fabra.declare(sync());
    await fabra.apply();
    fabra.declare();
    await fabra.apply({ prune: true });
    const plan = await fabra.planUndo('run-2');
    expect(plan.notes.map((one) => one.message).join()).not.toContain('/frequency_units');
    expect(plan.changes).toMatchObject([{ desired: { frequency_units: sync().spec.frequency_units } }]);
    expect(await fabra.undo('run-2')).toMatchObject({ outcomes: [{ action: 'create', status: 'applied' }] });
  });

  it('replaces back what was replaced', async () => {
    fabra = await fabraShop();
    const replace = { replace: 'allow' as const };
    fabra.declare(sync({}, replace));
    await fabra.apply();
    fabra.declare(sync({ frequency: 60 }, replace));
    await fabra.apply();
    const report = await fabra.undo('run-2');
    expect(report).toMatchObject({ converged: true, outcomes: [{ action: 'replace', status: 'applied' }] });
    fabra.declare(sync({}, replace));
    const plan = await fabra.plan();
    expect(plan.blocked).toEqual([]);
    expect(plan.changes.flatMap((one) => one.fields)).toEqual([]);
  });

  const hourly = { recurring: true, frequency: 1, frequency_units: 'hours' };

  it('makes again what was deleted on the schedule that no answer shows', async () => {
    fabra = await fabraShop();
    fabra.declare(sync({ ...hourly, status: 'paused' }));
    await fabra.apply();
    const before = fabra.emulator.schedules();
    fabra.declare();
    await fabra.apply({ prune: true });
    expect((await fabra.planUndo('run-2')).changes).toMatchObject([{ desired: { ...hourly, status: 'paused' } }]);
    await fabra.undo('run-2');
    expect(fabra.emulator.schedules().map((one) => one.paused)).toEqual(before.map((one) => one.paused));
  });

  it('replaces back, and leaves out of it what the replace had not changed', async () => {
    fabra = await fabraShop();
    const replace = { replace: 'allow' as const };
    fabra.declare(sync(hourly, replace));
    await fabra.apply();
    fabra.declare(sync({ ...hourly, frequency: 2 }, replace));
    await fabra.apply();
    const plan = await fabra.planUndo('run-2');
    expect(plan.changes).toMatchObject([{ desired: hourly, fields: [{ path: '/frequency', from: 2, to: 1 }] }]);
  });

  it('replaces back what only the schedule that no answer shows was changed of', async () => {
    fabra = await fabraShop();
    const replace = { replace: 'allow' as const };
    fabra.declare(sync(hourly, replace));
    await fabra.apply();
    fabra.declare(sync({ ...hourly, recurring: false }, replace));
    await fabra.apply();
    const fields = [{ path: '/recurring', from: false, to: true }];
    expect((await fabra.planUndo('run-2')).changes).toMatchObject([{ action: 'replace', fields }]);
  });

  it('pauses again what was resumed', async () => {
    fabra = await fabraShop();
    fabra.declare(sync({ status: 'paused' }));
    await fabra.apply();
    fabra.declare(sync({ status: 'active' }));
    await fabra.apply();
    expect(fabra.emulator.schedules().some((one) => one.paused)).toBe(false);
    expect(await fabra.undo('run-2')).toMatchObject({ converged: true, outcomes: [{ status: 'applied' }] });
    expect(fabra.emulator.schedules().some((one) => one.paused)).toBe(true);
    expect((await fabra.planUndo('run-2')).changes).toEqual([]);
  });

  it('says nothing of a schedule that no answer proves and nobody recorded, and names what it leaves out', async () => {
    fabra = await fabraShop();
    fabra.declare(sync());
    await fabra.apply();
    fabra.declare();
    await fabra.apply({ prune: true });
    const plan = await fabra.planUndo('run-2');
    expect(Object.keys(plan.changes[0]?.desired ?? {})).toEqual(expect.not.arrayContaining(['recurring', 'status']));
    expect(plan.notes.map((one) => `${one.code} ${one.message.split(' ')[0]}`)).toEqual([
      'unreadable-field /status',
      'unreadable-field /recurring',
    ]);
  });

  it('takes a sync over again that was abandoned, though a list shows next to nothing of it', async () => {
    fabra = await fabraShop();
    fabra.declare(sync({}, { on_delete: 'abandon' }));
    const id = (await fabra.apply()).outcomes[0]?.id;
    fabra.declare();
    await fabra.apply({ prune: true });
    expect(await fabra.undo('run-2')).toMatchObject({ outcomes: [{ action: 'adopt', id, status: 'applied' }] });
    expect((await fabra.plan({ prune: true })).blocked).toMatchObject([{ id, reason: 'protected' }]);
  });

  it('resumes what was paused when its manifest went, and says that it was taken to have run', async () => {
    fabra = await fabraShop();
    fabra.declare(sync({}, { on_delete: 'pause' }));
    await fabra.apply();
    fabra.declare();
    await fabra.apply({ prune: true });
    expect(fabra.emulator.schedules().some((one) => one.paused)).toBe(true);
    expect((await fabra.planUndo('run-2')).notes).toMatchObject([{ message: expect.stringContaining('"active"') }]);
    expect(await fabra.undo('run-2')).toMatchObject({ outcomes: [{ action: 'adopt', status: 'applied' }] });
    expect(fabra.emulator.schedules().some((one) => one.paused)).toBe(false);
  });

  it('records a sync whole that it takes over again from a saved plan', async () => {
    fabra = await fabraShop();
    fabra.declare(sync({}, { on_delete: 'pause' }));
    await fabra.apply();
    fabra.declare();
    await fabra.apply({ prune: true });
    expect(await fabra.apply({ plan: await fabra.planUndo('run-2') })).toMatchObject({ converged: true });
    for await (const run of fileLedger(fabra.root, 'production').runs()) {
      expect(run).toMatchObject({
        run: 'run-3',
        changes: [{ action: 'adopt', before: { field_mappings: [{ destination_field_name: 'event' }] } }],
      });
      break;
    }
    expect.assertions(2);
  });
});
