import type { ToldFailure } from '../../model/failed.ts';
import type { ImportReport } from '../../model/import.ts';
import { forJson } from '../escape.ts';

/** The report of an import as JSON. */
export function importJson(
  targets: readonly ImportReport[],
  { failed }: { readonly failed: readonly ToldFailure[] },
): string {
  return `${forJson({ version: 1, targets, failed })}\n`;
}
