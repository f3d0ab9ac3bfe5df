import { describe, expect, test } from 'vitest';
import type { JsonObject, Spec } from '../../../../src/model/json.ts';
import type { Live } from '../../../../src/model/live.ts';
import { type Resource, resourceOf } from '../../../../src/model/provider.ts';
import { account, activation, listOf, type Reply, scripted, source, sync } from './scripted.ts';

const desired: Spec = {
  ...sync,
  id: undefined,
  activation_id: undefined,
  source_attributes: { ...(sync.source_attributes as JsonObject), connection_id: 501 },
  destination_attributes: { object: 'Contact', connection_id: 601 },
};

async function listed(resource: Resource): Promise<readonly Live[]> {
  const all: Live[] = [];
  await resource.list((page) => all.push(...page));
  return all;
}

describe('what is sent', () => {
  test('a create says the activation of the pair, and no connection', async () => {
    const { syncs, sent } = scripted({ ...account, 'POST /syncs': [201, { data: { sync_id: 7 } }] });
    expect(await syncs.create(desired)).toEqual({ id: '7', unset: [] });
    const body = sent.at(-1)?.body;
    expect(body).toMatchObject({ activation_id: 'glimmering_donkey', destination_attributes: { object: 'Contact' } });
    expect(JSON.stringify(body)).not.toContain('connection');
  });

  test('an activation that the manifest says goes before the pair', async () => {
    const twin = { ...activation, id: 'other_donkey' };
    const lists = { ...account, 'GET /activations': listOf(activation, twin) };
    const { syncs, sent } = scripted({ ...lists, 'POST /syncs': [201, { data: { sync_id: 7 } }] });
    await syncs.create({ ...desired, activation_id: 'other_donkey' });
    expect(sent.at(-1)?.body).toMatchObject({ activation_id: 'other_donkey' });
    // Of twins the pair alone says neither.
    await expect(syncs.create(desired)).rejects.toMatchObject({ fate: 'unsent', message: /A23/ });
  });

  test('an update says the activation only where that changes', async () => {
    const other = {
      ...activation,
      id: 'other_donkey',
      destination: { ...(activation.destination as JsonObject), id: 602 },
    };
    const lists = { ...account, 'GET /activations': listOf(activation, other) };
    const { syncs, sent } = scripted({ ...lists, 'PATCH /syncs/90001': [200, { status: 'updated', data: {} }] });
    const reading = await syncs.read('90001');
    if (reading === undefined) throw new Error('It is not there.');
    await syncs.update(reading, { ...desired, paused: true }, ['/paused']);
    expect(sent.at(-1)?.body).toEqual({ paused: true });
    const moved = { ...desired, destination_attributes: { object: 'Contact', connection_id: 602 } };
    await syncs.update(reading, moved, ['/destination_attributes/connection_id']);
    expect(sent.at(-1)?.body).toEqual({
      activation_id: 'other_donkey',
      destination_attributes: { object: 'Contact' },
    });
  });

  test('keys that nobody knows are never sent at the top, and survive inside of what is replaced whole', async () => {
    const strange = { ...sync, sync_tier: 'gold', advanced_configuration: { bulk: true, newer: 1 } };
    const warned: string[] = [];
    const options = { warn: (message: string) => warned.push(message) };
    const { syncs, sent } = scripted(
      {
        ...{ ...account, 'GET /syncs': listOf(strange), 'GET /syncs/90001': [200, { data: strange }] },
        'PATCH /syncs/90001': [200, { data: {} }],
      },
      options,
    );
    await listed(syncs);
    const reading = await syncs.read('90001');
    if (reading === undefined) throw new Error('It is not there.');
    await syncs.update(reading, { advanced_configuration: { bulk: false } }, ['/advanced_configuration/bulk']);
    expect(sent.at(-1)?.body).toEqual({ advanced_configuration: { bulk: false, newer: 1 } });
    expect(warned).toEqual([expect.stringContaining('`sync_tier`')]);
  });
});

describe('what is answered', () => {
  test.each<[string, Reply, string]>([
    ['sync_id', [201, { status: 'created', data: { sync_id: 7 } }], '7'],
    ['id', [200, { status: 'success', data: { id: 7 } }], '7'],
    ['the whole sync', [201, { data: { ...sync, id: 7 } }], '7'],
  ])('a create that answers with %s is made', async (_, reply, id) => {
    const { syncs } = scripted({ ...account, 'POST /syncs': reply });
    expect((await syncs.create(desired)).id).toBe(id);
  });

  test.each<[string, Reply, string]>([
    ['without an id', [201, { status: 'created', data: {} }], 'unknown'],
    ['without a body', [201, ''], 'unknown'],
    ['with an error that calls itself a success', [200, { status: 'error', message: 'no' }], 'unknown'],
    ['with something that is not found', [200, { status: 'not_found' }], 'refused'],
    ['with 422', [422, { status: 422, message: 'no' }], 'refused'],
    ['with 400', [400, { status: '400', message: 'no' }], 'refused'],
  ])('a create that is answered %s is no success', async (_, reply, fate) => {
    const { syncs, sent } = scripted({ ...account, 'POST /syncs': reply });
    await expect(syncs.create(desired)).rejects.toMatchObject({ fate });
    expect(sent.filter(({ line }) => line === 'POST /syncs')).toHaveLength(1);
  });

  test('a create that does not say what was made names what was taken for granted', async () => {
    const { syncs } = scripted({ ...account, 'POST /syncs': [201, { status: 'created' }] });
    await expect(syncs.create(desired)).rejects.toThrow(/sync_id is missing.*A02.*never made twice/);
  });

  test.each<[string, Reply]>([
    ['404', [404, { status: 404 }]],
    ['200 and not_found', [200, { status: 'not_found' }]],
  ])('%s means that there is none', async (_, reply) => {
    const { syncs } = scripted({ ...account, 'GET /syncs/5': reply, 'DELETE /syncs/5': reply });
    expect(await syncs.read('5')).toBeUndefined();
    expect(await syncs.delete('5')).toBe('gone');
  });

  test.each<[string, Reply, RegExp]>([
    ['403', [403, { status: 403, message: 'no' }], /A14/],
    ['200 and an error', [200, { status: 'error', message: 'oh' }], /"error": "oh"/],
    ['404 of a gateway', [404, '<html>'], /404/],
  ])('%s does not mean that there is none', async (_, reply, said) => {
    const { syncs } = scripted({ ...account, 'GET /syncs/5': reply });
    await expect(syncs.read('5')).rejects.toThrow(said);
  });

  test('a delete may be answered with a message alone', async () => {
    const { syncs } = scripted({ ...account, 'DELETE /syncs/90001': [200, { message: 'deleted' }] });
    expect(await syncs.delete('90001')).toBe('deleted');
  });

  test.each([99, 100, 130])('a list without pages is whole: %i', async (length) => {
    const many = Array.from({ length }, (_, index) => ({ ...sync, id: index + 1 }));
    const { syncs } = scripted({ ...account, 'GET /syncs': listOf(...many) });
    expect(await listed(syncs)).toHaveLength(length);
  });

  test('a sync is placed by its activation, or else by its pair', async () => {
    const { activation_id: _, ...plain } = sync;
    const paired = {
      ...plain,
      source_attributes: { ...(sync.source_attributes as JsonObject), connection_id: 501 },
      destination_attributes: { object: 'Contact', connection_id: 601 },
    };
    const { syncs } = scripted({ ...account, 'GET /syncs': listOf(sync, { ...paired, id: 90002 }) });
    const [first, second] = await listed(syncs);
    expect(first?.spec).toMatchObject({
      activation_id: 'glimmering_donkey',
      source_attributes: { connection_id: 501 },
      destination_attributes: { connection_id: 601 },
    });
    expect(second?.spec).toEqual(first?.spec);
  });
});

describe('an activation that has gone', () => {
  const refused: Reply = [404, { status: 404, message: 'no such activation' }];

  test('is looked up once more, and the sync is made with the one that is there now', async () => {
    const { syncs, sent } = scripted({
      ...{ ...account, 'GET /activations': [listOf(activation), listOf({ ...activation, id: 'newer_donkey' })] },
      'POST /syncs': [refused, [201, { data: { sync_id: 7 } }]],
    });
    expect((await syncs.create(desired)).id).toBe('7');
    expect(sent.at(-1)?.body).toMatchObject({ activation_id: 'newer_donkey' });
  });

  test('is told where no other has come', async () => {
    const { syncs } = scripted({
      ...{ ...account, 'GET /activations': [listOf(activation), listOf()] },
      'POST /syncs': refused,
    });
    await expect(syncs.create(desired)).rejects.toMatchObject({ fate: 'refused', message: /glimmering_donkey.*A26/ });
  });

  test('is no cause where it is still there', async () => {
    const { syncs, sent } = scripted({ ...account, 'POST /syncs': refused });
    await expect(syncs.create(desired)).rejects.toMatchObject({ message: expect.not.stringContaining('A26') });
    expect(sent.filter(({ line }) => line === 'POST /syncs')).toHaveLength(1);
  });
});

describe('paths that may not be there', () => {
  const { 'GET /sources': _, ...without } = account;

  test('sources are those of activations', async () => {
    const { provider } = scripted(without);
    expect(await provider.named('sources', undefined)).toEqual([
      { id: 501, name: 'Snowflake Prod', type: 'snowflake' },
    ]);
  });

  test('names of what is not listed want ids', async () => {
    const { provider, syncs } = scripted(without);
    expect(await provider.named('models', 501)).toBeUndefined();
    const spec = { ...desired, source_attributes: { connection_id: 501, object: { type: 'model', name: 'churn' } } };
    expect(await syncs.examine(spec)).toMatchObject([{ code: 'unlisted-name', hint: /A08/ }]);
    const byId = { ...desired, source_attributes: { connection_id: 501, object: { type: 'model', id: 9 } } };
    expect(await syncs.examine(byId)).toEqual([]);
  });

  test.each<[string, string, RegExp]>([
    ['GET /syncs', 'CensusSync', /A01/],
    ['GET /datasets', 'CensusDataset', /A08.*syncline forget/],
  ])('%s that is not there is told with the assumption behind it', async (line, kind, said) => {
    for (const reply of [
      [404, { status: 404 }],
      [200, { status: 'not_found' }],
    ] satisfies Reply[]) {
      const { provider } = scripted({ ...account, [line]: reply });
      await expect(listed(resourceOf(provider, kind))).rejects.toThrow(said);
    }
  });

  test.each<[string, Reply]>([
    ['400', [400, { status: 400, message: 'group_id is missing' }]],
    ['422', [422, { status: '422', message: 'group_id is missing' }]],
    ['200 and an error', [200, { status: 'error', message: 'group_id is missing' }]],
  ])(
    'a list that wants a group, and says so with %s, is asked for each, and filtered all the same',
    async (_, reply) => {
      const other = { ...sync, id: 90009, group_id: 'other_group' };
      const { syncs, sent } = scripted(
        {
          ...account,
          'GET /syncs': reply,
          'GET /syncs?group_id=calm_otter': listOf(sync, other),
          'GET /syncs?group_id=wild_hare': listOf(sync),
        },
        { groups: ['wild_hare', 'calm_otter'] },
      );
      expect((await listed(syncs)).map((one) => one.id)).toEqual(['90001']);
      expect(await syncs.newest(new Set(['90001']))).toEqual([]);
      // What the service wants is asked once.
      expect(sent.filter(({ line }) => line === 'GET /syncs')).toHaveLength(1);
    },
  );
});

test('a list that is not there names what was taken for granted', async () => {
  const { syncs, datasets } = scripted({ ...account, 'GET /syncs': [404, { status: 404 }] });
  await expect(listed(syncs)).rejects.toThrow(/404.*A01.*report A01 at https/);
  await expect(listed(datasets)).rejects.toThrow(/404.*A08/);
});

test.each<[string, Reply]>([
  ['401', [401, { status: 401 }]],
  ['404', [404, { status: 404 }]],
])('at the European host %s tells where v2 is documented', async (_, reply) => {
  const { provider } = scripted({ 'GET /activations': reply }, { baseUrl: undefined, region: 'eu' });
  await expect(provider.identify()).rejects.toThrow(/US host.*https:\/\/app\.getcensus\.com.*A13.*region: us/);
});

test('sources with the same group leave no word for the source of a dataset', async () => {
  const second = { ...source, id: 502, name: 'BigQuery' };
  const both = { ...account, 'GET /sources': listOf(source, second) };
  const spec = { name: 'Paying', type: 'sql', query: 'select 1', source_id: 501 };
  expect(await scripted(both).datasets.unmakeable?.(spec)).toMatch(/calm_otter.*"Snowflake Prod", "BigQuery"/);
  expect(await scripted(account).datasets.unmakeable?.(spec)).toBeUndefined();
});

test('a dataset is made in the group of its source, and the source that it got is read back', async () => {
  const spec = { name: 'Paying', type: 'sql', query: 'select 1', source_id: 501 };
  const made = (id: number): Readonly<Record<string, Reply>> => ({
    ...account,
    'POST /datasets': [201, { data: { id: 5 } }],
    'GET /datasets/5': [200, { data: { ...spec, id: 5, source_id: id, group_id: 'calm_otter' } }],
  });
  const right = scripted(made(501));
  expect(await right.datasets.create(spec)).toEqual({ id: '5', unset: [] });
  expect(right.sent.find(({ line }) => line === 'POST /datasets')?.body).toEqual({
    ...{ name: 'Paying', type: 'sql', query: 'select 1', group_id: 'calm_otter' },
  });
  expect((await scripted(made(502)).datasets.create(spec)).fault).toMatch(/source 502, and not for 501/);
});
