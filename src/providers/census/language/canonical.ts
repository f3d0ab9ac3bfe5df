import { censusSyncTraits } from '../../../generated/census-sync-traits.ts';
import { isList, isObject, type Json, type JsonObject, type Spec } from '../../../model/json.ts';
import { asNumber, isSet, without } from '../../../wire/json.ts';
import { canonicalMapping, isCompoundKey, placed } from './mapping.ts';
import { canonicalMode, flatSchedule, modeFromFlat } from './schedule.ts';
import { canonicalSource } from './source.ts';

/** Top-level keys of legacy syncs whose values live in `mode` today. */
export const legacyModeKeys: readonly string[] = [...flatSchedule, 'triggers'];

/** Top-level keys that are accepted and dropped: only the server sets them, or this tool by itself. */
export const serverKeys: readonly string[] = Object.entries(censusSyncTraits.spec.fields ?? {})
  .filter(([, field]) => field.server === true)
  .map(([key]) => key);

/** Top-level keys that say at API v2 which activation a sync belongs to. */
export const activationKeys: readonly string[] = ['activation', 'activation_id'];

export const ownKeys: readonly string[] = ['validate_only'];

const percent = 'failed_record_notifications_threshold_percent';

const dropped: readonly string[] = [...legacyModeKeys, 'lead_union_insert_to', ...serverKeys, ...ownKeys];

/**
 * The one form in which manifests and live answers are compared: request spelling, short forms unfolded, legacy keys moved to
 * where they belong today, server-set keys gone. Null stays null (it clears). Idempotent; total on what the schema accepts. A copy at the
 * top, which whoever asked may change there.
 */
export function canonical(spec: Spec): Record<string, Json | undefined> {
  const result: Record<string, Json | undefined> = without(spec, dropped);
  if (isObject(spec.source_attributes)) result.source_attributes = canonicalSource(spec.source_attributes);
  const destination = canonicalDestination(spec);
  if (destination !== undefined) result.destination_attributes = destination;
  if (isList(spec.mappings)) result.mappings = canonicalMappings(spec.mappings);
  const mode = modeOf(spec);
  if (mode !== undefined) result.mode = mode;
  if (spec[percent] !== undefined) result[percent] = asNumber(spec[percent]);
  if (isList(spec.alert_attributes)) result.alert_attributes = spec.alert_attributes.map(canonicalAlert);
  return result;
}

/** A pasted answer has its mappings in any order, and tells their places by `position`. */
function canonicalMappings(mappings: readonly Json[]): Json {
  const kept: Json[] = [];
  for (const mapping of placed(mappings))
    if (!isCompoundKey(mapping)) kept.push(isObject(mapping) ? canonicalMapping(mapping) : mapping);
  return kept;
}

/** `mode` wins over the flat copies beside it; a null `mode` beside a flat frequency is a legacy sync's answer. */
function modeOf(spec: Spec): Json | undefined {
  if (isObject(spec.mode)) return canonicalMode(spec.mode);
  if (spec.mode === undefined || isSet(spec.schedule_frequency)) return modeFromFlat(spec) ?? spec.mode;
  return spec.mode;
}

function canonicalDestination(spec: Spec): Json | undefined {
  const { destination_attributes: destination, lead_union_insert_to: legacy } = spec;
  if (destination !== undefined && !isObject(destination)) return destination;
  if (destination === undefined && legacy === undefined) return undefined;
  const result: Record<string, Json | undefined> = { ...destination };
  if (destination?.connection_id !== undefined) result.connection_id = asNumber(destination.connection_id);
  if (typeof destination?.object === 'string') result.object = canonicalObjectName(destination.object);
  if (legacy !== undefined && destination?.lead_union_insert_to === undefined) result.lead_union_insert_to = legacy;
  return result;
}

/** Google Sheets objects are JSON in a string, and the server may write it anew: keys are sorted. Other names pass as they are. */
function canonicalObjectName(name: string): string {
  if (!name.trimStart().startsWith('{')) return name;
  try {
    return JSON.stringify(sorted(JSON.parse(name)));
  } catch {
    return name;
  }
}

function sorted(value: Json): Json {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort((first, second) => (first < second ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]));
}

/** Alerts without their ids; options that hold nothing (`{}`, null) are the same as none. */
export function canonicalAlert(alert: Json): Json {
  if (!isObject(alert)) return alert;
  const { options } = alert;
  const rest = without(alert, ['id', 'options']);
  if (!isObject(options)) return isSet(options) ? { ...rest, options } : rest;
  const kept = canonicalOptions(options);
  return Object.keys(kept).length === 0 ? rest : { ...rest, options: kept };
}

function canonicalOptions(options: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(options)) {
    const child = key === 'threshold' ? asNumber(value) : value;
    if (isSet(child)) result[key] = child;
  }
  return result;
}
