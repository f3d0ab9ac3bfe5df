import { impacts } from '../../../model/traits.ts';
import { impactWords, order, signs } from '../words.ts';
import type { Chapter } from './chapters.ts';
import { lines } from './lines.ts';
import { markOf } from './mark.ts';

/** One thing to choose, and how many changes have it. */
interface Choice {
  readonly value: string;
  readonly words: string;
  readonly count: number;
}

/** Controls that narrow the page to what is chosen. They come to light with the script that they need. */
export function filtersHtml(chapters: readonly Chapter[]): string {
  const marks = chapters.flatMap(({ groups }) =>
    groups.flatMap(({ entries }) => entries.map(({ one }) => markOf(one))),
  );
  if (marks.length === 0) return '';
  const count = (isMeant: (mark: (typeof marks)[number]) => boolean) => marks.filter(isMeant).length;
  const actions = order.map((value) => ({
    value,
    words: `${signs[value]} ${value}`,
    count: count(({ action }) => action === value),
  }));
  const stuck = { value: 'blocked', words: '! blocked', count: count(({ reason }) => reason !== undefined) };
  const costs = impacts.toReversed().map((value) => ({
    value,
    words: value === 'none' ? 'none of these' : impactWords[value],
    count: count(({ impact }) => impact === value),
  }));
  return lines([
    '<search id="filters" aria-label="Filters" hidden>',
    '<p><label for="find">Find by address, label or file</label>',
    '<input id="find" type="search" autocomplete="off" spellcheck="false"></p>',
    choicesHtml('action', 'Action', [...actions, stuck]),
    choicesHtml('impact', 'Impact', costs),
    `<p class="shown"><output for="find">${marks.length} of ${marks.length} shown</output>`,
    '<button type="button" id="reset">Show all</button></p>',
    '<p><button type="button" id="unfold" aria-pressed="false">Unfold everything</button></p>',
    '</search>',
  ]);
}

/** Where nothing is chosen, everything is meant. What does not occur cannot be chosen. */
function choicesHtml(name: string, legend: string, all: readonly Choice[]): string {
  const there = all.filter(({ count }) => count > 0);
  return lines([
    `<fieldset><legend>${legend}</legend>`,
    ...there.map(
      ({ value, words, count }) =>
        `<label class="${value}"><input type="checkbox" name="${name}" value="${value}"> ${words} <span class="dim">${count}</span></label>`,
    ),
    '</fieldset>',
  ]);
}
