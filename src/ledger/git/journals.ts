import { mkdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Lock } from '../../model/lock.ts';
import { onDisk } from '../file/disk.ts';
import { type JournalFile, openJournal } from '../journal.ts';
import type { Repository } from './repository.ts';
import type { Tree } from './tree.ts';

/** Where the journal of a run lies: in the Git directory that all work trees share. */
export function pathOfJournal({ folder }: Repository, place: string, run: string): string {
  return join(folder, 'syncline', place.replaceAll('/', '-'), nameOf(run));
}

/** Run names may come from outside; as a file name each is one segment. */
function nameOf(run: string): string {
  return `${encodeURIComponent(run)}.journal`;
}

/** A new journal at `path`, whose folder is made where it is missing. @throws SynclineError (exit 4) */
export function newJournal(path: string): Promise<JournalFile> {
  return onDisk(path, 'ledger-unwritable', async () => {
    await mkdir(dirname(path), { recursive: true });
    return openJournal(path);
  });
}

/** The journal of a run that did not come to its end; undefined where it is not at hand. */
export async function journalOf({ ledger, lock }: Tree): Promise<string | undefined> {
  const path = ledger.runs.length === 0 ? undefined : pathIn(lock);
  return path === undefined ? undefined : readFile(path, 'utf8').catch(() => undefined);
}

/** Removes the journal of a run that is recorded, where it is at hand. */
export async function dropJournal(lock: Lock | undefined): Promise<void> {
  const path = pathIn(lock);
  if (path !== undefined) await rm(path, { force: true }).catch(() => undefined);
}

/** A lock comes from elsewhere: no other file than a journal of that run is ever read, let alone removed. */
function pathIn(lock: Lock | undefined): string | undefined {
  if (lock?.journal == null) return undefined;
  const { journal, run } = lock;
  return basename(journal) === nameOf(run) && basename(dirname(dirname(journal))) === 'syncline' ? journal : undefined;
}
