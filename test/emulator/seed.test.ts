import { describe, expect, it } from 'vitest';
import { isSeed, seedShapeProblems } from '../../src/emulator/census-v1/seed-shape.ts';
import type { Json } from '../../src/emulator/json.ts';
import { at, census, data, email, items, syncBody } from './support.ts';

describe('a seed', () => {
  it.each<[string, Json, string]>([
    ['no object', [], 'The seed is not a JSON object.'],
    ['an unknown key', { sink: [] }, 'The seed has the unknown key "sink".'],
    ['no list', { sources: {} }, 'sources must be a list.'],
    ['no item', { sources: [1] }, 'sources[0] must be an object.'],
    ['no id', { sources: [{ name: 'x', type: 's3' }] }, 'sources[0].id is missing.'],
    [
      'an id as text',
      { sources: [{ id: '1', name: 'x', type: 's3' }] },
      'sources[0].id must be a positive whole number.',
    ],
    [
      'one id twice',
      { datasets: [1, 1].map((id) => ({ id, source_id: 501, name: 'x' })) },
      'datasets[1] has the id 1 of an earlier item.',
    ],
    [
      'deep inside',
      {
        destinations: [
          { id: 1, name: 'x', type: 's3', objects: [{ full_name: 'o', fields: [{ full_name: 'f', array: 'yes' }] }] },
        ],
      },
      'destinations[0].objects[0].fields[0].array must be true or false.',
    ],
    ['two ways to say it', { workspaces: [], syncs: [] }, 'The seed has "workspaces" and content beside it.'],
  ])('is not usable: %s', (_name, seed, message) => {
    const [problem] = seedShapeProblems(seed);
    expect([isSeed(seed), problem]).toMatchObject([false, { message, hint: expect.stringMatching(/\.$/) }]);
  });

  it('that is usable has no problems', () => {
    expect(seedShapeProblems({ syncs: [{ ...syncBody(), id: 5 }] })).toEqual([]);
  });

  it.each([
    ['its shape', { id: 0 }, 'syncs[0].id must be a positive whole number.'],
    [
      'a sync that names what is not there',
      { ...syncBody({ destination_attributes: { connection_id: 1, object: 'x' } }), id: 5 },
      'Sync 5 of the seed is not valid: Destination connection 1 could not be found.',
    ],
  ])('stops the start: %s', async (_name, sync, message) => {
    const expected = { name: 'EmulatorInputError', message, hint: expect.stringMatching(/\.$/) };
    await expect(census({ seed: { syncs: [sync] } })).rejects.toMatchObject(expected);
  });

  it('replaces only the parts that it has', async () => {
    const client = await census({ seed: { workspace: { id: 9, name: 'Nine' }, destinations: [], syncs: [] } });
    expect(data(await client.get('/workspace'))).toMatchObject({ id: 9, name: 'Nine' });
    expect(items(await client.get('/destinations'))).toEqual([]);
    expect(items(await client.get('/sources'))).toHaveLength(3);
  });

  it('may list a sync before the one that triggers it; new ids begin above all of its own', async () => {
    const child = { ...syncBody({ mode: { triggers: { sync_sequence: { sync_id: 500_000 } } } }), id: 1 };
    const client = await census({ seed: { syncs: [child, { ...syncBody(), id: 500_000 }] } });
    expect(Number((await client.made(syncBody())).id)).toBeGreaterThan(500_000);
  });

  it('keeps an answer as it stands, and lets its alerts be kept by id', async () => {
    const alert = {
      id: 41,
      type: 'FailureAlertConfiguration',
      send_for: 'first_time',
      should_send_recovery: true,
      options: {},
    };
    const mappings = [
      { ...email, position: 1 },
      { from: { type: 'liquid_template', data: { liquid_template: '{{ 1 }}' } }, to: 'Title', position: 0 },
    ];
    const answer = {
      ...syncBody({ mappings }),
      id: 7,
      verbatim: true,
      match_rate: { rate: 0.4 },
      alert_attributes: [alert],
    };
    const client = await census({ seed: { syncs: [answer] } });
    expect(client.emulator.syncs()[0]).toMatchObject({ match_rate: { rate: 0.4 }, mappings });
    const patched = await client.patch('/syncs/7', { alert_attributes: [{ ...alert, send_for: 'every_time' }] });
    expect(at(data(patched), 'alert_attributes.0')).toEqual({ ...alert, send_for: 'every_time' });
  });
});

describe('behind the back of Git', () => {
  it('mutate changes as a PATCH would, and sets what no PATCH can', async () => {
    const client = await census();
    const before = await client.made(syncBody());
    client.emulator.mutate(Number(before.id), {
      label: 'by hand',
      mappings: [email],
      status: 'Failing',
      match_rate: 1,
    });
    const after = data(await client.get(`/syncs/${before.id}`));
    expect(after).toMatchObject({ label: 'by hand', status: 'Failing', match_rate: 1 });
    expect(after.updated_at).not.toBe(before.updated_at);
    expect(client.emulator.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
    expect(() => client.emulator.mutate(1, {})).toThrow('There is no sync 1.');
    expect(() => client.emulator.mutate(Number(before.id), { source_attributes: { connection_id: 1 } })).toThrow(
      /could not be found/,
    );
  });

  it('remove deletes, and syncs are copies', async () => {
    const client = await census();
    const { id } = await client.made(syncBody());
    expect(client.emulator.syncs()[0]).not.toBe(client.emulator.syncs()[0]);
    client.emulator.remove(Number(id));
    expect(client.emulator.syncs()).toEqual([]);
  });
});
