import type { Address } from '../../model/address.ts';
import type { Json } from '../../model/json.ts';
import type { Ledger } from '../../model/ledger.ts';
import { digestOf } from '../hash.ts';

/**
 * Hash of what the record of an address means: what it binds, holds, protects, hides and waits for, and whether `pull` made it. null where there is no record,
 * or no memory. A plan whose change was made from another one is stale.
 */
export function recordHash(ledger: Ledger | null, address: Address): string | null {
  const entry = ledger?.syncs[address];
  if (entry === undefined) return null;
  const { state, id, spec, protect, on_delete, hide, pending, retires, pulled } = entry;
  return digestOf({ state, id, spec, protect, on_delete, hide, pending, retires, pulled } as Json);
}
