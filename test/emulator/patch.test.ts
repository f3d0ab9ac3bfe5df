import { describe, expect, it } from 'vitest';
import type { Quirks } from '../../src/emulator/census-v1/quirks.ts';
import type { JsonObject } from '../../src/emulator/json.ts';
import { at, census, column, data, email, scheduled, sorted, syncBody, toAudience, toBraze } from './support.ts';

const failure = { type: 'FailureAlertConfiguration', send_for: 'first_time', should_send_recovery: true };
const status = (status_name: string) => ({ ...failure, type: 'StatusAlertConfiguration', options: { status_name } });

/** Makes a sync, patches it, and returns the answer to the PATCH beside what GET says then. */
async function patched(
  created: JsonObject,
  patch: JsonObject | ((sync: JsonObject) => JsonObject),
  quirks: Partial<Quirks> = {},
) {
  const client = await census({ quirks });
  const before = await client.made(syncBody(created));
  const answer = await client.patch(`/syncs/${before.id}`, typeof patch === 'function' ? patch(before) : patch);
  const after = data(await client.get(`/syncs/${before.id}`));
  return { before, answer, after };
}

describe('PATCH', () => {
  it('answers with the whole sync, as GET does', async () => {
    const { answer, after } = await patched({}, { label: 'new' });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ status: 'updated', data: after });
    expect(after.label).toBe('new');
  });

  it('leaves what is absent and moves updated_at', async () => {
    const { before, after } = await patched(
      { paused: true, ...scheduled({ frequency: 'daily', hour: 6 }) },
      { label: 'new' },
    );
    expect(after).toEqual({ ...before, label: 'new', updated_at: after.updated_at });
    expect(String(after.updated_at) > String(before.updated_at)).toBe(true);
  });

  it('replaces a mode whole: triggers that are not sent are lost', async () => {
    const dbt = { project_id: '1', job_id: '2' };
    const { after } = await patched(scheduled({ frequency: 'daily', hour: 6 }), {
      mode: { type: 'triggered', triggers: { dbt_cloud: dbt } },
    });
    expect(at(after, 'mode.triggers.schedule.frequency')).toBe('never');
    expect(at(after, 'mode.triggers.dbt_cloud')).toEqual(dbt);
  });

  it('replaces destination_attributes whole', async () => {
    const lead = { connection_id: 601, object: 'Contact', lead_union_insert_to: 'lead' };
    const { before, after } = await patched(
      { destination_attributes: lead },
      { destination_attributes: { connection_id: 601, object: 'Contact' } },
    );
    expect(at(before, 'destination_attributes.lead_union_insert_to')).toBe('lead');
    expect(at(after, 'destination_attributes.lead_union_insert_to')).toBe(null);
  });

  it('refuses half of a nested object', async () => {
    const { answer } = await patched({}, { destination_attributes: { object: 'Lead' } });
    expect([answer.status, answer.body.message]).toEqual([400, 'destination_attributes.connection_id is required']);
  });

  it('replaces mappings whole: flags that are not sent fall to their defaults', async () => {
    const { after } = await patched(
      { mappings: [email, column('city', 'MailingCity', { sync_null_values: false })] },
      { mappings: [email, column('city', 'MailingCity')] },
    );
    expect(sorted(after).map((mapping) => mapping.sync_null_values)).toEqual([true, true]);
  });

  it('replaces advanced_configuration whole', async () => {
    const { after } = await patched(
      { ...toAudience, advanced_configuration: { data_source_country: 'US' } },
      { advanced_configuration: { bulk_id_lookup: true } },
      { fillsAdvancedDefaults: false },
    );
    expect(after.advanced_configuration).toEqual({ bulk_id_lookup: true });
  });

  it('changes nothing for the misspelt field_mappings', async () => {
    const { before, answer, after } = await patched({}, { field_mappings: [] });
    expect(answer.status).toBe(200);
    expect(after.mappings).toEqual(before.mappings);
  });

  it('unpauses only when it is told', async () => {
    expect((await patched({ paused: true }, { label: 'x' })).after.paused).toBe(true);
    expect((await patched({ paused: true }, { paused: false })).after.paused).toBe(false);
  });

  it('clears with null', async () => {
    const { after } = await patched({ label: 'x', ...scheduled({ frequency: 'daily' }) }, { label: null, mode: null });
    expect([after.label, at(after, 'mode.triggers.schedule.frequency')]).toEqual([null, 'never']);
  });

  it('does not clear what cannot be cleared, and refuses null where null is refused', async () => {
    expect((await patched({ label: 'x' }, { label: null }, { cannotClear: ['label'] })).after.label).toBe('x');
    const { answer, after } = await patched({ label: 'x' }, { label: null }, { nullRefused: ['label'] });
    expect([answer.body.message, after.label]).toEqual(['label cannot be null', 'x']);
  });

  it('applies validate_only, or honours it', async () => {
    expect((await patched({}, { label: 'x', validate_only: true })).after.label).toBe('x');
    const { answer, after } = await patched(
      { label: 'old' },
      { label: 'x', validate_only: true },
      { patchHonoursValidateOnly: true },
    );
    expect([answer.body, after.label]).toEqual([{ status: 'success' }, 'old']);
  });

  it('checks mappings against the object that they are moved to', async () => {
    const { answer } = await patched(
      { mappings: [email, column('city', 'MailingCity')] },
      { destination_attributes: { connection_id: 601, object: 'Lead' } },
    );
    expect(answer.body.message).toBe("Field 'MailingCity' could not be found on object 'Lead'");
  });

  it('drops the strategy of a sync that is no mirror any more', async () => {
    const { after } = await patched(
      { operation: 'mirror', mirror_strategy: 'upload_and_swap' },
      { operation: 'upsert' },
    );
    expect(after.mirror_strategy).toBe(null);
  });

  it('takes the flat schedule', async () => {
    const { after } = await patched(scheduled({ frequency: 'daily', hour: 6 }), { schedule_hour: 9 });
    expect(at(after, 'mode.triggers.schedule')).toMatchObject({ frequency: 'daily', hour: 9 });
  });

  it('refuses a sync that triggers itself', async () => {
    const { answer } = await patched({}, (sync) => ({ mode: { triggers: { sync_sequence: { sync_id: sync.id } } } }));
    expect(answer.body.message).toBe('A sync cannot be triggered by itself');
  });
});

describe('what cannot change', () => {
  const message = 'source, destination and operation of this sync cannot be changed';
  it.each([
    ['operation', { operation: 'update' }, message],
    ['source', { source_attributes: { connection_id: 501, object: { type: 'dataset', id: 8123 } } }, message],
    ['destination', { destination_attributes: { connection_id: 602, object: 'contact' } }, message],
    ['nothing, all sent again', toBraze, undefined],
    ['a label', { label: 'x' }, undefined],
  ])('of a Braze sync: %s', async (_name, patch, expected) => {
    expect((await patched(toBraze, patch)).answer.body.message).toBe(expected);
  });

  it.each([
    ['operation', { operation: 'upsert' }, message],
    ['a label, the operation sent again', { operation: 'delete', label: 'x' }, undefined],
  ])('of a sync that deletes: %s', async (_name, patch, expected) => {
    const client = await census({ seed: { syncs: [{ ...syncBody({ operation: 'delete' }), id: 7, verbatim: true }] } });
    expect((await client.patch('/syncs/7', patch)).body.message).toBe(expected);
  });
});

describe('alerts of a PATCH', () => {
  const ids = (sync: JsonObject) =>
    [0, 1, 2, 3].map((index) => at(sync, `alert_attributes.${index}.id`)).filter((id) => id !== undefined);
  const one = { alert_attributes: [failure] };
  const message = 'sync_alert_configurations is invalid';

  it('stay when they are not sent, and go with []', async () => {
    const { before, after } = await patched({}, { label: 'x' });
    expect(after.alert_attributes).toEqual(before.alert_attributes);
    expect((await patched({}, { alert_attributes: [] })).after.alert_attributes).toEqual([]);
  });

  it('keep their id, and change', async () => {
    const { before, after } = await patched(one, (sync) => ({
      alert_attributes: [{ ...failure, id: ids(sync)[0], send_for: 'every_time' }],
    }));
    expect(ids(after)).toEqual(ids(before));
    expect(at(after, 'alert_attributes.0.send_for')).toBe('every_time');
  });

  it('come and go beside one that stays', async () => {
    const { before, after } = await patched({}, (sync) => ({
      alert_attributes: [{ ...failure, id: ids(sync)[0] }, status('started')],
    }));
    expect(ids(after)[0]).toBe(ids(before)[0]);
    expect([at(after, 'alert_attributes.1.type'), ids(after).length]).toEqual(['StatusAlertConfiguration', 2]);
  });

  it.each<[string, JsonObject, (sync: JsonObject) => JsonObject]>([
    ['sent again without ids', one, () => one],
    [
      'changed, without the id',
      { alert_attributes: [status('started')] },
      () => ({ alert_attributes: [status('completed')] }),
    ],
    [
      'a twin beside the one that is kept',
      one,
      (sync) => ({ alert_attributes: [{ ...failure, id: ids(sync)[0] }, failure] }),
    ],
    ['an id that is not there', one, () => ({ alert_attributes: [{ ...failure, id: 1 }] })],
    ['an id twice', one, (sync) => ({ alert_attributes: [0, 1].map(() => ({ ...failure, id: ids(sync)[0] })) })],
    ['an element without a type', one, (sync) => ({ alert_attributes: [{ id: ids(sync)[0] }] })],
  ])('are refused: %s', async (_name, created, patch) => {
    const { before, answer, after } = await patched(created, patch);
    expect([answer.status, answer.body.message]).toEqual([400, message]);
    expect(after).toEqual(before);
  });

  it('may differ from a kept one of their type', async () => {
    const { answer } = await patched({ alert_attributes: [status('started')] }, (sync) => ({
      alert_attributes: [{ ...status('started'), id: ids(sync)[0] }, status('completed')],
    }));
    expect(answer.status).toBe(200);
  });

  it('become duplicates, where ids are not required', async () => {
    const { before, after } = await patched(one, one, { alertIdsRequired: false });
    expect(ids(after)).toHaveLength(2);
    expect(ids(after)).toContain(ids(before)[0]);
  });
});

describe('a sync that is answered as it stands', () => {
  const legacy = {
    ...syncBody({
      source_attributes: { connection_id: 501, object: { type: 'business_object_source', id: 1, dataset_id: 8123 } },
      mappings: [
        { ...email, position: 0 },
        { from: { type: 'liquid_template', data: { liquid_template: '{{ 1 }}' } }, to: 'Title', position: 1 },
        { from: { type: 'compound_key', data: [] }, to: 'Description', position: 2 },
      ],
    }),
    id: 7,
    verbatim: true,
    schedule_frequency: 'daily',
    schedule_hour: 4,
  };

  it('is checked like any other when something that hangs together with the rest is written', async () => {
    const client = await census({ seed: { syncs: [legacy] } });
    expect((await client.patch('/syncs/7', { operation: 'update' })).status).toBe(200);
    const unknown = await client.patch('/syncs/7', { mappings: [email, column('town', 'MailingCity')] });
    expect(unknown.body.message).toBe("Column 'town' cannot be found in source 'active customers'");
  });

  it('keeps the rest of its flat schedule when a part is written', async () => {
    const client = await census({ seed: { syncs: [legacy] } });
    const after = data(await client.patch('/syncs/7', { schedule_minute: 30 }));
    expect(at(after, 'mode.triggers.schedule')).toMatchObject({ frequency: 'daily', hour: 4, minute: 30 });
  });
});
