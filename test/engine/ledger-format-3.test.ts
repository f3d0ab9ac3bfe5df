import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { applyPlan } from '../../src/engine/apply.ts';
import { forgetAddress } from '../../src/engine/forget.ts';
import { planTarget } from '../../src/engine/plan.ts';
import type { TargetRequest } from '../../src/engine/request.ts';
import { statusTarget } from '../../src/engine/status.ts';
import { planUndo } from '../../src/engine/undo.ts';
import { nothingDeclared } from '../../src/ledger/store.ts';
import { SynclineError } from '../../src/model/errors.ts';
import type { LedgerMeta, MigrationRecord } from '../../src/model/ledger.ts';
import { declared, type Workshop, workshop } from '../support/workshop.ts';

let shop: Workshop;
beforeEach(async () => {
  shop = await workshop();
  shop.declare(declared('a'));
});
afterEach(() => shop.close());

/** The same service as at an API with groups; what is `outside` of them cannot be read. */
function grouped(request: TargetRequest, groups: readonly string[], outside?: string): TargetRequest {
  const { provider } = request;
  const resources = new Map(
    [...provider.resources].map(([kind, resource]) => {
      const list: typeof resource.list = (page) =>
        resource.list((things, of) =>
          page(
            things.filter((one) => one.id !== outside),
            of,
          ),
        );
      const read: typeof resource.read = async (id) => {
        if (id === outside) throw new SynclineError('outside-groups', `${id} is outside.`, 'Add its group.', 4);
        return resource.read(id);
      };
      return [kind, { ...resource, list, read }] as const;
    }),
  );
  return { ...request, provider: { ...provider, resources, api: 'v2', groups, identify: async () => undefined } };
}

type Act = (request: TargetRequest) => Promise<unknown>;

const plan = (request: TargetRequest) => planTarget(request, { prune: false });

async function apply(request: TargetRequest): Promise<void> {
  const fresh = await plan(request);
  const identity = { run: `run-${request.now().getTime()}`, actor: 'ann', commit: null };
  await applyPlan(request, fresh.plan, { identity, signal: new AbortController().signal, ...fresh });
}

/** What the ledger says of itself. */
const metaOf = (): Promise<LedgerMeta | undefined> =>
  shop.act(async ({ store }) => (await store.read(nothingDeclared))?.ledger.meta);

const asV2 = (act: Act, groups: readonly string[] = ['calm_otter'], outside?: string) =>
  shop.act((request) => act(grouped(request, groups, outside)));

async function remember(meta: Partial<LedgerMeta>): Promise<void> {
  await shop.act(async ({ store }) => {
    const stored = await store.read(nothingDeclared);
    if (stored === undefined) throw new Error('There is no ledger.');
    await store.save({ ...stored.ledger, meta: { ...stored.ledger.meta, ...meta } });
  });
}

const move: MigrationRecord = {
  state: 'done',
  from: 'v1',
  to: 'v2',
  at: '2026-11-20T09:00:00Z',
  run: '20261120T090000Z-1a2b3c',
  commit: 'c0ffee1',
  actor: 'ann',
};

/** Everything that goes by a ledger. */
const readers: readonly (readonly [string, Act])[] = [
  ['plan', plan],
  ['status', (request) => statusTarget(request)],
  ['undo', (request) => planUndo(request, 'run-1', {})],
  [
    'forget',
    ({ store, provider, now }) =>
      forgetAddress(
        {
          target: 'production',
          api: provider.api,
          grouped: provider.groups !== undefined,
          store,
          identity: { run: 'r', actor: 'ann', commit: null },
          now: now(),
          kinds: new Map(),
        },
        'CensusSync/a',
      ),
  ],
];

describe('the ledger of an API with groups', () => {
  test('is of format 3, with API and groups, in the ledger, the plan and its digest', async () => {
    const before = await shop.plan();
    const planned = await shop.act((request) => plan(grouped(request, ['calm_otter', 'wild_fox'])));
    expect(planned.plan).toMatchObject({ api: 'v2', workspace: null, groups: ['calm_otter', 'wild_fox'] });
    expect(before).not.toHaveProperty('groups');
    const one = await shop.act((request) => plan(grouped(request, ['calm_otter'])));
    expect(one.plan.digest).not.toBe(planned.plan.digest);
    expect(await metaOf()).toBeUndefined();
    await asV2(apply);
    expect(await metaOf()).toMatchObject({ format: 3, api: 'v2', groups: ['calm_otter'], workspace: null });
    const again = await shop.act((request) => plan(grouped(request, ['calm_otter'])));
    expect(again.plan.changes).toEqual([]);
  });

  test('of an API with workspaces stays of format 2', async () => {
    await shop.apply();
    const meta = await metaOf();
    expect(meta).toMatchObject({ format: 2 });
    expect(Object.keys(meta ?? {})).not.toEqual(expect.arrayContaining(['api']));
  });

  test('takes more groups with the next run, and fewer while nothing bound lies outside', async () => {
    await asV2(apply, ['calm_otter']);
    const wider = ['calm_otter', 'wild_fox'];
    await asV2(plan, wider);
    expect(await metaOf()).toMatchObject({ groups: ['calm_otter'] });
    shop.declare(declared('a'), declared('b'));
    await asV2(apply, wider);
    expect(await metaOf()).toMatchObject({ groups: wider });
    expect((await shop.act((request) => plan(grouped(request, ['wild_fox'])))).plan.changes).toEqual([]);
    const id = await shop.act(
      async ({ store }) => (await store.read(nothingDeclared))?.ledger.syncs['CensusSync/a']?.id,
    );
    await expect(asV2(plan, ['wild_fox'], id ?? '')).rejects.toMatchObject({ code: 'outside-groups', exit: 4 });
  });
});

describe.each(readers)('%s', (_, act) => {
  test('at v1 of a ledger that has moved says who moved it and what to merge', async () => {
    await asV2(apply);
    await remember({ migration: move });
    await expect(shop.act(act)).rejects.toMatchObject({
      code: 'moved-to-v2',
      exit: 4,
      message: expect.stringMatching(/moved to v2 .*20261120T090000Z-1a2b3c of ann, 2026-11-20/),
      hint: expect.stringMatching(/Merge .*`api: v2`.*c0ffee1/),
    });
  });

  test('at v2 of a ledger that has not moved names the command that moves it', async () => {
    await shop.apply();
    const rejected = expect(asV2(act)).rejects;
    await rejected.toMatchObject({
      code: 'not-migrated',
      exit: 4,
      hint: expect.stringContaining('migrate api --to v2'),
    });
  });

  test('while a move is open names the command that ends it, at either API', async () => {
    await asV2(apply);
    await remember({ migration: { ...move, state: 'open' } });
    const open = {
      code: 'migration-open',
      exit: 4,
      hint: expect.stringContaining('migrate api --to v2 --target production'),
    };
    await expect(shop.act(act)).rejects.toMatchObject(open);
    await expect(asV2(act)).rejects.toMatchObject(open);
  });
});

test('an empty ledger of an earlier format is no obstacle, and one whose token is dead is told all the same', async () => {
  await shop.apply();
  await shop.act(async ({ store }) => {
    const stored = await store.read(nothingDeclared);
    if (stored !== undefined) await store.save({ ...stored.ledger, syncs: {}, runs: [] });
  });
  shop.declare(declared('fresh'));
  await asV2(apply);
  expect(await metaOf()).toMatchObject({ format: 3 });
  shop.emulator.addFaults(['GET *:401']);
  await expect(shop.plan()).rejects.toMatchObject({ code: 'moved-to-v2' });
});

test('what a thing is called at the other API outlives an update of it', async () => {
  await asV2(apply);
  await shop.act(async ({ store }) => {
    const stored = await store.read(nothingDeclared);
    const entry = stored?.ledger.syncs['CensusSync/a'];
    if (stored === undefined || entry === undefined) throw new Error('There is no entry.');
    await store.save({ ...stored.ledger, syncs: { 'CensusSync/a': { ...entry, v1: { id: '7' } } } });
  });
  shop.declare(declared('a', { operation: 'update' }));
  await asV2(apply);
  const entry = await shop.act(async ({ store }) => (await store.read(nothingDeclared))?.ledger.syncs['CensusSync/a']);
  expect(entry).toMatchObject({ v1: { id: '7' }, spec: { operation: 'update' } });
});
