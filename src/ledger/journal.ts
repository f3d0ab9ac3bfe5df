import { type FileHandle, open } from 'node:fs/promises';
import type { JournalLine } from '../model/ledger.ts';
import { decode, journalUnreadable } from './decode.ts';
import { journalLine } from './records.ts';

/** An append-only file of JSON lines. `append` resolves when its line is on disk. */
export interface JournalFile {
  append(line: JournalLine): Promise<void>;
  end(): Promise<void>;
}

/**
 * Opens the journal at `path`, emptied. After one line that could not be written whole it takes no other. Lines that come while one fsync runs share the next one: a disk that takes
 * milliseconds for each must not slow down writes that run side by side.
 */
export async function openJournal(path: string): Promise<JournalFile> {
  const file = await open(path, 'w', 0o600);
  let waiting: Waiting[] = [];
  let running: Promise<void> | undefined;
  let length = 0;
  let broken: unknown;

  const write = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      if (broken !== undefined) throw broken;
      const end = await writeAll(file, batch.map((one) => one.text).join(''), length);
      await file.datasync();
      length = end;
      for (const one of batch) one.resolve();
    } catch (error) {
      // Nothing may follow half a line; without it the journal is whole again.
      if (broken === undefined) await file.truncate(length).catch(() => undefined);
      broken = error;
      for (const one of batch) one.reject(error);
    }
  };

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await write(batch);
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

/** A disk that is full takes part of a text without a word: what is left is written, or the call fails. */
async function writeAll(file: FileHandle, text: string, from: number): Promise<number> {
  const bytes = Buffer.from(text);
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, from + done);
    if (bytesWritten === 0) throw new Error('the disk takes no more');
    done += bytesWritten;
  }
  return from + done;
}

/** What a journal says. */
export interface JournalText {
  readonly lines: readonly JournalLine[];
  /** false where it ends in the middle of a line: then what is missing may have been more than that line. */
  readonly whole: boolean;
}

/** Reads a journal as far as it goes. @throws SynclineError (exit 4) for a line that is JSON and no line of a journal */
export function parseJournal(text: string, path: string): JournalText {
  const lines: JournalLine[] = [];
  const parts = text.split('\n');
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1 && part === '') break;
    const value = parsed(part);
    if (value === undefined) return { lines, whole: false };
    lines.push(decode(journalLine, value, { ledger: path, record: `line ${index + 1}`, error: journalUnreadable }));
  }
  return { lines, whole: text === '' || text.endsWith('\n') };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
