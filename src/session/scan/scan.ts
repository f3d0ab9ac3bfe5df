import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { linesOf } from '../../load/line-column.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { ScanFinding, Scanner, ScanReport, SkipReason } from '../../model/scan.ts';
import { services } from '../../providers/index.ts';
import { type Asker, isGarbled, repositoryAround, type TrackedFile, trackedFiles } from '../tracked.ts';
import { readSource } from './read.ts';

/** Where to look, and from where the files in the report are seen. */
export interface ScanRequest {
  /** Absolute path of a folder in the repository. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Files and folders, seen from `directory`; none means the whole repository. */
  readonly paths: readonly string[];
  /** `directory`, as people and editors need it, or `repository`, as GitHub does. */
  readonly seenFrom: 'directory' | 'repository';
  readonly signal?: AbortSignal | undefined;
}

const asker: Asker = {
  who: '`scan`',
  otherwise: 'Run it inside a repository, or give one with -C.',
  without: '`scan` needs a Git that works here.',
};

/**
 * What the files that Git tracks still say to an API which ends. Nothing is sent, and nothing is written.
 * @throws SynclineError where there is no repository or Git tracks nothing at one of the paths (exit 3), or no Git answers (exit 1)
 */
export async function scanRepository(request: ScanRequest): Promise<ScanReport> {
  const { directory, env } = request;
  const repository = await repositoryAround(directory, env, asker);
  const tracked = await trackedFiles(repository, env, asker);
  const chosen = below(tracked, request, repository);
  const scanners = await Promise.all(services.flatMap(({ scanner }) => scanner?.() ?? []));
  const base = request.seenFrom === 'repository' ? repository : realpathSync(directory);
  const findings: ScanFinding[] = [];
  const skipped = new Map<SkipReason, number>();
  let files = 0;
  for (const one of chosen) {
    if (request.signal?.aborted === true) throw stopped();
    const read = sourceOf(repository, one);
    if ('skip' in read) skipped.set(read.skip, (skipped.get(read.skip) ?? 0) + 1);
    else {
      files += 1;
      const seen = relative(base, join(repository, one.file)).split(sep).join('/');
      findings.push(...findingsIn(one.file, seen, read.text, scanners));
      // Whoever stops it is heard between two files.
      if (files % 200 === 0) await new Promise((go) => setImmediate(go));
    }
  }
  return { findings, files, skipped };
}

function sourceOf(repository: string, { file, is }: TrackedFile): ReturnType<typeof readSource> {
  if (is !== 'file') return { skip: is };
  return isGarbled(file) ? { skip: 'unreadable' } : readSource(join(repository, file));
}

/** What is found in a file, by line and column; of what is said twice of one line, the first. */
function findingsIn(file: string, seen: string, text: string, scanners: readonly Scanner[]): readonly ScanFinding[] {
  const sightings = scanners.flatMap((scan) => scan(file, text)).sort((first, second) => first.offset - second.offset);
  const place = linesOf(text);
  const said = new Set<string>();
  return sightings.flatMap(({ offset, code, message, replacement }) => {
    const { line, column } = place(offset);
    const key = `${line} ${code} ${message}`;
    if (said.has(key)) return [];
    said.add(key);
    return [{ file: seen, line, column, code, message, replacement }];
  });
}

/** The tracked files at and below the paths. */
function below(
  tracked: readonly TrackedFile[],
  { directory, paths }: ScanRequest,
  repository: string,
): readonly TrackedFile[] {
  if (paths.length === 0) return tracked;
  const chosen = new Set<TrackedFile>();
  for (const path of paths) {
    const within = placeOf(repository, directory, path);
    const found = tracked.filter(({ file }) => within === '' || file === within || file.startsWith(`${within}/`));
    if (found.length === 0) throw nothingAt(path);
    for (const one of found) chosen.add(one);
  }
  return tracked.filter((one) => chosen.has(one));
}

/** A path as seen from the root of the repository, whose own path has no links in it. */
function placeOf(repository: string, directory: string, path: string): string {
  const whole = resolve(isAbsolute(path) ? path : join(realpathSync(directory), path));
  return relative(realpathSync(repository), real(whole)).split(sep).join('/');
}

/** Links on the way are followed, and the last part is not: Git may track the link itself. */
function real(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return path;
  }
}

function nothingAt(path: string): SynclineError {
  const hint = 'Check the path; `git add` what is to be scanned.';
  return new SynclineError('not-tracked', `Git tracks nothing at ${path} in this repository.`, hint, Exit.invalid);
}

function stopped(): SynclineError {
  return new SynclineError('stopped', 'Stopped before every file was read.', 'Run it again.', Exit.failed);
}
