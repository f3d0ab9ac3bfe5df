import { execFileSync } from 'node:child_process';
import type { Workspace } from './workspace.ts';

/** A workspace whose project lies in a Git repository. */
export interface Repository extends Workspace {
  git(...args: readonly string[]): string;
  /** Commits everything; gives the commit's name. */
  commit(): string;
}

/** The repository around a workspace, with one commit of what is there. */
export function inGit(here: Workspace): Repository {
  const author = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
  const git = (...args: readonly string[]) =>
    execFileSync('git', [...author, ...args], { cwd: here.folder, encoding: 'utf8', stdio: 'pipe' }).trim();
  const commit = () => {
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', 'x');
    return git('rev-parse', 'HEAD');
  };
  git('init', '--quiet', '--initial-branch=main');
  here.write('.gitignore', '.syncline/\ngenerated/\n');
  commit();
  return { ...here, git, commit };
}
