import type { Problem } from '../../model/diagnostic.ts';
import { isObject, type JsonObject, pointer } from '../../model/json.ts';
import { isSamePlace } from '../project-groups.ts';

/** Rows whose workspace another target has already: two that own the same things would delete each other's. */
export function sharedWorkspaces({ targets }: JsonObject, rows: ReadonlySet<string>): Problem[] {
  const owners = new Map<string, { readonly name: string; readonly target: JsonObject }[]>();
  const problems: Problem[] = [];
  // The targets that are no rows come first, whatever their names.
  const all = Object.entries(isObject(targets) ? targets : {});
  for (const [name, target] of [...all.filter(([one]) => !rows.has(one)), ...all.filter(([one]) => rows.has(one))]) {
    if (!isObject(target)) continue;
    const { workspace } = target;
    if (typeof workspace !== 'number' && typeof workspace !== 'string') continue;
    const rivals = owners.get(String(workspace)) ?? [];
    const other = rows.has(name) ? rivals.find((one) => isSamePlace(one.target, target)) : undefined;
    if (other !== undefined) problems.push(shared(name, other.name, workspace));
    owners.set(String(workspace), [...rivals, { name, target }]);
  }
  return problems;
}

function shared(name: string, other: string, workspace: number | string): Problem {
  return {
    severity: 'error',
    code: 'shared-workspace',
    message: `Workspace ${workspace} is that of target "${other}" already.`,
    hint: 'Leave it to one of the two targets: what is in a workspace has one owner.',
    path: pointer(['targets', name, 'workspace']),
    at: 'value',
  };
}
