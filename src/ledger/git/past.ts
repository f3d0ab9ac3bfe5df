import { Exit, SynclineError } from '../../model/errors.ts';
import type { Environment } from './environment.ts';
import { type Git, openGit } from './git.ts';
import { isInWorkTree } from './repository.ts';

/** A file as a commit has it. */
export interface PastFile {
  /** Relative to the folder that was asked about, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'link';
  readonly object: string;
  readonly size: number;
}

/** The history that a folder has. */
export interface Past {
  readonly git: Git;
  /** The full name of the newest commit that both HEAD and REF come from. @throws SynclineError (exit 3) where there is none, or REF is not here */
  mergeBase(ref: string): Promise<string>;
  /** The full name of a commit. @throws SynclineError (exit 3) where it is not here */
  commit(ref: string): Promise<string>;
  /** Every file below the folder, as a commit has it; none where it has no such folder. */
  files(commit: string): Promise<readonly PastFile[]>;
}

/** @throws SynclineError (exit 3) where the folder lies in no work tree */
export function openPast(folder: string, environment: Environment | undefined, signal?: AbortSignal): Past {
  if (!isInWorkTree(folder)) {
    const message = 'The project lies in no Git repository, so there is no commit to compare it with.';
    throw wrong('no-git', message, 'Leave --changed out, or choose with --only.');
  }
  const git = openGit(folder, environment, signal);
  const commit = async (ref: string): Promise<string> => {
    const found = isName(ref) ? await answer(git, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]) : undefined;
    if (found !== undefined) return found;
    throw wrong('unknown-ref', `The commit "${ref}" is not here.`, await fetchHint(git, ref));
  };
  return {
    git,
    commit,
    mergeBase: async (ref) => {
      const other = await commit(ref);
      const head = await answer(git, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
      if (head === undefined) throw wrong('no-commit', 'Nothing is committed here yet.', 'Commit first.');
      const base = (await answer(git, ['merge-base', other, head]))?.split('\n')[0];
      if (base !== undefined) return base;
      throw wrong('no-merge-base', `"${ref}" and HEAD have no common ancestor here.`, await deepenHint(git));
    },
    files: (name) => filesOf(git, name),
  };
}

/** What Git takes for an option, or for none, is no name of a commit. */
function isName(ref: string): boolean {
  return ref !== '' && !ref.startsWith('-');
}

/** What git prints; undefined where it fails, or prints nothing. @throws SynclineError where it cannot be started */
async function answer(git: Git, args: readonly string[]): Promise<string | undefined> {
  const { code, stdout } = await git.try(args);
  return code !== 0 || stdout.trim() === '' ? undefined : stdout.trim();
}

/** The command that brings a commit, as far as its name tells where it is. A shallow clone needs what lies between too. */
async function fetchHint(git: Git, ref: string): Promise<string> {
  const { remotes, remote, fetch } = await fetching(git);
  if (remote === undefined) return 'Check the name; the repository has no remote to fetch it from.';
  // A shell may read more into other characters, and only the remote knows what they stand for.
  if (!/^[\w./-]+$/.test(ref) || !isName(ref) || /^HEAD\b/.test(ref)) return deepenHint(git);
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(ref)) return `\`${fetch} ${remote} ${ref}\` brings it.`;
  const owner = remotes.find((one) => ref.startsWith(`${one}/`));
  const branch = owner === undefined ? ref : ref.slice(owner.length + 1);
  const from = owner ?? remote;
  const command = `\`${fetch} ${from} +refs/heads/${branch}:refs/remotes/${from}/${branch}\``;
  if (owner !== undefined) return `${command} brings it.`;
  return `${command} brings a branch of that name; then give \`--changed ${from}/${branch}\`.`;
}

/** How history that is missing comes here. */
async function deepenHint(git: Git): Promise<string> {
  const { remote, fetch, isShallow } = await fetching(git);
  if (!isShallow || remote === undefined)
    return 'Check the name; `git log --all` shows what is here, `git fetch` brings what is new.';
  return `\`${fetch} ${remote}\` brings the history that this shallow clone lacks; of actions/checkout that is \`fetch-depth: 0\`.`;
}

async function fetching(git: Git) {
  const remotes = (await answer(git, ['remote']))?.split('\n') ?? [];
  const isShallow = (await answer(git, ['rev-parse', '--is-shallow-repository'])) === 'true';
  return {
    remotes,
    remote: remotes.includes('origin') ? 'origin' : remotes[0],
    isShallow,
    fetch: isShallow ? 'git fetch --unshallow' : 'git fetch',
  };
}

async function filesOf(git: Git, commit: string): Promise<readonly PastFile[]> {
  const prefix = (await answer(git, ['rev-parse', '--show-prefix']))?.replace(/\/$/, '') ?? '';
  const tree = prefix === '' ? commit : `${commit}:${prefix}`;
  const { code, stdout } = await git.try(['ls-tree', '-r', '-z', '--long', '--full-tree', tree]);
  if (code !== 0) return [];
  return stdout.split('\0').flatMap(fileIn);
}

/** `100644 blob <object>     123\t<path>`. What is no file is another repository. */
function fileIn(line: string): PastFile[] {
  const [, mode = '', object = '', size, path = ''] = /^(\d+) blob (\w+) +(\d+)\t(.+)$/s.exec(line) ?? [];
  if (size === undefined || !isPlain(path)) return [];
  return [{ path, kind: mode === '120000' ? 'link' : 'file', object, size: Number(size) }];
}

/** Anybody can write a tree whose names lead out of it. */
function isPlain(path: string): boolean {
  return !path.includes('\\') && path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}

function wrong(code: string, message: string, hint: string): SynclineError {
  return new SynclineError(code, message, hint, Exit.invalid);
}
