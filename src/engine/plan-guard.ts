import { Exit, SynclineError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
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
    ['tool version', majorOf(plan.tool), majorOf(tool)],
  ];
  for (const [what, planned, found] of here) {
    if (planned === found) continue;
    const message = `The plan was made for ${what} ${planned}, and this is ${found}.`;
    throw new SynclineError('wrong-plan', message, 'Make a new plan where it is to be applied.', Exit.refused);
  }
}

/** `syncline 1.4.2` → `1`. */
function majorOf(tool: string): string {
  return tool.replace(/^syncline /, '').split('.')[0] ?? '';
}
