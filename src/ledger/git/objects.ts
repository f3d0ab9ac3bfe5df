import { equal } from '../../core/spec/equal.ts';
import { share } from '../../core/spec/share.ts';
import { SynclineError } from '../../model/errors.ts';
import { isObject, type Spec } from '../../model/json.ts';
import type { Dead, Entry, LedgerMeta, Run } from '../../model/ledger.ts';
import type { Lock } from '../../model/lock.ts';
import {
  assertDistinct,
  decode,
  decodeDead,
  decodeMeta,
  decodeText,
  lockUnreadable,
  type Place,
  parseJson,
  unreadable,
} from '../decode.ts';
import { type Entries, entriesBeside } from '../entries.ts';
import * as shapes from '../records.ts';
import { fits, type Shape } from '../shape.ts';
import type { Declared } from '../store.ts';
import type { Git } from './git.ts';
import { addressIn, deadNameIn, openRuns, paths, type Tree } from './tree.ts';

interface Draft {
  meta: LedgerMeta | undefined;
  run: Run | undefined;
  lock: Lock | undefined;
  refusal: SynclineError | undefined;
  readonly entries: Entries;
  readonly dead: Record<string, Dead>;
}

/** The tree of a commit, and the run that wrote it last. */
export interface FoundTree {
  readonly tree: Tree;
  readonly last: Run | undefined;
  /** Why nothing may be written that goes by it: its lock cannot be read. */
  readonly refusal: SynclineError | undefined;
}

/**
 * The tree of a commit, all its files through one process. It is fetched while others find out what is declared.
 * @throws SynclineError (exit 4) for what is no ledger of this format
 */
export async function readTree(git: Git, commit: string, place: string, declared: Declared): Promise<FoundTree> {
  const files = await listFiles(git, commit);
  const draft: Draft = {
    meta: undefined,
    run: undefined,
    lock: undefined,
    refusal: undefined,
    entries: entriesBeside(declared),
    dead: {},
  };
  let problem: { readonly error: unknown } | undefined;
  const objects = files.map((one) => one.object);
  await readObjects(git, objects, (text, index) => {
    const path = files[index]?.path ?? '';
    try {
      keep(draft, path, text ?? '', place);
    } catch (error) {
      // A format that is not known explains everything else.
      if (problem === undefined || path === paths.meta) problem = { error };
    }
  });
  if (problem !== undefined) throw problem.error;
  const { meta, run, lock, refusal, entries, dead } = draft;
  if (meta === undefined) throw unreadable(place, `${paths.meta} is missing`);
  const ledger = { meta, syncs: await entries.all(), dead, runs: openRuns(run) };
  assertDistinct(ledger, place);
  return { tree: { ledger, lock }, last: run, refusal };
}

function keep(draft: Draft, path: string, text: string, ledger: string): void {
  const place = { ledger, record: path };
  if (path.startsWith(paths.syncs)) {
    const address = addressIn(path);
    if (!fits(shapes.address, address)) throw unreadable(ledger, `${path} is not named after an address (Kind/name)`);
    draft.entries.take(address, (twin) => entryIn(text, twin, place));
  } else if (path.startsWith(paths.dead)) {
    const name = deadNameIn(path);
    if (name === undefined) throw unreadable(ledger, `${path} is not named after a kind and an id`);
    const [key, one] = decodeDead(name, parseJson(text, place), place);
    draft.dead[key] = one;
  } else if (path === paths.meta) draft.meta = decodeMeta(parseJson(text, place), place);
  else if (path === paths.lock) keepLock(draft, text, place);
  else if (path === paths.run) draft.run = decodeText(shapes.run, text, place);
}

/** A lock that nobody can read hinders no reader. */
function keepLock(draft: Draft, text: string, place: Place): void {
  try {
    draft.lock = decodeText(shapes.lock, text, { ...place, error: lockUnreadable });
  } catch (error) {
    if (!(error instanceof SynclineError)) throw error;
    draft.refusal = error;
  }
}

/** An entry. A spec that equals the declared one is that one, and need not be looked through. */
function entryIn(text: string, twin: Spec | undefined, place: Place): Entry {
  const value = parseJson(text, place);
  if (twin !== undefined && isObject(value) && equal(value.spec, twin))
    return decode(shapes.entryOfDeclared, { ...value, spec: twin }, place);
  const entry = decode(shapes.entry, value, place);
  return entry.spec === null ? entry : { ...entry, spec: share(entry.spec, twin) };
}

interface File {
  readonly object: string;
  readonly path: string;
}

async function listFiles(git: Git, commit: string): Promise<File[]> {
  const list = await git.text(['ls-tree', '-r', '-z', '--full-tree', commit]);
  // `100644 blob <object>\t<path>`
  return list.split('\0').flatMap((line) => {
    const [head = '', path] = line.split('\t');
    return path === undefined ? [] : [{ object: head.split(' ')[2] ?? '', path }];
  });
}

/** Hands over one file of each commit, in order; undefined where a commit has none. `take` must not throw. */
export function readFileIn(
  git: Git,
  commits: readonly string[],
  path: string,
  take: (text: string | undefined) => void,
): Promise<void> {
  const names = commits.map((commit) => `${commit}:${path}`);
  return readObjects(git, names, take);
}

/** One file of a commit, as a value; undefined where it has none. @throws SynclineError (exit 4) where it has not that shape. */
export async function readRecord<Value>(
  git: Git,
  commit: string,
  path: string,
  place: string,
  shape: Shape<Value>,
  error = unreadable,
): Promise<Value | undefined> {
  const texts: (string | undefined)[] = [];
  await readFileIn(git, [commit], path, (text) => texts.push(text));
  const [found] = texts;
  return found === undefined ? undefined : decodeText(shape, found, { ledger: place, record: path, error });
}

/** What a ledger says of itself; undefined where the commit has no such file. @throws SynclineError (exit 4), also for a newer format */
export async function readMeta(git: Git, commit: string, place: string): Promise<LedgerMeta | undefined> {
  const texts: (string | undefined)[] = [];
  await readFileIn(git, [commit], paths.meta, (text) => texts.push(text));
  const [found] = texts;
  const at = { ledger: place, record: paths.meta };
  return found === undefined ? undefined : decodeMeta(parseJson(found, at), at);
}

/** Hands over the texts of objects, in order, as one process writes them; undefined for one that is missing. */
async function readObjects(
  git: Git,
  names: readonly string[],
  take: (text: string | undefined, index: number) => void,
): Promise<void> {
  await readBytes(git, names, (bytes, index) => take(bytes?.toString('utf8'), index));
}

/** As `readObjects`, and not as text. The bytes are good until `take` returns. It must not throw. */
export async function readBytes(
  git: Git,
  names: readonly string[],
  take: (bytes: Buffer | undefined, index: number) => void,
): Promise<void> {
  if (names.length === 0) return;
  let chunks: Buffer[] = [];
  let held = 0;
  let needed = 0;
  let index = 0;
  await git.pipe(['cat-file', '--batch', '--buffer'], [`${names.join('\n')}\n`], (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    // A large object comes in many chunks, which are put together once.
    if (held < needed) return;
    const buffer = chunks.length === 1 ? chunk : Buffer.concat(chunks, held);
    let at = 0;
    for (;;) {
      const found = objectAt(buffer, at);
      if (found.bytes === null) {
        needed = found.next - at;
        break;
      }
      take(found.bytes, index);
      index += 1;
      at = found.next;
    }
    const rest = buffer.subarray(at);
    chunks = [rest];
    held = rest.length;
  });
}

interface Found {
  /** undefined: there is no such object. null: it has not arrived whole. */
  readonly bytes: Buffer | undefined | null;
  /** Where it ends, as far as is known. */
  readonly next: number;
}

/** One answer: `<object> blob <size>` and what it holds, or `<name> missing`. */
function objectAt(buffer: Buffer, at: number): Found {
  const end = buffer.indexOf(10, at);
  if (end < 0) return { bytes: null, next: buffer.length + 1 };
  const size = Number(buffer.toString('latin1', at, end).split(' ')[2]);
  if (Number.isNaN(size)) return { bytes: undefined, next: end + 1 };
  const next = end + 1 + size + 1;
  return { bytes: next > buffer.length ? null : buffer.subarray(end + 1, next - 1), next };
}
