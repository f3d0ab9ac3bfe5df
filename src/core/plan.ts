import { type Address, matches } from '../model/address.ts';
import type { LiveSync, RemoteId } from '../model/live.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Plan } from '../model/plan.ts';
import type { KindTraits } from '../model/traits.ts';
import { assemble, byAddress } from './assemble.ts';
import { type ClosedCircle, closedCircles, olderCircles } from './circle-words.ts';
import { type Circle, circlesOf } from './circles.ts';
import { decide } from './decide.ts';
import type { Decision, PlanInput } from './decision.ts';
import { planDeletes } from './deletes.ts';
import { blockOrphans, guardGone } from './guard.ts';
import { rivals, type World } from './identify.ts';
import { labelOf } from './label.ts';
import { boundTo } from './ledger.ts';
import { appearance } from './look-alike.ts';
import { linkedAddresses } from './order.ts';
import { byCodePoint } from './stable.ts';

/** Compares, decides, orders. Synchronous, total, never throws. */
export function makePlan(input: PlanInput): Plan {
  const selected = input.manifests.filter((one) => input.only === undefined || matches(one.address, input.only));
  const world = worldOf(input);
  const decisions = decideAll(input, world, selected);
  const wanted = [...decisions.values()];
  const deletes = planDeletes(input, world);
  const plan = assemble(input, guardGone(input, blockOrphans([...wanted, ...deletes])), world);
  const older = olderCircles(circlesIn(input, plan, world));
  return older.length === 0 ? plan : { ...plan, notes: [...plan.notes, ...older].sort(byAddress) };
}

/** The circles of triggers that this plan would close, with the manifests that do. Such a plan is refused. */
export function closedByPlan(input: PlanInput, plan: Plan): readonly ClosedCircle[] {
  if (input.traits.links.length === 0) return [];
  const world = worldOf(input);
  return closedCircles(circlesIn(input, plan, world), world.declared);
}

function circlesIn({ traits, live }: PlanInput, { changes }: Plan, world: World): Circle[] {
  return circlesOf({
    traits,
    live,
    changes,
    boundTo: world.ledger === null ? byOnlyLabel(traits, world) : world.boundTo,
  });
}

/** Without a ledger a manifest holds the one sync that bears its label. */
function byOnlyLabel(traits: KindTraits, { byLabel, declared }: World): Map<RemoteId, Address> {
  const held = new Map<RemoteId, Address>();
  for (const { address, spec } of declared.values()) {
    const [only, ...others] = byLabel.get(labelOf(traits, spec) ?? '') ?? [];
    if (only !== undefined && others.length === 0) held.set(only.id, address);
  }
  return held;
}

/** The live side and the ledger, indexed. */
export function worldOf(input: PlanInput): World {
  const liveById = new Map(input.live.map((one) => [one.id, one]));
  const byLabel = new Map<string, LiveSync[]>();
  for (const one of [...input.live].sort((first, second) => byCodePoint(first.id, second.id))) {
    if (one.label === undefined || input.ledger?.dead[one.id] !== undefined) continue;
    const group = byLabel.get(one.label);
    if (group === undefined) byLabel.set(one.label, [one]);
    else group.push(one);
  }
  const declared = new Map(input.manifests.map((one) => [one.address, one]));
  return {
    liveById,
    byLabel,
    byLook: byLookOf(byLabel),
    boundTo: boundTo(input.ledger),
    declared,
    ledger: input.ledger,
  };
}

function byLookOf(byLabel: ReadonlyMap<string, readonly LiveSync[]>): Map<string, readonly LiveSync[]> {
  const byLook = new Map<string, readonly LiveSync[]>();
  for (const [label, group] of byLabel) {
    const look = appearance(label);
    byLook.set(look, [...(byLook.get(look) ?? []), ...group]);
  }
  return byLook;
}

/** Decides parents before the manifests that link to them: a child needs to know whether its parent has an id. */
function decideAll(input: PlanInput, world: World, selected: readonly Manifest[]): Map<Address, Decision> {
  const chosen = new Set(selected.map((one) => one.address));
  const decided = new Map<Address, Decision>();
  const visiting = new Set<Address>();
  const visit = (manifest: Manifest): void => {
    if (decided.has(manifest.address) || visiting.has(manifest.address)) return;
    visiting.add(manifest.address);
    const owners = rivals(input, world, manifest).map((one) => world.boundTo.get(one.id) ?? '');
    for (const needed of [...linkedAddresses(input.traits, manifest), ...owners]) {
      const found = world.declared.get(needed);
      if (found !== undefined && chosen.has(needed)) visit(found);
    }
    decided.set(manifest.address, decide(input, world, decided, manifest));
  };
  const sorted = [...selected].sort(byAddress);
  for (const manifest of sorted) visit(manifest);
  while (unblock(input, world, decided, sorted));
  return decided;
}

/**
 * Links and labels can make a circle that no order resolves at once: what was blocked on something that was still open then
 * is decided again. Says whether anything has changed.
 */
function unblock(
  input: PlanInput,
  world: World,
  decided: Map<Address, Decision>,
  sorted: readonly Manifest[],
): boolean {
  let changed = false;
  for (const manifest of sorted) {
    if (decided.get(manifest.address)?.kind !== 'blocked') continue;
    const again = decide(input, world, decided, manifest);
    if (again.kind === 'blocked') continue;
    decided.set(manifest.address, again);
    changed = true;
  }
  return changed;
}
