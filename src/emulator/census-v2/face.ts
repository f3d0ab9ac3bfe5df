import type { Destination, Source, Sync, Workspace, World } from '../census-v1/state.ts';
import { idOf, objectAt } from '../json.ts';
import { activationSlug, groupSlug } from './slug.ts';
import type { V2Options } from './switches.ts';

/** An account as version 2 shows it. */
export interface Face {
  readonly world: World;
  readonly switches: V2Options;
  /** Pairs that were asked for, or given up, by a request; by the id of their activation. */
  readonly pairs: Map<string, 'made' | 'gone'>;
}

/** A thing, with the workspace that keeps it. */
export interface Kept<Thing> {
  readonly workspace: Workspace;
  readonly thing: Thing;
}

/** A source and a destination, and what is between them. */
export interface Activation {
  readonly id: string;
  readonly workspace: Workspace;
  readonly source: Source;
  readonly destination: Destination;
}

/** Everything of one kind that the account has, oldest first; ids break ties. */
export function everyOne<Thing extends { readonly id: number; readonly created_at: string }>(
  { world }: Face,
  listOf: (workspace: Workspace) => readonly Thing[],
): readonly Kept<Thing>[] {
  const workspaces = world.workspaces.all();
  const all = workspaces.flatMap((workspace) => listOf(workspace).map((thing) => ({ workspace, thing })));
  return workspaces.length > 1 ? all.sort((left, right) => order(left.thing, right.thing)) : all;
}

type Made = { readonly id: number; readonly created_at: string };

function order(left: Made, right: Made): number {
  if (left.created_at === right.created_at) return left.id - right.id;
  return left.created_at < right.created_at ? -1 : 1;
}

/** The thing that one of the workspaces keeps under an id. */
export function keptIn<Thing>(
  { world }: Face,
  find: (workspace: Workspace) => Thing | undefined,
): Kept<Thing> | undefined {
  for (const workspace of world.workspaces.all()) {
    const thing = find(workspace);
    if (thing !== undefined) return { workspace, thing };
  }
  return undefined;
}

/** The group of a source. */
export function groupOf({ switches }: Face, workspace: Workspace, source: number): string {
  return groupSlug(switches.groupsOf === 'source' ? source : workspace.id);
}

/** A source of a group: the oldest one, where it has several. */
export function sourceOfGroup(face: Face, group: unknown): Kept<Source> | undefined {
  return everyOne(face, ({ sources }) => sources.all()).find(
    ({ workspace, thing }) => groupOf(face, workspace, thing.id) === group,
  );
}

/** May the owner of the token see what is in this group? What is in none, everybody may. */
export function isSeen({ switches }: Face, group: string | undefined): boolean {
  return group === undefined || !switches.hiddenGroups.includes(group);
}

/** The two ids of what a sync connects, as version 1 has them. */
export function endsOf({ body }: Sync): {
  readonly source: number | undefined;
  readonly destination: number | undefined;
} {
  return {
    source: idOf(objectAt(body, 'source_attributes').connection_id),
    destination: idOf(objectAt(body, 'destination_attributes').connection_id),
  };
}

/** The group of what a sync reads; undefined where that is gone. */
export function groupOfSync(face: Face, workspace: Workspace, sync: Sync): string | undefined {
  const { source } = endsOf(sync);
  return workspace.sources.get(source) === undefined || source === undefined
    ? undefined
    : groupOf(face, workspace, source);
}

/** The id of the activation that a sync belongs to; undefined where one of its ends is gone. */
export function activationOfSync(workspace: Workspace, sync: Sync): string | undefined {
  const { source, destination } = endsOf(sync);
  if (source === undefined || destination === undefined) return undefined;
  if (workspace.sources.get(source) === undefined || workspace.destinations.get(destination) === undefined) {
    return undefined;
  }
  return activationSlug(source, destination);
}

/** Every activation, hidden ones too, in order of their destinations. */
export function activations(face: Face): readonly Activation[] {
  const workspaces = face.world.workspaces.all();
  const all = workspaces.flatMap((workspace) => {
    const used = new Set(workspace.syncs.all().map((sync) => activationOfSync(workspace, sync)));
    return workspace.destinations.all().flatMap((destination) =>
      workspace.sources.all().flatMap((source) => {
        const id = activationSlug(source.id, destination.id);
        return used.has(id) || isAskedFor(face, id) ? [{ id, workspace, source, destination }] : [];
      }),
    );
  });
  return workspaces.length > 1 ? all.sort((left, right) => order(left.destination, right.destination)) : all;
}

/** The activation with this id, hidden or not. */
export function activationById(face: Face, id: string): Activation | undefined {
  for (const workspace of face.world.workspaces.all()) {
    for (const destination of workspace.destinations.all()) {
      const source = workspace.sources.all().find((one) => activationSlug(one.id, destination.id) === id);
      if (source === undefined) continue;
      const found = { id, workspace, source, destination };
      const isUsed = workspace.syncs.all().some((sync) => connects(found, sync));
      return isUsed || isAskedFor(face, id) ? found : undefined;
    }
  }
  return undefined;
}

function isAskedFor({ switches, pairs }: Face, id: string): boolean {
  const asked = pairs.get(id);
  return asked === undefined ? switches.activationsFor === 'all-pairs' : asked === 'made';
}

/** The syncs of an activation. */
export function syncsOf(activation: Activation): readonly Sync[] {
  return activation.workspace.syncs.all().filter((sync) => connects(activation, sync));
}

function connects({ source, destination }: Activation, sync: Sync): boolean {
  const ends = endsOf(sync);
  return ends.source === source.id && ends.destination === destination.id;
}

/** What is to be done before a sync is changed or deleted: its activation stays without it, unless the switches say otherwise. */
export function keepActivation(face: Face, sync: number | undefined): void {
  const kept = face.switches.emptied === 'kept' ? keptIn(face, ({ syncs }) => syncs.get(sync)) : undefined;
  const id = kept === undefined ? undefined : activationOfSync(kept.workspace, kept.thing);
  if (id !== undefined) face.pairs.set(id, 'made');
}
