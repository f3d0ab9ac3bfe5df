import type { SynclineError } from '../../model/errors.ts';
import type { FoundLock } from '../../model/lock.ts';
import { parseJournal } from '../journal.ts';
import { lastApplyIn } from '../last-apply.ts';
import { judge } from '../lock.ts';
import type { Declared, Stored } from '../store.ts';
import { guardProject } from './chain.ts';
import type { ChainContext } from './context.ts';
import { type Head, isUnsaved } from './head.ts';
import { journalOf } from './journals.ts';
import { readTree } from './objects.ts';
import { unreachable } from './remote.ts';
import type { Tree } from './tree.ts';

/** What was found at the end of the chain, and what a write must go on from. */
export interface Found {
  readonly head: Head;
  /** undefined where there is no chain yet. */
  readonly tree: Tree | undefined;
  readonly lock: FoundLock | undefined;
  /** Of a run that did not come to its end, where it is at hand. */
  readonly journal: string | undefined;
  /** There is no chain yet, and this is what the project remembered before in a file. */
  readonly imported: Stored | undefined;
  /** Why nothing may be written that goes by it. */
  readonly refusal: SynclineError | undefined;
}

/** What the ledger says, and what a write goes on from. Where there is no chain yet, the file of before is the ledger. */
export async function readChain(
  context: ChainContext,
  declared: Declared,
): Promise<{ readonly found: Found; readonly stored: Stored | undefined }> {
  const { file, place, project, now } = context;
  const head = await context.head();
  if (head.commit === undefined) {
    const imported = await file.read(declared);
    const { lock, refusal } = imported ?? { lock: undefined, refusal: undefined };
    const found = { head, tree: undefined, lock, journal: undefined, imported, refusal };
    return { found, stored: imported === undefined ? undefined : { ...imported, unsaved: true } };
  }
  const { tree, last, refusal: unreadable } = await readTree(head.repository.git, head.commit, place, declared);
  guardProject(head.repository, project, tree.ledger.meta, place);
  // Whether its holder is dead is asked first: only then is its journal known to have come to its end.
  const lock = tree.lock === undefined ? undefined : await judge(tree.lock, now());
  const journal = await journalOf(tree);
  const refusal = unread(head) ?? unreadable;
  const { lines, whole } = parseJournal(journal ?? '', tree.lock?.journal ?? place);
  const stored: Stored = {
    ledger: tree.ledger,
    journal: lines,
    complete: tree.ledger.runs.length === 0 || (journal !== undefined && whole),
    lock,
    unsaved: isUnsaved(head),
    last: lastApplyIn(tree.ledger.meta, last),
    refusal,
    warnings: [...head.warnings, ...(unreadable === undefined ? [] : [unreadable.message])],
  };
  return { found: { head, tree, lock, journal, imported: undefined, refusal }, stored };
}

/** Why the remote could not be asked; undefined where it was. */
export function unread({ repository, unreachable: words }: Head): SynclineError | undefined {
  return repository.remote === undefined || words === undefined ? undefined : unreachable(repository.remote, words);
}
