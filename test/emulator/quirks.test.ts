import { describe, expect, it } from 'vitest';
import { parseQuirks } from '../../src/emulator/census-v1/quirk-words.ts';
import { defaultQuirks } from '../../src/emulator/census-v1/quirks.ts';
import { isObject, type Json, type JsonObject, objectAt } from '../../src/emulator/json.ts';
import { at, census, column, data, email, syncBody, toAudience } from './support.ts';

const constantFive = { from: { type: 'constant_value', data: { value: 5, basic_type: 'number' } } };

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

  it.each([
    ['listed', { id: 15, name: 'braze_test' }, { filter_segment_id: 3301 }, undefined],
    ['names', { name: 'braze_test' }, {}, 3301],
    ['everything', { id: 15, name: 'braze_test', source_object_id: 7 }, { filter_segment_id: 3301 }, 3301],
  ] as const)('answers show of a source: %s', async (sourceShows, model, beside, inside) => {
    const client = await census({ quirks: { sourceShows } });
    const from = (source: JsonObject) =>
      client.made(syncBody({ source_attributes: { connection_id: 501, ...source } }));
    const object = at(await from({ object: { type: 'model', id: 15 } }), 'source_attributes.object');
    expect(object).toMatchObject(model);
    expect(isObject(object) && 'id' in object).toBe('id' in model);
    const segment = await from({ filter_segment_id: 3301, object: { type: 'dataset', id: 8123 } });
    const { connection_id: _, object: shown, ...others } = objectAt(segment, 'source_attributes');
    expect([others, at(segment, 'source_attributes.object.filter_segment_id')]).toEqual([beside, inside]);
    expect(shown).toMatchObject({ type: 'filter_segment_source', dataset_id: 8123 });
  });

  it('a segment of a model is one of the dataset that the segment has now', async () => {
    const client = await census();
    const source = { connection_id: 501, filter_segment_id: 3301, object: { type: 'model', id: 15 } };
    const made = await client.made(syncBody({ source_attributes: source }));
    expect(at(made, 'source_attributes.object')).toMatchObject({ type: 'filter_segment_source', dataset_id: 8123 });
  });

  it.each([
    ['a flag of a mapping', { mappings: [email, column('city', 'MailingCity')] }, 'is_primary_identifier is required'],
    [
      'text of a constant',
      { mappings: [email, { ...constantFive, to: 'Title', is_primary_identifier: false }] },
      'value of a constant must be a string',
    ],
    [
      'both halves of a mark',
      { high_water_mark_attributes: { column_name: 'a' } },
      'needs use_high_water_mark_diff_type and column_name',
    ],
  ])('the OpenAPI file of 2023 demands %s', async (_what, over, problem) => {
    const strict = await census({ quirks: { openApi2023: true } });
    const answer = await strict.post('/syncs', syncBody({ operation: 'mirror', ...over }));
    expect([answer.status, String(answer.body.message)]).toEqual([400, expect.stringContaining(problem)]);
    await (await census()).made(syncBody({ operation: 'mirror', ...over }));
  });

  it('answers carry resource_identifier', async () => {
    const client = await census({ quirks: { resourceIdentifier: true } });
    expect((await client.made(syncBody())).resource_identifier).toBe('sync:users_to_contacts');
    expect(await (await census()).made(syncBody())).not.toHaveProperty('resource_identifier');
  });

  it.each([
    ['accept', 200],
    ['reject', 400],
  ] as const)('a circle of triggers: %s', async (sequenceCircles, status) => {
    const client = await census({ quirks: { sequenceCircles } });
    const childOf = (sync_id: Json | undefined) => ({ mode: { triggers: { sync_sequence: { sync_id } } } });
    const first = await client.made(syncBody());
    const second = await client.made(syncBody(childOf(first.id)));
    const third = await client.made(syncBody(childOf(second.id)));
    expect((await client.patch(`/syncs/${first.id}`, childOf(third.id))).status).toBe(status);
    expect((await client.patch(`/syncs/${third.id}`, childOf(first.id))).status).toBe(200);
  });

  it.each([
    [false, ''],
    [true, null],
  ])('a label of no letters as null: %s', async (emptyLabelAsNull, label) => {
    const client = await census({ quirks: { emptyLabelAsNull } });
    expect((await client.made(syncBody({ label: '' }))).label).toBe(label);
  });

  it('answers carry keys of other years', async () => {
    const client = await census({ quirks: { keysOfOtherYears: true } });
    const others = { match_rate_details: null, trigger_on_dbt_cloud_rebuild: false };
    expect(await client.made(syncBody())).toMatchObject(others);
    expect(await (await census()).made(syncBody())).not.toHaveProperty('match_rate_details');
  });
});

describe('quirks as words', () => {
  it('are read each in its own type', () => {
    const texts = [
      'createStatus=200',
      'omitNulls=true',
      'cannotClear=label,field_order',
      'nullRefused=',
      'refreshPolls=3',
    ];
    expect(parseQuirks([...texts, 'liveMode=accept'])).toEqual({
      createStatus: 200,
      omitNulls: true,
      cannotClear: ['label', 'field_order'],
      nullRefused: [],
      refreshPolls: 3,
      liveMode: 'accept',
    });
  });

  it.each([
    ['createStatos=200', 'There is no quirk "createStatos".', 'Did you mean "createStatus"?'],
    ['createStatus', 'The quirk createStatus cannot be "".', '200, 201'],
    ['omitNulls=yes', 'The quirk omitNulls cannot be "yes".', 'true, false'],
    ['refreshPolls=many', 'The quirk refreshPolls cannot be "many".', 'whole number'],
    ['liveMode=maybe', 'The quirk liveMode cannot be "maybe".', 'reject, accept'],
  ])('%s is refused', (text, message, hint) => {
    expect(() => parseQuirks([text])).toThrow(
      expect.objectContaining({ name: 'EmulatorInputError', message, hint: expect.stringContaining(hint) }),
    );
  });

  it('every quirk that has words takes its default', () => {
    const texts = Object.entries(defaultQuirks).map(([key, value]) => `${key}=${String(value)}`);
    expect(parseQuirks(texts)).toEqual(defaultQuirks);
  });
});
