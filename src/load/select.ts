import { realpathSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { byCodePoint } from '../core/stable.ts';
import { type FileProblem, isWithin } from './files.ts';

/** Which files the user asked about by path. */
export interface Selection {
  /** Relative to the project, with `/`. */
  readonly files: ReadonlySet<string>;
  /** Of these, the ones that no glob matches. */
  readonly extra: readonly string[];
  /** Paths that lead to no manifest and to no file. */
  readonly problems: readonly FileProblem[];
  /** Is this file among the paths, or in a folder that is? */
  readonly isNamed: (file: string) => boolean;
}

/**
 * Files and folders, absolute or relative to the project, as a set of files. A folder stands for the manifests in it.
 * `own`: the files that say what the project is, relative to it. They may be among the paths (a pre-commit hook names what changed);
 * they are no manifests and are passed over.
 */
export function selectFiles(
  root: string,
  own: readonly string[],
  paths: readonly string[],
  matched: readonly string[],
): Selection {
  const files = new Set<string>();
  const extra: string[] = [];
  const problems: FileProblem[] = [];
  const known = new Set(matched);
  const named = new Set<string>();
  for (const path of paths) {
    const full = resolve(root, path);
    const file = relative(root, full).split(sep).join('/');
    named.add(file);
    const inside = known.has(file) ? [file] : matched.filter((one) => file === '' || one.startsWith(`${file}/`));
    for (const one of inside) files.add(one);
    if (inside.length > 0 || own.includes(file)) continue;
    const kind = kindOf(root, full);
    if (kind === 'file') {
      files.add(file);
      extra.push(file);
    } else {
      problems.push(refusal[kind](file));
    }
  }
  return { files, extra: extra.sort(byCodePoint), problems, isNamed: (file) => isAtOrBelow(file, named) };
}

function isAtOrBelow(file: string, named: ReadonlySet<string>): boolean {
  for (let here = file; here !== ''; here = here.slice(0, Math.max(0, here.lastIndexOf('/'))))
    if (named.has(here)) return true;
  return named.has('');
}

function kindOf(root: string, full: string): 'file' | 'folder' | 'special' | 'missing' | 'outside' {
  if (!isWithin(root, full)) return 'outside';
  try {
    if (!isWithin(realpathSync(root), realpathSync(full))) return 'outside';
    const stats = statSync(full);
    return stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : 'special';
  } catch {
    return 'missing';
  }
}

const refusal: Readonly<Record<'folder' | 'special' | 'missing' | 'outside', (file: string) => FileProblem>> = {
  folder: (file) => ({
    code: 'no-files',
    message: 'There is no manifest in this folder.',
    hint: 'Check the path, and `manifests` in the project file.',
    file,
  }),
  special: (file) => ({
    code: 'unreadable-file',
    message: 'This is not a regular file.',
    hint: 'Name files and folders.',
    file,
  }),
  missing: (file) => ({
    code: 'unreadable-file',
    message: 'There is no such file.',
    hint: 'Check the path.',
    file,
  }),
  outside: (file) => ({
    code: 'outside-project',
    message: 'This path is not in the project.',
    hint: 'Name files in the folder of the project file, or choose another project with -C or --config.',
    file,
  }),
};
