import { type Address, kindOf } from '../../model/address.ts';
import { type Json, type Spec, withValueAt } from '../../model/json.ts';
import type { Run, RunChange } from '../../model/ledger.ts';
import { type Key, keyAt, keyOf } from '../../model/live.ts';
import type { Plan } from '../../model/plan.ts';
import type { KindTraits, Reference } from '../../model/traits.ts';
import { boundTo } from '../live-index.ts';
import { assemble, byAddress } from '../plan/assemble.ts';
import { closingChanges } from '../plan/circle-words.ts';
import { yields } from '../plan/decide.ts';
import type { Decision, PlanInput } from '../plan/decision.ts';
import { blocked } from '../plan/guard.ts';
import type { PlanIndex } from '../plan/identify.ts';
import { planIndexOf } from '../plan/plan.ts';
import { usedHint } from '../plan/removal.ts';
import { idAt, idValue, placeholder } from '../references/fill.ts';
import { usersLeft } from '../references/users.ts';
import { undoChange } from './change.ts';
import { movedBack } from './moves.ts';
import { alive, type UndoContext, type UndoneChange } from './undone.ts';

/**
 * Plans the way back from a run, by what it has recorded: what it changed, deleted or made is put back, unless it was changed
 * since. `later` are the runs after it, newest first. `prune` and `only` of the input mean nothing here; manifests are asked
 * for what they decide beyond the spec, which may be unresolved. What moves back is in the input already, and in the run. Synchronous, total, never throws.
 */
export function makeUndo(input: PlanInput, run: Run, later: readonly Run[]): Plan {
  const index = planIndexOf(input);
  const since = laterChanges(later);
  const undone = run.changes.toSorted(byAddress).map((change): UndoneChange => {
    const { address } = change;
    const entry = index.ledger?.syncs[address];
    const traits = input.traitsOf(kindOf(address));
    return {
      input,
      traits,
      index,
      change,
      entry,
      manifest: index.declared.byAddress.get(address),
      later: since.get(input.moves?.get(address) ?? address),
    };
  });
  const own = new Set(undone.map((one) => one.change.address));
  return withoutCircles(input, index, withoutUsed(input, own, decideAll(index, undone)));
}

/** What the run has made and others than the run itself use by now stays. */
function withoutUsed(input: PlanInput, own: ReadonlySet<string>, decisions: readonly Decision[]): readonly Decision[] {
  const changes = decisions.flatMap((one) => (one.kind === 'change' ? [one.change] : []));
  const all = [...usersLeft({ ...input, changes, boundTo: boundTo(input.ledger) })];
  const used = new Map(all.map(([address, users]) => [address, users.filter((one) => !own.has(one))] as const));
  for (const [address, users] of used) if (users.length === 0) used.delete(address);
  if (used.size === 0) return decisions;
  const left = decisions.map((one): Decision => {
    const users = one.kind === 'change' ? used.get(one.change.address) : undefined;
    return users === undefined || one.kind !== 'change' ? one : blocked(one.change, 'changed', usedHint(users));
  });
  return withoutUsed(input, own, left);
}

/** The plan without what would close a circle of triggers: what others have changed since stands in its way. */
function withoutCircles(input: PlanInput, index: PlanIndex, decisions: readonly Decision[]): Plan {
  const plan = assemble(input, decisions, index);
  const closing = closingChanges({ ...input, changes: plan.changes, boundTo: index.boundTo });
  if (closing.size === 0) return plan;
  const left = decisions.map((one): Decision => {
    const circle = one.kind === 'change' ? closing.get(one.change.address) : undefined;
    return circle === undefined || one.kind !== 'change' ? one : blocked(one.change, 'changed', circle);
  });
  return withoutCircles(input, index, left);
}

/** The latest run that has changed the sync of an address, by address. */
function laterChanges(later: readonly Run[]): ReadonlyMap<Address, Run> {
  const latest = new Map<Address, Run>();
  for (const run of later) {
    for (const { address, status, sends } of run.changes) {
      if (status === 'applied' && sends && !latest.has(address)) latest.set(address, run);
    }
  }
  return latest;
}

/** Decides what comes back under a new id, or gives up a label, before what waits for that. */
function decideAll(index: PlanIndex, undone: readonly UndoneChange[]): Decision[] {
  const byName = new Map(undone.map((one) => [one.change.address, one]));
  const removed = removedIds(undone);
  const decided = new Map<Address, Decision>();
  const visiting = new Set<Address>();
  const decisionOf = (address: Address): Decision | undefined => {
    const known = decided.get(address);
    const one = byName.get(address);
    // Two that wait for each other are decided as if they did not.
    if (known !== undefined || one === undefined || visiting.has(address)) return known;
    visiting.add(address);
    const decision = movedBack(one, one.input.moves, undoChange(one, context));
    decided.set(address, decision);
    return decision;
  };
  const context: UndoContext = {
    references: (traits, spec) =>
      relinked(traits, spec, (reference, key) => standIn(index, reference, decisionOf, removed.get(key))),
    yielding: (kind, label) => {
      const rivals = index.bearers(kind, label ?? '').flatMap((bearer) => {
        const key = keyOf(kind, bearer.id);
        const owner = index.boundTo.get(key);
        return owner !== undefined && yields(decisionOf(owner), bearer) ? [{ key, owner }] : [];
      });
      return { keys: new Set(rivals.map((one) => one.key)), owners: rivals.map((one) => one.owner) };
    },
  };
  return undone.flatMap((one) => decisionOf(one.change.address) ?? []);
}

/** Where the things belong that the run took away. */
function removedIds(undone: readonly UndoneChange[]): ReadonlyMap<Key, Address> {
  return new Map(
    undone.flatMap((one) => {
      const { address } = one.change;
      const id = goneId(one.change);
      return id === null || alive(one, id) !== undefined ? [] : [[keyAt(address, id), address] as const];
    }),
  );
}

function goneId({ action, id, retires }: RunChange) {
  return action === 'delete' ? id : action === 'replace' ? retires : null;
}

/** What a reference says instead of an id that is gone: what stands for the thing that comes back, or its id where that is known. */
function standIn(
  index: PlanIndex,
  reference: Reference,
  decisionOf: (address: Address) => Decision | undefined,
  address: Address | undefined,
): { readonly value: Json; readonly needs: readonly Address[] } | undefined {
  if (address === undefined) return undefined;
  const decision = decisionOf(address);
  if (decision === undefined) return undefined;
  if (decision.kind !== 'noop') return { value: placeholder(address), needs: [address] };
  const id = index.ledger?.syncs[address]?.id ?? null;
  return id === null ? undefined : { value: idValue(reference, id), needs: [] };
}

function relinked(
  traits: KindTraits,
  spec: Spec,
  find: (reference: Reference, key: Key) => { readonly value: Json; readonly needs: readonly Address[] } | undefined,
): { readonly spec: Spec; readonly dependsOn: readonly Address[] } {
  let next = spec;
  const dependsOn: Address[] = [];
  for (const reference of traits.references) {
    const id = idAt(reference, spec);
    const { manifest: kind, into } = reference;
    const found = id === undefined || kind === undefined ? undefined : find(reference, keyOf(kind, id));
    if (found === undefined) continue;
    next = withValueAt(next, into, found.value);
    dependsOn.push(...found.needs);
  }
  return { spec: next, dependsOn };
}
