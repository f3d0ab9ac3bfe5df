// The entry of the GitHub Action: the only file of it that touches the process.
import { setMaxListeners } from 'node:events';
import { act } from './act.ts';
import { openRunner } from './runner.ts';

const stop = new AbortController();
// Every target listens.
setMaxListeners(0, stop.signal);
// A job that is cancelled is interrupted first, and ended some seconds later.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

process.exitCode = await act(
  openRunner({
    stdout: process.stdout,
    stderr: process.stderr,
    get stdin() {
      return process.stdin;
    },
    env: process.env,
    cwd: process.cwd(),
    signal: stop.signal,
  }),
);
