import type { SynclineError } from '../../model/errors.ts';
import type { FoundLock, Lock } from '../../model/lock.ts';
import { lockUnreadable } from '../decode.ts';
import { judge, lockedError, movedError } from '../lock.ts';
import { lock as lockShape } from '../records.ts';
import { nothingDeclared } from '../store.ts';
import { draftsTo } from './chain.ts';
import type { ChainContext } from './context.ts';
import { unread } from './found.ts';
import { type Head, prepare, publish } from './head.ts';
import { readRecord, readTree } from './objects.ts';
import { paths } from './tree.ts';

/** The lock at the end of the chain. @throws SynclineError (exit 4) where the remote, which alone knows, cannot be asked */
export async function lockOf(context: ChainContext): Promise<FoundLock | undefined> {
  const head = await context.head();
  const error = unread(head);
  if (error !== undefined) throw error;
  return lockAt(context, head);
}

/** What to say to somebody who comes second: who holds the lock, or that the ledger has moved on. */
export async function firstComer(context: ChainContext): Promise<Error> {
  const lock = await lockAt(context, await context.head());
  return lock?.state === 'held' ? lockedError(lock.lock) : movedError(context.place);
}

async function lockAt(
  { file, place, now }: ChainContext,
  { repository, commit }: Head,
): Promise<FoundLock | undefined> {
  if (commit === undefined) return file.lock();
  const lock = await readRecord(repository.git, commit, paths.lock, place, lockShape, lockUnreadable);
  return lock === undefined ? undefined : judge(lock, now());
}

/** Breaks the lock that somebody was shown; undefined: one that nobody can read. @throws SynclineError where it is another by now */
export async function unlock(context: ChainContext, shown: Lock | undefined): Promise<void> {
  const { file, place, now } = context;
  const end = await context.head();
  if (end.commit === undefined) return file.unlock(shown);
  const { tree, refusal } = await readTree(end.repository.git, end.commit, place, nothingDeclared);
  if (shown === undefined) return dropLock(context, end, refusal);
  if (tree.lock?.run !== shown.run || tree.lock.at !== shown.at) throw movedError(place);
  const time = now();
  // A lease that has run out before did not last until now.
  const until = Date.parse(tree.lock.until) < time.getTime() ? tree.lock.until : time.toISOString();
  const broken = { ...tree, lock: { ...tree.lock, until, broken: true as const } };
  const drafts = draftsTo(tree, broken, `unlock ${shown.run}`, 'syncline', time);
  if ((await publish(end, await prepare(end, drafts))) === 'moved') throw movedError(place);
}

/** Takes a lock away that nobody can read; the run that it was of is settled by the next. */
async function dropLock({ place, now }: ChainContext, end: Head, refusal: SynclineError | undefined): Promise<void> {
  if (refusal === undefined) throw movedError(place);
  const draft = { message: 'unlock', actor: 'syncline', at: now(), edits: new Map([[paths.lock, null]]) };
  if ((await publish(end, await prepare(end, [draft]))) === 'moved') throw movedError(place);
}
