import { join, relative, sep } from 'node:path';
import { Exit } from '../../model/errors.ts';
import type { Starter } from '../../model/service.ts';
import { services } from '../../providers/index.ts';
import { ask, canAsk } from '../ask.ts';
import { readIfThere, writeNew, writeText } from '../files.ts';
import { ignoredPaths, projectFile, workflow, workflowName } from '../init/templates.ts';
import type { Execute, InvocationOf } from '../invocation.ts';
import { placeInRepository, repositoryOf } from '../repository.ts';

/** Writes what a project needs to begin. Never overwrites: what exists is kept and reported. */
export const execute: Execute<'init'> = async (invocation) => {
  const { io, directory } = invocation;
  const ci = await wantsWorkflow(invocation);
  const starter = await firstStarter();
  const isNew = readIfThere(join(directory, 'syncline.yaml')) === undefined;
  const wanted = [
    ['syncline.yaml', projectFile(starter, nameIn(placeInRepository(directory)))],
    // A project that is there has manifests of its own, and must not be given one more to apply.
    ...(isNew ? ([['syncs/example.yaml', starter.manifest]] as const) : []),
    ...(ci ? [workflowFor(directory, starter)] : []),
  ] as const;
  const lines = wanted.map(([path, text]) => `${writeNew(join(directory, path), text) ? 'wrote' : 'kept '}  ${path}`);
  lines.push(`${ignore(directory) ? 'wrote' : 'kept '}  .gitignore`);
  const after = [...(ci ? remarks(directory) : []), ...next(ci, isNew, starter)];
  io.stdout.write(`${[...lines, '', ...after].join('\n')}\n`);
  return Exit.ok;
};

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

async function wantsWorkflow({ io, options }: InvocationOf<'init'>): Promise<boolean> {
  if (options.flag('ci')) return true;
  if (!canAsk(io)) return false;
  return /^y(es)?$/i.test(await ask(io, 'Also write a GitHub Actions workflow? [y/N] '));
}

/** GitHub reads workflows at the root of a repository only. The path is seen from the project. */
function workflowFor(directory: string, starter: Starter): readonly [path: string, text: string] {
  const folder = placeInRepository(directory);
  const root = relative(directory, repositoryOf(directory) ?? directory);
  const path = join(root, '.github/workflows', `${workflowName(folder)}.yaml`);
  return [path.split(sep).join('/'), workflow(folder, starter)];
}

/** What is not as the workflow needs it. */
function remarks(directory: string): readonly string[] {
  const outside = repositoryOf(directory) === undefined;
  const onDisk = /^ledger:\s*file\b/m.test(readIfThere(join(directory, 'syncline.yaml')) ?? '');
  const lines = [
    ...(outside
      ? ['GitHub reads workflows only in .github/workflows at the root of a repository: move it there.']
      : []),
    ...(onDisk ? ['Hosted runners keep no file between two runs: take `ledger: file` out of syncline.yaml.'] : []),
  ];
  return lines.length === 0 ? [] : [...lines, ''];
}

function next(ci: boolean, isNew: boolean, { variable }: Starter): readonly string[] {
  return [
    'Next:',
    ...(isNew ? ['  edit syncline.yaml and syncs/example.yaml'] : []),
    '  syncline validate',
    `  export ${variable}=…             # the workspace's API key`,
    '  syncline plan',
    ...(ci
      ? [
          '  npm install --save-dev syncline   # the workflow runs `npm ci`: commit package-lock.json',
          `  add ${variable} to the secrets of the repository`,
        ]
      : []),
  ];
}

/** Adds the lines that are missing; says whether any was. */
function ignore(directory: string): boolean {
  const path = join(directory, '.gitignore');
  const text = readIfThere(path) ?? '';
  const present = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const missing = ignoredPaths.filter((line) => !present.has(line));
  if (missing.length === 0) return false;
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  writeText(path, `${text}${gap}${missing.join('\n')}\n`);
  return true;
}
