// `npm run bench` measures, `npm run bench -- --quick` does so with 1,000 syncs instead of 10,000, and `-- --fleet` measures fleets. Figures are ratios, so
// that they mean the same on every machine. It judges and never fails: a busy machine is no broken program.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { syncOf, writeProblems, writeProject, writeSeed, writeStars } from './corpus.mjs';
import { fleets } from './fleet.mjs';
import {
  forget,
  growth,
  interleaved,
  median,
  peakMemory,
  ratio,
  seen,
  slowDown,
  startEmulator,
  timed,
} from './measure.mjs';

const root = join(import.meta.dirname, '../..');
if (!existsSync(join(root, 'dist/cli.js'))) throw new Error('dist/cli.js is missing: run `npm run build` first.');

const quick = process.argv.includes('--quick');
const count = quick ? 1000 : 10_000;
const rounds = quick ? 7 : 3;
const latency = 50;
const inFlight = 8;
const changed = 200;
const pageSize = 100;

const folder = mkdtempSync(join(tmpdir(), 'syncline-bench-'));
// A copy is measured, so that a build meanwhile does no harm.
const cli = join(folder, 'app/dist/cli.js');
cpSync(join(root, 'dist'), join(folder, 'app/dist'), { recursive: true });
cpSync(join(root, 'package.json'), join(folder, 'app/package.json'));
const rows = [];
try {
  if (process.argv.includes('--fleet')) await fleets(cli, { quick, note });
  else {
    startUp();
    validating();
    growing();
    await network();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
print();

/** One line of the result. `target` is the most that is good; undefined where a figure is only shown. */
function note(measure, figure, target, unit = 'x') {
  rows.push({ measure, figure, target, unit });
  process.stderr.write(`${measure}: ${shown(figure, unit)}\n`);
}

function startUp() {
  const one = join(folder, 'one');
  writeProject(one, 1);
  const times = interleaved(15, {
    node: { args: ['-e', '0'] },
    help: { args: [cli, '--help'] },
    version: { args: [cli, '--version'] },
    one: { args: [cli, 'validate'], cwd: one },
  });
  note('--help / node -e 0', ratio(times, 'help', 'node'), 2.5);
  note('--version / node -e 0', ratio(times, 'version', 'node'), 2.5);
  note('validate of 1 manifest / node -e 0', ratio(times, 'one', 'node'), 3.5);
}

function validating() {
  const alone = join(import.meta.dirname, 'parse-alone.mjs');
  for (const size of quick ? [1000] : [1000, count]) {
    const good = join(folder, `good-${size}`);
    const bad = join(folder, `bad-${size}`);
    writeProject(good, size);
    writeProject(bad, size, 100);
    const again = { args: [cli, 'validate'], cwd: good, env: { XDG_CACHE_HOME: join(folder, 'kept') } };
    // The first time says that it was here, and the second one keeps.
    timed(again);
    const times = interleaved(rounds, {
      yaml: { args: [alone, 'yaml', good] },
      jsYaml: { args: [alone, 'js-yaml', good] },
      validate: { args: [cli, 'validate'], cwd: good },
      again,
      bad: { args: [cli, 'validate'], cwd: bad, exits: [3] },
    });
    const big = size === 10_000;
    note(`validate of ${size} / parsing them with yaml`, ratio(times, 'validate', 'yaml'), big ? 0.18 : undefined);
    note(`validate of ${size} again / parsing them with yaml`, ratio(times, 'again', 'yaml'), big ? 0.06 : undefined);
    note(`validate of ${size} / parsing them with js-yaml`, ratio(times, 'validate', 'jsYaml'), undefined);
    note(`validate of ${size}, 1 % bad / all good`, ratio(times, 'bad', 'validate'), big ? 1.1 : undefined);
  }
  const memory = peakMemory({ args: [cli, 'validate'], cwd: join(folder, `good-${count}`) });
  note(`peak memory, validate of ${count}`, memory, quick ? undefined : 180, 'MiB');
}

/** What grows with the input must not grow faster than it: ten times the input, the time of a start taken off. */
function growing() {
  const one = join(folder, 'one');
  const start = { args: [cli, 'validate'], cwd: one };
  for (const kind of ['unknown field', 'word of YAML 1.1', 'unknown alias']) {
    const validate = (size) => {
      const cwd = join(folder, `problems-${size}`);
      writeProblems(cwd, kind, size);
      return { args: [cli, 'validate'], cwd, exits: [3] };
    };
    const times = interleaved(rounds, { start, few: validate(1000), many: validate(10_000) });
    note(`10,000 problems in one file / 1,000 of them (${kind})`, growth(times, 'many', 'few', 'start'), 15);
  }
  const stars = (number) => {
    const cwd = join(folder, `stars-${number}`);
    writeStars(cwd, number);
    return { args: [cli, 'validate'], cwd };
  };
  const times = interleaved(rounds, { few: stars(3), many: stars(60) });
  note('a glob of 60 stars / of 3, on names of 200 letters', ratio(times, 'many', 'few'), 1.5);
}

/** Everything that talks to the emulator, which runs in a process of its own and answers after 50 ms. */
async function network() {
  const project = join(folder, `good-${count}`);
  const seed = join(folder, 'seed.json');
  writeSeed(seed, count);
  const emulator = await startEmulator(cli, ['--seed', seed]);
  const env = { CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token };
  const run = (...args) => ({ args: [cli, ...args], cwd: project, env });
  try {
    timed(run('apply', '--auto-approve'));
    await slowDown(emulator.url, latency);
    await planning(emulator, run);
    gitLedger(run);
    await applying(emulator, run, project);
  } finally {
    emulator.stop();
  }
  await planOfThousand();
  if (!quick) await pagesGrowing();
}

/** A plan in which nothing is left to wait for against what nobody can do without: a start and the waits for pages, or the checks. */
async function planOfThousand() {
  const size = 1000;
  const seed = join(folder, 'thousand.json');
  writeSeed(seed, size);
  const emulator = await startEmulator(cli, ['--seed', seed]);
  try {
    const project = join(folder, 'thousand');
    writeProject(project, size);
    const env = { CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token };
    const run = (...args) => ({ args: [cli, ...args], cwd: project, env });
    timed(run('apply', '--auto-approve'));
    await slowDown(emulator.url, latency);
    const rows = { node: { args: ['-e', '0'] }, validate: run('validate'), plan: run('plan', '--exit-code') };
    const { node, validate, plan } = interleaved(9, rows);
    const trips = latency * (1 + Math.ceil((size / pageSize - 1) / inFlight));
    const floors = plan.map((_, round) => Math.max(node[round] + trips, validate[round]));
    const measure = `plan of ${size} unchanged / a start and the waits of its pages, or validate, whichever is slower`;
    note(measure, median(plan.map((time, round) => time / floors[round])), 1.5);
  } finally {
    emulator.stop();
  }
}

/** A plan of 100 pages against one of 10, from services that answer at once. */
async function pagesGrowing() {
  const emulators = [];
  const planOf = async (size) => {
    const seed = join(folder, `seed-${size}.json`);
    writeSeed(seed, size);
    const emulator = await startEmulator(cli, ['--seed', seed]);
    emulators.push(emulator);
    const env = { CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token };
    const cwd = join(folder, `grown-${size}`);
    writeProject(cwd, size);
    return { args: [cli, 'plan'], cwd, env };
  };
  try {
    const start = { args: [cli, 'validate'], cwd: join(folder, 'one') };
    const times = interleaved(rounds, { start, few: await planOf(1000), many: await planOf(10_000) });
    note('plan of 100 pages / of 10 pages', growth(times, 'many', 'few', 'start'), 15);
  } finally {
    for (const emulator of emulators) emulator.stop();
  }
}

async function planning(emulator, run) {
  await forget(emulator.url);
  timed(run('plan', '--exit-code'));
  const requests = await seen(emulator.url);
  const pages = Math.ceil(count / pageSize);
  note('list requests of an unchanged plan / pages', requests.filter(isPage).length / pages, 1);
  note('requests for single syncs', requests.filter((one) => /\/syncs\/\d/.test(one.path)).length, 0, '');
  note('requests that write', requests.filter((one) => one.method !== 'GET').length, 0, '');

  const times = interleaved(rounds, {
    validate: run('validate'),
    fetch: { args: [join(import.meta.dirname, 'fetch-alone.mjs'), emulator.url, emulator.token] },
    plan: run('plan', '--exit-code'),
  });
  const slower = median(times.fetch) > median(times.validate) ? 'fetch' : 'validate';
  note(
    `plan of ${count} unchanged / ${slower} alone (the slower part)`,
    ratio(times, 'plan', slower),
    quick ? undefined : 1.4,
  );
  const only = (stars) => run('plan', '--only', `CensusSync/${stars}`);
  const stars = interleaved(rounds, { few: only('*bench*'), many: only('*b*e*n*c*h*-*0*') });
  note('--only with seven stars / with two', ratio(stars, 'many', 'few'), 1.2);

  await forget(emulator.url);
  timed(run('plan'));
  const span = spanOf((await seen(emulator.url)).filter(isPage));
  note('fetching all pages / the physical limit', span / (latency * (1 + Math.ceil((pages - 1) / inFlight))), 1.6);
  note(`peak memory, plan of ${count}`, peakMemory(run('plan')), quick ? undefined : 250, 'MiB');
}

/** What a plan costs more with a ledger in Git, in a clone with a remote on the same disk, than without any memory. */
function gitLedger(run) {
  const project = join(folder, 'git');
  writeProject(project, count);
  const file = join(project, 'syncline.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('ledger: file', 'ledger: git'));
  writeFileSync(join(project, 'none.yaml'), text.replace('ledger: file', 'ledger: none'));
  git(folder, 'init', '-q', '--bare', 'shared.git');
  git(project, 'init', '-q');
  git(project, 'remote', 'add', 'origin', '../shared.git');
  const here = (...args) => ({ ...run(...args), cwd: project });
  timed(here('adopt', '--all-matching'));
  const times = interleaved(rounds, {
    git: here('plan', '--exit-code'),
    none: here('plan', '--config', 'none.yaml', '--exit-code'),
  });
  const more = median(times.git.map((time, round) => time - times.none[round]));
  note(`what the Git ledger adds to a plan of ${count}`, more, quick ? undefined : 300, 'ms');
  note(`peak memory, plan of ${count} with the Git ledger`, peakMemory(here('plan')), quick ? undefined : 300, 'MiB');
}

function git(cwd, ...args) {
  const done = spawnSync('git', args, { cwd, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`git ${args.join(' ')}: ${done.stderr}`);
}

async function applying(emulator, run, project) {
  for (let index = 0; index < changed; index += 1) flip(project, syncOf(index).name, Math.floor(index / 100));
  await forget(emulator.url);
  timed(run('apply', '--auto-approve'));
  const all = await seen(emulator.url);
  const last = all.findLastIndex((one) => one.method === 'PATCH');
  const first = all.findIndex((one) => /\/syncs\/\d/.test(one.path));
  const writing = all.slice(first, last + 1);
  note('writes of an apply / changes', writing.filter((one) => one.method === 'PATCH').length / changed, 1);
  note(
    `apply of ${changed} changes / the physical limit`,
    spanOf(writing) / (latency * Math.ceil(writing.length / inFlight)),
    1.2,
  );
  timed(run('plan', '--exit-code'));
}

/** From the first arrival to the last answer. */
function spanOf(requests) {
  return requests.at(-1).at - requests[0].at + latency;
}

function isPage(request) {
  return request.method === 'GET' && request.path === '/api/v1/syncs';
}

function flip(project, name, place) {
  const file = join(project, 'syncs', String(place), `${name}.yaml`);
  const text = readFileSync(file, 'utf8');
  const paused = /^ {2}paused: true$/m.test(text);
  writeFileSync(file, text.replace(/^ {2}paused: (true|false)$/m, `  paused: ${!paused}`));
}

function print() {
  const width = Math.max(...rows.map((row) => row.measure.length));
  console.log(`${count} syncs, Node ${process.versions.node}, latency ${latency} ms\n`);
  for (const { measure, figure, target, unit } of rows) {
    const verdict = target === undefined ? '' : figure <= target ? 'ok' : 'OVER';
    const wanted = target === undefined ? '-' : `<= ${shown(target, unit)}`;
    console.log(`${measure.padEnd(width)}  ${shown(figure, unit).padStart(10)}  ${wanted.padEnd(12)} ${verdict}`);
  }
}

function shown(number, unit) {
  return `${unit === 'x' ? number.toFixed(2) : Math.round(number)}${unit === 'x' ? ' x' : ` ${unit}`.trimEnd()}`;
}
