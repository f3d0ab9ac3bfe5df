import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Exit, type ExitCode } from '../../model/errors.ts';
import type { Chapter } from '../../model/service.ts';
import { services } from '../../providers/index.ts';
import { style } from '../../render/style.ts';
import { copyProject } from '../files.ts';
import type { Execute, InvocationOf } from '../invocation.ts';
import type { Io } from '../io.ts';
import { run } from '../run.ts';

/** Runs the real commands, one after the other, on a copy of the examples and against emulators in this process. */
export const execute: Execute<'demo'> = async (invocation) => {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-demo-'));
  const { io, colour } = invocation;
  try {
    copyProject(examples(), folder);
    for (const service of services) {
      const chapter = await service.chapter?.();
      if (chapter === undefined) continue;
      const exit = await play(chapter, join(folder, chapter.folder), invocation);
      if (exit !== Exit.ok) return exit;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  io.stdout.write(`\n${style(colour).dim('# That was all. `syncline init` starts a project of your own.')}\n`);
  return Exit.ok;
};

async function play(chapter: Chapter, folder: string, { io, colour }: InvocationOf<'demo'>): Promise<ExitCode> {
  const paint = style(colour);
  const stage = await chapter.open();
  const { url, token } = chapter.variables;
  const world: Io = { ...io, env: { ...io.env, [url]: stage.url, [token]: stage.token }, cwd: folder };
  try {
    for (const { remark, line, exit, byHand } of chapter.steps) {
      if (io.signal.aborted) return Exit.failed;
      io.stdout.write(`\n${paint.dim(`# ${remark}`)}\n`);
      if (byHand) stage.meddle();
      if (line === undefined) continue;
      const words = line.includes('RUN') ? line.replace('RUN', await lastRun(world)) : line;
      io.stdout.write(`${paint.bold(`$ syncline ${words}`)}\n`);
      const code = await run([...words.split(' '), ...(colour ? [] : ['--no-color'])], world);
      if (code === exit) continue;
      io.stderr.write(`The demo expected exit code ${exit} and got ${code}.\n`);
      return Exit.failed;
    }
    return Exit.ok;
  } finally {
    await stage.close();
  }
}

/** Asked of the log, as a script would. */
async function lastRun(world: Io): Promise<string> {
  let text = '';
  const stdout = { write: (part: string) => (text += part) };
  await run(['log', '--limit', '1', '--format', 'json'], { ...world, stdout });
  const { runs }: { readonly runs: readonly { readonly run: string }[] } = JSON.parse(text);
  return runs[0]?.run ?? '';
}

/** The examples lie beside the sources and beside the bundle alike. */
function examples(): string {
  for (let here = import.meta.dirname; here !== dirname(here); here = dirname(here)) {
    if (existsSync(join(here, 'examples/syncline.yaml'))) return join(here, 'examples');
  }
  throw new Error('The examples are not part of this installation.');
}
