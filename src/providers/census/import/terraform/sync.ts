import type { Json, JsonObject, Spec } from '../../../../model/json.ts';
import { isList, isObject } from '../../../../model/json.ts';
import { present } from '../../../../wire/json.ts';
import { mappingsLike, optionsLike } from '../likeness.ts';
import type { Reader, Told } from '../reader.ts';

/** Attributes that only the provider or the server sets, and one that it ignores. */
const meaningless = [
  'id',
  'workspace_id',
  'status',
  'created_at',
  'updated_at',
  'last_run_at',
  'next_run_at',
  'last_run_id',
  'sync_mode',
];

/** Attributes whose name and meaning are those of the API. */
const same = [
  'label',
  'operation',
  'field_behavior',
  'field_normalization',
  'field_order',
  'sync_behavior_family',
  'high_water_mark_attribute',
  'historical_sync_operation',
  'mirror_strategy',
] as const;

/** What a `census_sync` of a state says, as a body of the API. `live`: the sync itself, for what the provider has no words for. */
export function syncSpec(values: Reader, live: Spec | undefined, told: Told): Spec {
  values.skip(...meaningless);
  const spec = {
    ...Object.fromEntries(same.map((key) => [key, values.text(key)])),
    source_attributes: sourceOf(values),
    destination_attributes: destinationOf(values),
    mappings: mappingsLike(
      (values.list('field_mapping') ?? []).map((one) => mappingOf(one, told)),
      live,
    ),
    paused: values.flag('paused'),
    advanced_configuration: advancedOf(values, told),
    alert_attributes: values.list('alert')?.flatMap((one) => alertOf(one, live, told)),
    mode: modeOf(values),
  };
  values.rest();
  return present(spec);
}

/** A block, which a state has as a list of one; undefined where there is none. */
function block(reader: Reader, key: string): Reader | undefined {
  return reader.list(key)?.[0];
}

function sourceOf(values: Reader): JsonObject | undefined {
  const source = block(values, 'source_attributes');
  if (source === undefined) return undefined;
  const object = block(source, 'object');
  const [cohort, segment] = [source.id('cohort_id'), source.id('filter_segment_id')];
  const type = object?.text('type');
  const own = type === 'cohort' ? cohort : type === 'segment' ? segment : undefined;
  const id = object?.id('id') ?? (own === '0' ? undefined : own);
  const named = ['table_catalog', 'table_schema', 'table_name', 'name'].map((key) => [key, object?.text(key)]);
  return present({
    connection_id: source.number('connection_id'),
    object: present({ type, id, dataset_id: object?.id('dataset_id'), ...Object.fromEntries(named) }),
  });
}

function destinationOf(values: Reader): JsonObject | undefined {
  const destination = block(values, 'destination_attributes');
  if (destination === undefined) return undefined;
  return present({
    connection_id: destination.number('connection_id'),
    object: destination.text('object'),
    lead_union_insert_to: destination.text('lead_union_insert_to'),
  });
}

/** Attributes of a mapping whose name and meaning are those of the API. */
const flags = ['is_primary_identifier', 'preserve_values', 'generate_field', 'sync_null_values'];
/** No answer shows these, and in a block that does not set them they are false: only what is set is said. */
const unread = ['array_field', 'follow_source_type'];
const texts = ['to', 'lookup_object', 'lookup_field', 'field_type', 'operation'];

function mappingOf(mapping: Reader, told: Told): JsonObject {
  return present({
    from: fromOf(mapping, told),
    ...Object.fromEntries(texts.map((key) => [key, mapping.text(key)])),
    ...Object.fromEntries(flags.map((key) => [key, mapping.flag(key)])),
    ...Object.fromEntries(unread.map((key) => [key, mapping.flag(key) || undefined])),
  });
}

/** `hash` was in early documentation, and always behaved as a column. */
function fromOf(mapping: Reader, told: Told): Json {
  const type = mapping.text('type') ?? 'direct';
  const [column, constant, key, identify, template] = [
    mapping.text('from'),
    mapping.value('constant'),
    mapping.text('sync_metadata_key'),
    mapping.text('segment_identify_by'),
    mapping.text('liquid_template'),
  ];
  switch (type) {
    case 'direct':
    case 'hash':
      return { type: 'column', data: column ?? '' };
    case 'constant':
      return { type: 'constant_value', data: { value: constant ?? '', basic_type: 'text' } };
    case 'sync_metadata':
      return { type, data: key ?? '' };
    case 'segment_membership':
      return { type, data: { identify_by: identify ?? 'name' } };
    case 'liquid_template':
      return { type, data: template ?? '' };
    default:
      told.wrong(`${mapping.path}/type`, 'direct, constant, sync_metadata, segment_membership or liquid_template');
      return null;
  }
}

/** An alert without a type is a remnant of one that was removed. */
function alertOf(alert: Reader, live: Spec | undefined, told: Told): JsonObject[] {
  alert.skip('id');
  const type = alert.text('type');
  const [send_for, should_send_recovery] = [alert.text('send_for'), alert.flag('should_send_recovery')];
  const options = alert.value('options');
  if (options !== undefined && (!isObject(options) || isList(options)))
    told.wrong(`${alert.path}/options`, 'an object');
  const own = isObject(options) ? { options: optionsLike(type, options, live) } : {};
  return type === undefined ? [] : [present({ type, send_for, should_send_recovery, ...own })];
}

function advancedOf(values: Reader, told: Told): Json | undefined {
  const text = values.text('advanced_configuration');
  if (text === undefined) return undefined;
  const parsed = parsedText(text);
  if (isObject(parsed) && !isList(parsed)) return parsed;
  told.wrong(`${values.path}/advanced_configuration`, 'the text of a JSON object');
  return undefined;
}

function parsedText(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Triggers that the block leaves out are none, and so are cleared. Without the block the mode is the server's. */
function modeOf(values: Reader): JsonObject | undefined {
  const mode = block(values, 'run_mode');
  if (mode === undefined) return undefined;
  const triggers = block(mode, 'triggers');
  const schedule = triggers === undefined ? undefined : scheduleOf(triggers);
  return {
    type: mode.text('type') ?? 'triggered',
    triggers: {
      schedule: schedule ?? null,
      dbt_cloud: idsOf(triggers, 'dbt_cloud', ['project_id', 'job_id']),
      fivetran: idsOf(triggers, 'fivetran', ['job_id', 'job_name']),
      sync_sequence: idsOf(triggers, 'sync_sequence', ['sync_id']),
    },
  };
}

function scheduleOf(triggers: Reader): JsonObject | undefined {
  const schedule = block(triggers, 'schedule');
  if (schedule === undefined) return undefined;
  const { frequency, day, hour, minute, cron_expression } = {
    frequency: schedule.text('frequency'),
    day: schedule.text('day'),
    hour: schedule.number('hour'),
    minute: schedule.number('minute'),
    cron_expression: schedule.text('cron_expression'),
  };
  return present({ frequency, day, hour, minute, cron_expression });
}

function idsOf(triggers: Reader | undefined, key: string, names: readonly string[]): Json {
  const trigger = triggers === undefined ? undefined : block(triggers, key);
  if (trigger === undefined) return null;
  return present(Object.fromEntries(names.map((name) => [name, trigger.id(name)])));
}
