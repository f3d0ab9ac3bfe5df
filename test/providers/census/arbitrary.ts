import fc from 'fast-check';
import type { Json, JsonObject } from '../../../src/model/json.ts';

const word = fc.constantFrom('A', 'b', 'Last Name', 'née', 'x.y', 'Plan__c', 'a/b', '~1', '#2', 'to');
const text = fc.oneof(word, fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }));

function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined });
}

/** Leaves out the keys that drew undefined. */
function object(shape: Readonly<Record<string, fc.Arbitrary<Json | undefined>>>): fc.Arbitrary<JsonObject> {
  return fc
    .record(shape)
    .map((drawn) => Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined)));
}

const constant = fc.oneof<fc.Arbitrary<JsonObject>[]>(
  text.map((value) => ({ constant: value })),
  fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })).map((value) => ({ constant: value })),
  fc.boolean().map((value) => ({ constant: value })),
  text.map((value) => ({ type: 'constant_value', data: { value, basic_type: 'text' } })),
  fc.integer().map((value) => ({ type: 'constant_value', data: { value: `0${value}`, basic_type: 'text' } })),
  fc.nat().map((value) => ({ type: 'constant_value', data: { value: `0${value}.50`, basic_type: 'number' } })),
);

const from: fc.Arbitrary<Json> = fc.oneof<fc.Arbitrary<Json>[]>(
  text,
  text.map((data) => ({ type: 'column', data })),
  constant,
  fc.constant({ sync_metadata: 'sync_run_id' }),
  fc.constant({ segment_membership: 'name' }),
  fc.constantFrom("{{ record['a'] }}", '{% if x %}y{% endif %}').map((template) => ({ liquid_template: template })),
);

const mapping = object({
  from,
  to: text,
  preserve_values: maybe(fc.boolean()),
  sync_null_values: maybe(fc.boolean()),
  operation: maybe(fc.constantFrom('merge', 'overwrite', 'set', null)),
  generate_field: maybe(fc.boolean()),
  array_field: maybe(fc.boolean()),
  field_type: maybe(fc.constantFrom('text', 'number')),
  follow_source_type: maybe(fc.boolean()),
});

const lookup = fc.tuple(mapping, word, word).map(
  ([one, lookup_object, lookup_field]): JsonObject => ({
    ...one,
    lookup_object,
    lookup_field,
  }),
);

const identifier = text.map((column): JsonObject => ({ from: column, to: 'Identifier', primary: true }));

/** Distinct fields, one of them the identifier, which may stand anywhere. */
const mappings: fc.Arbitrary<JsonObject[]> = fc
  .tuple(identifier, fc.uniqueArray(fc.oneof(mapping, lookup), { selector: (one) => one.to, maxLength: 5 }), fc.nat(5))
  .map(([first, rest, place]) => [...rest.slice(0, place), first, ...rest.slice(place)]);

const hour = maybe(fc.integer({ min: 0, max: 23 }));
const minute = maybe(fc.integer({ min: 0, max: 59 }));

const schedule: fc.Arbitrary<JsonObject> = fc.oneof<fc.Arbitrary<JsonObject>[]>(
  fc.constantFrom('never', 'continuous', 'quarter_hourly').map((frequency) => ({ frequency })),
  object({ frequency: fc.constant('hourly'), minute }),
  object({ frequency: fc.constant('daily'), hour, minute }),
  object({ frequency: fc.constant('weekly'), day: fc.constantFrom('Sunday', 'Friday'), hour, minute }),
  fc
    .constantFrom('0 6 * * *', ' */5  * * * 1,2', '15 */4 1 * *')
    .map((cron_expression) => ({ frequency: 'expression', cron_expression })),
);

const mode: fc.Arbitrary<Json> = fc.oneof<fc.Arbitrary<Json>[]>(
  fc.constant(null),
  object({
    type: maybe(fc.constant('triggered')),
    triggers: object({
      schedule: maybe(fc.option(schedule)),
      dbt_cloud: maybe(fc.constantFrom(null, { project_id: '1', job_id: '2' }, { project_id: '1', job_id: '3' })),
      fivetran: maybe(fc.constantFrom(null, { job_id: 'a', job_name: 'b' })),
    }),
  }),
);

const alert: fc.Arbitrary<JsonObject> = fc.oneof<fc.Arbitrary<JsonObject>[]>(
  fc.constantFrom({}, { options: null }, { options: {} }).map((more) => ({
    type: 'FailureAlertConfiguration',
    ...more,
  })),
  fc.integer({ min: 0, max: 3 }).map((threshold) => ({
    type: 'InvalidRecordPercentAlertConfiguration',
    options: { threshold },
  })),
  fc.constantFrom('started', 'completed').map((status_name) => ({
    type: 'StatusAlertConfiguration',
    options: { status_name },
  })),
);

/** No two that say the same: the service refuses those. */
const alerts: fc.Arbitrary<Json> = fc.option(
  fc.uniqueArray(
    fc
      .tuple(alert, fc.constantFrom('first_time', 'every_time'), fc.boolean())
      .map(([one, send_for, should_send_recovery]): JsonObject => ({ ...one, send_for, should_send_recovery })),
    { selector: (one) => `${one.type} ${JSON.stringify(one.options ?? {})}`, maxLength: 3 },
  ),
);

const object501: fc.Arbitrary<JsonObject> = fc.constantFrom<JsonObject[]>(
  { object: { type: 'table', table_catalog: 'analytics', table_schema: 'public', table_name: 'users' } },
  { object: { type: 'table', id: 7731 } },
  { object: { type: 'model', id: 915 } },
  { object: { type: 'dataset', id: 8123 } },
  { object: { type: 'topic', id: 3 } },
  { object: { type: 'segment', id: 3301, dataset_id: 8123 } },
  { filter_segment_id: 3301, object: { type: 'dataset', id: 8123 } },
  { cohort_id: 77, object: { type: 'dataset', id: 8123 } },
);

const setting = fc.option(fc.oneof(fc.boolean(), fc.integer(), text));

/** What the operations allow beside themselves. */
const behaviour: fc.Arbitrary<JsonObject> = fc.oneof<fc.Arbitrary<JsonObject>[]>(
  fc.constantFrom('upsert').map((operation) => ({ operation })),
  object({
    operation: fc.constant('mirror'),
    mirror_strategy: maybe(fc.constantFrom('sync_updates_and_nulls', 'upload_and_swap')),
  }),
  object({
    operation: fc.constant('append'),
    high_water_mark_attribute: maybe(fc.option(word)),
    historical_sync_operation: maybe(fc.constantFrom(null, 'skip_current_records', 'backfill_all_records')),
  }),
);

const optional = object({
  paused: maybe(fc.option(fc.boolean())),
  mode: maybe(mode),
  alert_attributes: maybe(alerts),
  field_order: maybe(fc.constantFrom(null, 'alphabetical_column_name', 'mapping_order')),
  field_behavior: maybe(fc.constantFrom(null, 'specific_properties', 'sync_all_properties')),
  sync_behavior_family: maybe(fc.constantFrom(null, 'mapRecords')),
  advanced_configuration: maybe(fc.option(fc.dictionary(fc.constantFrom('a', 'b', 'c'), setting))),
  failed_record_notifications_threshold_percent: maybe(fc.option(fc.integer({ min: 0, max: 100 }))),
});

/** A whole manifest's spec into the bucket of the example account, in short forms and long ones. */
export const anySpec: fc.Arbitrary<JsonObject> = fc
  .tuple(object501, behaviour, optional, mappings, fc.constantFrom('One', 'Two'))
  .map(([source, operation, more, list, label]) => ({
    label,
    ...operation,
    ...more,
    source_attributes: { connection_id: 501, ...source },
    destination_attributes: { connection_id: 505, object: 'exports/%Y.csv' },
    mappings: list,
  }));

/** The operation and what goes with it: the service forgets the one with the other. */
export const tied = ['operation', 'mirror_strategy', 'high_water_mark_attribute', 'historical_sync_operation'];

/** The same with silence in places: any of its fields may be missing. */
export const partialSpec: fc.Arbitrary<JsonObject> = fc
  .tuple(anySpec, fc.infiniteStream(fc.boolean()))
  .map(([whole, kept]) => {
    const picks = kept[Symbol.iterator]();
    const operation = picks.next().value === true;
    return Object.fromEntries(
      Object.entries(whole).filter(([key]) => (tied.includes(key) ? operation : picks.next().value === true)),
    );
  });
