import { nothingAgreed, withAgreed } from '../core/plan/agreed.ts';
import type { Age } from '../model/checkout.ts';
import { SynclineError } from '../model/errors.ts';
import type { Ledger } from '../model/ledger.ts';
import { isPartial, type Plan } from '../model/plan.ts';
import type { ApplyOptions } from './apply.ts';
import type { Snapshot } from './read.ts';
import type { TargetRequest } from './request.ts';

/**
 * Records the commit of an apply that has found nothing to do: what its manifests say is live, and an older checkout must not take it
 * back. With it, records that hold older values than what is declared and live are brought up to date. Nothing is written where the
 * ledger knows all that, or binds nothing. Where it cannot be written, that is said and no more: nothing was to be done.
 */
export async function rememberCommit(
  request: TargetRequest,
  plan: Plan,
  options: Pick<ApplyOptions, 'identity' | 'checkout' | 'agreed'>,
  { ledger, last }: Snapshot,
  { relation }: Age,
): Promise<void> {
  if (options.checkout === undefined || ledger === null || Object.keys(ledger.syncs).length === 0) return;
  const { run, actor, commit: own } = options.identity;
  const commit = own ?? plan.commit;
  const isNews = last === undefined || relation === 'newer' || relation === 'diverged' || relation === 'unknown';
  const agreed = withAgreed(ledger, options.agreed?.() ?? nothingAgreed);
  const counts = !isPartial(plan.selection) && commit !== null && isNews;
  if (!counts && agreed === ledger) return;
  const meta: Ledger['meta'] = counts
    ? { ...agreed.meta, last_apply: { run, at: request.now().toISOString(), actor, commit } }
    : agreed.meta;
  try {
    await request.store.save({ ...agreed, meta });
  } catch (error) {
    if (!(error instanceof SynclineError)) throw error;
    const message = `There was nothing to do, and the commit could not be recorded, so older checkouts cannot be recognised yet: ${error.message}`;
    request.warn?.(message);
  }
}
