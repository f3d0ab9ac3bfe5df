import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Invocation } from './command.ts';

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

/** Copies what somebody wrote, and not what a run left behind: a ledger belongs to the place where it was made. */
export function copyProject(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => basename(path) !== '.syncline' });
}

/** The text of a file, or undefined where there is none. */
export function readIfThere(path: string): string | undefined {
  return attempt(path, () => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  });
}

/** The disk's refusals are the user's to mend, not ours. */
function attempt<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
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
