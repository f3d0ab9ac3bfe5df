import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Ledger, Run } from '../../model/ledger.ts';
import { lease } from '../../model/lock.ts';
import { readRun } from '../document.ts';
import { openJournal } from '../journal.ts';
import { movedError } from '../lock.ts';
import { type Holder, type Journal, type LedgerStore, nothingDeclared } from '../store.ts';
import { onDisk } from './disk.ts';
import { loadDocument } from './document.ts';
import { generations } from './generations.ts';
import { breakLock, breakUnreadable, findLock, type Hold } from './lock.ts';
import { journalPath, type Place, readPlace, type Seen } from './read.ts';
import { openRun } from './run.ts';
import { letGo, saveLocked, unlessLost, withLock } from './write.ts';

export interface FileLedgerOptions {
  /** The clock of locks and leases. */
  readonly now?: () => Date;
  /** Milliseconds between two renewals of the lease. */
  readonly renewal?: number;
}

/** Who saves is mostly told by the run that is saved. Where there is none it is over before anybody can ask. */
const clerk: Holder = { run: 'none', actor: 'Another command' };

/**
 * `ledger: file`: one JSON document per target under `.syncline/ledger/`, replaced whole; beside it its lock, and during a run
 * a journal.
 */
export function fileLedger(root: string, target: string, options: FileLedgerOptions = {}): LedgerStore {
  const folder = resolve(root, '.syncline', 'ledger');
  const path = join(folder, `${target}.json`);
  const place: Place = {
    folder,
    target,
    path,
    files: generations(folder, target),
    now: options.now ?? (() => new Date()),
  };
  let seen: Seen | undefined;

  const read: LedgerStore['read'] = async (declared) => {
    const reading = await onDisk(path, 'ledger-unreadable', () => readPlace(place, declared));
    seen = reading.seen;
    return reading.stored;
  };
  const whatWasSeen = async (): Promise<Seen> => {
    seen ??= (await readPlace(place, nothingDeclared)).seen;
    return seen;
  };
  const write = async (ledger: Ledger, journal: string | undefined, guard: () => Promise<void>) => {
    seen = await saveLocked(place, await whatWasSeen(), ledger, journal, guard);
  };

  return {
    kind: 'file',
    place: path,
    read,
    begin: (ledger, holder) =>
      onDisk(path, 'ledger-unwritable', async () => {
        const journal = journalPath(place, holder.run);
        const work = (hold: Hold) => beginRun(hold, journal, ledger, write, place, options.renewal ?? lease.renewal);
        return withLock(place, await whatWasSeen(), holder, journal, work);
      }),
    save: (ledger) =>
      onDisk(path, 'ledger-unwritable', async () => {
        await withLock(place, await whatWasSeen(), ledger.runs.at(-1) ?? clerk, null, async (hold) => {
          await write(ledger, undefined, unlessLost(hold));
          await letGo(hold);
        });
      }),
    runs: () => runsOf(path),
    lock: () => onDisk(path, 'ledger-unreadable', () => findLock(place.files, place.now)),
    unlock: async (shown) => {
      const work = () =>
        shown === undefined ? breakUnreadable(place.files, place.now) : breakLock(place.files, shown, place.now);
      const broken = await onDisk(path, 'ledger-unwritable', work);
      if (!broken) throw movedError(path);
    },
  };
}

type Write = (ledger: Ledger, journal: string | undefined, guard: () => Promise<void>) => Promise<void>;

/** The journal is there before the intent is: where there is an intent and no journal, one is missing. */
async function beginRun(
  hold: Hold,
  path: string,
  ledger: Ledger,
  write: Write,
  place: Place,
  renewal: number,
): Promise<Journal> {
  const journal = await openJournal(path);
  try {
    await write(ledger, path, unlessLost(hold));
  } catch (error) {
    await journal.end();
    await rm(path, { force: true });
    throw error;
  }
  return openRun({
    hold,
    journal,
    renewal,
    save: (next, guard, exit) =>
      onDisk(place.path, 'ledger-unwritable', () => write(next, undefined, guard).finally(() => letGo(hold)), exit),
  });
}

/** As the document has them; a journal is not folded in. */
async function* runsOf(path: string): AsyncGenerator<Run> {
  const loaded = await onDisk(path, 'ledger-unreadable', () => loadDocument(path, nothingDeclared));
  if (loaded === undefined) return;
  const { ledger, past } = loaded.document;
  yield* ledger.runs.toReversed();
  for (let index = past.length - 1; index >= 0; index -= 1) yield readRun(past[index] ?? '', path, index);
}
