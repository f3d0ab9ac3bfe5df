// Times whole processes in turn, so that a busy moment of the machine hits every row alike.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Node 20 reads the extra CA bundle at every start, which would hide every ratio. */
export const environment = Object.fromEntries(
  Object.entries(process.env).filter(([key]) => key !== 'NODE_EXTRA_CA_CERTS'),
);

/**
 * Runs every row once per round after a warm-up round, without a pause between.
 * A row is `{ args, cwd, env, exits }`: arguments of node, and the exit codes that are a success (default 0).
 * @returns {Record<string, number[]>} milliseconds per row and round
 */
export function interleaved(rounds, rows) {
  const times = Object.fromEntries(Object.keys(rows).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, row] of Object.entries(rows)) {
      const milliseconds = timed(row);
      if (round > 0) times[name].push(milliseconds);
    }
  }
  return times;
}

/** The median over rounds of one row's time over another's in the same round. */
export function ratio(times, row, base) {
  return median(times[row].map((time, round) => time / times[base][round]));
}

/** The median of one row's time over another's, what `start` takes taken off both. */
export function growth(times, row, base, start) {
  const more = (name, round) => Math.max(1, times[name][round] - times[start][round]);
  return median(times[row].map((_, round) => more(row, round) / more(base, round)));
}

export function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Where `validate` keeps what it has found: empty before every run, but where a row names another place. */
const cache = join(tmpdir(), `syncline-bench-cache-${process.pid}`);
process.on('exit', () => rmSync(cache, { recursive: true, force: true }));

/** Milliseconds of one run of a row, with start-up. */
export function timed({ args, cwd, env = {}, exits = [0] }) {
  rmSync(cache, { recursive: true, force: true });
  const start = performance.now();
  const done = spawnSync(process.execPath, args, {
    cwd,
    env: { ...environment, XDG_CACHE_HOME: cache, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 2 ** 28,
  });
  const milliseconds = performance.now() - start;
  if (!exits.includes(done.status)) throw new Error(`node ${args.join(' ')} exited ${done.status}\n${done.stderr}`);
  return milliseconds;
}

/** Peak resident memory of one run in MiB, as the kernel counts it (getrusage). */
export function peakMemory(row) {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-peak-'));
  const file = join(folder, 'peak');
  const hook = pathToFileURL(join(import.meta.dirname, 'peak-memory.mjs')).href;
  try {
    timed({ ...row, args: ['--import', hook, ...row.args], env: { ...row.env, PEAK_MEMORY_FILE: file } });
    return Number(readFileSync(file, 'utf8')) / 1024;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The requests that an emulator has answered since it was last asked to forget them. */
export async function seen(url) {
  return (await (await fetch(`${url}/__emulator/requests`)).json()).requests;
}

export async function forget(url) {
  await fetch(`${url}/__emulator/requests`, { method: 'DELETE' });
}

/** Makes every answer of an emulator wait, in milliseconds. */
export async function slowDown(url, latency) {
  const rules = JSON.stringify({ rules: [`* *:delay=${latency}`] });
  const answer = await fetch(`${url}/__emulator/faults`, { method: 'POST', body: rules });
  if (!answer.ok) throw new Error(`The emulator refused the latency: ${await answer.text()}`);
}

/** Starts the built emulator in a process of its own and resolves once it listens. */
export function startEmulator(cli, args, api = 'census-v1') {
  const child = spawn(process.execPath, [cli, 'emulate', '--api', api, '--port', '0', '--format', 'json', ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The emulator exited ${code} before it listened.`)));
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
      if (!said.includes('\n')) return;
      const { url, token, workspace_tokens: workspaceTokens } = JSON.parse(said.slice(0, said.indexOf('\n')));
      resolve({ url, token, workspaceTokens, stop: () => child.kill() });
    });
  });
}
