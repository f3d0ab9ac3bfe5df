import { Exit, SynclineError } from '../../model/errors.ts';
import { withoutPassword } from './git.ts';
import { pushHint } from './push-hint.ts';
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
export type Pushed = 'done' | 'moved' | Refused;

/** Why a push was refused, in git's words, and what helps. */
export interface Refused {
  readonly refused: string;
  readonly hint: string;
}

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
  // The hooks of this repository are about branches, and a mirror is kept by its own pushes.
  const quiet = ['--quiet', '--porcelain', '--no-verify', '--no-signed', '--no-follow-tags', '--recurse-submodules=no'];
  const push = ['-c', `remote.${remote}.mirror=false`, 'push', ...quiet, ...atomic, ...leases, remote, ...specs];
  const [{ code, words, stdout }, other] = await Promise.all([git.try(push), otherAddress(repository, remote)]);
  if (code === 0 && other === undefined) return 'done';
  // The answer may have been lost, and servers refuse in many words: where the refs stand now tells what happened.
  const names = moves.map((one) => one.ref);
  const listing = await listRefs(repository, remote, names);
  if (other !== undefined && (await isAnother(repository, other, listing, names))) return twoPlaces(remote, other);
  const refusal = 'unreachable' in listing ? words || listing.unreachable : joined([reasonIn(stdout), words]);
  const refused = { refused: refusal, hint: pushHint(refusal) };
  if ('unreachable' in listing) return refused;
  if (moves.every(({ ref, to }) => listing.refs.get(ref) === to)) return 'done';
  if (moves.some(({ ref, from }) => listing.refs.get(ref) !== from)) return 'moved';
  return refused;
}

/** The address that a remote is pushed to, where that is not simply the one that is read (`pushurl`, `pushInsteadOf`). */
async function otherAddress({ git }: Repository, remote: string): Promise<string | undefined> {
  const [read, pushed] = await Promise.all([
    git.try(['remote', 'get-url', remote]),
    git.try(['remote', 'get-url', '--push', '--all', remote]),
  ]);
  return pushed.stdout.split('\n').find((address) => address !== '' && address !== read.stdout.trim());
}

/** Do the refs stand elsewhere at that address? One that cannot be asked is not accused. */
async function isAnother(
  repository: Repository,
  address: string,
  listing: Listing,
  refs: readonly string[],
): Promise<boolean> {
  const there = await listRefs(repository, address, refs);
  if ('unreachable' in there || 'unreachable' in listing) return false;
  return refs.some((ref) => there.refs.get(ref) !== listing.refs.get(ref));
}

/** A lock that is pushed to one place and looked for in another keeps nobody out. */
function twoPlaces(remote: string, address: string): Refused {
  return {
    refused: `it is read from one repository and pushed to another (${withoutPassword(address)})`,
    hint: `The ledger is also the lock, so both must be one repository: \`git config --unset-all remote.${remote}.pushurl\`, or \`git remote set-url ${remote}\` to where pushes go.`,
  };
}

function joined(parts: readonly string[]): string {
  return parts.filter((one) => one !== '').join('; ');
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

export function unwritable(remote: string, { refused, hint }: Refused): SynclineError {
  return new SynclineError(
    'ledger-unwritable',
    `The ledger could not be pushed to the remote "${remote}": ${refused.replace(/\.?$/, '.')}`,
    hint,
    Exit.refused,
  );
}
