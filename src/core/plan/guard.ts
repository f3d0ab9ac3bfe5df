import { type Address, kindOf } from '../../model/address.ts';
import { hiding } from '../../model/hidden.ts';
import type { Ledger } from '../../model/ledger.ts';
import type { Blocked, BlockReason, Change } from '../../model/plan.ts';
import { isRemoval } from '../actions.ts';
import { waitsForTaker } from '../moves/stuck.ts';
import type { Decision, PlanInput } from './decision.ts';
import { boundLive, type PlanIndex } from './identify.ts';
import { lostAddresses, massGoneHint } from './mass-gone.ts';
import { refusedRemovals } from './removal.ts';

/**
 * The decisions, with each delete held back while a blocked change wants the label that it would set free, or one that nobody has
 * decided about: renaming a manifest must not cost its sync.
 */
export function holdDeletes(input: PlanInput, index: PlanIndex, decisions: readonly Decision[]): Decision[] {
  const wanted = new Map<string, string>();
  const wish = (address: Address, label: string) => `${kindOf(address)} ${label}`;
  for (const one of decisions) {
    if (one.kind !== 'blocked' || one.blocked.label === null || one.blocked.wanted === 'delete') continue;
    wanted.set(wish(one.blocked.address, one.blocked.label), one.blocked.address);
  }
  return decisions.map((one) => {
    if (one.kind !== 'change' || !isRemoval(one.change) || one.change.label === null) return one;
    const label = `the label "${one.change.label}"`;
    const waiting = wanted.get(wish(one.change.address, one.change.label));
    if (waiting !== undefined)
      return blocked(one.change, 'depends', `${waiting} wants ${label} and is blocked; resolve that first.`);
    const leftOut = unboundHeir(input, index, one.change);
    if (leftOut === undefined) return one;
    const hint = `${leftOut} wants ${label} and is not selected; select it too.`;
    return blocked(one.change, 'depends', hint);
  });
}

/** A manifest that the selection leaves out, that bears the label and has no thing of its own. */
function unboundHeir({ chosen }: PlanInput, index: PlanIndex, { address, label }: Change): Address | undefined {
  const heir = index.declared.labelled(kindOf(address)).get(label ?? '');
  if (heir === undefined || chosen.has(heir) || boundLive(index, heir) !== undefined) return undefined;
  return heir;
}

/**
 * The decisions, with what must stay blocked: by protection, by who else holds it, by what the service can do, and by the limit
 * of deletes.
 */
export function guardRemovals(input: PlanInput, decisions: readonly Decision[]): Decision[] {
  const changes = decisions.flatMap((one) => (one.kind === 'change' ? [one.change] : []));
  const refused = refusedRemovals(changes, input);
  return decisions.map((one) => {
    const refusal = one.kind === 'change' ? refused.get(one.change.address) : undefined;
    return one.kind === 'change' && refusal !== undefined ? blocked(one.change, refusal.reason, refusal.hint) : one;
  });
}

/**
 * The decisions, with things blocked that are gone and would be made again or forgotten: too many at once look like an outage or
 * a wrong token, and wait for somebody who gives their exact number.
 */
export function guardGone(input: PlanInput, decisions: readonly Decision[]): Decision[] {
  const { ledger } = input;
  const lost = lostAddresses(input);
  if (ledger === null || lost.size === 0) return [...decisions];
  const isLost = (one: Decision) =>
    (one.kind === 'change' && one.change.action === 'create' && lost.has(one.change.address)) ||
    (one.kind === 'noop' && one.notes.some(({ address, code }) => code === 'released' && lost.has(address)));
  const others = [...lost].filter((address) => !input.chosen.has(address));
  const hint = massGoneHint(input, decisions.filter(isLost).length, others.length);
  if (hint === undefined) return [...decisions];
  return decisions.map((one) => (isLost(one) ? massGone(ledger, one, hint) : one));
}

function massGone(ledger: Ledger, one: Decision, hint: string): Decision {
  if (one.kind === 'change') return blocked({ ...one.change, id: idOf(ledger, one.change.address) }, 'mass-gone', hint);
  const [note] = one.notes;
  if (note === undefined) return one;
  const { address } = note;
  const { label = null, ...entry } = ledger.syncs[address] ?? {};
  const parts = { address, id: idOf(ledger, address), label, origin: null, fields: [], about: null, ...hiding(entry) };
  return { kind: 'blocked', blocked: { ...parts, wanted: 'delete', reason: 'mass-gone', hint }, notes: [] };
}

function idOf(ledger: Ledger, address: Address) {
  return ledger.syncs[address]?.id ?? null;
}

/**
 * The decisions, with each change blocked that waits for a thing which this plan will not make, or for a binding to move away, and so
 * on down the line.
 */
export function blockOrphans(input: Pick<PlanInput, 'moves' | 'chosen'>, decisions: readonly Decision[]): Decision[] {
  const made = new Set(decisions.flatMap((one) => (one.kind === 'change' ? [one.change.address] : [])));
  const waits = waitsForTaker(input.moves, input.chosen, (address) => made.has(address));
  const next = decisions.map((one) => {
    if (one.kind !== 'change') return one;
    const taken = waits(one.change.address);
    if (taken !== undefined) return blocked(one.change, 'depends', taken);
    const missing = one.change.depends_on.find((address) => !made.has(address));
    if (missing === undefined) return one;
    return blocked(one.change, 'depends', `It refers to "${missing}", which is blocked.`);
  });
  return next.every((one, index) => one === decisions[index]) ? next : blockOrphans(input, next);
}

/** The decisions, with what the service has no way to make or to change blocked: it is said in the plan, and not by an error halfway. */
export function blockUnsupported(input: PlanInput, decisions: readonly Decision[]): Decision[] {
  return decisions.map((one) => {
    if (one.kind !== 'change') return one;
    const { action, fields, address } = one.change;
    const kind = kindOf(address);
    const unmakeable = action === 'create' ? input.unmakeable?.get(address) : undefined;
    if (unmakeable !== undefined) return blocked(one.change, 'unsupported', unmakeable);
    const updates = action !== 'create' && action !== 'replace' && fields.length > 0;
    if (!updates || input.verbsOf(kind).includes('update')) return one;
    const hint = `The API of this target can change nothing about a ${input.traitsOf(kind).noun} that exists.`;
    return blocked(one.change, 'unsupported', hint);
  });
}

/** The change, which must not be, with the reason. */
export function blocked(
  change: Pick<Change, 'action' | (keyof Blocked & keyof Change)>,
  reason: BlockReason,
  hint: string,
): Decision {
  const { address, action: wanted, id, label, origin, fields, about } = change;
  const blocked = { address, wanted, reason, hint, id, label, origin, fields, about, ...hiding(change) };
  return { kind: 'blocked', blocked, notes: [] };
}
