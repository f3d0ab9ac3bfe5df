import { type Address, matches } from '../model/address.ts';
import type { Entry } from '../model/ledger.ts';
import type { BlockReason, Change } from '../model/plan.ts';
import type { Decision, PlanInput } from './decision.ts';

/**
 * A delete waits while a blocked change wants the label that it would set free: renaming a manifest must not cost its sync.
 */
export function holdDeletes(decisions: readonly Decision[]): Decision[] {
  const wanted = new Map<string, string>();
  for (const one of decisions) {
    if (one.kind !== 'blocked' || one.blocked.label === null || one.blocked.wanted === 'delete') continue;
    wanted.set(one.blocked.label, one.blocked.address);
  }
  return decisions.map((one) => {
    if (one.kind !== 'change' || !isRemoval(one.change) || one.change.label === null) return one;
    const waiting = wanted.get(one.change.label);
    if (waiting === undefined) return one;
    return blocked(
      one.change,
      'depends',
      `${waiting} wants the label "${one.change.label}" and is blocked; settle that first.`,
    );
  });
}

/** More deletes than the limit are all blocked, unless their exact number was given. A replace deletes too. */
export function limitDeletes(input: PlanInput, decisions: readonly Decision[]): Decision[] {
  const deleting = decisions.filter((one) => one.kind === 'change' && isDeleting(one.change)).length;
  if (deleting <= input.maxDeletes || input.forceDeletes === deleting) return [...decisions];
  const asked = input.forceDeletes === undefined ? '' : ` (not ${input.forceDeletes})`;
  const hint = `This plan would delete ${deleting} syncs and the limit (max_deletes) is ${input.maxDeletes}; if that is meant, run with --force-deletes ${deleting}${asked}.`;
  return decisions.map((one) =>
    one.kind === 'change' && isDeleting(one.change) ? blocked(one.change, 'max-deletes', hint) : one,
  );
}

/** A change that waits for a sync which this plan will not make is blocked too, and so on down the line. */
export function blockOrphans(decisions: readonly Decision[]): Decision[] {
  const made = new Set(decisions.flatMap((one) => (one.kind === 'change' ? [one.change.address] : [])));
  const next = decisions.map((one) => {
    if (one.kind !== 'change') return one;
    const missing = one.change.depends_on.find((address) => !made.has(address));
    if (missing === undefined) return one;
    return blocked(one.change, 'depends', `It refers to "${missing}", which is blocked.`);
  });
  return next.every((one, index) => one === decisions[index]) ? next : blockOrphans(next);
}

/** What the service has no way to do is said in the plan, and not by an error halfway. */
export function blockUnsupported(input: PlanInput, decisions: readonly Decision[]): Decision[] {
  return decisions.map((one) => {
    if (one.kind !== 'change') return one;
    const updates = one.change.action !== 'create' && one.change.action !== 'replace' && one.change.fields.length > 0;
    if (updates && !input.verbs.includes('update')) {
      return blocked(one.change, 'unsupported', 'The API of this target can change nothing about a sync that exists.');
    }
    if (isDeleting(one.change) && !input.verbs.includes('delete')) {
      return blocked(one.change, 'unsupported', 'The API of this target cannot delete a sync.');
    }
    return one;
  });
}

function isDeleting(change: Change): boolean {
  return change.action === 'delete' || change.action === 'replace';
}

/** Does the change end the binding of an address that no manifest declares? */
export function isRemoval(change: Change): boolean {
  return change.action === 'delete' || change.release;
}

function blocked(change: Change, reason: BlockReason, hint: string): Decision {
  const { address, action, id, label, origin, fields } = change;
  return { kind: 'blocked', blocked: { address, wanted: action, reason, hint, id, label, origin, fields }, notes: [] };
}

/** Is this address shielded from deletion by its record, its manifest or the target? */
export function isProtected(
  input: Pick<PlanInput, 'protect'>,
  address: Address,
  entry: Entry | undefined,
  declared: boolean,
): boolean {
  return declared || entry?.protect === true || input.protect.some((glob) => matches(address, glob));
}
