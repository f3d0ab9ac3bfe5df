import { Exit, SynclineError } from '../../model/errors.ts';
import { type Draft, makeCommits } from './commit.ts';
import { type Git, gitError } from './git.ts';
import { fetchRef, type Listing, listRefs, type Move, pushRefs, unreachable, unwritable } from './remote.ts';
import type { Repository } from './repository.ts';

/** Where the chain of a ledger ends, and what has to be so for it to be continued. */
export interface Head {
  readonly repository: Repository;
  readonly ref: string;
  /** The commit to read and to build on; undefined where there is no chain yet. */
  readonly commit: string | undefined;
  /** Where the ref stands that counts: that of the remote, or the only one there is. */
  readonly shared: string | undefined;
  /** The name that the chain had before, where this one takes it over; it ends with the next commit. */
  readonly former: { readonly ref: string; readonly shared: string | undefined } | undefined;
  /** Why the remote could not be asked, in git's words. */
  readonly unreachable: string | undefined;
  readonly warnings: readonly string[];
}

/** Where refs stand, here and at the remote; undefined where there is no remote. */
export interface Sight {
  readonly here: ReadonlyMap<string, string>;
  readonly there: Listing | undefined;
}

/** Asks once for several refs. */
export async function look(repository: Repository, refs: readonly string[]): Promise<Sight> {
  const { remote } = repository;
  const [here, there] = await Promise.all([
    localRefs(repository, refs),
    remote === undefined ? undefined : listRefs(repository, remote, refs),
  ]);
  return { here, there };
}

/**
 * The end of a chain. Without a `commit` but with `unreachable` nobody knows whether there is one.
 * @throws SynclineError (exit 4) where this clone and the remote have nothing in common
 */
export async function headOf(repository: Repository, { here, there }: Sight, ref: string): Promise<Head> {
  const { git, remote } = repository;
  const local = here.get(ref);
  const head = { repository, ref, former: undefined, unreachable: undefined, warnings: [] };
  if (remote === undefined || there === undefined) return { ...head, commit: local, shared: local };
  if ('unreachable' in there) {
    const warning = `The remote "${remote}" could not be read (${there.unreachable}); Syncline uses the local copy of the ledger, which may be old.`;
    return { ...head, commit: local, shared: undefined, unreachable: there.unreachable, warnings: [warning] };
  }
  const shared = there.refs.get(ref);
  if (shared === local) return { ...head, commit: local, shared };
  if (shared === undefined) {
    const warning = `The remote "${remote}" has no ledger ${ref}; Syncline uses the copy of this clone, and the next apply pushes it.`;
    return { ...head, commit: local, shared, warnings: [warning] };
  }
  if (local !== undefined && (await leadsTo(git, local, shared))) return { ...head, commit: local, shared };
  await fetchRef(repository, remote, ref);
  const warnings = local === undefined ? [] : await compareChains(repository, ref, local, shared);
  // A copy for the time when the remote cannot be asked; a repository that is read-only has to do without.
  // Whoever has moved it meanwhile knows better.
  await git.try(['update-ref', ref, shared, local ?? repository.nothing]);
  return { ...head, commit: shared, shared, warnings };
}

/** Does a chain of this repository go on from that commit? Looks at what is here alone: a partial clone would fetch the other. */
export async function leadsTo(git: Git, commit: string, older: string): Promise<boolean> {
  return (await git.text(['rev-list', '--first-parent', commit])).split('\n').includes(older);
}

/** The remote's chain counts. It may have gone on from before the last commit of this one. */
async function compareChains(
  { git, remote }: Repository,
  ref: string,
  local: string,
  shared: string,
): Promise<string[]> {
  const base = (await git.try(['merge-base', local, shared])).stdout.trim();
  if (base === local) return [];
  if (base !== '') {
    return [
      `The local copy of ${ref} held the end of a run that never reached the remote, and the remote has moved on without it; Syncline uses the remote.`,
    ];
  }
  throw new SynclineError(
    'ledger-split',
    `This clone and its remote hold two ledgers (${ref}) that have nothing in common.`,
    `Keep one: \`git update-ref -d ${ref}\` drops the one of this clone; \`git push ${remote ?? 'origin'} :${ref}\` drops that of the remote, and the next apply pushes the one of this clone.`,
    Exit.refused,
  );
}

async function localRefs({ git }: Repository, refs: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const list = await git.text(['for-each-ref', '--format=%(refname) %(objectname)', ...refs]);
  const lines = list.split('\n').map((line) => line.split(' '));
  return new Map(lines.flatMap(([ref = '', object = '']) => (refs.includes(ref) ? [[ref, object]] : [])));
}

/** Does the remote lack something that is recorded here? */
export function isUnsaved(head: Head): boolean {
  return head.repository.remote !== undefined && head.unreachable === undefined && head.commit !== head.shared;
}

/** Makes commits that go on from the head, and gives the last; no ref moves. @throws SynclineError (exit 4) */
export async function prepare(
  { repository, commit, unreachable: words }: Head,
  drafts: readonly Draft[],
): Promise<string> {
  if (repository.remote !== undefined && words !== undefined) throw unreachable(repository.remote, words);
  return makeCommits(repository, commit, drafts);
}

/**
 * Lets the chain end with that commit where it is shared, if nobody else has written since the head was looked up. Resolves to
 * the new head, or to `moved`. @throws SynclineError (exit 4) where it cannot be written
 */
export async function publish(head: Head, commit: string): Promise<Head | 'moved'> {
  const { repository } = head;
  const next: Head = { ...head, commit, shared: commit, former: undefined, warnings: [] };
  const moves = movesTo(head, commit);
  if (repository.remote === undefined) return (await moveHere(repository, moves)) ? next : 'moved';
  const pushed = await pushRefs(repository, repository.remote, moves);
  if (pushed === 'moved') return 'moved';
  if (pushed !== 'done') throw unwritable(repository.remote, pushed);
  await keepHere(head, commit);
  return next;
}

/** Lets the chain end with that commit in this clone alone, for the time when the remote can be written again. */
export async function keepHere({ repository, ref, former }: Head, commit: string): Promise<void> {
  await repository.git.try(['update-ref', ref, commit]);
  if (former !== undefined) await repository.git.try(['update-ref', '-d', former.ref]);
}

function movesTo({ ref, shared, former }: Head, to: string): Move[] {
  const ends = former === undefined ? [] : [{ ref: former.ref, from: former.shared, to: undefined }];
  return [{ ref, from: shared, to }, ...ends.filter((one) => one.from !== undefined)];
}

/** One transaction on the refs of this repository: true, or false where one of them is not where it is expected. */
async function moveHere(repository: Repository, moves: readonly Move[]): Promise<boolean> {
  const { git, nothing } = repository;
  const lines = moves.map(({ ref, from = nothing, to }) =>
    to === undefined ? `delete ${ref} ${from}\n` : `update ${ref} ${to} ${from}\n`,
  );
  const { code, words } = await git.try(['update-ref', '--stdin'], lines);
  if (code === 0) return true;
  const now = await localRefs(
    repository,
    moves.map((one) => one.ref),
  );
  if (moves.some(({ ref, from }) => now.get(ref) !== from)) return false;
  throw gitError(`The ledger cannot be written: ${words}`);
}
