import { findDrift } from '../core/drift.ts';
import { boundIds } from '../core/ledger.ts';
import type { DriftReport } from '../model/drift.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Ledger } from '../model/ledger.ts';
import { guardSelection } from './plan.ts';
import { readSnapshot } from './read.ts';
import type { TargetRequest } from './request.ts';
import { examined, resolveNames } from './resolve.ts';
import { typesFor } from './types-asked.ts';

/**
 * What changed on the live side since the last apply. Sends reads only. `only`: a glob of addresses.
 * @throws InvalidInput for names that cannot be resolved, SynclineError for guards and (exit 4)
 * `no-ledger` where manifests exist and the ledger binds nothing, ProviderError where a read fails.
 */
export async function driftTarget(request: TargetRequest, only: string | undefined): Promise<DriftReport> {
  const resolving = resolveNames(request).then((manifests) => examined(request, manifests));
  const [snapshot, manifests] = await Promise.all([readSnapshot(request, resolving), resolving]);
  const { ledger, live, gone } = snapshot;
  guardSelection(only, [...manifests.map((one) => one.address), ...Object.keys(ledger?.syncs ?? {})]);
  if (ledger !== null && manifests.length > 0 && boundIds(ledger).length === 0) throw nothingBound(request);
  const input = { traits: request.provider.traits, types: new Map(), manifests, live, ledger, gone, only };
  const found = findDrift(input);
  const types = await typesFor(
    request.provider,
    found.drift.flatMap((one) => one.fields),
  );
  const { drift, notes } = types.size === 0 ? found : findDrift({ ...input, types });
  return { target: request.target.name, drift, notes: [...notes, ...unseen(request, ledger)] };
}

/** Where a service goes on listing what is deleted, silence about it says nothing. */
function unseen({ provider }: TargetRequest, ledger: Ledger | null): string[] {
  if (provider.manner.deletions === 'visible' || ledger === null || boundIds(ledger).length === 0) return [];
  return ['This service goes on listing what was deleted, so a sync that somebody else deletes cannot be seen here.'];
}

/** Nothing to compare with is not "nothing changed": a ledger that was lost must not look like peace. */
function nothingBound({ target }: TargetRequest): SynclineError {
  const message = `The ledger of target "${target.name}" binds no sync, so there is nothing to compare with.`;
  const hint = 'Run `syncline apply`, or `syncline adopt --all-matching` where the ledger was lost.';
  return new SynclineError('no-ledger', message, hint, Exit.refused);
}
