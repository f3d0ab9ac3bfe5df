import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, type TestContext, test } from 'vitest';
import { type CensusEmulator, startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { openRepositories, type Repositories } from '../ledger/git-repositories.ts';
import { arrived } from '../support/death.ts';
import { built, type Ended, root, syncline } from '../support/processes.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
/** A lease of ten minutes lasts ten seconds, and is renewed every second. */
const factor = 60;

interface World {
  readonly repositories: Repositories;
  readonly emulator: CensusEmulator;
  readonly env: Readonly<Record<string, string>>;
}

/** A service and the repository of a project, in a time that begins now. */
async function world(onTestFinished: TestContext['onTestFinished']): Promise<World> {
  const repositories = openRepositories();
  onTestFinished(repositories.close);
  const emulator = await startCensusV1();
  onTestFinished(emulator.close);
  const env = {
    CENSUS_URL: emulator.url,
    CENSUS_TOKEN: emulator.token,
    NODE_OPTIONS: `--import=${join(root, 'test/support/fast-clock.mjs')}`,
    FAST_CLOCK: String(factor),
    FAST_CLOCK_START: String(Date.now()),
  };
  return { repositories, emulator, env };
}

function project({ repositories }: World, name: string): string {
  const folder = repositories.clone(name);
  mkdirSync(join(folder, 'syncs'));
  const target = `provider: census, api: v1, base_url: "\${env.CENSUS_URL}", token: "\${env.CENSUS_TOKEN}"`;
  const limits = 'limits: { settle_seconds: 0, concurrency: 1 }';
  const text = `version: 1\nmanifests: [syncs/*.yaml]\ntargets: { production: { ${target}, ${limits} } }\n`;
  writeFileSync(join(folder, 'syncline.yaml'), text);
  for (const one of names) writeFileSync(join(folder, 'syncs', `${one}.yaml`), manifest(one));
  return folder;
}

function manifest(name: string): string {
  return `kind: CensusSync
name: ${name}
spec:
  label: Label of ${name}
  operation: upsert
  source_attributes: { connection_id: 501, object: { type: model, id: 915 } }
  destination_attributes: { connection_id: 601, object: Contact }
  mappings: [{ from: email, to: Email, primary: true }]
`;
}

/** An apply that goes on by itself, and what becomes of it. */
function startApply({ env }: World, cwd: string) {
  const child = spawn(process.execPath, [built(), 'apply', '--auto-approve'], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const end = once(child, 'close').then(([code]): Ended => ({ code: Number(code), stdout, stderr }));
  return { child, end };
}

function creates({ emulator }: World): number {
  return emulator.requests.filter((one) => one.method === 'POST').length;
}

/** Milliseconds, as they pass here, until the lease of whoever holds the lock has run out. */
function leaseLeft({ repositories, env }: World): number {
  const start = Number(env.FAST_CLOCK_START);
  const now = start + (Date.now() - start) * factor;
  return (Date.parse(repositories.lockOf(repositories.shared).until) - now) / factor;
}

function untilCreates(where: World, count: number): Promise<void> {
  return arrived(() => creates(where) >= count);
}

function ownLabels({ emulator }: World): string[] {
  return emulator
    .syncs()
    .map((one) => String(one.label))
    .filter((label) => label.startsWith('Label of'))
    .toSorted();
}

const allLabels = names.map((name) => `Label of ${name}`);

// Both wait most of the time: that is done side by side.
describe.concurrent('the lease', () => {
  test('promise 6: a process that was stopped past its lease and goes on writes nothing more', async ({
    onTestFinished,
  }) => {
    const here = await world(onTestFinished);
    const { emulator, env } = here;
    const first = project(here, 'first-clone');
    const second = project(here, 'second-clone');
    emulator.addFaults(['POST /syncs:delay=300']);
    const { child, end } = startApply(here, first);
    await untilCreates(here, 2);
    child.kill('SIGSTOP');
    const refused = await syncline(['apply', '--auto-approve'], { cwd: second, env });
    expect(refused).toMatchObject({ code: 4 });
    expect(refused.stderr).toContain(`process ${child.pid}`);

    // Refused for as long as the lease runs, and then let in without a question. Most of it is let go by: a process that is
    // refused takes half a second of the processor from the others.
    await setTimeout(leaseLeft(here) - 1500);
    let taken = refused;
    while (taken.code === 4) taken = await syncline(['apply', '--auto-approve'], { cwd: second, env });
    expect(taken, taken.stdout + taken.stderr).toMatchObject({ code: 0 });
    expect(ownLabels(here)).toEqual(allLabels);

    const before = emulator.requests.filter((one) => one.method !== 'GET').length;
    child.kill('SIGCONT');
    const ended = await end;
    expect(ended.code, ended.stdout + ended.stderr).toBe(5);
    expect(ended.stderr).toContain('lock-lost');
    expect(emulator.requests.filter((one) => one.method !== 'GET').length).toBe(before);
    expect(ownLabels(here)).toEqual(allLabels);
    expect(await syncline(['plan', '--exit-code'], { cwd: second, env })).toMatchObject({ code: 0 });
  }, 120_000);

  test('is renewed by a run that takes longer, and what was done so far is recorded with it', async ({
    onTestFinished,
  }) => {
    const here = await world(onTestFinished);
    const { repositories, emulator, env } = here;
    const first = project(here, 'first-clone');
    const second = project(here, 'second-clone');
    emulator.addFaults(['POST /syncs:delay=2200']);
    const { end } = startApply(here, first);
    await untilCreates(here, 6);
    const refused = await syncline(['apply', '--auto-approve'], { cwd: second, env });
    expect(refused, refused.stdout + refused.stderr).toMatchObject({ code: 4 });
    const ended = await end;
    expect(ended, ended.stdout + ended.stderr).toMatchObject({ code: 0 });
    const log = repositories.git(repositories.shared, 'log', '--format=%s', 'refs/syncline/production').split('\n');
    expect(log.filter((line) => line.startsWith('renew')).length).toBeGreaterThan(5);
    expect(await syncline(['plan', '--exit-code'], { cwd: second, env })).toMatchObject({ code: 0 });
  }, 120_000);
});
