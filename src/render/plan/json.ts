import type { PlanFile } from '../../model/plan.ts';
import { forJson } from '../escape.ts';
import type { Compared } from './against.ts';

/** What `plan --format json` prints and `plan --out` writes. `against`: what is not planned as it was, which no plan file holds. */
export function planJson({ version, ...rest }: PlanFile, against?: Compared): string {
  const beside = against === undefined ? {} : { against: { file: against.file, targets: against.comparisons } };
  return `${forJson({ version, ...beside, ...rest }, 2)}\n`;
}
