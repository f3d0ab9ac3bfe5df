import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryOf } from '../cli/repository.ts';
import type { Environment } from '../ledger/git/environment.ts';
import { type Git, openGit } from '../ledger/git/git.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { BranchFile } from './github/branch.ts';

/** What is checked out. */
export interface Worktree {
  readonly commit: string;
  readonly tree: string;
  /** Does something that writes files of the project, tells what it has written, and puts all of it back. */
  watch<Result>(
    act: () => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly files: readonly BranchFile[] }>;
}

/** The checkout that a project lies in. @throws SynclineError (exit 4) where it lies in none */
export async function openWorktree(project: string, environment: Environment): Promise<Worktree> {
  const root = repositoryOf(project);
  if (root === undefined) {
    const hint = 'Check the repository out first, with actions/checkout.';
    throw new SynclineError('no-checkout', 'The project lies in no Git repository.', hint, Exit.refused);
  }
  const git = openGit(root, environment);
  const [commit, tree] = [await git.text(['rev-parse', 'HEAD^{commit}']), await git.text(['rev-parse', 'HEAD^{tree}'])];
  return {
    commit,
    tree,
    watch: async (act) => {
      const before = new Set((await changed(git, project)).map(({ path }) => path));
      const result = await act();
      const found = (await changed(git, project)).filter(({ path }) => !before.has(path));
      const files = found.map(({ path }) => ({ path, text: textAt(join(root, path)) }));
      await putBack(git, root, found);
      return { result, files };
    },
  };
}

interface Changed {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly isNew: boolean;
}

/** What is not as it was committed, without the memory of Syncline, which lies there where it is kept in files. */
async function changed(git: Git, project: string): Promise<readonly Changed[]> {
  const options = ['--porcelain', '-z', '--untracked-files=all', '--no-renames'];
  const { stdout } = await git.try(['status', ...options, '--', project]);
  return stdout
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => ({ path: line.slice(3), isNew: line.startsWith('??') }))
    .filter(({ path }) => !path.split('/').includes('.syncline'));
}

function textAt(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** The next target starts from what was committed too. */
async function putBack(git: Git, root: string, all: readonly Changed[]): Promise<void> {
  for (const { path } of all.filter(({ isNew }) => isNew)) rmSync(join(root, path), { force: true });
  const tracked = all.filter(({ isNew }) => !isNew).map(({ path }) => path);
  if (tracked.length > 0) await git.text(['--literal-pathspecs', 'checkout', '-q', 'HEAD', '--', ...tracked]);
}
