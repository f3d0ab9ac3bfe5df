import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Ledger } from '../model/ledger.ts';
import { openJournal, parseJournal } from './journal.ts';
import type { LedgerStore, Stored } from './store.ts';

/** How many runs the file remembers; older ones are dropped, for the file is read whole. */
const keptRuns = 50;

/** `ledger: file`: one JSON document per target under `.syncline/ledger/`, replaced whole, with a journal beside it during a run. */
export function fileLedger(root: string, target: string): LedgerStore {
  const path = join(root, '.syncline', 'ledger', `${target}.json`);
  return {
    kind: 'file',
    read: () => readStored(path),
    begin: async (ledger) => {
      await mkdir(dirname(path), { recursive: true });
      await replaceFile(path, trimmed(ledger));
      const journalPath = journalOf(path, ledger);
      const journal = await openJournal(journalPath);
      return {
        append: journal.append,
        close: async (next) => {
          await journal.end();
          await replaceFile(path, trimmed(next));
          await rm(journalPath, { force: true });
        },
      };
    },
  };
}

function trimmed(ledger: Ledger): Ledger {
  return ledger.runs.length <= keptRuns ? ledger : { ...ledger, runs: ledger.runs.slice(-keptRuns) };
}

/** Named after its run, so that the journal of one run can never be folded into the intent of another. */
function journalOf(path: string, ledger: Ledger): string {
  return `${path}.${ledger.runs.at(-1)?.run ?? 'none'}.journal`;
}

async function readStored(path: string): Promise<Stored | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const ledger = parseLedger(text, path);
  const journal = (await readIfThere(journalOf(path, ledger))) ?? '';
  return { ledger, journal: parseJournal(journal) };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SynclineError(
      'ledger-unreadable',
      `The ledger ${path} cannot be read: ${reason}`,
      'Check the file and its permissions.',
      Exit.refused,
    );
  }
}

function parseLedger(text: string, path: string): Ledger {
  try {
    const ledger: Ledger = JSON.parse(text);
    if (ledger.meta.format === 1 && typeof ledger.syncs === 'object') return ledger;
  } catch {
    // Reported below: what cannot be parsed is as unknown as what has another format.
  }
  throw new SynclineError(
    'ledger-unreadable',
    `The ledger ${path} is not one that this version can read.`,
    'Restore it from a backup, or move it away and take your syncs over again with lifecycle.adopt.',
    Exit.refused,
  );
}

/** Writes beside the file, flushes to disk, then renames: a reader sees the old text or the new, never half of one. */
async function replaceFile(path: string, ledger: Ledger): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(ledger, null, 1));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const folder = await open(dirname(path), 'r');
  await folder.sync().catch(() => undefined);
  await folder.close();
}
