import { join } from 'node:path';
import { Exit } from '../../model/errors.ts';
import { version } from '../../model/version.ts';
import { ask, canAsk } from '../ask.ts';
import type { Execute } from '../command.ts';
import { readIfThere, writeNew, writeText } from '../files.ts';
import { exampleManifest, ignoredPaths, projectFile, workflow } from '../init/templates.ts';

/** Writes what a project needs to begin. Never overwrites: what exists is kept and reported. */
export const execute: Execute = async ({ io, options, directory }) => {
  const wanted = [
    ['syncline.yaml', projectFile],
    ['syncs/example.yaml', exampleManifest],
    ...((await wantsWorkflow()) ? [['.github/workflows/syncline.yaml', workflow(version)] as const] : []),
  ] as const;
  const lines = wanted.map(([path, text]) => `${writeNew(join(directory, path), text) ? 'wrote' : 'kept '}  ${path}`);
  lines.push(`${ignore(directory) ? 'wrote' : 'kept '}  .gitignore`);
  io.stdout.write(
    `${lines.join('\n')}\n\nNext: edit syncline.yaml, then run \`syncline validate\` and \`syncline plan\`.\n`,
  );
  return Exit.ok;

  async function wantsWorkflow(): Promise<boolean> {
    if (options.flag('ci')) return true;
    if (!canAsk(io)) return false;
    return /^y(es)?$/i.test(await ask(io, 'Also write a GitHub Actions workflow? [y/N] '));
  }
};

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
