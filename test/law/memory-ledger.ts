import { fold } from '../../src/core/memory/ledger.ts';
import { type Document, readDocument, writeDocument } from '../../src/ledger/document.ts';
import { parseJournal } from '../../src/ledger/journal.ts';
import { lockedError, movedError } from '../../src/ledger/lock.ts';
import { type Journal, type LedgerStore, nothingDeclared, type Stored } from '../../src/ledger/store.ts';
import type { JournalLine, Ledger, Run } from '../../src/model/ledger.ts';
import { type FoundLock, type Lock, lease } from '../../src/model/lock.ts';
import type { Clock, Life } from './life.ts';

/** What outlives a process: the document, the journal and the lock, as text where they would be text. */
export interface Disk {
  document: string | undefined;
  journal: string | undefined;
  /** The run that the journal is of. */
  run: string | undefined;
  lock: Lock | undefined;
  /** Does the holder provably no longer run? */
  dead: boolean;
  /** Moves with everything that is saved. */
  generation: number;
}

export function blankDisk(): Disk {
  return { document: undefined, journal: undefined, run: undefined, lock: undefined, dead: false, generation: 0 };
}

/** How the process of one run treats what it writes. */
export interface Habits {
  /** The journal is folded into the ledger after so many lines, as when a lease is renewed. */
  readonly foldAt: number | undefined;
  /** The lock is lost after so many lines. */
  readonly loseAt: number | undefined;
  /** The disk is full from so many lines on. */
  readonly fullAt: number | undefined;
  /** How much of the journal line reaches the disk during which the process dies: nothing, half of it, all of it. */
  readonly torn: 'none' | 'half' | 'whole';
}

export async function openDisk(disk: Disk): Promise<Document | undefined> {
  if (disk.document === undefined) return undefined;
  return readDocument(linesOf(disk.document), 'memory', nothingDeclared);
}

async function* linesOf(text: string): AsyncGenerator<string> {
  for (const line of text.split('\n')) yield line;
}

/** The stores' semantic without their disks: everything goes through the documents' real text, there and back. */
export function memoryLedger(disk: Disk, life: Life, clock: Clock, habits: Habits): LedgerStore {
  let seen: number | undefined;

  const found = (): FoundLock | undefined => {
    if (disk.lock === undefined) return undefined;
    const expired = Date.parse(disk.lock.until) <= clock.milliseconds;
    return { lock: disk.lock, state: disk.dead ? 'dead' : expired ? 'expired' : 'held', elsewhere: false };
  };

  const write = async (ledger: Ledger): Promise<void> => {
    await life.moment();
    const again = new Set(ledger.runs.map((one) => one.run));
    const document = await openDisk(disk);
    const all = [...(document?.past ?? []), ...(document?.ledger.runs ?? []).map((one) => JSON.stringify(one))];
    if (life.dead()) await life.moment();
    const past = all.filter((line) => !again.has(runOf(line).run));
    disk.document = writeDocument({ ledger, past });
    disk.generation += 1;
    seen = disk.generation;
  };

  const assertFree = (): void => {
    const lock = found();
    if (lock?.state === 'held') throw lockedError(lock.lock);
    if (seen !== undefined && seen !== disk.generation) throw movedError('memory');
  };

  const end = async (ledger: Ledger): Promise<void> => {
    await write(ledger);
    disk.journal = undefined;
    disk.run = undefined;
    disk.lock = undefined;
  };

  return {
    kind: 'file',
    place: 'memory',
    read: async (declared): Promise<Stored | undefined> => {
      await declared;
      await life.moment();
      seen = disk.generation;
      const document = await openDisk(disk);
      if (document === undefined) return undefined;
      const open = document.ledger.runs.at(-1);
      const here = open !== undefined && disk.run === open.run && disk.journal !== undefined;
      const { lines, whole } = parseJournal(here ? (disk.journal ?? '') : '', 'memory');
      return {
        ledger: document.ledger,
        journal: lines,
        complete: open === undefined || (here && whole),
        lock: found(),
        unsaved: false,
        last: undefined,
        refusal: undefined,
        warnings: [],
      };
    },
    begin: async (ledger, { run, actor }): Promise<Journal> => {
      await life.moment();
      assertFree();
      const until = new Date(clock.milliseconds + lease.length).toISOString();
      const at = new Date(clock.milliseconds).toISOString();
      const holder = { host: 'law', boot: null, pid_namespace: null, pid: 1, started: null };
      disk.lock = { ...holder, run, actor, at, until, journal: null };
      disk.dead = false;
      await write(ledger);
      disk.journal = '';
      disk.run = run;
      return openRun(ledger, end);
    },
    save: async (ledger) => {
      await life.moment();
      assertFree();
      await end(ledger);
    },
    runs: async function* () {
      const document = await openDisk(disk);
      yield* (document?.ledger.runs ?? []).toReversed();
      for (const line of (document?.past ?? []).toReversed()) yield runOf(line);
    },
    lock: async () => found(),
    unlock: async () => undefined,
  };

  function openRun(begun: Ledger, close: (ledger: Ledger) => Promise<void>): Journal {
    const lost = new AbortController();
    const lines: JournalLine[] = [];
    return {
      append: async (line) => {
        const text = `${JSON.stringify(line)}\n`;
        const torn = { none: '', half: text.slice(0, text.length >> 1), whole: text }[habits.torn];
        const add = (more: string) => {
          disk.journal = (disk.journal ?? '') + more;
        };
        await life.moment(() => add(torn));
        if (habits.fullAt !== undefined && lines.length + 1 >= habits.fullAt)
          throw new Error('no space left on device');
        add(text);
        lines.push(line);
        if (lines.length === habits.foldAt) await write(fold(begun, lines));
        if (lines.length === habits.loseAt) lost.abort(lockedError(lockOf(disk)));
        await life.moment();
      },
      left: () => (lost.signal.aborted ? 0 : lease.length - lease.renewal),
      lost: lost.signal,
      close: async (ledger) => {
        lost.signal.throwIfAborted();
        await close(ledger);
      },
    };
  }
}

function lockOf({ lock }: Disk): Lock {
  if (lock === undefined) throw new Error('Nobody holds the lock.');
  return lock;
}

function runOf(line: string): Run {
  const run: Run = JSON.parse(line);
  return run;
}
