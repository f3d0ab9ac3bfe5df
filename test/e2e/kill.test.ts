import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { type CensusEmulator, startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { built, syncline } from '../support/processes.ts';

const names = ['a', 'b', 'c', 'd'];
const seeded = 3;
/** Four creates in a chain of two and two alone, after the reads of a plan: every request of the run is a moment to die. */
const moments = 12;

let emulator: CensusEmulator;
let folder: string;

afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('promise 6: a process that is killed', () => {
  const lost = ['POST /syncs:drop-response:1@2', 'POST /syncs:commit-later=600000:1@3'];

  test.each([
    ['', [] as string[]],
    [' while answers are lost and creates come late', lost],
  ])('at any request%s leaves nothing twice and loses nothing', { timeout: 120_000 }, async (_when, faults) => {
    for (let moment = 1; moment <= moments; moment++) {
      await openProject(faults);
      await killedAt(moment);
      emulator.commitDelayed();
      emulator.clearFaults();
      const rerun = await syncline(['apply', '--auto-approve'], where());
      expect(rerun.code, `after a death at request ${moment}: ${rerun.stdout}${rerun.stderr}`).toBe(0);
      const labels = emulator.syncs().map((one) => one.label);
      expect(labels).toHaveLength(seeded + names.length);
      expect(new Set(labels).size).toBe(labels.length);
      expect(await syncline(['plan', '--exit-code'], where())).toMatchObject({ code: 0 });
      if (moment < moments) {
        await emulator.close();
        rmSync(folder, { recursive: true, force: true });
      }
    }
  });
});

async function openProject(faults: readonly string[]): Promise<void> {
  emulator = await startCensusV1({ latency: 5, faults });
  folder = mkdtempSync(join(tmpdir(), 'syncline-kill-'));
  mkdirSync(join(folder, 'syncs'));
  writeFileSync(
    join(folder, 'syncline.yaml'),
    `version: 1
manifests: [syncs/*.yaml]
ledger: file
targets:
  production:
    provider: census
    api: v1
    base_url: \${env.CENSUS_URL}
    token: \${env.CENSUS_TOKEN}
    limits: { settle_seconds: 0, concurrency: 2 }
`,
  );
  for (const name of names) writeFileSync(join(folder, 'syncs', `${name}.yaml`), manifest(name));
}

function manifest(name: string): string {
  const parent = name === 'b' ? '\n  mode: { triggers: { sync_sequence: { sync: a } } }' : '';
  return `kind: CensusSync
name: ${name}
spec:
  label: Sync ${name}
  operation: upsert
  source_attributes: { connection_id: 501, object: { type: model, id: 915 } }
  destination_attributes: { connection_id: 601, object: Contact }
  mappings: [{ from: email, to: Email, primary: true }]${parent}
`;
}

function where() {
  return { cwd: folder, env: { CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token } };
}

/** Runs an apply and kills it, without a chance to say goodbye, as soon as the service has seen so many requests. */
async function killedAt(moment: number): Promise<void> {
  const child = spawn(process.execPath, [built(), 'apply', '--auto-approve'], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...where().env },
    stdio: 'ignore',
  });
  const closed = once(child, 'close');
  while (emulator.requests.length < moment && !hasEnded(child)) await setImmediate();
  child.kill('SIGKILL');
  await closed;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
