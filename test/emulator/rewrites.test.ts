import { describe, expect, it } from 'vitest';
import type { CensusV1Options } from '../../src/emulator/census-v1/server.ts';
import type { Json, JsonObject } from '../../src/emulator/json.ts';
import {
  at,
  census,
  column,
  dataset,
  email,
  scheduled,
  sorted,
  syncBody,
  toAds,
  toAudience,
  toBucket,
  toSheet,
} from './support.ts';

const never = { frequency: 'never', day: null, hour: null, minute: null, cron_expression: null };
const flags = {
  is_primary_identifier: false,
  generate_field: false,
  preserve_values: false,
  operation: null,
  sync_null_values: true,
};
const liquid = "{{ record['city'] | upcase }}";
const constant = (value: Json, basic_type: string) => ({
  from: { type: 'constant_value', data: { value, basic_type } },
  to: 'Description',
});

interface Row {
  readonly name: string;
  readonly sent: JsonObject;
  readonly options?: CensusV1Options;
  /** Path in the answer → what stands there. */
  readonly reads: Readonly<Record<string, unknown>>;
}

const rows: readonly Row[] = [
  {
    name: '1 a dataset becomes a business object source with another id',
    sent: dataset,
    reads: {
      source_attributes: {
        connection_id: 501,
        object: { type: 'business_object_source', id: expect.any(Number), dataset_id: 8123 },
      },
    },
  },
  {
    name: '2 a segment keeps its id at the top and becomes a filter segment source',
    sent: toAudience,
    reads: {
      'source_attributes.filter_segment_id': 3301,
      'source_attributes.object': { type: 'filter_segment_source', id: expect.any(Number), dataset_id: 8123 },
    },
  },
  {
    name: '2 a cohort keeps its id at the top and becomes a cohort source',
    sent: { source_attributes: { connection_id: 501, cohort_id: 77, object: { type: 'dataset', id: 8123 } } },
    reads: {
      'source_attributes.cohort_id': 77,
      'source_attributes.object': { type: 'cohort_source', id: expect.any(Number), dataset_id: 8123 },
    },
  },
  {
    name: '3 a table by names has an id beside them',
    sent: {},
    reads: {
      'source_attributes.object': {
        type: 'table',
        id: 7731,
        table_catalog: 'analytics',
        table_schema: 'public',
        table_name: 'users',
      },
    },
  },
  {
    name: '3 a table by id has its names',
    sent: { source_attributes: { connection_id: 501, object: { type: 'table', id: 7731 } } },
    reads: { 'source_attributes.object.table_name': 'users' },
  },
  {
    name: '4 a model by name has id, query and times',
    sent: toBucket,
    reads: {
      'source_attributes.object': {
        type: 'model',
        id: 915,
        name: 'orders_export',
        query: expect.stringMatching(/^select /),
        created_at: expect.stringMatching(/Z$/),
        updated_at: expect.stringMatching(/Z$/),
      },
    },
  },
  {
    name: '4 a topic by name has its id, and keeps its type',
    sent: { source_attributes: { connection_id: 503, object: { type: 'topic', name: 'page_views' } } },
    reads: { 'source_attributes.object': { type: 'topic', id: 3, name: 'page_views' } },
  },
  {
    name: '5 a template is wrapped',
    sent: { mappings: [email, { from: { type: 'liquid_template', data: liquid }, to: 'MailingCity' }] },
    reads: { 'mappings.1.from': { type: 'liquid_template', data: { liquid_template: liquid } } },
  },
  {
    name: '6 a number comes back as text',
    sent: { mappings: [email, constant(42, 'number')] },
    reads: { 'mappings.1.from.data': { value: '42', basic_type: 'number' } },
  },
  {
    name: '6 a boolean comes back as text',
    sent: { mappings: [email, constant(true, 'boolean')] },
    reads: { 'mappings.1.from.data': { value: 'true', basic_type: 'boolean' } },
  },
  {
    name: '6 or constants keep their type',
    options: { quirks: { constantsAsText: false } },
    sent: { mappings: [email, constant(42, 'number')] },
    reads: { 'mappings.1.from.data': { value: 42, basic_type: 'number' } },
  },
  {
    name: '7 positions follow the order sent, whatever position was sent',
    sent: { mappings: [{ ...email, position: 9 }, column('city', 'MailingCity', { position: 0 })] },
    reads: {
      'mappings.0.to': 'Email',
      'mappings.0.position': 0,
      'mappings.1.to': 'MailingCity',
      'mappings.1.position': 1,
    },
  },
  {
    name: '8 flags of a mapping are filled in',
    sent: { mappings: [email, column('city', 'MailingCity')] },
    reads: { 'mappings.1': { ...column('city', 'MailingCity'), ...flags, position: 1 } },
  },
  {
    name: '8 flags that are sent stay',
    sent: { mappings: [email, column('city', 'MailingCity', { sync_null_values: false, preserve_values: true })] },
    reads: { 'mappings.1.sync_null_values': false, 'mappings.1.preserve_values': true },
  },
  {
    name: '9 click conversions get a compound key',
    sent: toAds,
    reads: {
      'mappings.3.to': 'click_conversion._census_tracking_id',
      'mappings.3.is_primary_identifier': true,
      'mappings.3.from': {
        type: 'compound_key',
        data: [
          { type: 'column', data: 'gclid' },
          { type: 'column', data: 'conversion_action' },
          { type: 'column', data: 'converted_at' },
        ],
      },
    },
  },
  {
    name: '10 all properties: the other columns are mapped, renamed',
    sent: { ...toBucket, field_behavior: 'sync_all_properties', field_normalization: 'snake_case' },
    reads: {
      'mappings.0.to': 'unique_id',
      'mappings.1': { ...column('CUSTOMER_ID', 'customer_id'), ...flags, position: 1 },
      'mappings.7.to': 'updated_at',
      'mappings.8': undefined,
    },
  },
  {
    name: '10 all properties: a field that is mapped already stays as it is',
    sent: {
      ...toBucket,
      field_behavior: 'sync_all_properties',
      field_normalization: 'upper_case',
      mappings: [
        column('ORDER_ID', 'unique_id', { is_primary_identifier: true }),
        { from: { type: 'constant_value', data: { value: 'x', basic_type: 'text' } }, to: 'STATUS' },
      ],
    },
    reads: { 'mappings.1.to': 'STATUS', 'mappings.2.to': 'CUSTOMER ID', 'mappings.8': undefined },
  },
  {
    name: '10 all properties: only fields that exist, where fields cannot be made',
    sent: { ...dataset, field_behavior: 'sync_all_properties', mappings: [email] },
    reads: { 'mappings.0.to': 'Email', 'mappings.1': undefined },
  },
  {
    name: '11 no alerts sent: two defaults',
    sent: {},
    reads: {
      alert_attributes: [
        {
          id: expect.any(Number),
          type: 'FailureAlertConfiguration',
          send_for: 'first_time',
          should_send_recovery: true,
          options: {},
        },
        {
          id: expect.any(Number),
          type: 'InvalidRecordPercentAlertConfiguration',
          send_for: 'first_time',
          should_send_recovery: true,
          options: { threshold: 75 },
        },
      ],
    },
  },
  { name: '11 an empty list sent: none', sent: { alert_attributes: [] }, reads: { alert_attributes: [] } },
  {
    name: '12 an alert gets an id, and {} for null options',
    sent: {
      alert_attributes: [
        { type: 'FailureAlertConfiguration', send_for: 'every_time', should_send_recovery: false, options: null },
      ],
    },
    reads: {
      alert_attributes: [
        {
          id: expect.any(Number),
          type: 'FailureAlertConfiguration',
          send_for: 'every_time',
          should_send_recovery: false,
          options: {},
        },
      ],
    },
  },
  {
    name: '12 or null options',
    options: { quirks: { emptyAlertOptions: 'null' } },
    sent: {},
    reads: { 'alert_attributes.0.options': null, 'alert_attributes.1.options': { threshold: 75 } },
  },
  {
    name: '13 no mode: triggered, never',
    sent: {},
    reads: { mode: { type: 'triggered', triggers: { schedule: never } } },
  },
  {
    name: '14 cron: computed day, hour and minute',
    sent: scheduled({ frequency: 'expression', cron_expression: '15 */4 * * 1,2,3,4,5' }),
    reads: {
      'mode.triggers.schedule': {
        frequency: 'expression',
        day: 'Monday',
        hour: 0,
        minute: 15,
        cron_expression: '15 */4 * * 1,2,3,4,5',
      },
    },
  },
  {
    name: '15 a dbt trigger alone: schedule never beside it, ids as text',
    sent: { mode: { type: 'triggered', triggers: { dbt_cloud: { project_id: 12345, job_id: '98765' } } } },
    reads: { 'mode.triggers': { schedule: never, dbt_cloud: { project_id: '12345', job_id: '98765' } } },
  },
  {
    name: '16 daily without a time',
    sent: scheduled({ frequency: 'daily' }),
    reads: { 'mode.triggers.schedule.hour': 0, 'mode.triggers.schedule.minute': 0 },
  },
  {
    name: '16 hourly has a minute and no hour',
    sent: scheduled({ frequency: 'hourly', minute: 10 }),
    reads: { 'mode.triggers.schedule.hour': null, 'mode.triggers.schedule.minute': 10 },
  },
  { name: '17 a mirror gets a strategy', sent: toAudience, reads: { mirror_strategy: 'sync_updates_and_deletes' } },
  {
    name: '17 a mirror keeps its strategy',
    sent: { ...toAudience, mirror_strategy: 'upload_and_swap' },
    reads: { mirror_strategy: 'upload_and_swap' },
  },
  { name: '17 others have none', sent: {}, reads: { mirror_strategy: null } },
  {
    name: '18 what was not said has its default',
    sent: {},
    reads: {
      paused: false,
      field_behavior: 'specific_properties',
      failed_run_notifications_enabled: true,
      failed_record_notifications_enabled: true,
      failed_record_notifications_threshold_percent: 75,
    },
  },
  {
    name: '19 status in title case, times in ISO form',
    sent: {},
    reads: { status: 'Ready', created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/) },
  },
  {
    name: '20 optional fields read null or {}',
    sent: {},
    reads: { field_order: null, advanced_configuration: {}, 'destination_attributes.lead_union_insert_to': null },
  },
  {
    name: '20 an empty lead option reads null',
    sent: { destination_attributes: { connection_id: 601, object: 'Contact', lead_union_insert_to: '' } },
    reads: { 'destination_attributes.lead_union_insert_to': null },
  },
  {
    name: '20 or nulls are left out, at every depth',
    options: { quirks: { omitNulls: true } },
    sent: {},
    reads: {
      field_order: undefined,
      'destination_attributes.lead_union_insert_to': undefined,
      'mode.triggers.schedule': { frequency: 'never' },
    },
  },
  {
    name: '21 the JSON of a spreadsheet is written anew',
    sent: toSheet,
    reads: { 'destination_attributes.object': '{ "sheet_id": "0", "spreadsheet_id": "1a"}' },
  },
  {
    name: '21 or left as it was',
    options: { quirks: { reserialisesSheets: false } },
    sent: toSheet,
    reads: { 'destination_attributes.object': '{"spreadsheet_id":"1a","sheet_id":"0"}' },
  },
  {
    name: '23 flat copies stand beside the mode',
    sent: scheduled({ frequency: 'weekly', day: 'Friday', hour: 6, minute: 30 }),
    reads: {
      schedule_frequency: 'weekly',
      schedule_day: 'Friday',
      schedule_hour: 6,
      schedule_minute: 30,
      cron_expression: null,
    },
  },
  {
    name: '23 also of a cron expression, with a day in words',
    sent: scheduled({ frequency: 'expression', cron_expression: '5 6 * * 3' }),
    reads: {
      schedule_frequency: 'expression',
      schedule_day: 'Wednesday',
      schedule_hour: 6,
      cron_expression: '5 6 * * 3',
    },
  },
  {
    name: '23 or do not',
    options: { quirks: { flatScheduleCopies: false } },
    sent: scheduled({ frequency: 'daily' }),
    reads: { schedule_frequency: undefined, 'mode.triggers.schedule.frequency': 'daily' },
  },
  {
    name: 'the flat form is still taken',
    sent: { schedule_frequency: 'daily', schedule_hour: 6 },
    reads: { 'mode.triggers.schedule.frequency': 'daily', 'mode.triggers.schedule.hour': 6 },
  },
  {
    name: 'flat fields beside a mode count for nothing',
    sent: { ...scheduled({ frequency: 'hourly' }), schedule_frequency: 'daily' },
    reads: { schedule_frequency: 'hourly', 'mode.triggers.schedule.frequency': 'hourly' },
  },
  {
    name: 'numeric text is taken for ids',
    sent: {
      source_attributes: { connection_id: '501', filter_segment_id: '3301', object: { type: 'dataset', id: '8123' } },
    },
    reads: {
      'source_attributes.connection_id': 501,
      'source_attributes.filter_segment_id': 3301,
      'source_attributes.object.dataset_id': 8123,
    },
  },
  {
    name: 'advanced settings get the defaults of their definitions',
    sent: { ...toAudience, advanced_configuration: { data_source_country: 'US, GB' } },
    reads: { advanced_configuration: { data_source_country: 'US, GB', bulk_id_lookup: false } },
  },
  { name: 'unknown keys are passed over', sent: { colour: 'red' }, reads: { colour: undefined } },
  {
    name: 'extra flags of a mapping are not read back',
    sent: { mappings: [email, column('city', 'MailingCity', { follow_source_type: true })] },
    reads: { 'mappings.1.follow_source_type': undefined },
  },
  {
    name: 'or they are',
    options: { quirks: { readsBackExtraMappingFlags: true } },
    sent: { mappings: [email, column('city', 'MailingCity', { follow_source_type: true })] },
    reads: { 'mappings.1.follow_source_type': true, 'mappings.1.array_field': false, 'mappings.1.field_type': null },
  },
];

describe('what was sent and what is read back', () => {
  it.each(rows)('$name', async ({ sent, options, reads }) => {
    const client = await census(options);
    const sync = await client.made(syncBody(sent));
    const shown: JsonObject = { ...sync, mappings: sorted(sync) };
    for (const [path, expected] of Object.entries(reads)) expect(at(shown, path), path).toEqual(expected);
  });

  it('7 mappings are never in the order they were sent in, and always in the same one', async () => {
    const client = await census();
    const sync = await client.made(
      syncBody({ mappings: [email, column('city', 'MailingCity'), column('phone', 'Phone')] }),
    );
    const order = (value: JsonObject) => [0, 1, 2].map((index) => at(value, `mappings.${index}.to`));
    expect(order(sync)).not.toEqual(['Email', 'MailingCity', 'Phone']);
    expect(order(client.emulator.syncs()[0] ?? {})).toEqual(order(sync));
  });

  it('7 not even two of them', async () => {
    const client = await census();
    for (let count = 0; count < 8; count += 1) {
      const sync = await client.made(syncBody({ mappings: [email, column('city', 'MailingCity')] }));
      expect(at(sync, 'mappings.0.to')).toBe('MailingCity');
    }
  });

  it('15 a sequence has the schedule never beside it', async () => {
    const client = await census();
    const parent = await client.made(syncBody());
    const child = await client.made(
      syncBody({ mode: { triggers: { sync_sequence: { sync_id: String(parent.id) } } } }),
    );
    expect(at(child, 'mode.triggers')).toEqual({ schedule: never, sync_sequence: { sync_id: parent.id } });
  });

  it('22 a sync from before modes existed is answered as it stands, until its mode is written', async () => {
    const legacy = {
      ...syncBody(),
      id: 7,
      verbatim: true,
      schedule_frequency: 'daily',
      schedule_hour: 4,
      triggers: { dbt_cloud: { project_id: '1', job_id: '2' } },
      lead_union_insert_to: 'lead',
    };
    const client = await census({ seed: { syncs: [legacy] } });
    const [before = {}] = client.emulator.syncs();
    expect(before).toMatchObject({
      schedule_frequency: 'daily',
      schedule_hour: 4,
      lead_union_insert_to: 'lead',
      triggers: legacy.triggers,
    });
    expect(before).not.toHaveProperty('mode');
    expect(before).not.toHaveProperty('field_behavior');
    const renamed = (await client.patch('/syncs/7', { label: 'renamed' })).body.data;
    expect(renamed).toMatchObject({ label: 'renamed', schedule_frequency: 'daily' });
    expect(renamed).not.toHaveProperty('mode');
    const written = (await client.patch('/syncs/7', scheduled({ frequency: 'hourly', minute: 5 }))).body.data;
    expect(written).toMatchObject({
      schedule_frequency: 'hourly',
      schedule_minute: 5,
      mode: { triggers: { schedule: { frequency: 'hourly' } } },
    });
    expect(written).not.toHaveProperty('triggers');
  });
});
