import type { Workspace } from '../census-v1/state.ts';
import type { InputProblem } from '../input-problem.ts';
import { nearest } from '../nearest.ts';
import { everyOne, type Face, groupOf } from './face.ts';
import { pathPattern } from './router.ts';

const kinds: Readonly<Record<string, (workspace: Workspace) => readonly { readonly id: number }[]>> = {
  source: ({ sources }) => sources.all(),
  destination: ({ destinations }) => destinations.all(),
  dataset: ({ datasets }) => datasets.all(),
  sync: ({ syncs }) => syncs.all(),
};

/** What keeps an account from being shown by version 2: ids that two workspaces share, and hidden groups that it does not have. */
export function accountProblems(face: Face): readonly InputProblem[] {
  const shared = Object.entries(kinds).flatMap(([kind, listOf]) => {
    const ids = face.world.workspaces.all().flatMap((workspace) => listOf(workspace).map(({ id }) => id));
    const known = new Set<number>();
    return ids.filter((id) => known.size === known.add(id).size).map((id) => sharedId(kind, id));
  });
  const groups = everyOne(face, ({ sources }) => sources.all()).map(({ workspace, thing }) =>
    groupOf(face, workspace, thing.id),
  );
  const unknown = face.switches.hiddenGroups.filter((group) => !groups.includes(group));
  return [...shared, ...unknown.map((group) => unknownGroup(group, [...new Set(groups)]))];
}

/** Paths that are to be missing, and that were never there. */
export function pathProblems(
  paths: readonly string[],
  routes: readonly { readonly on: string }[],
): readonly InputProblem[] {
  const readable = routes.flatMap(({ on }) => (on.startsWith('GET ') ? [on.slice(4).replaceAll(/:\w+/gu, '*')] : []));
  const unknown = paths.filter((path) => !readable.some((one) => pathPattern(path).test(one)));
  return unknown.map((path) => {
    const meant = nearest(path, readable);
    const help = meant === undefined ? '' : `Did you mean "${meant}"? `;
    return { message: `There is no path "${path}" to read.`, hint: `${help}Write it as /sources/*/models.` };
  });
}

function sharedId(kind: string, id: number): InputProblem {
  return {
    message: `Two workspaces of the seed have a ${kind} with the id ${id}.`,
    hint: 'Give each its own id: version 2 shows them all together.',
  };
}

function unknownGroup(group: string, groups: readonly string[]): InputProblem {
  const meant = nearest(group, groups);
  const help = meant === undefined ? '' : `Did you mean "${meant}"? `;
  return { message: `There is no group "${group}" to hide.`, hint: `${help}Groups are ${groups.join(', ')}.` };
}
