import type { Referent } from '../../../model/about.ts';
import { isObject, type Json, type JsonObject, type Pointer } from '../../../model/json.ts';
import { isSet } from '../../../wire/json.ts';
import { isHollow } from './schedule.ts';

/**
 * When a sync of this mode runs: `daily at 04:15`, `after sync Users and after dbt Cloud job 7`, `never` where nothing starts it.
 * A frequency or a trigger that nobody describes is called by its own name; a text in the place of an object stands for it as it is.
 */
export function runsWhen(mode: Json | undefined, at: (into: Pointer) => Referent): string {
  if (!isObject(mode)) return typeof mode === 'string' ? mode : 'never';
  if (mode.type === 'live') return 'all the time (live)';
  if (typeof mode.triggers === 'string') return mode.triggers;
  const triggers = isObject(mode.triggers) ? mode.triggers : {};
  const others = Object.keys(triggers).filter((kind) => !order.includes(kind));
  const said = [...order, ...others.sort(byCodePoint)].flatMap((kind) => {
    const trigger = triggers[kind];
    if (typeof trigger === 'string') return [trigger];
    return isObject(trigger) && !isHollow(trigger) ? [triggerWords(kind, trigger, at)] : [];
  });
  const words = said.filter((one) => one !== 'never');
  return words.length === 0 ? 'never' : words.join(' and ');
}

/** However a manifest orders them, they are told in one order. */
const order: readonly string[] = ['schedule', 'dbt_cloud', 'fivetran', 'sync_sequence'];

function byCodePoint(first: string, second: string): number {
  return first < second ? -1 : 1;
}

function triggerWords(kind: string, trigger: JsonObject, at: (into: Pointer) => Referent): string {
  switch (kind) {
    case 'schedule':
      return clockWords(trigger);
    case 'dbt_cloud':
      return `after dbt Cloud job ${plain(trigger.job_id)}`;
    case 'fivetran':
      return `after Fivetran job ${plain(trigger.job_name ?? trigger.job_id)}`;
    case 'sync_sequence': {
      const { name, id } = at('/mode/triggers/sync_sequence/sync_id');
      return `after sync ${name ?? id ?? plain(trigger.sync ?? trigger.sync_id)}`;
    }
    default:
      return `after ${kind.replaceAll('_', ' ')}`;
  }
}

function clockWords({ frequency, day, hour, minute, cron_expression: cron }: JsonObject): string {
  const time = `${twoDigits(hour)}:${twoDigits(minute)}`;
  switch (frequency) {
    case 'continuous':
      return 'continuously';
    case 'quarter_hourly':
      return 'every 15 minutes';
    case 'hourly':
      return Number(minute ?? 0) === 0 ? 'hourly' : `hourly at :${twoDigits(minute)}`;
    case 'daily':
      return `daily at ${time}`;
    case 'weekly':
      return isSet(day) ? `weekly on ${plain(day)} at ${time}` : `weekly at ${time}`;
    case 'expression':
      return `cron ${plain(cron)}`;
    default:
      return isSet(frequency) ? plain(frequency) : 'never';
  }
}

function twoDigits(value: Json | undefined): string {
  return plain(value ?? 0).padStart(2, '0');
}

function plain(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
}
