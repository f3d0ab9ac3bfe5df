import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Ledger, Run } from '../model/ledger.ts';
import { type Document, readDocument, writeDocument } from './document.ts';
import { openJournal, parseJournal } from './journal.ts';
import type { LedgerStore } from './store.ts';

/** How many runs the file remembers; older ones are dropped, for the file is read whole. */
const keptRuns = 50;

/** `ledger: file`: one JSON document per target under `.syncline/ledger/`, replaced whole, with a journal beside it during a run. */
export function fileLedger(root: string, target: string): LedgerStore {
  const path = join(root, '.syncline', 'ledger', `${target}.json`);
  let past: readonly string[] | undefined;

  const read: LedgerStore['read'] = async (declared) => {
    const file = await openIfThere(path);
    if (file === undefined) {
      past = [];
      return undefined;
    }
    const specs = await declared;
    const document = await readDocument(file.readLines(), path, specs);
    past = document.past;
    const journal = parseJournal(await readIfThere(journalOf(path, document.ledger)));
    return { ledger: document.ledger, journal, complete: true, lock: undefined, warnings: [] };
  };

  const save = async (ledger: Ledger): Promise<void> => {
    if (past === undefined) await read(Promise.resolve(() => undefined));
    const kept = (past ?? []).slice(-Math.max(0, keptRuns - ledger.runs.length));
    await replaceFile(path, { ledger, past: kept });
  };

  return {
    kind: 'file',
    place: path,
    read,
    begin: async (ledger) => {
      await mkdir(dirname(path), { recursive: true });
      await save(ledger);
      const journalPath = journalOf(path, ledger);
      const journal = await openJournal(journalPath);
      return {
        append: journal.append,
        left: () => Number.POSITIVE_INFINITY,
        lost: new AbortController().signal,
        close: async (next) => {
          await journal.end();
          await save(next);
          await rm(journalPath, { force: true });
        },
      };
    },
    save: async (ledger) => {
      await mkdir(dirname(path), { recursive: true });
      await save(ledger);
    },
    runs: async function* () {
      await read(Promise.resolve(() => undefined));
      for (const line of (past ?? []).toReversed()) {
        const run: Run = JSON.parse(line);
        yield run;
      }
    },
    lock: async () => undefined,
    unlock: async () => undefined,
  };
}

/** Named after its run, so that the journal of one run can never be folded into the intent of another. */
function journalOf(path: string, ledger: Ledger): string {
  return `${path}.${ledger.runs.at(-1)?.run ?? 'none'}.journal`;
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    const hint = 'Check the file and its permissions.';
    throw new SynclineError('ledger-unreadable', `The ledger ${path} cannot be read: ${reason}`, hint, Exit.refused);
  }
}

/** The text of a file, or nothing where there is none. */
async function readIfThere(path: string): Promise<string> {
  const file = await openIfThere(path);
  try {
    return (await file?.readFile('utf8')) ?? '';
  } finally {
    await file?.close();
  }
}

/** Writes beside the file, flushes to disk, then renames: a reader sees the old text or the new, never half of one. */
async function replaceFile(path: string, document: Document): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(writeDocument(document));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const folder = await open(dirname(path), 'r');
  await folder.sync().catch(() => undefined);
  await folder.close();
}
