import type { LedgerStore, Stored } from '../../ledger/store.ts';
import type { Ledger } from '../../model/ledger.ts';

/**
 * A store that has what another one held when it was read, with another ledger in it, and into which nothing can be written: what is
 * planned on it is planned as if that were recorded. undefined: nothing was ever recorded.
 */
export function storeWith({ kind, place }: LedgerStore, stored: Stored | undefined, ledger?: Ledger): LedgerStore {
  const held = stored === undefined ? undefined : { ...stored, ledger: ledger ?? stored.ledger };
  const refuse = async () => {
    throw new Error('A plan that is only compared writes nothing.');
  };
  return {
    kind,
    place,
    read: async () => held,
    begin: refuse,
    save: refuse,
    runs: async function* () {},
    lock: async () => held?.lock,
    unlock: refuse,
  };
}

/** As `storeWith`, where whatever an earlier run has left behind is settled in the ledger already. */
export function settledStore(store: LedgerStore, ledger: Ledger): LedgerStore {
  const settled: Stored = {
    ledger,
    journal: [],
    complete: true,
    lock: undefined,
    unsaved: false,
    last: ledger.meta.last_apply,
    refusal: undefined,
    warnings: [],
  };
  return storeWith(store, settled);
}
