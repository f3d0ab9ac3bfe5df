import type { CatalogueReport } from '../../model/catalogue.ts';
import { forTerminal } from '../escape.ts';

/** A line per target: its file, and what is in it. `hasEditor`: has an editor schemas of its own, which hold what the catalogue said? */
export function catalogueText(reports: readonly CatalogueReport[], hasEditor: boolean): string {
  const isNews = reports.some(({ written }) => written);
  return [...reports.map(lineOf), ...(isNews && hasEditor ? [advice] : [])]
    .map((line) => `${forTerminal(line)}\n`)
    .join('');
}

const advice = '`syncline schema --install` makes the editor propose what is new.';

function lineOf({ file, written, counts }: CatalogueReport): string {
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  const content = told.map(([noun, count]) => `${count} ${count === 1 ? noun.slice(0, -1) : noun}`).join(', ');
  return `${written ? 'wrote' : 'kept '}  ${file}  ${content === '' ? 'nothing' : content}`;
}
