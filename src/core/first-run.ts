import type { Change, Note } from '../model/plan.ts';
import type { KindTraits } from '../model/traits.ts';
import { equal } from './equal.ts';

/** A note for each sync that these changes make to be paused, and that its service starts before it can be paused. */
export function firstRunNotes({ pause }: KindTraits, changes: readonly Change[]): Note[] {
  const { runs_first: when } = pause;
  if (when === undefined) return [];
  const message = 'It runs once before it is paused: the service starts a new sync at once and can pause it only then.';
  return changes.flatMap(({ action, address, desired, fields }) => {
    // A replace without fields is one that is taken up again: its new sync is there.
    const makes = action === 'create' || (action === 'replace' && fields.length > 0);
    if (!makes || desired === null || !equal(desired[pause.field] ?? null, pause.value)) return [];
    const starts = Object.entries(when).every(([key, value]) => equal(desired[key] ?? null, value ?? null));
    return starts ? [{ address, code: 'runs-before-pause', message }] : [];
  });
}
