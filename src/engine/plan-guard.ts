import { planDigest } from '../core/plan/digest.ts';
import { kindOf } from '../model/address.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { traitsIn } from '../model/provider.ts';
import type { TargetRequest } from './request.ts';

/** Promise 10: a plan is for the place that it was made for, and for no other. @throws SynclineError (exit 4) `wrong-plan` */
export function assertMadeFor(
  plan: Plan,
  { provider, target, tool }: Pick<TargetRequest, 'provider' | 'target' | 'tool'>,
  workspace: Plan['workspace'],
): void {
  const here: readonly (readonly [string, string, string])[] = [
    ['target', plan.target, target.name],
    ['provider', `${plan.provider} ${plan.api}`, `${provider.name} ${provider.api}`],
    ['host', plan.host, provider.host],
    ['workspace', String(plan.workspace), String(workspace)],
    ['groups', groupsIn(plan), groupsIn(provider)],
    ['tool version', majorOf(plan.tool), majorOf(tool)],
  ];
  for (const [what, planned, found] of here) {
    if (planned === found) continue;
    const message = `The plan was made for ${what} ${planned}, and this is ${found}.`;
    throw new SynclineError('wrong-plan', message, 'Make a new plan where it is to be applied.', Exit.refused);
  }
}

function groupsIn({ groups }: { readonly groups?: readonly string[] }): string {
  return groups === undefined ? 'none' : groups.join(', ');
}

/**
 * Promise 14, where the seal was renewed too: a plan does what its digest names. Another version of this tool may count otherwise.
 * @throws SynclineError (exit 3) `plan-edited`
 */
export function assertUnedited(
  plan: Plan,
  { provider, tool }: Pick<TargetRequest, 'provider' | 'tool'>,
  name: string,
): void {
  if (plan.tool !== tool || plan.provider !== provider.name || plan.api !== provider.api) return;
  const isKnown = [...plan.changes, ...plan.blocked].every(({ address }) => provider.resources.has(kindOf(address)));
  if (isKnown && planDigest(traitsIn(provider), plan) === plan.digest) return;
  throw new SynclineError(
    'plan-edited',
    `The plan for "${plan.target}" in ${name} is not the one that its digest names.`,
    'Make a new plan with `syncline plan --out`; a plan is reviewed as it is or not at all.',
    Exit.invalid,
  );
}

/** `syncline 1.4.2` → `1`. */
function majorOf(tool: string): string {
  return tool.replace(/^syncline /, '').split('.')[0] ?? '';
}
