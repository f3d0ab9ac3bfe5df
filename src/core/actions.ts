import type { Change, Delete, Replace } from '../model/plan.ts';

/** Does the change delete something? A replace does, too. */
export function isDeleting(change: Change): change is Delete | Replace {
  return change.action === 'delete' || change.action === 'replace';
}

/** Does the change end the binding of an address that no manifest declares? */
export function isRemoval(change: Change): boolean {
  return change.action === 'delete' || change.release;
}
