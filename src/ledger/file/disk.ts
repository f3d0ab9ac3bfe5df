import { randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Exit, type ExitCode, SynclineError } from '../../model/errors.ts';

/** Tells one state of a file from another: every change makes a new file, or a new time. */
export type Stamp = string;

/** The stamp of a file that is not there. */
export const absent: Stamp = 'absent';

export function stampFrom({ ino, size, mtimeNs }: BigIntStats): Stamp {
  return `${ino}:${size}:${mtimeNs}`;
}

export async function stampOf(path: string): Promise<Stamp> {
  return (await unlessAbsent(async () => stampFrom(await stat(path, { bigint: true })))) ?? absent;
}

/** The text of a file; undefined where there is none. */
export function readIfThere(path: string): Promise<string | undefined> {
  return unlessAbsent(() => readFile(path, 'utf8'));
}

/** The names in a folder; none where it is not there. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  return (await unlessAbsent(() => readdir(folder))) ?? [];
}

/** What `look` finds; undefined where a file or folder is missing. */
export async function unlessAbsent<Result>(look: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await look();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** `ENOSPC` and the like; undefined for what is no error of the system. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && 'syscall' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/**
 * Writes beside the file, flushes to disk, then lets `put` make a file of it in one step: a reader sees the old text or the
 * new, never half of one.
 */
export async function writeWhole<Result>(
  path: string,
  text: string,
  put: (temporary: string, stamp: Stamp) => Promise<Result>,
): Promise<Result> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    let stamp: Stamp;
    try {
      await file.writeFile(text);
      await file.sync();
      stamp = stampFrom(await file.stat({ bigint: true }));
    } finally {
      await file.close();
    }
    return await put(temporary, stamp);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Replaces a file whole. `guard` is asked last, and may throw. */
export function replaceFile(path: string, text: string, guard = async (): Promise<void> => undefined): Promise<Stamp> {
  return writeWhole(path, text, async (temporary, stamp) => {
    await guard();
    await rename(temporary, path);
    await flushFolder(dirname(path));
    return stamp;
  });
}

/** A new name survives a power failure only once its folder is on disk. Not every system can flush one. */
async function flushFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file itself is flushed; the rest is up to the system.
  }
}

/** Removes those files of a folder whose names `chosen` accepts. What cannot be removed is harmless, and stays. */
export async function sweep(folder: string, chosen: (name: string) => boolean): Promise<void> {
  const names = (await namesIn(folder)).filter(chosen);
  await Promise.allSettled(names.map((name) => rm(join(folder, name), { force: true })));
}

/** Does `work`; what the disk refuses becomes a SynclineError that names `path`. */
export async function onDisk<Result>(
  path: string,
  code: 'ledger-unreadable' | 'ledger-unwritable',
  work: () => Promise<Result>,
  exit: ExitCode = Exit.refused,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (systemCode(error) === undefined || !(error instanceof Error)) throw error;
    const verb = code === 'ledger-unreadable' ? 'read' : 'written';
    const message = `The ledger ${path} cannot be ${verb}: ${error.message}.`;
    const hint = 'Check the file, its folder, their permissions and the space on the disk.';
    throw new SynclineError(code, message, hint, exit, { cause: error });
  }
}
