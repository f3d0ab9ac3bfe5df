import { findDrift } from '../core/drift.ts';
import type { DriftReport } from '../model/drift.ts';
import { guardSelection } from './plan.ts';
import { readSnapshot } from './read.ts';
import type { TargetRequest } from './request.ts';
import { examined, resolveNames } from './resolve.ts';

/**
 * What changed on the live side since the last apply. Sends reads only. `only`: a glob of addresses.
 * @throws InvalidInput for names that cannot be resolved, SynclineError for guards, ProviderError where a read fails.
 */
export async function driftTarget(request: TargetRequest, only: string | undefined): Promise<DriftReport> {
  const resolving = resolveNames(request).then((manifests) => examined(request, manifests));
  const [snapshot, manifests] = await Promise.all([readSnapshot(request, resolving), resolving]);
  const { ledger, live, gone } = snapshot;
  guardSelection(only, [...manifests.map((one) => one.address), ...Object.keys(ledger?.syncs ?? {})]);
  const found = findDrift({ traits: request.provider.traits, manifests, live, ledger, gone, only });
  return { target: request.target.name, ...found };
}
