import { basename, dirname, join } from 'node:path';
import { serviceFacts } from '../../generated/services.ts';
import { declaredIn } from '../../load/declared.ts';
import { findFiles } from '../../load/files.ts';
import { loadProject } from '../../load/project.ts';
import { Exit, InvalidInput, SynclineError } from '../../model/errors.ts';
import type { Project, Target } from '../../model/project.ts';
import type { Starter } from '../../model/service.ts';
import { services, tokenName } from '../../providers/index.ts';
import { ignoringAll } from '../../session/gitignore.ts';
import { schemaComment, schemaLineOf } from '../../write/schema-line.ts';
import { ask, canAsk } from '../ask.ts';
import { pathFrom, readIfThere, writeNew, writeText } from '../files.ts';
import type { CiFile, System } from '../init/ci/files.ts';
import { projectFile } from '../init/templates.ts';
import type { Execute, InvocationOf } from '../invocation.ts';
import { placeInRepository } from '../repository.ts';

/** Writes what a project needs to begin. Never overwrites: what exists is kept and reported. */
export const execute: Execute<'init'> = async (invocation) => {
  const { io, options } = invocation;
  const system = await wantedSystem(invocation);
  const starter = await firstStarter();
  const file = pathFrom(invocation, options.text('config') ?? usualName);
  const [directory, config] = [dirname(file), basename(file)];
  if (system !== undefined && config !== usualName) throw unusualName(config);
  const isNew = readIfThere(file) === undefined;
  // What CI does follows from the project; of one that is broken nothing does, and nothing is written.
  if (system !== undefined && !isNew) projectIn(directory);
  const folders = isNew ? manifestFolders(directory) : [];
  const globs = folders.length === 0 ? ['syncs/**/*.yaml'] : folders.map(globOf);
  const lines = [
    begun(directory, config, usualName, projectFile(starter, globs, nameIn(placeInRepository(directory)))),
    // A project that is there has manifests of its own, and must not be given one more to apply.
    ...(isNew && folders.length === 0 ? [begun(directory, example, starter.kind, starter.manifest)] : []),
  ];
  const ci = system === undefined ? undefined : await fileFor(system, projectIn(directory), invocation);
  if (ci !== undefined) lines.push(`${written(directory, ci.path, ci.text)}${otherwise(directory, ci)}`);
  lines.push(`${ignore(directory) ? 'wrote' : 'kept '}  .gitignore`);
  const remarks = ci === undefined || ci.remarks.length === 0 ? [] : [...ci.remarks, ''];
  const edited = isNew ? [config, ...(folders.length === 0 ? [example] : [])] : [];
  const targets = loadProject({ directory, config }).project?.targets ?? [];
  io.stdout.write(`${[...lines, '', ...remarks, ...next(ci, edited, targets)].join('\n')}\n`);
  return Exit.ok;
};

const usualName = 'syncline.yaml';
const example = 'syncs/example.yaml';

/** What CI runs is written for the name that is looked for. */
function unusualName(config: string): SynclineError {
  const message = `\`init --ci\` writes commands that look for ${usualName}, and --config says ${config}.`;
  return new SynclineError('usage', message, `Call the project file ${usualName}, or leave --ci out.`, Exit.invalid);
}

/** The folders at the top of a project in which manifests lie that somebody has written or pulled; `''` is the project itself. */
function manifestFolders(root: string): readonly string[] {
  const kinds = serviceFacts.flatMap((one) => one.kinds);
  const { files } = findFiles(root, ['**/*.{yaml,yml}']);
  const declaring = files.filter((file) => declaredIn(root, file, kinds).length > 0);
  return [...new Set(declaring.map((file) => (file.includes('/') ? (file.split('/')[0] ?? '') : '')))];
}

function globOf(folder: string): string {
  return folder === '' ? '*.{yaml,yml}' : `${folder}/**/*.{yaml,yml}`;
}

/** Writes a file that tells editors its schema in the first line, where there is none, and says what was done. */
function begun(root: string, file: string, kind: string, text: string): string {
  return written(root, file, `${schemaComment(schemaLineOf({ root, file, kind }))}${text}`);
}

/** Writes a file where there is none, and says what was done. */
function written(directory: string, path: string, text: string): string {
  return `${writeNew(join(directory, path), text) ? 'wrote' : 'kept '}  ${path}`;
}

/** Targets come and go; who has kept a file for CI is told that it is no longer what would be written. */
function otherwise(directory: string, { path, text }: CiFile): string {
  const same = readIfThere(join(directory, path)) === text;
  return same ? '' : ' (it is out of date for this project; to get a new one, move it away and run again)';
}

/** @throws InvalidInput */
function projectIn(directory: string): Project {
  const { project, diagnostics, root } = loadProject({ directory, config: 'syncline.yaml' });
  if (project === undefined) throw new InvalidInput(diagnostics, root);
  return project;
}

/** Loaded only here: most projects are begun without. */
async function fileFor(system: System, project: Project, { io }: InvocationOf<'init'>): Promise<CiFile> {
  const { ciFile } = await import('../init/ci/files.ts');
  return ciFile(system, project, io.env);
}

/** A name for a project in this folder of a repository; undefined at its root, where there is mostly one project. */
function nameIn(folder: string): string | undefined {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 100);
  return name === '' ? undefined : name.replace(/-+$/, '');
}

/** The first service that has a first project. */
async function firstStarter(): Promise<Starter> {
  const [load] = services.flatMap((one) => one.starter ?? []);
  if (load === undefined) throw new Error('No service has a first project.');
  return load();
}

const systems: readonly System[] = ['github', 'github-action', 'gitlab'];

/** Where CI is to run; undefined where nothing was asked for it. */
async function wantedSystem({ io, options }: InvocationOf<'init'>): Promise<System | undefined> {
  if (options.given('ci')) return systems.find((one) => one === options.text('ci'));
  if (!canAsk(io)) return undefined;
  return /^y(es)?$/i.test(await ask(io, 'Also write a GitHub Actions workflow? [y/N] ')) ? 'github' : undefined;
}

function next(ci: CiFile | undefined, edited: readonly string[], targets: readonly Target[]): readonly string[] {
  return [
    'Next:',
    ...(edited.length === 0 ? [] : [`  edit ${edited.join(' and ')}`]),
    '  syncline validate',
    ...exports(targets).map((line) => `  ${line}`),
    '  syncline plan',
    ...(ci?.next ?? []).map((line) => `  ${line}`),
  ];
}

/** More variables than these nobody sets by hand. */
const mostExports = 5;

/** What sets the variables that hold the tokens of the targets; those of a project that is broken nobody knows. */
function exports(targets: readonly Target[]): readonly string[] {
  const names = new Map(
    targets.flatMap((one) => {
      const variable = one.token_variable ?? one.personal_access_token_variable;
      return variable === undefined ? [] : [[variable, tokenName(one)] as const];
    }),
  );
  const all = [...names].map(([variable, name]) => `${`export ${variable}=…`.padEnd(33)} # ${name}`);
  const others = all.length - mostExports;
  return others > 0 ? [...all.slice(0, mostExports), `and so on for ${others} more`] : all;
}

/** Adds the lines that are missing, and mends an older one; says whether anything was to be done. */
function ignore(directory: string): boolean {
  const path = join(directory, '.gitignore');
  const text = readIfThere(path) ?? '';
  const wanted = ignoringAll(text);
  if (wanted === text) return false;
  writeText(path, wanted);
  return true;
}
