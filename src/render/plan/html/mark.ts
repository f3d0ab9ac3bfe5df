import type { Blocked, Change } from '../../../model/plan.ts';
import type { Impact } from '../../../model/traits.ts';
import { forHtml } from '../../escape.ts';
import { signs, worstImpact } from '../words.ts';

/** What filters look at, and what decides the colour. */
interface Mark {
  readonly action: Change['action'];
  readonly impact: Impact;
  /** Why it is blocked; undefined for what will be done. */
  readonly reason: Blocked['reason'] | undefined;
}

export function isBlocked(one: Change | Blocked): one is Blocked {
  return 'wanted' in one;
}

export function markOf(one: Change | Blocked): Mark {
  const impact = worstImpact(one.fields);
  if (isBlocked(one)) return { action: one.wanted, impact, reason: one.reason };
  return { action: one.action, impact, reason: undefined };
}

/** `~ update`, or `! update blocked`, in its colour. */
export function badge(one: Change | Blocked): string {
  const { action, reason } = markOf(one);
  if (reason === undefined) return `<span class="badge ${action}">${signs[action]} ${action}</span>`;
  return `<span class="badge blocked">! ${action} blocked</span>`;
}

/** What stands in the contents: the sign, and the name without its kind. */
export function shortName(one: Change | Blocked): string {
  const { action, reason } = markOf(one);
  const kind = reason === undefined ? action : 'blocked';
  const words = reason === undefined ? action : `${action} blocked`;
  const name = one.address.slice(one.address.indexOf('/') + 1);
  return `<span class="sign ${kind}" title="${words}">${kind === 'blocked' ? '!' : signs[action]}</span> ${forHtml(name)}`;
}
