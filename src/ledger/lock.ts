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
  const dead = await isProvablyDead(lock);
  return { lock, state: dead ? 'dead' : Date.parse(lock.until) <= now.getTime() ? 'expired' : 'held' };
}

/** Somebody else writes to the target. */
export function lockedError(lock: Lock): SynclineError {
  return new SynclineError(
    'locked',
    `${lock.actor} is applying: run ${lock.run} on ${lock.host} (process ${lock.pid}), since ${lock.at}.`,
    `Wait for it to end; where it is certain that it runs no more, \`syncline unlock\` breaks its lock, which else ends at ${lock.until}.`,
    Exit.refused,
  );
}

/** Somebody else has written the ledger since it was read. */
export function movedError(place: string): SynclineError {
  return new SynclineError(
    'ledger-moved',
    `Another run has written the ledger (${place}) since it was read.`,
    'Run again: the plan is then made from what that run has left.',
    Exit.refused,
  );
}

/** Measures a lease by the clock that has run further: one may be set back, the other may stand still while the machine sleeps. */
export function leaseClock(now: () => Date): { readonly left: () => number } {
  const wall = now().getTime();
  const steady = performance.now();
  return { left: () => lease.length - Math.max(now().getTime() - wall, performance.now() - steady) };
}
