import { realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { Exit, type ExitCode, SynclineError } from '../../model/errors.ts';
import { diagnosticsOnly } from '../../render/diagnostics/text.ts';
import { forTerminal } from '../../render/escape.ts';
import { formatProject } from '../../session/format.ts';
import { pathFrom } from '../files.ts';
import type { Execute, InvocationOf, Renderers } from '../invocation.ts';
import { sourcesIn } from '../sources.ts';

/** What has come of all projects, its files as seen from one folder. */
interface Found {
  readonly changed: readonly string[];
  readonly files: number;
  readonly diagnostics: readonly Diagnostic[];
}

interface Shown {
  readonly check: boolean;
  readonly colour: boolean;
  readonly root: string;
}

/** Puts manifests into canonical form, or with `--check` says which are not. */
export const execute: Execute<'fmt'> = async (invocation) => {
  const { options, io, format, colour } = invocation;
  const check = options.flag('check');
  const { root, ...found } = await (options.flag('find')
    ? everyProject(invocation, check)
    : oneProject(invocation, check));
  io.stdout.write(renderers[format](found, { check, colour, root }));
  return exitOf(found, check);
};

function exitOf({ diagnostics, changed }: Found, check: boolean): ExitCode {
  if (diagnostics.some((one) => one.severity === 'error')) return Exit.invalid;
  return check && changed.length > 0 ? Exit.changes : Exit.ok;
}

async function oneProject(invocation: InvocationOf<'fmt'>, check: boolean): Promise<Found & { readonly root: string }> {
  const { options, directory, positionals } = invocation;
  const paths = positionals.map((path) => pathFrom(invocation, path));
  const place = { directory, config: options.text('config') };
  const { root, changes, files, diagnostics } = await formatProject(place, { paths, check });
  return { root, changed: changes.map((one) => one.file), files, diagnostics };
}

/** Loaded only here: nothing else of formatting asks Git. Paths outside of all projects are nobody's manifests. */
async function everyProject(
  invocation: InvocationOf<'fmt'>,
  check: boolean,
): Promise<Found & { readonly root: string }> {
  const { options, directory, positionals, io } = invocation;
  if (options.given('config')) throw notWithFind();
  const { projectsAround, seenFrom } = await import('../every-project.ts');
  const { repository, files: projects } = await projectsAround(directory, io.env);
  const base = realpathSync(directory);
  const folders = projects.map((file) => dirname(join(repository, file)));
  const wanted = positionals.map((path) => realOf(pathFrom(invocation, path)));
  const found = { changed: [] as string[], files: 0, diagnostics: [] as Diagnostic[] };
  for (const [index, folder] of folders.entries()) {
    const paths = wanted.filter((path) => ownerOf(path, folders) === folder);
    if (positionals.length > 0 && paths.length === 0) continue;
    const place = { directory: folder, config: basename(projects[index] ?? '') };
    const done = await formatProject(place, { paths, check });
    const seen = (file: string) => seenFrom(base, join(folder, file));
    found.files += done.files;
    for (const { file } of done.changes) found.changed.push(seen(file));
    for (const one of done.diagnostics)
      if (positionals.length === 0 || one.severity === 'error')
        found.diagnostics.push({ ...one, file: seen(one.file) });
  }
  return { root: base, ...found };
}

/** Git names files by where they really are. */
function realOf(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return path;
  }
}

/** The folder of the innermost project that a path lies in. */
function ownerOf(path: string, folders: readonly string[]): string | undefined {
  return folders
    .filter((folder) => path === folder || path.startsWith(`${folder}${sep}`))
    .sort((first, second) => second.length - first.length)[0];
}

function notWithFind(): SynclineError {
  const hint = 'It looks at every project of the repository: leave one of the two out.';
  return new SynclineError('usage', '`fmt --find` does not take --config.', hint, Exit.invalid);
}

const renderers: Renderers<'fmt', Found, Shown> = {
  text: ({ changed, files, diagnostics }, { check, colour, root }) => {
    const lines = changed.map((file) => `${check ? 'would change' : 'formatted'}  ${forTerminal(file)}\n`);
    const problems =
      diagnostics.length === 0 ? '' : `${diagnosticsOnly(diagnostics, { colour, sources: sourcesIn(root) })}\n`;
    // Where there is no project, no file was looked at.
    if (files === 0 && diagnostics.some((one) => one.severity === 'error')) return problems;
    return `${problems}${lines.join('')}${summary(changed.length, files, check)}\n`;
  },
};

function summary(changed: number, files: number, check: boolean): string {
  const all = `${files} ${files === 1 ? 'file' : 'files'}`;
  if (changed === 0) return `Nothing to format in ${all}.`;
  const some = `${changed} of ${all}`;
  if (!check) return `Formatted ${some}.`;
  return `${some} would change; \`syncline fmt\` formats ${changed === 1 ? 'it' : 'them'}.`;
}
