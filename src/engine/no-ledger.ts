import { Exit, SynclineError } from '../model/errors.ts';

/** Why nothing can be bound or let go in this target: it remembers nothing. */
export function withoutLedger(target: string): SynclineError {
  const message = `Target "${target}" has no ledger to bind anything in (ledger: none).`;
  const hint =
    'Without a ledger the label is the identity; with `ledger: git` or `file` in syncline.yaml syncs are bound.';
  return new SynclineError('no-ledger', message, hint, Exit.refused);
}
