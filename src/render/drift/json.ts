import type { DriftReport } from '../../model/drift.ts';
import { bareEnding, type Ending } from '../../model/failed.ts';
import type { RetirementNote } from '../../model/retirement.ts';
import { forJson } from '../escape.ts';

/** What `drift --format json` prints. */
export function driftJson(
  reports: readonly DriftReport[],
  ending: Ending & { readonly calendar?: readonly RetirementNote[] },
): string {
  const shown = reports.map(({ target, drift }) => ({
    target,
    drift: drift.map(({ address, id, label, kind, fields, origin }) => ({ address, id, label, kind, fields, origin })),
  }));
  return `${forJson({ version: 1, reports: shown, notes: ending.calendar ?? [], ...bareEnding(ending) }, 2)}\n`;
}
