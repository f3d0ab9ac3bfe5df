import type { JsonObject } from '../json.ts';
import { mappingOf } from './build.ts';
import type { SeedSync } from './seed.ts';
import type { Schedule, SchedulerState, Sync, World } from './state.ts';
import { mappingsView, syncView } from './sync/answer.ts';

/** A look at the state, and changes that no request made. */
export interface StateAccess {
  /** Every organisation with its key. */
  organisations(): readonly { readonly id: number; readonly token: string }[];
  /**
   * The rows of syncs that reads still find, oldest first, zombies and ghosts included: what a single read shows, with
   * `field_mappings` inside (a list even where there are none), and the columns `recurring` and `frequency_units` as stored.
   */
  syncs(): readonly JsonObject[];
  /** The schedules there really are, by sync: a ghost and a deleted sync have none. */
  schedules(): readonly Schedule[];
  /** Changes the row of a sync, and nothing else. Throws where there is no such sync. */
  mutate(id: number, change: Partial<Omit<SeedSync, 'id' | 'scheduled'>>): void;
  /** Takes a sync out of every read, and its schedule away. Throws where there is no such sync. */
  remove(id: number): void;
  scheduler(): SchedulerState;
  setScheduler(state: SchedulerState): void;
}

export function behindTheBack(world: World): StateAccess {
  return {
    organisations: () => [...world.keys].map(([token, id]) => ({ id, token })),
    syncs: () => [...world.syncs.values()].filter((sync) => !sync.deactivated).map((sync) => rowOf(sync, world)),
    schedules: () => [...world.schedules.values()].map((schedule) => ({ ...schedule })),
    mutate: (id, { field_mappings: mappings, ...change }) => {
      const sync = found(world, id);
      const changed: Sync = { ...sync, ...change };
      world.syncs.set(id, mappings === undefined ? changed : { ...changed, field_mappings: mappings.map(mappingOf) });
    },
    remove: (id) => {
      world.syncs.set(id, { ...found(world, id), deactivated: true });
      world.schedules.delete(id);
    },
    scheduler: () => world.scheduler.state,
    setScheduler: (state) => {
      world.scheduler.state = state;
    },
  };
}

function rowOf(sync: Sync, world: World): JsonObject {
  const { recurring, frequency_units } = sync;
  const field_mappings = mappingsView(sync, world) ?? [];
  return structuredClone({ ...syncView(sync, world), recurring, frequency_units, field_mappings });
}

function found(world: World, id: number): Sync {
  const sync = world.syncs.get(id);
  if (sync === undefined || sync.deactivated) throw new Error(`There is no sync ${id}.`);
  return sync;
}
