import type { CatalogueReport } from '../../model/catalogue.ts';
import { forTerminal } from '../escape.ts';

/** A line per target: its file, and what is in it. */
export function catalogueText(reports: readonly CatalogueReport[]): string {
  return reports.map((report) => `${forTerminal(lineOf(report))}\n`).join('');
}

function lineOf({ file, written, counts }: CatalogueReport): string {
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  const content = told.map(([noun, count]) => `${count} ${count === 1 ? noun.slice(0, -1) : noun}`).join(', ');
  return `${written ? 'wrote' : 'kept '}  ${file}  ${content === '' ? 'nothing' : content}`;
}
