import type { ToldFailure } from '../../model/failed.ts';
import type { PullReport } from '../../model/pull.ts';
import type { RetirementNote } from '../../model/retirement.ts';
import { forJson } from '../escape.ts';

/** The reports of a pull as JSON, with the targets that failed. */
export function pullJson(
  targets: readonly PullReport[],
  { failed, calendar = [] }: { readonly failed: readonly ToldFailure[]; readonly calendar?: readonly RetirementNote[] },
): string {
  return `${forJson({ version: 1, targets, notes: calendar, failed })}\n`;
}
