import type { DriftReport } from '../../model/drift.ts';
import { forJson } from '../escape.ts';

/** What `drift --format json` prints. */
export function driftJson(reports: readonly DriftReport[]): string {
  const shown = reports.map(({ target, drift }) => ({
    target,
    drift: drift.map(({ address, id, label, kind, fields }) => ({ address, id, label, kind, fields })),
  }));
  return `${forJson({ version: 1, reports: shown }, 2)}\n`;
}
