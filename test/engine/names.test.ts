import { afterEach, describe, expect, it } from 'vitest';
import { driftTarget } from '../../src/engine/drift.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { censusDataset } from '../../src/providers/census/language/dataset/kind.ts';
import { fabraSync } from '../../src/providers/fabra/language/kind.ts';
import { declared, type FabraShop, fabraShop, manifestOf, type Workshop, workshop } from '../support/workshop.ts';

let open: { close(): Promise<void> } | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

const census = async (): Promise<Workshop> => {
  const shop = await workshop();
  open = shop;
  return shop;
};

/** Path of every read of a collection since the last time. */
function reads({ emulator }: Workshop | FabraShop): string[] {
  const paths = emulator.requests.map(({ path }) => path.replace('/api/v1', '').replace(/\?.*/, ''));
  emulator.clearRequests();
  return paths.filter((path) => /^\/(link\/)?(sources|destinations|objects|datasets)/.test(path)).sort();
}

const intoHubSpot: JsonObject = {
  destination_attributes: { connection_id: 602, object: 'contact' },
  mappings: [{ from: 'email', to: 'email', primary: true }],
};

describe('names beside ids', () => {
  it('a field that refers to something has the names of both sides, for one read of their collection', async () => {
    const shop = await census();
    shop.declare(declared('users'));
    await shop.apply();
    shop.declare(declared('users', intoHubSpot));
    reads(shop);
    const [change] = (await shop.plan()).changes;
    expect(change?.fields.find(({ path }) => path === '/destination_attributes/connection_id')).toMatchObject({
      from: 601,
      to: 602,
      names: { from: 'Salesforce', to: 'HubSpot' },
    });
    expect(change?.fields.filter(({ names }) => names !== undefined)).toHaveLength(1);
    expect(reads(shop)).toEqual(['/destinations', '/sources', '/sources/501/models']);
  });

  it('a model is named in its own source, on either side', async () => {
    const shop = await census();
    const source = (connection: string, name: string) => ({
      source_attributes: { connection, object: { type: 'model', name } },
      mappings: [{ from: 'email', to: 'Email', primary: true }],
    });
    shop.declare(declared('users', source('BigQuery EU', 'eu_orders')));
    await shop.apply();
    shop.declare(declared('users', source('Snowflake Prod', 'orders_export')));
    const [change] = (await shop.plan()).changes;
    expect(change?.fields.map(({ path, names }) => [path, names])).toEqual([
      ['/source_attributes/connection_id', { from: 'BigQuery EU', to: 'Snowflake Prod' }],
      ['/source_attributes/object/id', { from: 'eu_orders', to: 'orders_export' }],
    ]);
    expect(change?.about?.source).toEqual({
      id: '501',
      name: 'Snowflake Prod',
      object: 'model orders_export',
      address: null,
    });
  });

  it('a plan without changes asks for nothing more, and neither does an update that refers to nothing else', async () => {
    const shop = await census();
    shop.declare(declared('users'));
    await shop.apply();
    reads(shop);
    expect((await shop.plan()).changes).toEqual([]);
    const needed = ['/sources', '/sources/501/models'];
    expect(reads(shop)).toEqual(needed);
    shop.declare(declared('users', { paused: true }));
    const [change] = (await shop.plan()).changes;
    expect(change?.about?.destination).toEqual({ id: '601', name: null, object: 'Contact', address: null });
    expect(reads(shop)).toEqual(needed);
  });

  it('a collection that cannot be read costs its names and nothing else, not even the digest', async () => {
    const shop = await census();
    shop.declare(declared('users'));
    const named = await shop.plan();
    expect(named.changes[0]?.about?.destination?.name).toBe('Salesforce');
    for (const rule of ['GET /destinations:403:9', 'GET /destinations:drop-response:9', 'GET /destinations:html:9']) {
      shop.emulator.addFaults([rule]);
      const plan = await shop.plan();
      expect(plan.changes).toMatchObject([{ action: 'create', about: { destination: { id: '601', name: null } } }]);
      expect(plan.digest).toBe(named.digest);
      shop.emulator.clearFaults();
    }
  });
});

describe('what a thing is', () => {
  const people = manifestOf(
    censusDataset,
    'people',
    { name: 'People', type: 'sql', source: 'Snowflake Prod', query: 'select 1 as email' },
    {},
  );
  const ofPeople: JsonObject = {
    source_attributes: { connection: 'Snowflake Prod', object: { type: 'dataset', name: 'People' } },
    mode: { type: 'triggered', triggers: { schedule: { frequency: 'daily', hour: 4, minute: 15 } } },
  };
  const source = { id: '501', name: 'Snowflake Prod', object: 'dataset People', address: 'CensusDataset/people' };
  const destination = { id: '601', name: 'Salesforce', object: 'Contact', address: null };

  it('is told of what is made, of what this plan makes before it, and of what would go', async () => {
    const shop = await census();
    shop.declare(people, declared('users', ofPeople), declared('child', { mode: after('users') }));
    const plan = await shop.plan();
    const abouts = (changes: readonly { readonly address: string; readonly about: unknown }[]) =>
      Object.fromEntries(changes.map(({ address, about }) => [address, about]));
    const made = {
      'CensusDataset/people': {
        source: { id: '501', name: 'Snowflake Prod', object: null, address: null },
        destination: null,
        operation: null,
        schedule: null,
      },
      'CensusSync/users': { source, destination, operation: 'upsert', schedule: 'daily at 04:15' },
      'CensusSync/child': expect.objectContaining({ destination, schedule: 'after sync Label of users' }),
    };
    expect(abouts(plan.changes)).toEqual(made);
    await shop.apply();
    shop.declare();
    const kept = await shop.plan();
    expect(kept.changes).toEqual([]);
    expect(abouts(kept.blocked)).toEqual(made);
    expect(abouts((await shop.plan({ prune: true })).changes)).toEqual(made);
  });

  it('an update says what the thing will be, where its manifest is silent too', async () => {
    const shop = await census();
    shop.declare(people, declared('users', ofPeople));
    await shop.apply();
    const { mode: _mode, ...silent } = ofPeople;
    shop.declare(people, declared('users', { ...silent, operation: 'update' }));
    expect((await shop.plan()).changes).toMatchObject([
      { action: 'update', about: { source, operation: 'update', schedule: 'daily at 04:15' } },
    ]);
  });

  it('what is blocked says what its manifest wants', async () => {
    const shop = await census();
    shop.emulator.mutate(Number(shop.emulator.syncs().at(-1)?.id), { label: 'Label of users' });
    shop.declare(declared('users', ofPeople.mode === undefined ? {} : { mode: ofPeople.mode }));
    const { blocked } = await shop.plan();
    expect(blocked).toMatchObject([
      { reason: 'foreign', about: { source: { name: 'Snowflake Prod' }, destination, schedule: 'daily at 04:15' } },
    ]);
  });

  it('the undo of a delete says what comes back', async () => {
    const shop = await census();
    shop.declare(declared('users', { mode: ofPeople.mode ?? null }));
    await shop.apply();
    shop.declare();
    await shop.apply({ prune: true });
    expect((await shop.planUndo('run-2')).changes).toMatchObject([
      { action: 'create', about: { destination, operation: 'upsert', schedule: 'daily at 04:15' } },
    ]);
  });

  it('in Fabra too, by ids alone', async () => {
    const shop = await fabraShop();
    open = shop;
    shop.declare(
      manifestOf(
        fabraSync,
        'events',
        {
          display_name: 'Event Sync',
          end_customer_id: 'abc123',
          source_id: 1,
          destination_id: 2,
          object_id: 3,
          namespace: 'shop',
          table_name: 'events',
          sync_mode: 'full_append',
          recurring: true,
          frequency: 1,
          frequency_units: 'days',
          field_mappings: [{ destination_field_name: 'event', source_field_name: 'event_name' }],
        },
        {},
      ),
    );
    const about = {
      source: { id: '1', name: 'Customer BigQuery', object: 'shop.events', address: null },
      destination: { id: '2', name: 'Warehouse', object: 'Events', address: null },
      operation: 'full_append',
      schedule: 'daily',
    };
    expect((await shop.plan()).changes).toMatchObject([{ action: 'create', about }]);
    await shop.apply();
    reads(shop);
    expect((await shop.plan()).changes).toEqual([]);
    expect(reads(shop).filter((path) => path === '/link/sources')).toEqual([]);
    shop.declare();
    expect((await shop.plan({ prune: true })).changes).toMatchObject([{ action: 'delete', about }]);
  });
});

describe('drift', () => {
  it('has names beside ids', async () => {
    const shop = await census();
    shop.declare(declared('users'));
    await shop.apply();
    shop.emulator.mutate(Number(shop.emulator.syncs().at(-1)?.id), {
      destination_attributes: { connection_id: 602, object: 'contact' },
    });
    const { drift } = await shop.act((request) => driftTarget(request, undefined));
    expect(drift[0]?.fields).toContainEqual({
      path: '/destination_attributes/connection_id',
      was: 601,
      now: 602,
      names: { was: 'Salesforce', now: 'HubSpot' },
    });
  });
});

function after(sync: string): JsonObject {
  return { type: 'triggered', triggers: { sync_sequence: { sync } } };
}
