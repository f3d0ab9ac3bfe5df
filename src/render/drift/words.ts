import type { Drift, DriftReport } from '../../model/drift.ts';

export const nothing = 'Nothing has changed outside Git.';

/** How to go on. */
export const advice =
  '`syncline apply` puts it back as its manifest says, where the API can change it; to keep a change, take it into the manifest and apply.';

/** `2 syncs changed outside Git, 1 gone`. */
export function counts({ drift }: DriftReport): string {
  const gone = drift.filter((one) => one.kind === 'gone').length;
  const changed = drift.length - gone;
  if (drift.length === 0) return 'nothing changed outside Git';
  if (changed === 0) return `${syncs(gone)} gone`;
  return `${syncs(changed)} changed outside Git${gone === 0 ? '' : `, ${gone} gone`}`;
}

function syncs(count: number): string {
  return `${count} sync${count === 1 ? '' : 's'}`;
}

/** What a report says beside the fields of a sync. Not escaped. */
export function remarks({ id, kind, origin }: Drift): readonly string[] {
  const gone = id === null ? 'no live sync bears its label' : `the sync ${id} no longer exists`;
  return [...(kind === 'gone' ? [gone] : []), ...(origin === null ? ['no manifest declares it any more'] : [])];
}
