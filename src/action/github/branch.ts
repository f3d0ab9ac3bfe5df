import { atLeast, listOf, text } from '../../ledger/shape.ts';
import { GitHubError } from './error.ts';
import { type GitHub, shaped } from './request.ts';

/** A file as it is to be at a branch; `text` is null where it goes. Its path starts at the root of the repository. */
export interface BranchFile {
  readonly path: string;
  readonly text: string | null;
}

/** What a branch is to hold: one commit on top of another one. */
export interface Wanted {
  /** `syncline/drift-production`. */
  readonly branch: string;
  /** The commit below, and its tree. */
  readonly parent: string;
  readonly tree: string;
  readonly files: readonly BranchFile[];
  readonly message: string;
  /** The line of the message by which this commit is known for one of ours. */
  readonly trailer: string;
}

/** What has become of the branch; `foreign`: somebody else has committed to it, and it is left as it is. */
export type BranchFate = 'made' | 'moved' | 'unchanged' | 'foreign';

interface Sha {
  readonly sha: string;
}

interface Commit {
  readonly tree: Sha;
  readonly parents: readonly Sha[];
  readonly message: string;
}

const sha = atLeast<Sha>({ sha: text });
const reference = atLeast<{ readonly object: Sha }>({ object: sha });
const commit = atLeast<Commit>({ tree: sha, parents: listOf(sha), message: text });

/** Puts one commit on a branch of its own. What others have committed there stays; nothing is written where it is so already. */
export async function keepBranch(github: GitHub, wanted: Wanted): Promise<BranchFate> {
  const { branch, parent, files, message, trailer } = wanted;
  const tip = await tipOf(github, branch);
  if (tip !== undefined && !isOurs(tip.commit, trailer)) return 'foreign';
  const entries = files.map(({ path, text: content }) => ({
    path,
    mode: '100644',
    type: 'blob',
    ...(content === null ? { sha: null } : { content }),
  }));
  const made = await github.send('POST', '/git/trees', { base_tree: wanted.tree, tree: entries });
  const tree = shaped(made, sha, 'POST /git/trees').sha;
  const isSame =
    tip?.commit.tree.sha === tree && tip.commit.parents.length === 1 && tip.commit.parents[0]?.sha === parent;
  if (isSame) return 'unchanged';
  const body = { message: `${message}\n\n${trailer}\n`, tree, parents: [parent] };
  const next = shaped(await github.send('POST', '/git/commits', body), sha, 'POST /git/commits').sha;
  if (tip === undefined) {
    await github.send('POST', '/git/refs', { ref: `refs/heads/${branch}`, sha: next });
    return 'made';
  }
  await github.send('PATCH', `/git/refs/heads/${encoded(branch)}`, { sha: next, force: true });
  return 'moved';
}

/** Removes a branch whose last commit is ours; says whether there was one. */
export async function dropBranch(github: GitHub, branch: string, trailer: string): Promise<boolean> {
  const tip = await tipOf(github, branch);
  if (tip === undefined || !isOurs(tip.commit, trailer)) return false;
  await github.send('DELETE', `/git/refs/heads/${encoded(branch)}`);
  return true;
}

async function tipOf(github: GitHub, branch: string): Promise<{ readonly commit: Commit } | undefined> {
  try {
    const { object } = await github.get(`/git/ref/heads/${encoded(branch)}`, reference);
    return { commit: await github.get(`/git/commits/${object.sha}`, commit) };
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return undefined;
    throw error;
  }
}

function isOurs({ message, parents }: Commit, trailer: string): boolean {
  return parents.length === 1 && message.split('\n').includes(trailer);
}

function encoded(branch: string): string {
  return branch.split('/').map(encodeURIComponent).join('/');
}
