import { Exit, SynclineError } from '../model/errors.ts';
import { type FoundLock, type Lock, lease } from '../model/lock.ts';
import { isProvablyDead, thisProcess } from './process.ts';
import type { Holder } from './store.ts';

/** A new lock of this process. */
export async function newLock(holder: Holder, journal: string | null, now: Date): Promise<Lock> {
  const { run, actor } = holder;
  return { run, actor, ...(await thisProcess()), at: now.toISOString(), until: leaseEnd(now), journal };
}

/** When a lease ends that is taken or renewed now (ISO 8601). */
export function leaseEnd(now: Date): string {
  return new Date(now.getTime() + lease.length).toISOString();
}

/** How a lock stands for whoever finds it. A lock whose end nobody can read holds: breaking it is for a person to decide. */
export async function judge(lock: Lock, now: Date): Promise<FoundLock> {
  const [dead, here] = await Promise.all([isProvablyDead(lock), thisProcess()]);
  const state = dead ? 'dead' : Date.parse(lock.until) <= now.getTime() ? 'expired' : 'held';
  return { lock, state, elsewhere: lock.boot === null || lock.boot !== here.boot };
}

/** Milliseconds by which two clocks may differ. */
const tolerance = 120_000;

/**
 * Why the end of a lease that another machine has set is not believed: nobody knows whether this clock is right, or it is not.
 * `skew`: milliseconds by which the service's clock is ahead of this one; undefined where no answer told.
 */
export function clockError(found: FoundLock | undefined, skew: number | undefined): SynclineError | undefined {
  if (found?.state !== 'expired' || !found.elsewhere || found.lock.broken) return undefined;
  if (skew !== undefined && Math.abs(skew) <= tolerance) return undefined;
  const { run, host, until } = found.lock;
  const clock =
    skew === undefined
      ? 'and no answer of the service shows whether that clock is right'
      : `which is ${apart(skew)} the service's`;
  return new SynclineError(
    'clock-skew',
    `The lease of run ${run} on ${host} ended at ${until} by the clock of this machine, ${clock}.`,
    'Set the clock and run again; if you are sure that the run is over, `syncline unlock` breaks its lock.',
    Exit.refused,
  );
}

function apart(skew: number): string {
  const seconds = Math.round(Math.abs(skew) / 1000);
  const amount = seconds < 600 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return `${amount} ${skew < 0 ? 'ahead of' : 'behind'}`;
}

/** Somebody else writes to the target. */
export function lockedError(lock: Lock): SynclineError {
  return new SynclineError(
    'locked',
    `${lock.actor} is applying: run ${lock.run} on ${lock.host} (process ${lock.pid}), since ${lock.at}.`,
    `Wait for it to end. If you are sure that it no longer runs, \`syncline unlock\` breaks its lock, which otherwise ends at ${lock.until}.`,
    Exit.refused,
  );
}

/** Somebody else has written the ledger since it was read. */
export function movedError(place: string): SynclineError {
  return new SynclineError(
    'ledger-moved',
    `Another run has written the ledger (${place}) since it was read.`,
    'Run again: Syncline then plans from the new state.',
    Exit.refused,
  );
}

/** Measures a lease by the clock that has run further: one may be set back, the other may stand still while the machine sleeps. */
export function leaseClock(now: () => Date): { readonly left: () => number } {
  const wall = now().getTime();
  const steady = performance.now();
  return { left: () => lease.length - Math.max(now().getTime() - wall, performance.now() - steady) };
}
