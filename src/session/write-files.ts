import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, constants, copyFile, link, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isWithin } from '../load/files.ts';
import { type ExitCode, SynclineError } from '../model/errors.ts';
import type { WrittenFile } from '../model/pull.ts';

/** What is said where a file cannot be written. */
export interface Unfinished {
  readonly hint: string;
  readonly exit: ExitCode;
}

/**
 * Writes files of a project, each at once or not at all: nobody sees half of one. Links are followed as long as they stay in the project.
 * @throws SynclineError for what cannot be written; what was written before stays
 */
export async function writeFiles(root: string, files: readonly WrittenFile[], unfinished: Unfinished): Promise<void> {
  for (const file of files) {
    try {
      await writeWhole(root, file);
    } catch (error) {
      throw unwritten(file.file, error, unfinished);
    }
  }
}

async function writeWhole(root: string, { file, text, isNew }: WrittenFile): Promise<void> {
  const wanted = join(root, file);
  await guardFolder(root, dirname(wanted));
  await mkdir(dirname(wanted), { recursive: true });
  const place = isNew ? wanted : await realpath(wanted);
  if (!isWithin(await realpath(root), await realpath(dirname(place))))
    throw new Error('it lies outside of the project');
  const draft = join(dirname(place), `.${randomUUID()}.tmp`);
  try {
    await writeFile(draft, text, { flag: 'wx' });
    // A link to a new name fails where somebody has made a file there meanwhile; a rename would take its place.
    if (isNew) await linkTo(draft, place);
    else {
      await chmod(draft, (await stat(place)).mode);
      await rename(draft, place);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Some file systems, such as those of memory sticks and shared folders, know no second name for a file. */
async function linkTo(draft: string, place: string): Promise<void> {
  try {
    await link(draft, place);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    await copyFile(draft, place, constants.COPYFILE_EXCL);
  }
}

/** A folder that is to be made must not be made behind a link that leads out of the project. */
async function guardFolder(root: string, folder: string): Promise<void> {
  let here = folder;
  while (!existsSync(here) && here !== dirname(here)) here = dirname(here);
  if (!isWithin(await realpath(root), await realpath(here))) throw new Error('it lies outside of the project');
}

function unwritten(file: string, error: unknown, { hint, exit }: Unfinished): SynclineError {
  const reason =
    error instanceof Error && 'code' in error ? String(error.code) : error instanceof Error ? error.message : '';
  const message = `${file} could not be written (${reason}).`;
  return new SynclineError('unwritten', message, hint, exit, { cause: error });
}
