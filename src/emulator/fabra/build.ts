import { randomBytes } from 'node:crypto';
import { defaultSeed } from './default-seed.ts';
import type { FabraSeed, SeedSync } from './seed.ts';
import { type FabraProfile, freshId, type Mapping, type Schedule, type Sync, type World } from './state.ts';

interface BuildOptions {
  readonly seed: FabraSeed;
  readonly token: string | undefined;
  readonly profile: FabraProfile;
  readonly patience: number;
}

/** The state that a seed describes. */
export function buildWorld({ seed, token, profile, patience }: BuildOptions): World {
  const whole = seed.keys === undefined ? { ...defaultSeed, ...seed } : seed;
  const rows = [...(whole.syncs ?? [])].sort((left, right) => left.id - right.id);
  const syncs = byId(rows.map(syncOf));
  return {
    profile,
    keys: keysOf(whole.keys ?? {}, token),
    destinations: byId((whole.destinations ?? []).map((one) => ({ organization_id: 1, ...one }))),
    sources: byId((whole.sources ?? []).map((one) => ({ organization_id: 1, ...one }))),
    objects: byId((whole.objects ?? []).map((one) => ({ ...bareTarget, ...one }))),
    fields: byId((whole.object_fields ?? []).map((one) => ({ omit: false, optional: false, ...one }))),
    syncs,
    schedules: new Map(rows.filter((row) => row.scheduled !== false).map((row) => [row.id, scheduleOf(row)])),
    scheduler: { state: 'up' },
    patience,
    nextSyncId: whole.next_sync_id ?? freshId(syncs),
  };
}

/** The first key is the given one, or a fresh one where the seed names none. */
function keysOf(keys: Readonly<Record<string, number>>, token: string | undefined): ReadonlyMap<string, number> {
  const [[first, organisation] = [randomBytes(32).toString('base64'), 1] as const, ...others] = Object.entries(keys);
  return new Map([[token ?? first, organisation], ...others]);
}

const bareTarget = {
  organization_id: 1,
  target_type: 'single_existing',
  namespace: null,
  table_name: null,
  sync_mode: 'full_overwrite',
  cursor_field: null,
  primary_key: null,
  end_customer_id_field: null,
  recurring: false,
  frequency: null,
  frequency_units: null,
};

const bareSync = {
  organization_id: 1,
  status: 'active',
  namespace: null,
  table_name: null,
  custom_join: null,
  cursor_position: null,
  source_cursor_field: null,
  source_primary_key: null,
  sync_mode: 'full_overwrite',
  recurring: false,
  frequency: null,
  frequency_units: null,
  sync_runs: [],
  deactivated: false,
};

function syncOf({ scheduled: _, field_mappings: mappings = [], ...row }: SeedSync): Sync {
  return { ...bareSync, ...row, field_mappings: mappings.map(mappingOf) };
}

/** A mapping with what may be left out. */
export function mappingOf(mapping: NonNullable<SeedSync['field_mappings']>[number]): Mapping {
  return { source_field_type: '', is_json_field: false, ...mapping };
}

function scheduleOf({ id, status, recurring = false, frequency = null, frequency_units = null }: SeedSync): Schedule {
  return { sync_id: id, paused: status === 'paused', recurring, frequency, frequency_units, triggers: 0 };
}

function byId<T extends { readonly id: number }>(things: readonly T[]): Map<number, T> {
  return new Map([...things].sort((left, right) => left.id - right.id).map((one) => [one.id, one]));
}
