import { SynclineError } from '../../model/errors.ts';
import type { FoundLock } from '../../model/lock.ts';
import { lastRunIn } from '../document.ts';
import { parseJournal } from '../journal.ts';
import { lastApplyIn } from '../last-apply.ts';
import { lockedError } from '../lock.ts';
import type { Declared, Stored } from '../store.ts';
import { absent, readIfThere, type Stamp, stampOf } from './disk.ts';
import { type History, loadDocument } from './document.ts';
import type { Generations } from './generations.ts';
import { findLock } from './lock.ts';

/** Where the ledger of one target lives, and its clock. */
export interface Place {
  readonly folder: string;
  readonly target: string;
  /** Of the document. */
  readonly path: string;
  readonly files: Generations;
  readonly now: () => Date;
}

/** What was read of a ledger, or written since: enough to tell whether somebody else has written, too. */
export interface Seen {
  readonly stamp: Stamp;
  readonly history: History;
  /** The journal that was read with it: a holder whose lease has run out may still have had answers to add. */
  readonly journal: { readonly path: string; readonly stamp: Stamp } | undefined;
  /** Why nothing may be written that goes by it. */
  readonly refusal: SynclineError | undefined;
}

export interface Reading {
  readonly stored: Stored | undefined;
  readonly seen: Seen;
}

/** Named after its run, so that the journal of one run can never be folded into the intent of another. */
export function journalPath({ path }: Place, run: string): string {
  return `${path}.${run}.journal`;
}

/** Reads the lock first: of a run that is dead by then, document and journal say the last there is to say. */
export async function readPlace(place: Place, declared: Declared): Promise<Reading> {
  const { lock, refusal } = await sight(place);
  const loaded = await loadDocument(place.path, declared);
  if (loaded === undefined) {
    return {
      stored: undefined,
      seen: { stamp: absent, history: { lines: [], runs: [] }, journal: undefined, refusal },
    };
  }
  const { ledger, past } = loaded.document;
  const unfinished = ledger.runs.at(-1);
  const journal = unfinished === undefined ? undefined : await readJournal(journalPath(place, unfinished.run));
  const { lines, whole } = parseJournal(journal?.text ?? '', journal?.path ?? '');
  return {
    stored: {
      ledger,
      journal: lines,
      complete: journal === undefined || (journal.stamp !== absent && whole),
      lock,
      unsaved: false,
      last: lastApplyIn(ledger.meta, unfinished ?? lastRunIn(loaded.document, place.path)),
      refusal: lock === undefined ? refusal : undefined,
      warnings: lock === undefined && refusal !== undefined ? [refusal.message] : [],
    },
    seen: { stamp: loaded.stamp, history: { lines: past, runs: ledger.runs }, journal, refusal },
  };
}

interface Sight {
  readonly lock: FoundLock | undefined;
  readonly refusal: SynclineError | undefined;
}

/** The lock, and whether it forbids to write. One that nobody can read does, and hinders no reader. */
async function sight({ files, now }: Place): Promise<Sight> {
  try {
    const lock = await findLock(files, now);
    return { lock, refusal: lock?.state === 'held' ? lockedError(lock.lock) : undefined };
  } catch (error) {
    if (error instanceof SynclineError) return { lock: undefined, refusal: error };
    throw error;
  }
}

async function readJournal(path: string): Promise<{ path: string; stamp: Stamp; text: string }> {
  // A line that comes after this look makes the stamp an old one, which is noticed before anything is written.
  const stamp = await stampOf(path);
  return { path, stamp, text: (await readIfThere(path)) ?? '' };
}
