import { address, kindOf } from '../../model/address.ts';
import type { Origin } from '../../model/diagnostic.ts';
import {
  type Action,
  type Blocked,
  type Cause,
  type Change,
  type FieldChange,
  isPartial,
  isRecorded,
  needsAttention,
  type Plan,
  type PlanSummary,
} from '../../model/plan.ts';
import { type Impact, impacts } from '../../model/traits.ts';
import { shownBlocked, shownChange } from '../hide.ts';

/** One sign per action, the same in every format. */
export const signs: Readonly<Record<Action, string>> = {
  create: '+',
  update: '~',
  delete: '-',
  adopt: '=',
  replace: '±',
};

const causes: Readonly<Record<Cause, string>> = {
  git: 'changed in Git',
  drift: 'changed outside Git',
  conflict: 'changed in Git and outside',
  unknown: '',
};

export const impactWords: Readonly<Record<Impact, string>> = {
  none: '',
  next_run: 'from the next run',
  starts_running: 'starts running',
  stops_running: 'stops running',
  full_resync: 'full resync',
  rekeys: 'matches records by another key',
  starts_deleting: 'starts deleting records',
  loses_memory: 'forgets what was synced',
};

/** Actions in the order in which they are counted. */
export const order: readonly Action[] = ['create', 'update', 'delete', 'adopt', 'replace'];

/** One part of a headline: how many of what. */
export interface CountPart {
  readonly of: Action | 'recorded' | 'noop' | 'blocked' | 'nothing';
  readonly words: string;
}

/** How many of what a plan does, in the order of every headline; what does not occur is left out, but never what is unchanged. */
export function countParts(summary: PlanSummary): readonly CountPart[] {
  const { recorded, noop, blocked } = summary;
  const actions = order.flatMap((of) => (summary[of] > 0 ? [{ of, words: `${summary[of]} to ${of}` }] : []));
  const done: CountPart[] = [
    ...actions,
    ...(recorded > 0 ? [{ of: 'recorded', words: `${recorded} recorded only` } as const] : []),
  ];
  const rest: CountPart[] = [
    { of: 'noop', words: `${noop} unchanged` },
    ...(blocked > 0 ? [{ of: 'blocked', words: `${blocked} blocked` } as const] : []),
  ];
  return [...(done.length > 0 ? done : [{ of: 'nothing', words: 'no changes' } as const]), ...rest];
}

/** `1 to create, 2 to update, 53 recorded only, 7 unchanged, 1 blocked`. */
export function counts(summary: PlanSummary): string {
  return countParts(summary)
    .map(({ words }) => words)
    .join(', ');
}

/** `Plan`, or what it is called where it looks at only a part of its target. */
export function called({ selection }: Pick<Plan, 'selection'>): string {
  return isPartial(selection) ? 'Partial plan' : 'Plan';
}

/** What a plan says that changes nothing. */
export function nothingWords({ selection, blocked, summary }: Pick<Plan, 'selection' | 'blocked' | 'summary'>): string {
  if (blocked.length > 0) return 'Nothing can be done: see what is blocked.';
  if (!isPartial(selection)) return 'Nothing to do: everything live matches the manifests.';
  if (summary.noop === 0) return 'There is nothing in this selection.';
  return 'Nothing to do in this selection: everything live matches the manifests.';
}

/** How an impact is counted: of one change, of several. What comes with the next run anyway is not. */
const countedImpacts: Readonly<Record<Impact, readonly [one: string, several: string] | undefined>> = {
  none: undefined,
  next_run: undefined,
  starts_running: ['starts running', 'start running'],
  stops_running: ['stops running', 'stop running'],
  full_resync: ['full resync', 'full resyncs'],
  rekeys: ['matches records by another key', 'match records by another key'],
  starts_deleting: ['starts deleting records', 'start deleting records'],
  loses_memory: ['forgets what was synced', 'forget what was synced'],
};

/** `2 start deleting records, 3 stop running, 11 full resyncs`, worst first; empty where nothing costs anything. */
export function costs(changes: readonly Change[]): string {
  return impacts
    .toReversed()
    .flatMap((impact) => {
      const words = countedImpacts[impact];
      const count = changes.filter(({ fields }) => fields.some((field) => field.impact === impact)).length;
      return words === undefined || count === 0 ? [] : [`${count} ${count === 1 ? words[0] : words[1]}`];
    })
    .join(', ');
}

/** `It deletes 2, 1 starts deleting records.`, which whoever is asked must not miss; empty where nothing is dangerous. */
export function dangers({ summary, changes }: Pick<Plan, 'summary' | 'changes'>): string {
  const said = [
    ...(summary.delete > 0 ? [`it deletes ${summary.delete}`] : []),
    ...(summary.replace > 0 ? [`it replaces ${summary.replace}`] : []),
    costs(changes),
  ].filter((words) => words !== '');
  return said.length === 0 ? '' : `${said.join(', ').replace(/^i/, 'I')}.`;
}

/** `14 live things of the kinds in use have no manifest`; empty where all have one. Other kinds are not even listed for a plan. */
export function foreignWords({ foreign }: PlanSummary): string {
  if (foreign === 0) return '';
  return foreign === 1
    ? '1 live thing of the kinds in use has no manifest'
    : `${foreign} live things of the kinds in use have no manifest`;
}

/** A plan as every report tells it: what asks for somebody and what deletes comes first, and nothing is seen of what is hidden. */
export interface Arranged {
  /** Those that need somebody before those that are meant to stay. */
  readonly blocked: readonly Blocked[];
  readonly deletions: readonly Change[];
  /** Worst first. */
  readonly changes: readonly Change[];
  /** What the ledger alone takes note of. */
  readonly recorded: readonly Change[];
}

export function arranged(plan: Pick<Plan, 'blocked' | 'changes'>): Arranged {
  const [blocked, changes] = [plan.blocked.map(shownBlocked), plan.changes.map(shownChange)];
  // Who reviews a plan has to see what moves where, although nothing is sent for it.
  const isFolded = (change: Change) =>
    isRecorded(change) && !change.release && change.moved_from === undefined && change.validation?.status !== 'invalid';
  const shown = worstFirst(changes.filter((change) => !isFolded(change)));
  return {
    blocked: [...blocked.filter(needsAttention), ...blocked.filter((one) => !needsAttention(one))],
    deletions: shown.filter(isDeletion),
    changes: shown.filter((change) => !isDeletion(change)),
    recorded: changes.filter(isFolded),
  };
}

/** A folded line names at most so many addresses. */
export const mostNamed = 8;

/** `53 are recorded only: nothing is sent, and the ledger takes note of what their manifests say now (A, B and 51 more).` */
export function recordedWords(recorded: readonly Change[]): string {
  const named = recorded.slice(0, mostNamed).map(({ address }) => address);
  const more = recorded.length - named.length;
  const names = more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
  const [are, their] = recorded.length === 1 ? ['is', 'its manifest says'] : ['are', 'their manifests say'];
  return `${recorded.length} ${are} recorded only: nothing is sent, and the ledger takes note of what ${their} now (${names}).`;
}

/** `census v1 at app.getcensus.com, workspace 4321`, or `…, groups calm_otter and wild_fox`. Not escaped. */
export function whereabouts(plan: Plan): string {
  const workspace = plan.workspace === null ? '' : `, workspace ${plan.workspace}`;
  return `${plan.provider} ${plan.api} at ${plan.host}${workspace}${groupsOf(plan)}`;
}

function groupsOf({ groups = [] }: Plan): string {
  if (groups.length < 2) return groups.length === 0 ? '' : `, group ${groups[0]}`;
  return `, groups ${groups.slice(0, -1).join(', ')} and ${groups.at(-1)}`;
}

/** `syncs/users.yaml:1`; empty for what no manifest declares. Not escaped. */
export function place(origin: Origin | null): string {
  return origin === null ? '' : `${origin.file}:${origin.line}`;
}

/** How bad an impact is: 0 is harmless. */
export function rank(impact: Impact): number {
  return impacts.indexOf(impact);
}

export function worstImpact(fields: readonly FieldChange[]): Impact {
  return fields.reduce<Impact>((worst, { impact }) => (rank(impact) > rank(worst) ? impact : worst), 'none');
}

/** What a change costs: 0 nothing; a delete costs as much as the worst impact of a field. */
export function severity(change: Pick<Change, 'action' | 'fields'>): number {
  return isDeletion(change) ? impacts.length : rank(worstImpact(change.fields));
}

export function isDeletion({ action }: Pick<Change, 'action'>): boolean {
  return action === 'delete' || action === 'replace';
}

/** Worst first; equals stay in the order of the plan. */
function worstFirst(changes: readonly Change[]): readonly Change[] {
  return changes.toSorted((first, second) => severity(second) - severity(first));
}

/** Why a field changes and what that costs: `changed in Git, full resync`; empty where neither is known. */
export function reasons(field: FieldChange): string {
  return [causes[field.cause], impactWords[field.impact]].filter((words) => words !== '').join(', ');
}

/** What a change does beside its fields, in words. */
export function remarks(change: Change): readonly string[] {
  const remarks: string[] = [];
  if (change.moved_from !== undefined) {
    const from = address(kindOf(change.address), change.moved_from);
    remarks.push(`moved from ${from}${isRecorded(change) ? ': nothing is sent' : ''}`);
  }
  if (change.release) remarks.push('released: Syncline no longer manages it');
  if (change.action === 'adopt') remarks.push('taken over from outside');
  if (change.action === 'replace') remarks.push('a new one is made, then the old one is deleted');
  if (change.depends_on.length > 0) remarks.push(`after ${change.depends_on.join(', ')}`);
  return remarks;
}
