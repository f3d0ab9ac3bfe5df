import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { projectFileName } from '../load/files.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { DiagnosticReport } from '../render/diagnostics/report.ts';
import { type CheckOptions, checkProject } from '../session/check.ts';
import { isGarbled, repositoryAround, trackedFiles } from '../session/tracked.ts';
import type { Io } from './io.ts';

/** Where to look, and from where the files in the report are seen. */
interface Look {
  /** Absolute path of a folder in the repository. */
  readonly directory: string;
  readonly env: Io['env'];
  /** `directory`, as people and editors need it, or `repository`, as GitHub does. */
  readonly seenFrom: 'directory' | 'repository';
  /** As `CheckOptions` has it. */
  readonly cache?: CheckOptions['cache'];
}

/**
 * One report on every project that Git tracks in the repository around a folder.
 * @throws SynclineError where there is no repository (exit 3) or no Git that could say what it tracks (exit 1)
 */
export async function checkEveryProject({ directory, env, seenFrom, cache }: Look): Promise<DiagnosticReport> {
  const { repository, files } = await projectsAround(directory, env);
  const base = seenFrom === 'repository' ? repository : realpathSync(directory);
  const reports: DiagnosticReport[] = [];
  for (const file of files) reports.push(await checkOne(join(repository, file), base, cache));
  if (files.length === 0) reports.push({ diagnostics: [nothingTracked(base, repository)], manifests: 0 });
  return {
    diagnostics: reports.flatMap((one) => one.diagnostics),
    manifests: reports.reduce((sum, one) => sum + one.manifests, 0),
    projects: files.length,
  };
}

/** The repository around a folder, and the project files that Git tracks in it, seen from its root. @throws as `checkEveryProject` */
export async function projectsAround(
  directory: string,
  env: Io['env'],
): Promise<{ readonly repository: string; readonly files: readonly string[] }> {
  const repository = await repositoryAround(directory, env, asker);
  return { repository, files: await trackedProjects(repository, env) };
}

async function checkOne(file: string, base: string, cache: Look['cache']): Promise<DiagnosticReport> {
  const place = { directory: dirname(file), config: basename(file) };
  const { diagnostics, manifests } = isFile(file)
    ? await checkProject(place, { cache })
    : { diagnostics: [noFile(place.config)], manifests: 0 };
  const seen = (path: string) => seenFrom(base, join(place.directory, path));
  /** A second place, inside a sentence; what only looks like one leads to no file. */
  const within = (text: string) =>
    text.replace(/([^\s()"'`]+)(?=:\d+:\d+)/g, (path) => (isFile(join(place.directory, path)) ? seen(path) : path));
  return {
    diagnostics: diagnostics.map(({ file, message, hint, ...rest }) => {
      return { ...rest, message: within(message), hint: within(hint), file: seen(file) };
    }),
    manifests,
  };
}

/** Who asks Git, in the words of its errors. */
const asker = {
  who: '--find',
  otherwise: 'Run it inside a repository, or run `syncline validate` in the folder of a project.',
  without: '--find needs a Git that works here; `syncline validate` in the folder of a project needs none.',
};

/**
 * The project files that Git tracks, seen from the root of the repository, sorted. The index decides, so a file counts from
 * `git add` on; one that is gone from the disk is about to be deleted, or was never checked out.
 */
async function trackedProjects(repository: string, env: Io['env']): Promise<readonly string[]> {
  const files = await trackedFiles(repository, env, asker, `:(glob)**/${projectFileName}`);
  return files.map(({ file }) => file).filter((file) => isThere(join(repository, file)) || isGarbled(file));
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** A path as it is seen from a folder, with `/`. */
export function seenFrom(base: string, path: string): string {
  return relative(base, path).split(sep).join('/');
}

function noFile(file: string): Diagnostic {
  const hint = 'Fix the link or the name, or remove it from the repository.';
  const message = 'Git tracks this project file, and no file can be read there.';
  return { severity: 'error', code: 'unreadable-file', message, hint, file, line: 1, column: 1 };
}

/** Who asks for every project expects one: a name that was misspelt must not pass for valid for ever. */
function nothingTracked(base: string, repository: string): Diagnostic {
  return {
    severity: 'error',
    code: 'no-project',
    message: `Git tracks no ${projectFileName} in this repository, so nothing was checked.`,
    hint: `\`git add\` the ${projectFileName} of a project, or leave this check out where there is none.`,
    file: seenFrom(base, join(repository, projectFileName)),
    line: 1,
    column: 1,
  };
}
