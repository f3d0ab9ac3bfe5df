import { share } from '../core/spec/share.ts';
import type { Address } from '../model/address.ts';
import { isObject, type Spec } from '../model/json.ts';
import type { Dead, Entry, Ledger, LedgerMeta, Run } from '../model/ledger.ts';
import type { Key } from '../model/live.ts';
import {
  assertDistinct,
  type DeadName,
  deadName,
  decode,
  decodeDead,
  decodeMeta,
  decodeText,
  parseJson,
  unreadable,
} from './decode.ts';
import { type Entries, entriesBeside } from './entries.ts';
import { address, entry, entryOfDeclared, run } from './records.ts';
import { fits } from './shape.ts';
import type { Declared } from './store.ts';

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
    ...members(namedDead(ledger), JSON.stringify),
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
 * reformatted is read too; one that ends before its last line never is. @throws SynclineError (exit 4) for what is no ledger.
 */
export async function readDocument(lines: AsyncIterable<string>, path: string, declared: Declared): Promise<Document> {
  const draft: Draft = { meta: undefined, entries: entriesBeside(declared), dead: {}, past: [] };
  const reader = lineReader(draft, path);
  const foreign: string[] = [];
  for await (const line of lines) {
    if (foreign.length > 0 || !reader.take(line)) foreign.push(line);
    const room = draft.entries.room();
    if (room !== undefined) await room;
  }
  if (foreign.length > 0) return whole(foreign.join('\n'), path);
  const { meta, entries, dead, past } = draft;
  if (meta === undefined || !reader.atEnd()) throw unreadable(path, 'it is cut off: its end is missing');
  return withOpenRun({ meta, syncs: await entries.all(), dead, runs: [] }, past, path);
}

interface Draft {
  meta: LedgerMeta | undefined;
  readonly entries: Entries;
  readonly dead: Record<Key, Dead>;
  readonly past: string[];
}

/** The parts of a document in their order, each with the line that begins and the one that ends it. */
const sections = [
  { name: 'syncs', begin: '"syncs":{', end: '},' },
  { name: 'dead', begin: '"dead":{', end: '},' },
  { name: 'runs', begin: '"runs":[', end: ']}' },
] as const;

interface LineReader {
  /** false for the first line of a document that this program has not laid out. @throws SynclineError (exit 4) */
  take(line: string): boolean;
  atEnd(): boolean;
}

/** Takes the lines of `writeDocument` as they come, and no others. */
function lineReader(draft: Draft, path: string): LineReader {
  let at = 0;
  let inside = false;
  /** Did the line before promise another record? undefined at the begin of a section. */
  let more: boolean | undefined;
  let number = 0;

  function record(line: string, name: (typeof sections)[number]['name']): void {
    if (more === false) throw unreadable(path, `line ${number} follows a record that is the last of its part`);
    more = line.endsWith(',');
    const text = more ? line.slice(0, -1) : line;
    if (name === 'runs') draft.past.push(text);
    else if (name === 'dead') addDead(draft.dead, text, path, number);
    else addEntry(draft.entries, text, path, number);
  }

  function take(line: string): void {
    const section = sections[at];
    if (section === undefined) {
      if (line !== '') throw unreadable(path, `line ${number} stands after its end`);
    } else if (!inside) {
      if (line !== section.begin) throw unreadable(path, `line ${number} should be ${section.begin}`);
      inside = true;
      more = undefined;
    } else if (line === section.end) {
      if (more === true) throw unreadable(path, `a record is missing before line ${number}`);
      inside = false;
      at += 1;
    } else record(line, section.name);
  }

  return {
    take: (line) => {
      number += 1;
      if (draft.meta !== undefined) take(line);
      else draft.meta = metaOf(line, path);
      return draft.meta !== undefined;
    },
    atEnd: () => at === sections.length,
  };
}

/** The first line: `{"meta":{…},`. Where everything stands on that one line, the document is not laid out by this program. */
function metaOf(line: string, path: string): LedgerMeta | undefined {
  if (!line.startsWith('{"meta":') || !line.endsWith('},') || line.includes('"syncs":')) return undefined;
  const place = { ledger: path, record: 'meta' };
  const value = parseJson(`${line.slice(0, -1)}}`, place);
  return decodeMeta(isObject(value) ? value.meta : undefined, place);
}

function addDead(all: Record<Key, Dead>, text: string, path: string, line: number): void {
  const [name, value] = member(text, path, line);
  putDead(all, name, value, path);
}

function putDead(all: Record<Key, Dead>, name: string, value: unknown, ledger: string): void {
  const slash = name.indexOf('/');
  const parts: DeadName = slash < 0 ? [name] : [name.slice(0, slash), name.slice(slash + 1)];
  const [key, one] = decodeDead(parts, value, { ledger, record: `dead/${name}` });
  all[key] = one;
}

function namedDead({ dead, meta }: Ledger): Record<string, Dead> {
  return Object.fromEntries(
    Object.entries(dead).map(([key, one]) => [deadName(meta.format, key as Key).join('/'), one]),
  );
}

/** Takes `"Kind/name":{…}`. A spec whose text is that of the declared one is that one: it need not be parsed, nor held twice. */
function addEntry(entries: Entries, text: string, path: string, line: number): void {
  const said = text.startsWith('"') ? text.slice(1, text.indexOf('":{')) : '';
  const name = fits(address, said) ? said : addressOf(member(text, path, line)[0], path);
  if (entries.has(name)) throw unreadable(path, `syncs/${name} stands there twice`);
  const place = { ledger: path, record: `syncs/${name}` };
  entries.take(name, (twin, sure) => {
    const before = twin === undefined ? undefined : headBefore(text, JSON.stringify(twin));
    if (before === undefined) return sure ? shared(decode(entry, member(text, path, line)[1], place), twin) : undefined;
    const [, value] = member(`${before}}`, path, line);
    return decode(entryOfDeclared, isObject(value) ? { ...value, spec: twin } : value, place);
  });
}

function addressOf(key: string, path: string): Address {
  return decode(address, key, { ledger: path, record: `syncs/${key}` });
}

/** What stands before the spec of an entry, where that is this one; else undefined. Nothing of the spec is copied to find out. */
function headBefore(text: string, spec: string): string | undefined {
  const from = text.length - spec.length - 1;
  const end = from - beforeSpec.length;
  if (end < 0 || !text.endsWith('}') || !text.startsWith(beforeSpec, end) || !text.startsWith(spec, from))
    return undefined;
  return text.slice(0, end);
}

/** The one name and value of a line of an object. */
function member(text: string, ledger: string, line: number): [string, unknown] {
  const value = parseJson(`{${text}}`, { ledger, record: `line ${line}` });
  const [only, ...others] = isObject(value) ? Object.entries(value) : [];
  if (only === undefined || others.length > 0) throw unreadable(ledger, `line ${line} is not one record`);
  return only;
}

function shared(one: Entry, twin: Spec | undefined): Entry {
  return one.spec === null ? one : { ...one, spec: share(one.spec, twin) };
}

/** A document that is one piece of JSON, in whatever layout. */
function whole(text: string, path: string): Document {
  const value = parseJson(text, { ledger: path, record: 'it' });
  const part = (name: string): unknown => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined);
  const held = decodeMeta(part('meta'), { ledger: path, record: 'meta' });
  const [entries, tombstones, runs] = [part('syncs'), part('dead'), part('runs')];
  if (!isObject(entries) || !isObject(tombstones) || !Array.isArray(runs))
    throw unreadable(path, 'it must hold the objects syncs and dead, and the list runs');
  const syncs: Record<string, Entry> = {};
  for (const [key, one] of Object.entries(entries)) {
    syncs[addressOf(key, path)] = decode(entry, one, { ledger: path, record: `syncs/${key}` });
  }
  const gone: Record<Key, Dead> = {};
  for (const [name, one] of Object.entries(tombstones)) putDead(gone, name, one, path);
  const past = runs.map((one) => JSON.stringify(one));
  return withOpenRun({ meta: held, syncs, dead: gone, runs: [] }, past, path);
}

/** A run as `writeDocument` lays it out: its name stands first, which is all that is asked of one that has ended. */
const laidOut = /^\{"run":"[^"\\]+",.*\}$/;

/** Of all runs only one that did not come to its end matters to the next; the others are read when somebody asks for them. */
function withOpenRun(ledger: Ledger, lines: readonly string[], path: string): Document {
  assertDistinct(ledger, path);
  const past = lines.map((line, index) => (laidOut.test(line) ? line : relaid(readRun(line, path, index))));
  const last = past.at(-1);
  if (last === undefined || !/"status":\s*"running"/.test(last)) return { ledger, past };
  const open = readRun(last, path, past.length - 1);
  return open.status === 'running'
    ? { ledger: { ...ledger, runs: [open] }, past: past.slice(0, -1) }
    : { ledger, past };
}

function relaid({ run: name, ...rest }: Run): string {
  return JSON.stringify({ run: name, ...rest });
}

/** The last run that has ended. */
export function lastRunIn({ past }: Document, path: string): Run | undefined {
  const last = past.at(-1);
  return last === undefined ? undefined : readRun(last, path, past.length - 1);
}

/** A run of the document, by its text. @throws SynclineError (exit 4) where it is none */
export function readRun(text: string, path: string, index: number): Run {
  return decodeText(run, text, { ledger: path, record: `run ${index + 1}` });
}
