import { type Backstage, backstage, type Shelf, shelf } from '../manners/backstage.ts';
import type { Sync, Workspace, World } from './state.ts';

/** What manners may do to the syncs and datasets of every workspace; `copyNewest` does it to the first workspace that has a sync. */
export function censusBackstage(world: World): Backstage {
  const shelves = new Map<number, readonly Shelf[]>();
  const shelvesOf = (workspace: Workspace): readonly Shelf[] => {
    const { syncs, datasets } = workspace;
    const found = shelves.get(workspace.id) ?? [
      shelf(true, syncs.all, syncs.replace, ({ id }) => id),
      shelf(false, datasets.all, datasets.replace, ({ id }) => id),
    ];
    shelves.set(workspace.id, found);
    return found;
  };
  return backstage(
    () => world.workspaces.all().flatMap(shelvesOf),
    (label) => {
      const workspace = world.workspaces.all().find(({ syncs }) => syncs.all().length > 0);
      const newest = workspace?.syncs.all().at(-1);
      if (newest !== undefined) workspace?.syncs.put(copyOf(newest, label, world));
    },
  );
}

function copyOf(sync: Sync, label: string, world: World): Sync {
  const now = world.now();
  const { label: _, ...verbatim } = sync.verbatim;
  return {
    ...sync,
    id: world.nextId(),
    created_at: now,
    updated_at: now,
    body: { ...sync.body, label },
    verbatim: 'label' in sync.verbatim ? { ...verbatim, label } : verbatim,
    alerts: sync.alerts.map((alert) => ({ ...alert, id: world.nextId() })),
  };
}
