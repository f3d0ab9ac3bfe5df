import type { MigrationReport } from '../../model/migration.ts';
import { forJson } from '../escape.ts';

/** A move as JSON; each id and value is named by the API that has it. */
export function migrateJson(report: MigrationReport): string {
  const { target, from, to, moved, pairs, differences, assumptions } = report;
  const sides = (one: { readonly from: unknown; readonly to: unknown }) =>
    Object.fromEntries((from < to ? [from, to] : [to, from]).map((api) => [api, api === from ? one.from : one.to]));
  return `${forJson({
    version: 1,
    target,
    from,
    to,
    moved,
    pairs: pairs.map((one) => ({ kind: one.kind, address: one.address, ...sides(one), grade: one.grade })),
    differences: differences.map((one) => ({ address: one.address, path: one.path, ...sides(one) })),
    assumptions,
  })}\n`;
}
