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
    ...members(ledger.syncs, entryText),
    '},',
    '"dead":{',
    ...members(ledger.dead, JSON.stringify),
    '},',
    '"runs":[',
    ...separated([...past, ...ledger.runs.map((run) => JSON.stringify(run))]),
    ']}',
    '',
  ].join('\n');
}

function members<Value>(record: Readonly<Record<string, Value>>, text: (value: Value) => string): string[] {
  const entries = Object.entries(record).sort(([first], [second]) => (first < second ? -1 : 1));
  return separated(entries.map(([key, value]) => `${JSON.stringify(key)}:${text(value)}`));
}

const beforeSpec = ',"spec":';

/** The spec stands last, so that a reader can tell by the text alone that it is the one the manifest declares. */
function entryText({ spec, ...rest }: Entry): string {
  return `${JSON.stringify(rest).slice(0, -1)}${beforeSpec}${JSON.stringify(spec)}}`;
}

function separated(lines: readonly string[]): string[] {
  return lines.map((line, index) => (index < lines.length - 1 ? `${line},` : line));
}

/**
 * Reads a ledger from its lines, one at a time, so that its text is never in memory whole. A document that somebody has
 * reformatted is read too. @throws SynclineError (exit 4) for what is no ledger of this format.
 */
export async function readDocument(
  lines: AsyncIterable<string>,
  path: string,
  declared: (address: string) => Spec | undefined,
): Promise<Document> {
  try {
    return await parse(lines, declared);
  } catch {
    throw new SynclineError(
      'ledger-unreadable',
      `The ledger ${path} is not one that this version can read.`,
      'Restore it from a backup, or move it away and bind your syncs again with `syncline adopt --all-matching`.',
      Exit.refused,
    );
  }
}

type Section = 'meta' | 'syncs' | 'dead' | 'runs' | 'unknown';

const headings: Readonly<Record<string, Section>> = { '"syncs":{': 'syncs', '"dead":{': 'dead', '"runs":[': 'runs' };

async function parse(lines: AsyncIterable<string>, declared: (address: string) => Spec | undefined): Promise<Document> {
  let meta: LedgerMeta | undefined;
  let section: Section = 'meta';
  const syncs: Record<string, Entry> = {};
  const dead: Record<string, Dead> = {};
  const past: string[] = [];
  const unknown: string[] = [];
  for await (const line of lines) {
    const record = line.endsWith(',') ? line.slice(0, -1) : line;
    if (meta === undefined && section === 'meta' && line.startsWith('{"meta":')) meta = metaOf(record);
    else if (section === 'unknown' || meta === undefined) {
      section = 'unknown';
      unknown.push(line);
    } else if (headings[line] !== undefined) section = headings[line];
    else if (line === '},' || line === ']}' || line === '') continue;
    else if (section === 'runs') past.push(record);
    else if (section === 'dead') Object.assign(dead, JSON.parse(`{${record}}`));
    else addEntry(syncs, record, declared);
  }
  if (meta === undefined) return whole(unknown.join('\n'));
  return withOpenRun({ meta, syncs, dead, runs: [] }, past);
}

/** The first line: `{"meta":{…},`. Where everything stands on that one line, the document is not laid out by this program. */
function metaOf(record: string): LedgerMeta | undefined {
  if (record.includes('"syncs":')) return undefined;
  const { meta }: { readonly meta: LedgerMeta } = JSON.parse(`${record}}`);
  if (meta.format !== 1) throw new Error('Another format.');
  return meta;
}

/** Reads `"Kind/name":{…}`. A spec whose text is that of the declared one is that one: it need not be parsed, nor held twice. */
function addEntry(syncs: Record<string, Entry>, record: string, declared: (address: string) => Spec | undefined): void {
  const address: string = JSON.parse(record.slice(0, record.indexOf('":{') + 1));
  const twin = declared(address);
  const ending = twin === undefined ? undefined : `${beforeSpec}${JSON.stringify(twin)}}`;
  if (twin !== undefined && ending !== undefined && record.endsWith(ending)) {
    const rest: Record<string, Omit<Entry, 'spec'>> = JSON.parse(`{${record.slice(0, -ending.length)}}}`);
    for (const [key, entry] of Object.entries(rest)) syncs[key] = { ...entry, spec: twin };
    return;
  }
  const whole: Record<string, Entry> = JSON.parse(`{${record}}`);
  for (const [key, entry] of Object.entries(whole)) syncs[key] = shared(entry, twin);
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
