import type { Drift, DriftField, DriftReport } from '../../model/drift.ts';
import type { FieldNames } from '../../model/plan.ts';
import { together } from '../together.ts';

export const nothing = 'Nothing has changed outside Git.';

/** Where targets failed, nobody knows of all of them. */
export const nothingElsewhere = 'Elsewhere nothing has changed outside Git.';

/** How to go on with these, as far as there is a way: a manifest can be brought up to date only where it is, and what it says is live. */
export function advice(drift: readonly Drift[]): string {
  const declared = drift.filter((one) => one.origin !== null);
  const isChanged = declared.some((one) => one.kind === 'changed');
  const isGone = declared.some((one) => one.kind === 'gone');
  return [
    ...(isChanged ? [ofChanged] : []),
    ...(isGone ? [ofGone] : []),
    ...(declared.length < drift.length ? [ofUndeclared] : []),
  ].join(' ');
}

const ofChanged =
  '`syncline apply` puts it back as its manifest says, where the API can change it; `syncline pull --drifted` takes it into the manifest instead, except where the manifest has changed too: you decide that.';
const ofGone = '`syncline apply` makes again what is gone; if it shall stay gone, delete its manifest.';
const ofUndeclared =
  'What no manifest declares any more `syncline apply` leaves as it is, and forgets once it is gone.';

/** `2 changed outside Git, 1 gone`. */
export function counts({ drift }: Pick<DriftReport, 'drift'>): string {
  const gone = drift.filter((one) => one.kind === 'gone').length;
  const changed = drift.length - gone;
  if (drift.length === 0) return 'nothing changed outside Git';
  if (changed === 0) return `${gone} gone`;
  return `${changed} changed outside Git${gone === 0 ? '' : `, ${gone} gone`}`;
}

/** What several targets come to; empty where there is one. */
export function total(reports: readonly DriftReport[]): string {
  return reports.length < 2 ? '' : together(reports.length, counts({ drift: reports.flatMap((one) => one.drift) }));
}

/** What a report says beside the fields of a thing. Not escaped. */
export function remarks({ id, kind, origin }: Drift): readonly string[] {
  const gone = id === null ? 'nothing live has its label' : `${id} no longer exists`;
  return [...(kind === 'gone' ? [gone] : []), ...(origin === null ? ['no manifest declares it any more'] : [])];
}

/** The names of a field, as a change of it has them. */
export function sides({ was, now }: NonNullable<DriftField['names']> = {}): FieldNames {
  return { ...(was !== undefined && { from: was }), ...(now !== undefined && { to: now }) };
}
