import {
  closeSync,
  constants,
  type Dirent,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { byCodePoint } from '../core/stable.ts';
import { advance, compileGlobs, type GlobState, isMatch } from './glob.ts';

/** A problem with a file as a whole. */
export interface FileProblem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** Relative to the project, with `/`. */
  readonly file: string;
}

export interface FoundFiles {
  /** Relative to the project, with `/`, each once, sorted. */
  readonly files: readonly string[];
  readonly problems: readonly FileProblem[];
  /** Indices of the patterns that match nothing. */
  readonly unmatched: readonly number[];
  /** Of these, the ones that would match something, if other patterns did not leave it out. */
  readonly overruled: ReadonlySet<number>;
  /** Files that no pattern matches and none leaves out, with the name of a YAML or JSON file, as far as they were looked for. Sorted. */
  readonly strays: readonly string[];
}

/** What the project file is called where nobody says otherwise. */
export const projectFileName = 'syncline.yaml';

/** Files larger than this are not manifests. */
export const maxFileBytes = 1024 * 1024;

/** Is there anything at this path? */
export function isThere(path: string): boolean {
  return existsSync(path);
}

/** Is there a file at this path? */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Where strays are looked for: in the folders that a pattern leads through, or in every folder of the project. */
export type Reach = 'patterns' | 'project';

interface Walk {
  readonly reach: Reach;
  readonly root: string;
  readonly realRoot: string;
  readonly files: string[];
  readonly problems: FileProblem[];
  readonly matched: Set<number>;
  readonly overruled: Set<number>;
  readonly strays: string[];
}

/** Every file below `root` that the patterns match. Links are followed as long as they stay in the project. */
export function findFiles(root: string, patterns: readonly string[], reach: Reach = 'patterns'): FoundFiles {
  const realRoot = existsSync(root) ? realpathSync(root) : root;
  const walk: Walk = {
    reach,
    root,
    realRoot,
    files: [],
    problems: [],
    matched: new Set(),
    overruled: new Set(),
    strays: [],
  };
  const globs = compileGlobs(patterns);
  if (globs.some((state) => !state.glob.negative)) folder(walk, '', globs, [realRoot]);
  const unmatched = patterns.flatMap((pattern, index) =>
    pattern.startsWith('!') || walk.matched.has(index) ? [] : [index],
  );
  walk.problems.sort((first, second) => byCodePoint(first.file, second.file));
  const { files, problems, overruled, strays } = walk;
  return { files: files.sort(byCodePoint), problems, unmatched, overruled, strays: strays.sort(byCodePoint) };
}

/** `parents`: the real paths of the folders on the way, so that a link cannot lead around in circles. */
function folder(walk: Walk, path: string, states: readonly GlobState[], parents: readonly string[]): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(join(walk.root, path), { withFileTypes: true });
  } catch (error) {
    walk.problems.push(unreadable(path, error));
    return;
  }
  for (const entry of entries) {
    const next = advance(states, entry.name);
    const below = path === '' ? entry.name : `${path}/${entry.name}`;
    if (!next.some((state) => !state.glob.negative)) {
      aside(walk, below, next, entry);
      continue;
    }
    if (entry.isSymbolicLink()) link(walk, below, next, parents);
    else if (entry.isDirectory()) enter(walk, below, next, [...parents, join(parents.at(-1) ?? '', entry.name)]);
    else file(walk, below, next, entry.isFile());
  }
}

/** What no pattern leads to is looked at for strays alone. Links are not followed. */
function aside(walk: Walk, path: string, states: readonly GlobState[], entry: Dirent): void {
  if (entry.isFile()) {
    if (looksLikeManifest(entry.name) && !states.some(isMatch)) walk.strays.push(path);
  } else if (entry.isDirectory() && walk.reach === 'project' && isOwnFolder(walk.root, path, entry.name)) {
    for (const below of entriesOf(join(walk.root, path)) ?? [])
      aside(walk, `${path}/${below.name}`, advance(states, below.name), below);
  }
}

/** Is a folder part of the project: neither hidden, nor of others' packages, nor a project of its own? */
function isOwnFolder(root: string, path: string, name: string): boolean {
  return !name.startsWith('.') && name !== 'node_modules' && !existsSync(join(root, path, projectFileName));
}

/** undefined where the folder cannot be read: nobody has asked for it. */
function entriesOf(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
}

function looksLikeManifest(name: string): boolean {
  return /^[^.].*\.(?:ya?ml|json)$/i.test(name);
}

function enter(walk: Walk, path: string, states: readonly GlobState[], parents: readonly string[]): void {
  // `**` matches every folder on its way, and means none of them.
  const isMeant = states.some((state) => isMatch(state) && state.glob.segments.at(-1) !== '**');
  if (isMeant && looksLikeManifest(path.slice(path.lastIndexOf('/') + 1))) {
    const isLeftOut = states.some((state) => state.glob.negative && isMatch(state));
    if (!isLeftOut) walk.problems.push(notRegular(path));
  }
  if (states.some((state) => !state.glob.negative && !isMatch(state))) folder(walk, path, states, parents);
}

function file(walk: Walk, path: string, states: readonly GlobState[], regular: boolean): void {
  const matches = states.filter(isMatch);
  const isLeftOut = matches.some((state) => state.glob.negative);
  for (const state of matches) (isLeftOut ? walk.overruled : walk.matched).add(state.glob.source);
  if (matches.length === 0) {
    if (regular && looksLikeManifest(path.slice(path.lastIndexOf('/') + 1))) walk.strays.push(path);
  } else if (!isLeftOut) {
    if (regular) walk.files.push(path);
    else walk.problems.push(notRegular(path));
  }
}

function notRegular(file: string): FileProblem {
  return { code: 'unreadable-file', message: 'This is not a regular file.', hint: onlyFiles, file };
}

function link(walk: Walk, path: string, states: readonly GlobState[], parents: readonly string[]): void {
  const full = join(walk.root, path);
  let real: string;
  let stats: Stats;
  try {
    real = realpathSync(full);
    stats = statSync(real);
  } catch (error) {
    if (states.some(isMatch)) refuse(walk, states, unreadable(path, error));
    return;
  }
  const isFolder = stats.isDirectory();
  if (!isWithin(walk.realRoot, real)) {
    const wanted = states.some((state) => !state.glob.negative && isMatch(state) !== isFolder);
    if (wanted) refuse(walk, states, leaves(path));
  } else if (!isFolder) {
    file(walk, path, states, stats.isFile());
  } else if (!parents.includes(real)) {
    enter(walk, path, states, [...parents, real]);
  }
}

/** A pattern that meets a problem has met something. */
function refuse(walk: Walk, states: readonly GlobState[], problem: FileProblem): void {
  for (const state of states) walk.matched.add(state.glob.source);
  walk.problems.push(problem);
}

/** Is `path` the folder `root`, or in it? Both absolute and real. */
export function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
}

const onlyFiles = 'Narrow `manifests` in the project file, or remove it.';

function leaves(path: string): FileProblem {
  return {
    code: 'symlink-outside',
    message: 'This link leaves the project.',
    hint: 'Copy what it points to into the project, or narrow `manifests` in the project file.',
    file: path,
  };
}

function unreadable(path: string, error: unknown): FileProblem {
  const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  return {
    code: 'unreadable-file',
    message: `This cannot be read${reason}.`,
    hint: 'Check that it exists and that you may read it.',
    file: path === '' ? '.' : path,
  };
}

let shared: Buffer | undefined;

/** The text of a file without its byte order mark, or why there is none. Never reads more than the limit. */
export function readText(root: string, path: string): string | FileProblem {
  const text = readWhole(root, path);
  return typeof text === 'string' && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** As `readText`, with the byte order mark: for a file that is to be written again. */
export function readWhole(root: string, path: string): string | FileProblem {
  shared ??= Buffer.allocUnsafe(maxFileBytes + 1);
  let length: number;
  try {
    length = readInto(shared, join(root, path));
  } catch (error) {
    return unreadable(path, error);
  }
  if (length > maxFileBytes) return tooLarge(path);
  const text = shared.toString('utf8', 0, length);
  if (text.includes('\uFFFD') && !isUtf8(shared.subarray(0, length))) return notUtf8(path);
  return text;
}

function readInto(buffer: Buffer, path: string): number {
  // Opening a pipe that nobody writes to must not wait; reading it fails.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    let length = 0;
    while (length < buffer.length) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, length);
      if (read === 0) break;
      length += read;
    }
    return length;
  } finally {
    closeSync(descriptor);
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function tooLarge(path: string): FileProblem {
  return {
    code: 'file-too-large',
    message: 'This file is larger than 1 MiB.',
    hint: 'Split it, or narrow `manifests` in the project file.',
    file: path,
  };
}

function notUtf8(path: string): FileProblem {
  return {
    code: 'not-utf8',
    message: 'This file is not UTF-8 text.',
    hint: 'Save it as UTF-8.',
    file: path,
  };
}
