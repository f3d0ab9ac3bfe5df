import { afterEach, describe, expect, it } from 'vitest';
import { adoptAddress } from '../../src/engine/adopt.ts';
import { readAhead } from '../../src/engine/ahead.ts';
import { applyPlan } from '../../src/engine/apply.ts';
import { forgetAddress, forgetRow } from '../../src/engine/forget.ts';
import { planTarget } from '../../src/engine/plan.ts';
import { fileLedger } from '../../src/ledger/file/store.ts';
import { noLedger } from '../../src/ledger/none.ts';
import type { LedgerStore } from '../../src/ledger/store.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Lifecycle } from '../../src/model/manifest.ts';
import type { ApplyReport } from '../../src/model/outcome.ts';
import type { Capabilities } from '../../src/model/provider.ts';
import { fabraSync } from '../../src/providers/fabra/language/kind.ts';
import { kinds } from '../../src/providers/index.ts';
import { type FabraShop, fabraShop, manifestOf, workshop } from '../support/workshop.ts';

let shop: FabraShop;
const open = async (options?: Parameters<typeof fabraShop>[0]) => {
  shop = await fabraShop(options);
  return shop;
};
afterEach(() => shop.close());

/** The body of the API reference, under another name. */
const declared = (name: string, extra: JsonObject = {}, lifecycle: Partial<Lifecycle> = {}) =>
  manifestOf(
    fabraSync,
    name,
    {
      cursor_field: 'updated_at',
      custom_join: 'select * from events join additional_properties on events.id = additional_properties.event_id;',
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
    lifecycle,
  );

const statuses = (report: ApplyReport) => report.outcomes.map((one) => `${one.status} ${one.address.slice(10)}`);
const rows = () => shop.emulator.syncs().length;
const seeded = 2;

describe.each([
  ['server', 'as-traced'],
  ['server', 'as-intended'],
  ['documented', 'as-traced'],
  ['documented', 'as-intended'],
] as const)('dialect %s, profile %s', (dialect, profile) => {
  it('the documented body is planned, checked, made, and then nothing is left to do (promise 7)', async () => {
    await open({ dialect, profile });
    shop.declare(declared('events'));
    expect((await shop.plan()).changes).toMatchObject([{ action: 'create' }]);
    const probed = await shop.probe();
    expect(probed.changes).toMatchObject([
      { validation: { status: 'valid', message: expect.stringMatching(/local/i) } },
    ]);
    expect(shop.writes()).toEqual([]);
    expect(await shop.apply()).toMatchObject({ converged: true, outcomes: [{ status: 'applied' }] });
    const plan = await shop.plan();
    expect(plan.changes).toEqual([]);
    expect(plan.blocked).toEqual([]);
    expect(rows()).toBe(seeded + 1);
  });
});

describe('what the API cannot do is in the plan', () => {
  it('any change but of status is blocked as immutable', async () => {
    await open();
    shop.declare(declared('events'));
    await shop.apply();
    shop.declare(declared('events', { frequency: 60 }));
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [{ reason: 'immutable' }] });
  });

  it('or made by a replace that loses memory: the new one first, then the old one goes, though it stays listed', async () => {
    await open();
    shop.declare(declared('events', {}, { replace: 'allow' }));
    const made = await shop.apply();
    const old = made.outcomes[0]?.id;
    shop.declare(declared('events', { frequency: 60 }, { replace: 'allow' }));
    const plan = await shop.plan();
    expect(plan.changes).toMatchObject([{ action: 'replace', id: old, fields: [{ impact: 'loses_memory' }] }]);
    expect(await shop.apply()).toMatchObject({ converged: true, outcomes: [{ status: 'applied' }] });
    expect(shop.writes()).toEqual(['POST /sync', 'POST /sync', `DELETE /sync/${old}`]);
    expect(rows()).toBe(seeded + 2);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
  });

  it('Q8: a sync is paused and resumed in place, by what was last applied, for the server always says active', async () => {
    await open();
    shop.declare(declared('events'));
    await shop.apply();
    for (const [status, paused] of [
      ['paused', true],
      ['active', false],
    ] as const) {
      shop.declare(declared('events', { status }));
      expect(await shop.plan()).toMatchObject({
        changes: [{ action: 'update', fields: [{ path: '/status', to: status }] }],
      });
      expect(statuses(await shop.apply())).toEqual(['applied events']);
      expect(shop.emulator.schedules().some((one) => one.paused)).toBe(paused);
      expect((await shop.plan()).changes).toEqual([]);
    }
  });

  it('a paused sync is made and then paused', async () => {
    await open();
    shop.declare(declared('events', { status: 'paused' }));
    expect(await shop.apply()).toMatchObject({ converged: true, outcomes: [{ status: 'applied' }] });
    expect(shop.writes()).toEqual(['POST /sync', 'PATCH /sync/10']);
    expect((await shop.plan()).changes).toEqual([]);
  });

  it('a paused one that is recurring runs once first, and only the plan that makes it says so', async () => {
    await open();
    const codes = async () => (await shop.plan()).notes.filter((one) => one.code === 'runs-before-pause');
    const daily = { recurring: true, frequency: 1, frequency_units: 'days' };
    shop.declare(declared('events', { ...daily, status: 'paused' }, { replace: 'allow' }));
    expect(await codes()).toMatchObject([{ address: 'FabraSync/events' }]);
    await shop.apply();
    expect(await codes()).toEqual([]);
    shop.declare(declared('events', { ...daily, frequency: 2, status: 'paused' }, { replace: 'allow' }));
    expect(await codes()).toHaveLength(1);
    for (const other of [{ ...daily }, { status: 'paused', recurring: false }]) {
      shop.declare(declared('other', other));
      expect(await codes()).toEqual([]);
    }
    shop.declare(declared('other', { ...daily, status: 'active' }));
    await shop.apply();
    shop.declare(declared('other', { ...daily, status: 'paused' }));
    expect(await shop.plan()).toMatchObject({ changes: [{ action: 'update', fields: [{ path: '/status' }] }] });
    expect(await codes()).toEqual([]);
  });

  it('one whose pause failed is made all the same, and the next plan finishes it', async () => {
    await open({ faults: ['PATCH /sync/*:500'] });
    shop.declare(declared('events', { status: 'paused' }));
    expect(statuses(await shop.apply())).toEqual(['failed events']);
    shop.emulator.clearFaults();
    expect(await shop.plan()).toMatchObject({ changes: [{ action: 'update', fields: [{ path: '/status' }] }] });
    await shop.apply();
    expect(rows()).toBe(seeded + 1);
  });

  it('a field that an object does not have is told at plan time, with its place and the closest names', async () => {
    await open();
    shop.declare(declared('events', { field_mappings: [{ destination_field_name: 'evnt', source_field_name: 'a' }] }));
    await expect(shop.plan()).rejects.toMatchObject({
      exit: 3,
      diagnostics: [{ hint: expect.stringContaining('event') }],
    });
  });

  it('what the server would refuse is refused before anything is sent', async () => {
    await open();
    shop.declare(
      declared('events', { field_mappings: [{ destination_field_name: 'payload', source_field_name: 'a' }] }),
    );
    expect((await shop.probe()).changes).toMatchObject([{ validation: { status: 'invalid' } }]);
    const report = await shop.apply();
    expect(report).toMatchObject({ wrote: false, outcomes: [{ status: 'failed' }] });
    expect(shop.writes()).toEqual([]);
  });
});

describe('what answers do not show truly', () => {
  const hourly = { recurring: true, frequency: 1, frequency_units: 'hours' };

  it('Q9: recurring and units are compared with what was applied last, and noted', async () => {
    await open();
    shop.declare(declared('events', hourly));
    await shop.apply();
    const plan = await shop.plan();
    expect(plan).toMatchObject({ changes: [], blocked: [] });
    const noted = plan.notes.filter((one) => one.code === 'unreadable-field').map((one) => one.message.split(' ')[0]);
    expect(noted.toSorted()).toEqual(['/frequency_units', '/recurring']);
    shop.declare(declared('events', { ...hourly, frequency_units: 'days' }));
    expect(await shop.plan()).toMatchObject({
      blocked: [{ reason: 'immutable', fields: [{ path: '/frequency_units', from: 'hours' }] }],
    });
  });

  it('Q9: without a ledger they are noted and never planned', async () => {
    await open({ ledger: 'none' });
    shop.declare(declared('events', hourly));
    await shop.apply();
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
  });

  it("Q20, Q23: runs, their times and their success are nobody's business: they make no plan stale and no change", async () => {
    await open();
    shop.declare(declared('events'));
    await shop.apply();
    shop.declare(declared('events', { status: 'paused' }));
    const plan = await shop.plan();
    const times = { started_at: '11/21/26 at 07:00 PM UTC', completed_at: '01/01/01 at 12:00 AM UTC', rows_written: 0 };
    shop.emulator.mutate(10, {
      cursor_position: "'2026-11-20 09:12:44.000'",
      sync_runs: [{ status: 'running', ...times }],
    });
    expect(statuses(await shop.apply({ plan }))).toEqual(['applied events']);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
  });

  it('Q18, Q21, Q23: in a whole life nothing is sent but what makes, pauses, reads and deletes syncs', async () => {
    await open();
    shop.declare(declared('events', {}, { replace: 'allow' }));
    await shop.apply();
    shop.declare(declared('events', { frequency: 60, status: 'paused' }, { replace: 'allow' }));
    await shop.probe();
    await shop.apply();
    shop.declare();
    await shop.apply({ prune: true });
    const routes = new Set(shop.emulator.requests.map((one) => `${one.method} ${one.path.replace(/\d+/, 'N')}`));
    const reads = [
      'GET /destinations',
      'GET /object/N',
      'GET /objects',
      'GET /sync/N',
      'GET /syncs',
      'GET /link/sources',
    ];
    const writes = ['POST /link_token', 'POST /sync', 'PATCH /sync/N', 'DELETE /sync/N'];
    expect([...routes].filter((route) => ![...reads, ...writes].includes(route))).toEqual([]);
  });
});

describe('reading', () => {
  it('costs one list and one read per declared sync, and none per foreign one (Q26)', async () => {
    await open();
    shop.declare(declared('a'), declared('b'));
    await shop.apply();
    shop.emulator.clearRequests();
    await shop.plan();
    const paths = shop.emulator.requests.filter((one) => /^\/syncs?\b/.test(one.path)).map((one) => one.path);
    expect(paths.toSorted()).toEqual(['/sync/10', '/sync/11', '/syncs']);
  });
});

describe('deletes that no read can prove', () => {
  it('a 200 makes the tombstone, and the row is ignored from then on (Q7)', async () => {
    await open();
    shop.declare(declared('events'));
    await shop.apply();
    shop.declare();
    expect(statuses(await shop.apply({ prune: true }))).toEqual(['applied events']);
    expect(rows()).toBe(seeded + 1);
    expect(await shop.plan({ prune: true })).toMatchObject({ changes: [], blocked: [] });
    shop.declare(declared('events'));
    expect(await shop.plan()).toMatchObject({ changes: [{ action: 'create' }], blocked: [] });
  });

  /** A delete that was carried out and whose answer was lost, every time it was sent. */
  const lostDelete = async () => {
    await open();
    shop.declare(declared('events'), declared('other'));
    await shop.apply();
    shop.declare(declared('other'));
    shop.emulator.addFaults(['DELETE /sync/10:drop-response']);
    expect(statuses(await shop.apply({ prune: true }))).toEqual(['failed events']);
    shop.emulator.clearFaults();
  };

  it('one without an answer stays in doubt, is sent again under --prune, and a refusal then means gone', async () => {
    await lostDelete();
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [{ reason: 'prune-off' }] });
    shop.declare(declared('other', { status: 'paused' }));
    const plan = await shop.plan({ prune: true });
    expect(plan.notes.map((one) => one.code)).toContain('zombie');
    expect(statuses(await shop.apply({ prune: true }))).toEqual(['applied other', 'applied events']);
    expect(await shop.plan({ prune: true })).toMatchObject({ changes: [], blocked: [] });
  });

  /** Sends a delete, or loses it, and never hears of it. */
  const loses = async (made: ApplyReport, name: string, what: 'drop-response' | 'drop-request') => {
    const id = made.outcomes.find((one) => one.address === `FabraSync/${name}`)?.id;
    shop.emulator.addFaults([`DELETE /sync/${id}:${what}`]);
    expect(statuses(await shop.apply({ prune: true }))).toContain(`failed ${name}`);
    shop.emulator.clearFaults();
  };

  it.each(['a', 'z'])(
    'one in doubt is told by the delete of another, wherever %s stands in the plan',
    async (other) => {
      await open();
      shop.declare(declared('m'), declared(other));
      const made = await shop.apply();
      shop.declare(declared(other));
      await loses(made, 'm', 'drop-response');
      shop.declare();
      const told = statuses(await shop.apply({ prune: true }));
      expect(new Set(told)).toEqual(new Set([`applied ${other}`, 'applied m']));
      expect(await shop.plan({ prune: true })).toMatchObject({ changes: [], blocked: [] });
    },
  );

  it.each([
    ['a', 'b'],
    ['b', 'a'],
  ])('of two in doubt, %s that was carried out is asked once more after %s that was not', async (gone, kept) => {
    await open();
    shop.declare(declared('a'), declared('b'));
    const made = await shop.apply();
    shop.declare();
    const idOf = (name: string) => made.outcomes.find((one) => one.address === `FabraSync/${name}`)?.id;
    shop.emulator.addFaults([`DELETE /sync/${idOf(gone)}:drop-response`, `DELETE /sync/${idOf(kept)}:drop-request`]);
    expect(statuses(await shop.apply({ prune: true })).toSorted()).toEqual(['failed a', 'failed b']);
    shop.emulator.clearFaults();
    const report = await shop.apply({ prune: true });
    expect(statuses(report).toSorted()).toEqual(['applied a', 'applied b']);
    expect(await shop.plan({ prune: true })).toMatchObject({ changes: [], blocked: [] });
  });

  it('of the sync that another one replaces, the doubt holds up no other delete, which tells', async () => {
    await open();
    shop.declare(declared('a', {}, { replace: 'allow' }), declared('b'));
    await shop.apply();
    shop.declare(declared('a', { frequency: 60 }, { replace: 'allow' }));
    shop.emulator.addFaults(['DELETE /sync/*:drop-response:1']);
    expect(statuses(await shop.apply({ prune: true }))).toEqual(['failed a', 'skipped b']);
    expect(statuses(await shop.apply({ prune: true })).toSorted()).toEqual(['applied a', 'applied b']);
    expect(await shop.plan({ prune: true })).toMatchObject({ changes: [], blocked: [] });
  });

  it('with nothing else to show that the scheduler lives, the doubt stays', async () => {
    await lostDelete();
    const report = await shop.apply({ prune: true });
    expect(report).toMatchObject({
      converged: false,
      outcomes: [{ status: 'unchanged', error: expect.stringContaining('gone') }],
    });
    expect(await shop.plan({ prune: true })).toMatchObject({ changes: [{ action: 'delete' }] });
  });

  it('declared again, its status tells: gone here, and the run after makes a new one', async () => {
    await lostDelete();
    shop.declare(declared('events'), declared('other', { status: 'paused' }));
    const first = await shop.apply();
    expect(statuses(first).toSorted()).toEqual(['applied other', 'failed events']);
    expect(statuses(await shop.apply())).toEqual(['applied events']);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
  });

  it('or still there, and then it is bound as before', async () => {
    await open();
    shop.declare(declared('events'));
    await shop.apply();
    shop.declare();
    shop.emulator.addFaults(['DELETE /sync/10:drop-request']);
    await shop.apply({ prune: true });
    shop.emulator.clearFaults();
    shop.declare(declared('events'));
    expect(statuses(await shop.apply())).toEqual(['applied events']);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
    expect(rows()).toBe(seeded + 1);
  });
});

describe('a replace whose create failed', () => {
  const allowed = { replace: 'allow' } as const;
  const failedReplace = async () => {
    await open();
    shop.declare(declared('events', {}, allowed), declared('other'));
    await shop.apply();
    shop.emulator.setScheduler('down');
    shop.declare(declared('events', { frequency: 60 }, allowed), declared('other'));
    expect(await shop.apply()).toMatchObject({ outcomes: [{ action: 'replace', status: 'failed' }] });
    shop.emulator.setScheduler('up');
    shop.passed = 10;
  };

  it('is taken up again: the row it left is asked, a new sync made, and the old one goes', async () => {
    await failedReplace();
    expect(await shop.plan()).toMatchObject({ changes: [{ action: 'replace', id: '10' }], blocked: [] });
    expect(await shop.apply()).toMatchObject({ converged: true, outcomes: [{ status: 'applied' }] });
    expect(shop.emulator.schedules()).toHaveLength(seeded + 2);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
  });

  it('and taken back, it leaves the old sync as it was, and no other', async () => {
    await failedReplace();
    shop.declare(declared('events', {}, allowed), declared('other', { status: 'paused' }));
    expect(await shop.plan()).toMatchObject({ blocked: [] });
    const report = await shop.apply();
    expect(statuses(report).toSorted()).toEqual(['applied events', 'applied other']);
    expect(shop.emulator.schedules()).toHaveLength(seeded + 2);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
  });

  it('a pause that the new sync was not sent is sent once the old one has gone', async () => {
    await open();
    shop.declare(declared('events', {}, allowed));
    await shop.apply();
    shop.emulator.addFaults(['PATCH /sync/*:400:1']);
    shop.declare(declared('events', { frequency: 60, status: 'paused' }, allowed));
    expect(statuses(await shop.apply())).toEqual(['failed events']);
    const taken = await shop.apply();
    expect(taken.outcomes).toMatchObject([{ status: 'failed', id: '11', error: expect.stringContaining('new plan') }]);
    expect(await shop.plan()).toMatchObject({ changes: [{ action: 'update', fields: [{ path: '/status' }] }] });
    expect(statuses(await shop.apply())).toEqual(['applied events']);
    expect(shop.emulator.schedules().filter((one) => one.paused)).toMatchObject([{ sync_id: 11 }]);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
  });

  it('a delete that was sent before and never answered has been carried out, where its replace finds nothing left', async () => {
    await open();
    shop.declare(declared('events', {}, allowed));
    await shop.apply();
    shop.declare();
    shop.emulator.addFaults(['DELETE /sync/*:drop-response']);
    await shop.apply({ prune: true });
    shop.emulator.clearFaults();
    shop.declare(declared('events', { frequency: 60 }, allowed));
    expect(statuses(await shop.apply())).toEqual(['applied events']);
    expect(shop.emulator.schedules()).toHaveLength(seeded + 1);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
  });
});

describe('the documented API, which lists and creates and does nothing else', () => {
  it('blocks in the plan what it cannot do', async () => {
    await open({ dialect: 'documented' });
    shop.declare(declared('a', {}, { replace: 'allow' }), declared('b'));
    await shop.apply();
    shop.declare(declared('a', { frequency: 60 }, { replace: 'allow' }));
    const plan = await shop.plan({ prune: true });
    expect(plan.changes).toEqual([]);
    expect(plan.blocked.map((one) => `${one.reason} ${one.wanted} ${one.address}`)).toEqual([
      'unsupported replace FabraSync/a',
      'unsupported delete FabraSync/b',
    ]);
  });
});

describe('a create that was never sent', () => {
  it('stops no other: nothing can have been left behind', async () => {
    await open();
    shop.declare(
      declared('a', { field_mappings: [{ destination_field_name: 'payload', source_field_name: 'x' }] }),
      declared('b'),
    );
    expect(statuses(await shop.apply())).toEqual(['failed a', 'applied b']);
  });
});

describe('forget', () => {
  const store = () => fileLedger(shop.root, 'production');
  const identity = { run: 'r9', actor: 'me', commit: null };
  const kindsHere = new Map([[fabraSync.kind, fabraSync]]);
  const now = new Date('2026-11-21T10:00:00Z');
  const request = () => ({
    target: 'production',
    api: 'server',
    grouped: false,
    store: store(),
    kinds: kindsHere,
    identity,
    now,
  });
  const last = async () => (await store().runs()[Symbol.asyncIterator]().next()).value;
  const adopt = (id: string) => shop.act((asked) => adoptAddress(asked, 'FabraSync/a', id, identity));

  it('only where rows may be dead: what a kind says of its service is what the provider finds', async () => {
    await open();
    const census = await workshop();
    const providers = [
      await census.act(async (asked) => asked.provider).finally(census.close),
      await shop.act(async (asked) => asked.provider),
    ];
    const mayShowDead = (one: Capabilities) => one.ghosts || one.deletions === 'invisible';
    const found = providers.flatMap(({ resources }) =>
      [...resources.values()].map(({ kind, capabilities }) => [kind, mayShowDead(capabilities)]),
    );
    expect(kinds.map(({ kind, ghosts }) => [kind, ghosts])).toEqual(found);
  });

  it('records a dead row by hand, so that its label is free', async () => {
    await open();
    shop.declare(declared('a'));
    await shop.apply();
    await forgetAddress(request(), 'FabraSync/a');
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [{ reason: 'foreign' }] });
    expect(await last()).toMatchObject({
      run: 'r9',
      actor: 'me',
      digest: null,
      status: 'applied',
      changes: [{ action: 'forget', address: 'FabraSync/a', id: '10', status: 'applied', sends: false }],
    });
    await forgetRow(request(), fabraSync, '10');
    expect(await shop.plan()).toMatchObject({ changes: [{ action: 'create' }], blocked: [] });
    expect(await last()).toMatchObject({
      run: 'r9',
      actor: 'me',
      digest: null,
      status: 'applied',
      changes: [{ action: 'forget', address: 'FabraSync', id: '10', status: 'applied', sends: false }],
    });
  });

  it('a row that was recorded by hand is taken back by its id, and only by that', async () => {
    await open();
    shop.declare(declared('a'));
    await shop.apply();
    await forgetAddress(request(), 'FabraSync/a');
    await forgetRow(request(), fabraSync, '10');
    await expect(shop.act((asked) => adoptAddress(asked, 'FabraSync/a', undefined, identity))).rejects.toMatchObject({
      code: 'no-match',
    });
    expect((await adopt('10')).bound).toMatchObject([{ id: '10', already: false }]);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
    // The tombstone has gone, and not only been overlooked.
    await forgetAddress(request(), 'FabraSync/a');
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [{ reason: 'foreign' }] });
  });

  it('what a run has proved dead stays so, and nothing is written', async () => {
    await open();
    shop.declare(declared('a'));
    await shop.apply();
    shop.declare();
    await shop.apply({ prune: true });
    const before = await last();
    expect(await forgetRow(request(), fabraSync, '10')).toBe('dead-already');
    expect(await last()).toEqual(before);
    shop.declare(declared('a'));
    await expect(adopt('10')).rejects.toMatchObject({ code: 'dead', exit: 4 });
  });

  it('refuses a row that an address owns, an address that nobody knows, and a ledger that is not there', async () => {
    await open();
    await expect(forgetRow(request(), fabraSync, '10')).rejects.toMatchObject({ code: 'no-ledger', exit: 4 });
    shop.declare(declared('a'));
    await shop.apply();
    await expect(forgetRow(request(), fabraSync, '10')).rejects.toMatchObject({ code: 'bound-row', exit: 4 });
    await expect(forgetAddress(request(), 'FabraSync/b')).rejects.toMatchObject({
      code: 'unknown-address',
      exit: 3,
    });
    expect(shop.writes()).toEqual(['POST /sync']);
  });
});

describe('on_delete: pause', () => {
  it('pauses what runs, and sends nothing for what was paused already', async () => {
    await open();
    const lifecycle = { on_delete: 'pause' } as const;
    shop.declare(declared('a', { status: 'paused' }, lifecycle), declared('b', {}, lifecycle));
    await shop.apply();
    shop.declare();
    const plan = await shop.plan({ prune: true });
    expect(plan.changes.map((one) => `${one.address} ${one.fields.length}`).toSorted()).toEqual([
      'FabraSync/a 0',
      'FabraSync/b 1',
    ]);
    await shop.apply({ prune: true });
    expect(shop.emulator.schedules().filter((one) => one.paused)).toHaveLength(2);
  });
});

describe('ghosts', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const declareAll = () => shop.declare(...names.map((name) => declared(name)));

  it('fifty manifests never leave fifty: the first failed create of a run stops the rest (Q5)', async () => {
    await open();
    shop.emulator.setScheduler('down');
    declareAll();
    const report = await shop.apply();
    expect(statuses(report)).toEqual(['failed a', ...names.slice(1).map((name) => `skipped ${name}`)]);
    expect(rows()).toBe(seeded + 1);
  });

  it('inside settle_seconds nothing is judged', async () => {
    await open();
    shop.emulator.setScheduler('down');
    shop.declare(declared('a'));
    await shop.apply();
    shop.emulator.setScheduler('up');
    shop.passed = 9;
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [{ reason: 'pending-create' }] });
  });

  it('a ghost is told from a sync by a canary on another address, recorded, and a new sync made', async () => {
    await open();
    shop.emulator.setScheduler('down');
    declareAll();
    await shop.apply();
    shop.emulator.setScheduler('up');
    shop.passed = 10;
    const plan = await shop.plan();
    expect(plan.notes).toMatchObject([{ code: 'ghost', address: 'FabraSync/a' }]);
    const report = await shop.apply();
    expect(statuses(report).toSorted()).toEqual(names.map((name) => `applied ${name}`));
    expect(rows()).toBe(seeded + 1 + names.length);
    expect(shop.emulator.schedules()).toHaveLength(seeded + names.length);
    expect(await shop.plan()).toMatchObject({
      changes: [],
      blocked: [],
      notes: expect.not.arrayContaining([{ code: 'ghost' }]),
    });
  });

  it('alone, the address is its own canary', async () => {
    await open();
    shop.emulator.setScheduler('down');
    shop.declare(declared('a'));
    await shop.apply();
    shop.emulator.setScheduler('up');
    shop.passed = 10;
    expect(statuses(await shop.apply())).toEqual(['applied a']);
    expect(rows()).toBe(seeded + 2);
    expect(shop.emulator.schedules()).toHaveLength(seeded + 1);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
  });

  it('a row that is whole after all is bound, and the canary made to find out goes again', async () => {
    await open({ faults: ['POST /sync:drop-response:1'] });
    shop.declare(declared('a'));
    expect(statuses(await shop.apply())).toEqual(['failed a']);
    shop.passed = 10;
    const report = await shop.apply();
    expect(report.outcomes).toMatchObject([{ status: 'applied', id: '10' }]);
    expect(shop.emulator.schedules()).toHaveLength(seeded + 1);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
  });

  it('a row that is whole after all, of a sync that is to be paused, leaves nothing to do', async () => {
    await open({ faults: ['POST /sync:drop-response:1'] });
    shop.declare(declared('a', { status: 'paused' }));
    await shop.apply();
    shop.passed = 10;
    expect(statuses(await shop.apply())).toEqual(['applied a']);
    expect(shop.emulator.schedules().filter((one) => one.paused)).toMatchObject([{ sync_id: 10 }]);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
  });

  it('a journal that cannot be written ends every create, also those that wait for the first one', async () => {
    await open();
    shop.declare(declared('a'), declared('b'));
    const plan = await shop.plan();
    const report = await shop.act((request) => {
      const begin: LedgerStore['begin'] = async (...given) => ({
        ...(await request.store.begin(...given)),
        append: () => Promise.reject(new Error('no space left')),
      });
      return applyPlan({ ...request, store: { ...request.store, begin } }, plan, {
        identity: { run: 'full', actor: 'test', commit: null },
        signal: new AbortController().signal,
        snapshot: undefined,
      });
    });
    expect(statuses(report)).toEqual(['failed a', 'skipped b']);
    expect(report.wrote).toBe(false);
    expect(shop.writes()).toEqual([]);
  });

  it('a whole row is bound without a second sync where something else shows that the scheduler lives', async () => {
    await open({ faults: ['POST /sync:drop-response:1'] });
    shop.declare(declared('a'));
    await shop.apply();
    shop.passed = 10;
    shop.declare(declared('a'), declared('b'));
    expect(statuses(await shop.apply()).toSorted()).toEqual(['applied a', 'applied b']);
    expect(rows()).toBe(seeded + 2);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
  });

  it('a create that never arrived leaves no row, and is made after settle_seconds', async () => {
    await open({ faults: ['POST /sync:drop-request:1'] });
    shop.declare(declared('a'));
    await shop.apply();
    shop.passed = 10;
    expect(statuses(await shop.apply())).toEqual(['applied a']);
    expect(rows()).toBe(seeded + 1);
  });

  describe('left by a create that no manifest declares any more', () => {
    const leave = async (fail: () => void) => {
      await open();
      fail();
      shop.declare(declared('a'));
      expect(statuses(await shop.apply())).toEqual(['failed a']);
      shop.emulator.setScheduler('up');
      shop.passed = 10;
      shop.declare(declared('b'));
    };

    it('a whole row is bound by the next run, and then goes by --prune only', async () => {
      await leave(() => shop.emulator.addFaults(['POST /sync:drop-response:1']));
      expect((await shop.plan()).notes).toMatchObject([{ code: 'ghost', address: 'FabraSync/a' }]);
      const report = await shop.apply();
      expect(statuses(report)).toEqual(['applied b', 'unchanged a']);
      expect(report).toMatchObject({ converged: false, outcomes: [{}, { id: '10' }] });
      expect(await shop.plan()).toMatchObject({
        changes: [],
        blocked: [{ address: 'FabraSync/a', id: '10', reason: 'prune-off' }],
        notes: expect.not.arrayContaining([expect.objectContaining({ code: 'ghost' })]),
      });
      expect(statuses(await shop.apply({ prune: true }))).toEqual(['applied a']);
      expect(shop.emulator.schedules()).toHaveLength(seeded + 1);
    });

    it('a ghost is recorded, and the address forgotten', async () => {
      await leave(() => shop.emulator.setScheduler('down'));
      await shop.apply();
      const plan = await shop.plan({ prune: true });
      expect(plan).toMatchObject({ changes: [], blocked: [] });
      expect(plan.notes.filter((one) => one.code === 'ghost')).toEqual([]);
      shop.declare(declared('a'), declared('b'));
      expect(statuses(await shop.apply())).toEqual(['applied a']);
      expect(shop.emulator.schedules()).toHaveLength(seeded + 2);
    });

    it('nobody is asked by a run that changes nothing, nor beyond a selection', async () => {
      await leave(() => shop.emulator.addFaults(['POST /sync:drop-response:1']));
      await shop.apply({ only: ['*/b'] });
      const sent = shop.writes().length;
      await shop.apply();
      expect(shop.writes()).toHaveLength(sent);
      const { notes } = await shop.plan();
      expect(notes).toContainEqual(expect.objectContaining({ code: 'ghost', address: 'FabraSync/a' }));
    });
  });

  it('without a ledger one note says that ghosts cannot be told from syncs', async () => {
    await open({ ledger: 'none' });
    shop.declare(declared('a'));
    expect((await shop.plan()).notes.filter((one) => one.code === 'no-memory')).toHaveLength(1);
    await shop.apply();
    expect((await shop.plan()).changes).toEqual([]);
  });
});

describe('an earlier create that was never answered (promise 6)', () => {
  const both = () => shop.declare(declared('a'), declared('b'));
  const allowed = { replace: 'allow' } as const;
  /** The service is well again, and time enough has passed: every address ends with one schedule, and nothing is left to do. */
  const endsWith = async (count: number) => {
    shop.emulator.setScheduler('up');
    for (let run = 0; run < 3; run++) {
      shop.passed += 10;
      await shop.apply();
    }
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
    expect(shop.emulator.schedules()).toHaveLength(seeded + count);
  };
  const down = () => shop.emulator.setScheduler('down');

  it('is kept by a run in which another address fails first', async () => {
    await open();
    down();
    both();
    expect(statuses(await shop.apply())).toEqual(['failed a', 'skipped b']);
    shop.passed = 10;
    expect(statuses(await shop.apply())).toEqual(['skipped a', 'failed b']);
    await endsWith(2);
  });

  it('is kept by a run that is stopped before the request leaves', async () => {
    await open();
    down();
    both();
    await shop.apply();
    shop.passed = 10;
    await shop.apply({ signal: AbortSignal.abort() });
    await endsWith(2);
  });

  it('is looked for beside a later one with another body that failed too', async () => {
    await open({ faults: ['POST /sync:drop-response:1'] });
    shop.declare(declared('a'));
    expect(statuses(await shop.apply())).toEqual(['failed a']);
    down();
    shop.passed = 10;
    shop.declare(declared('a', { frequency: 60 }));
    expect(statuses(await shop.apply())).toEqual(['failed a']);
    await endsWith(1);
  });

  it('of a replace leaves one schedule, though the next run ended before it could ask', async () => {
    await open();
    shop.declare(declared('a', {}, allowed), declared('b'));
    await shop.apply();
    shop.emulator.addFaults(['POST /sync:drop-response:1']);
    const manifests = [declared('a', { frequency: 60 }, allowed), declared('b')];
    shop.declare(...manifests);
    expect(statuses(await shop.apply())).toEqual(['failed a']);
    down();
    shop.passed = 10;
    shop.declare(...manifests, declared('c'));
    expect(statuses(await shop.apply())).toEqual(['skipped a', 'failed c']);
    await endsWith(3);
  });

  it('of a replace that is taken back goes, though it was carried out', async () => {
    await open();
    const manifests = [declared('a', {}, allowed), declared('b')];
    shop.declare(...manifests);
    await shop.apply();
    shop.emulator.addFaults(['POST /sync:drop-response:1']);
    shop.declare(declared('a', { frequency: 60 }, allowed), declared('b'));
    expect(statuses(await shop.apply())).toEqual(['failed a']);
    shop.passed = 10;
    shop.declare(...manifests);
    await endsWith(2);
    expect(shop.emulator.schedules().slice(seeded)).toMatchObject([{ frequency: 30 }, { frequency: 30 }]);
  });

  it('is judged before the sync goes that it was to replace', async () => {
    await open();
    shop.declare(declared('a', {}, allowed), declared('b'));
    await shop.apply();
    shop.emulator.addFaults(['POST /sync:drop-response:1']);
    shop.declare(declared('a', { frequency: 60 }, allowed), declared('b'));
    expect(statuses(await shop.apply())).toEqual(['failed a']);
    shop.passed = 10;
    shop.declare(declared('b', { status: 'paused' }));
    expect(statuses(await shop.apply({ prune: true }))).toEqual(['applied b', 'applied a']);
    await endsWith(1);
  });
});

it('what a manifest names by its label is read whole, however late the names in that manifest are looked up', async () => {
  await open();
  shop.declare(declared('a'));
  await shop.apply();
  shop.declare(declared('a', { destination_id: undefined, destination: 'Warehouse' }));
  let listed = (): void => undefined;
  let answer = (): void => undefined;
  const isListed = new Promise<void>((resolve) => {
    listed = resolve;
  });
  const isAnswered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const plan = await shop.act(async (request) => {
    const resources = [...request.provider.resources].map(([kind, resource]) => {
      const list: typeof resource.list = async (page) => {
        await resource.list(page);
        listed();
      };
      return [kind, { ...resource, list }] as const;
    });
    const named: typeof request.provider.named = async (...part) => {
      await isAnswered;
      return request.provider.named(...part);
    };
    const provider = { ...request.provider, resources: new Map(resources), named };
    const store = noLedger();
    const ahead = readAhead({ provider, store });
    ahead.declare(request.manifests);
    const planning = planTarget({ ...request, provider, store, ahead }, { prune: false });
    await isListed;
    for (let turn = 0; turn < 20; turn += 1) await new Promise((go) => setImmediate(go));
    answer();
    return (await planning).plan;
  });
  expect(plan.changes).toEqual([]);
  expect(plan.blocked).toEqual([]);
});
