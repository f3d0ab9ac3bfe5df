import { describe, expect, it } from 'vitest';
import type { FabraProfile } from '../../../src/emulator/fabra/state.ts';
import { isList, isObject, type Json, type JsonObject } from '../../../src/emulator/json.ts';
import { type Client, fabra, syncBody } from './support.ts';

function part(body: JsonObject, key: string): JsonObject {
  const found = body[key];
  return isObject(found) ? found : {};
}

function listed(body: JsonObject): readonly JsonObject[] {
  return isList(body.syncs) ? body.syncs.filter(isObject) : [];
}

async function made(client: Client, more: JsonObject = {}): Promise<number> {
  return Number(part((await client.call('POST', '/sync', syncBody(more))).body, 'sync').id);
}

async function shown(client: Client, id: number): Promise<JsonObject> {
  return part((await client.call('GET', `/sync/${id}`)).body, 'sync');
}

describe('what the two profiles show of one sync', () => {
  it.each<[FabraProfile, JsonObject, number]>([
    ['as-traced', { status: 'active', recurring: false, frequency: 1 }, 200],
    ['as-intended', { status: 'paused', recurring: true, frequency: 1, frequency_units: 'hours' }, 500],
  ])('%s', async (profile, expected, afterDelete) => {
    const client = await fabra({ profile });
    const id = await made(client);
    expect(client.emulator.schedules().find((one) => one.sync_id === id)).toMatchObject({
      paused: false,
      recurring: true,
      frequency_units: 'hours',
      triggers: 1,
    });
    expect((await client.call('PATCH', `/sync/${id}`, { status: 'paused' })).status).toBe(200);
    expect(client.emulator.schedules().find((one) => one.sync_id === id)?.paused).toBe(true);
    const { status, recurring, frequency, frequency_units } = await shown(client, id);
    expect(JSON.parse(JSON.stringify({ status, recurring, frequency, frequency_units }))).toEqual(expected);
    expect((await client.call('DELETE', `/sync/${id}`)).status).toBe(200);
    expect(client.emulator.schedules().some((one) => one.sync_id === id)).toBe(false);
    expect((await client.call('GET', `/sync/${id}`)).status).toBe(afterDelete);
    const ids = listed((await client.call('GET', '/syncs')).body).map((sync) => sync.id);
    expect(ids.includes(id)).toBe(afterDelete === 200);
    expect((await client.call('DELETE', `/sync/${id}`)).status).toBe(500);
  });

  it.each<[FabraProfile, readonly Json[]]>([
    // Newest first; what is there at all is the oldest sync's, or empty.
    ['as-traced', ['SHOP', '', 'SHOP']],
    ['as-intended', ['OTHER', 'select u.email, p.plan from users u join plans p on p.user_id = u.id', 'SHOP']],
  ])('%s: the texts of a list', async (profile, expected) => {
    const client = await fabra({ profile });
    await made(client, { namespace: 'OTHER' });
    const [newest, join, oldest] = listed((await client.call('GET', '/syncs')).body);
    expect([newest?.namespace, join?.custom_join, oldest?.namespace]).toEqual(expected);
    expect(newest).not.toHaveProperty('custom_join');
    expect(part((await client.call('GET', '/sync/9')).body, 'sync').custom_join).toMatch(/^select u/u);
  });

  it.each<[FabraProfile, string, string]>([
    ['as-traced', 'active', 'active'],
    ['as-intended', 'zzz', 'active'],
  ])('%s: a status that means nothing pauses', async (profile, first, second) => {
    const client = await fabra({ profile });
    const statuses = [];
    for (const status of ['zzz', 'active']) {
      await client.call('PATCH', '/sync/8', { status });
      statuses.push((await shown(client, 8)).status, client.emulator.schedules()[0]?.paused);
    }
    expect(statuses).toEqual([first, true, second, false]);
  });
});

describe('the scheduler', () => {
  it.each<[FabraProfile]>([['as-traced'], ['as-intended']])(
    '%s: a create without it leaves a ghost',
    async (profile) => {
      const client = await fabra({ profile, seed: { syncs: [] } });
      client.emulator.setScheduler('down');
      expect(await client.call('POST', '/sync', syncBody())).toMatchObject({ status: 500, text: 'unexpected error\n' });
      expect(client.emulator.syncs()).toMatchObject([{ display_name: 'orders', field_mappings: [{}, {}] }]);
      expect(client.emulator.schedules()).toEqual([]);
      client.emulator.setScheduler('up');
      expect((await client.call('PATCH', '/sync/1', { status: 'active' })).status).toBe(500);
    },
  );

  it('silent: the row is there before the answer, which comes late', async () => {
    const client = await fabra({ seed: { syncs: [] }, patience: 30 });
    client.emulator.setScheduler('silent');
    const waiting = client.call('POST', '/sync', syncBody());
    await expect.poll(() => client.emulator.syncs().length).toBe(1);
    expect((await waiting).status).toBe(500);
    const started = performance.now();
    expect((await client.call('DELETE', '/sync/1')).status).toBe(500);
    expect(performance.now() - started).toBeGreaterThan(25);
  });

  it('its control route', async () => {
    const client = await fabra();
    const control = '/__emulator/scheduler';
    expect((await client.call('GET', control, undefined, {})).body).toEqual({ state: 'up' });
    expect((await client.call('POST', control, { state: 'silent' }, {})).body).toEqual({ state: 'silent' });
    expect((await client.call('POST', control, { state: 'gone' }, {})).status).toBe(400);
    expect(client.emulator.scheduler()).toBe('silent');
    expect(client.emulator.requests).toEqual([]);
    expect((await client.call('GET', '/__emulator/nothing', undefined, {})).status).toBe(404);
  });
});
