import type { Address } from '../../model/address.ts';
import type { Ledger } from '../../model/ledger.ts';
import { type Key, keyAt } from '../../model/live.ts';
import type { Plan } from '../../model/plan.ts';

/** What is known of things that are gone, and how many of them may be made again or forgotten together. */
export interface Gone {
  readonly ledger: Ledger | null;
  /** Bound ids that the provider proved not to exist. */
  readonly gone: ReadonlySet<Key>;
  readonly maxDeletes: number;
  /** The exact number that is allowed all the same. */
  readonly forceCreates: number | undefined;
}

/** Addresses whose sync is gone. */
export function lostAddresses({ ledger, gone }: Pick<Gone, 'ledger' | 'gone'>): Set<Address> {
  const entries = gone.size === 0 ? [] : Object.entries(ledger?.syncs ?? {});
  return new Set(
    entries.flatMap(([address, { id }]) => (id !== null && gone.has(keyAt(address, id)) ? [address] : [])),
  );
}

/**
 * Why `chosen` of the gone things must not be made again or forgotten, undefined where they may: too many at once, with
 * `others` that are left alone, look like an outage or a wrong token, and wait for somebody who gives their exact number.
 */
export function massGoneHint({ ledger, maxDeletes, forceCreates }: Gone, chosen: number, others: number) {
  const bound = Object.values(ledger?.syncs ?? {}).filter(({ id }) => id !== null).length;
  const count = chosen + others;
  const isMass = count > maxDeletes || (count >= 2 && count === bound);
  if (chosen === 0 || !isMass || forceCreates === chosen) return undefined;
  const asked = forceCreates === undefined ? '' : ` (not ${forceCreates})`;
  return `${count} of the ${bound} things that the ledger binds are gone: the service says that they do not exist, as it also does in an outage or for a wrong token. If they really are gone, run with --force-creates ${chosen}${asked}: what is declared is made again, the rest forgotten.`;
}

/** What a plan would make again or forget and must not as things are now, by address. What it has blocked is not counted. */
export function refusedGone({ changes, notes, blocked }: Plan, now: Gone): Map<Address, string> {
  const lost = lostAddresses(now);
  const made = changes.filter(({ action }) => action === 'create').map(({ address }) => address);
  const released = notes.filter(({ code }) => code === 'released').map(({ address }) => address);
  const chosen = new Set([...made, ...released].filter((address) => lost.has(address)));
  const set = new Set(blocked.map(({ address }) => address));
  const others = [...lost].filter((address) => !chosen.has(address) && !set.has(address));
  const hint = massGoneHint(now, chosen.size, others.length);
  return new Map(hint === undefined ? [] : [...chosen].map((address) => [address, hint]));
}
