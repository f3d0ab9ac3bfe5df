import type { Sighting } from '../../../model/scan.ts';
import { isLive, type Page } from './page.ts';

const version = /(?<![\w"'-])(["']?)api\1[ \t]{0,20}:[ \t]{0,20}(["']?)v1\2(?=[ \t]*(?:[,}#\r\n]|$))/g;
const project = /(?:^|\/)syncline\.ya?ml$/;

/** Targets of Syncline itself that are at API v1, in project files and in the tables beside them. */
export function targetsIn(page: Page): readonly Sighting[] {
  const { file, text, language } = page;
  if (/\.csv$/i.test(file)) return rows(text);
  if (language.name !== 'yaml' || !isProject(page)) return [];
  return [...text.matchAll(version)].filter(({ index }) => isLive(page, index)).map(({ index }) => target(index));
}

function isProject({ file, text }: Page): boolean {
  if (project.test(file)) return true;
  return (
    /^targets(?:_from)?:/m.test(text) &&
    /\bprovider["']?:[ \t]*["']?census\b/.test(text) &&
    /^version:[ \t]*1\b/m.test(text)
  );
}

/** The rows of a table that has a column for the API, as such tables of targets have. */
function rows(text: string): readonly Sighting[] {
  const [head = ''] = /^[^\r\n]{0,2000}/.exec(text) ?? [];
  const columns = head.split(',').map((one) => one.trim().replace(/^"|"$/g, ''));
  const column = columns.indexOf('api');
  if (column < 0 || !columns.includes('name') || !columns.includes('provider')) return [];
  const found: Sighting[] = [];
  for (const { 0: line, index } of text.matchAll(/[^\r\n]{1,5000}/g)) {
    const cells = line.split(',').map((one) => one.trim().replace(/^"|"$/g, ''));
    if (cells[column] === 'v1' && cells[columns.indexOf('provider')] === 'census') found.push(target(index));
  }
  return found;
}

function target(offset: number): Sighting {
  const message = 'This target of Syncline is at API v1.';
  return {
    offset,
    code: 'target-v1',
    message,
    replacement: '`syncline migrate api --to v2 --target TARGET --token-env NAME` moves it, and changes nothing else.',
  };
}
