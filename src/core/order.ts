import type { Address } from '../model/address.ts';
import { type Json, type Spec, valueAt, withValueAt } from '../model/json.ts';
import type { LiveSync, RemoteId } from '../model/live.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Change } from '../model/plan.ts';
import type { KindTraits } from '../model/traits.ts';
import { isRemoval } from './removal.ts';
import { byCodePoint } from './stable.ts';

/** Addresses of the manifests that this one names in its links. */
export function linkedAddresses(traits: KindTraits, manifest: Pick<Manifest, 'kind' | 'spec'>): Address[] {
  return traits.links.flatMap((link) => {
    const name = valueAt(manifest.spec, link.path);
    return typeof name === 'string' ? [`${manifest.kind}/${name}`] : [];
  });
}

/** An id as it stands in a spec: services that count their syncs want the number. */
export function linkValue(id: RemoteId): Json {
  const number = Number(id);
  return /^[0-9]+$/.test(id) && Number.isSafeInteger(number) ? number : id;
}

/** Links of a spec that still hold the address of a sync instead of its id. */
export function openLinks(traits: KindTraits, spec: Spec): { readonly into: string; readonly address: Address }[] {
  return traits.links.flatMap((link) => {
    const value = valueAt(spec, link.into);
    return typeof value === 'string' && value.startsWith(`${traits.kind}/`)
      ? [{ into: link.into, address: value }]
      : [];
  });
}

/** The body with the links filled whose syncs have an id by now; the others go on naming an address. */
export function withIds(traits: KindTraits, spec: Spec, idOf: (address: Address) => RemoteId | null | undefined): Spec {
  return openLinks(traits, spec).reduce((rest, { into, address }) => {
    const id = idOf(address);
    return id == null ? rest : withValueAt(rest, into, linkValue(id));
  }, spec);
}

/** What is depended on comes first, then by address; removals last, and among them children before their parents. */
export function order(
  traits: KindTraits,
  changes: readonly Change[],
  liveById: ReadonlyMap<RemoteId, LiveSync>,
): Change[] {
  const kept = changes.filter((change) => !isRemoval(change));
  const removed = changes.filter(isRemoval);
  const addressOf = new Map(removed.map((change) => [change.id ?? '', change.address]));
  const parentsOf = (change: Change): Address[] => {
    const spec = liveById.get(change.id ?? '')?.spec;
    if (spec === undefined) return [];
    return traits.links.flatMap((link) => addressOf.get(String(valueAt(spec, link.into) ?? '')) ?? []);
  };
  const forward = sortByDependency(kept, (change) => change.depends_on);
  const backward = sortByDependency(removed, parentsOf).reverse();
  return [...forward, ...backward.map((change) => ({ ...change, depends_on: childrenOf(change, removed, parentsOf) }))];
}

/** Among removals a parent waits for the children that still refer to it. */
function childrenOf(change: Change, removed: readonly Change[], parentsOf: (change: Change) => Address[]): Address[] {
  return removed
    .filter((other) => parentsOf(other).includes(change.address))
    .map((other) => other.address)
    .sort(byCodePoint);
}

/** Depth first by address. A cycle cannot pass validation; should one come, its members simply keep their address order. */
function sortByDependency(changes: readonly Change[], needs: (change: Change) => readonly Address[]): Change[] {
  const byAddress = new Map(changes.map((change) => [change.address, change]));
  const sorted: Change[] = [];
  const seen = new Set<Address>();
  const visit = (address: Address): void => {
    const change = byAddress.get(address);
    if (change === undefined || seen.has(address)) return;
    seen.add(address);
    for (const need of [...needs(change)].sort(byCodePoint)) visit(need);
    sorted.push(change);
  };
  for (const address of [...byAddress.keys()].sort(byCodePoint)) visit(address);
  return sorted;
}
