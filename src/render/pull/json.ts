import type { ToldFailure } from '../../model/failed.ts';
import type { PullReport } from '../../model/pull.ts';
import { forJson } from '../escape.ts';

/** The reports of a pull as JSON, with the targets that failed. */
export function pullJson(
  targets: readonly PullReport[],
  { failed }: { readonly failed: readonly ToldFailure[] },
): string {
  return `${forJson({ version: 1, targets, failed })}\n`;
}
