import { makePlan } from '../core/plan.ts';
import type { Plan } from '../model/plan.ts';
import { probePlan } from './probe.ts';
import { readSnapshot, type Snapshot } from './read.ts';
import type { PlanOptions, TargetRequest } from './request.ts';
import { resolveNames } from './resolve.ts';

/** A plan, and what it was made from. */
export interface Planned {
  readonly plan: Plan;
  readonly snapshot: Snapshot;
}

/**
 * Reads the live side, resolves names, and plans. Sends reads only.
 * @throws InvalidInput for names that cannot be resolved, SynclineError for guards, ProviderError where a read fails.
 */
export async function planTarget(request: TargetRequest, options: PlanOptions): Promise<Planned> {
  const resolving = resolveNames(request);
  const [snapshot, manifests] = await Promise.all([readSnapshot(request, resolving), resolving]);
  return { snapshot, plan: planFrom({ ...request, manifests }, options, snapshot) };
}

/** As `planTarget`, and asks the server's validate-only check about every change. */
export async function probeTarget(request: TargetRequest, options: PlanOptions): Promise<Planned> {
  const planned = await planTarget(request, options);
  return { ...planned, plan: await probePlan(request.provider, planned.plan) };
}

/** Plans from what has been read; nothing is sent. `request.manifests` must have their names resolved. */
function planFrom(request: TargetRequest, options: PlanOptions, snapshot: Snapshot): Plan {
  const { target, provider } = request;
  return makePlan({
    target: {
      name: target.name,
      provider: provider.name,
      api: provider.api,
      host: provider.host,
      workspace: snapshot.workspace?.id ?? null,
    },
    traits: provider.traits,
    manifests: request.manifests,
    live: snapshot.live,
    ledger: snapshot.ledger,
    gone: snapshot.gone,
    prune: options.prune,
    only: options.only,
    forceDeletes: options.forceDeletes,
    maxDeletes: target.limits.max_deletes,
    protect: target.protect,
    settleSeconds: target.limits.settle_seconds,
    notes: snapshot.notes,
    createdAt: request.now().toISOString(),
    tool: request.tool,
  });
}
