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

/**
 * Runs one command with both builds in turn, and prints the median of the ratios of two runs side by side: what else the machine
 * does meets both. Which one goes first alternates.
 */
function compare(name, rounds, row) {
  if (only !== undefined && !name.includes(only)) return;
  const pairs = [];
  for (let round = 0; round <= rounds; round += 1) {
    const order = Object.entries(builds);
    const times = {};
    for (const [version, cli] of round % 2 === 0 ? order : order.toReversed()) {
      const { args, ...rest } = row(cli);
      timed({ ...rest, args: ['--import', hook, ...args], env: { ...rest.env, CPU_TIME_FILE: file } });
      times[version] = Number(readFileSync(file, 'utf8'));
    }
    if (round > 0) pairs.push(times);
  }
  const ratio = median(pairs.map(({ now, before }) => now / before));
  const [now, before] = ['now', 'before'].map((version) => median(pairs.map((pair) => pair[version])));
  console.log(`${name.padEnd(34)} ${ratio.toFixed(3)} x  (${now.toFixed(0)} ms, was ${before.toFixed(0)} ms)`);
}

function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
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
  compare('--help', 24, (cli) => ({ args: [cli, '--help'] }));
  compare('--version', 24, (cli) => ({ args: [cli, '--version'] }));
  compare('validate of 1', 50, (cli) => ({ args: [cli, 'validate'], cwd: one }));
  for (const size of [1000, 10_000]) {
    const good = join(folder, `good-${size}`);
    const bad = join(folder, `bad-${size}`);
    writeProject(good, size);
    writeProject(bad, size, 100);
    const rounds = size === 1000 ? 24 : 8;
    compare(`validate of ${size}`, rounds, (cli) => ({ args: [cli, 'validate'], cwd: good }));
    compare(`validate of ${size}, 1 % bad`, rounds, (cli) => ({ args: [cli, 'validate'], cwd: bad, exits: [3] }));
  }
  const size = 10_000;
  const running = await planOf(size);
  const plan = (cli) => ({ args: [cli, 'plan', '--exit-code'], cwd: running[cli].cwd, env: running[cli].env });
  compare(`plan of ${size} unchanged`, 8, plan);
  for (const { stop } of Object.values(running)) stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
