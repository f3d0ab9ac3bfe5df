import type { Address } from '../../../model/address.ts';
import type { Blocked, Change, Plan } from '../../../model/plan.ts';
import { arranged } from '../words.ts';

/** A change, or what is blocked, with the name by which links find it. */
export interface Entry {
  readonly id: string;
  readonly one: Change | Blocked;
}

/** Entries under one heading. */
export interface Group {
  readonly id: string;
  readonly title: 'Blocked' | 'Deletes' | 'Changes' | 'Recorded only';
  readonly entries: readonly Entry[];
}

/** A plan as the page tells it. All names are safe in an attribute, and each is in the page once. */
export interface Chapter {
  readonly id: string;
  readonly plan: Plan;
  /** What is blocked and what deletes first; none of them is empty. */
  readonly groups: readonly Group[];
  /** The names of the parts that follow. */
  readonly graph: string;
  readonly notes: string;
}

/** Where what stands at an address is told; undefined where it is not in the plan. */
export type LinkTo = (address: Address) => string | undefined;

/** Names of the page's own parts, which no target may take. */
const reserved = ['plan', 'filters', 'contents'];

/** The plans with a name for everything that a link may lead to. */
export function chaptersOf(plans: readonly Plan[]): readonly Chapter[] {
  const name = namer(reserved);
  return plans.map((plan) => chapterOf(plan, name));
}

function chapterOf(plan: Plan, name: (...words: readonly string[]) => string): Chapter {
  const { blocked, deletions, changes, recorded } = arranged(plan);
  const id = name(plan.target);
  const group = (title: Group['title'], all: readonly (Change | Blocked)[]): readonly Group[] =>
    all.length === 0
      ? []
      : [{ id: name(id, title), title, entries: all.map((one) => ({ id: name(id, one.address), one })) }];
  return {
    id,
    plan,
    groups: [
      ...group('Blocked', blocked),
      ...group('Deletes', deletions),
      ...group('Changes', changes),
      ...group('Recorded only', recorded),
    ],
    graph: name(id, 'graph'),
    notes: name(id, 'notes'),
  };
}

/** Makes names out of words that may hold anything: letters, digits and hyphens only, and never the same twice. */
function namer(taken: readonly string[]): (...words: readonly string[]) => string {
  const used = new Map(taken.map((one) => [one, 1]));
  return (...words) => {
    const wish = words.map(slug).join('-');
    const times = (used.get(wish) ?? 0) + 1;
    used.set(wish, times);
    // No wish has two hyphens in a row, so a numbered name is nobody else's.
    return times === 1 ? wish : `${wish}--${times}`;
  };
}

function slug(text: string): string {
  const plain = text.slice(0, 80).replace(/[^A-Za-z0-9]+/g, '-');
  return plain.replace(/^-|-$/g, '') || 'x';
}
