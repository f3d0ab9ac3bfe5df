import type { LedgerStore } from '../../ledger/store.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { FoundLock, LockState } from '../../model/lock.ts';
import type { Target } from '../../model/project.ts';
import { forTerminal } from '../../render/escape.ts';
import { approve } from '../approve.ts';
import type { Execute } from '../invocation.ts';
import { chooseNamedTargets } from '../project.ts';
import { sessionOf } from '../session.ts';

const states: Readonly<Record<LockState, string>> = {
  held: 'still running or on another machine',
  dead: 'its process has ended',
  expired: 'its lease has run out',
};

/** Shows who holds the lock of each target and breaks it once that is approved. Writes the ledger alone. */
export const execute: Execute<'unlock'> = async (invocation) => {
  const { io } = invocation;
  const session = sessionOf(invocation);
  for (const target of chooseNamedTargets(session.project, invocation)) {
    const store = session.store(target);
    const found = await lockOf(store);
    if (found instanceof SynclineError) {
      io.stdout.write(`${target.name}: ${forTerminal(found.message)}\n`);
      await approve(
        `Break the lock of ${target.name}? A run that is still going may write for up to a minute more.`,
        invocation,
      );
      await store.unlock(undefined);
      io.stdout.write(broken(target));
      continue;
    }
    if (found === undefined) {
      io.stdout.write(`${target.name}: nobody holds the lock.\n`);
      continue;
    }
    io.stdout.write(holderText(target, found));
    await approve(question(target, found), invocation);
    await store.unlock(found.lock);
    io.stdout.write(broken(target));
  }
  return Exit.ok;
};

function broken({ name }: Target): string {
  return `${name}: the lock is broken; the next apply finishes what that run left.\n`;
}

/** The lock, or why nobody can read it. */
async function lockOf(store: LedgerStore): Promise<FoundLock | SynclineError | undefined> {
  try {
    return await store.lock();
  } catch (error) {
    if (error instanceof SynclineError && error.code === 'lock-unreadable') return error;
    throw error;
  }
}

function holderText({ name }: Target, { lock, state }: FoundLock): string {
  const rows = [
    ['run', lock.run],
    ['process', `${lock.pid} on ${lock.host}`],
    ['since', lock.at],
    ['until', lock.until],
    ['state', states[state]],
  ] as const;
  const lines = rows.map(([label, text]) => `  ${label.padEnd(8)} ${forTerminal(text)}\n`);
  return `${name}: ${forTerminal(lock.actor)} holds the lock.\n${lines.join('')}`;
}

/** Only a run that may still go on has something to lose. */
function question({ name }: Target, { state }: FoundLock): string {
  const warning = state === 'held' ? ' A run that is still going may write for up to a minute more.' : '';
  return `Break the lock of ${name}?${warning}`;
}
