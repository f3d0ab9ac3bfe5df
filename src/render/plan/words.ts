import type { Origin } from '../../model/diagnostic.ts';
import type { Action, Cause, Change, FieldChange, Plan, PlanSummary } from '../../model/plan.ts';
import { type Impact, impacts } from '../../model/traits.ts';

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

const order: readonly (keyof PlanSummary)[] = ['create', 'update', 'delete', 'adopt', 'replace'];

/** `1 to create, 2 to update, 7 unchanged, 1 blocked`; actions that do not occur are left out. */
export function counts(summary: PlanSummary): string {
  const actions = order.filter((key) => summary[key] > 0).map((key) => `${summary[key]} to ${key}`);
  const rest = [`${summary.noop} unchanged`, ...(summary.blocked > 0 ? [`${summary.blocked} blocked`] : [])];
  return [...(actions.length > 0 ? actions : ['no changes']), ...rest].join(', ');
}

/** `census v1 at app.getcensus.com, workspace 4321`. Not escaped. */
export function whereabouts(plan: Plan): string {
  const workspace = plan.workspace === null ? '' : `, workspace ${plan.workspace}`;
  return `${plan.provider} ${plan.api} at ${plan.host}${workspace}`;
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
export function worstFirst(changes: readonly Change[]): readonly Change[] {
  return changes.toSorted((first, second) => severity(second) - severity(first));
}

/** Why a field changes and what that costs: `changed in Git, full resync`; empty where neither is known. */
export function reasons(field: FieldChange): string {
  return [causes[field.cause], impactWords[field.impact]].filter((words) => words !== '').join(', ');
}

/** What a change does beside its fields, in words. */
export function remarks(change: Change): readonly string[] {
  const remarks: string[] = [];
  if (change.release) remarks.push('let go: Syncline no longer manages it afterwards');
  else if (change.action === 'update' && change.fields.length === 0)
    remarks.push('nothing is sent; the ledger takes note');
  if (change.action === 'adopt') remarks.push('taken over from outside');
  if (change.action === 'replace') remarks.push('a new one is made, then the old one is deleted');
  if (change.depends_on.length > 0) remarks.push(`after ${change.depends_on.join(', ')}`);
  return remarks;
}
