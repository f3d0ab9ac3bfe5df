import { Exit, type ExitCode, SynclineError } from '../../model/errors.ts';
import type { Ledger } from '../../model/ledger.ts';
import type { JournalFile } from '../journal.ts';
import type { Journal } from '../store.ts';
import { type Hold, lostError } from './lock.ts';

/** What a run that has begun stands on. */
export interface Begun {
  readonly hold: Hold;
  readonly journal: JournalFile;
  /** Milliseconds between two renewals. */
  readonly renewal: number;
  /** Saves the ledger as the run leaves it and lets the lock go. `guard` throws where it is lost; `exit` is for a disk that refuses. */
  readonly save: (ledger: Ledger, guard: () => Promise<void>, exit: ExitCode) => Promise<void>;
}

/** An open run: its journal, and a lease that is renewed until it is closed or lost. */
export function openRun({ hold, journal, renewal, save }: Begun): Journal {
  const lost = new AbortController();
  let sent = false;
  let renewing: Promise<void> | undefined;
  const exit = () => (sent ? Exit.partial : Exit.refused);

  const lose = (why: string) => {
    clearInterval(timer);
    lost.abort(lostError(why, exit()));
  };
  const guard = async () => {
    lost.signal.throwIfAborted();
    const why = await hold.whyLost();
    if (why === undefined) return;
    lose(why);
    lost.signal.throwIfAborted();
  };
  const renew = async () => {
    const why = await whyNotRenewed(hold);
    if (why !== undefined) lose(why);
    renewing = undefined;
  };
  const timer = setInterval(() => {
    renewing ??= renew();
  }, renewal).unref();

  return {
    append: (line) => {
      sent = true;
      return journal.append(line);
    },
    left: () => (lost.signal.aborted ? 0 : hold.left()),
    lost: lost.signal,
    close: async (ledger) => {
      clearInterval(timer);
      await renewing;
      // All that it holds is on disk already, and in `ledger`.
      await journal.end().catch(() => undefined);
      try {
        await save(ledger, guard, exit());
      } catch (error) {
        // Whoever takes over sweeps away what is about to be put in place: that is the reason then.
        await guard();
        throw error;
      }
    },
  };
}

/** Renews the lease. undefined: it is renewed, or the next try will tell; `left` keeps the time meanwhile. */
async function whyNotRenewed(hold: Hold): Promise<string | undefined> {
  try {
    return await hold.renew();
  } catch (error) {
    if (error instanceof SynclineError) return error.message;
    return undefined;
  }
}
