import type { Address } from '../../model/address.ts';
import { type Key, keyOf } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Plan } from '../../model/plan.ts';
import type { TraitsOf } from '../../model/traits.ts';
import { indexLive } from '../live-index.ts';
import { indexDeclared, namedManifests } from '../references/declared.ts';
import { labelOf } from '../spec/label.ts';
import { assemble, byAddress } from './assemble.ts';
import { type ClosedCircle, closedCircles, olderCircles } from './circle-words.ts';
import { type Circle, circlesOf } from './circles.ts';
import { decide } from './decide.ts';
import type { Decision, PlanInput } from './decision.ts';
import { planDeletes } from './deletes.ts';
import { blockOrphans, guardGone } from './guard.ts';
import { type PlanIndex, rivals } from './identify.ts';

/** Compares, decides, orders. Synchronous, total, never throws. */
export function makePlan(input: PlanInput): Plan {
  const selected = input.manifests.filter((one) => input.chosen.has(one.address));
  const index = planIndexOf(input);
  const decisions = decideAll(input, index, selected);
  const wanted = [...decisions.values()];
  const deletes = planDeletes(input, index);
  const plan = assemble(input, guardGone(input, blockOrphans(input, [...wanted, ...deletes])), index);
  const older = olderCircles(circlesIn(input, plan, index));
  return older.length === 0 ? plan : { ...plan, notes: [...plan.notes, ...older].sort(byAddress) };
}

/** The circles of triggers that this plan would close, with the manifests that do. Such a plan is refused. */
export function closedByPlan(input: PlanInput, plan: Plan): readonly ClosedCircle[] {
  const index = planIndexOf(input);
  return closedCircles(circlesIn(input, plan, index), index.declared.byAddress);
}

function circlesIn({ traitsOf, live }: PlanInput, { changes }: Plan, index: PlanIndex): Circle[] {
  return circlesOf({
    traitsOf,
    live,
    changes,
    boundTo: index.ledger === null ? byOnlyLabel(traitsOf, index) : index.boundTo,
  });
}

/** Without a ledger a manifest holds the one thing that bears its label. */
function byOnlyLabel(traitsOf: TraitsOf, { bearers, declared }: PlanIndex): Map<Key, Address> {
  const held = new Map<Key, Address>();
  for (const { address, kind, spec } of declared.byAddress.values()) {
    const [only, ...others] = bearers(kind, labelOf(traitsOf(kind), spec) ?? '');
    if (only !== undefined && others.length === 0) held.set(keyOf(kind, only.id), address);
  }
  return held;
}

/** The live side, the manifests and the ledger, indexed. */
export function planIndexOf({
  live,
  ledger,
  manifests,
  traitsOf,
}: Pick<PlanInput, 'live' | 'ledger' | 'manifests' | 'traitsOf'>): PlanIndex {
  return { ...indexLive(live, ledger), declared: indexDeclared(manifests, traitsOf), ledger };
}

/** Decides parents before the manifests that link to them: a child needs to know whether its parent has an id. */
function decideAll(input: PlanInput, index: PlanIndex, selected: readonly Manifest[]): Map<Address, Decision> {
  const chosen = new Set(selected.map((one) => one.address));
  const decided = new Map<Address, Decision>();
  const visiting = new Set<Address>();
  const visit = (manifest: Manifest): void => {
    if (decided.has(manifest.address) || visiting.has(manifest.address)) return;
    visiting.add(manifest.address);
    const owners = rivals(input, index, manifest).map((one) => index.boundTo.get(keyOf(one.kind, one.id)) ?? '');
    const named = namedManifests(input.traitsOf(manifest.kind), manifest.spec, index.declared);
    for (const needed of [...named.map((one) => one.address), ...owners]) {
      const found = index.declared.byAddress.get(needed);
      if (found !== undefined && chosen.has(needed)) visit(found);
    }
    decided.set(manifest.address, decide(input, index, decided, manifest));
  };
  const sorted = [...selected].sort(byAddress);
  for (const manifest of sorted) visit(manifest);
  while (unblock(input, index, decided, sorted));
  return decided;
}

/**
 * Links and labels can make a circle that no order resolves at once: what was blocked on something that was still open then
 * is decided again. Says whether anything has changed.
 */
function unblock(
  input: PlanInput,
  index: PlanIndex,
  decided: Map<Address, Decision>,
  sorted: readonly Manifest[],
): boolean {
  let changed = false;
  for (const manifest of sorted) {
    if (decided.get(manifest.address)?.kind !== 'blocked') continue;
    const again = decide(input, index, decided, manifest);
    if (again.kind === 'blocked') continue;
    decided.set(manifest.address, again);
    changed = true;
  }
  return changed;
}
