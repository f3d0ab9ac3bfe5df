import { describe, expect, it } from 'vitest';
import { at, census, column, data, email, syncBody, toAudience } from './support.ts';

/** Quirks that have no row of their own in the tables of rewrites, refusals and patches. */
describe('what nobody knows for sure, both ways', () => {
  it.each([400, 422] as const)('a refusal is %d', async (errorStatus) => {
    expect((await (await census({ quirks: { errorStatus } })).post('/syncs', {})).status).toBe(errorStatus);
  });

  it('validate_only answers with the status that is set', async () => {
    const client = await census({ quirks: { validateStatus: 201 } });
    expect((await client.post('/syncs', syncBody({ validate_only: true }))).status).toBe(201);
  });

  it('unknown keys are rejected', async () => {
    const client = await census({ quirks: { unknownKeys: 'reject' } });
    expect((await client.post('/syncs', syncBody({ field_mappings: [] }))).body.message).toBe(
      'Unknown parameter: field_mappings',
    );
    expect((await client.post('/syncs', syncBody({ id: 1, schedule_day: null }))).status).toBe(201);
  });

  it('mappings come in the order of the request', async () => {
    const client = await census({ quirks: { mappingOrder: 'request' } });
    const sync = await client.made(
      syncBody({ mappings: [email, column('city', 'MailingCity'), column('phone', 'Phone')] }),
    );
    expect([0, 1, 2].map((index) => at(sync, `mappings.${index}.to`))).toEqual(['Email', 'MailingCity', 'Phone']);
  });

  it('columns are not checked', async () => {
    const client = await census({ quirks: { checksColumns: false } });
    await client.made(syncBody({ mappings: [email, column('nowhere', 'Title')] }));
  });

  it.each([
    ['store', { other: 1 }],
    ['drop', {}],
    ['reject', "advanced_configuration is invalid: unknown key 'other'"],
  ] as const)('unknown advanced settings: %s', async (unknownAdvancedKeys, expected) => {
    const client = await census({ quirks: { unknownAdvancedKeys, fillsAdvancedDefaults: false } });
    const answer = await client.post('/syncs', syncBody({ ...toAudience, advanced_configuration: { other: 1 } }));
    const [sync] = client.emulator.syncs();
    expect(sync?.advanced_configuration ?? answer.body.message).toEqual(expected);
  });

  it('live is taken', async () => {
    const client = await census({ quirks: { liveMode: 'accept' } });
    expect(at(await client.made(syncBody({ mode: { type: 'live' } })), 'mode.type')).toBe('live');
  });

  it.each([
    ['kept', true],
    ['removed', false],
  ] as const)('the trigger after a deleted parent is %s', async (sequenceAfterDelete, there) => {
    const client = await census({ quirks: { sequenceAfterDelete } });
    const parent = await client.made(syncBody());
    const child = await client.made(syncBody({ mode: { triggers: { sync_sequence: { sync_id: parent.id } } } }));
    await client.delete(`/syncs/${parent.id}`);
    const after = data(await client.get(`/syncs/${child.id}`));
    expect(at(after, 'mode.triggers.sync_sequence') !== undefined).toBe(there);
  });

  it('answers carry resource_identifier', async () => {
    const client = await census({ quirks: { resourceIdentifier: true } });
    expect((await client.made(syncBody())).resource_identifier).toBe('sync:users_to_contacts');
    expect(await (await census()).made(syncBody())).not.toHaveProperty('resource_identifier');
  });
});
