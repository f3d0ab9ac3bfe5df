import { atLeast, orNull, text } from '../../ledger/shape.ts';
import { id } from './comments.ts';
import type { GitHub } from './request.ts';

/** A pull request that was merged. */
export interface Merged {
  readonly number: number;
  /** The commit that was reviewed last. */
  readonly headSha: string;
  /** Does it come from this repository, and not from a fork? */
  readonly own: boolean;
}

interface Repository {
  readonly full_name: string;
}

interface End {
  readonly ref: string;
  readonly sha: string;
  /** null where a fork was deleted. */
  readonly repo: Repository | null;
}

interface Pull {
  readonly number: number;
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
  readonly head: End;
  readonly base: End;
}

const repository = atLeast<Repository>({ full_name: text });
const end = atLeast<End>({ ref: text, sha: text, repo: orNull(repository) });
const pull = atLeast<Pull>(
  { number: id, merged_at: orNull(text), merge_commit_sha: orNull(text), head: end, base: end },
  ['merged_at', 'merge_commit_sha'],
);

/**
 * The pull request whose merge, squashed, rebased or not, made this commit of this branch; undefined for a commit that was pushed
 * without one. GitHub lists pull requests that merely contain the commit too.
 */
export async function mergedPull(github: GitHub, sha: string, branch: string): Promise<Merged | undefined> {
  const all = await github.list(`/commits/${encodeURIComponent(sha)}/pulls`, (page) => page, pull);
  const found = all.filter(
    ({ merged_at: merged, merge_commit_sha: commit, base }) =>
      typeof merged === 'string' && commit === sha && base.ref === branch && isHere(github, base),
  );
  const [one] = found.toSorted((first, second) => second.number - first.number);
  return one === undefined ? undefined : { number: one.number, headSha: one.head.sha, own: isHere(github, one.head) };
}

function isHere({ repository: here }: GitHub, { repo }: End): boolean {
  return repo !== null && repo.full_name.toLowerCase() === here.toLowerCase();
}
