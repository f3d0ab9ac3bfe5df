import { type Git, openGit } from '../../../ledger/git/git.ts';
import type { Io } from '../../io.ts';

/**
 * The default branch of the repository that a folder lies in: what its remote says, else `init.defaultBranch` where there is such a
 * branch, else `main` or `master`, else the branch one is on, which is the only one in a new repository. `main` outside of Git.
 */
export async function defaultBranch(folder: string, env: Io['env']): Promise<string> {
  const git = openGit(folder, env);
  const remote = await sharedRemote(git);
  const told = await lineOf(git, 'symbolic-ref', '--quiet', '--short', `refs/remotes/${remote}/HEAD`);
  if (told !== undefined) return told.slice(`${remote}/`.length);
  const habit = await lineOf(git, 'config', '--get', 'init.defaultBranch');
  for (const name of [habit, 'main', 'master'])
    if (name !== undefined && (await isBranch(git, remote, name))) return name;
  return (await lineOf(git, 'symbolic-ref', '--quiet', '--short', 'HEAD')) ?? 'main';
}

/** As for the ledger: `origin`, or the only one there is. */
async function sharedRemote(git: Git): Promise<string> {
  const remotes = await linesOf(git, 'remote');
  const [only = 'origin', ...others] = remotes;
  return others.length === 0 ? only : 'origin';
}

async function isBranch(git: Git, remote: string, name: string): Promise<boolean> {
  const places = [`refs/heads/${name}`, `refs/remotes/${remote}/${name}`];
  return (await lineOf(git, 'for-each-ref', '--format=%(refname)', ...places)) !== undefined;
}

/** What git says first; undefined where it says nothing, fails, or is not there. */
async function lineOf(git: Git, ...args: readonly string[]): Promise<string | undefined> {
  return (await linesOf(git, ...args))[0];
}

async function linesOf(git: Git, ...args: readonly string[]): Promise<readonly string[]> {
  const said = await git.try(args).catch(() => undefined);
  if (said?.code !== 0) return [];
  return said.stdout.split('\n').filter((line) => line !== '');
}
