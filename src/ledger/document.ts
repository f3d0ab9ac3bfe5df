import { share } from '../core/share.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import { isObject, type Spec } from '../model/json.ts';
import type { Dead, Entry, Ledger, LedgerMeta, Run } from '../model/ledger.ts';

/** A ledger as text, and the runs that nobody has asked for yet. */
export interface Document {
  /** Holds no runs but one that is still running. */
  readonly ledger: Ledger;
  /** Earlier runs, oldest first, a line of JSON each. */
  readonly past: readonly string[];
}

/**
 * One JSON document with one line per sync, tombstone and run: a person can read it, a diff shows what changed, and a reader
 * can take it line by line without ever holding all of it twice.
 */
export function writeDocument({ ledger, past }: Document): string {
  return [
    `{"meta":${JSON.stringify(ledger.meta)},`,
    '"syncs":{',
    ...members(ledger.syncs),
    '},',
    '"dead":{',
    ...members(ledger.dead),
    '},',
    '"runs":[',
    ...separated([...past, ...ledger.runs.map((run) => JSON.stringify(run))]),
    ']}',
    '',
  ].join('\n');
}

function members(record: Readonly<Record<string, unknown>>): string[] {
  const keys = Object.keys(record).sort((first, second) => (first < second ? -1 : 1));
  return separated(keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(record[key])}`));
}

function separated(lines: readonly string[]): string[] {
  return lines.map((line, index) => (index < lines.length - 1 ? `${line},` : line));
}

/** @throws SynclineError (exit 4) for what is no ledger of this format. A document that somebody has reformatted is read too. */
export function readDocument(text: string, path: string, declared: (address: string) => Spec | undefined): Document {
  try {
    return byLine(text, declared) ?? whole(text);
  } catch {
    throw new SynclineError(
      'ledger-unreadable',
      `The ledger ${path} is not one that this version can read.`,
      'Restore it from a backup, or move it away and take your syncs over again with lifecycle.adopt.',
      Exit.refused,
    );
  }
}

/** Reads the layout that `writeDocument` gives; undefined where the text has another. Throws where a line is not JSON. */
function byLine(text: string, declared: (address: string) => Spec | undefined): Document | undefined {
  const lines = text.split('\n');
  const heading = lines[0] ?? '';
  if (!heading.startsWith('{"meta":') || lines[1] !== '"syncs":{') return undefined;
  const { meta }: { readonly meta: LedgerMeta } = JSON.parse(`${heading.slice(0, -1)}}`);
  if (meta.format !== 1) throw new Error('Another format.');
  const syncs: Record<string, Entry> = {};
  const dead: Record<string, Dead> = {};
  const past: string[] = [];
  let section: 'syncs' | 'dead' | 'runs' = 'syncs';
  for (const line of lines.slice(2)) {
    if (line === '},' || line === ']}' || line === '') continue;
    if (line === '"dead":{') section = 'dead';
    else if (line === '"runs":[') section = 'runs';
    else if (section === 'runs') past.push(line.endsWith(',') ? line.slice(0, -1) : line);
    else if (section === 'dead') Object.assign(dead, memberOf(line));
    else
      for (const [address, entry] of Object.entries(entryOf(line))) syncs[address] = shared(entry, declared(address));
  }
  return withOpenRun({ meta, syncs, dead, runs: [] }, past);
}

function memberOf(line: string): Record<string, Dead> {
  return JSON.parse(`{${line.endsWith(',') ? line.slice(0, -1) : line}}`);
}

function entryOf(line: string): Record<string, Entry> {
  return JSON.parse(`{${line.endsWith(',') ? line.slice(0, -1) : line}}`);
}

function shared(entry: Entry, twin: Spec | undefined): Entry {
  return entry.spec === null ? entry : { ...entry, spec: share(entry.spec, twin) };
}

function whole(text: string): Document {
  const ledger: Ledger = JSON.parse(text);
  if (ledger.meta.format !== 1 || !isObject(ledger.syncs)) throw new Error('Another format.');
  return withOpenRun(
    { ...ledger, runs: [] },
    ledger.runs.map((run) => JSON.stringify(run)),
  );
}

/** Of all runs only one that did not come to its end matters to the next. */
function withOpenRun(ledger: Ledger, past: readonly string[]): Document {
  const last = past.at(-1);
  if (last === undefined || !last.includes('"status":"running"')) return { ledger, past };
  const run: Run = JSON.parse(last);
  return run.status === 'running' ? { ledger: { ...ledger, runs: [run] }, past: past.slice(0, -1) } : { ledger, past };
}
