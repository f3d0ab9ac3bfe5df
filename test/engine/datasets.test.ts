import { afterEach, describe, expect, test } from 'vitest';
import { adoptAddress } from '../../src/engine/adopt.ts';
import { driftTarget } from '../../src/engine/drift.ts';
import { forgetAddress } from '../../src/engine/forget.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Lifecycle, Manifest } from '../../src/model/manifest.ts';
import type { Plan } from '../../src/model/plan.ts';
import { censusDataset } from '../../src/providers/census/language/dataset/kind.ts';
import { declared, manifestOf, type Workshop, workshop } from '../support/workshop.ts';

const identity = { run: 'r', actor: 'test', commit: null };
let shop: Workshop;
afterEach(() => shop.close());

function dataset(name: string, extra: JsonObject = {}, lifecycle: Partial<Lifecycle> = {}): Manifest {
  const spec = { name: `Rows of ${name}`, type: 'sql', query: 'select email from users', source: 'Snowflake Prod' };
  return manifestOf(censusDataset, name, { ...spec, ...extra }, lifecycle);
}

/** A sync that reads the dataset of this label, or with this id. */
function reader(name: string, object: JsonObject, extra: JsonObject = {}): Manifest {
  return declared(name, {
    source_attributes: { connection: 'Snowflake Prod', object: { type: 'dataset', ...object } },
    ...extra,
  });
}

function said({ changes, blocked }: Plan): string[] {
  return [
    ...changes.map(({ action, address, fields }) => [action, address, ...fields.map(({ path }) => path)].join(' ')),
    ...blocked.map(({ wanted, address, reason }) => `blocked ${reason} ${wanted} ${address}`),
  ];
}

async function statuses(work: ReturnType<Workshop['apply']>): Promise<string[]> {
  return (await work).outcomes.map(({ status, address }) => `${status} ${address}`);
}

const liveDatasets = { id: 12, name: 'Rows of users', source_id: 501, query: 'select email from users' };

describe('a dataset that manifests declare', () => {
  test('is made before the syncs that read it, and both plan empty', async () => {
    shop = await workshop();
    shop.declare(reader('a', { name: 'Rows of users' }), dataset('users'));
    const plan = await shop.plan();
    expect(said(plan)).toEqual(['create CensusDataset/users', 'create CensusSync/a']);
    const object = { type: 'dataset', id: { $ref: 'CensusDataset/users' } };
    expect(plan.changes[1]).toMatchObject({
      depends_on: ['CensusDataset/users'],
      desired: { source_attributes: { object } },
    });
    expect(await statuses(shop.apply({ plan }))).toEqual(['applied CensusDataset/users', 'applied CensusSync/a']);
    expect(said(await shop.plan())).toEqual([]);
  });

  test('is renamed together with the names of its syncs, which then change nothing', async () => {
    shop = await workshop();
    shop.declare(reader('a', { name: 'Rows of users' }), dataset('users'));
    await shop.apply();
    shop.declare(reader('a', { name: 'People' }), dataset('users', { name: 'People' }));
    expect(said(await shop.plan())).toEqual(['update CensusDataset/users /name']);
    await shop.apply();
    expect(said(await shop.plan())).toEqual([]);
  });

  test('may not be renamed or deleted under a sync that names it as it is now', async () => {
    shop = await workshop();
    shop.declare(dataset('users'));
    await shop.apply();
    shop.declare(dataset('users', { name: 'People' }), reader('a', { name: 'Rows of users' }));
    const mistake = { code: 'vanishing-name', file: 'syncs/a.yaml', message: expect.stringContaining('"People"') };
    await expect(shop.plan()).rejects.toMatchObject({ diagnostics: [mistake] });
  });

  test.each([
    ['by the name of its manifest', 'users', /The label of CensusDataset\/users is "Rows of users"/],
    ['with a slip', 'Rows of user', /Did you mean "Rows of users"/],
  ])('that is named %s is pointed out', async (_title, name, hint) => {
    shop = await workshop();
    shop.declare(dataset('users'), reader('a', { name }));
    const mistake = { code: 'unknown-name', file: 'syncs/a.yaml', hint: expect.stringMatching(hint) };
    await expect(shop.plan()).rejects.toMatchObject({ diagnostics: [mistake] });
  });

  test('has its columns found after a create and a new query, by an apply alone, and not after a new description', async () => {
    shop = await workshop();
    const refreshes = () => shop.writes().filter((one) => one.endsWith('/refresh_columns')).length;
    shop.declare(dataset('users'), reader('a', { name: 'Rows of users' }));
    await shop.probe();
    expect(refreshes()).toBe(0);
    const waits: unknown[] = [];
    await shop.apply({ onWait: (one) => waits.push(one) });
    expect(refreshes()).toBe(1);
    expect(waits).toEqual([{ reason: 'preparation', address: 'CensusDataset/users', milliseconds: 120_000 }]);
    shop.declare(dataset('users', { description: 'All' }), reader('a', { name: 'Rows of users' }));
    await shop.apply();
    expect(refreshes()).toBe(1);
    const changed = [dataset('users', { description: 'All', query: 'select email, plan from users' })];
    shop.declare(...changed, reader('a', { name: 'Rows of users' }, { paused: true }));
    const plan = await shop.plan();
    expect(said(plan)).toEqual(['update CensusDataset/users /query', 'update CensusSync/a /paused']);
    expect(plan.changes[1]?.depends_on).toEqual(['CensusDataset/users']);
    await shop.apply({ plan });
    expect(refreshes()).toBe(2);
  });

  test('has its columns asked for again where the service stumbles, and says so where it does not recover', async () => {
    shop = await workshop();
    shop.emulator.addFaults(['POST /datasets/*/refresh_columns:500@1']);
    shop.declare(dataset('users'));
    expect(await statuses(shop.apply())).toEqual(['applied CensusDataset/users']);
    expect(shop.writes().filter((one) => one.endsWith('/refresh_columns'))).toHaveLength(2);
    expect(shop.warnings).toEqual([]);
    shop.emulator.addFaults(['POST /datasets/*/refresh_columns:500']);
    shop.declare(dataset('users', { query: 'select email, plan from users' }));
    expect(await statuses(shop.apply())).toEqual(['applied CensusDataset/users']);
    expect(shop.warnings).toEqual([expect.stringMatching(/^CensusDataset\/users is as planned, but .*500/)]);
  });

  test('is not waited for long where the service never answers about its columns', async () => {
    shop = await workshop();
    shop.emulator.addFaults(['POST /datasets/*/refresh_columns:hang']);
    shop.declare(dataset('users'), reader('a', { name: 'Rows of users' }));
    expect(await statuses(shop.apply())).toEqual(['applied CensusDataset/users', 'applied CensusSync/a']);
    expect(shop.writes().filter((one) => one.endsWith('/refresh_columns'))).toHaveLength(1);
    expect(shop.warnings).toEqual([expect.stringMatching(/timed out/)]);
  });

  test.each(['not-done', 'stale'])('is not confirmed where the service has the manner %s', async (manner) => {
    shop = await workshop();
    shop.declare(dataset('users'));
    await shop.apply();
    shop.emulator.addFaults([`* /datasets/*:${manner}`]);
    shop.declare(dataset('users', { query: 'select email, plan from users' }));
    expect(await statuses(shop.apply())).toEqual(['unconfirmed CensusDataset/users']);
  });

  test('cannot be checked, nor can a sync whose dataset this plan makes or whose query it changes', async () => {
    shop = await workshop();
    shop.declare(dataset('users'), reader('a', { name: 'Rows of users' }));
    const verdicts = ({ changes }: Plan) => changes.map(({ validation }) => validation?.status);
    expect(verdicts(await shop.probe())).toEqual(['unchecked', 'unchecked']);
    expect(shop.writes()).toEqual([]);
    await shop.apply();
    shop.declare(
      dataset('users', { query: 'select id from users' }),
      reader('a', { name: 'Rows of users' }, { paused: true }),
    );
    const probed = await shop.probe();
    expect(verdicts(probed)).toEqual(['unchecked', 'unchecked']);
    expect(probed.changes[1]?.validation?.message).toContain('CensusDataset/users, whose query');
    shop.declare(dataset('users', { description: 'x' }), reader('a', { name: 'Rows of users' }, { paused: true }));
    expect(verdicts(await shop.probe())).toEqual(['unchecked', 'valid']);
  });

  test('keeps its source and its type, whatever its lifecycle says', async () => {
    shop = await workshop();
    shop.declare(dataset('users'));
    await shop.apply();
    shop.declare(dataset('users', { source: 'Postgres' }, { replace: 'allow' }));
    const plan = await shop.plan().catch(() => undefined);
    if (plan !== undefined) expect(said(plan)).toEqual(['blocked immutable update CensusDataset/users']);
    const other = dataset('users', { source: undefined, source_id: 502 }, { replace: 'allow' });
    shop.declare(other);
    const [refused] = (await shop.plan()).blocked;
    expect(refused).toMatchObject({ reason: 'immutable', address: 'CensusDataset/users' });
    expect(refused?.hint).toContain('with another `name`, and another `spec.name`');
  });

  test('that `--only` leaves out is named to the sync that waits for it', async () => {
    shop = await workshop();
    shop.declare(dataset('users'), reader('a', { name: 'Rows of users' }));
    const plan = await shop.plan({ only: ['CensusSync/a'] });
    expect(said(plan)).toEqual(['blocked depends create CensusSync/a']);
    expect(plan.blocked[0]?.hint).toMatch(/"CensusDataset\/users", which the selection leaves out/);
  });

  test('holds back the sync that follows it to another source, where its own move cannot be made', async () => {
    shop = await workshop();
    shop.declare(dataset('users'), reader('a', { name: 'Rows of users' }));
    await shop.apply();
    const object = { type: 'dataset', name: 'Rows of users' };
    shop.declare(
      dataset('users', { source: undefined, source_id: 502 }),
      declared('a', { source_attributes: { connection_id: 502, object } }),
    );
    const plan = await shop.plan();
    expect(said(plan)).toEqual(['blocked immutable update CensusDataset/users', 'blocked depends update CensusSync/a']);
    expect(plan.blocked[1]?.hint).toMatch(/CensusDataset\/users.*stays/);
  });

  test('drifts, and an undo puts back what a run has changed', async () => {
    shop = await workshop();
    shop.declare(dataset('users'));
    await shop.apply();
    shop.declare(dataset('users', { query: 'select id from users' }));
    await shop.apply();
    await shop.undo('run-2');
    const drifted = await shop.act((request) => driftTarget(request, undefined));
    expect(drifted.drift).toEqual([]);
    expect(said(await shop.plan())).toEqual(['update CensusDataset/users /query']);
  });
});

describe('a live dataset', () => {
  const seed = { datasets: [liveDatasets], syncs: [] };

  test('is foreign to a manifest with its label, and is taken over when that is asked', async () => {
    shop = await workshop({ seed });
    shop.declare(dataset('users'), reader('a', { name: 'Rows of users' }));
    // The sync does not read it yet, and whose it is has to be settled first.
    expect(said(await shop.plan())).toEqual([
      'blocked foreign create CensusDataset/users',
      'blocked depends create CensusSync/a',
    ]);
    await shop.act((request) => adoptAddress(request, 'CensusDataset/users', '12', identity));
    expect(said(await shop.plan())).toEqual(['create CensusSync/a']);
  });

  test('that a sync reads already it may go on reading while a manifest of its label is blocked', async () => {
    shop = await workshop({ seed });
    shop.declare(reader('a', { name: 'Rows of users' }));
    await shop.apply();
    shop.declare(dataset('users'), reader('a', { name: 'Rows of users' }, { paused: true }));
    expect(said(await shop.plan())).toEqual([
      'update CensusSync/a /paused',
      'blocked foreign create CensusDataset/users',
    ]);
  });

  test('that a sync reads already is not mistaken for one of the same name that another manifest has', async () => {
    shop = await workshop({ seed: { datasets: [liveDatasets, { ...liveDatasets, id: 13 }], syncs: [] } });
    shop.declare(reader('a', { id: 12 }));
    await shop.apply();
    const other = dataset('other', { name: 'Other' });
    shop.declare(reader('a', { id: 12 }), other);
    await shop.act((request) => adoptAddress(request, 'CensusDataset/other', '13', identity));
    shop.declare(dataset('users'), other, reader('a', { name: 'Rows of users' }, { paused: true }));
    expect(said(await shop.plan())).toEqual([
      'update CensusDataset/other /name',
      'update CensusSync/a /paused',
      'blocked foreign create CensusDataset/users',
    ]);
  });

  test('of another type bears its label too, and can be nobody of ours', async () => {
    shop = await workshop({ seed: { datasets: [{ ...liveDatasets, type: 'entity_resolution' }], syncs: [] } });
    shop.declare(dataset('users', {}, { adopt: true }));
    expect(said(await shop.plan())).toEqual(['blocked foreign create CensusDataset/users']);
    const adopting = shop.act((request) => adoptAddress(request, 'CensusDataset/users', '12', identity));
    await expect(adopting).rejects.toMatchObject({ code: 'foreign', exit: 4 });
  });

  test('is not asked for where no manifest, record or name needs it', async () => {
    shop = await workshop({ seed });
    shop.declare(declared('a'));
    await shop.apply();
    await shop.plan();
    expect(shop.emulator.requests.filter(({ path }) => path.includes('/datasets'))).toEqual([]);
  });
});

describe('a dataset that goes', () => {
  test('goes after its syncs', async () => {
    shop = await workshop();
    shop.declare(dataset('users'), reader('a', { name: 'Rows of users' }));
    await shop.apply();
    shop.declare();
    const plan = await shop.plan({ prune: true });
    expect(said(plan)).toEqual(['delete CensusSync/a', 'delete CensusDataset/users']);
    expect(await statuses(shop.apply({ plan }))).toEqual(['applied CensusSync/a', 'applied CensusDataset/users']);
  });

  test('stays while a sync that is not ours reads it, and an undo of its create says so too', async () => {
    shop = await workshop();
    shop.declare(dataset('users'));
    await shop.apply();
    shop.declare(dataset('users'), reader('stranger', { name: 'Rows of users' }));
    await shop.apply();
    await shop.act(({ store, now }) => {
      const request = {
        target: 'production',
        api: 'v1',
        grouped: false,
        store,
        identity,
        now: now(),
        kinds: new Map(),
      };
      return forgetAddress(request, 'CensusSync/stranger');
    });
    shop.declare();
    expect(said(await shop.plan({ prune: true }))).toEqual(['blocked depends delete CensusDataset/users']);
    expect(said(await shop.planUndo('run-1'))).toEqual(['blocked changed delete CensusDataset/users']);
  });

  test('takes no sync along that has its id', async () => {
    const sync = {
      id: 12,
      label: 'Label of a',
      operation: 'upsert',
      source_attributes: { connection_id: 501, object: { type: 'dataset', id: 5951 } },
      destination_attributes: { connection_id: 601, object: 'Contact' },
      mappings: [{ from: { type: 'column', data: 'email' }, to: 'Email', is_primary_identifier: true }],
    };
    const all = { id: 5951, name: 'All', source_id: 501, query: 'select email from users' };
    shop = await workshop({ seed: { datasets: [liveDatasets, all], syncs: [sync] } });
    shop.declare(dataset('users', {}, { adopt: true }), reader('a', { name: 'All' }));
    await shop.act((request) => adoptAddress(request, 'CensusSync/a', '12', identity));
    await shop.apply();
    shop.declare(reader('a', { name: 'All' }));
    expect(await statuses(shop.apply({ prune: true }))).toEqual(['applied CensusDataset/users']);
    expect(said(await shop.plan())).toEqual([]);
    shop.declare();
    expect(said(await shop.plan({ prune: true }))).toEqual(['delete CensusSync/a']);
  });
});
