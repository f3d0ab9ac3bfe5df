import type { Plan } from '../../model/plan.ts';
import { forMarkdown } from '../escape.ts';
import { targetNames } from '../together.ts';
import { timeless, toldNotes } from './notes.ts';

// Plans of a fleet in one comment: those in which there is nothing to see are named together.

/** So many of them are shown like any other. */
const mostIdle = 10;

/** What of many plans is shown on its own, and a line about the others; empty where there are none. */
export interface Few {
  readonly shown: readonly Plan[];
  readonly rest: string;
}

/** Plans for one comment. `lengthOf`: what a plan takes whatever becomes of its entries; `room`: for all of them together. */
export function few(plans: readonly Plan[], lengthOf: (plan: Plan) => number, room: number): Few {
  const idle = plans.filter(isIdle);
  const busy = idle.length > mostIdle ? plans.filter((one) => !isIdle(one)) : plans;
  let left = room;
  const shown = busy.filter((plan) => {
    left -= lengthOf(plan);
    return left >= 0;
  });
  const lines = [
    ...(busy.length === plans.length
      ? []
      : [`**Nothing to do** for ${targetNames(idle.map((one) => one.target))}.\n`, ...endings(idle)]),
    ...(shown.length === busy.length ? [] : [`**${busy.length - shown.length} more plans do not fit here.**\n`]),
  ];
  return { shown, rest: lines.join('\n') };
}

function isIdle(plan: Plan): boolean {
  return plan.changes.length === 0 && plan.blocked.length === 0 && timeless(plan.notes).length === 0;
}

/** What ends at some of them, once. */
function endings(plans: readonly Plan[]): readonly string[] {
  const words = plans.flatMap((plan) => toldNotes(plan).map(({ message }) => `${forMarkdown(message)}\n`));
  return [...new Set(words)];
}
