import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Invocation } from './invocation.ts';

/** A path as the user wrote it, seen from the folder of `-C`. */
export function pathFrom({ directory }: Invocation, path: string): string {
  return resolve(directory, path);
}

/** Writes a file only where there is none. Says whether it did. */
export function writeNew(path: string, text: string): boolean {
  return attempt(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    try {
      writeFileSync(path, text, { flag: 'wx' });
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
  });
}

export function writeText(path: string, text: string): void {
  attempt(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  });
}

/** Removes a file; says whether there was one. */
export function removeIfThere(path: string): boolean {
  return attempt(path, () => {
    try {
      rmSync(path);
      return true;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    }
  });
}

/** Copies what somebody wrote, and not what a run left behind: a ledger belongs to the place where it was made. */
export function copyProject(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => basename(path) !== '.syncline' });
}

/** More than any file that a command is given. */
const maxBytes = 256 * 1024 * 1024;

/**
 * The text of a file without its byte order mark, or undefined where there is none.
 * @throws SynclineError (exit 3) for devices and pipes, which may never end, and for more than 256 MiB.
 */
export function readIfThere(path: string): string | undefined {
  return attempt(path, () => {
    try {
      const stats = statSync(path);
      if (stats.isDirectory()) throw unfit(path, 'is a folder');
      if (!stats.isFile()) throw unfit(path, 'is no regular file');
      if (stats.size > maxBytes) throw unfit(path, 'is larger than 256 MiB');
      return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  });
}

function unfit(path: string, why: string): SynclineError {
  return new SynclineError('file', `${path} ${why}.`, 'Name a file that was written whole.', Exit.invalid);
}

/** The disk's refusals are the user's to mend, not ours. */
function attempt<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof SynclineError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new SynclineError(
      'file',
      `${path} cannot be read or written (${String(error.code)}).`,
      'Check the path and its permissions.',
      Exit.invalid,
      { cause: error },
    );
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
