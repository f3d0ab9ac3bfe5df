import { byCodePoint } from '../core/stable.ts';
import { type GitResult, openGit } from '../ledger/git/git.ts';
import { Exit, SynclineError } from '../model/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Who asks Git what it tracks, in the words of the errors. */
export interface Asker {
  /** `--find` */
  readonly who: string;
  /** What to do where there is no repository. */
  readonly otherwise: string;
  /** What to do where no Git answers. */
  readonly without: string;
}

/** A file that Git tracks. */
export interface TrackedFile {
  /** From the root of the repository, with `/`. */
  readonly file: string;
  readonly is: 'file' | 'link' | 'submodule';
}

/**
 * The root of the work tree around a folder, as Git sees it from the folder alone: what a hook has in its environment is not asked.
 * @throws SynclineError where there is no repository (exit 3) or no Git that answers (exit 1)
 */
export async function repositoryAround(directory: string, env: Environment, asker: Asker): Promise<string> {
  const said = await ask(directory, env, asker, 'rev-parse', '--show-toplevel');
  if (said.code === 0) return said.stdout.replace(/\r?\n$/, '');
  if (!/not a git repository|must be run in a work tree/.test(said.words)) throw failed(said, asker);
  throw new SynclineError(
    'no-repository',
    `${directory} lies in no work tree of a Git repository, and ${asker.who} looks for what Git tracks.`,
    asker.otherwise,
    Exit.invalid,
  );
}

/** What Git tracks in a repository, sorted; with `pathspec`, what that matches. The index decides, so a file counts from `git add` on. */
export async function trackedFiles(
  repository: string,
  env: Environment,
  asker: Asker,
  ...pathspec: readonly string[]
): Promise<readonly TrackedFile[]> {
  const said = await ask(repository, env, asker, 'ls-files', '-z', '--stage', '--', ...pathspec);
  if (said.code !== 0) throw failed(said, asker);
  // In a merge with conflicts a file stands there once for each side.
  const files = new Map<string, TrackedFile>();
  for (const entry of said.stdout.split('\0')) {
    const [, mode, file] = /^(\d+) [^\t]*\t(.+)$/s.exec(entry) ?? [];
    if (file !== undefined) files.set(file, { file, is: modes[mode ?? ''] ?? 'file' });
  }
  return [...files.values()].sort((first, second) => byCodePoint(first.file, second.file));
}

const modes: Readonly<Record<string, TrackedFile['is']>> = { '120000': 'link', '160000': 'submodule' };

/** A name that is no UTF-8 cannot be looked up, and may well be there. */
export function isGarbled(path: string): boolean {
  return path.includes('\uFFFD');
}

async function ask(folder: string, env: Environment, asker: Asker, ...args: readonly string[]): Promise<GitResult> {
  try {
    return await openGit(folder, env).try(args);
  } catch (error) {
    // Its own hint is about ledgers.
    throw error instanceof SynclineError ? unanswered(error.message, asker) : error;
  }
}

function failed({ code, words }: GitResult, asker: Asker): SynclineError {
  const why = words === '' ? `exit ${code}` : words.replace(/\.$/, '');
  return unanswered(`Git could not say what it tracks: ${why}.`, asker);
}

function unanswered(message: string, { without }: Asker): SynclineError {
  return new SynclineError('git-failed', message, without, Exit.failed);
}
