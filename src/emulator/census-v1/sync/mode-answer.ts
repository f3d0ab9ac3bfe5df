import { idOf, isObject, type Json, type JsonObject, objectAt, textAt } from '../../json.ts';
import { cronTime } from './cron.ts';

/** A mode as it is read back: triggered where nothing was said, `never` where there is no schedule, times filled in. */
export function modeAnswer(mode: Json | undefined): JsonObject {
  const given = isObject(mode) ? mode : {};
  const triggers = objectAt(given, 'triggers');
  return {
    type: textAt(given, 'type') ?? 'triggered',
    triggers: {
      schedule: scheduleAnswer(objectAt(triggers, 'schedule')),
      ...texts(triggers, 'dbt_cloud', ['project_id', 'job_id']),
      ...texts(triggers, 'fivetran', ['job_id', 'job_name']),
      ...(isObject(triggers.sync_sequence)
        ? { sync_sequence: { sync_id: idOf(triggers.sync_sequence.sync_id) ?? null } }
        : {}),
    },
  };
}

/** The flat copies that stand beside a mode. */
export function flatCopies(mode: JsonObject): JsonObject {
  const schedule = objectAt(objectAt(mode, 'triggers'), 'schedule');
  return {
    schedule_frequency: schedule.frequency,
    schedule_day: schedule.day,
    schedule_hour: schedule.hour,
    schedule_minute: schedule.minute,
    cron_expression: schedule.cron_expression,
  };
}

function scheduleAnswer(schedule: JsonObject): JsonObject {
  const frequency = textAt(schedule, 'frequency') ?? 'never';
  const { day = null, hour = null, minute = null, cron_expression = null } = schedule;
  const cron =
    frequency === 'expression' && typeof cron_expression === 'string' ? cronTime(cron_expression) : undefined;
  if (cron !== undefined) return { frequency, ...cron, cron_expression };
  const timed = frequency === 'daily' || frequency === 'weekly';
  return {
    frequency,
    day,
    hour: timed ? (hour ?? 0) : hour,
    minute: timed || frequency === 'hourly' ? (minute ?? 0) : minute,
    cron_expression,
  };
}

/** Ids of other services are text, whatever was sent. */
function texts(triggers: JsonObject, kind: string, keys: readonly string[]): JsonObject {
  const trigger = triggers[kind];
  return isObject(trigger) ? { [kind]: Object.fromEntries(keys.map((key) => [key, String(trigger[key])])) } : {};
}
