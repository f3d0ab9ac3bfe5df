import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/emulator/json.ts';
import {
  census,
  column,
  email,
  scheduled,
  syncBody,
  toAds,
  toAudience,
  toBraze,
  toBucket,
  toSheet,
} from './support.ts';

const alertsMessage = 'sync_alert_configurations is invalid';
const failure = { type: 'FailureAlertConfiguration', send_for: 'first_time', should_send_recovery: true };
const source = (object: JsonObject, more: JsonObject = {}) => ({
  source_attributes: { connection_id: 501, object, ...more },
});
const template = (data: string | JsonObject) => ({
  mappings: [email, { from: { type: 'liquid_template', data }, to: 'Description' }],
});
const deviation = { threshold: 10, record_type: 'records_updates' };

/** What is wrong, the keys that differ from a good body, and the message. */
const refused: readonly (readonly [string, JsonObject, string | RegExp])[] = [
  ['no operation', { operation: undefined }, 'operation is required'],
  ['no source', { source_attributes: undefined }, 'source_attributes is required'],
  ['no destination', { destination_attributes: null }, 'destination_attributes is required'],
  ['no mappings', { mappings: undefined }, 'mappings is required'],
  ['an unknown operation', { operation: 'replace' }, /^operation must be one of append, insert/],
  ['delete, which only answers know', { operation: 'delete' }, /^operation must be one of/],
  [
    'an operation that the object lacks',
    { operation: 'append' },
    "Operation 'append' is not supported by this destination object",
  ],
  [
    'an operation that files lack',
    { ...toBucket, operation: 'update' },
    "Operation 'update' is not supported by this destination object",
  ],
  [
    'no source connection',
    { source_attributes: { object: { type: 'table', id: 7731 } } },
    'source_attributes.connection_id is required',
  ],
  [
    'an unknown source connection',
    source({ type: 'table', id: 7731 }, { connection_id: 1 }),
    'Source connection 1 could not be found',
  ],
  ['an unknown table id', source({ type: 'table', id: 1 }), "Table 1 could not be found in source 'Snowflake Prod'"],
  ['a table without a name', source({ type: 'table', table_schema: 'public' }), /needs id, or table_catalog/],
  [
    'an unknown table',
    source({ type: 'table', table_catalog: 'analytics', table_schema: 'public', table_name: 'userz' }),
    "Table 'analytics.public.userz' could not be found in source 'Snowflake Prod'",
  ],
  [
    'empty texts for unused keys',
    source({ type: 'table', id: 7731, table_catalog: '', table_schema: '', table_name: '' }),
    'source_attributes is invalid: empty strings are not allowed',
  ],
  [
    'an unknown model',
    source({ type: 'model', name: 'nope' }),
    "Model 'nope' could not be found in source 'Snowflake Prod'",
  ],
  ['a model by nothing', source({ type: 'model' }), 'source_attributes.object needs the id or the name of a model'],
  ['an unknown topic', source({ type: 'topic', id: 3 }), "Topic '3' could not be found in source 'Snowflake Prod'"],
  [
    'an unknown dataset',
    source({ type: 'dataset', id: 1 }),
    "Dataset '1' could not be found in source 'Snowflake Prod'",
  ],
  [
    'a dataset of another source',
    source({ type: 'dataset', id: 8130 }),
    "Dataset '8130' could not be found in source 'Snowflake Prod'",
  ],
  [
    'a segment of another dataset',
    source({ type: 'dataset', id: 5951 }, { filter_segment_id: 3301 }),
    "Segment '3301' could not be found",
  ],
  ['an unknown cohort', source({ type: 'dataset', id: 8123 }, { cohort_id: 78 }), "Cohort '78' could not be found"],
  [
    'an answer as request',
    source({ type: 'business_object_source', id: 1, dataset_id: 8123 }),
    /object.type must be one of table, model/,
  ],
  [
    'an unknown destination',
    { destination_attributes: { connection_id: 501, object: 'Contact' } },
    'Destination connection 501 could not be found',
  ],
  ['no object', { destination_attributes: { connection_id: 601 } }, 'destination_attributes.object is required'],
  [
    'an unknown object',
    { destination_attributes: { connection_id: 601, object: 'contact' } },
    "Object 'contact' could not be found in destination 'Salesforce'",
  ],
  [
    'an object that takes no syncs',
    { destination_attributes: { connection_id: 601, object: 'User' } },
    "Object 'User' cannot be a sync destination",
  ],
  [
    'a spreadsheet that is no JSON',
    { ...toSheet, destination_attributes: { connection_id: 605, object: 'Sheet1' } },
    /must be JSON with spreadsheet_id/,
  ],
  ['mappings that are no list', { mappings: {} }, 'mappings must be an array'],
  [
    'a bare string as from',
    { mappings: [{ ...email, from: 'email' }] },
    'mappings is invalid: from must be an object with type and data',
  ],
  ['a mapping to nowhere', { mappings: [{ from: email.from }] }, 'mappings is invalid: to is required'],
  [
    'one field twice',
    { mappings: [email, column('city', 'Email')] },
    "mappings is invalid: 'Email' is mapped more than once",
  ],
  [
    'an unknown kind',
    { mappings: [email, { from: { type: 'hash', data: 'email' }, to: 'Title' }] },
    "mappings is invalid: unknown mapping type 'hash'",
  ],
  [
    'a compound key',
    { mappings: [email, { from: { type: 'compound_key', data: [] }, to: 'Title' }] },
    /compound_key mappings cannot be created/,
  ],
  [
    'an unknown column',
    { mappings: [email, column('town', 'MailingCity')] },
    "Column 'town' cannot be found in source 'users'",
  ],
  [
    'an unknown field',
    { mappings: [email, column('city', 'Town__c')] },
    "Field 'Town__c' could not be found on object 'Contact'",
  ],
  [
    'a field in another case',
    { mappings: [{ ...email, to: 'email' }] },
    "Field 'email' could not be found on object 'Contact'",
  ],
  [
    'a field to make where none can be',
    { mappings: [email, column('city', 'X', { generate_field: true })] },
    "Object 'Contact' does not allow custom fields",
  ],
  ['no identifier', { mappings: [column('email', 'Email')] }, 'mappings is invalid: a primary identifier is required'],
  [
    'two identifiers',
    { mappings: [email, column('id', 'External_Id__c', { is_primary_identifier: true })] },
    /only one mapping can be the primary/,
  ],
  [
    'an identifier that cannot be one',
    { mappings: [column('city', 'MailingCity', { is_primary_identifier: true })] },
    /cannot be the identifier of upsert/,
  ],
  [
    'an identifier as text',
    { mappings: [{ ...email, is_primary_identifier: 'true' }] },
    /is_primary_identifier of 'Email' must be a boolean/,
  ],
  [
    'a lookup without its field',
    { mappings: [email, column('company', 'AccountId', { lookup_object: 'Account' })] },
    /must be given together/,
  ],
  [
    'a lookup where there is none',
    { mappings: [email, column('company', 'Title', { lookup_object: 'Account', lookup_field: 'Name' })] },
    "Field 'Title' cannot look up 'Account'",
  ],
  [
    'merge into one value',
    { mappings: [email, column('tags', 'Title', { operation: 'merge' })] },
    "Field 'Title' does not support merge",
  ],
  [
    'an unknown array operation',
    { mappings: [email, column('tags', 'Title', { operation: 'add' })] },
    /operation of 'Title' must be merge or overwrite/,
  ],
  [
    'an unknown type of constant',
    { mappings: [email, { from: { type: 'constant_value', data: { value: 1, basic_type: 'integer' } }, to: 'Title' }] },
    /basic_type must be one of/,
  ],
  [
    'a constant of another type',
    {
      mappings: [email, { from: { type: 'constant_value', data: { value: 'x', basic_type: 'number' } }, to: 'Title' }],
    },
    /value does not fit basic_type number/,
  ],
  [
    'a required field that is not mapped',
    {
      ...toAudience,
      mappings: [column('hashed_email', 'user_identifier.hashed_email', { is_primary_identifier: true })],
    },
    "Field 'list_id' must be mapped",
  ],
  [
    'a template in the form of an answer',
    template({ liquid_template: '{{ 1 }}' }),
    'mappings is invalid: liquid_template must be a string',
  ],
  [
    'an open output',
    template("{{ record['city'] "),
    "Liquid syntax error: Variable '{{ record['city'] ' was not properly terminated with regexp: /\\}\\}/",
  ],
  [
    'an open tag',
    template('{% if x '),
    "Liquid syntax error: Tag '{% if x ' was not properly terminated with regexp: /\\%\\}/",
  ],
  ['an open block', template('{% if x %}a'), "Liquid syntax error: 'if' tag was never closed"],
  ['an unknown tag', template('{% frob %}'), "Liquid syntax error: Unknown tag 'frob'"],
  [
    'a column only a template knows',
    template("{{ record['town'] }}"),
    "Column 'town' cannot be found in source 'users'",
  ],
  ['manual as a frequency', scheduled({ frequency: 'manual' }), /frequency must be one of never, continuous/],
  ['weekly without a day', scheduled({ frequency: 'weekly' }), /schedule.day must be one of Sunday/],
  ['a day as a number', scheduled({ frequency: 'weekly', day: 1 }), /schedule.day must be one of Sunday/],
  [
    'an hour out of range',
    scheduled({ frequency: 'daily', hour: 25 }),
    'mode.triggers.schedule.hour must be an integer from 0 to 24',
  ],
  [
    'an hour as text',
    scheduled({ frequency: 'daily', hour: '6' }),
    'mode.triggers.schedule.hour must be an integer from 0 to 24',
  ],
  [
    'a minute out of range',
    scheduled({ frequency: 'hourly', minute: 60 }),
    'mode.triggers.schedule.minute must be an integer from 0 to 59',
  ],
  [
    'cron of four fields',
    scheduled({ frequency: 'expression', cron_expression: '0 6 * *' }),
    /must be a cron expression of five fields/,
  ],
  [
    'cron out of range',
    scheduled({ frequency: 'expression', cron_expression: '61 6 * * *' }),
    /must be a cron expression of five fields/,
  ],
  ['an empty text for an unused key', scheduled({ frequency: 'daily', day: '' }), /schedule.day must be one of/],
  ['live', { mode: { type: 'live' } }, 'mode.type live is no longer supported'],
  ['an unknown mode', { mode: { type: 'manual' } }, 'mode.type must be triggered'],
  [
    'a sequence after nothing',
    { mode: { triggers: { sync_sequence: { sync_id: 5 } } } },
    /Sync 5 in mode.triggers.sync_sequence could not be found/,
  ],
  [
    'dbt without a job',
    { mode: { triggers: { dbt_cloud: { project_id: '1' } } } },
    'mode.triggers.dbt_cloud.job_id is required',
  ],
  [
    'an alert without a type',
    { alert_attributes: [{ send_for: 'first_time', should_send_recovery: true }] },
    alertsMessage,
  ],
  ['an alert with an empty type', { alert_attributes: [{ ...failure, type: '' }] }, alertsMessage],
  ['an alert with an unknown send_for', { alert_attributes: [{ ...failure, send_for: 'always' }] }, alertsMessage],
  ['an alert with an id on create', { alert_attributes: [{ ...failure, id: 4 }] }, alertsMessage],
  [
    'a threshold as text',
    {
      alert_attributes: [{ ...failure, type: 'InvalidRecordPercentAlertConfiguration', options: { threshold: '75' } }],
    },
    alertsMessage,
  ],
  [
    'a threshold over 100',
    { alert_attributes: [{ ...failure, type: 'InvalidRecordPercentAlertConfiguration', options: { threshold: 101 } }] },
    alertsMessage,
  ],
  [
    'a full sync alert with recovery',
    { alert_attributes: [{ ...failure, type: 'FullSyncTriggerAlertConfiguration' }] },
    alertsMessage,
  ],
  [
    'a deviation without its runs',
    { alert_attributes: [{ ...failure, type: 'RecordCountDeviationAlertConfiguration', options: deviation }] },
    alertsMessage,
  ],
  [
    'a runtime without its unit',
    { alert_attributes: [{ ...failure, type: 'RuntimeAlertConfiguration', options: { threshold: 3 } }] },
    alertsMessage,
  ],
  [
    'a status alert without a status',
    { alert_attributes: [{ ...failure, type: 'StatusAlertConfiguration', options: {} }] },
    alertsMessage,
  ],
  ['paused as text', { paused: 'false' }, 'paused must be a boolean'],
  ['validate_only as text', { validate_only: 'true' }, 'validate_only must be a boolean'],
  ['an unknown behaviour', { field_behavior: 'all' }, /^field_behavior must be one of/],
  ['an empty normalization', { field_normalization: '' }, /^field_normalization must be one of/],
  [
    'a percentage out of range',
    { failed_record_notifications_threshold_percent: 101 },
    /must be an integer from 0 to 100/,
  ],
  [
    'a field order where there is none',
    { field_order: 'mapping_order' },
    'field_order is not supported by this destination object',
  ],
  ['a strategy without a mirror', { mirror_strategy: 'upload_and_swap' }, 'mirror_strategy is only for mirror syncs'],
  [
    'a high-water mark without append',
    { high_water_mark_attribute: 'updated_at' },
    'high_water_mark_attribute is only for append and mirror syncs',
  ],
  [
    'an unknown high-water mark',
    { ...toBucket, high_water_mark_attribute: 'changed' },
    "Column 'changed' cannot be found in source 'orders_export'",
  ],
];

describe('what is refused', () => {
  it.each(refused)('%s', async (_name, differs, message) => {
    const client = await census();
    const answer = await client.post('/syncs', syncBody(differs));
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      status: 'error',
      message: message instanceof RegExp ? expect.stringMatching(message) : message,
    });
    expect(client.emulator.syncs()).toEqual([]);
  });
});

/** Looks wrong, is right. */
const taken: readonly (readonly [string, JsonObject])[] = [
  ['a mirrored spreadsheet without an identifier', toSheet],
  ['click conversions without an identifier', toAds],
  ['a table by its name alone, where only one fits', source({ type: 'table', table_name: 'users' })],
  [
    'the key of an append, which is no field',
    {
      ...toBraze,
      operation: 'append',
      destination_attributes: { connection_id: 603, object: 'event' },
      mappings: [column('customer_id', 'unique_id', { is_primary_identifier: true })],
    },
  ],
  [
    'any field as the identifier of an append',
    {
      ...toBraze,
      operation: 'append',
      destination_attributes: { connection_id: 603, object: 'event' },
      mappings: [column('customer_id', 'external_id', { is_primary_identifier: true })],
    },
  ],
  [
    'a required field left to sync_all_properties',
    {
      ...toAudience,
      field_behavior: 'sync_all_properties',
      mappings: [column('hashed_email', 'user_identifier.hashed_email', { is_primary_identifier: true })],
    },
  ],
  ['a column in another case', { mappings: [{ ...email, from: { type: 'column', data: 'EMAIL' } }] }],
  [
    'a full sync alert without recovery',
    { alert_attributes: [{ ...failure, type: 'FullSyncTriggerAlertConfiguration', should_send_recovery: false }] },
  ],
  [
    'a deviation with any third number',
    {
      alert_attributes: [
        { ...failure, type: 'RecordCountDeviationAlertConfiguration', options: { ...deviation, runs: 5 } },
      ],
    },
  ],
  [
    'two alerts of one type',
    {
      alert_attributes: ['started', 'completed'].map((status_name) => ({
        ...failure,
        type: 'StatusAlertConfiguration',
        options: { status_name },
      })),
    },
  ],
  [
    'merge into a list',
    {
      ...toBraze,
      mappings: [
        column('customer_id', 'external_id', { is_primary_identifier: true }),
        column('plan', 'segments', { operation: 'merge' }),
      ],
    },
  ],
  [
    'a field that is made',
    {
      ...toBraze,
      mappings: [
        column('customer_id', 'external_id', { is_primary_identifier: true }),
        column('plan', 'tier', { generate_field: true }),
      ],
    },
  ],
  ['tags in raw text', template('{% raw %}{% frob %}{% endraw %}')],
  [
    'branches and loops',
    template("{% for tag in record['tags'] %}{% if tag %}{{ tag }}{% else %}-{% endif %}{% endfor %}"),
  ],
  [
    'null for everything optional',
    { label: null, mode: null, alert_attributes: null, paused: null, field_order: null },
  ],
  ['names in cron', scheduled({ frequency: 'expression', cron_expression: '0 6 1-15 jan,jul mon-fri' })],
];

describe('what is taken', () => {
  it.each(taken)('%s', async (_name, differs) => {
    const client = await census();
    const answer = await client.post('/syncs', syncBody(differs));
    expect(answer.body).toEqual({ status: 'created', data: { sync_id: expect.any(Number) } });
    expect(answer.status).toBe(201);
  });
});

describe('validate_only', () => {
  it('says that a body is good, and makes nothing', async () => {
    const client = await census();
    const answer = await client.post('/syncs', syncBody({ validate_only: true }));
    expect([answer.status, answer.body]).toEqual([200, { status: 'success' }]);
    expect(client.emulator.syncs()).toEqual([]);
  });

  it('says why a body is not', async () => {
    const client = await census({ quirks: { errorStatus: 422 } });
    const answer = await client.post('/syncs', syncBody({ validate_only: true, ...template('{{') }));
    expect([answer.status, answer.body.status]).toEqual([422, 'error']);
    expect(answer.body.message).toMatch(/^Liquid syntax error: /);
  });
});
