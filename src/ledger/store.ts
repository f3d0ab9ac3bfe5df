import type { Address } from '../model/address.ts';
import type { Spec } from '../model/json.ts';
import type { JournalLine, Ledger } from '../model/ledger.ts';

/** What a store holds: the ledger as last saved (of its runs only one that did not come to its end), and that run's journal. */
export interface Stored {
  readonly ledger: Ledger;
  readonly journal: readonly JournalLine[];
}

/** The log of a run in progress. A line that `append` has resolved survives the death of this process. */
export interface Journal {
  append(line: JournalLine): Promise<void>;
  /** Folds the run into the ledger: saves it whole and drops the journal. */
  close(ledger: Ledger): Promise<void>;
}

/** Where the memory of one target lives. `none` remembers nothing: `read` is always undefined, `begin` keeps nothing. */
export interface LedgerStore {
  readonly kind: 'git' | 'file' | 'none';
  /**
   * undefined where nothing was ever recorded. `declared` gives the spec that a manifest declares for an address: recorded
   * values that equal it are returned as that very object, so that ten thousand of them are not held twice.
   */
  read(declared: (address: Address) => Spec | undefined): Promise<Stored | undefined>;
  /** Saves the intent of a run, durably, before its first write. Earlier runs are kept, whether or not `ledger` has them. */
  begin(ledger: Ledger): Promise<Journal>;
}
