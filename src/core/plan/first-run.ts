import { kindOf } from '../../model/address.ts';
import type { Change, Note } from '../../model/plan.ts';
import type { TraitsOf } from '../../model/traits.ts';
import { equal } from '../spec/equal.ts';

/** A note for each sync that these changes make to be paused, and that its service starts before it can be paused. */
export function firstRunNotes(traitsOf: TraitsOf, changes: readonly Change[]): Note[] {
  const message = 'It runs once before it is paused: the service starts a new sync at once and can pause it only then.';
  return changes.flatMap(({ action, address, desired, fields }) => {
    // A replace without fields is one that is taken up again: its new sync is there.
    const { pause } = traitsOf(kindOf(address));
    const when = pause?.runs_first;
    const makes = action === 'create' || (action === 'replace' && fields.length > 0);
    if (
      pause === undefined ||
      when === undefined ||
      !makes ||
      desired === null ||
      !equal(desired[pause.field] ?? null, pause.value)
    )
      return [];
    const starts = Object.entries(when).every(([key, value]) => equal(desired[key] ?? null, value ?? null));
    return starts ? [{ address, code: 'runs-before-pause', message }] : [];
  });
}
