import type { Address } from '../model/address.ts';
import type { SynclineError } from '../model/errors.ts';
import type { Spec } from '../model/json.ts';
import type { JournalLine, LastApply, Ledger, Run } from '../model/ledger.ts';
import type { FoundLock, Lock } from '../model/lock.ts';

/** What manifests declare, as far as it is known. Neither promise ever fails: where manifests cannot be had, nothing is declared. */
export interface Declared {
  /** The spec that a manifest declares for an address; undefined where none does, or nobody knows of it yet. Names in it may still change to ids. */
  specOf(address: Address): Spec | undefined;
  /** Tells of addresses of which a spec is known from now on. */
  follow(tell: (addresses: readonly Address[]) => void): void;
  /** Resolves when what has to be done with the ledger keeps nobody from the network any more, at the latest with `whole`. */
  readonly calm: Promise<void>;
  /** Resolves once all is known, with ids in place of names. */
  readonly whole: Promise<void>;
}

/** For who asks for a ledger and nothing beside it. */
export const nothingDeclared: Declared = {
  specOf: () => undefined,
  follow: () => undefined,
  calm: Promise.resolve(),
  whole: Promise.resolve(),
};

/** What a store holds. */
export interface Stored {
  /** As last saved; of its runs only one that did not come to its end. */
  readonly ledger: Ledger;
  /** The journal of that run, as far as it is at hand. */
  readonly journal: readonly JournalLine[];
  /**
   * Is that journal all there is? false where it lies on another machine or was lost: then what the run only meant to send
   * may have been sent.
   */
  readonly complete: boolean;
  /** undefined: nobody holds the lock. */
  readonly lock: FoundLock | undefined;
  /** Is it recorded only here so far, and not where others look for it? Then the next run that may write shares it first. */
  readonly unsaved: boolean;
  /** The last run that applied all that a checkout said. */
  readonly last: LastApply | undefined;
  /** Why nothing may be written that goes by it: a remote that could not be asked, a lock that nobody can read. */
  readonly refusal: SynclineError | undefined;
  /** What the reader should know of, such as a remote that could not be asked; one sentence each. */
  readonly warnings: readonly string[];
}

/** Who takes the lock. */
export interface Holder {
  readonly run: string;
  /** Person or CI run. */
  readonly actor: string;
}

/** The log of a run in progress, and its hold on the lock. */
export interface Journal {
  /** A line that this has resolved for survives the death of this process. */
  append(line: JournalLine): Promise<void>;
  /** Milliseconds for which the lock is certainly ours, by every clock of this machine; at most 0 once it is lost. */
  left(): number;
  /** Aborted when the lock is lost or can no longer be renewed; the reason is a SynclineError. */
  readonly lost: AbortSignal;
  /** Folds the run into the ledger: saves it whole, lets go of the lock and drops the journal. */
  close(ledger: Ledger): Promise<void>;
}

/** Where the memory of one target lives. `none` remembers nothing: `read` is always undefined, `begin` keeps nothing. */
export interface LedgerStore {
  readonly kind: 'git' | 'file' | 'none';
  /** How messages call it: a path or a ref. */
  readonly place: string;
  /**
   * undefined where nothing was ever recorded. Of recorded specs what equals the `declared` ones is returned as those very objects, so
   * that ten thousand of them are not held twice; what is slow begins before anything is declared.
   */
  read(declared: Declared): Promise<Stored | undefined>;
  /**
   * Takes the lock and saves the intent of a run, durably and in one step, before its first write. Earlier runs are kept,
   * whether or not `ledger` has them; a last one in it that is not `running` is recorded first, as it ended.
   * @throws SynclineError (exit 4) `locked` where another holds the lock, or held it when `read` was called; `ledger-moved`
   * where the ledger is not what `read` has returned; `ledger-unwritable` where it cannot be saved.
   */
  begin(ledger: Ledger, holder: Holder): Promise<Journal>;
  /** Saves what sends nothing to the service, in one step; its last run, if any, has ended. Throws as `begin` does. */
  save(ledger: Ledger): Promise<void>;
  /** Every run that is still remembered, newest first, each as it stood last. */
  runs(): AsyncIterable<Run>;
  /** The lock, where somebody has it. @throws SynclineError (exit 4) `lock-unreadable` */
  lock(): Promise<FoundLock | undefined>;
  /**
   * Breaks a lock that is as it was shown: its lease ends now, its intent is kept. undefined: it is one that nobody can read.
   * Throws `ledger-moved` where it is another.
   */
  unlock(shown: Lock | undefined): Promise<void>;
}
