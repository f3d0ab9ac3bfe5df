import { isList, isObject, type Json, type JsonObject, type Spec } from '../../../../model/json.ts';
import { isSet, present } from '../../../../wire/json.ts';
import { optionsLike } from '../likeness.ts';
import type { Reader, Told } from '../reader.ts';
import { mappingsOf } from './mappings.ts';

/** The ids that the identifiers of a sync stand for. */
export interface Ids {
  readonly source: Json;
  readonly destination: Json;
  /** What is read of the source. */
  readonly object: JsonObject;
  /** The sync whose success starts this one. */
  readonly parent: Json | undefined;
}

/** What a sync of GitLink says, as a body of the API; undefined where a mapping cannot be said. */
export function syncSpec(sync: Reader, ids: Ids, live: Spec | undefined, told: Told): Spec | undefined {
  const mappings = mappingsOf(sync, live, told);
  const destination = sync.object('destination');
  destination?.skip('connection_identifier');
  sync.object('source')?.skip('type', 'connection_identifier', 'object_identifier', ...tableKeys);
  const spec = present({
    label: sync.text('label'),
    paused: sync.flag('paused'),
    ...behaviourOf(sync),
    ...configurationOf(sync),
    sync_behavior_family: familyOf(sync.text('sync_behavior_family')),
    source_attributes: { connection_id: ids.source, object: ids.object },
    destination_attributes: present({
      connection_id: ids.destination,
      object: destination?.text('object_identifier'),
      lead_union_insert_to: destination?.text('lead_union_default_object'),
    }),
    mappings,
    mode: modeOf(sync, ids.parent),
    advanced_configuration: advancedOf(sync, destination, live, told),
    ...alertsOf(sync, live),
  });
  sync.rest();
  return mappings === undefined ? undefined : spec;
}

/** What names a table. */
export const tableKeys = ['table_catalog', 'table_schema', 'table_name'] as const;

function behaviourOf(sync: Reader): JsonObject {
  const behaviour = sync.object('behavior');
  const append = behaviour?.object('append_properties');
  const operation = behaviour?.text('operation');
  const backfill = append?.flag('backfill_records');
  return {
    operation: operation === 'create' ? 'insert' : operation,
    historical_sync_operation:
      backfill === undefined ? undefined : backfill ? 'backfill_all_records' : 'skip_current_records',
    high_water_mark_attribute: append?.object('high_water_mark')?.text('column_name'),
    mirror_strategy: behaviour?.object('mirror_properties')?.text('strategy'),
  };
}

/** One normalisation of names is GitLink's alone, and is left to be told. */
function configurationOf(sync: Reader): JsonObject {
  const configuration = sync.object('mapping_configuration');
  if (configuration === undefined) return {};
  const all = configuration.object('sync_all_source_columns')?.flag('enabled');
  const isOwn = configuration.value('name_normalization') === 'ensure_uniqueness';
  return {
    field_behavior: all === undefined ? undefined : all ? 'sync_all_properties' : 'specific_properties',
    field_normalization: isOwn ? undefined : configuration.text('name_normalization'),
    field_order: configuration.text('order_by'),
  };
}

function familyOf(family: string | undefined): string | undefined {
  return family === 'mappedRecords' ? 'mapRecords' : family;
}

/** Triggers that are not named are none; those that GitLink has no words for are not its own. */
function modeOf(sync: Reader, parent: Json | undefined): JsonObject | undefined {
  const triggers = sync.object('triggers');
  if (triggers === undefined) return undefined;
  triggers.skip('on_other_sync_success');
  const schedule = triggers.object('schedule');
  const dbt = triggers.object('dbt_cloud');
  return {
    type: 'triggered',
    triggers: {
      schedule: schedule === undefined ? null : scheduleOf(schedule),
      dbt_cloud: dbt === undefined ? null : present({ project_id: dbt.id('project_id'), job_id: dbt.id('job_id') }),
      sync_sequence: parent === undefined ? null : { sync_id: parent },
    },
  };
}

function scheduleOf(schedule: Reader): JsonObject {
  return present({
    frequency: schedule.text('frequency'),
    day: schedule.text('day'),
    hour: schedule.number('hour'),
    minute: schedule.number('minute'),
    cron_expression: schedule.text('cron_expression'),
  });
}

/** Settings of files stand here where the live sync has a key of that name; others are told. */
function advancedOf(
  sync: Reader,
  destination: Reader | undefined,
  live: Spec | undefined,
  told: Told,
): Json | undefined {
  const own = sync.value('advanced_configuration');
  if (own !== undefined && (!isObject(own) || isList(own)))
    told.wrong(`${sync.path}/advanced_configuration`, 'an object');
  const held = isObject(live?.advanced_configuration) ? live.advanced_configuration : {};
  const settings = destination?.object('file_settings');
  const known = settings === undefined ? [] : Object.keys(held).filter((key) => settings.has(key));
  const files = Object.fromEntries(known.map((key) => [key, settings?.value(key)]));
  const all = { ...files, ...(isObject(own) ? own : {}) };
  return Object.keys(all).length === 0 ? undefined : all;
}

/** Alerts as a list, in the words of the API; older files have two settings, which the API has as deprecated fields. */
function alertsOf(sync: Reader, live: Spec | undefined): JsonObject {
  const settings = sync.object('operational_settings');
  if (settings === undefined) return {};
  if (Array.isArray(settings.value('alerts')))
    return { alert_attributes: (settings.list('alerts') ?? []).map((one) => alertOf(one, live)) };
  const alerts = settings.object('alerts');
  const records = alerts?.object('failed_record_notifications');
  return {
    failed_run_notifications_enabled: alerts?.object('failed_run_notifications')?.flag('enabled'),
    failed_record_notifications_enabled: records?.flag('enabled'),
    failed_record_notifications_threshold_percent: records?.number('threshold_percent'),
  };
}

function alertOf(alert: Reader, live: Spec | undefined): JsonObject {
  alert.skip('id');
  const type = alert.text('type');
  const options = alert.value('options');
  return present({
    type,
    send_for: alert.text('send_for'),
    should_send_recovery: alert.flag('should_send_recovery'),
    options: isSet(options) && isObject(options) ? optionsLike(type, options, live) : undefined,
  });
}
