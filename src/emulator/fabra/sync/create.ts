import { bad, crash, unexpected } from '../reply.ts';
import { dial } from '../scheduler.ts';
import { fieldsOfTarget, type Sync, type Target, type TargetField, type World } from '../state.ts';
import { fitsColumns, fitsMapping } from './columns.ts';
import type { SyncRequest } from './request.ts';

/**
 * Makes a sync in the order of the server: checks, row, mappings one by one, schedule. Nothing is taken back, so what
 * fails after the row leaves a ghost: a sync that is listed and has no schedule. Throws Stopped.
 */
export function createSync(request: SyncRequest, customer: string, organisation: number, world: World): Sync {
  const target = world.objects.get(request.object_id);
  requireReadable(request);
  if (target?.organization_id !== organisation) throw unexpected();
  const fields = fieldsOfTarget(world, target.id);
  const recurring = request.recurring ?? target.recurring;
  const sync = effective(request, { target, fields, customer, recurring });
  if (recurring) requireSlow(sync.frequency, sync.frequency_units);
  const missing = fields.find((field) => !field.optional && !field.omit && !isMapped(request, field));
  if (missing !== undefined) throw bad(`object field ${missing.name} is not mapped`);
  const id = insert(sync, world);
  insertMappings(id, request, world);
  schedule(id, recurring, world);
  const made = world.syncs.get(id);
  if (made === undefined) throw unexpected();
  return made;
}

function requireReadable({ table_name: table, namespace, custom_join: join }: SyncRequest): void {
  if ((table === null || namespace === null) && join === null) {
    throw bad('must have table_name and namespace or custom_join');
  }
}

/** Thirty minutes will do, whatever the message says. */
function requireSlow(frequency: number | null, units: string | null): void {
  if (frequency === null) throw crash();
  if (frequency > 0 && frequency < 30 && units === null) throw crash();
  if (frequency <= 0 || (frequency < 30 && units === 'minutes')) throw bad('Frequency must be greater than 30 minutes');
}

function isMapped(request: SyncRequest, field: TargetField): boolean {
  return request.field_mappings.some((mapping) => mapping.destination_field_id === field.id);
}

interface Context {
  readonly target: Target;
  readonly fields: readonly TargetField[];
  readonly customer: string;
  readonly recurring: boolean;
}

/** The row with what it inherits from its object; later changes of the object do not follow. */
function effective(request: SyncRequest, { target, fields, customer, recurring }: Context): Omit<Sync, 'id'> {
  const table = request.namespace === null || request.table_name === null ? undefined : request;
  const mappedTo = (name: string | null): string | null => {
    if (name === null) return null;
    const id = fields.find((field) => field.name === name)?.id ?? 0;
    return request.field_mappings.find((mapping) => mapping.destination_field_id === id)?.source_field_name ?? null;
  };
  return {
    organization_id: target.organization_id,
    status: 'active',
    end_customer_id: customer,
    display_name: request.display_name,
    source_id: request.source_id,
    object_id: target.id,
    namespace: table?.namespace ?? null,
    table_name: table?.table_name ?? null,
    custom_join: request.custom_join,
    cursor_position: null,
    source_cursor_field: request.source_cursor_field ?? mappedTo(target.cursor_field),
    source_primary_key: request.source_primary_key ?? mappedTo(target.primary_key),
    sync_mode: request.sync_mode ?? target.sync_mode,
    recurring,
    frequency: request.frequency ?? target.frequency,
    frequency_units: request.frequency_units ?? target.frequency_units,
    field_mappings: [],
    sync_runs: [],
    deactivated: false,
  };
}

/** Over-long texts are refused before the row gets its id; an unknown source uses one up. As traced, `recurring` is lost. */
function insert(sync: Omit<Sync, 'id'>, world: World): number {
  if (!fitsColumns(sync)) throw unexpected();
  const id = world.nextSyncId;
  world.nextSyncId += 1;
  if (!world.sources.has(sync.source_id)) throw unexpected();
  const recurring = world.profile === 'as-intended' && sync.recurring;
  world.syncs.set(id, { id, ...sync, recurring });
  return id;
}

function insertMappings(id: number, request: SyncRequest, world: World): void {
  const field_mappings = [];
  for (const mapping of request.field_mappings) {
    if (!fitsMapping(mapping) || !world.fields.has(mapping.destination_field_id)) throw unexpected();
    field_mappings.push(mapping);
    const sync = world.syncs.get(id);
    if (sync !== undefined) world.syncs.set(id, { ...sync, field_mappings: [...field_mappings] });
  }
}

const units = new Set(['minutes', 'hours', 'days', 'weeks']);

/** Makes the schedule of a row; a recurring sync runs at once. Units are looked at only now. */
function schedule(id: number, recurring: boolean, world: World): void {
  dial(world);
  const sync = world.syncs.get(id);
  if (sync === undefined) throw unexpected();
  if (recurring && sync.frequency_units === null) throw crash();
  if (recurring && !units.has(sync.frequency_units ?? '')) throw unexpected();
  const { frequency, frequency_units } = sync;
  const triggers = recurring ? 1 : 0;
  world.schedules.set(id, { sync_id: id, paused: false, recurring, frequency, frequency_units, triggers });
}
