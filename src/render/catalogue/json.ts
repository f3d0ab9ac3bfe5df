import type { CatalogueReport } from '../../model/catalogue.ts';
import type { ToldFailure } from '../../model/failed.ts';

/** What has become of catalogues as JSON, with the targets that failed. */
export function catalogueJson(targets: readonly CatalogueReport[], failed: readonly ToldFailure[]): string {
  return `${JSON.stringify({ version: 1, targets, failed })}\n`;
}
