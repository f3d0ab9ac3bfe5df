import { findDrift } from '../core/drift.ts';
import { boundKeys } from '../core/memory/ledger.ts';
import { wantedMoves } from '../core/moves/wanted.ts';
import { choose } from '../core/selection.ts';
import type { DriftReport } from '../model/drift.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Ledger } from '../model/ledger.ts';
import { partsOf } from '../model/live.ts';
import { partOf } from '../model/plan.ts';
import { resourceOf, traitsIn } from '../model/provider.ts';
import { movedSnapshot } from './moves.ts';
import { driftWithNames, type Read } from './names.ts';
import { guardGlobs } from './plan.ts';
import { readSnapshot } from './read.ts';
import type { GlobWishes, TargetRequest } from './request.ts';
import { examined, resolveNames } from './resolve.ts';
import { typesFor } from './types-asked.ts';

/**
 * What changed on the live side since the last apply. Sends reads only. `globs`: what to look at.
 * @throws InvalidInput for names that cannot be resolved, SynclineError for guards and (exit 4)
 * `no-ledger` where manifests exist and the ledger binds nothing, ProviderError where a read fails.
 */
export async function driftTarget(request: TargetRequest, globs: GlobWishes = {}): Promise<DriftReport> {
  const read: Read = new Map();
  const resolving = resolveNames(request, read).then((manifests) => examined(request, manifests));
  const [snapshot, manifests] = await Promise.all([readSnapshot(request, resolving), resolving]);
  // What waits to be moved is compared with the manifest that takes it over; lines that cannot be followed are for a plan to tell.
  const { moves } = wantedMoves(snapshot.ledger, manifests);
  const { ledger, live, gone } = movedSnapshot(request.provider, snapshot, moves);
  guardGlobs(request, globs, [...manifests.map((one) => one.address), ...Object.keys(snapshot.ledger?.syncs ?? {})]);
  const chosen = choose(globs);
  if (ledger !== null && manifests.length > 0 && boundKeys(ledger).length === 0) throw nothingBound(request);
  const input = { traitsOf: traitsIn(request.provider), types: new Map(), manifests, live, ledger, gone, chosen };
  const found = findDrift(input);
  const types = await typesFor(request.provider, found.drift);
  const { drift, notes } = types.size === 0 ? found : findDrift({ ...input, types });
  return {
    target: request.target.name,
    selection: partOf(chosen.selection),
    drift: await driftWithNames(request.provider, input, drift, read),
    notes: [...notes, ...unseen(request, ledger)],
  };
}

/** Where a service goes on listing what is deleted, silence about it says nothing. */
function unseen({ provider }: TargetRequest, ledger: Ledger | null): string[] {
  const kinds = new Set(ledger === null ? [] : boundKeys(ledger).map((key) => partsOf(key).kind));
  return [...kinds].flatMap((kind) => {
    const { capabilities, traits } = resourceOf(provider, kind);
    if (capabilities.deletions === 'visible') return [];
    return [
      `This service goes on listing what was deleted, so a ${traits.noun} that somebody else deletes cannot be seen here.`,
    ];
  });
}

/** Nothing to compare with is not "nothing changed": a ledger that was lost must not look like peace. */
function nothingBound({ target }: TargetRequest): SynclineError {
  const message = `The ledger of target "${target.name}" binds nothing, so there is nothing to compare with.`;
  const hint = 'Run `syncline apply`, or `syncline adopt --all-matching` where the ledger was lost.';
  return new SynclineError('no-ledger', message, hint, Exit.refused);
}
