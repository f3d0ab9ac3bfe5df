import { needsAttention, type Plan } from '../../../model/plan.ts';
import { forHtml } from '../../escape.ts';
import { partWords } from '../../part.ts';
import { type CountPart, countParts, dangers, foreignWords, order, signs, whereabouts } from '../words.ts';
import type { Chapter } from './chapters.ts';
import { lines } from './lines.ts';

/** What a plan comes to: where, how much of what, what is dangerous, and what has no manifest. */
export function headlineHtml(plan: Plan): string {
  const [danger, foreign] = [dangers(plan), foreignWords(plan.summary)];
  const part = partWords(plan.selection);
  const stuck = plan.blocked.filter(needsAttention).length;
  return lines([
    `<p class="dim">${forHtml(whereabouts(plan))}</p>`,
    part === '' ? '' : `<p><b>${forHtml(part)}</b></p>`,
    `<ul class="counts">${countParts(plan.summary).map(countHtml).join('')}</ul>`,
    danger === '' ? '' : `<p class="callout bad"><b>Careful.</b> ${forHtml(danger)}</p>`,
    stuck === 0
      ? ''
      : `<p class="callout stop">${stuck === 1 ? '1 blocked change needs' : `${stuck} blocked changes need`} somebody.</p>`,
    foreign === '' ? '' : `<p class="dim">${foreign}.</p>`,
  ]);
}

/** The sign stands beside the words, so that a colour is never all there is. */
function countHtml({ of, words }: CountPart): string {
  return `<li class="${of}">${signOf(of)}${words}</li>`;
}

function signOf(of: CountPart['of']): string {
  if (of === 'recorded' || of === 'noop' || of === 'nothing') return '';
  return `<span aria-hidden="true">${of === 'blocked' ? '!' : signs[of]}</span> `;
}

const columns = [...order, 'blocked', 'recorded', 'noop'] as const;
const columnWords = { recorded: 'recorded only', noop: 'unchanged' } as const;

/** What each of several plans comes to, and where it stands below. */
export function overviewHtml(chapters: readonly Chapter[]): string {
  if (chapters.length === 0) return '';
  const heads = columns.map(
    (of) => `<th scope="col">${signOf(of)}${of in columnWords ? columnWords[of as keyof typeof columnWords] : of}</th>`,
  );
  return lines([
    '<div class="scroll" tabindex="0" role="region" aria-label="Targets">',
    '<table class="targets">',
    `<thead><tr><th scope="col">target</th>${heads.join('')}<th scope="col">careful</th></tr></thead>`,
    '<tbody>',
    ...chapters.map(overviewRow),
    '</tbody>',
    '</table>',
    '</div>',
  ]);
}

function overviewRow({ id, plan }: Chapter): string {
  const numbers = columns.map(
    (of) => `<td class="${plan.summary[of] === 0 ? 'number dim' : `number ${of}`}">${plan.summary[of]}</td>`,
  );
  return `<tr><th scope="row"><a href="#${id}">${forHtml(plan.target)}</a></th>${numbers.join('')}<td class="bad">${forHtml(dangers(plan))}</td></tr>`;
}
