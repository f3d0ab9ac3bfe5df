import type { Address } from '../../../model/address.ts';
import type { Blocked, Change, Validation } from '../../../model/plan.ts';
import { forHtml } from '../../escape.ts';
import { whatIsBlocked, whatItIs } from '../about.ts';
import { impactWords, place, rank, remarks } from '../words.ts';
import type { Entry, LinkTo } from './chapters.ts';
import { changedFields, newFields } from './fields.ts';
import { lines, withCode } from './lines.ts';
import { badge, isBlocked, markOf } from './mark.ts';

/** A change, or what is blocked, as a card. `level`: of its heading. */
export function articleHtml({ id, one }: Entry, level: number, linkTo: LinkTo): string {
  const { action, impact, reason } = markOf(one);
  const blocked = reason === undefined ? '' : ` data-blocked="${forHtml(reason)}"`;
  return lines([
    `<article id="${id}" class="${reason === undefined ? action : 'blocked'}" data-action="${action}" data-impact="${impact}"${blocked}>`,
    headHtml(one, level),
    ...(isBlocked(one) ? blockedBody(one) : changeBody(one, linkTo)),
    '</article>',
  ]);
}

function headHtml(one: Change | Blocked, level: number): string {
  const label = one.label === null ? '' : ` <span class="label">${forHtml(one.label)}</span>`;
  const facts = [
    ...(one.id === null ? [] : [`id <code>${forHtml(one.id)}</code>`]),
    ...(one.origin === null ? [] : [`<code>${forHtml(place(one.origin))}</code>`]),
  ];
  return lines([
    '<header>',
    `<h${level}>${badge(one)} <code>${forHtml(one.address)}</code>${label}${cost(one)}</h${level}>`,
    facts.length === 0 ? '' : `<p class="dim">${facts.join(' · ')}</p>`,
    '</header>',
  ]);
}

/** The worst that it does. */
function cost(one: Change | Blocked): string {
  const { impact } = markOf(one);
  const level = rank(impact) >= rank('full_resync') ? 'bad' : 'warn';
  return impactWords[impact] === '' ? '' : ` <span class="badge ${level}">${impactWords[impact]}</span>`;
}

function changeBody(change: Change, linkTo: LinkTo): readonly string[] {
  return [
    ...whatItIs(change).map((words) => `<p class="about">${forHtml(words)}</p>`),
    ...remarks({ ...change, depends_on: [] }).map((remark) => `<p class="dim">${forHtml(remark)}</p>`),
    change.depends_on.length === 0
      ? ''
      : `<p class="dim">after ${change.depends_on.map(linked(linkTo)).join(', ')}</p>`,
    change.validation === null ? '' : verdict(change.validation),
    change.action === 'create' ? newFields(change.desired) : changedFields(change.fields),
  ];
}

function linked(linkTo: LinkTo): (address: Address) => string {
  return (address) => {
    const id = linkTo(address);
    const name = `<code>${forHtml(address)}</code>`;
    return id === undefined ? name : `<a href="#${id}">${name}</a>`;
  };
}

function verdict({ status, message }: Validation): string {
  const level = { valid: 'good', invalid: 'bad', unchecked: 'warn' }[status];
  const sign = { valid: '✓', invalid: '✗', unchecked: '?' }[status];
  return `<p class="${level}"><span aria-hidden="true">${sign}</span> ${status}${message === '' ? '' : `: ${forHtml(message)}`}</p>`;
}

function blockedBody(blocked: Blocked): readonly string[] {
  return [
    ...whatIsBlocked(blocked).map((words) => `<p class="about">${forHtml(words)}</p>`),
    `<p><b class="stop">${forHtml(blocked.reason)}</b>: ${withCode(blocked.hint)}</p>`,
    changedFields(blocked.fields),
  ];
}
