import type { Problem } from '../../../../model/diagnostic.ts';
import { isObject, type Json, type JsonObject, type Spec } from '../../../../model/json.ts';
import { isGiven, isSet } from '../../../../wire/json.ts';
import { legacyModeKeys } from '../canonical.ts';
import { flatSchedule, isHollow, usedBy } from '../schedule.ts';
import { cronFault } from './cron.ts';
import { atKey, error, type Place, warning } from './problem.ts';

/** Rules over `mode` and its schedule, and over the flat keys that stood for them once. */
export function checkTriggers(spec: Spec): readonly Problem[] {
  return isObject(spec.mode) ? [...checkMode(spec.mode), ...copies(spec)] : checkFlat(spec);
}

function checkMode(mode: JsonObject): readonly Problem[] {
  const problems: Problem[] = [];
  if (mode.type === 'live') {
    const hint = 'Write `triggered`, or leave the type out.';
    problems.push(warning('sunset-mode', ['mode', 'type'], 'Live syncs have been switched off by the service.', hint));
  }
  return [...problems, ...checkKinds(mode.triggers, ['mode', 'triggers'])];
}

function checkKinds(triggers: Json | undefined, place: Place): readonly Problem[] {
  if (!isObject(triggers)) return [];
  const hollow = Object.keys(triggers).filter((key) => isHollow(triggers[key]));
  const at: Place = [...place, 'schedule'];
  const { schedule } = triggers;
  const timed = isObject(schedule) && !isHollow(schedule) ? checkSchedule(schedule, at, (key) => [...at, key]) : [];
  return [...hollow.map((key) => emptyTrigger(key, [...place, key])), ...timed];
}

function emptyTrigger(key: string, place: Place): Problem {
  const message = `\`${key}\` is empty, which stands for no such trigger.`;
  return atKey(warning('empty-trigger', place, message, 'Remove it; `null` takes away a trigger that the sync has.'));
}

/** A schedule, wherever its keys stand: `placeOf` says where each is. */
function checkSchedule(schedule: JsonObject, place: Place, placeOf: (key: string) => Place): readonly Problem[] {
  const { frequency } = schedule;
  if (typeof frequency !== 'string' || !Object.hasOwn(usedBy, frequency)) return [];
  const used = usedBy[frequency] ?? [];
  return [
    ...checkCron(schedule, place, placeOf),
    ...(frequency === 'weekly' && !isGiven(schedule.day) ? [needsDay(place)] : []),
    ...['day', 'hour', 'minute']
      .filter((key) => isGiven(schedule[key]) && !used.includes(key))
      .map((key) => unused(key, frequency, placeOf(key))),
    ...(used.includes('hour') && schedule.hour === 24 ? [midnight(placeOf('hour'))] : []),
  ];
}

/** The API's reference counts hours up to 24. */
function midnight(place: Place): Problem {
  return warning('hour-24', place, 'The hour 24 is the hour 0: the start of the day, not its end.', 'Write 0.');
}

function checkCron(schedule: JsonObject, place: Place, placeOf: (key: string) => Place): readonly Problem[] {
  const { frequency, cron_expression: cron } = schedule;
  const at = placeOf('cron_expression');
  if (!isGiven(cron)) {
    if (frequency !== 'expression') return [];
    const message = 'The frequency `expression` needs a `cron_expression`.';
    return [error('expression-needs-cron', place, message, 'Add five fields, for example "15 6 * * 1-5" (UTC).')];
  }
  if (frequency !== 'expression') return [unused('cron_expression', String(frequency), at)];
  const fault = typeof cron === 'string' ? cronFault(cron) : undefined;
  if (fault === undefined) return [];
  const hint = 'Five fields in UTC: minute, hour, day of month, month, day of week.';
  return [error('invalid-cron', at, `The cron expression is not valid: ${fault}.`, hint)];
}

function needsDay(place: Place): Problem {
  return error('weekly-needs-day', place, 'A weekly schedule has no `day`.', 'Add it, for example `day: Monday`.');
}

function unused(key: string, frequency: string, place: Place): Problem {
  const message = `\`${key}\` means nothing with the frequency \`${frequency}\` and is dropped.`;
  return atKey(warning('unused-schedule-field', place, message, 'Remove it, or choose another frequency.'));
}

function checkFlat(spec: Spec): readonly Problem[] {
  return [...checkKinds(spec.triggers, ['triggers']), ...checkFlatSchedule(spec)];
}

function checkFlatSchedule(spec: Spec): readonly Problem[] {
  const first = flatSchedule.find((key) => isGiven(spec[key]));
  if (first === undefined) return [];
  if (!isSet(spec.schedule_frequency)) {
    const message = `\`${first}\` is given without \`schedule_frequency\`.`;
    return [error('needs-frequency', [first], message, 'Write the whole schedule under `mode.triggers.schedule`.')];
  }
  const schedule: JsonObject = {
    frequency: spec.schedule_frequency,
    day: spec.schedule_day,
    hour: spec.schedule_hour,
    minute: spec.schedule_minute,
    cron_expression: spec.cron_expression,
  };
  return checkSchedule(schedule, ['schedule_frequency'], (key) => [
    key === 'cron_expression' ? key : `schedule_${key}`,
  ]);
}

/** An answer repeats the schedule at the top; beside `mode` those are copies. */
function copies(spec: Spec): readonly Problem[] {
  return legacyModeKeys
    .filter((key) => spec[key] !== undefined)
    .map((key) =>
      atKey(warning('flat-schedule', [key], `\`${key}\` is a copy beside \`mode\` and is dropped.`, 'Remove it.')),
    );
}
