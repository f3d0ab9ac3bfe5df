import { isObject, type Json, type JsonObject, type Spec } from '../../../model/json.ts';
import { asNumber, asObject, asText, isSet, present, without } from '../../../wire/json.ts';

/** Where schedules and triggers stood before modes existed; the API still answers with them beside `mode`, as copies. */
export const flatSchedule = [
  'schedule_frequency',
  'schedule_day',
  'schedule_hour',
  'schedule_minute',
  'cron_expression',
] as const;

/** What each frequency makes use of. The server fills in the rest on its own, so the rest is never compared. */
export const usedBy: Readonly<Record<string, readonly string[]>> = {
  never: [],
  continuous: [],
  quarter_hourly: [],
  hourly: ['minute'],
  daily: ['hour', 'minute'],
  weekly: ['day', 'hour', 'minute'],
  expression: ['cron_expression'],
};

const timing = ['day', 'hour', 'minute', 'cron_expression'];

export function canonicalMode(mode: JsonObject): JsonObject {
  return isObject(mode.triggers) ? { ...mode, triggers: canonicalTriggers(mode.triggers) } : mode;
}

/** Triggers in the types that the API wants; an empty one is none. */
function canonicalTriggers(triggers: JsonObject): JsonObject {
  const result: Record<string, Json | undefined> = {};
  for (const [key, trigger] of Object.entries(triggers)) if (!isHollow(trigger)) result[key] = trigger;
  if (isObject(result.schedule)) result.schedule = canonicalSchedule(result.schedule);
  if (isObject(result.dbt_cloud)) result.dbt_cloud = converted(result.dbt_cloud, ['project_id', 'job_id'], asText);
  if (isObject(result.fivetran)) result.fivetran = converted(result.fivetran, ['job_id', 'job_name'], asText);
  if (isObject(result.sync_sequence)) result.sync_sequence = converted(result.sync_sequence, ['sync_id'], asNumber);
  return without(result, []);
}

/** An object in which nothing is set. */
export function isHollow(trigger: Json | undefined): boolean {
  return isObject(trigger) && Object.keys(present(trigger)).length === 0;
}

/**
 * A schedule reduced to what its frequency uses; an hour or minute left unsaid is 0. Keys that nobody describes stay, and a
 * frequency that nobody describes keeps everything.
 */
function canonicalSchedule(schedule: JsonObject): JsonObject {
  const cron = tidyCron(schedule.cron_expression);
  const frequency = schedule.frequency ?? (isSet(cron) ? 'expression' : undefined);
  const used = typeof frequency === 'string' && Object.hasOwn(usedBy, frequency) ? usedBy[frequency] : undefined;
  if (used === undefined) return present({ ...schedule, ...(isSet(cron) ? { cron_expression: cron } : {}) });
  const result: Record<string, Json | undefined> = { frequency, ...without(schedule, ['frequency', ...timing]) };
  for (const key of used) {
    if (key === 'hour') result[key] = hourOf(schedule.hour);
    else if (key === 'minute') result[key] = asNumber(schedule.minute ?? 0);
    else result[key] = key === 'cron_expression' ? cron : schedule[key];
  }
  return present(result);
}

/** The API's reference allows 24, which can only be midnight. */
function hourOf(hour: Json | undefined): Json | undefined {
  const number = asNumber(hour ?? 0);
  return number === 24 ? 0 : number;
}

/**
 * The `mode` that legacy top-level `schedule_*`, `cron_expression` and `triggers` stand for; undefined where none is there.
 * Null triggers clear all three kinds and leave the schedule alone.
 */
export function modeFromFlat(spec: Spec): JsonObject | undefined {
  const schedule = scheduleFromFlat(spec);
  const { triggers } = spec;
  if (schedule === undefined && triggers === undefined) return undefined;
  const others: JsonObject =
    triggers === null ? { dbt_cloud: null, fivetran: null, sync_sequence: null } : (asObject(triggers) ?? {});
  return canonicalMode({
    type: 'triggered',
    triggers: { ...others, ...(schedule === undefined ? {} : { schedule }) },
  });
}

function scheduleFromFlat(spec: Spec): Json | undefined {
  if (!flatSchedule.some((key) => spec[key] !== undefined)) return undefined;
  const schedule = present({
    frequency: spec.schedule_frequency,
    day: spec.schedule_day,
    hour: spec.schedule_hour,
    minute: spec.schedule_minute,
    cron_expression: tidyCron(spec.cron_expression),
  });
  return Object.keys(schedule).length === 0 ? null : schedule;
}

function tidyCron(cron: Json | undefined): Json | undefined {
  return typeof cron === 'string' ? cron.trim().split(/\s+/).join(' ') || undefined : cron;
}

function converted(
  value: JsonObject,
  keys: readonly string[],
  convert: (child: Json | undefined) => Json | undefined,
): JsonObject {
  const result: Record<string, Json | undefined> = { ...value };
  for (const key of keys) if (value[key] !== undefined) result[key] = convert(value[key]);
  return result;
}
