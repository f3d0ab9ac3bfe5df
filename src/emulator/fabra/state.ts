import type { JsonObject } from '../json.ts';

export interface Connection {
  readonly id: number;
  readonly connection_type: string;
}

export interface Destination {
  readonly id: number;
  readonly organization_id: number;
  readonly display_name: string;
  readonly connection: Connection;
  readonly staging_bucket?: string | undefined;
  readonly webhook_signing_key?: string | undefined;
}

export interface Source {
  readonly id: number;
  readonly organization_id: number;
  readonly end_customer_id: string;
  readonly display_name: string;
  readonly connection: Connection;
}

/** What a sync writes into. */
export interface Target {
  readonly id: number;
  readonly organization_id: number;
  readonly display_name: string;
  readonly destination_id: number;
  readonly target_type: string;
  readonly namespace: string | null;
  readonly table_name: string | null;
  readonly sync_mode: string;
  readonly cursor_field: string | null;
  readonly primary_key: string | null;
  readonly end_customer_id_field: string | null;
  readonly recurring: boolean;
  readonly frequency: number | null;
  readonly frequency_units: string | null;
}

export interface TargetField {
  readonly id: number;
  readonly object_id: number;
  readonly name: string;
  readonly type: string;
  readonly display_name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly omit: boolean;
  readonly optional: boolean;
}

export interface Mapping {
  readonly source_field_name: string;
  readonly source_field_type: string;
  readonly destination_field_id: number;
  readonly is_json_field: boolean;
}

/** A row of a sync. As traced, `recurring` is never written, and `status` and `deactivated` never change. */
export interface Sync {
  readonly id: number;
  readonly organization_id: number;
  readonly status: string;
  readonly end_customer_id: string;
  readonly display_name: string;
  readonly source_id: number;
  readonly object_id: number;
  readonly namespace: string | null;
  readonly table_name: string | null;
  readonly custom_join: string | null;
  readonly cursor_position: string | null;
  readonly source_cursor_field: string | null;
  readonly source_primary_key: string | null;
  readonly sync_mode: string;
  readonly recurring: boolean;
  readonly frequency: number | null;
  readonly frequency_units: string | null;
  readonly field_mappings: readonly Mapping[];
  readonly sync_runs: readonly JsonObject[];
  readonly deactivated: boolean;
}

/** The only thing that a PATCH, a DELETE or a run of a sync really reaches. */
export interface Schedule {
  readonly sync_id: number;
  readonly paused: boolean;
  readonly recurring: boolean;
  readonly frequency: number | null;
  readonly frequency_units: string | null;
  /** How often a run was asked for, the one of a recurring sync's creation included. */
  readonly triggers: number;
}

/** `silent` is reached, but never answers. */
export type SchedulerState = 'up' | 'down' | 'silent';

/**
 * `as-traced` is what the server was seen to do: writes that never reach a row, mixed-up texts in lists. `as-intended`
 * is what its authors meant.
 */
export type FabraProfile = 'as-traced' | 'as-intended';

export interface World {
  readonly profile: FabraProfile;
  /** Raw key to organisation. */
  readonly keys: ReadonlyMap<string, number>;
  readonly destinations: Map<number, Destination>;
  readonly sources: Map<number, Source>;
  readonly objects: Map<number, Target>;
  readonly fields: Map<number, TargetField>;
  /** Oldest first. */
  readonly syncs: Map<number, Sync>;
  readonly schedules: Map<number, Schedule>;
  readonly scheduler: { state: SchedulerState };
  /** Milliseconds until a silent scheduler is given up. */
  readonly patience: number;
  nextSyncId: number;
}

/** The fields of an object in order of creation. */
export function fieldsOfTarget(world: World, target: number): readonly TargetField[] {
  return [...world.fields.values()].filter((field) => field.object_id === target).sort((a, b) => a.id - b.id);
}

/** A sync that an organisation's reads can still find. */
export function findSync(world: World, id: number, organisation: number): Sync | undefined {
  const sync = world.syncs.get(id);
  return sync?.organization_id === organisation && !sync.deactivated ? sync : undefined;
}

export function freshId(things: ReadonlyMap<number, unknown>): number {
  let highest = 0;
  for (const id of things.keys()) highest = Math.max(highest, id);
  return highest + 1;
}
