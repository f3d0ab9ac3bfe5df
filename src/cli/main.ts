#!/usr/bin/env node
// The program: the only file that ends the process or listens to it.
import { setMaxListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { Exit, type ExitCode } from '../model/errors.ts';

// By default the heap may double before it is swept; a plan of ten thousand syncs should fit the smallest CI machine.
setFlagsFromString('--heap-growing-percent=30');

const stop = new AbortController();
// Every target listens.
setMaxListeners(0, stop.signal);

// Once each: the second Ctrl-C finds no listener and ends the process at once, as the system does.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());

/** The first failure counts; those after it only follow from it. */
let failure: string | undefined;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  failure ??= error.code ?? error.message;
});
// Whom could one tell?
process.stderr.on('error', () => undefined);

let changed = false;
const code = await start();
await new Promise<void>((written) => process.stdout.write('', () => written()));
// A reader that has seen enough (`| head`) is no reason to complain, nor to leave an apply half done.
process.exitCode = failure === undefined || failure === 'EPIPE' ? code : unheard(code, failure);

/** Libraries ask for the working directory as they are loaded, so whether there is one is known before. */
async function start(): Promise<ExitCode> {
  const cwd = workingDirectory();
  if (cwd === undefined) {
    process.stderr.write('error: the working directory does not exist any more; change into one that does\n');
    return Exit.invalid;
  }
  const { run } = await import('./run.ts');
  return run(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    // Opened only by the command that asks a question.
    get stdin() {
      return process.stdin;
    },
    env: process.env,
    cwd,
    signal: stop.signal,
    changed: () => {
      changed = true;
    },
  });
}

/** Nobody may take for done what nobody could read of. */
function unheard(code: ExitCode, reason: string): ExitCode {
  process.stderr.write(`error: the result could not be written to the standard output (${reason})\n`);
  if (changed) return Exit.partial;
  return code === Exit.ok || code === Exit.changes ? Exit.failed : code;
}

function workingDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
