import type { Json, JsonObject } from '../../json.ts';
import type { Mapping, Sync, Target, TargetField, World } from '../state.ts';
import { sourceView, targetView } from '../views.ts';

/** A sync as a create and a single read show it. */
export function syncView(sync: Sync, world: World): JsonObject {
  const told = world.profile === 'as-intended';
  return {
    id: sync.id,
    organization_id: sync.organization_id,
    status: sync.status,
    end_customer_id: sync.end_customer_id,
    display_name: sync.display_name,
    source_id: sync.source_id,
    object_id: sync.object_id,
    namespace: sync.namespace ?? undefined,
    table_name: sync.table_name ?? undefined,
    custom_join: sync.custom_join ?? undefined,
    cursor_position: sync.cursor_position ?? undefined,
    source_cursor_field: sync.source_cursor_field ?? undefined,
    source_primary_key: sync.source_primary_key ?? undefined,
    sync_mode: sync.sync_mode,
    recurring: told && sync.recurring,
    frequency: sync.frequency ?? undefined,
    frequency_units: told ? (sync.frequency_units ?? undefined) : undefined,
  };
}

/** Null where there are none. Name and type of a field that belongs to another object are empty. */
export function mappingsView(sync: Sync, world: World): Json {
  if (sync.field_mappings.length === 0) return null;
  return sync.field_mappings.map((mapping) =>
    mappingView(mapping, own(world.fields.get(mapping.destination_field_id), sync)),
  );
}

function own(field: TargetField | undefined, sync: Sync): TargetField | undefined {
  return field?.object_id === sync.object_id ? field : undefined;
}

function mappingView(mapping: Mapping, field: TargetField | undefined): JsonObject {
  return {
    source_field_name: mapping.source_field_name,
    source_field_type: mapping.source_field_type,
    destination_field_id: mapping.destination_field_id,
    destination_field_name: field?.name ?? '',
    destination_field_type: field?.type ?? '',
    is_json_field: mapping.is_json_field,
  };
}

export function createdAnswer(sync: Sync, world: World): JsonObject {
  return { sync: syncView(sync, world), field_mappings: mappingsView(sync, world) };
}

export function singleAnswer(sync: Sync, world: World): JsonObject {
  const { sync_runs: runs } = sync;
  return { ...createdAnswer(sync, world), next_run_time: '', sync_runs: runs.length === 0 ? null : runs };
}

/** Syncs newest first, with the sources and objects they name; a source of another organisation is left out. */
export function listAnswer(syncs: readonly Sync[], organisation: number, world: World): JsonObject {
  const read = new Set(syncs.map((sync) => sync.source_id));
  const sources = [...world.sources.values()].filter(
    (source) => source.organization_id === organisation && read.has(source.id),
  );
  const used = new Set(syncs.map((sync) => sync.object_id));
  const objects = [...world.objects.values()].filter((target) => used.has(target.id));
  return {
    syncs: listed(syncs, world, syncTexts).map((sync) => syncView(sync, world)),
    sources: sources.sort(byId).map(sourceView),
    objects: listed(objects.sort(byId), world, targetTexts).map((target) => targetView(target, [])),
  };
}

const syncTexts = [
  'namespace',
  'table_name',
  'custom_join',
  'cursor_position',
  'source_cursor_field',
  'source_primary_key',
] as const satisfies readonly (keyof Sync)[];
const targetTexts = [
  'namespace',
  'table_name',
  'cursor_field',
  'primary_key',
] as const satisfies readonly (keyof Target)[];

/** As traced, every text that is there at all is the last entry's, or empty where that one has none. */
function listed<K extends string, T extends Readonly<Record<K, string | null>>>(
  entries: readonly T[],
  world: World,
  keys: readonly K[],
): readonly T[] {
  const last = entries.at(-1);
  if (world.profile === 'as-intended' || last === undefined) return entries;
  return entries.map((entry) => {
    const mixed: Partial<Record<K, string | null>> = {};
    for (const key of keys) mixed[key] = entry[key] === null ? null : (last[key] ?? '');
    return { ...entry, ...mixed };
  });
}

function byId(left: { readonly id: number }, right: { readonly id: number }): number {
  return left.id - right.id;
}
