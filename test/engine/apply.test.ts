import { afterEach, describe, expect, it } from 'vitest';
import { driftTarget } from '../../src/engine/drift.ts';
import type { ApplyReport } from '../../src/model/outcome.ts';
import { declared, type Workshop, type WorkshopOptions, workshop } from '../support/workshop.ts';

let shop: Workshop;
const open = async (options?: WorkshopOptions) => {
  shop = await workshop(options);
  return shop;
};
afterEach(() => shop.close());

const statuses = (report: ApplyReport) => report.outcomes.map((one) => `${one.status} ${one.address.slice(11)}`);
const labels = () => shop.emulator.syncs().map((one) => one.label);
const seeded = 3;

describe('apply', () => {
  it('promise 7: after it, plan is empty', async () => {
    await open();
    shop.declare(
      declared('users', { paused: true, alert_attributes: [] }),
      declared('orders', { mode: { triggers: { schedule: { frequency: 'daily', hour: 6 } } } }),
      declared('after', { mode: { triggers: { sync_sequence: { sync: 'orders' } } } }),
    );
    const report = await shop.apply();
    expect(statuses(report)).toEqual(['applied orders', 'applied after', 'applied users']);
    expect(report).toMatchObject({ converged: true, wrote: true, run: 'run-1' });
    const plan = await shop.plan();
    expect(plan.changes).toEqual([]);
    expect(plan.summary).toMatchObject({ noop: 3, blocked: 0 });
  });

  it('promise 1: plan sends no write, and a probe only validate_only bodies', async () => {
    await open();
    shop.declare(declared('users'), declared('after', { mode: { triggers: { sync_sequence: { sync: 'users' } } } }));
    await shop.plan();
    expect(shop.writes()).toEqual([]);
    const plan = await shop.probe();
    expect(plan.changes.map((one) => one.validation?.status)).toEqual(['valid', 'valid']);
    expect(plan.changes[1]?.validation?.message).toContain('CensusSync/users');
    const bodies = shop.emulator.requests.filter((one) => one.method !== 'GET').map((one) => one.body);
    expect(bodies).toHaveLength(2);
    for (const body of bodies) expect(body).toMatchObject({ validate_only: true });
    expect(labels()).toHaveLength(seeded);
  });

  it('a probe of an update checks the whole sync as it would be, on the create endpoint', async () => {
    await open();
    shop.declare(declared('users'));
    await shop.apply();
    shop.emulator.clearRequests();
    shop.declare(declared('users', { mappings: [{ from: 'email', to: 'No_Such_Field', primary: true }] }));
    const plan = await shop.probe();
    expect(plan.changes[0]?.validation?.status).toBe('invalid');
    expect(shop.writes()).toEqual(['POST /syncs']);
    expect(shop.emulator.requests.at(-1)?.body).toMatchObject({ operation: 'upsert', validate_only: true });
  });

  it('promise 2: what changed since the plan is stale and left alone, the rest goes on', async () => {
    await open();
    shop.declare(declared('users'), declared('orders'));
    await shop.apply();
    shop.declare(declared('users', { paused: true }), declared('orders', { paused: true }));
    const plan = await shop.plan();
    const users = shop.emulator.syncs().find((one) => one.label === 'Label of users');
    shop.emulator.mutate(Number(users?.id), { operation: 'update' });
    const report = await shop.apply({ plan });
    expect(statuses(report)).toEqual(['applied orders', 'stale users']);
    expect(report.converged).toBe(false);
  });

  it('promise 8: what is answered in another order by now makes no plan stale, and is no drift', async () => {
    await open();
    const alerts = ['FailureAlertConfiguration', 'StatusAlertConfiguration'].map((type) => ({
      type,
      send_for: 'first_time',
      should_send_recovery: false,
      options: type.startsWith('Status') ? { status_name: 'started' } : {},
    }));
    shop.declare(declared('users', { alert_attributes: alerts }));
    const id = Number((await shop.apply()).outcomes[0]?.id);
    shop.declare(declared('users', { alert_attributes: alerts, paused: true }));
    const plan = await shop.plan();
    const found = shop.emulator.syncs().find((one) => one.id === id)?.alert_attributes;
    if (!Array.isArray(found)) throw new Error('The sync has no alerts.');
    shop.emulator.mutate(id, { alert_attributes: found.toReversed() });
    expect((await shop.plan()).digest).toBe(plan.digest);
    expect((await shop.act((request) => driftTarget(request, undefined))).drift).toEqual([]);
    expect(statuses(await shop.apply({ plan }))).toEqual(['applied users']);
  });

  it('a plan applied twice makes nothing twice', async () => {
    for (const ledger of ['file', 'none'] as const) {
      await open({ ledger });
      shop.declare(declared('users'));
      const plan = await shop.plan();
      await shop.apply({ plan });
      const second = await shop.apply({ plan });
      expect(statuses(second)).toEqual(['stale users']);
      expect(second.wrote).toBe(false);
      expect(labels()).toHaveLength(seeded + 1);
      if (ledger === 'file') await shop.close();
    }
  });

  it('promise 3: a foreign sync is never touched, and adopted only when asked', async () => {
    await open();
    const foreign = { label: 'Lead scores to Salesforce (trial)', paused: false };
    shop.declare(declared('churn', foreign));
    const plan = await shop.plan();
    expect(plan.blocked).toMatchObject([{ reason: 'foreign' }]);
    expect(await shop.apply()).toMatchObject({ converged: false, wrote: false, outcomes: [] });
    expect(shop.writes()).toEqual([]);
    shop.declare(declared('churn', foreign, { adopt: true }));
    expect(statuses(await shop.apply())).toEqual(['applied churn']);
    expect((await shop.plan()).changes).toEqual([]);
  });

  it('promise 4: deletes need --prune, come last, and do not run after an error', async () => {
    await open();
    shop.declare(declared('users'), declared('orders'));
    await shop.apply();
    shop.declare(declared('users', { paused: true }), declared('events', { operation: 'mirror' }));
    expect((await shop.plan()).blocked).toMatchObject([{ reason: 'prune-off' }]);
    shop.emulator.addFaults(['POST /syncs:400:1']);
    const failed = await shop.apply({ prune: true });
    expect(statuses(failed)).toEqual(['failed events', 'applied users', 'skipped orders']);
    expect(labels()).toContain('Label of orders');
    shop.emulator.clearRequests();
    const report = await shop.apply({ prune: true });
    expect(statuses(report)).toEqual(['applied events', 'applied orders']);
    expect(shop.writes().at(-1)).toMatch(/^DELETE/);
    expect(labels()).not.toContain('Label of orders');
    expect(labels()).toHaveLength(seeded + 2);
  });

  it('promise 5: a protected sync survives the removal of its manifest', async () => {
    await open();
    shop.declare(declared('users', {}, { protect: true }));
    await shop.apply();
    shop.declare();
    expect((await shop.plan({ prune: true })).blocked).toMatchObject([{ reason: 'protected' }]);
    await shop.apply({ prune: true });
    expect(labels()).toContain('Label of users');
  });

  it('promise 10: nothing is planned for another workspace than the one expected', async () => {
    await open({ target: { workspace: 1 } });
    await expect(shop.plan()).rejects.toMatchObject({ code: 'wrong-workspace', exit: 4 });
  });

  it('an invalid body fails with the words of the server; what does not depend on it goes on', async () => {
    await open();
    const broken = { mappings: [{ from: 'email', to: 'No_Such_Field', primary: true }] };
    shop.declare(
      declared('bad', broken),
      declared('child', { mode: { triggers: { sync_sequence: { sync: 'bad' } } } }),
      declared('good'),
    );
    const report = await shop.apply();
    expect(statuses(report)).toEqual(['failed bad', 'skipped child', 'applied good']);
    expect(report.outcomes[0]?.error).toContain('No_Such_Field');
    expect(report.wrote).toBe(true);
  });

  it('reports what the service accepted but did not clear', async () => {
    await open({ quirks: { cannotClear: ['field_normalization'] } });
    const body = { field_behavior: 'sync_all_properties' };
    shop.declare(declared('users', { ...body, field_normalization: 'snake_case' }));
    await shop.apply();
    shop.declare(declared('users', { ...body, field_normalization: null }));
    const report = await shop.apply();
    expect(report.outcomes).toMatchObject([{ status: 'failed', error: expect.stringContaining('not-cleared') }]);
  });

  it('Ctrl-C lets what is in flight finish and starts nothing more', async () => {
    await open({ target: { limits: { max_deletes: 5, concurrency: 1, settle_seconds: 480 } } });
    const names = ['a', 'b', 'c'];
    shop.declare(...names.map((name) => declared(name)));
    const stop = new AbortController();
    const report = await shop.apply({ signal: stop.signal, onOutcome: () => stop.abort() });
    expect(report.interrupted).toBe(true);
    expect(statuses(report)).toEqual(['applied a', 'skipped b', 'skipped c']);
    expect(labels()).toHaveLength(seeded + 1);
    expect(await shop.apply()).toMatchObject({ converged: true });
    expect(labels()).toHaveLength(seeded + 3);
  });
});

describe('promise 6: exactly once', () => {
  it.each(['drop-response', 'truncate', 'empty', 'commit-504'])(
    'a create whose answer is lost (%s) is found, not sent again',
    async (fault) => {
      await open({ faults: [`POST /syncs:${fault}:1`] });
      shop.declare(declared('users'));
      expect(statuses(await shop.apply())).toEqual(['applied users']);
      expect(labels()).toHaveLength(seeded + 1);
      expect(shop.writes()).toEqual(['POST /syncs']);
      expect((await shop.plan()).changes).toEqual([]);
    },
  );

  it('a create that the server carries out only later stays pending, and is bound by the next run', async () => {
    await open({ faults: ['POST /syncs:commit-later=600000:1'] });
    shop.declare(declared('users'));
    const report = await shop.apply();
    expect(statuses(report)).toEqual(['failed users']);
    expect(report).toMatchObject({ wrote: true, converged: false });
    expect((await shop.plan()).blocked).toMatchObject([{ reason: 'pending-create' }]);
    shop.emulator.commitDelayed();
    const plan = await shop.plan();
    expect(plan.changes).toEqual([]);
    expect(plan.notes).toMatchObject([{ code: 'recovered' }]);
    await shop.apply();
    expect(shop.writes()).toEqual(['POST /syncs']);
    expect((await shop.plan()).notes).toEqual([]);
  });

  it('a create that never arrived is made by the run after settle_seconds', async () => {
    await open({ faults: ['POST /syncs:drop-request:1'] });
    shop.declare(declared('users'));
    await shop.apply();
    shop.passed = 479;
    expect((await shop.plan()).blocked).toMatchObject([{ reason: 'pending-create' }]);
    shop.passed = 480;
    expect(statuses(await shop.apply())).toEqual(['applied users']);
    expect(labels()).toHaveLength(seeded + 1);
  });

  it('a delete whose answer was lost is looked up', async () => {
    await open({ faults: ['DELETE /syncs/*:drop-response:9'] });
    shop.declare(declared('users'));
    await shop.apply();
    shop.declare();
    expect(statuses(await shop.apply({ prune: true }))).toEqual(['applied users']);
    expect(labels()).toHaveLength(seeded);
    expect((await shop.plan()).notes).toEqual([]);
  });

  it('promise 4: of deletes that go side by side none is sent once another one has failed', async () => {
    await open();
    shop.declare(declared('a'), declared('b'));
    const [a, b] = (await shop.apply()).outcomes.map((one) => one.id);
    shop.emulator.addFaults([`DELETE /syncs/${a}:500`, `GET /syncs/${b}:delay=400`]);
    shop.declare();
    const report = await shop.apply({ prune: true });
    expect(report.outcomes).toMatchObject([
      { address: 'CensusSync/b', status: 'skipped', error: expect.stringContaining('after an error') },
      { address: 'CensusSync/a', status: 'failed' },
    ]);
    expect(shop.writes()).not.toContain(`DELETE /syncs/${b}`);
    shop.emulator.clearFaults();
    expect((await shop.apply({ prune: true })).converged).toBe(true);
  });

  it('an update whose answer was lost is read back', async () => {
    await open();
    shop.declare(declared('users'));
    await shop.apply();
    shop.emulator.addFaults(['PATCH /syncs/*:drop-response:9']);
    shop.declare(declared('users', { paused: true }));
    expect(statuses(await shop.apply())).toEqual(['applied users']);
    expect((await shop.plan()).changes).toEqual([]);
  });

  it('a bound sync that vanished is made again only on the proof of a 404', async () => {
    await open();
    shop.declare(declared('users'));
    const made = await shop.apply();
    const id = Number(made.outcomes[0]?.id);
    shop.emulator.remove(id);
    shop.emulator.addFaults([`GET /syncs/${id}:500:9`]);
    await expect(shop.plan()).rejects.toThrow(/500/);
    shop.emulator.clearFaults();
    const plan = await shop.plan();
    expect(plan.changes).toMatchObject([{ action: 'create' }]);
    expect(plan.notes).toMatchObject([{ code: 'gone' }]);
    await shop.apply();
    expect((await shop.plan()).changes).toEqual([]);
  });
});

describe('replace', () => {
  const allowed = { replace: 'allow' } as const;
  const makeDeleting = async () => {
    await open();
    shop.declare(declared('users', {}, allowed));
    const made = await shop.apply();
    const id = Number(made.outcomes[0]?.id);
    shop.emulator.mutate(id, { operation: 'delete' });
    return id;
  };

  it('makes the new sync first, then deletes the old one', async () => {
    const old = await makeDeleting();
    shop.emulator.clearRequests();
    const report = await shop.apply();
    expect(report.outcomes).toMatchObject([{ action: 'replace', status: 'applied' }]);
    expect(shop.writes()).toEqual(['POST /syncs', `DELETE /syncs/${old}`]);
    expect(labels()).toHaveLength(seeded + 1);
    expect((await shop.plan()).changes).toEqual([]);
  });

  it('is resumed where a run ended between the two', async () => {
    const old = await makeDeleting();
    shop.emulator.addFaults([`DELETE /syncs/${old}:500:9`]);
    expect(await shop.apply()).toMatchObject({ wrote: true, outcomes: [{ status: 'failed' }] });
    shop.emulator.clearFaults();
    shop.emulator.clearRequests();
    expect(await shop.plan()).toMatchObject({ changes: [{ action: 'replace', id: String(old) }] });
    await shop.apply();
    expect(shop.writes()).toEqual([`DELETE /syncs/${old}`]);
    expect((await shop.plan()).changes).toEqual([]);
    expect(labels()).toHaveLength(seeded + 1);
  });
});

describe('--only', () => {
  it('that matches nothing is an error with a suggestion, not an empty plan', async () => {
    await open();
    shop.declare(declared('users'));
    await expect(shop.plan({ only: ['users'] })).rejects.toMatchObject({
      code: 'no-match',
      exit: 3,
      hint: expect.stringContaining('CensusSync/users'),
    });
  });
});

describe('names', () => {
  it('that match nothing or several things are told with their place before anything is sent', async () => {
    await open();
    shop.declare(
      declared('users', { source_attributes: { connection: 'Snowflake Pord', object: { type: 'model', name: 'x' } } }),
    );
    await expect(shop.plan()).rejects.toMatchObject({
      exit: 3,
      diagnostics: [
        { code: 'unknown-name', hint: expect.stringContaining('Snowflake Prod'), file: 'syncs/users.yaml' },
      ],
    });
    expect(shop.writes()).toEqual([]);
  });

  it('are fetched only where a manifest gives one, or a report shows what comes or goes', async () => {
    await open();
    shop.declare(declared('users', { source_attributes: { connection_id: 501, object: { type: 'model', id: 915 } } }));
    const pathsOf = async (work: Promise<unknown>) => {
      await work;
      const paths = shop.emulator.requests.map((one) => one.path.replace('/api/v1', '').replace(/\?.*/, ''));
      shop.emulator.clearRequests();
      return paths.sort();
    };
    const needed = ['/syncs', '/workspace'];
    expect(await pathsOf(shop.plan())).toEqual(['/destinations', '/sources', '/sources/501/models', ...needed]);
    await pathsOf(shop.apply());
    expect(await pathsOf(shop.plan())).toEqual(needed);
  });
});
