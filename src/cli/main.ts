#!/usr/bin/env node
// The program: the only file that ends the process or listens to it.
import { setFlagsFromString } from 'node:v8';
import { run } from './run.ts';

// By default the heap may double before it is swept; a plan of ten thousand syncs should fit the smallest CI machine.
setFlagsFromString('--heap-growing-percent=30');

const stop = new AbortController();

// Once each: the second Ctrl-C finds no listener and ends the process at once, as the system does.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

// A reader that has seen enough (`| head`) is no reason to leave an apply half done.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  // Opened only by the command that asks a question.
  get stdin() {
    return process.stdin;
  },
  env: process.env,
  cwd: process.cwd(),
  signal: stop.signal,
});
