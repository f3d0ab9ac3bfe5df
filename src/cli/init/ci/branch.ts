import { type Git, openGit } from '../../../ledger/git/git.ts';
import type { Io } from '../../io.ts';

/**
 * The default branch of the repository that a folder lies in: what its remote says, else `init.defaultBranch` where there is such a
 * branch, else `main` or `master`, else the branch one is on, which is the only one in a new repository. `main` outside of Git.
 */
export async function defaultBranch(folder: string, env: Io['env']): Promise<string> {
  const git = openGit(folder, env);
  const ofRemote = await lineOf(git, 'symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD');
  if (ofRemote !== undefined) return ofRemote.replace(/^origin\//, '');
  const habit = await lineOf(git, 'config', '--get', 'init.defaultBranch');
  for (const name of [habit, 'main', 'master']) if (name !== undefined && (await isBranch(git, name))) return name;
  return (await lineOf(git, 'symbolic-ref', '--quiet', '--short', 'HEAD')) ?? 'main';
}

async function isBranch(git: Git, name: string): Promise<boolean> {
  const places = [`refs/heads/${name}`, `refs/remotes/origin/${name}`];
  return (await lineOf(git, 'for-each-ref', '--format=%(refname)', ...places)) !== undefined;
}

/** What git says in one line; undefined where it says nothing, fails, or is not there. */
async function lineOf(git: Git, ...args: readonly string[]): Promise<string | undefined> {
  const said = await git.try(args).catch(() => undefined);
  const line = said?.code === 0 ? said.stdout.split('\n')[0]?.trim() : undefined;
  return line === '' ? undefined : line;
}
