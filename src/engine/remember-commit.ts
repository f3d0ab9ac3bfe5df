import type { Age } from '../model/checkout.ts';
import { SynclineError } from '../model/errors.ts';
import type { Ledger } from '../model/ledger.ts';
import { isPartial, type Plan } from '../model/plan.ts';
import type { ApplyOptions } from './apply.ts';
import type { Snapshot } from './read.ts';
import type { TargetRequest } from './request.ts';

/**
 * Records the commit of an apply that has found nothing to do: what its manifests say is live, and an older checkout must not take it
 * back. Nothing is written where the ledger knows that commit, or binds nothing. Where it cannot be written, that is said and no more:
 * nothing was to be done.
 */
export async function rememberCommit(
  request: TargetRequest,
  plan: Plan,
  { identity, checkout }: Pick<ApplyOptions, 'identity' | 'checkout'>,
  { ledger, last }: Snapshot,
  { relation }: Age,
): Promise<void> {
  const { run, actor } = identity;
  const commit = identity.commit ?? plan.commit;
  const isNews = last === undefined || relation === 'newer' || relation === 'diverged' || relation === 'unknown';
  if (checkout === undefined || isPartial(plan.selection) || commit === null || ledger === null || !isNews) return;
  if (Object.keys(ledger.syncs).length === 0) return;
  const meta: Ledger['meta'] = { ...ledger.meta, last_apply: { run, at: request.now().toISOString(), actor, commit } };
  try {
    await request.store.save({ ...ledger, meta });
  } catch (error) {
    if (!(error instanceof SynclineError)) throw error;
    const message = `There was nothing to do, and the commit could not be recorded, so older checkouts are not yet told from it: ${error.message}`;
    request.warn?.(message);
  }
}
