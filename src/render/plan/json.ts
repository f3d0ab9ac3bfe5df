import type { PlanFile } from '../../model/plan.ts';
import { forJson } from '../escape.ts';

/** What `plan --format json` prints and `plan --out` writes. */
export function planJson(file: PlanFile): string {
  return `${forJson(file, 2)}\n`;
}
