import type { Json } from '../model/json.ts';
import type { Blocked, Change, Plan, PlanFile } from '../model/plan.ts';
import { digestOf } from './stable.ts';

/**
 * Names what a plan would do. Origins, times, hints, validation, the commit and the ledger's records are left out, so that
 * moving a manifest between files, committing it or probing a plan keeps its digest.
 */
export function planDigest(plan: Omit<Plan, 'digest'>): string {
  const { target, provider, api, host, workspace } = plan;
  const changes = plan.changes.map(({ origin: _o, validation: _v, record: _r, ...rest }: Change) => rest);
  const blocked = plan.blocked.map(({ origin: _origin, hint: _hint, ...rest }: Blocked) => rest);
  return digestOf(asJson({ target, provider, api, host, workspace, changes, blocked }));
}

/** Wraps plans into the file that `plan --out` writes; the seal shows any later edit. */
export function sealPlans(plans: readonly Plan[]): PlanFile {
  return { version: 1, plans, seal: digestOf(asJson({ version: 1, plans })) };
}

/** Is this file as it was written? */
export function isSealed(file: PlanFile): boolean {
  return sealPlans(file.plans).seal === file.seal;
}

/** Plans are made of JSON; their interfaces only lack the index signature that says so. */
function asJson(value: object): Json {
  return value as Json;
}
