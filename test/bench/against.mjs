// `node test/bench/against.mjs FOLDER [ROW]` runs this build and the one in FOLDER (a checkout with a `dist`) in turn, and
// prints how much more of the processor this one takes: on a busy machine the clock says little. No row may take 5 % more.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeProject, writeSeed } from './corpus.mjs';
import { startEmulator, timed } from './measure.mjs';

const [earlier, only] = process.argv.slice(2);
if (earlier === undefined) throw new Error('Name the checkout of the earlier version.');
const builds = {
  now: join(import.meta.dirname, '../../dist/cli.js'),
  before: join(resolve(earlier), 'dist/cli.js'),
};
const folder = mkdtempSync(join(tmpdir(), 'syncline-against-'));

const hook = pathToFileURL(join(import.meta.dirname, 'cpu-time.mjs')).href;
const file = join(folder, 'cpu');

/** Runs one command with both builds in turn, and prints what the quickest third of the runs took. */
function compare(name, rounds, row) {
  if (only !== undefined && !name.includes(only)) return;
  const times = { now: [], before: [] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const [version, cli] of Object.entries(builds)) {
      const { args, ...rest } = row(cli);
      timed({ ...rest, args: ['--import', hook, ...args], env: { ...rest.env, CPU_TIME_FILE: file } });
      if (round > 0) times[version].push(Number(readFileSync(file, 'utf8')));
    }
  }
  const [now, before] = [quickest(times.now), quickest(times.before)];
  console.log(`${name.padEnd(34)} ${(now / before).toFixed(3)} x  (${now.toFixed(0)} ms, was ${before.toFixed(0)} ms)`);
}

function quickest(times) {
  const few = times.sort((one, other) => one - other).slice(0, Math.ceil(times.length / 3));
  return few.reduce((sum, time) => sum + time, 0) / few.length;
}

/** A project and an emulator that holds what it declares, with a file ledger for each build. */
async function planOf(size) {
  const seed = join(folder, `seed-${size}.json`);
  writeSeed(seed, size);
  const running = {};
  for (const [name, cli] of Object.entries(builds)) {
    const emulator = await startEmulator(cli, ['--seed', seed]);
    const cwd = join(folder, `plan-${name}`);
    writeProject(cwd, size);
    const env = { CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token };
    timed({ args: [cli, 'apply', '--auto-approve'], cwd, env });
    running[cli] = { cwd, env, stop: emulator.stop };
  }
  return running;
}

try {
  const one = join(folder, 'one');
  writeProject(one, 1);
  compare('--help', 15, (cli) => ({ args: [cli, '--help'] }));
  compare('--version', 15, (cli) => ({ args: [cli, '--version'] }));
  compare('validate of 1', 25, (cli) => ({ args: [cli, 'validate'], cwd: one }));
  for (const size of [1000, 10_000]) {
    const good = join(folder, `good-${size}`);
    const bad = join(folder, `bad-${size}`);
    writeProject(good, size);
    writeProject(bad, size, 100);
    const rounds = size === 1000 ? 11 : 7;
    compare(`validate of ${size}`, rounds, (cli) => ({ args: [cli, 'validate'], cwd: good }));
    compare(`validate of ${size}, 1 % bad`, rounds, (cli) => ({ args: [cli, 'validate'], cwd: bad, exits: [3] }));
  }
  const size = 10_000;
  const running = await planOf(size);
  const plan = (cli) => ({ args: [cli, 'plan', '--exit-code'], cwd: running[cli].cwd, env: running[cli].env });
  compare(`plan of ${size} unchanged`, 7, plan);
  for (const { stop } of Object.values(running)) stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
