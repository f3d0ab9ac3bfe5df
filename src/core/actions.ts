import type { Change } from '../model/plan.ts';

/** Does the change delete something? A replace does, too. */
export function isDeleting({ action }: Pick<Change, 'action'>): boolean {
  return action === 'delete' || action === 'replace';
}

/** Does the change end the binding of an address that no manifest declares? */
export function isRemoval(change: Pick<Change, 'action' | 'release'>): boolean {
  return change.action === 'delete' || change.release;
}
