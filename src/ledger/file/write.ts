import { Exit } from '../../model/errors.ts';
import type { Ledger } from '../../model/ledger.ts';
import { movedError } from '../lock.ts';
import type { Holder } from '../store.ts';
import { stampOf, sweep } from './disk.ts';
import { saveDocument } from './document.ts';
import { type Hold, lostError, takeLock } from './lock.ts';
import type { Place, Seen } from './read.ts';

/**
 * Takes the lock, makes sure that the ledger is still the one that was seen, and does `work`; lets the lock go where any of that
 * fails. @throws SynclineError `locked`, `ledger-moved`.
 */
export async function withLock<Result>(
  place: Place,
  seen: Seen,
  holder: Holder,
  journal: string | null,
  work: (hold: Hold) => Promise<Result>,
): Promise<Result> {
  if (seen.refusal !== undefined) throw seen.refusal;
  const hold = await takeLock(place.files, holder, journal, place.now);
  try {
    // Whoever held it before may be about to put a document in its place, and cannot after this; if that is just done, it shows.
    await sweep(place.folder, (name) => isOf(place, name) && name.endsWith('.tmp'));
    if (await hasMoved(place, seen)) throw movedError(place.path);
    return await work(hold);
  } catch (error) {
    await letGo(hold);
    throw error;
  }
}

async function hasMoved({ path }: Place, { stamp, journal }: Seen): Promise<boolean> {
  if (journal !== undefined && (await stampOf(journal.path)) !== journal.stamp) return true;
  return (await stampOf(path)) !== stamp;
}

/** A lock that cannot be let go is dead as soon as this process is. */
export async function letGo(hold: Hold): Promise<void> {
  await hold.release().catch(() => undefined);
}

/** Saves the document while the lock is ours. Journals that it makes superfluous go, all but `journal`. */
export async function saveLocked(
  place: Place,
  { history }: Seen,
  ledger: Ledger,
  journal: string | undefined,
  guard: () => Promise<void>,
): Promise<Seen> {
  const saved = await saveDocument(place.path, ledger, history, guard);
  const kept = journal?.slice(place.folder.length + 1);
  await sweep(place.folder, (name) => isOf(place, name) && name.endsWith('.journal') && name !== kept);
  return { ...saved, journal: undefined, refusal: undefined };
}

/** Throws where the lock is lost before anything was sent. */
export function unlessLost(hold: Hold): () => Promise<void> {
  return async () => {
    const why = await hold.whyLost();
    if (why !== undefined) throw lostError(why, Exit.refused);
  };
}

function isOf({ target }: Place, name: string): boolean {
  return name.startsWith(`${target}.json.`) || name.startsWith(`${target}.lock-`);
}
