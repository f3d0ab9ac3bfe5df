import type { OutcomeStatus } from '../../model/outcome.ts';

/** What to do about a change that did not come to its end; empty where there is nothing to do. */
export function nextStep(status: OutcomeStatus): string {
  switch (status) {
    case 'failed':
      return 'Fix what it says, then apply again.';
    case 'unconfirmed':
      return 'Look at it in the service, then plan again.';
    case 'stale':
      return 'Plan again, and review what has changed since.';
    case 'skipped':
      return 'Nothing was sent for it; fix the rest, then apply again.';
    case 'invalid':
      return 'Correct the manifest, then run again.';
    case 'applied':
    case 'valid':
    case 'unchanged':
    case 'unchecked':
      return '';
    default:
      return status satisfies never;
  }
}
