import type { LiveSync, RemoteId } from '../model/live.ts';
import { appearance } from './look-alike.ts';

/** Live syncs by label, in the order of the list; without those that `isDead` names. */
export function bearersByLabel(
  live: readonly LiveSync[],
  isDead: (id: RemoteId) => boolean = () => false,
): ReadonlyMap<string, readonly LiveSync[]> {
  return grouped(live, isDead, (label) => label);
}

/** Live syncs by what the eye makes of their label: a service may trim it, or compose its accents. */
export function bearersByLook(live: readonly LiveSync[]): ReadonlyMap<string, readonly LiveSync[]> {
  return grouped(live, () => false, appearance);
}

function grouped(
  live: readonly LiveSync[],
  isDead: (id: RemoteId) => boolean,
  keyOf: (label: string) => string,
): ReadonlyMap<string, readonly LiveSync[]> {
  const bearers = new Map<string, LiveSync[]>();
  for (const one of live) {
    if (one.label === undefined || isDead(one.id)) continue;
    const key = keyOf(one.label);
    const group = bearers.get(key);
    if (group === undefined) bearers.set(key, [one]);
    else group.push(one);
  }
  return bearers;
}
