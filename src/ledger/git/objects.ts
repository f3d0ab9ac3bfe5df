import { share } from '../../core/share.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { Dead, Entry, LedgerMeta, Run } from '../../model/ledger.ts';
import type { Lock } from '../../model/lock.ts';
import type { Declared } from '../store.ts';
import type { Git } from './git.ts';
import { addressIn, deadIdIn, isReadable, openRuns, paths, type Tree } from './tree.ts';

interface Draft {
  meta: LedgerMeta | undefined;
  run: Run | undefined;
  lock: Lock | undefined;
  readonly syncs: Record<string, Entry>;
  readonly dead: Record<string, Dead>;
}

/** The tree of a commit, and the run that wrote it last. */
export interface FoundTree {
  readonly tree: Tree;
  readonly last: Run | undefined;
}

/** The tree of a commit, all its files through one process. @throws SynclineError (exit 4) for what is no ledger of this format. */
export async function readTree(git: Git, commit: string, place: string, declared: Declared): Promise<FoundTree> {
  const files = await listFiles(git, commit);
  const draft: Draft = { meta: undefined, run: undefined, lock: undefined, syncs: {}, dead: {} };
  let broken = false;
  const objects = files.map((one) => one.object);
  await readObjects(git, objects, (text, index) => {
    try {
      keep(draft, files[index]?.path ?? '', text ?? '', declared);
    } catch {
      broken = true;
    }
  });
  const { meta, run, lock, syncs, dead } = draft;
  if (broken || !isReadable(meta)) throw unreadable(place);
  return { tree: { ledger: { meta, syncs, dead, runs: openRuns(run) }, lock }, last: run };
}

function keep(draft: Draft, path: string, text: string, declared: Declared): void {
  const address = addressIn(path);
  const id = deadIdIn(path);
  if (address !== undefined) {
    const entry: Entry = JSON.parse(text);
    draft.syncs[address] = entry.spec === null ? entry : { ...entry, spec: share(entry.spec, declared(address)) };
  } else if (id !== undefined) draft.dead[id] = JSON.parse(text);
  else if (path === paths.meta) draft.meta = JSON.parse(text);
  else if (path === paths.lock) draft.lock = JSON.parse(text);
  else if (path === paths.run) draft.run = JSON.parse(text);
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

/** One file of a commit, as a value; undefined where it has none. @throws SynclineError (exit 4) where it is no JSON. */
export async function readRecord<Value>(
  git: Git,
  commit: string,
  path: string,
  place: string,
): Promise<Value | undefined> {
  const texts: (string | undefined)[] = [];
  await readFileIn(git, [commit], path, (text) => texts.push(text));
  const [found] = texts;
  if (found === undefined) return undefined;
  try {
    return JSON.parse(found);
  } catch {
    throw unreadable(place);
  }
}

/** Hands over the texts of objects, in order, as one process writes them; undefined for one that is missing. */
async function readObjects(
  git: Git,
  names: readonly string[],
  take: (text: string | undefined, index: number) => void,
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
      if (found.text === null) {
        needed = found.next - at;
        break;
      }
      take(found.text, index);
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
  readonly text: string | undefined | null;
  /** Where it ends, as far as is known. */
  readonly next: number;
}

/** One answer: `<object> blob <size>` and the text, or `<name> missing`. */
function objectAt(buffer: Buffer, at: number): Found {
  const end = buffer.indexOf(10, at);
  if (end < 0) return { text: null, next: buffer.length + 1 };
  const size = Number(buffer.toString('latin1', at, end).split(' ')[2]);
  if (Number.isNaN(size)) return { text: undefined, next: end + 1 };
  const next = end + 1 + size + 1;
  return { text: next > buffer.length ? null : buffer.toString('utf8', end + 1, next - 1), next };
}

/** What is there is no ledger of this format. */
export function unreadable(place: string): SynclineError {
  return new SynclineError(
    'ledger-unreadable',
    `The ledger ${place} is not one that this version can read.`,
    'Use the version that wrote it; `git log` of that ref shows who did.',
    Exit.refused,
  );
}
