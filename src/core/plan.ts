import { type Address, matches } from '../model/address.ts';
import type { LiveSync, RemoteId } from '../model/live.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Action, Blocked, Change, Plan } from '../model/plan.ts';
import { decide } from './decide.ts';
import type { Decision, PlanInput } from './decision.ts';
import { planDeletes } from './deletes.ts';
import { planDigest } from './digest.ts';
import { blockOrphans, blockUnsupported, holdDeletes, limitDeletes } from './guard.ts';
import { rivals, type World } from './identify.ts';
import { linkedAddresses, order } from './order.ts';
import { byCodePoint } from './stable.ts';

/** Compares, decides, orders. Synchronous, total, never throws. */
export function makePlan(input: PlanInput): Plan {
  const selected = input.manifests.filter((one) => input.only === undefined || matches(one.address, input.only));
  const world = worldOf(input);
  const decisions = decideAll(input, world, selected);
  const wanted = [...decisions.values()];
  const deletes = planDeletes(input, world);
  const possible = blockUnsupported(input, [...wanted, ...deletes]);
  const all = blockOrphans(limitDeletes(input, holdDeletes(possible)));
  const changes = order(
    input.traits,
    all.flatMap((one) => (one.kind === 'change' ? [one.change] : [])),
    world.liveById,
  );
  const blocked = all.flatMap((one) => (one.kind === 'blocked' ? [one.blocked] : [])).sort(byAddress);
  const notes = [...input.notes, ...all.flatMap((one) => one.notes)].sort(byAddress);
  const plan = { ...header(input), changes, blocked, notes, summary: summarise(changes, blocked, all) };
  return { ...plan, digest: planDigest(plan) };
}

function header(input: PlanInput) {
  const { name, provider, api, host, workspace } = input.target;
  return { target: name, provider, api, host, workspace, digest: '', created_at: input.createdAt, tool: input.tool };
}

function summarise(changes: readonly Change[], blocked: readonly Blocked[], all: readonly Decision[]): Plan['summary'] {
  const count = (action: Action) => changes.filter((change) => change.action === action).length;
  return {
    create: count('create'),
    update: count('update'),
    delete: count('delete'),
    adopt: count('adopt'),
    replace: count('replace'),
    noop: all.filter((one) => one.kind === 'noop').length,
    blocked: blocked.length,
  };
}

function byAddress(first: { readonly address: Address }, second: { readonly address: Address }): number {
  return first.address < second.address ? -1 : first.address > second.address ? 1 : 0;
}

function worldOf(input: PlanInput): World {
  const liveById = new Map(input.live.map((one) => [one.id, one]));
  const byLabel = new Map<string, LiveSync[]>();
  for (const one of [...input.live].sort((first, second) => byCodePoint(first.id, second.id))) {
    if (one.label === undefined || input.ledger?.dead[one.id] !== undefined) continue;
    const group = byLabel.get(one.label);
    if (group === undefined) byLabel.set(one.label, [one]);
    else group.push(one);
  }
  const boundTo = new Map<RemoteId, Address>();
  for (const [address, entry] of Object.entries(input.ledger?.syncs ?? {})) {
    if (entry.id !== null) boundTo.set(entry.id, address);
    if (entry.retires !== null) boundTo.set(entry.retires, address);
  }
  const declared = new Map(input.manifests.map((one) => [one.address, one]));
  return { liveById, byLabel, boundTo, declared, ledger: input.ledger };
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
  const sorted = [...selected].sort(byAddressOf);
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

function byAddressOf(first: Manifest, second: Manifest): number {
  return byAddress(first, second);
}
