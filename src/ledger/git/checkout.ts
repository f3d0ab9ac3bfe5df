import type { Checkout, Relation } from '../../model/checkout.ts';
import type { Environment } from './environment.ts';
import { type Git, openGit } from './git.ts';
import { isInWorkTree } from './repository.ts';
import { withScratch } from './scratch.ts';

/**
 * The checkout that a folder lies in. What it is asked once it remembers. Without an `environment` git is started with that of
 * this process, and no history is fetched.
 */
export function openCheckout(folder: string, environment: Environment | undefined, signal?: AbortSignal): Checkout {
  const git = openGit(folder, environment, signal);
  const known = new Map<string, Promise<Relation>>();
  let head: Promise<string | null> | undefined;
  const ask = () => {
    // Outside of a work tree nothing has to be started to learn that.
    head ??= isInWorkTree(folder) ? headOf(git) : Promise.resolve(null);
    return head;
  };
  return {
    head: ask,
    relationTo: (commit) => {
      const found = known.get(commit) ?? ask().then((mine) => relation(git, environment, mine, commit));
      known.set(commit, found);
      return found;
    },
  };
}

async function headOf(git: Git): Promise<string | null> {
  const { code, stdout } = await git.try(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']).catch(() => failed);
  return code === 0 ? stdout.trim() : null;
}

const failed = { code: 1, stdout: '' } as const;

async function relation(
  git: Git,
  environment: Environment | undefined,
  head: string | null,
  other: string,
): Promise<Relation> {
  if (head === null) return 'none';
  const here = await compare(git, head, other);
  if (here === 'same' || here === 'newer' || here === 'older') return here;
  const shallow = (await git.try(['rev-parse', '--is-shallow-repository'])).stdout.trim() !== 'false';
  if (here === 'diverged' && !shallow) return here;
  // A process of its own needs to be told what it is started with.
  if (environment === undefined) return 'unknown';
  // Whether a clone without that history is older only a fuller one can tell; the user's own stays as it is.
  return withScratch(git, environment, [head, other], (scratch, depth) => judged(scratch, head, other, depth)).catch(
    () => 'unknown',
  );
}

/** By what a scratch repository holds; undefined where more of the history may tell. */
async function judged(
  scratch: Git,
  head: string,
  other: string,
  depth: 'some' | 'whole',
): Promise<Relation | undefined> {
  const found = await compare(scratch, head, other);
  if (depth === 'some' && (found === 'diverged' || found === 'unknown')) return undefined;
  if (found !== 'unknown') return found;
  // The whole history of the other commit does not hold this one, which nobody else has seen yet: it is not older.
  const known = await scratch.try(['cat-file', '-e', `${other}^{commit}`]);
  return known.code === 0 ? 'diverged' : undefined;
}

/** As far as this repository knows both commits. */
async function compare(git: Git, head: string, other: string): Promise<Relation> {
  if (head === other) return 'same';
  const newer = await isAncestor(git, other, head);
  if (newer === true) return 'newer';
  const older = await isAncestor(git, head, other);
  if (older === true) return 'older';
  return newer === undefined || older === undefined ? 'unknown' : 'diverged';
}

/** undefined where one of them is not here. */
async function isAncestor(git: Git, ancestor: string, of: string): Promise<boolean | undefined> {
  const { code } = await git.try(['merge-base', '--is-ancestor', ancestor, of]);
  return code === 0 ? true : code === 1 ? false : undefined;
}
