import { type ExitCode, SynclineError } from '../../model/errors.ts';
import type { FoundLock, Lock } from '../../model/lock.ts';
import { judge, leaseClock, leaseEnd, lockedError, newLock } from '../lock.ts';
import type { Holder } from '../store.ts';
import type { Generation, Generations } from './generations.ts';

/** A lock that is ours. */
export interface Hold {
  /** Milliseconds for which it certainly stays ours; 0 once it is lost. */
  left(): number;
  /** Why it is ours no more, as a sentence; undefined while it is. */
  whyLost(): Promise<string | undefined>;
  /** Renews the lease. Returns what `whyLost` does; throws where the disk refuses, and then the old lease runs on. */
  renew(): Promise<string | undefined>;
  /** Lets it go, unless it is another's by now. */
  release(): Promise<void>;
}

/** The lock as whoever comes finds it; undefined where nobody holds it. */
export async function findLock(files: Generations, now: () => Date): Promise<FoundLock | undefined> {
  const last = await files.highest();
  return last === undefined || last.released !== null ? undefined : judge(last.lock, now());
}

/**
 * Takes the lock where nobody holds it, or whose holder is dead or has let its lease run out. Of all who try at once one wins.
 * @throws SynclineError `locked` where somebody holds it.
 */
export async function takeLock(
  files: Generations,
  holder: Holder,
  journal: string | null,
  now: () => Date,
): Promise<Hold> {
  for (;;) {
    const last = await files.highest();
    if (last !== undefined && last.released === null) {
      const { lock, state } = await judge(last.lock, now());
      if (state === 'held') throw lockedError(lock);
    }
    const clock = leaseClock(now);
    const number = (last?.number ?? 0) + 1;
    const mine: Generation = { number, lock: await newLock(holder, journal, now()), released: null };
    if (!(await files.create(mine))) continue;
    // A process that slept since it looked may have made a generation that others have been through: theirs is higher.
    if ((await files.highest())?.number === number) return hold(files, mine, clock, now);
    await files.remove(number);
  }
}

function hold(files: Generations, taken: Generation, since: { readonly left: () => number }, now: () => Date): Hold {
  let mine = taken;
  let clock = since;
  let lost = false;
  let trouble = '';

  const whyLost = async (): Promise<string | undefined> => {
    const last = await files.highest();
    const why =
      last?.number !== mine.number
        ? successorOf(mine, last)
        : clock.left() <= 0
          ? `The lease on the ledger ran out before it could be renewed${trouble}.`
          : undefined;
    lost ||= why !== undefined;
    return why;
  };

  return {
    left: () => (lost ? 0 : clock.left()),
    whyLost,
    renew: async () => {
      const next = leaseClock(now);
      const before = await whyLost();
      if (before !== undefined) return before;
      const renewed = { ...mine, lock: { ...mine.lock, until: leaseEnd(now()) } };
      await files.replace(renewed).catch((error: Error) => {
        trouble = `: ${error.message}`;
        throw error;
      });
      // Until now others have seen the old lease: had it run out meanwhile, one of them may be about to take over.
      const after = await whyLost();
      if (after === undefined) [mine, clock] = [renewed, next];
      return after;
    },
    release: async () => {
      if ((await files.highest())?.number !== mine.number) return;
      await files.replace({ ...mine, released: now().toISOString() });
      await files.removeBelow(mine.number);
    },
  };
}

function successorOf(mine: Generation, last: Generation | undefined): string {
  if (last === undefined || last.number < mine.number) return 'The lock file of this run was removed.';
  const { run, actor, host, pid, at } = last.lock;
  if (isSameLock(last.lock, mine.lock)) return 'The lock of this run was broken by hand (`syncline unlock`).';
  return `${actor} has taken over the lock: run ${run} on ${host} (process ${pid}), since ${at}.`;
}

/**
 * Ends the lease of a lock now and keeps what else it says, so that the next run takes it over with its intent. false where it
 * is no longer the one that was shown; a lock that was renewed since still is.
 */
export async function breakLock(files: Generations, shown: Lock, now: () => Date): Promise<boolean> {
  const last = await files.highest();
  if (last === undefined || last.released !== null || !isSameLock(last.lock, shown)) return false;
  const time = now();
  // A lease that has run out before did not last until now.
  const until = Date.parse(last.lock.until) < time.getTime() ? last.lock.until : time.toISOString();
  const broken: Generation = { number: last.number + 1, lock: { ...last.lock, until, broken: true }, released: null };
  if (!(await files.create(broken))) return false;
  if ((await files.highest())?.number === broken.number) return true;
  await files.remove(broken.number);
  return false;
}

/**
 * Puts a lock that nobody holds above one that nobody can read: what its run has left is found out by the next. false where the
 * lock is another by now.
 */
export async function breakUnreadable(files: Generations, now: () => Date): Promise<boolean> {
  const number = (await files.top()) + 1;
  if (
    await files.highest().then(
      () => true,
      () => false,
    )
  )
    return false;
  const lock = await newLock({ run: 'unlock', actor: 'syncline unlock' }, null, now());
  return files.create({ number, lock, released: now().toISOString() });
}

/** What the run that has lost its lock is told. `exit`: 5 where it may have written something, else 4. */
export function lostError(why: string, exit: ExitCode): SynclineError {
  const hint = 'Run again: the next run reads the journal of this one.';
  return new SynclineError('lock-lost', why, hint, exit);
}

/** All that a renewal leaves as it is. */
const lasting = ['run', 'actor', 'host', 'boot', 'pid_namespace', 'pid', 'started', 'at', 'journal'] as const;

function isSameLock(one: Lock, other: Lock): boolean {
  return lasting.every((name) => one[name] === other[name]);
}
