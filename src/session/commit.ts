import type { Environment } from '../ledger/git/environment.ts';
import { type Git, openGit } from '../ledger/git/git.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Project } from '../model/project.ts';

/** What a run is made of; a saved plan or a report beside it makes no difference. */
const yaml = ['*.yaml', '*.yml'];

/** The commit that the YAML is at; null outside Git, or without Git. */
export async function commitOf(root: string, environment: Environment | undefined): Promise<string | null> {
  const git = openGit(root, environment);
  const [commit, changed] = await Promise.all([
    printed(git, 'rev-parse', '--verify', 'HEAD^{commit}'),
    printed(git, 'status', '--porcelain', '--untracked-files=all', '--', ...yaml),
  ]);
  if (commit === undefined) return null;
  return changed === undefined || changed === '' ? commit : `${commit}${dirty}`;
}

const dirty = '-dirty';

/**
 * That commit, marked where the fleet file, or a file that a manifest takes text from, is not as committed; one that Git ignores is in no
 * commit.
 */
export async function withFiles(
  commit: string | null,
  manifests: readonly Manifest[],
  { root, fleet }: Pick<Project, 'root' | 'fleet'>,
  environment: Environment | undefined,
): Promise<string | null> {
  if (commit === null || commit.endsWith(dirty)) return commit;
  const files = [
    ...new Set([...(fleet === undefined ? [] : [fleet.file]), ...manifests.flatMap((one) => one.files ?? [])]),
  ];
  const git = openGit(root, environment);
  const status = ['--literal-pathspecs', 'status', '--porcelain', '--untracked-files=all', '--ignored', '--'];
  for (let first = 0; first < files.length; first += atOnce) {
    const changed = await printed(git, ...status, ...files.slice(first, first + atOnce));
    if (changed !== undefined && changed !== '') return `${commit}${dirty}`;
  }
  return commit;
}

/** A command line holds no more paths than this, however long they are. */
const atOnce = 500;

/** What git prints, trimmed; undefined where it fails or is missing. */
async function printed(git: Git, ...args: readonly string[]): Promise<string | undefined> {
  return git.text(args).catch(() => undefined);
}
