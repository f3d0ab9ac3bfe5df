import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Exit, SynclineError } from '../../model/errors.ts';
import { type Git, gitError } from './git.ts';

/** The repository that a project lies in. */
export interface Repository {
  readonly git: Git;
  /** Absolute path of the work tree. */
  readonly top: string;
  /** The folder of the project in it, empty or with a `/` at its end. */
  readonly prefix: string;
  /** Absolute path of the Git directory that all work trees share. */
  readonly folder: string;
  /** The name of no object, as long as this repository's names are. */
  readonly nothing: string;
  /** Where the ledger is shared; undefined where the repository has no remote. */
  readonly remote: string | undefined;
}

/** Does a folder lie in a Git work tree? Looks at the disk alone. */
export function isInWorkTree(folder: string): boolean {
  for (let here = folder; ; here = dirname(here)) {
    if (existsSync(join(here, '.git'))) return true;
    if (here === dirname(here)) return false;
  }
}

/** @throws SynclineError (exit 4) where there is no work tree, (exit 3) where nobody can tell which remote is meant. */
export async function openRepository(git: Git): Promise<Repository> {
  const asked = ['--show-object-format', '--git-common-dir', '--show-prefix', '--show-toplevel'];
  const [places, remotes] = await Promise.all([
    git.text(['rev-parse', '--path-format=absolute', ...asked]),
    git.text(['remote']),
  ]);
  const [format, folder = '', prefix = '', top = ''] = places.split('\n');
  // An older one repeats what it does not understand.
  if (format !== 'sha1' && format !== 'sha256') throw gitError('This git is too old: 2.31 or newer is needed');
  return { git, top, prefix, folder, nothing: '0'.repeat(format === 'sha256' ? 64 : 40), remote: chosen(remotes) };
}

function chosen(list: string): string | undefined {
  const remotes = list.split('\n').filter((name) => name !== '');
  if (remotes.includes('origin')) return 'origin';
  if (remotes.length < 2) return remotes[0];
  throw new SynclineError(
    'no-origin',
    `The repository has several remotes (${remotes.join(', ')}) and none is called origin.`,
    'The ledger is shared through one of them: name that one origin (`git remote rename`).',
    Exit.invalid,
  );
}

/** The project file as the ledger names it: from the top of the work tree, with `/`. */
export function pathInside({ prefix }: Repository, file: string): string {
  return `${prefix}${basename(file)}`;
}
