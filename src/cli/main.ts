// The program: the only file that ends the process or listens to it.
import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Exit, type ExitCode } from '../model/errors.ts';
import { cacheFolder } from './cache-folder.ts';
import { run } from './run.ts';
import { startedIn } from './working-directory.ts';

// By default the heap may double before it is swept; a plan of ten thousand syncs should fit the smallest CI machine.
setFlagsFromString('--heap-growing-percent=30');

const stop = new AbortController();
// Every target listens.
setMaxListeners(0, stop.signal);

const waiting =
  'Stopping: Syncline starts nothing new and waits for the requests under way, eight minutes at most. Press Ctrl-C again to stop at once; the next run then checks what was done.\n';
const ending =
  'Stopped at once: the requests under way may have been carried out. Run again; Syncline checks that first.\n';

/** Progress may stand on the line. */
const wipe = process.stderr.isTTY ? '\r\u001b[K' : '';

/** What only reads ends so soon that nobody has to be told. */
const patience = 500;

// Once each: the second Ctrl-C ends the process at once, as the system does without a listener.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    stop.abort();
    let told = false;
    setTimeout(() => {
      told = true;
      process.stderr.write(`${wipe}${waiting}`);
    }, patience).unref();
    process.once(signal, () => {
      if (told) process.stderr.write(`${wipe}${ending}`);
      process.kill(process.pid, signal);
    });
  });
}

let changed = false;
let code: ExitCode | undefined;
/** The first failure counts; those after it only follow from it. */
let failure: string | undefined;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (failure !== undefined) return;
  failure = error.code ?? error.message;
  if (code !== undefined) process.exitCode = heard(code);
});
// Whom could one tell?
process.stderr.on('error', () => undefined);

code = await start();
process.exitCode = heard(code);

async function start(): Promise<ExitCode> {
  if (startedIn === undefined) {
    process.stderr.write('error: the working directory does not exist any more; change into one that does\n');
    return Exit.invalid;
  }
  return run(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    // Opened only by the command that asks a question.
    get stdin() {
      return process.stdin;
    },
    env: process.env,
    cwd: startedIn,
    checker: { file: new URL('./check-worker.js', import.meta.url) },
    cache: () => {
      const folder = cacheFolder(process.env, process.platform);
      // The file names all others of the program by hashes of their contents.
      const program = `${process.version} ${readFileSync(new URL(import.meta.url), 'utf8')}`;
      return folder === undefined ? undefined : { folder: join(folder, 'validate'), program };
    },
    signal: stop.signal,
    changed: () => {
      changed = true;
    },
  });
}

/** Nobody may take for done what nobody could read of; but a reader that has seen enough (`| head`) is no reason to complain. */
function heard(code: ExitCode): ExitCode {
  if (failure === undefined || failure === 'EPIPE') return code;
  process.stderr.write(`error: the result could not be written to the standard output (${failure})\n`);
  if (changed) return Exit.partial;
  return code === Exit.ok || code === Exit.changes ? Exit.failed : code;
}
