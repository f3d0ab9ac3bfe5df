import { type FileHandle, open } from 'node:fs/promises';
import type { Ledger, Run } from '../../model/ledger.ts';
import { type Document, readDocument, writeDocument } from '../document.ts';
import type { Declared } from '../store.ts';
import { replaceFile, type Stamp, stampFrom, unlessAbsent } from './disk.ts';

/** How many runs the file remembers; older ones are dropped, for the file is read whole. */
const keptRuns = 50;

/** The runs that a document holds, oldest first: those that nobody has parsed, then the others. */
export interface History {
  readonly lines: readonly string[];
  readonly runs: readonly Run[];
}

export interface Loaded {
  readonly document: Document;
  readonly stamp: Stamp;
}

/** Reads the document, opening it before anything is declared. undefined where there is none. */
export async function loadDocument(path: string, declared: Declared): Promise<Loaded | undefined> {
  const file = await unlessAbsent(() => open(path, 'r'));
  if (file === undefined) return undefined;
  try {
    const stamp = stampFrom(await file.stat({ bigint: true }));
    await declared.calm;
    return { stamp, document: await readDocument(linesOf(file), path, declared) };
  } finally {
    await file.close();
  }
}

/** The lines of a file. Only line feeds part them: JSON text may hold any other separator as it is. */
async function* linesOf(file: FileHandle): AsyncGenerator<string> {
  let begun = '';
  const chunks: AsyncIterable<string> = file.createReadStream({ encoding: 'utf8' });
  for await (const chunk of chunks) {
    const [first = '', ...others] = chunk.split('\n');
    begun += first;
    for (const next of others) {
      yield withoutReturn(begun);
      begun = next;
    }
  }
  if (begun !== '') yield withoutReturn(begun);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** Saves a ledger with the runs before it, all in one step. `guard` is asked right before it counts, and may throw. */
export async function saveDocument(
  path: string,
  ledger: Ledger,
  before: History,
  guard: () => Promise<void>,
): Promise<{ readonly stamp: Stamp; readonly history: History }> {
  const { runs } = ledger;
  const again = new Set(runs.map((one) => one.run));
  const lines = [
    ...before.lines.filter((line) => !again.has(runOf(line) ?? '')),
    ...before.runs.filter((one) => !again.has(one.run)).map((one) => JSON.stringify(one)),
  ];
  const past = lines.slice(Math.max(0, lines.length + runs.length - keptRuns));
  const stamp = await replaceFile(path, writeDocument({ ledger, past }), guard);
  return { stamp, history: { lines: past, runs } };
}

/** The name of a run, which stands first in its line: the line itself may hold ten thousand changes. */
function runOf(line: string): string | undefined {
  const found = /^\{"run":("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
  return found === undefined ? undefined : JSON.parse(found);
}
