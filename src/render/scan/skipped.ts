import type { ScanReport } from '../../model/scan.ts';

/** How many files were not read. */
export function skippedOf({ skipped }: ScanReport): number {
  return [...skipped.values()].reduce((sum, one) => sum + one, 0);
}
