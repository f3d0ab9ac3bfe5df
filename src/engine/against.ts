import { comparePlans } from '../core/plan/against.ts';
import type { Comparison } from '../model/against.ts';
import type { Plan } from '../model/plan.ts';
import { traitsIn } from '../model/provider.ts';
import type { Planned } from './plan.ts';
import { assertMadeFor } from './plan-guard.ts';
import type { PlanOptions, Since, TargetRequest } from './request.ts';

/** Plans as an earlier plan was made: the same part of the target, with the same numbers. */
export function optionsAs(then: Plan, since: Since | undefined): Omit<PlanOptions, 'commit'> {
  const { selection, forced, prune } = then;
  const only = selection.only ?? [];
  return {
    prune,
    only,
    exclude: selection.exclude,
    // What a glob meant then may be gone: that is a difference, and no mistake.
    elsewhere: new Set([...only, ...selection.exclude]),
    since,
    forceDeletes: forced.deletes ?? undefined,
    forceCreates: forced.creates ?? undefined,
  };
}

/**
 * What `make` plans now, beside an earlier plan of the same place.
 * @throws SynclineError (exit 4) for a plan of another place, before anything is sent where that can be known
 */
export async function planAgainst<Made extends Planned>(
  request: TargetRequest,
  then: Plan,
  make: () => Promise<Made>,
): Promise<Made & { readonly comparison: Comparison }> {
  assertMadeFor(then, request, then.workspace);
  const made = await make();
  assertMadeFor(then, request, made.plan.workspace);
  return { ...made, comparison: comparePlans(traitsIn(request.provider), then, made.plan) };
}
