import { rm } from 'node:fs/promises';
import { fold } from '../../core/memory/ledger.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { JournalLine, Ledger } from '../../model/ledger.ts';
import { type Lock, lease } from '../../model/lock.ts';
import type { JournalFile } from '../journal.ts';
import { leaseClock, leaseEnd } from '../lock.ts';
import type { Journal } from '../store.ts';
import type { Chain } from './run-chain.ts';
import type { Tree } from './tree.ts';

export interface SessionOptions {
  readonly chain: Chain;
  /** The tree that the chain holds: the intent of the run, with its lock. */
  readonly tree: Tree & { readonly lock: Lock };
  readonly journal: JournalFile;
  readonly path: string;
  readonly now: () => Date;
  /** Since the lock was taken. */
  readonly clock: { readonly left: () => number };
}

/** Milliseconds after which a renewal, or the end of a run, that could not be written is tried again. */
const retries = [2000, 5000] as const;

/** A run in progress: its journal, and a lease that is renewed until it ends. Each renewal records what has been done so far. */
export function openSession(options: SessionOptions): Journal {
  const { chain, journal, path, now } = options;
  const { ledger: intent, lock } = options.tree;
  const lines: JournalLine[] = [];
  const lost = new AbortController();
  let { clock } = options;
  let working: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  const lose = (error: SynclineError): void => {
    if (!lost.signal.aborted) lost.abort(error);
  };

  async function renew(): Promise<void> {
    const started = leaseClock(now);
    const tree = { ledger: fold(intent, lines), lock: { ...lock, until: leaseEnd(now()) } };
    try {
      if ((await chain.write(tree, `renew ${lock.run}`)) === 'moved') return lose(takenOver(lock));
      clock = started;
      plan(lease.renewal);
    } catch (error) {
      // Two renewals that failed are enough: what is left is for writes that are under way.
      if (clock.left() <= lease.length - 2 * lease.renewal) lose(cannotRenew(error));
      else plan(retries[0]);
    }
  }

  function plan(delay: number): void {
    if (ended) return;
    timer = setTimeout(() => {
      working = renew();
    }, delay);
    timer.unref();
  }

  async function close(ledger: Ledger): Promise<void> {
    ended = true;
    clearTimeout(timer);
    await working;
    await journal.end();
    await writeEnd(chain, { ledger, lock: undefined }, lock);
    await rm(path, { force: true });
  }

  plan(lease.renewal);
  return {
    append: async (line) => {
      await journal.append(line);
      lines.push(line);
    },
    left: () => (lost.signal.aborted ? 0 : clock.left()),
    lost: lost.signal,
    close,
  };
}

/** What a run has done must be known: where it cannot be shared, it is kept here. */
async function writeEnd(chain: Chain, tree: Tree, lock: Lock): Promise<void> {
  const what = `end ${lock.run}`;
  for (const delay of [...retries, undefined]) {
    try {
      if ((await chain.write(tree, what)) === 'moved') throw takenOver(lock);
      return;
    } catch (error) {
      if (error instanceof SynclineError && error.code === 'lock-lost') throw error;
      if (delay !== undefined) await new Promise((resolve) => setTimeout(resolve, delay));
      else {
        await chain.keep(tree, what);
        throw unshared(error, lock);
      }
    }
  }
}

function takenOver({ run }: Lock): SynclineError {
  return new SynclineError(
    'lock-lost',
    `The lock of run ${run} was broken by hand, or had run out and was taken over by another run.`,
    'The next run finds out what this one has done; make a new plan.',
    Exit.partial,
  );
}

function cannotRenew(error: unknown): SynclineError {
  return new SynclineError(
    'lock-lost',
    `The lock could not be renewed, so the run stopped writing: ${reasonOf(error)}`,
    'Run again once the ledger can be written.',
    Exit.partial,
  );
}

function unshared(error: unknown, { until }: Lock): SynclineError {
  return new SynclineError(
    'ledger-unsaved',
    `What this run has done is recorded in this clone, but could not be shared: ${reasonOf(error)}`,
    `Run apply again in this clone, which pushes it first; another clone has to wait until ${until}.`,
    Exit.partial,
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
