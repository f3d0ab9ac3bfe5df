import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/**
 * Where the project lies in its repository, with `/`: what GitHub puts in front of file names to annotate them.
 * Empty where the project is the repository, or is in none.
 */
export function placeInRepository(root: string): string {
  for (let here = root; ; here = dirname(here)) {
    if (existsSync(join(here, '.git'))) return relative(here, root).split(sep).join('/');
    if (here === dirname(here)) return '';
  }
}
