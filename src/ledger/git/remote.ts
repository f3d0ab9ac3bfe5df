import { Exit, SynclineError } from '../../model/errors.ts';
import type { Repository } from './repository.ts';

/** Where refs of a remote stand, by name; undefined where the remote could not be asked, with git's words. */
export type Listing = { readonly refs: ReadonlyMap<string, string> } | { readonly unreachable: string };

/** Asks the remote once for some of its refs. */
export async function listRefs({ git }: Repository, remote: string, refs: readonly string[]): Promise<Listing> {
  const { code, stdout, words } = await git.try(['ls-remote', '--quiet', remote, ...refs]);
  if (code !== 0) return { unreachable: words };
  const lines = stdout.split('\n').map((line) => line.split('\t'));
  // A pattern matches endings too: only whole names are meant.
  return { refs: new Map(lines.flatMap(([object = '', ref = '']) => (refs.includes(ref) ? [[ref, object]] : []))) };
}

/** Brings a ref's objects here, without moving any ref of this repository. @throws SynclineError (exit 4) */
export async function fetchRef({ git }: Repository, remote: string, ref: string): Promise<void> {
  const quiet = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--no-auto-maintenance'];
  // Without the filter of a partial clone: each file of a ledger would else be fetched on its own.
  await git.text(['fetch', ...quiet, '--no-filter', '--refmap=', remote, ref]);
}

/** A ref that shall move from one commit to another; undefined stands for no ref. */
export interface Move {
  readonly ref: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** What became of a push. `moved`: somebody else was first. */
export type Pushed = 'done' | 'moved' | { readonly refused: string };

/** Milliseconds after which a push is sent again that came while another one had the ref locked. */
const pauses = [200, 500, 1000] as const;

/** What a server says when two pushes meet; where the ref stands then does not tell yet which one was first. */
const contention = /cannot lock ref|failed to update ref|reference already exists|incorrect old value/i;

/** Moves refs of the remote if, and only if, each is where it is expected; all or none. */
export async function pushRefs(repository: Repository, remote: string, moves: readonly Move[]): Promise<Pushed> {
  for (const pause of pauses) {
    const pushed = await pushOnce(repository, remote, moves);
    if (typeof pushed === 'string' || !contention.test(pushed.refused)) return pushed;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return pushOnce(repository, remote, moves);
}

async function pushOnce(repository: Repository, remote: string, moves: readonly Move[]): Promise<Pushed> {
  const { git } = repository;
  const leases = moves.map(({ ref, from = '' }) => `--force-with-lease=${ref}:${from}`);
  const specs = moves.map(({ ref, to = '' }) => `${to}:${ref}`);
  const atomic = moves.length > 1 ? ['--atomic'] : [];
  // The hooks of this repository are about branches.
  const quiet = ['--quiet', '--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'];
  const { code, words, stdout } = await git.try(['push', ...quiet, ...atomic, ...leases, remote, ...specs]);
  if (code === 0) return 'done';
  // The answer may have been lost, and servers refuse in many words: where the refs stand now tells what happened.
  const names = moves.map((one) => one.ref);
  const listing = await listRefs(repository, remote, names);
  if ('unreachable' in listing) return { refused: words || listing.unreachable };
  if (moves.every(({ ref, to }) => listing.refs.get(ref) === to)) return 'done';
  if (moves.some(({ ref, from }) => listing.refs.get(ref) !== from)) return 'moved';
  return { refused: [reasonIn(stdout), words].filter((one) => one !== '').join('; ') };
}

/** `!\t<src>:<dst>\t[remote rejected] (<reason>)` */
function reasonIn(porcelain: string): string {
  return porcelain
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? (line.split('\t')[2] ?? '') : []))
    .join('; ');
}

export function unreachable(remote: string, words: string): SynclineError {
  return new SynclineError(
    'ledger-unreachable',
    `The remote "${remote}", which holds the ledger, could not be read: ${words.replace(/\.?$/, '.')}`,
    'Check the network and the access to the remote, then run again.',
    Exit.refused,
  );
}

export function unwritable(remote: string, words: string): SynclineError {
  return new SynclineError(
    'ledger-unwritable',
    `The ledger could not be pushed to the remote "${remote}": ${words.replace(/\.?$/, '.')}`,
    'Applying needs the right to push refs/syncline/*: on GitHub `permissions: { contents: write }` for that job; or keep the ledger elsewhere with `ledger: file`.',
    Exit.refused,
  );
}
