import { isObject, type Json, type JsonObject, parseJson } from '../json.ts';
import type { Sync, Workspace, World } from './state.ts';
import { acceptSync } from './sync/accept.ts';
import { syncText } from './sync/answer.ts';
import { attributesProblem } from './sync/check.ts';
import { draftOf } from './sync/draft.ts';
import { nestedFields, plainFields, requiredFields } from './sync/vocabulary.ts';

/** A look at the state, and changes that no request made: what somebody does in the product's own pages. */
export interface StateAccess {
  /** Every workspace with its key. */
  workspaces(): readonly { readonly id: number; readonly name: string; readonly token: string }[];
  /** Copies of a workspace's syncs as GET answers them, oldest first; the first workspace where none is named. */
  syncs(workspace?: number): readonly JsonObject[];
  /**
   * Changes a sync: keys that a PATCH knows as a PATCH would, others (`status`, made-up ones) as they stand. Throws where
   * there is no such sync, and where a source or destination cannot be found; nothing else is checked.
   */
  mutate(id: number, patch: JsonObject): void;
  /** Deletes a sync. Throws where there is no such sync. */
  remove(id: number): void;
}

export function behindTheBack(world: World): StateAccess {
  return {
    workspaces: () => world.workspaces.all().map(({ id, name, api_key }) => ({ id, name, token: api_key })),
    syncs: (id) => {
      const workspace = id === undefined ? world.workspaces.all()[0] : world.workspaces.get(id);
      return workspace === undefined ? [] : workspace.syncs.all().map((sync) => copy(syncText(sync, workspace, world)));
    },
    mutate: (id, patch) => {
      const { workspace, sync } = holding(world, id);
      workspace.syncs.put(changed(world, workspace, sync, patch));
    },
    remove: (id) => {
      holding(world, id).workspace.syncs.remove(id);
    },
  };
}

function copy(text: string): JsonObject {
  const value = parseJson(text);
  return isObject(value) ? value : {};
}

function holding(world: World, id: number): { readonly workspace: Workspace; readonly sync: Sync } {
  for (const workspace of world.workspaces.all()) {
    const sync = workspace.syncs.get(id);
    if (sync !== undefined) return { workspace, sync };
  }
  throw new Error(`There is no sync ${id}.`);
}

const patchable = new Set([...requiredFields, ...nestedFields, ...Object.keys(plainFields)]);

function changed(world: World, workspace: Workspace, sync: Sync, patch: JsonObject): Sync {
  const known: Record<string, Json | undefined> = {};
  const raw: Record<string, Json | undefined> = {};
  for (const [key, value] of Object.entries(patch)) (patchable.has(key) ? known : raw)[key] = value;
  const draft = draftOf(world, workspace, known, sync);
  const problem = attributesProblem(draft);
  if (problem !== undefined) throw new Error(problem);
  const accepted = acceptSync(draft);
  const moved = Object.keys(known).length > 0 ? world.now() : sync.updated_at;
  return { ...sync, updated_at: moved, ...accepted, verbatim: { ...accepted.verbatim, ...raw } };
}
