import type { LiveSync, RemoteId } from '../model/live.ts';

/** Live syncs by label, in the order of the list; without those that `isDead` names. */
export function bearersByLabel(
  live: readonly LiveSync[],
  isDead: (id: RemoteId) => boolean = () => false,
): ReadonlyMap<string, readonly LiveSync[]> {
  const bearers = new Map<string, LiveSync[]>();
  for (const one of live) {
    if (one.label === undefined || isDead(one.id)) continue;
    const group = bearers.get(one.label);
    if (group === undefined) bearers.set(one.label, [one]);
    else group.push(one);
  }
  return bearers;
}
