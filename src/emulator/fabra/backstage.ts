import { type Backstage, backstage, shelf } from '../manners/backstage.ts';
import type { World } from './state.ts';

/** What manners may do to the syncs, and to the schedules that go with them. */
export function fabraBackstage(world: World): Backstage {
  const { syncs, schedules } = world;
  const shelves = [
    shelf(true, ...access(syncs, ({ id }) => id)),
    shelf(false, ...access(schedules, (one) => one.sync_id)),
  ];
  return backstage(
    () => shelves,
    (display_name) => {
      const newest = [...syncs.values()].at(-1);
      if (newest === undefined) return;
      const id = world.nextSyncId;
      world.nextSyncId += 1;
      syncs.set(id, { ...newest, id, display_name });
      const schedule = schedules.get(newest.id);
      if (schedule !== undefined) schedules.set(id, { ...schedule, sync_id: id });
    },
  );
}

type Access<T> = readonly [() => readonly T[], (rows: readonly T[]) => void, (row: T) => number];

function access<T>(rows: Map<number, T>, idOf: (row: T) => number): Access<T> {
  return [
    () => [...rows.values()],
    (given) => {
      rows.clear();
      for (const row of given) rows.set(idOf(row), row);
    },
    idOf,
  ];
}
