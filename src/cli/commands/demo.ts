import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startCensusV1 } from '../../emulator/census-v1/server.ts';
import { startFabra } from '../../emulator/fabra/server.ts';
import { Exit, type ExitCode } from '../../model/errors.ts';
import { style } from '../../render/style.ts';
import type { Execute, Invocation } from '../command.ts';
import { copyProject } from '../files.ts';
import type { Io } from '../io.ts';
import { run } from '../run.ts';

/** One thing to watch: a remark, then a command line with the exit code it must have, or something done by hand. `RUN` is the last run. */
interface Step {
  readonly remark: string;
  readonly line?: string;
  readonly exit?: ExitCode;
  readonly byHand?: true;
}

/** A service that the demo plays against. */
interface Stage {
  readonly url: string;
  readonly token: string;
  /** What somebody does behind the back of Git. */
  meddle(): void;
  close(): Promise<void>;
}

/** A project of the examples, the variables it reads, and what is shown with it. */
interface Chapter {
  readonly folder: string;
  readonly variables: { readonly url: string; readonly token: string };
  readonly steps: readonly Step[];
  open(): Promise<Stage>;
}

const censusSteps: readonly Step[] = [
  {
    remark: 'A repository holds syncs as YAML. Checking them needs no network and no token.',
    line: 'validate',
    exit: Exit.ok,
  },
  {
    remark: 'What would have to be done? The plan is saved; exit code 2 says that there are changes.',
    line: 'plan --out plan.json --exit-code',
    exit: Exit.changes,
  },
  { remark: 'The server checks every change and writes nothing.', line: 'apply --dry-run', exit: Exit.ok },
  { remark: 'The saved plan is performed: this and nothing else.', line: 'apply plan.json', exit: Exit.ok },
  { remark: 'Now the live syncs are as their manifests say.', line: 'plan --exit-code', exit: Exit.ok },
  { remark: 'Somebody changes a sync in the web app, behind the back of Git…', byHand: true },
  { remark: '…and a nightly job finds out.', line: 'drift', exit: Exit.changes },
  {
    remark: 'Applying again puts it back; the plan says what that costs.',
    line: 'apply --auto-approve',
    exit: Exit.ok,
  },
  { remark: 'Every run is recorded.', line: 'log --limit 2', exit: Exit.ok },
  { remark: 'Was the change right after all? The last run is undone…', line: 'undo RUN --auto-approve', exit: Exit.ok },
  { remark: '…until the manifests are applied again.', line: 'apply --auto-approve', exit: Exit.ok },
  { remark: 'Nothing is left to do.', line: 'plan --exit-code', exit: Exit.ok },
];

const fabraSteps: readonly Step[] = [
  {
    remark: 'The second service: Fabra, which can only make, pause and delete a sync.',
    line: 'validate',
    exit: Exit.ok,
  },
  { remark: 'What would have to be done?', line: 'plan --exit-code', exit: Exit.changes },
  {
    remark: 'It cannot check without writing, so its published conditions are checked here.',
    line: 'apply --dry-run',
    exit: Exit.ok,
  },
  { remark: 'The same command makes the syncs.', line: 'apply --auto-approve', exit: Exit.ok },
  { remark: 'Nothing is left to do.', line: 'plan --exit-code', exit: Exit.ok },
];

const chapters: readonly Chapter[] = [
  { folder: '.', variables: { url: 'CENSUS_URL', token: 'CENSUS_TOKEN' }, steps: censusSteps, open: openCensus },
  { folder: 'fabra', variables: { url: 'FABRA_URL', token: 'FABRA_TOKEN' }, steps: fabraSteps, open: openFabra },
];

/** Runs the real commands, one after the other, on a copy of the examples and against emulators in this process. */
export const execute: Execute = async (invocation) => {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-demo-'));
  const { io, colour } = invocation;
  try {
    copyProject(examples(), folder);
    for (const chapter of chapters) {
      const exit = await play(chapter, join(folder, chapter.folder), invocation);
      if (exit !== Exit.ok) return exit;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  io.stdout.write(`\n${style(colour).dim('# That was all. `syncline init` starts a project of your own.')}\n`);
  return Exit.ok;
};

async function play(chapter: Chapter, folder: string, { io, colour }: Invocation): Promise<ExitCode> {
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

async function openCensus(): Promise<Stage> {
  const emulator = await startCensusV1();
  const { url, token, close } = emulator;
  // What a colleague might do: another operation for one of the syncs that the demo has made.
  const meddle = () => {
    const sync = emulator.syncs().find((one) => one.label === 'Users to CRM contacts');
    emulator.mutate(Number(sync?.id), { operation: 'update' });
  };
  return { url, token, meddle, close };
}

async function openFabra(): Promise<Stage> {
  const { url, token, close } = await startFabra();
  return { url, token, meddle: () => undefined, close };
}

/** The examples lie beside the sources and beside the bundle alike. */
function examples(): string {
  for (let here = import.meta.dirname; here !== dirname(here); here = dirname(here)) {
    if (existsSync(join(here, 'examples/syncline.yaml'))) return join(here, 'examples');
  }
  throw new Error('The examples are not part of this installation.');
}
