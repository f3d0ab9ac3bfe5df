import { atLeast, listOf, orNull, text } from '../../ledger/shape.ts';
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
 * The pull requests whose merges, squashed, rebased or not, made commits of this push to this branch, in the order in which they
 * were merged: mostly one, and several where a merge queue has merged a group. GitHub lists pull requests that merely contain a
 * commit too.
 */
export async function mergedPulls(
  github: GitHub,
  sha: string,
  pushed: readonly string[],
  branch: string,
): Promise<readonly Merged[]> {
  const all = await github.list(`/commits/${encodeURIComponent(sha)}/pulls`, (page) => page, pull);
  const earlier = new Set(pushed.filter((one) => one !== sha));
  const recent = earlier.size === 0 ? [] : await github.get(recentlyClosed(branch), listOf(pull));
  const found = [...all, ...recent].filter(
    ({ merged_at: merged, merge_commit_sha: commit, base }) =>
      typeof merged === 'string' &&
      typeof commit === 'string' &&
      (commit === sha || earlier.has(commit)) &&
      base.ref === branch &&
      isHere(github, base),
  );
  const order = [...pushed.filter((one) => one !== sha), sha];
  const each = [...new Map(found.map((one) => [one.number, one])).values()];
  return each
    .toSorted((one, other) => order.indexOf(one.merge_commit_sha ?? '') - order.indexOf(other.merge_commit_sha ?? ''))
    .map((one) => ({ number: one.number, headSha: one.head.sha, own: isHere(github, one.head) }));
}

const current = atLeast<Pick<Pull, 'head'>>({ head: end });

/** The commit that is reviewed by now. */
export async function headOf(github: GitHub, number: number): Promise<string> {
  return (await github.get(`/pulls/${number}`, current)).head.sha;
}

/** What was merged by this push was changed last: more than a page of others cannot have been since. */
function recentlyClosed(branch: string): string {
  return `/pulls?state=closed&base=${encodeURIComponent(branch)}&sort=updated&direction=desc&per_page=100`;
}

function isHere({ repository: here }: GitHub, { repo }: End): boolean {
  return repo !== null && repo.full_name.toLowerCase() === here.toLowerCase();
}
