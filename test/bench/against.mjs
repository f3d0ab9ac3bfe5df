// `node test/bench/against.mjs FOLDER` times this build and the one in FOLDER (a checkout with a `dist`) in turn, and
// prints how much slower this one is. No row may be slower than before by more than 5 %.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeProject, writeSeed } from './corpus.mjs';
import { interleaved, median, ratio, startEmulator, timed } from './measure.mjs';

const [earlier, only] = process.argv.slice(2);
if (earlier === undefined) throw new Error('Name the checkout of the earlier version.');
const builds = {
  now: join(import.meta.dirname, '../../dist/cli.js'),
  before: join(resolve(earlier), 'dist/cli.js'),
};
const folder = mkdtempSync(join(tmpdir(), 'syncline-against-'));

/** Times one command with both builds and prints the ratio of their medians' rounds. */
function compare(name, rounds, row) {
  if (only !== undefined && !name.includes(only)) return;
  const times = interleaved(rounds, { now: row(builds.now), before: row(builds.before) });
  console.log(
    `${name.padEnd(40)} ${ratio(times, 'now', 'before').toFixed(3)} x  (${median(times.now).toFixed(0)} ms, was ${median(times.before).toFixed(0)} ms)`,
  );
}

/** A project and an emulator that holds what it declares, with a file ledger for each build. */
async function planOf(size, latency) {
  const seed = join(folder, `seed-${size}.json`);
  writeSeed(seed, size);
  const running = {};
  for (const [name, cli] of Object.entries(builds)) {
    const emulator = await startEmulator(cli, ['--seed', seed]);
    const cwd = join(folder, `plan-${name}-${latency}`);
    writeProject(cwd, size);
    const env = { CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token };
    timed({ args: [cli, 'apply', '--auto-approve'], cwd, env });
    if (latency > 0) {
      const body = JSON.stringify({ rules: [`* *:delay=${latency}`] });
      await fetch(`${emulator.url}/__emulator/faults`, { method: 'POST', body });
    }
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
  for (const latency of [0, 50]) {
    const size = 10_000;
    const running = await planOf(size, latency);
    const plan = (cli) => ({ args: [cli, 'plan', '--exit-code'], cwd: running[cli].cwd, env: running[cli].env });
    compare(`plan of ${size} unchanged, ${latency} ms`, 7, plan);
    for (const { stop } of Object.values(running)) stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
