import type { Address } from '../../model/address.ts';
import { type Key, keyAt, keyOf, type Live } from '../../model/live.ts';
import type { Change, Delete, Update } from '../../model/plan.ts';
import type { KindTraits, TraitsOf } from '../../model/traits.ts';
import { isRemoval } from '../actions.ts';
import { byCodePoint } from '../stable.ts';
import { idAt } from './fill.ts';

/** What a live thing refers to among the kinds that have manifests. */
function referents({ references }: KindTraits, { spec }: Pick<Live, 'spec'>): Key[] {
  return references.flatMap((reference) => {
    const id = reference.manifest === undefined ? undefined : idAt(reference, spec);
    return id === undefined || reference.manifest === undefined ? [] : [keyOf(reference.manifest, id)];
  });
}

/** What is depended on comes first, then by address; removals last, and among them children before their parents. */
export function order(traitsOf: TraitsOf, changes: readonly Change[], byKey: ReadonlyMap<Key, Live>): Change[] {
  const kept = changes.filter((change) => !isRemoval(change));
  const removed = changes.filter((change): change is Delete | Update => isRemoval(change));
  const addressOf = new Map(removed.map(({ address, id }) => [keyAt(address, id), address]));
  const parents = new Map(
    removed.map(({ address, id }) => {
      const live = byKey.get(keyAt(address, id));
      const found = live === undefined ? [] : referents(traitsOf(live.kind), live);
      return [address, found.flatMap((key) => addressOf.get(key) ?? [])] as const;
    }),
  );
  const forward = sortByDependency(kept, (change) => change.depends_on);
  const backward = sortByDependency(removed, ({ address }) => parents.get(address) ?? []).reverse();
  const children = childrenOf(parents);
  return [...forward, ...backward.map((change) => ({ ...change, depends_on: children.get(change.address) ?? [] }))];
}

/** Among removals a parent waits for the children that still refer to it. */
function childrenOf(parents: ReadonlyMap<Address, readonly Address[]>): ReadonlyMap<Address, readonly Address[]> {
  const children = new Map<Address, Address[]>();
  for (const [child, all] of [...parents].sort(([one], [other]) => byCodePoint(one, other))) {
    for (const parent of new Set(all)) children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  return children;
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
