import { afterEach, describe, expect, it } from 'vitest';
import { exitOfReport } from '../../src/core/exit.ts';
import { dryRunReport } from '../../src/engine/dry-run.ts';
import { probeTarget } from '../../src/engine/plan.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import {
  failsReads,
  ignores,
  ignoresValidateOnly,
  kind,
  type Manner,
  rewritesLabels,
  staleReads,
} from '../support/unkind.ts';
import { declared, type Workshop, type WorkshopOptions, workshop } from '../support/workshop.ts';

let shop: Workshop;
const open = async (options?: WorkshopOptions) => {
  shop = await workshop({ unkind: true, ...options });
};
afterEach(() => shop.close());

const labels = () => shop.emulator.syncs().map((one) => one.label);
const seeded = 3;
const spaced = (name: string) => declared(name, { label: `Label of ${name} ` });
const trims = rewritesLabels((label) => label.trim());
const plain = { field_behavior: 'sync_all_properties' };

/** Applies `first` with a service that keeps its word. */
async function applied(...first: readonly Manifest[]) {
  shop.declare(...first);
  const report = await shop.apply();
  expect(exitOfReport(report)).toBe(0);
  return report.outcomes.map((one) => one.id ?? '');
}

const unconfirmed = (...said: readonly string[]) => ({
  status: 'unconfirmed',
  error: expect.stringMatching(said.map((one) => `(?=.*${one})`).join('')),
});

describe('a write is believed once it can be read', () => {
  it('a field that is stored otherwise is named, with what was sent and what is stored', async () => {
    await open();
    shop.behave(trims);
    shop.declare(spaced('users'));
    const report = await shop.apply();
    expect(report.outcomes).toMatchObject([unconfirmed('/label', '"Label of users "', '"Label of users"')]);
    expect([report.converged, exitOfReport(report)]).toEqual([false, 5]);
  });

  it.each([429, 500])('a create that cannot be read back (%i) is made, and not confirmed', async (status) => {
    await open();
    shop.behave(failsReads(status));
    shop.declare(declared('users'));
    const report = await shop.apply();
    expect(report.outcomes).toMatchObject([unconfirmed('Not confirmed', 'GET', String(status))]);
    expect(report.outcomes[0]?.id).not.toBeNull();
    expect([report.converged, exitOfReport(report)]).toEqual([false, 5]);
    shop.behave(kind);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
    expect(labels()).toHaveLength(seeded + 1);
  });

  it('a create that can be read at last is confirmed', async () => {
    await open();
    shop.behave(failsReads(500, 2));
    shop.declare(declared('users'));
    const report = await shop.apply();
    expect([report.converged, exitOfReport(report)]).toEqual([true, 0]);
  });

  it('an update that was accepted and not carried out is not confirmed, and planned again', async () => {
    await open();
    await applied(declared('users'));
    shop.behave(ignores('PATCH'));
    shop.declare(declared('users', { paused: true, operation: 'update' }));
    const report = await shop.apply();
    expect(report.outcomes).toMatchObject([unconfirmed('/operation', '/paused', 'true')]);
    expect([report.converged, exitOfReport(report)]).toEqual([false, 5]);
    shop.behave(kind);
    expect(await shop.plan()).toMatchObject({ changes: [{ fields: [{ cause: 'git' }, { cause: 'git' }] }] });
  });

  it('reads again for at most ten seconds', async () => {
    await open();
    await applied(declared('users'));
    shop.behave(ignores('PATCH'));
    shop.declare(declared('users', { paused: true }));
    shop.passed = 0;
    await shop.apply();
    expect(shop.passed).toBe(10);
  });

  it('costs one read where the service is true', async () => {
    await open();
    shop.declare(declared('users'));
    shop.emulator.clearRequests();
    await shop.apply();
    const read = shop.emulator.requests.filter((one) => /\/syncs\/\d+$/.test(one.path));
    expect(read).toHaveLength(1);
  });

  it('a clearing that answers and reads show only later is no failure', async () => {
    await open();
    await applied(declared('users', { ...plain, field_normalization: 'snake_case' }));
    shop.behave(staleReads(3));
    shop.declare(declared('users', { ...plain, field_normalization: null }));
    const report = await shop.apply();
    expect(report.outcomes).toMatchObject([{ status: 'applied' }]);
    expect(exitOfReport(report)).toBe(0);
  });

  it('a field that is still set is told as not cleared, also beside others that are not as planned', async () => {
    await open();
    await applied(declared('users', { ...plain, field_normalization: 'snake_case' }));
    shop.behave(ignores('PATCH'));
    shop.declare(declared('users', { ...plain, field_normalization: null, paused: true }));
    const report = await shop.apply();
    expect(report.outcomes).toMatchObject([
      { status: 'failed', error: expect.stringMatching(/^not-cleared: .*\/field_normalization.*\/paused/) },
    ]);
    expect(exitOfReport(report)).toBe(5);
  });
});

describe('a delete is believed once a read says that the sync is gone', () => {
  it('one that was accepted and not carried out buries nothing', async () => {
    await open();
    const [id] = await applied(declared('users'));
    shop.behave(ignores('DELETE'));
    shop.declare();
    const report = await shop.apply({ prune: true });
    expect(report.outcomes).toMatchObject([unconfirmed('Not confirmed', id ?? '', 'still there')]);
    expect([report.converged, exitOfReport(report)]).toEqual([false, 5]);
    shop.behave(kind);
    expect(await shop.plan({ prune: true })).toMatchObject({ changes: [{ action: 'delete', id }] });
    expect(exitOfReport(await shop.apply({ prune: true }))).toBe(0);
    expect(labels()).toHaveLength(seeded);
  });

  it('so is the delete that ends a replace', async () => {
    await open();
    const [id] = await applied(declared('users', {}, { replace: 'allow' }));
    shop.emulator.mutate(Number(id), { operation: 'delete' });
    shop.behave(ignores('DELETE'));
    const report = await shop.apply();
    expect(report.outcomes).toMatchObject([{ action: 'replace', ...unconfirmed('old one', id ?? '') }]);
    shop.behave(kind);
    expect(exitOfReport(await shop.apply())).toBe(0);
    expect(shop.emulator.syncs().map((one) => String(one.id))).not.toContain(id);
    expect(labels()).toHaveLength(seeded + 1);
  });
});

describe('promise 6: an answer with an id that was known before is no answer', () => {
  const answersWith =
    (id: (made: number) => number): Manner =>
    async ({ method }, forward) => {
      const answer = await forward();
      if (method !== 'POST') return answer;
      const made = Number(shop.emulator.syncs().at(-1)?.id);
      return { status: 201, body: { status: 'created', data: { sync_id: id(made) } } };
    };

  it.each([
    ['bound to another address', async () => (await applied(declared('users')))[0]],
    [
      'listed and foreign',
      async () => {
        await applied(declared('users'));
        return '90002';
      },
    ],
    [
      'buried',
      async () => {
        const [id] = await applied(declared('orders'), declared('users'));
        shop.declare(declared('users'));
        await shop.apply({ prune: true });
        return id;
      },
    ],
    [
      'bound to what is gone',
      async () => {
        const [id] = await applied(declared('orders'), declared('users'));
        shop.emulator.remove(Number(id));
        return id;
      },
    ],
  ])('one that is %s: the new sync is looked for and found', async (_name, idOf) => {
    await open();
    const known = await idOf();
    shop.behave(answersWith(() => Number(known)));
    shop.declare(declared('users'), declared('orders'));
    const report = await shop.apply();
    const made = shop.emulator.syncs().find((one) => one.label === 'Label of orders');
    expect(report.outcomes).toMatchObject([{ status: 'applied', id: String(made?.id) }]);
    shop.behave(kind);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
    expect(labels()).toHaveLength(seeded + 2);
  });

  it('one that this run has just made: never two addresses with one id', async () => {
    await open({ target: { limits: { max_deletes: 5, concurrency: 1, settle_seconds: 480 } } });
    let first: number | undefined;
    shop.behave(
      answersWith((made) => {
        first ??= made;
        return first;
      }),
    );
    shop.declare(declared('a'), declared('b'), declared('c'));
    const ids = (await shop.apply()).outcomes.map((one) => one.id);
    expect(new Set(ids).size).toBe(3);
    shop.behave(kind);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [] });
    expect(labels()).toHaveLength(seeded + 3);
  });

  it('nothing that looks like the new one: its outcome is not known, and nothing is bound', async () => {
    await open();
    const [id] = await applied(declared('users'));
    shop.behave(async ({ method }, forward) =>
      method === 'POST' ? { status: 201, body: { status: 'created', data: { sync_id: Number(id) } } } : forward(),
    );
    shop.declare(declared('users'), declared('orders'));
    const report = await shop.apply();
    expect(report.outcomes).toMatchObject([{ status: 'failed', error: expect.stringMatching(/id of|the id \d+/) }]);
    expect(exitOfReport(report)).toBe(5);
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [{ reason: 'pending-create' }] });
  });
});

describe('promise 6: a label that the service writes otherwise', () => {
  it.each([
    ['trimmed', 'Label of users ', (label: string) => label.trim()],
    ['composed', 'Cafe\u0301', (label: string) => label.normalize('NFC')],
  ])('without a ledger a %s one is recognised, and no second sync is made', async (_name, label, rewrite) => {
    await open({ ledger: 'none' });
    shop.behave(rewritesLabels(rewrite));
    shop.declare(declared('users', { label }));
    expect(exitOfReport(await shop.apply())).toBe(5);
    const again = await shop.apply();
    expect(again).toMatchObject({ wrote: false, outcomes: [], blocked: [{ reason: 'label-taken' }] });
    expect(exitOfReport(again)).toBe(4);
    expect(labels()).toHaveLength(seeded + 1);
  });

  it('without a ledger a plan applied twice makes nothing twice', async () => {
    await open({ ledger: 'none' });
    shop.behave(trims);
    shop.declare(spaced('users'));
    const plan = await shop.plan();
    await shop.apply({ plan });
    expect(await shop.apply({ plan })).toMatchObject({ wrote: false, outcomes: [{ status: 'stale' }] });
    expect(labels()).toHaveLength(seeded + 1);
  });

  it('a create whose answer was lost is found under it', async () => {
    await open();
    shop.behave(trims);
    shop.emulator.addFaults(['POST /syncs:commit-504:1']);
    shop.declare(spaced('users'));
    const report = await shop.apply();
    expect(report.outcomes).toMatchObject([unconfirmed('/label')]);
    shop.passed += 1000;
    await shop.apply();
    expect(labels()).toHaveLength(seeded + 1);
  });
});

describe('a dry run', () => {
  const dryRun = async () =>
    shop.act(async (request) => {
      const flags = { prune: false, only: undefined, forceDeletes: undefined };
      const { plan, fault } = await probeTarget(request, flags);
      return dryRunReport(plan, fault);
    });

  it('promise 1: stops at the first sync that a service makes although it was only to check, and names it', async () => {
    await open();
    shop.behave(ignoresValidateOnly);
    shop.declare(...['a', 'b', 'c', 'd'].map((name) => declared(name)));
    const report = await dryRun();
    expect(labels()).toHaveLength(seeded + 1);
    const made = String(shop.emulator.syncs().at(-1)?.id);
    expect(report).toMatchObject({ wrote: true, converged: null, fault: { message: expect.stringContaining(made) } });
    expect(report.outcomes.map((one) => one.status)).toEqual(Array(4).fill('unchecked'));
    expect(exitOfReport(report)).toBe(5);
  });

  it('promise 1: takes no refusal for a proof that the service only checks', async () => {
    await open();
    let posts = 0;
    shop.behave(async (request, forward) => {
      if (request.method !== 'POST') return forward();
      posts += 1;
      return posts <= 2
        ? { status: 400, body: { status: 'error', message: 'no' } }
        : ignoresValidateOnly(request, forward);
    });
    shop.declare(...['a', 'b', 'c', 'd', 'e'].map((name) => declared(name)));
    const report = await dryRun();
    expect(labels()).toHaveLength(seeded + 1);
    expect(report.outcomes.map((one) => one.status)).toEqual([
      ...Array(2).fill('invalid'),
      ...Array(3).fill('unchecked'),
    ]);
    expect(exitOfReport(report)).toBe(5);
  });

  it('gives up asking where no check can be made', async () => {
    await open();
    let posts = 0;
    shop.behave(async ({ method }, forward) => {
      if (method !== 'POST') return forward();
      posts += 1;
      return { status: 501, body: { status: 'error', message: 'not now' } };
    });
    shop.declare(...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => declared(name)));
    const report = await dryRun();
    expect(report.outcomes.map((one) => one.status)).toEqual(Array(6).fill('unchecked'));
    expect(report.fault?.message).toContain('6 of 6');
    expect([posts, exitOfReport(report)]).toEqual([3, 1]);
  });

  it('lists what is blocked with its reason', async () => {
    await open();
    const { label: _, ...spec } = declared('nameless').spec;
    shop.declare(
      { ...declared('nameless'), spec },
      declared('foreign', { label: 'Lead scores to Salesforce (trial)' }),
      declared('users'),
    );
    const report = await dryRun();
    expect(report.blocked.map((one) => one.reason).toSorted()).toEqual(['foreign', 'needs-label']);
    expect(report.converged).toBeNull();
    expect(exitOfReport(report)).toBe(4);
  });
});

describe('a token that is rejected in the middle', () => {
  it('ends the run: what has not begun is skipped, and says why', async () => {
    await open({ target: { limits: { max_deletes: 5, concurrency: 1, settle_seconds: 480 } } });
    let posts = 0;
    let later = 0;
    shop.behave(async ({ method }, forward) => {
      if (posts >= 2) later += 1;
      if (method === 'POST') posts += 1;
      return posts < 2 ? forward() : { status: 401, body: { status: 'unauthorized', message: 'Invalid token.' } };
    });
    shop.declare(...['a', 'b', 'c', 'd'].map((name) => declared(name)));
    const report = await shop.apply();
    expect(report.outcomes.map((one) => one.status)).toEqual(['applied', 'failed', 'skipped', 'skipped']);
    expect(report.outcomes[3]?.error).toMatch(/401|token/);
    expect([report.interrupted, exitOfReport(report), later]).toEqual([false, 5, 0]);
  });

  it('a sync that the ledger holds for deleted and that is listed is told, and can be taken back', async () => {
    await open();
    const [id = ''] = await applied(declared('users'));
    shop.emulator.addFaults(['DELETE /syncs/*:not-done:1']);
    shop.emulator.addFaults(['GET /syncs/*:gone:1@2']);
    shop.declare();
    expect(await shop.apply({ prune: true })).toMatchObject({ converged: true });
    shop.emulator.clearFaults();
    const { notes, changes } = await shop.plan();
    expect(changes).toEqual([]);
    expect(notes).toMatchObject([{ code: 'zombie', message: expect.stringContaining(`--id ${id}`) }]);
  });
});
