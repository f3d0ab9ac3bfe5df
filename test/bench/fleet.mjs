// `npm run bench -- --fleet` measures fleets: what one target costs in a project of many, what a shard costs against its size, and how
// many requests a plan of them all makes. `--quick` does so with fewer of them.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFleet, writeFleetSeed } from './corpus.mjs';
import { forget, interleaved, median, ratio, seen, startEmulator, timed } from './measure.mjs';

const pageSize = 100;

/** Measures and hands each row to `note`. `cli`: the built program. */
export async function fleets(cli, { quick, note }) {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-fleet-'));
  try {
    await oneOfMany(cli, folder, { targets: quick ? 20 : 100, each: 200, note });
    await wholeFleet(cli, folder, { targets: quick ? 8 : 100, each: quick ? 200 : 1000, shards: quick ? 4 : 10, note });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A project with an account of as many workspaces, everything bound. */
async function fleetOf(cli, folder, targets, each) {
  const project = join(folder, 'project');
  const names = writeFleet(project, targets, each);
  const seed = join(folder, 'seed.json');
  writeFleetSeed(seed, targets, each);
  const emulator = await startEmulator(cli, ['--seed', seed], 'census-v2');
  rmSync(seed);
  const tokens = Object.values(emulator.workspaceTokens).map((token, number) => [`TOKEN_${number}`, token]);
  const env = { CENSUS_URL: emulator.url, ...Object.fromEntries(tokens) };
  return { project, names, emulator, run: (...args) => ({ args: [cli, ...args], cwd: project, env }) };
}

async function oneOfMany(cli, folder, { targets, each, note }) {
  const { project, names, emulator, run } = await fleetOf(cli, join(folder, 'many'), targets, each);
  try {
    const [first] = names;
    timed(run('adopt', '--all-matching', '--target', first));
    const alone = join(folder, 'alone');
    writeFleet(alone, 1, each);
    cpSync(join(project, '.syncline'), join(alone, '.syncline'), { recursive: true });
    const here = run('plan', '--target', first, '--exit-code');
    const times = interleaved(5, { many: here, alone: { ...here, cwd: alone } });
    note(`one target of ${each} manifests among ${targets} / alone`, ratio(times, 'many', 'alone'), 1.1);
  } finally {
    emulator.stop();
  }
}

/** Plans every shard in turn, as the jobs of a matrix would. */
async function wholeFleet(cli, folder, { targets, each, shards, note }) {
  const { names, emulator, run } = await fleetOf(cli, join(folder, 'fleet'), targets, each);
  try {
    for (const name of names) timed(run('adopt', '--all-matching', '--target', name));
    const shard = (number, of = shards) => run('plan', '--shard', `${number}/${of}`, '--exit-code');
    timed(shard(1));
    await forget(emulator.url);
    const times = Array.from({ length: shards }, (_, index) => timed(shard(index + 1)));
    const requests = await seen(emulator.url);
    // Of each workspace its identity, the pages of its syncs, and the two lists in which names are looked up.
    const expected = targets * (1 + Math.ceil(each / pageSize) + 2);
    note(
      `requests of a plan of ${targets} workspaces of ${each} syncs / those that it needs`,
      requests.length / expected,
      1,
    );
    const single = timed(run('plan', '--target', names[0], '--exit-code'));
    const size = targets / shards;
    note(`a shard of ${size} targets / ${size} times one target alone`, median(times) / (size * single), 1.1);
    note(
      `a plan of ${targets} workspaces of ${each} syncs, ${shards} shards in turn`,
      times.reduce((sum, one) => sum + one) / 1000,
      undefined,
      's',
    );
  } finally {
    emulator.stop();
  }
}
