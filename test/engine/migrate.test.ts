import { afterEach, describe, expect, it } from 'vitest';
import { newerMeta } from '../../src/engine/migrate/meta.ts';
import { type Proof, prove } from '../../src/engine/migrate/prove.ts';
import { ProviderError } from '../../src/model/errors.ts';
import type { Live } from '../../src/model/live.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { migration } from '../../src/providers/census/migration/migration.ts';
import { declared, type Workshop, workshop } from '../support/workshop.ts';
import { places, type Shifts, secondFace } from './second-face.ts';

const open: Workshop[] = [];
afterEach(async () => {
  for (const shop of open.splice(0)) await shop.close();
});

const named = { destination_attributes: { connection: 'Salesforce', object: 'Contact' } };
const orders = { object: { type: 'model', name: 'eu_orders' }, connection: 'BigQuery EU' };
const things: readonly Manifest[] = [
  declared('users', named),
  declared('orders', { ...named, source_attributes: orders }),
  declared('after', { ...named, mode: { triggers: { sync_sequence: { sync: 'users' } } } }),
  declared('customers', {
    ...named,
    source_attributes: { connection: 'Snowflake Prod', object: { type: 'dataset', id: 5951 } },
  }),
];

async function shopWith(manifests: readonly Manifest[] = things): Promise<Workshop> {
  const shop = await workshop();
  open.push(shop);
  shop.declare(...manifests);
  await shop.apply();
  return shop;
}

interface Wishes {
  readonly shifts?: Shifts;
  readonly twist?: (live: Live) => Live | undefined;
  readonly accepted?: readonly string[];
}

function proofOf(shop: Workshop, { shifts = {}, twist, accepted = [] }: Wishes = {}): Promise<Proof> {
  return shop.act(async (request) => {
    const face = secondFace(request.provider, shifts, twist);
    const found = await places(request.provider, shifts);
    return prove({
      from: { request, things: found.from },
      to: { request: { ...request, provider: face }, things: found.to },
      grammarOf: (kind) => migration.grammars[kind] ?? { references: [], own: [] },
      metaOf: (meta) => newerMeta(meta, face, { workspace: null }),
      accepted: new Set(accepted),
      recorded: new Set(),
    });
  });
}

describe('a proof', () => {
  it('holds where both APIs show the same: everything is certain, and both plans are empty', async () => {
    const shop = await shopWith();
    shop.emulator.clearRequests();
    const proof = await proofOf(shop);
    expect(proof).toMatchObject({ doubtful: [], differences: [], hasMoved: false });
    expect([proof.from.changes, proof.to.changes]).toEqual([[], []]);
    expect(new Set(proof.pairs.map((one) => one.grade))).toEqual(new Set(['certain']));
    expect(proof.pairs.filter((one) => one.address !== null)).toHaveLength(4);
    expect(proof.ledger?.meta).toMatchObject({ format: 3, api: 'v2', groups: ['some_group'], workspace: null });
    expect(shop.writes()).toEqual([]);
  });

  it.each<[string, Shifts]>([
    ['syncs', { syncs: 1000 }],
    ['sources', { sources: 40 }],
    ['destinations', { destinations: 7 }],
    ['everything', { syncs: 1, sources: 2, destinations: 3 }],
  ])('stops where ids of %s are others, and holds once a person vouches for them', async (_, shifts) => {
    const shop = await shopWith();
    const proof = await proofOf(shop, { shifts });
    expect(proof.differences).toEqual([]);
    expect(new Set(proof.doubtful.map((one) => one.grade))).toEqual(new Set(['by-name']));
    const accepted = proof.doubtful.map(({ kind, from }) => `${kind}/${from}`);
    expect(await proofOf(shop, { shifts, accepted })).toMatchObject({ doubtful: [], differences: [] });
  });

  it('finds pending edits and drift on both sides, and they are the same', async () => {
    const shop = await shopWith();
    const [first, ...others] = things;
    shop.declare(
      { ...(first ?? declared('users', named)), spec: { ...first?.spec, operation: 'mirror' } },
      ...others,
      declared('fresh', named),
    );
    shop.emulator.mutate(Number(shop.emulator.syncs().find((one) => one.label === 'Label of orders')?.id), {
      paused: true,
    });
    const proof = await proofOf(shop, { shifts: { syncs: 5, sources: 5, destinations: 5 } });
    expect(proof.differences).toEqual([]);
    expect(proof.from.changes.map((one) => `${one.action} ${one.address}`)).toEqual(
      proof.to.changes.map((one) => `${one.action} ${one.address}`),
    );
    expect(proof.from.changes.length).toBeGreaterThan(1);
  });

  it('names what the other API shows otherwise, by address and path', async () => {
    const shop = await shopWith();
    const twist = (live: Live): Live =>
      live.label === 'Label of users' ? { ...live, spec: { ...live.spec, operation: 'insert' } } : live;
    const { differences } = await proofOf(shop, { twist });
    expect(differences[0]).toEqual({ address: 'CensusSync/users', path: '/operation', from: 'upsert', to: 'insert' });
  });

  it('stops where the other API lacks what is bound, and not where it lacks what nobody here owns', async () => {
    const shop = await shopWith();
    const without = (label: string) => (live: Live) => (live.label === label ? undefined : live);
    const bound = await proofOf(shop, { twist: without('Label of users') });
    expect(bound.doubtful.map(({ address, grade }) => `${address} ${grade}`)).toEqual(['CensusSync/users unpaired']);
    const foreign = await proofOf(shop, { twist: without('Churn risk to Braze') });
    expect(foreign.doubtful).toEqual([]);
    expect(foreign.pairs.filter((one) => one.grade === 'unpaired')).toHaveLength(1);
  });

  it('takes ids for the same of what one API does not list, and says so', async () => {
    const shop = await shopWith();
    const twist = (live: Live): Live => {
      if (live.kind !== 'CensusDataset') return live;
      const facts = {
        method: 'GET',
        path: '/datasets',
        status: 404,
        serverMessage: undefined,
        fate: 'refused',
      } as const;
      throw new ProviderError('GET /datasets answered 404', facts);
    };
    const proof = await proofOf(shop, { twist });
    expect(proof).toMatchObject({ doubtful: [], differences: [], unlisted: ['CensusDataset'] });
  });

  it('does not hold where somebody changes things while it is made', async () => {
    const shop = await shopWith();
    let reads = 0;
    const twist = (live: Live): Live => {
      reads += 1;
      return reads > 8 ? { ...live, spec: { ...live.spec, paused: true } } : live;
    };
    expect((await proofOf(shop, { twist })).hasMoved).toBe(true);
  });
});
