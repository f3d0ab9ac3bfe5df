import { join, relative, sep } from 'node:path';
import { Exit } from '../../model/errors.ts';
import { ask, canAsk } from '../ask.ts';
import type { Execute, Invocation } from '../command.ts';
import { readIfThere, writeNew, writeText } from '../files.ts';
import { exampleManifest, ignoredPaths, projectFile, workflow, workflowName } from '../init/templates.ts';
import { placeInRepository, repositoryOf } from '../repository.ts';

/** Writes what a project needs to begin. Never overwrites: what exists is kept and reported. */
export const execute: Execute = async (invocation) => {
  const { io, directory } = invocation;
  const ci = await wantsWorkflow(invocation);
  const wanted = [
    ['syncline.yaml', projectFile],
    ['syncs/example.yaml', exampleManifest],
    ...(ci ? [workflowFor(directory)] : []),
  ] as const;
  const lines = wanted.map(([path, text]) => `${writeNew(join(directory, path), text) ? 'wrote' : 'kept '}  ${path}`);
  lines.push(`${ignore(directory) ? 'wrote' : 'kept '}  .gitignore`);
  const after = [...(ci ? remarks(directory) : []), ...next(ci)];
  io.stdout.write(`${[...lines, '', ...after].join('\n')}\n`);
  return Exit.ok;
};

async function wantsWorkflow({ io, options }: Invocation): Promise<boolean> {
  if (options.flag('ci')) return true;
  if (!canAsk(io)) return false;
  return /^y(es)?$/i.test(await ask(io, 'Also write a GitHub Actions workflow? [y/N] '));
}

/** GitHub reads workflows at the root of a repository only. The path is seen from the project. */
function workflowFor(directory: string): readonly [path: string, text: string] {
  const folder = placeInRepository(directory);
  const root = relative(directory, repositoryOf(directory) ?? directory);
  const path = join(root, '.github/workflows', `${workflowName(folder)}.yaml`);
  return [path.split(sep).join('/'), workflow(folder)];
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

function next(ci: boolean): readonly string[] {
  return [
    'Next:',
    '  edit syncline.yaml and syncs/example.yaml',
    '  syncline validate',
    "  export CENSUS_TOKEN=…             # the workspace's API key",
    '  syncline plan',
    ...(ci
      ? [
          '  npm install --save-dev syncline   # the workflow runs `npm ci`: commit package-lock.json',
          '  add CENSUS_TOKEN to the secrets of the repository',
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
