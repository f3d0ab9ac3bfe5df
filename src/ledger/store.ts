import type { JournalLine, Ledger } from '../model/ledger.ts';

/** What a store holds: the ledger as last saved, and the journal of a run that did not come to its end. */
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
  /** undefined where nothing was ever recorded. */
  read(): Promise<Stored | undefined>;
  /** Saves the intent of a run, durably, before its first write. */
  begin(ledger: Ledger): Promise<Journal>;
}
