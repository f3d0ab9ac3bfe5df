import { isList, isObject, type Json, type JsonObject, listAt } from '../../json.ts';
import type { Alert, World } from '../state.ts';
import type { Draft } from './draft.ts';
import { recordTypes } from './vocabulary.ts';

/** The one thing the API ever says about alerts. */
const invalid = 'sync_alert_configurations is invalid';

/** The first reason to refuse `alert_attributes`. */
export function alertsProblem({ sent, existing, world }: Draft): string | undefined {
  const list = sent.alert_attributes ?? undefined;
  if (list === undefined) return undefined;
  if (!isList(list)) return 'alert_attributes must be an array';
  const known = existing?.alerts ?? [];
  const kept = list.map((item) => (isObject(item) ? item.id : undefined));
  const ids = kept.filter(isNumber);
  if (new Set(ids).size !== ids.length) return invalid;
  const wrong = list.findIndex((item) => !isObject(item) || !isValid(item) || !idFits(item, known));
  if (wrong !== -1) return invalid;
  return world.quirks.alertIdsRequired && list.some((item) => isTwin(item, known, kept)) ? invalid : undefined;
}

function isValid(item: JsonObject): boolean {
  const { type, send_for = 'first_time', should_send_recovery = true } = item;
  if (send_for !== 'first_time' && send_for !== 'every_time') return false;
  if (typeof should_send_recovery !== 'boolean') return false;
  const options = item.options ?? {};
  if (!isObject(options)) return false;
  switch (type) {
    case 'FailureAlertConfiguration':
      return true;
    case 'FullSyncTriggerAlertConfiguration':
      return !should_send_recovery;
    case 'InvalidRecordPercentAlertConfiguration':
      return isPercent(options.threshold);
    case 'RecordCountDeviationAlertConfiguration':
      return isNumber(options.threshold) && isOneOf(options.record_type, recordTypes) && comparesRuns(options);
    case 'RuntimeAlertConfiguration':
      return (
        isNumber(options.threshold) &&
        isOneOf(options.unit, ['minutes', 'hours']) &&
        isOneOf(options.start_type, ['actual', 'scheduled'])
      );
    case 'StatusAlertConfiguration':
      return isOneOf(options.status_name, ['started', 'completed']);
    default:
      return false;
  }
}

/** How many past runs to compare with: nobody has printed the key, so any further number counts. */
function comparesRuns(options: JsonObject): boolean {
  return Object.entries(options).some(([key, value]) => key !== 'threshold' && isNumber(value));
}

function isPercent(value: Json | undefined): boolean {
  return typeof value === 'number' && value >= 0 && value <= 100;
}

function isNumber(value: Json | undefined): value is number {
  return typeof value === 'number';
}

function isOneOf(value: Json | undefined, values: readonly string[]): boolean {
  return typeof value === 'string' && values.includes(value);
}

function idFits(item: JsonObject, known: readonly Alert[]): boolean {
  const id = item.id ?? undefined;
  return id === undefined || known.some((alert) => alert.id === id);
}

/** An alert without an id whose living twin is left out of the list, or stands in it unchanged. */
function isTwin(item: Json, known: readonly Alert[], kept: readonly (Json | undefined)[]): boolean {
  if (!isObject(item) || (item.id ?? undefined) !== undefined) return false;
  const options = JSON.stringify(item.options ?? {});
  return known.some(
    (alert) => alert.type === item.type && (!kept.includes(alert.id) || JSON.stringify(alert.options) === options),
  );
}

/** What a checked `alert_attributes` leaves on the sync: defaults where a create says nothing, no change where a PATCH does. */
export function acceptAlerts({ sent, existing, world }: Draft): readonly Alert[] {
  const list = sent.alert_attributes;
  if (!isList(list)) return existing?.alerts ?? defaultAlerts(world);
  const known = existing?.alerts ?? [];
  const given = list.filter(isObject);
  const kept = given.map((item) => item.id);
  const fresh = new Set(given.filter((item) => !isNumber(item.id)).map((item) => item.type));
  const duplicated = known.filter((alert) => !kept.includes(alert.id) && fresh.has(alert.type));
  return [...duplicated, ...given.map((item) => acceptAlert(item, isNumber(item.id) ? item.id : world.nextId()))];
}

/** The alerts of an answer; those without an id cannot be kept by a PATCH. */
export function knownAlerts(answer: JsonObject): readonly Alert[] {
  const list = listAt(answer, 'alert_attributes').filter(isObject);
  return list.flatMap((item) => (isNumber(item.id) ? [acceptAlert(item, item.id)] : []));
}

function acceptAlert(item: JsonObject, id: number): Alert {
  return {
    id,
    type: String(item.type),
    send_for: typeof item.send_for === 'string' ? item.send_for : 'first_time',
    should_send_recovery: item.should_send_recovery !== false,
    options: isObject(item.options) ? item.options : {},
  };
}

function defaultAlerts(world: World): readonly Alert[] {
  const both = { send_for: 'first_time', should_send_recovery: true };
  return [
    { id: world.nextId(), type: 'FailureAlertConfiguration', ...both, options: {} },
    { id: world.nextId(), type: 'InvalidRecordPercentAlertConfiguration', ...both, options: { threshold: 75 } },
  ];
}
