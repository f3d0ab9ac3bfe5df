import type { Address } from '../../../model/address.ts';
import { forHtml } from '../../escape.ts';
import { toldNotes } from '../notes.ts';
import { nothingWords, recordedWords } from '../words.ts';
import { articleHtml } from './article.ts';
import type { Chapter, Group, LinkTo } from './chapters.ts';
import { graphHtml } from './graph.ts';
import { headlineHtml } from './headline.ts';
import { lines } from './lines.ts';
import { isBlocked } from './mark.ts';
import { notesHtml } from './notes.ts';

/** One plan. `level`: of its own heading; the first level is the page's, and has been said. */
export function chapterHtml(chapter: Chapter, level: 1 | 2): string {
  const { id, plan, groups } = chapter;
  const ids = new Map(groups.flatMap(({ entries }) => entries.map((entry) => [entry.one.address, entry.id])));
  const linkTo = (address: Address) => ids.get(address);
  const heading = level === 1 ? '' : `<h2>${forHtml(plan.target)}</h2>\n${headlineHtml(plan)}`;
  return lines([
    `<section id="${id}" class="target">`,
    heading,
    plan.changes.length === 0 ? `<p>${nothingWords(plan)}</p>` : '',
    ...groups.map((group) => groupHtml(group, level + 1, linkTo)),
    notesHtml(chapter.notes, toldNotes(plan), level + 1),
    graphHtml(chapter, level + 1, linkTo),
    '</section>',
  ]);
}

/** What the ledger alone takes note of is one line that unfolds. */
function groupHtml({ id, title, entries }: Group, level: number, linkTo: LinkTo): string {
  const articles = entries.map((entry) => articleHtml(entry, level + 1, linkTo));
  const changes = entries.flatMap(({ one }) => (isBlocked(one) ? [] : [one]));
  const isFolded = title === 'Recorded only';
  return lines([
    `<section id="${id}" data-group>`,
    `<h${level}>${title} <span class="dim">${entries.length}</span></h${level}>`,
    isFolded ? `<details><summary>${forHtml(recordedWords(changes))}</summary>` : '',
    ...articles,
    isFolded ? '</details>' : '',
    '</section>',
  ]);
}
