import { censusSyncTraits } from '../../../../generated/census-sync-traits.ts';
import { isList, isObject, type Json, type JsonObject, type Spec } from '../../../../model/json.ts';
import type { Live } from '../../../../model/live.ts';
import { type Call, idText, misshapen, type Shapes, shapes } from '../../../../wire/answer.ts';
import { createdOf, isSet, only, present } from '../../../../wire/json.ts';
import { canonical, legacyModeKeys, serverKeys } from '../../language/canonical.ts';
import { byPosition } from '../../language/mapping.ts';
import { canonicalMode, modeFromFlat } from '../../language/schedule.ts';

const fields = Object.keys(censusSyncTraits.spec.fields ?? {}).filter((key) => !serverKeys.includes(key));
const understood: readonly string[] = [...fields, ...legacyModeKeys, 'lead_union_insert_to'];

/**
 * One sync as the API answers it, in canonical form. Keys that nobody knows are ignored; a shape that nobody knows is a
 * ProviderError that names it. Null and absent parts of a broken sync (a source that was deleted) are let pass.
 */
export function decode(wire: Json | undefined, call: Call): Live {
  if (!isObject(wire)) throw misshapen(call, 'the sync', 'an object', wire);
  const id = idText(wire.id);
  if (id === undefined) throw misshapen(call, '/id of a sync', 'a whole number', wire.id);
  const shape = shapes(call, `sync ${id}`);
  const label = shape.text(wire.label, '/label');
  checkShapes(wire, shape);
  const spec = canonical(readable(only(wire, understood)));
  spec.mode = liveMode(wire);
  const health = healthOf(wire.status);
  const live = { kind: censusSyncTraits.kind, id, label: label === '' ? undefined : label };
  const created = createdOf(wire);
  const more = { ...(created !== undefined && { created }), ...(health !== undefined && { health }) };
  return { ...live, spec: withTopicName(spec, wire), ...more };
}

/** The reference has `ready`, `up to date` and `failing`; answers come in capitals (sheet, section 5). */
const healthWords: ReadonlyMap<string, Live['health']> = new Map([
  ['ready', 'ok'],
  ['up to date', 'ok'],
  ['failing', 'failing'],
]);

/** How its last run went, as far as the answer says it. */
function healthOf(status: Json | undefined): Live['health'] {
  return typeof status === 'string' ? healthWords.get(status.toLowerCase()) : undefined;
}

/** Topics cannot be looked up, so a manifest that names one is compared with the name that the answer shows beside the id. */
function withTopicName(spec: Spec, wire: JsonObject): Spec {
  const { source_attributes: source } = spec;
  const shown = isObject(wire.source_attributes) ? wire.source_attributes.object : undefined;
  if (!isObject(source) || !isObject(source.object) || !isObject(shown)) return spec;
  if (source.object.type !== 'topic' || !isSet(shown.name)) return spec;
  return { ...spec, source_attributes: { ...source, object: { ...source.object, name: shown.name } } };
}

function checkShapes(wire: JsonObject, shape: Shapes): void {
  shape.text(wire.operation, '/operation');
  const source = shape.object(wire.source_attributes, '/source_attributes');
  shape.object(source?.object, '/source_attributes/object');
  shape.object(wire.destination_attributes, '/destination_attributes');
  shape.object(wire.advanced_configuration, '/advanced_configuration');
  shape.object(wire.high_water_mark_attributes, '/high_water_mark_attributes');
  checkMode(wire, shape);
  let index = 0;
  for (const mapping of shape.list(wire.mappings, '/mappings') ?? []) {
    // A workspace has a hundred thousand of them: the place of one that is right is never spelled.
    if (!isWellShaped(mapping)) checkMapping(mapping, `/mappings/${index}`, shape);
    index += 1;
  }
  for (const [at, alert] of (shape.list(wire.alert_attributes, '/alert_attributes') ?? []).entries()) {
    const item = shape.object(alert, `/alert_attributes/${at}`);
    if (typeof item?.type !== 'string') shape.fail(item?.type, `/alert_attributes/${at}/type`, 'text');
    shape.object(item?.options, `/alert_attributes/${at}/options`);
  }
}

function checkMode(wire: JsonObject, shape: Shapes): void {
  const mode = shape.object(wire.mode, '/mode');
  const triggers = shape.object(mode?.triggers, '/mode/triggers');
  for (const key of ['schedule', 'dbt_cloud', 'fivetran', 'sync_sequence']) {
    shape.object(triggers?.[key], `/mode/triggers/${key}`);
  }
  if (mode === undefined) shape.object(wire.triggers, '/triggers');
}

/** Has a mapping the shape that nearly all have? Of every other one `checkMapping` finds out whether it can be let pass. */
function isWellShaped(mapping: Json): boolean {
  if (!isObject(mapping) || typeof mapping.to !== 'string' || !isObject(mapping.from)) return false;
  return typeof mapping.from.type === 'string' && mapping.from.type !== 'constant_value';
}

function checkMapping(value: Json, place: string, shape: Shapes): void {
  const mapping = shape.object(value, place) ?? shape.fail(value, place, 'an object');
  if (typeof mapping.to !== 'string') shape.fail(mapping.to, `${place}/to`, 'text');
  // A bare string was the form of 2021 and still means a column.
  if (typeof mapping.from === 'string') return;
  const from = shape.object(mapping.from, `${place}/from`);
  if (typeof from?.type !== 'string') shape.fail(from?.type, `${place}/from/type`, 'text');
  if (from?.type !== 'constant_value') return;
  const data = shape.object(from.data, `${place}/from/data`);
  if (isObject(data?.value) || Array.isArray(data?.value))
    shape.fail(data.value, `${place}/from/data/value`, 'a scalar');
}

/** The answer with its mappings in order and the JSON of a Google Sheets object, should it ever come unpacked, packed again. */
export function readable(wire: JsonObject): JsonObject {
  const { mappings, destination_attributes: destination } = wire;
  const result: Record<string, Json | undefined> = { ...wire };
  if (isList(mappings)) result.mappings = byPosition(mappings);
  if (isObject(destination) && isObject(destination.object)) {
    result.destination_attributes = { ...destination, object: JSON.stringify(destination.object) };
  }
  return result;
}

/** Every sync has a mode: without one the flat fields of legacy syncs tell it, and without those it runs by hand. */
function liveMode(wire: JsonObject): JsonObject {
  const mode = isObject(wire.mode) ? canonicalMode(wire.mode) : (modeFromFlat(present(wire)) ?? {});
  const triggers = present(isObject(mode.triggers) ? mode.triggers : {});
  return {
    ...mode,
    type: mode.type ?? 'triggered',
    triggers: { schedule: { frequency: 'never' }, ...scheduled(triggers) },
  };
}

/** An empty schedule is none. */
function scheduled(triggers: JsonObject): JsonObject {
  const { schedule, ...others } = triggers;
  return isObject(schedule) && isSet(schedule.frequency) ? { schedule, ...others } : others;
}
