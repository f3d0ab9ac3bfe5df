import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CensusEmulator, startCensusV1 } from '../../emulator/census-v1/server.ts';
import { Exit, type ExitCode } from '../../model/errors.ts';
import { style } from '../../render/style.ts';
import type { Execute, Invocation } from '../command.ts';
import type { Io } from '../io.ts';
import { run } from '../run.ts';

/** One thing to watch: a remark, then a command line with the exit code it must have, or something done by hand. */
interface Step {
  readonly remark: string;
  readonly line?: string;
  readonly exit?: ExitCode;
  readonly byHand?: (emulator: CensusEmulator) => void;
}

const steps: readonly Step[] = [
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
  { remark: 'Somebody changes a sync in the web app, behind the back of Git…', byHand: meddle },
  { remark: '…and the next plan shows what, and what it would cost.', line: 'plan --exit-code', exit: Exit.changes },
  { remark: 'Applying again puts it back.', line: 'apply --auto-approve', exit: Exit.ok },
  { remark: 'Nothing is left to do.', line: 'plan --exit-code', exit: Exit.ok },
];

/** Runs the real commands, one after the other, on a copy of the examples and against an emulator in this process. */
export const execute: Execute = async (invocation) => {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-demo-'));
  const emulator = await startCensusV1();
  try {
    cpSync(examples(), folder, { recursive: true });
    return await play(emulator, folder, invocation);
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

async function play(emulator: CensusEmulator, folder: string, invocation: Invocation): Promise<ExitCode> {
  const { io, colour } = invocation;
  const paint = style(colour);
  const world: Io = { ...io, env: { ...io.env, CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token }, cwd: folder };
  for (const { remark, line, exit, byHand } of steps) {
    if (io.signal.aborted) return Exit.failed;
    io.stdout.write(`\n${paint.dim(`# ${remark}`)}\n`);
    byHand?.(emulator);
    if (line === undefined) continue;
    io.stdout.write(`${paint.bold(`$ syncline ${line}`)}\n`);
    const code = await run([...line.split(' '), ...(colour ? [] : ['--no-color'])], world);
    if (code === exit) continue;
    io.stderr.write(`The demo expected exit code ${exit} and got ${code}.\n`);
    return Exit.failed;
  }
  io.stdout.write(`\n${paint.dim('# That was all. `syncline init` starts a project of your own.')}\n`);
  return Exit.ok;
}

/** What a colleague might do: another operation for one of the syncs that the demo has made. */
function meddle(emulator: CensusEmulator): void {
  const sync = emulator.syncs().find((one) => one.label === 'Users to CRM contacts');
  emulator.mutate(Number(sync?.id), { operation: 'update' });
}

/** The examples lie beside the sources and beside the bundle alike. */
function examples(): string {
  for (let here = import.meta.dirname; here !== dirname(here); here = dirname(here)) {
    if (existsSync(join(here, 'examples/syncline.yaml'))) return join(here, 'examples');
  }
  throw new Error('The examples are not part of this installation.');
}
