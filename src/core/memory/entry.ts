import { hiding } from '../../model/hidden.ts';
import type { Bound, Entry, PendingCreate, Retiring, RunChange } from '../../model/ledger.ts';
import type { RemoteId } from '../../model/live.ts';

/** The entry of an address that holds a thing, as a change of it has left it. */
export function boundBy(change: RunChange, id: RemoteId): Bound {
  const { after: spec, label, protect, on_delete } = change;
  return { state: 'bound', id, spec, label, protect, on_delete, ...hiding(change), pending: null, retires: null };
}

/** What a record says of its thing at another API, where the entry that follows it holds the same thing. */
export function keptOf(old: Entry | undefined, id: RemoteId): Pick<Entry, 'v1' | 'v2'> {
  if (old?.id !== id) return {};
  const { v1, v2 } = old;
  return { ...(v1 !== undefined && { v1 }), ...(v2 !== undefined && { v2 }) };
}

/** The entry of an address whose create is not answered, and which holds nothing until then. */
export function pendingBy(
  known: Pick<Entry, 'label' | 'protect' | 'on_delete' | 'hide'>,
  pending: PendingCreate,
): Entry {
  return { state: 'pending', id: null, spec: null, ...known, pending, retires: null };
}

/** The entry that holds a thing and is still to let the old one go; without an old one there is nothing to let go. */
export function retiring(entry: Bound, retires: RemoteId | null): Bound | Retiring {
  return retires === null ? entry : { ...entry, state: 'retiring', retires };
}

/** The entry with the old thing gone. */
export function retired(entry: Entry): Entry {
  return entry.state === 'retiring' ? { ...entry, state: 'bound', retires: null } : entry;
}

/** The entry while nobody knows whether its thing is deleted. One with an old thing has not sent that delete yet. */
export function deleting(entry: Entry): Entry {
  return entry.state === 'bound' ? { ...entry, state: 'deleting' } : entry;
}

/** The entry after a delete that was not carried out. */
export function undeleted(entry: Entry): Entry {
  return entry.state === 'deleting' ? { ...entry, state: 'bound' } : entry;
}

/** The entry without its thing: what an unanswered create has left is not deleted with what it was to replace. */
export function emptied(entry: Entry | undefined): Entry | undefined {
  if (entry?.pending == null) return undefined;
  const { v1: _1, v2: _2, ...rest } = entry;
  return { ...rest, state: 'pending', id: null, spec: null, pending: entry.pending, retires: null };
}
