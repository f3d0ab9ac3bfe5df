// Loaded before the program (`node --import`): writes each step that it takes outside of its own memory to the file STEPS, and dies
// without a goodbye just before step DIE_AT. A step is a request, a process, or a change of a file.
import childProcess from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const fatal = Number(process.env.DIE_AT);
const { appendFileSync } = fs;
let count = 0;

function step(name) {
  count += 1;
  if (count === fatal) process.kill(process.pid, 'SIGKILL');
  appendFileSync(process.env.STEPS, `${name}\n`);
}

for (const name of ['writeFile', 'rename', 'link', 'rm', 'mkdir', 'chmod']) {
  const real = promises[name];
  promises[name] = (...given) => {
    step(`${name} ${String(given.at(name === 'rename' || name === 'link' ? 1 : 0))}`);
    return real(...given);
  };
}
const { open } = promises;
promises.open = (path, flags, ...more) => {
  if (flags !== undefined && flags !== 'r') step(`open ${String(path)}`);
  return open(path, flags, ...more);
};
const { spawn } = childProcess;
childProcess.spawn = (command, args, ...more) => {
  step(`${command} ${args.join(' ')}`);
  return spawn(command, args, ...more);
};
syncBuiltinESMExports();
subscribe('undici:request:create', ({ request }) => step(`${request.method} ${request.path}`));
