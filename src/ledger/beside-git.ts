import { basename } from 'node:path';
import type { Project } from '../model/project.ts';
import { refOf } from './git/chain.ts';
import type { Environment } from './git/environment.ts';
import { openGit } from './git/git.ts';
import type { LedgerStore } from './store.ts';

/** What a ledger in a file may trip over inside a repository. */
export interface Neighbourhood {
  readonly project: Project;
  readonly target: string;
  readonly environment: Environment | undefined;
  readonly signal: AbortSignal | undefined;
  readonly warn: (message: string) => void;
}

/**
 * The store, which says once what Git does to it: a file that is committed goes back in time with each checkout, and where there is no
 * file, the memory may be in Git already.
 */
export function besideGit(
  store: LedgerStore,
  { project, target, environment, signal, warn }: Neighbourhood,
): LedgerStore {
  const git = openGit(project.root, environment, signal);
  const isTrue = async (...args: readonly string[]) => (await git.try(args).catch(() => undefined))?.code === 0;
  const read: LedgerStore['read'] = async (declared) => {
    const [stored, isTracked] = await Promise.all([
      store.read(declared),
      isTrue('ls-files', '--error-unmatch', '--', store.place),
    ]);
    if (isTracked) warn(tracked(store.place));
    const ref = refOf(project.name, target);
    if (stored === undefined && (await isTrue('rev-parse', '--verify', '--quiet', ref))) warn(elsewhere(target, ref));
    return stored;
  };
  return { ...store, read };
}

function tracked(place: string): string {
  return `The ledger ${place} is committed to Git, so a checkout can bring back an old ledger: ignore .syncline/ and run \`git rm -r --cached .syncline\` (${basename(place)} stays on the disk).`;
}

function elsewhere(target: string, ref: string): string {
  return `Git holds a ledger of target "${target}" (${ref}), which \`ledger: file\` does not read: what it binds counts as not ours here.`;
}
