import { type FileHandle, open } from 'node:fs/promises';
import type { JournalLine } from '../model/ledger.ts';

/** An append-only file of JSON lines. `append` resolves when its line is on disk. */
export interface JournalFile {
  append(line: JournalLine): Promise<void>;
  end(): Promise<void>;
}

/**
 * Opens the journal at `path`, emptied. Lines that come while one fsync runs share the next one: a disk that takes
 * milliseconds for each must not slow down writes that run side by side.
 */
export async function openJournal(path: string): Promise<JournalFile> {
  const file = await open(path, 'w', 0o600);
  let waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await writeBatch(file, batch);
    }
    running = undefined;
  };

  return {
    append: (line) =>
      new Promise((resolve, reject) => {
        waiting.push({ text: `${JSON.stringify(line)}\n`, resolve, reject });
        running ??= drain();
      }),
    end: async () => {
      await running;
      await file.close();
    },
  };
}

interface Waiting {
  readonly text: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

async function writeBatch(file: FileHandle, batch: readonly Waiting[]): Promise<void> {
  try {
    await file.write(batch.map((one) => one.text).join(''));
    await file.datasync();
    for (const one of batch) one.resolve();
  } catch (error) {
    for (const one of batch) one.reject(error);
  }
}

/** The lines of a journal. The last one may be torn by a crash: it was never promised, so it is left out. */
export function parseJournal(text: string): JournalLine[] {
  const lines: JournalLine[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      lines.push(JSON.parse(line));
    } catch {
      break;
    }
  }
  return lines;
}
