import { realpathSync, statSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { type FileProblem, isWithin, readText } from './files.ts';

/** A file whose text stands for a value of a manifest. */
export interface TextFile {
  /** Relative to the project, with `/`. */
  readonly file: string;
  /** The file itself, and what it leads to where it is a link: those that a change of the text can be in. */
  readonly files: readonly string[];
  readonly content: string | FileProblem;
}

/** Reads the files that the manifests of one file name. */
export interface TextFiles {
  /** The file at a path that starts at the folder of the manifest. Each is read once. Never throws. */
  read(path: string): TextFile;
  /** Every file that was asked for, there or not. */
  readonly files: ReadonlySet<string>;
}

export function textFiles(root: string, manifest: string): TextFiles {
  const known = new Map<string, TextFile>();
  const files = new Set<string>();
  return {
    files,
    read: (path) => {
      const before = known.get(path);
      if (before !== undefined) return before;
      const found = readFrom(root, posix.dirname(manifest), path);
      known.set(path, found);
      for (const one of found.files) files.add(one);
      return found;
    },
  };
}

function readFrom(root: string, folder: string, path: string): TextFile {
  const file = posix.join(folder, path);
  const wrong = wrongPath(path, file);
  if (wrong !== undefined) return { file, files: [], content: { ...wrong, file } };
  const place = placeOf(root, file);
  const files = place.real === undefined || place.real === file ? [file] : [file, place.real];
  const problem = place.stop === undefined ? undefined : refusals[place.stop](file, place.reason);
  const content = problem === undefined ? textOf(root, file) : { ...problem, file };
  return { file, files, content: place.stop === 'missing' ? fromRoot(root, folder, path, content) : content };
}

type Refusal = Omit<FileProblem, 'file'>;

/** What can be said of a path without a look at the disk. */
function wrongPath(path: string, file: string): Refusal | undefined {
  const hint = 'Write a path that starts at the folder of this manifest and stays in the project.';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path))
    return { code: 'outside-project', message: `"${path}" is an absolute path.`, hint };
  if (path.includes('\\'))
    return { code: 'bad-format', message: `"${path}" has a backslash in it.`, hint: 'Write "/" between folders.' };
  if (file === '..' || file.startsWith('../'))
    return { code: 'outside-project', message: `"${path}" leaves the project.`, hint };
  return undefined;
}

interface Place {
  /** Where the file really is, relative to the project; undefined where that is not in it, or nowhere. */
  readonly real?: string;
  readonly stop?: 'missing' | 'unreadable' | 'symlink' | 'special';
  /** The system's own word for it. */
  readonly reason?: string | undefined;
}

function placeOf(root: string, file: string): Place {
  try {
    const realRoot = realpathSync(root);
    const real = realpathSync(join(root, file));
    if (!isWithin(realRoot, real)) return { stop: 'symlink' };
    const place = { real: relative(realRoot, real).split(sep).join('/') };
    return statSync(real).isFile() ? place : { ...place, stop: 'special' };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    return reason === 'ENOENT' || reason === 'ENOTDIR' ? { stop: 'missing' } : { stop: 'unreadable', reason };
  }
}

/** The words of `readText` are about manifests, and stand in the file itself; these stand in the manifest that names it. */
function textOf(root: string, file: string): string | FileProblem {
  const text = readText(root, file);
  if (typeof text === 'string') return text.trim() === '' ? { ...refusals.empty(file), file } : text;
  const refusal = text.code === 'file-too-large' ? 'large' : text.code === 'not-utf8' ? 'binary' : 'unreadable';
  return { ...refusals[refusal](file, /\((\w+)\)/.exec(text.message)?.[1]), file };
}

const refusals = {
  missing: (file: string): Refusal => ({
    code: 'missing-file',
    message: `There is no file ${file}.`,
    hint: 'Check the path; it starts at the folder of this manifest.',
  }),
  unreadable: (file: string, reason?: string): Refusal => ({
    code: 'unreadable-file',
    message: `${file} cannot be read${reason === undefined ? '' : ` (${reason})`}.`,
    hint: 'Check the path, and that you may read the file.',
  }),
  special: (file: string): Refusal => ({
    code: 'unreadable-file',
    message: `${file} is not a regular file.`,
    hint: 'Name a file that holds the text.',
  }),
  symlink: (file: string): Refusal => ({
    code: 'symlink-outside',
    message: `${file} is a link that leaves the project.`,
    hint: 'Copy what it points to into the project.',
  }),
  large: (file: string): Refusal => ({
    code: 'file-too-large',
    message: `${file} is larger than 1 MiB.`,
    hint: 'Make it shorter.',
  }),
  binary: (file: string): Refusal => ({
    code: 'not-utf8',
    message: `${file} is not UTF-8 text.`,
    hint: 'Save it as UTF-8.',
  }),
  empty: (file: string): Refusal => ({
    code: 'empty-file',
    message: `${file} holds no text.`,
    hint: 'Write the text into it, or name another file.',
  }),
} as const;

/** Who writes a path that starts at the root of the project learns how it reads from here. */
function fromRoot(root: string, folder: string, path: string, content: string | FileProblem): string | FileProblem {
  if (typeof content === 'string') return content;
  const meant = posix.normalize(path);
  if (folder === '.' || meant.startsWith('../') || placeOf(root, meant).stop !== undefined) return content;
  const hint = `A path starts at the folder of this manifest: write "${posix.relative(folder, meant)}".`;
  return { ...content, hint };
}
