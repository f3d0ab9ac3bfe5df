import { forHtml } from '../../escape.ts';
import type { Chapter, Group } from './chapters.ts';
import { drawing } from './graph.ts';
import { lines } from './lines.ts';
import { shortName } from './mark.ts';

/** Links to each part of the page and to each change, in the order of the page. `level`: of the headings of plans, as in `chapterHtml`. */
export function contentsHtml(chapters: readonly Chapter[], level: 1 | 2): string {
  if (chapters.length === 0) return '';
  return lines([
    '<nav id="contents" aria-label="Contents">',
    '<details open><summary>Contents</summary>',
    ...chapters.map(level === 1 ? partsOf : targetOf),
    '</details>',
    '</nav>',
  ]);
}

function targetOf(chapter: Chapter): string {
  return `<p><a href="#${chapter.id}">${forHtml(chapter.plan.target)}</a></p>\n${partsOf(chapter)}`;
}

function partsOf(chapter: Chapter): string {
  const { groups, graph, notes, plan } = chapter;
  return lines([
    '<ul>',
    ...groups.map(groupOf),
    plan.notes.length === 0
      ? ''
      : `<li><a href="#${notes}">Notes</a> <span class="dim">${plan.notes.length}</span></li>`,
    drawing(chapter) === undefined ? '' : `<li><a href="#${graph}">Graph</a></li>`,
    '</ul>',
  ]);
}

function groupOf({ id, title, entries }: Group): string {
  return lines([
    `<li data-group><a href="#${id}">${title}</a> <span class="dim">${entries.length}</span>`,
    '<ul>',
    ...entries.map((entry) => `<li><a href="#${entry.id}">${shortName(entry.one)}</a></li>`),
    '</ul></li>',
  ]);
}
