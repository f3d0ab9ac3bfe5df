// `npm test`: installs what is missing, builds, runs every check even where one fails, and counts them all.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run, setUp, setUpTestPrograms } from './setup.mjs';

const bin = (name) => join(root, 'node_modules/.bin', name);

const count = { passed: 0, failed: 0 };

// What waits for the network, and what takes one of two processors, go on beside each other. The tests come last: they take both.
const ready = check('set-up', () => quietly(setUp));
const programs = check('programs of tests', () => quietly(setUpTestPrograms));
if (await ready) {
  await check('generated files', () => quietly(async () => (await import('./generated.mjs')).ensureGenerated()));
  await Promise.all([
    programs,
    inTurn(['build', process.execPath, 'scripts/build.mjs'], ['package shape', bin('publint'), '--strict']),
    inTurn(
      ['types', bin('tsc'), '-p', '.'],
      ['lint and format', bin('biome'), 'check', '--error-on-warnings', '.'],
      ['unused code', bin('knip')],
    ),
  ]);
  await check('tests', runTests);
}
await programs;
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed === 0 ? 0 : 1;

/** Runs one check, prints its name, time and (where it failed) what it said. */
async function check(name, body) {
  const start = performance.now();
  const complaint = await body();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const ok = complaint === undefined;
  count[ok ? 'passed' : 'failed'] += 1;
  if (!ok) console.log(complaint);
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  return ok;
}

/** One after the other, whether they fail or not. */
async function inTurn(...checks) {
  for (const [name, command, ...args] of checks) await check(name, () => quietly(() => run(command, args)));
}

async function quietly(work) {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error.message;
  }
}

/**
 * A folder for temporary files in memory, where the system has one with room: the tests make and delete some hundred thousand small
 * files, and a disk would take a third of their time.
 */
function inMemory() {
  const folder = '/dev/shm';
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > 4 * 2 ** 30 ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Vitest prints its own summary; the numbers come from its JSON report. */
function runTests() {
  const folder = mkdtempSync(join(inMemory() ?? tmpdir(), 'syncline-test-'));
  const report = join(folder, 'report.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const env = { ...process.env, TMPDIR: folder };
  const done = spawnSync(bin('vitest'), args, { cwd: root, stdio: 'inherit', env });
  try {
    return complaintOf(JSON.parse(readFileSync(report, 'utf8')), done.status);
  } catch {
    return 'Vitest wrote no report.';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function complaintOf(report, status) {
  const left = report.numPendingTests + report.numTodoTests;
  count.passed += report.numPassedTests;
  count.failed += report.numFailedTests;
  if (report.numPassedTests === 0) return 'No test ran.';
  if (left > 0) return `${left} tests were skipped; every test must run.`;
  return status === 0 ? undefined : 'Vitest failed.';
}
