import { isObject } from '../../json.ts';
import type { Collection } from '../collection.ts';
import type { Sync } from '../state.ts';

/** Takes the trigger away from every sync that followed the one that is gone. */
export function withoutParent(syncs: Collection<Sync>, parent: number): void {
  for (const sync of syncs.all()) {
    const { mode } = sync.body;
    if (!isObject(mode) || !isObject(mode.triggers) || !isObject(mode.triggers.sync_sequence)) continue;
    if (Number(mode.triggers.sync_sequence.sync_id) !== parent) continue;
    const { sync_sequence: _, ...triggers } = mode.triggers;
    syncs.put({ ...sync, body: { ...sync.body, mode: { ...mode, triggers } } });
  }
}
