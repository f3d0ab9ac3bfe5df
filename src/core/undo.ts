import type { Address } from '../model/address.ts';
import { type Json, type Spec, valueAt, withValueAt } from '../model/json.ts';
import type { Run, RunChange } from '../model/ledger.ts';
import type { RemoteId } from '../model/live.ts';
import type { Plan } from '../model/plan.ts';
import type { KindTraits } from '../model/traits.ts';
import { assemble, byAddress } from './assemble.ts';
import { closingChanges } from './circle-words.ts';
import { yields } from './decide.ts';
import type { Decision, PlanInput } from './decision.ts';
import { blocked } from './guard.ts';
import type { World } from './identify.ts';
import { linkValue } from './order.ts';
import { worldOf } from './plan.ts';
import { type Around, alive, type Case } from './undo-case.ts';
import { undoChange } from './undo-change.ts';

/**
 * Plans the way back from a run, by what it has recorded: what it changed, deleted or made is put back, unless it was changed
 * since. `later` are the runs after it, newest first. `prune` and `only` of the input mean nothing here; manifests are asked
 * for what they decide beyond the spec, which may be unresolved. Synchronous, total, never throws.
 */
export function makeUndo(input: PlanInput, run: Run, later: readonly Run[]): Plan {
  const world = worldOf(input);
  const since = laterChanges(later);
  const cases = run.changes.toSorted(byAddress).map((change): Case => {
    const { address } = change;
    const entry = world.ledger?.syncs[address];
    return { input, world, change, entry, manifest: world.declared.get(address), later: since.get(address) };
  });
  return withoutCircles(input, world, decideAll(input, world, cases));
}

/** The plan without what would close a circle of triggers: what others have changed since stands in its way. */
function withoutCircles(input: PlanInput, world: World, decisions: readonly Decision[]): Plan {
  const plan = assemble(input, decisions, world);
  const closing = closingChanges({ ...input, changes: plan.changes, boundTo: world.boundTo });
  if (closing.size === 0) return plan;
  const left = decisions.map((one): Decision => {
    const circle = one.kind === 'change' ? closing.get(one.change.address) : undefined;
    return circle === undefined || one.kind !== 'change' ? one : blocked(one.change, 'changed', circle);
  });
  return withoutCircles(input, world, left);
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
function decideAll(input: PlanInput, world: World, cases: readonly Case[]): Decision[] {
  const byName = new Map(cases.map((one) => [one.change.address, one]));
  const removed = removedIds(cases);
  const decided = new Map<Address, Decision>();
  const visiting = new Set<Address>();
  const decisionOf = (address: Address): Decision | undefined => {
    const known = decided.get(address);
    const one = byName.get(address);
    // Two that wait for each other are decided as if they did not.
    if (known !== undefined || one === undefined || visiting.has(address)) return known;
    visiting.add(address);
    const decision = undoChange(one, around);
    decided.set(address, decision);
    return decision;
  };
  const around: Around = {
    links: (spec) => relinked(input.traits, spec, (id) => standIn(world, decisionOf, removed.get(id))),
    yielding: (label) => {
      const rivals = (world.byLabel.get(label ?? '') ?? []).flatMap((bearer) => {
        const owner = world.boundTo.get(bearer.id);
        return owner !== undefined && yields(decisionOf(owner), bearer) ? [{ id: bearer.id, owner }] : [];
      });
      return { ids: new Set(rivals.map((one) => one.id)), owners: rivals.map((one) => one.owner) };
    },
  };
  return cases.flatMap((one) => decisionOf(one.change.address) ?? []);
}

/** Syncs that the run took away, by id. */
function removedIds(cases: readonly Case[]): ReadonlyMap<RemoteId, Address> {
  return new Map(
    cases.flatMap((one) => {
      const id = goneId(one.change);
      return id === null || alive(one, id) !== undefined ? [] : [[id, one.change.address] as const];
    }),
  );
}

function goneId({ action, id, retires }: RunChange): RemoteId | null {
  return action === 'delete' ? id : action === 'replace' ? retires : null;
}

/** What a link says instead of an id that is gone: the address of the sync that comes back, or its id where that is known. */
function standIn(
  world: World,
  decisionOf: (address: Address) => Decision | undefined,
  address: Address | undefined,
): { readonly value: Json; readonly needs: readonly Address[] } | undefined {
  if (address === undefined) return undefined;
  const decision = decisionOf(address);
  if (decision === undefined) return undefined;
  if (decision.kind !== 'noop') return { value: address, needs: [address] };
  const id = world.ledger?.syncs[address]?.id ?? null;
  return id === null ? undefined : { value: linkValue(id), needs: [] };
}

function relinked(
  traits: KindTraits,
  spec: Spec,
  find: (id: RemoteId) => { readonly value: Json; readonly needs: readonly Address[] } | undefined,
): { readonly spec: Spec; readonly dependsOn: readonly Address[] } {
  let next = spec;
  const dependsOn: Address[] = [];
  for (const link of traits.links) {
    const id = valueAt(spec, link.into);
    const found = typeof id === 'number' || typeof id === 'string' ? find(String(id)) : undefined;
    if (found === undefined) continue;
    next = withValueAt(next, link.into, found.value);
    dependsOn.push(...found.needs);
  }
  return { spec: next, dependsOn };
}
