import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** The root of the Git repository that a folder lies in; undefined where it lies in none. */
export function repositoryOf(folder: string): string | undefined {
  for (let here = folder; ; here = dirname(here)) {
    if (existsSync(join(here, '.git'))) return here;
    if (here === dirname(here)) return undefined;
  }
}

/**
 * Where the project lies in its repository, with `/`: what GitHub puts in front of file names to annotate them.
 * Empty where the project is the repository, or is in none.
 */
export function placeInRepository(root: string): string {
  const repository = repositoryOf(root);
  return repository === undefined ? '' : relative(repository, root).split(sep).join('/');
}
