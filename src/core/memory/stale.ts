import { type Address, kindOf } from '../../model/address.ts';
import type { Ledger } from '../../model/ledger.ts';
import { type Key, keyAt, keyOf, type Live } from '../../model/live.ts';
import type { Change } from '../../model/plan.ts';
import type { TraitsOf } from '../../model/traits.ts';
import { indexLive } from '../live-index.ts';
import { recordHash } from './record.ts';

/** How things stand right before a plan is carried out. */
export interface Standing {
  readonly traitsOf: TraitsOf;
  readonly live: readonly Live[];
  /** null: there is no memory. */
  readonly ledger: Ledger | null;
  /** Rows that an unanswered create may have left behind: they are expected, and asked before anything is made. */
  readonly suspects: ReadonlyMap<Address, readonly Live[]>;
}

/**
 * Why a change no longer fits, by address: a binding, a protection or a label is not as it was when the plan was made. What
 * a live object holds is checked later, when it is read again right before its write.
 */
export function staleChanges(changes: readonly Change[], now: Standing): Map<Address, string> {
  const bearers = bearersIn(now);
  const stale = new Map<Address, string>();
  for (const change of changes) {
    const reason = reasonOf(change, now, bearers);
    if (reason !== undefined) stale.set(change.address, reason);
  }
  return stale;
}

/** Bearers of a label. Without a memory a sync that this plan has made may bear it as the service writes it. */
function bearersIn({ live, ledger }: Standing): Bearers {
  const { alike, bearers } = indexLive(live, ledger);
  return ledger === null ? alike : bearers;
}

type Bearers = (kind: string, label: string) => readonly Live[];

function reasonOf(change: Change, { ledger, suspects, traitsOf }: Standing, bearers: Bearers): string | undefined {
  const entry = ledger?.syncs[change.address];
  if (change.action === 'create') {
    const freed = new Set(change.depends_on.flatMap((address) => heldBy(ledger, address)));
    const rows = suspects.get(change.address);
    const kind = kindOf(change.address);
    const bearer = bearers(kind, change.label ?? '').find(
      (one) => !freed.has(keyOf(one.kind, one.id)) && !rows?.includes(one),
    );
    if (bearer !== undefined) return `The ${traitsOf(kind).noun} ${bearer.id} now has the label "${change.label}".`;
    if (entry?.pending != null && rows === undefined) return 'An earlier create of this address is still unanswered.';
    return remembered(change, ledger);
  }
  if (ledger === null) return remembered(change, ledger);
  if (change.action === 'adopt') {
    // What the address was bound to may be gone; the record says whether that is still so.
    const changed = remembered(change, ledger);
    return changed === undefined || entry === undefined
      ? changed
      : `The address is now bound to ${entry.id ?? 'a pending create'}.`;
  }
  const bound = entry?.state === 'retiring' && change.action === 'replace' ? entry.retires : entry?.id;
  if (entry === undefined || bound !== change.id) return 'The address is no longer bound as planned.';
  if (entry.pending !== null && !suspects.has(change.address)) {
    return 'An earlier create of this address is still unanswered.';
  }
  return remembered(change, ledger);
}

function heldBy(ledger: Ledger | null, address: Address): Key[] {
  const { id = null, retires = null } = ledger?.syncs[address] ?? {};
  return [id, retires].flatMap((one) => (one === null ? [] : [keyAt(address, one)]));
}

/** Whatever else an apply or a command has recorded of the address since the plan was made. */
function remembered({ address, record }: Change, ledger: Ledger | null): string | undefined {
  return recordHash(ledger, address) === record
    ? undefined
    : 'What the ledger remembers of the address has changed since the plan was made.';
}
