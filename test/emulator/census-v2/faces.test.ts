import { describe, expect, it } from 'vitest';
import type { CensusSeed } from '../../../src/emulator/census-v1/seed.ts';
import { type V2Options, v2Switches } from '../../../src/emulator/census-v2/switches.ts';
import { account, activationOf, data, groupOf, items, syncBody, wide } from './support.ts';

describe('two faces of one account', () => {
  it('a sync made through version 2 is the same row through version 1', async () => {
    const { v1, v2 } = account();
    const activation = await activationOf(v2, 'Snowflake Prod', 'Salesforce');
    const made = await v2('POST', '/syncs', syncBody(activation));
    expect(made).toMatchObject({ status: 201, body: { status: 'created' } });
    const path = `/syncs/${String(data(made).sync_id)}`;
    const older = data(await v1('GET', path));
    expect(older.source_attributes).toMatchObject({ connection_id: 501 });
    expect(older.destination_attributes).toMatchObject({ connection_id: 601, object: 'Contact' });
    const { connection_id: _, ...from } = older.source_attributes as Record<string, never>;
    const { connection_id: __, ...into } = older.destination_attributes as Record<string, never>;
    const newer = data(await v2('GET', path));
    expect(newer).toEqual({
      ...older,
      activation_id: activation,
      source_attributes: from,
      destination_attributes: into,
    });
  });

  it('a sync made and changed through version 1 is seen through version 2, and what is deleted there is gone here', async () => {
    const { v1, v2 } = account();
    const before = items(await v2('GET', '/syncs?order=asc'));
    const [first] = before;
    await v1('PATCH', `/syncs/${String(first?.id)}`, { label: 'Renamed' });
    expect(data(await v2('GET', `/syncs/${String(first?.id)}`)).label).toBe('Renamed');
    expect(await v2('DELETE', `/syncs/${String(first?.id)}`)).toEqual({ status: 200, body: { status: 'deleted' } });
    expect(await v1('GET', `/syncs/${String(first?.id)}`)).toMatchObject({ status: 404 });
    expect(items(await v2('GET', '/syncs'))).toHaveLength(before.length - 1);
  });

  it('hold the same label in two workspaces, and each workspace its own syncs', async () => {
    const { service, v1, v2 } = account({}, { seed: wide });
    const syncs = items(await v2('GET', '/syncs?order=asc'));
    expect(syncs.map(({ id, label }) => [id, label])).toEqual([
      [31, 'Sync 31'],
      [32, 'Sync 32'],
      [33, 'Sync 31'],
    ]);
    const key = String(service.workspaceTokens['2']);
    expect(items(await v1('GET', '/syncs', undefined, key)).map(({ id }) => id)).toEqual([33]);
    expect(await v1('GET', '/workspaces', undefined, service.token)).toMatchObject({ status: 200 });
  });
});

describe('a sync of version 2', () => {
  it('is patched key by key, and each key is replaced whole', async () => {
    const { v1, v2 } = account();
    const older = data(await v1('GET', '/syncs/90002'));
    const changed = await v2('PATCH', '/syncs/90002', {
      destination_attributes: { object: 'Lead', lead_union_insert_to: 'Contact' },
    });
    expect(changed).toMatchObject({ status: 200, body: { status: 'updated' } });
    expect(data(changed).destination_attributes).toEqual({ object: 'Lead', lead_union_insert_to: 'Contact' });
    const again = await v2('PATCH', '/syncs/90002', { destination_attributes: { object: 'Lead' } });
    expect(data(again).destination_attributes).toEqual({ object: 'Lead', lead_union_insert_to: null });
    const now = data(await v1('GET', '/syncs/90002'));
    expect(now).toMatchObject({ source_attributes: older.source_attributes, label: older.label, mode: older.mode });
    expect(now.destination_attributes).toMatchObject({ connection_id: 601 });
    await v2('PATCH', '/syncs/90003', { mode: { type: 'triggered' } });
    expect(data(await v2('GET', '/syncs/90003')).mode).toMatchObject({
      triggers: { schedule: { frequency: 'never' } },
    });
  });

  it('has the default alerts where none are sent', async () => {
    const { v2 } = account();
    const activation = await activationOf(v2, 'Snowflake Prod', 'Salesforce');
    const { sync_id } = data(await v2('POST', '/syncs', syncBody(activation)));
    expect(data(await v2('GET', `/syncs/${String(sync_id)}`)).alert_attributes).toHaveLength(2);
  });

  it('is only checked where that is asked for', async () => {
    const { service, v2 } = account();
    const activation = await activationOf(v2, 'Snowflake Prod', 'Salesforce');
    const checked = await v2('POST', '/syncs', syncBody(activation, { validate_only: true }));
    expect(checked).toEqual({ status: 200, body: { status: 'success' } });
    const wrong = await v2('POST', '/syncs', syncBody(activation, { validate_only: true, operation: 'explode' }));
    expect(wrong.status).toBe(400);
    expect(service.syncs()).toHaveLength(3);
  });

  it.each([
    ['no activation', undefined, 'activation_id is required'],
    ['no text for one', 601, 'activation_id must be a string'],
    ['none for one', null, 'activation_id must be a string'],
  ])('is refused with %s', async (_name, activation_id, message) => {
    const { activation_id: _, ...body } = syncBody('');
    const asked = activation_id === undefined ? body : { ...body, activation_id };
    expect((await account().v2('POST', '/syncs', asked)).body).toEqual({ status: 400, message });
  });

  it('moves to another destination of its source by its activation alone', async () => {
    const { v1, v2 } = account({ activationsFor: 'all-pairs', moveActivation: 400 }, { seed: wide });
    const activation_id = await activationOf(v2, 'Lake', 'Mail');
    expect(data(await v2('PATCH', '/syncs/31', { activation_id }))).toMatchObject({ activation_id });
    expect(data(await v1('GET', '/syncs/31'))).toMatchObject({
      source_attributes: { connection_id: 11 },
      destination_attributes: { connection_id: 22, object: 'Contact' },
    });
  });

  it('stays in its workspace, and its object in its source', async () => {
    const { v2 } = account({}, { seed: wide });
    const [one, other] = [await activationOf(v2, 'Sea', 'Mail'), await activationOf(v2, 'Pond', 'CRM')];
    expect((await v2('PATCH', '/syncs/31', { activation_id: one })).body.message).toContain('another workspace');
    expect((await v2('PATCH', '/syncs/31', { activation_id: other })).body.message).toContain("in source 'Pond'");
  });

  it.each([
    ['absent', 404, 400],
    [403, 403, 403],
  ] as const)('in a group that its owner may not see, where that shows as %s', async (hidden, status, inGroup) => {
    const open = account({}, { seed: wide });
    const group_id = await groupOf(open.v2, 11);
    const activation_id = await activationOf(open.v2, 'Lake', 'CRM');
    const { v1, v2 } = account({ hidden, hiddenGroups: [group_id] }, { seed: wide });
    expect((await v2('POST', '/syncs', syncBody(activation_id))).status).toBe(status);
    expect((await v2('PATCH', '/syncs/32', { activation_id })).status).toBe(status);
    expect((await v2('DELETE', '/syncs/31')).status).toBe(status);
    const asked = { name: 'New', type: 'sql', query: 'select 1 from t', group_id };
    expect((await v2('POST', '/datasets', asked)).status).toBe(inGroup);
    expect((await v1('GET', '/syncs/31')).status).toBe(200);
  });

  it('has no activation where version 1 took its source away', async () => {
    const { v2 } = account({}, { seed: { syncs: [{ id: 5, verbatim: true, label: 'Old', mode: null }] } });
    expect(data(await v2('GET', '/syncs/5'))).toEqual({ ...{ id: 5, label: 'Old', mode: null }, ...bare });
  });
});

/** What a sync that was kept as it stands has besides. */
const bare = {
  activation_id: null,
  status: 'Ready',
  created_at: expect.any(String),
  updated_at: expect.any(String),
};

describe('faults', () => {
  it.each([
    ['POST /syncs:drop-response:1', 4],
    ['POST /api/v2/syncs:drop-response:1', 4],
    ['POST /syncs:drop-request:1', 3],
  ])('%s befalls version 2', async (fault, syncs) => {
    const { service, v2 } = account({}, { faults: [fault] });
    const activation = await activationOf(v2, 'Snowflake Prod', 'Salesforce');
    await expect(v2('POST', '/syncs', syncBody(activation))).rejects.toThrow('drop');
    expect(service.syncs()).toHaveLength(syncs);
  });

  it('of one version do not befall the other', async () => {
    const { v1, v2 } = account({}, { faults: ['GET /api/v1/*:500'] });
    expect((await v1('GET', '/syncs')).status).toBe(500);
    expect((await v2('GET', '/syncs')).status).toBe(200);
  });

  it.each(v2Switches.create)('known-id names a sync that was there, where a create answers with %s', async (create) => {
    const { v2 } = account({ create }, { faults: ['POST /syncs:known-id'] });
    const made = data(await v2('POST', '/syncs', syncBody(await activationOf(v2, 'Snowflake Prod', 'Salesforce'))));
    expect(made[create === 'sync_id' ? 'sync_id' : 'id']).toBe(90001);
  });
});

describe('an account that version 2 cannot show', () => {
  const twice = (more: object) => [1, 2].map((id) => ({ id, name: `W${id}`, ...more }));

  it.each<[string, CensusSeed, Partial<V2Options>, string]>([
    [
      'two sources of one id',
      { workspaces: twice({ sources: [{ id: 7, name: 'S', type: 'x' }] }) },
      {},
      'a source with the id 7',
    ],
    [
      'two destinations of one id',
      { workspaces: twice({ destinations: [{ id: 7, name: 'S', type: 'x' }] }) },
      {},
      'a destination',
    ],
    ['a group to hide that there is not', {}, { hiddenGroups: ['nowhere_slowly'] }, 'no group "nowhere_slowly"'],
    ['a path to miss that there is not', {}, { without: ['/source'] }, 'no path "/source"'],
  ])('has %s', (_name, seed, v2, message) => {
    expect(() => account(v2, { seed })).toThrow(message);
  });
});
