import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/json.ts';
import type { Live } from '../../../../src/model/live.ts';
import { type Provider, resourceOf } from '../../../../src/model/provider.ts';
import { sharedLists } from '../../../../src/providers/shared-lists.ts';
import { account, activation, listOf, scripted, source, sync } from './scripted.ts';
import { belongingTo, specBetween, v2World } from './world.ts';

async function listed(provider: Provider): Promise<readonly Live[]> {
  const all: Live[] = [];
  await resourceOf(provider, 'CensusSync').list((page) => all.push(...page));
  return all;
}

const elsewhere: JsonObject = {
  ...activation,
  id: 'lazy_lynx',
  group_id: 'other_group',
  source: { id: 777, name: 'Redshift', type: 'redshift' },
};
const foreign: JsonObject = { ...sync, id: 90002, activation_id: 'lazy_lynx' };
const two = {
  ...account,
  'GET /activations': listOf(activation, elsewhere),
  'GET /sources': listOf(source, { ...source, id: 777, name: 'Redshift', group_id: 'other_group' }),
  'GET /syncs': listOf(foreign, sync),
  'GET /syncs/90002': [200, { data: foreign }] as const,
};

describe('what is in another group', () => {
  test('is neither listed, nor found, nor named', async () => {
    const { provider, syncs } = scripted(two);
    expect((await listed(provider)).map((one) => one.id)).toEqual(['90001']);
    expect(await syncs.newest(new Set(['90001']))).toEqual([]);
    expect(await provider.named('sources', undefined)).toMatchObject([{ id: 501 }]);
    expect(await provider.named('activations', undefined)).toMatchObject([{ id: 'glimmering_donkey' }]);
    expect(await provider.named('destinations', 777)).toEqual([]);
    expect(await provider.named('models', 777)).toEqual([]);
  });

  test('is not gone: whoever asks for it by its id is told its group', async () => {
    const { syncs } = scripted(two);
    await expect(syncs.read('90002')).rejects.toMatchObject({
      code: 'outside-groups',
      exit: 4,
      message: 'The sync 90002 is in the group other_group, and the groups of this target are calm_otter.',
    });
  });

  test('is never written to', async () => {
    const { syncs, datasets, sent } = scripted(two);
    const spec = { ...sync, id: undefined, activation_id: 'lazy_lynx' };
    await expect(syncs.create(spec)).rejects.toMatchObject({ fate: 'unsent' });
    const dataset = { name: 'Paying', type: 'sql', query: 'select 1', source_id: 777 };
    await expect(datasets.create(dataset)).rejects.toMatchObject({ fate: 'unsent' });
    expect(await datasets.examine(dataset)).toMatchObject([{ code: 'outside-groups', path: '/spec/source_id' }]);
    expect(sent.filter(({ line }) => !line.startsWith('GET'))).toEqual([]);
  });
});

test('a group that nothing is in stops everything', async () => {
  const { provider } = scripted(account, { groups: ['calm_otter', 'calm_oter'] });
  await expect(provider.identify()).rejects.toMatchObject({
    code: 'unknown-group',
    exit: 4,
    message: 'The token shows no source in the group calm_oter.',
    hint: expect.stringContaining('It shows calm_otter.'),
  });
  expect(await scripted(account).provider.identify()).toBeUndefined();
});

test('a sync of which nobody can tell the group stops the plan, after a second look', async () => {
  const lost = { ...sync, id: 90003, activation_id: 'nobody' };
  const { provider, sent } = scripted({ ...account, 'GET /syncs': listOf(sync, lost) });
  await expect(listed(provider)).rejects.toMatchObject({
    code: 'group-unknown',
    exit: 4,
    message: /90003.*nobody.*A03/,
  });
  expect(sent.filter(({ line }) => line === 'GET /activations')).toHaveLength(2);
});

test('a sync of an activation that has come meanwhile is listed', async () => {
  const late = { ...activation, id: 'late_lynx' };
  const { provider } = scripted({
    ...account,
    'GET /activations': [listOf(activation), listOf(activation, late)],
    'GET /syncs': listOf(sync, { ...sync, id: 90004, activation_id: 'late_lynx' }),
  });
  expect((await listed(provider)).map((one) => one.id)).toEqual(['90001', '90004']);
});

test('a sync that says another group needs no activation', async () => {
  const { provider } = scripted({
    ...account,
    'GET /syncs': listOf(sync, { ...sync, id: 90005, activation_id: 'nobody', group_id: 'other_group' }),
  });
  expect((await listed(provider)).map((one) => one.id)).toEqual(['90001']);
});

describe('a dataset that is made is not lost', () => {
  const paying = { id: 44, name: 'Paying', type: 'sql', query: 'select 1', source_id: 501, group_id: 'calm_otter' };
  const { id: _, group_id: __, ...wanted } = paying;
  const making = (read: readonly [number, JsonObject]) =>
    scripted({ ...account, 'POST /datasets': [201, { data: { id: 44 } }], 'GET /datasets/44': read }).datasets.create(
      wanted,
    );

  test('where it cannot be read back', async () => {
    expect(await making([401, { status: 401 }])).toEqual({ id: '44', unset: [] });
    expect(await making([404, { status: 404 }])).toEqual({ id: '44', unset: [] });
  });

  test('where it was made in another group', async () => {
    const made = await making([200, { data: { ...paying, group_id: 'other_group' } }]);
    expect(made).toMatchObject({ id: '44', fault: /The dataset 44 is in the group other_group/ });
  });
});

test.each([
  { listNeedsGroup: true },
  { listNeedsGroup: true, softErrors: true },
  { listNeedsGroup: true, badStatus: 422, statusType: 'string' },
] as const)('lists that want a group are read group by group, however they say so: %j', async (switches) => {
  const world = await v2World(switches, { sources: ['Snowflake Prod', 'BigQuery EU'] });
  const usual = await v2World({}, { sources: ['Snowflake Prod', 'BigQuery EU'] });
  const ids = async ({ provider }: typeof world) => (await listed(provider)).map((one) => one.id).sort();
  expect(await ids(world)).toEqual(await ids(usual));
});

describe('targets of one token', () => {
  test('read each list of the account once, and see their own groups', async () => {
    const shared = sharedLists();
    const world = await v2World({}, { shared });
    const [{ group_id: other } = {}] = await sourcesOf(world, 'BigQuery EU');
    const second = world.connect({ groups: [String(other)] });
    world.emulator.clearRequests();
    const [ours, theirs] = await Promise.all([listed(world.provider), listed(second)]);
    await second.identify();
    expect(ours.length).toBeGreaterThan(0);
    expect(theirs.length).toBeGreaterThan(0);
    expect(ours.filter((one) => theirs.some(({ id }) => id === one.id))).toEqual([]);
    expect(world.arrived().map((one) => one.path.split('?')[0])).toEqual([
      ...['/api/v2/activations', '/api/v2/sources', '/api/v2/syncs'],
    ]);
  });

  test('who asks again reads again, and so does everybody after a write', async () => {
    const shared = sharedLists();
    const world = await v2World({}, { shared });
    const second = world.connect();
    const reads = () => world.arrived().filter((one) => `${one.method} ${one.path}` === 'GET /api/v2/syncs').length;
    await listed(world.provider);
    await listed(world.provider);
    expect(reads()).toBe(2);
    world.provider.permit('all');
    const { id } = await world.syncs.create(specBetween(await belongingTo(world.provider)));
    expect((await listed(second)).map((one) => one.id)).toContain(id);
    expect(reads()).toBe(3);
  });

  test('who asks again joins no reading that others have begun before', async () => {
    const shared = sharedLists();
    const world = await v2World({}, { shared });
    const second = world.connect();
    await listed(world.provider);
    await listed(second);
    await listed(second);
    world.emulator.mutate(Number((await listed(world.connect()))[0]?.id), { label: 'Changed meanwhile' });
    expect((await listed(world.provider)).map(({ spec }) => spec.label)).toContain('Changed meanwhile');
  });

  test('a reading that fails is no failure of those who joined it', async () => {
    const shared = sharedLists();
    const world = await v2World({}, { shared });
    const second = world.connect();
    const first = listed(world.provider);
    const joined = listed(second);
    await world.provider.close();
    await first.catch(() => undefined);
    expect((await joined).length).toBeGreaterThan(0);
  });
});

async function sourcesOf({ ask }: Awaited<ReturnType<typeof v2World>>, name: string): Promise<readonly JsonObject[]> {
  const { body } = await ask('GET', '/sources');
  return Array.isArray(body.data) ? body.data.filter((one) => one.name === name) : [];
}
