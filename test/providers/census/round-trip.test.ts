import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diff } from '../../../src/core/spec/diff.ts';
import { censusSyncTraits } from '../../../src/generated/census-sync-traits.ts';
import { liquidError } from '../../../src/load/liquid.ts';
import type { JsonObject, Spec } from '../../../src/model/json.ts';
import { canonical } from '../../../src/providers/census/language/canonical.ts';
import { rules } from '../../../src/providers/census/language/rules.ts';
import { normalised } from './build.ts';
import { datasetMirror, exampleSeed, modelToFile, segmentToAudience, tableToCrm } from './fact-sheet.ts';
import { type CensusWorld, censusWorld, made, readingOf } from './world.ts';

let world: CensusWorld;
beforeEach(async () => {
  world = await censusWorld({ seed: exampleSeed });
});
afterEach(() => world.close());

/** What a plan would change, as paths. */
function changes(live: Spec, desired: Spec): string[] {
  const options = { applied: normalised(desired), memory: true };
  return diff(censusSyncTraits, normalised(live), normalised(desired), options).changes.map((one) => one.path);
}

/** A manifest that the schema accepts and that has no errors, in canonical form. */
function manifest(given: Spec): Spec {
  const valid = rules.validate({ kind: 'CensusSync', name: 'one', spec: given });
  expect(valid ? [] : rules.validate.errors).toEqual([]);
  const errors = rules.check(given, { liquid: liquidError }).filter((one) => one.severity === 'error');
  expect(errors).toEqual([]);
  return canonical(given);
}

const base: JsonObject = {
  label: 'base',
  operation: 'upsert',
  source_attributes: { connection_id: 501, object: { type: 'table', id: 7731 } },
  destination_attributes: { connection_id: 502, object: 'Contact' },
  mappings: [{ from: 'EMAIL', to: 'Email', primary: true }],
};

function withMapping(mapping: JsonObject): JsonObject {
  return {
    ...base,
    mappings: [
      { from: 'EMAIL', to: 'Email', primary: true },
      { to: 'Other', ...mapping },
    ],
  };
}

const names = { table_catalog: 'analytics', table_schema: 'public', table_name: 'users' };

/** By number, what the server makes of what was sent; none of it may ever show up as a change. */
const rewrites: readonly (readonly [name: string, given: JsonObject])[] = [
  ['1 a dataset', { ...base, source_attributes: { connection_id: 501, object: { type: 'dataset', id: 8123 } } }],
  [
    '2 a segment as the API takes it',
    {
      ...base,
      source_attributes: { connection_id: 501, filter_segment_id: 3301, object: { type: 'dataset', id: 8123 } },
    },
  ],
  [
    '2 a segment in short form',
    { ...base, source_attributes: { connection_id: 501, object: { type: 'segment', id: 3301, dataset_id: 8123 } } },
  ],
  [
    '2 a cohort',
    { ...base, source_attributes: { connection_id: 501, cohort_id: 77, object: { type: 'dataset', id: 8123 } } },
  ],
  ['3 a table by names', { ...base, source_attributes: { connection_id: 501, object: { type: 'table', ...names } } }],
  ['3 a table by id', base],
  ['4 a model', { ...base, source_attributes: { connection_id: 501, object: { type: 'model', id: 915 } } }],
  ['4 a topic', { ...base, source_attributes: { connection_id: 501, object: { type: 'topic', id: 3 } } }],
  ['5 a template', withMapping({ from: { liquid_template: "{{ record['a'] }}" } })],
  [
    '5 a template as answered',
    withMapping({ from: { type: 'liquid_template', data: { liquid_template: '{{ 1 }}' } } }),
  ],
  ['6 a number', withMapping({ from: { constant: 5.5 } })],
  ['6 a boolean', withMapping({ from: { constant: true } })],
  ['6 digits', withMapping({ from: { constant: '007' } })],
  ['6 a time', withMapping({ from: { constant: '2026-01-01T00:00:00Z', basic_type: 'datetime' } })],
  [
    '7 many mappings, in order',
    {
      ...base,
      field_order: 'mapping_order',
      mappings: [
        { from: 'EMAIL', to: 'Z', primary: true },
        ...['Y', 'A', 'M', 'B'].map((name) => ({ from: name, to: name })),
      ],
    },
  ],
  ['8 flags said aloud', withMapping({ from: 'A', generate_field: false, operation: null, sync_null_values: true })],
  [
    '9 a compound key',
    {
      ...base,
      operation: 'append',
      destination_attributes: { connection_id: 507, object: 'click_conversion' },
      mappings: [
        { from: 'a', to: 'gclid' },
        { from: 'b', to: 'at' },
      ],
    },
  ],
  ['10 all properties', { ...base, field_behavior: 'sync_all_properties' }],
  ['11 alerts left to the server', base],
  ['11 no alerts', { ...base, alert_attributes: [] }],
  [
    '12 alerts',
    {
      ...base,
      alert_attributes: [
        { type: 'FailureAlertConfiguration', options: null },
        { type: 'InvalidRecordPercentAlertConfiguration', options: { threshold: 5 } },
        { type: 'InvalidRecordPercentAlertConfiguration', send_for: 'every_time', options: { threshold: 50 } },
      ],
    },
  ],
  ['13 no mode', base],
  ['13 an emptied mode', { ...base, mode: null }],
  [
    '14 cron',
    {
      ...base,
      mode: { type: 'triggered', triggers: { schedule: { frequency: 'expression', cron_expression: '5  6 * * 1' } } },
    },
  ],
  [
    '15 a trigger without a schedule',
    { ...base, mode: { triggers: { fivetran: { job_id: 'a', job_name: 'b' }, dbt_cloud: null } } },
  ],
  ['16 daily without a time', { ...base, mode: { triggers: { schedule: { frequency: 'daily' } } } }],
  ['16 weekly', { ...base, mode: { triggers: { schedule: { frequency: 'weekly', day: 'Friday', minute: 5 } } } }],
  ['17 a mirror without a strategy', { ...base, operation: 'mirror' }],
  ['17 a mirror with one', { ...base, operation: 'mirror', mirror_strategy: 'sync_updates_and_nulls' }],
  ['18 defaults said aloud', { ...base, paused: false, field_behavior: 'specific_properties', field_order: null }],
  [
    '20 nothing in many spellings',
    {
      ...base,
      field_normalization: null,
      advanced_configuration: {},
      sync_behavior_family: null,
      destination_attributes: { connection_id: 502, object: 'Contact', lead_union_insert_to: '' },
    },
  ],
  [
    '21 a spreadsheet',
    {
      ...base,
      destination_attributes: { connection_id: 506, object: '{ "spreadsheet_id": "a", "sheet_id": "0" }' },
    },
  ],
  [
    '22 the old places',
    {
      ...base,
      schedule_frequency: 'weekly',
      schedule_day: 'Sunday',
      lead_union_insert_to: 'lead',
      triggers: { dbt_cloud: { project_id: '1', job_id: '2' } },
    },
  ],
  [
    '23 copies beside a mode',
    { ...base, mode: { triggers: { schedule: { frequency: 'hourly', minute: 7 } } }, schedule_frequency: 'never' },
  ],
  ['a body of a create', tableToCrm],
  ['an answer: dataset', datasetMirror],
  ['an answer: segment', segmentToAudience],
  ['an answer: model', modelToFile],
];

describe('what is created reads back as it was declared', () => {
  test.each(rewrites)('%s', async (_name, given) => {
    const desired = manifest(given);
    const reading = await made(world.provider, desired);
    expect(changes(reading.live.spec, desired)).toEqual([]);
  });

  test.each(rewrites)('%s, with everything that is not known decided the other way', async (_name, given) => {
    await world.close();
    world = await censusWorld({
      seed: exampleSeed,
      quirks: {
        createStatus: 200,
        constantsAsText: false,
        omitNulls: true,
        mappingOrder: 'request',
        readsBackExtraMappingFlags: true,
        emptyAlertOptions: 'null',
        flatScheduleCopies: false,
        reserialisesSheets: false,
        fillsAdvancedDefaults: false,
        resourceIdentifier: true,
        unknownKeys: 'reject',
      },
    });
    const desired = manifest(given);
    const reading = await made(world.provider, desired);
    expect(changes(reading.live.spec, desired)).toEqual([]);
  });

  test('a sequence, beside the schedule that the server adds', async () => {
    const parent = await made(world.provider, manifest(base));
    const desired = manifest({
      ...segmentToAudience,
      mode: { type: 'triggered', triggers: { sync_sequence: { sync_id: Number(parent.live.id) } } },
    });
    const reading = await made(world.provider, desired);
    expect(changes(reading.live.spec, desired)).toEqual([]);
  });

  test('19 the status of a sync is nobody’s field', async () => {
    const { live, wire } = await made(world.provider, manifest(base));
    expect(wire.status).toBe('Ready');
    expect(live.spec).not.toHaveProperty('status');
  });
});

describe('an update', () => {
  /** Changes a sync from one declaration to the other as apply does, and reads it again. */
  async function changed(from: JsonObject, to: JsonObject): Promise<{ before: Spec; after: Spec; desired: Spec }> {
    const reading = await made(world.provider, manifest(from));
    const desired = canonical(to);
    await world.syncs.update(reading, desired, changes(reading.live.spec, desired));
    const after = (await readingOf(world.provider, reading.live.id)).live.spec;
    return { before: reading.live.spec, after, desired };
  }

  test.each(rewrites)('of the plain sync to this one converges: %s', async (_name, given) => {
    const { after, desired } = await changed(base, given);
    expect(changes(after, desired)).toEqual([]);
  });

  test.each(rewrites)(
    'of this one to another converges, and leaves alone what is not declared: %s',
    async (_name, given) => {
      const { label, paused } = { label: 'renamed', paused: true };
      const { before, after, desired } = await changed(given, { label, paused });
      expect(changes(after, desired)).toEqual([]);
      expect(normalised(after)).toEqual({ ...normalised(before), label, paused });
    },
  );

  test('keeps the triggers, settings and alerts that nobody declared', async () => {
    const from = {
      ...tableToCrm,
      advanced_configuration: { theirs: 1, ours: 2 },
      mode: {
        type: 'triggered',
        triggers: {
          schedule: { frequency: 'expression', cron_expression: '0 6 * * *' },
          dbt_cloud: { project_id: '1', job_id: '2' },
        },
      },
    };
    const to = {
      advanced_configuration: { ours: 3 },
      mode: { triggers: { fivetran: { job_id: 'a', job_name: 'b' } } },
    };
    const { before, after } = await changed(from, to);
    expect(normalised(after)).toEqual({
      ...normalised(before),
      advanced_configuration: { theirs: 1, ours: 3 },
      mode: {
        type: 'triggered',
        triggers: { ...from.mode.triggers, ...to.mode.triggers },
      },
    });
  });

  test('keeps the ids of alerts that stay', async () => {
    const reading = await made(world.provider, manifest(datasetMirror));
    const ids = (): unknown[] => {
      const alerts = world.emulator.syncs()[0]?.alert_attributes;
      return Array.isArray(alerts) ? alerts.map((alert) => [alert.id, alert.type, alert.options]) : [];
    };
    const [failure] = ids();
    const desired = canonical({
      alert_attributes: [
        { type: 'StatusAlertConfiguration', options: { status_name: 'completed' } },
        { type: 'FailureAlertConfiguration', send_for: 'every_time', should_send_recovery: true },
      ],
    });
    await world.syncs.update(reading, desired, ['/alert_attributes/FailureAlertConfiguration/send_for']);
    expect(ids()).toHaveLength(2);
    expect(ids()).toContainEqual(failure);
  });

  test('of a sync from before there were modes writes the new form', async () => {
    await world.close();
    const legacy = {
      id: 90001,
      verbatim: true,
      label: 'old',
      operation: 'upsert',
      source_attributes: { connection_id: 501, object: { type: 'table', id: 7731, ...names } },
      destination_attributes: { connection_id: 502, object: 'Contact' },
      mappings: [{ from: { type: 'column', data: 'EMAIL' }, to: 'Email', position: 0, is_primary_identifier: true }],
      schedule_frequency: 'daily',
      schedule_day: null,
      schedule_hour: 6,
      schedule_minute: 30,
      triggers: { dbt_cloud: { project_id: '1', job_id: '2' } },
    };
    world = await censusWorld({ seed: { ...exampleSeed, syncs: [legacy] } });
    world.provider.permit('all');
    const reading = await readingOf(world.provider, '90001');
    const desired = canonical({ mode: { triggers: { fivetran: { job_id: 'a', job_name: 'b' } } } });
    await world.syncs.update(reading, desired, changes(reading.live.spec, desired));
    const after = await readingOf(world.provider, '90001');
    expect(after.live.spec.mode).toEqual({
      type: 'triggered',
      triggers: {
        schedule: { frequency: 'daily', hour: 6, minute: 30 },
        dbt_cloud: { project_id: '1', job_id: '2' },
        fivetran: { job_id: 'a', job_name: 'b' },
      },
    });
  });
});
