import { censusSyncTraits } from '../../../../generated/census-sync-traits.ts';
import {
  escapeToken,
  isList,
  isObject,
  type Json,
  type JsonObject,
  type Pointer,
  type Spec,
  tokens,
} from '../../../../model/json.ts';
import type { FieldTrait } from '../../../../model/traits.ts';
import type { Call } from '../../../../wire/answer.ts';
import { asObject, isSet, present, without } from '../../../../wire/json.ts';
import { canonical, canonicalAlert, serverKeys } from '../../language/canonical.ts';
import { modeFromFlat } from '../../language/schedule.ts';
import { encodeAlerts } from './alerts.ts';
import { decode, readable } from './decode.ts';
import { encodeField } from './encode.ts';
import { updatedMappings } from './update-mappings.ts';

const fields: Readonly<Record<string, FieldTrait>> = censusSyncTraits.spec.fields ?? {};

/**
 * The body of a PATCH that changes the live sync `wire` into `desired`: the top-level fields that `changed` touches and no
 * others. PATCH replaces nested objects, so they are built from the live object and what was changed in it; keys that nobody
 * describes survive. One-value things are sent as declared.
 */
export function encodeUpdate(wire: JsonObject, desired: Spec, changed: readonly Pointer[], call: Call): JsonObject {
  const keys = new Set(changed.map((path) => tokens(path)[0] ?? ''));
  const body: Record<string, Json> = {};
  for (const key of keys) {
    const value = updatedField(key, wire, desired, changed, call);
    if (value !== undefined) body[key] = value;
  }
  return body;
}

/**
 * The body of a create request for the sync as an update would leave it, for a probe. Everything that the server would not
 * take in a create is left out: ids, facts, and settings of another operation than the sync's.
 */
export function encodeWhole(wire: JsonObject, desired: Spec, call: Call): JsonObject {
  const operation = desired.operation ?? wire.operation;
  const live = decode(wire, call).spec;
  const kept = Object.keys(live).filter((key) => isSet(live[key]) && !foreign(key, operation));
  const body: Record<string, Json> = {};
  for (const key of new Set([...kept, ...Object.keys(desired)])) {
    const changed = desired[key] === undefined ? [] : [`/${escapeToken(key)}`];
    const value = updatedField(key, wire, desired, changed, call);
    if (isSet(value)) body[key] = key === 'alert_attributes' && isList(value) ? value.map(withoutId) : value;
  }
  return body;
}

function foreign(key: string, operation: Json | undefined): boolean {
  if (key === 'mirror_strategy') return operation !== 'mirror';
  // Deprecated, always answered, and alerts win over them anyway.
  if (key.startsWith('failed_')) return true;
  const append = ['high_water_mark_attribute', 'high_water_mark_attributes', 'historical_sync_operation'];
  return append.includes(key) && operation !== 'append';
}

function withoutId(alert: Json): Json {
  return isObject(alert) ? without(alert, ['id']) : alert;
}

function updatedField(
  key: string,
  wire: JsonObject,
  desired: Spec,
  changed: readonly Pointer[],
  call: Call,
): Json | undefined {
  const trait = fields[key];
  if (trait === undefined || serverKeys.includes(key)) return undefined;
  const value = desired[key];
  const at = `/${escapeToken(key)}`;
  if (value === null || (value === undefined && changed.includes(at))) return cleared(trait);
  if (key === 'mappings') return updatedMappings(wire, desired);
  if (key === 'alert_attributes') return encodeAlerts(wire.alert_attributes, listOr(value, wire.alert_attributes));
  if (trait.shape !== 'object' && trait.shape !== 'map') return value === '' ? cleared(trait) : (value ?? wire[key]);
  return encodeField(key, overlay(trait, liveObject(key, wire), asObject(value) ?? {}, changed, at), call);
}

function listOr(value: Json | undefined, live: Json | undefined): readonly Json[] {
  return isList(value) ? value : isList(live) ? live.map(canonicalAlert) : [];
}

/** What is sent at the top level to clear a field: the server's default, where it is stated. */
function cleared(trait: FieldTrait): Json {
  if (trait.shape === 'list') return [];
  if (trait.shape === 'map') return {};
  return trait.default ?? null;
}

/** A nested object of the live sync in canonical form, with the keys that nobody describes; legacy places are looked into. */
function liveObject(key: string, wire: JsonObject): JsonObject {
  if (key === 'mode' && !isObject(wire.mode)) return modeFromFlat(present(wire)) ?? {};
  return asObject(canonical(readable(wire))[key]) ?? {};
}

/**
 * `live` with the changed fields of `desired` in it. A declared field that the answer leaves out is sent too, for the API would
 * forget it otherwise; one that is set and was not changed stays as it is (it is equal, or somebody else's). Null removes.
 */
function overlay(
  trait: FieldTrait,
  live: JsonObject,
  desired: JsonObject,
  changed: readonly Pointer[],
  path: Pointer,
): JsonObject {
  const result: Record<string, Json | undefined> = { ...live };
  for (const key of new Set([...Object.keys(desired), ...changedBelow(path, changed)])) {
    const at = `${path}/${escapeToken(key)}`;
    const value = desired[key];
    const field = trait.fields?.[key];
    if (isObject(value) && field !== undefined && field.shape === 'object') {
      result[key] = overlay(field, asObject(live[key]) ?? {}, value, changed, at);
    } else if (!isSet(live[key]) || isTouched(at, changed)) {
      result[key] = value ?? undefined;
    }
  }
  return without(result, []);
}

/** Keys right below `path` that are to change themselves. */
function changedBelow(path: Pointer, changed: readonly Pointer[]): string[] {
  return changed.flatMap((one) => {
    const rest = one.startsWith(`${path}/`) ? tokens(one.slice(path.length)) : [];
    return rest.length === 1 ? rest : [];
  });
}

/** Does a change name this place, a place inside it, or one that holds it? */
function isTouched(path: Pointer, changed: readonly Pointer[]): boolean {
  return changed.some((one) => one === path || one.startsWith(`${path}/`) || path.startsWith(`${one}/`));
}
