// `node test/bench/against.mjs FOLDER [ROW]` runs this build and the one in FOLDER (a checkout with a `dist`) in turn, and
// prints how much longer this one takes, and how much more of the processor. No row may take 5 % longer; on a busy machine the
// clock says little, and where work is done side by side the processor does.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeProject, writeSeed } from './corpus.mjs';
import { median, slowDown, startEmulator, timed } from './measure.mjs';

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
 * Runs one command with both builds in turn, and prints the medians of the ratios of two runs side by side: what else the machine
 * does meets both. Which one goes first alternates.
 */
function compare(name, rounds, row) {
  if (only !== undefined && !name.includes(only)) return;
  const pairs = [];
  for (let round = 0; round <= rounds; round += 1) {
    const order = Object.entries(builds);
    const pair = {};
    for (const [version, cli] of round % 2 === 0 ? order : order.toReversed()) {
      const { args, ...rest } = row(cli);
      const clock = timed({ ...rest, args: ['--import', hook, ...args], env: { ...rest.env, CPU_TIME_FILE: file } });
      pair[version] = { clock, processor: Number(readFileSync(file, 'utf8')) };
    }
    if (round > 0) pairs.push(pair);
  }
  const figures = ['clock', 'processor'].map((of) => {
    const ratio = median(pairs.map(({ now, before }) => now[of] / before[of]));
    const [now, before] = ['now', 'before'].map((version) => median(pairs.map((pair) => pair[version][of])));
    return `${of} ${ratio.toFixed(3)} x  (${now.toFixed(0)} ms, was ${before.toFixed(0)} ms)`;
  });
  console.log(`${name.padEnd(30)} ${figures.map((one) => one.padEnd(46)).join('')}`.trimEnd());
}

/** A project and an emulator that holds what it declares, with a file ledger for each build. */
async function planOf(size) {
  const seed = join(folder, `seed-${size}.json`);
  writeSeed(seed, size);
  const running = {};
  for (const [name, cli] of Object.entries(builds)) {
    const emulator = await startEmulator(cli, ['--seed', seed]);
    const cwd = join(folder, `plan-${name}-${size}`);
    writeProject(cwd, size);
    const env = { CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token };
    timed({ args: [cli, 'apply', '--auto-approve'], cwd, env });
    await slowDown(emulator.url, 50);
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
  for (const [size, rounds] of [
    [1000, 24],
    [10_000, 8],
  ]) {
    const name = `plan of ${size} unchanged`;
    if (only !== undefined && !name.includes(only)) continue;
    const running = await planOf(size);
    compare(name, rounds, (cli) => ({ args: [cli, 'plan', '--exit-code'], ...running[cli] }));
    for (const { stop } of Object.values(running)) stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
