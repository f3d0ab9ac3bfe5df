import { afterEach, describe, expect, it } from 'vitest';
import { driftTarget } from '../../src/engine/drift.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Lifecycle } from '../../src/model/manifest.ts';
import { declared, type Workshop, workshop } from '../support/workshop.ts';

let shop: Workshop;
afterEach(() => shop.close());

/** Census fixes source, destination and operation of a sync into Braze. */
const intoBraze = (extra: JsonObject = {}, lifecycle: Partial<Lifecycle> = {}) =>
  declared(
    'users',
    {
      destination_attributes: { connection_id: 603, object: 'user' },
      mappings: [{ from: 'email', to: 'external_id', primary: true }],
      ...extra,
    },
    lifecycle,
  );

const open = async () => {
  shop = await workshop();
  shop.declare(intoBraze());
  await shop.apply();
  shop.emulator.clearRequests();
};
const listings = () => shop.emulator.requests.filter((one) => one.path.includes('/destinations'));

describe('what an API fixes for destinations of one type', () => {
  it.each<[string, JsonObject]>([
    ['operation', { operation: 'update' }],
    ['source', { source_attributes: { connection_id: 501, object: { type: 'model', id: 916 } } }],
    ['destination', { destination_attributes: { connection_id: 603, object: 'event' } }],
    ['connection', { destination_attributes: { connection_id: 601, object: 'Contact' } }],
  ])('a change of the %s is blocked as immutable, and nothing is asked of the service', async (_name, extra) => {
    await open();
    shop.declare(intoBraze(extra));
    const plan = await shop.probe();
    expect(plan).toMatchObject({ changes: [], blocked: [{ reason: 'immutable' }] });
    expect(shop.writes()).toEqual([]);
  });

  it('the sync is replaced where its manifest allows it', async () => {
    await open();
    shop.declare(intoBraze({ operation: 'update' }, { replace: 'allow' }));
    expect(await shop.apply()).toMatchObject({ converged: true, outcomes: [{ action: 'replace', status: 'applied' }] });
  });

  it('every other change goes through, and asks for no types', async () => {
    await open();
    shop.declare(intoBraze({ paused: true }));
    expect(await shop.apply()).toMatchObject({ converged: true, outcomes: [{ action: 'update', status: 'applied' }] });
    expect(listings()).toEqual([]);
  });

  it('a destination of another type is changed in place', async () => {
    shop = await workshop();
    shop.declare(declared('users'));
    await shop.apply();
    shop.declare(declared('users', { operation: 'update' }));
    expect(await shop.apply()).toMatchObject({ converged: true, outcomes: [{ action: 'update', status: 'applied' }] });
    expect(listings()).not.toEqual([]);
  });

  it('where destinations cannot be listed the service decides', async () => {
    await open();
    shop.emulator.addFaults(['GET /destinations:403:9']);
    shop.declare(intoBraze({ operation: 'update' }));
    expect((await shop.probe()).changes).toMatchObject([{ action: 'update', validation: {} }]);
    const report = await shop.apply();
    expect(report.outcomes).toMatchObject([{ status: 'failed', error: expect.stringContaining('cannot be changed') }]);
  });

  it('neither plan nor drift promises to put back what somebody has changed', async () => {
    await open();
    shop.emulator.mutate(Number(shop.emulator.syncs().at(-1)?.id), { operation: 'update' });
    expect(await shop.plan()).toMatchObject({ changes: [], blocked: [{ reason: 'immutable' }] });
    const { notes } = await shop.act((request) => driftTarget(request, undefined));
    expect(notes).toEqual([expect.stringContaining('cannot change /operation in place')]);
  });
});
