import type { DriftReport } from '../../model/drift.ts';
import { bareEnding, type Ending } from '../../model/failed.ts';
import { forJson } from '../escape.ts';

/** What `drift --format json` prints. */
export function driftJson(reports: readonly DriftReport[], ending: Ending): string {
  const shown = reports.map(({ target, drift }) => ({
    target,
    drift: drift.map(({ address, id, label, kind, fields }) => ({ address, id, label, kind, fields })),
  }));
  return `${forJson({ version: 1, reports: shown, ...bareEnding(ending) }, 2)}\n`;
}
