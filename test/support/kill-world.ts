import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { byCodePoint } from '../../src/core/stable.ts';
import type { SeedSync } from '../../src/emulator/census-v1/seed.ts';
import { type CensusEmulator, startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { cli, type Said } from '../cli/in-process.ts';
import { openRepositories } from '../ledger/git-repositories.ts';
import { killedOnce } from './death.ts';
import { momentsOf } from './moments.ts';
import { deserted } from './processes.ts';

const changed = ['u1', 'u2', 'u3', 'u4', 'u5'];
const removed = ['u6', 'u7', 'u8'];
const created = Array.from({ length: 12 }, (_, index) => `c${index + 1}`);
const foreign = ['Foreign one', 'Foreign two', 'Foreign three'];

/** Lost answers in every kind of write; the run finds out by itself. */
export const dropped = [
  'POST /syncs:drop-response:1@3',
  'PATCH /syncs/*:drop-response:1@2',
  'DELETE /syncs/*:drop-response:1@2',
];

/** Creates that the service carries out only after the client has died. */
export const late = [
  'POST /syncs:commit-later=600000:1@2',
  'POST /syncs:drop-response:1@4',
  'POST /syncs:commit-later=600000:1@7',
];

/** Labels of every sync once the apply of twenty changes (12 creates, 5 updates, 3 deletes) is done. */
const expectedLabels = [
  ...foreign,
  ...changed.map((name) => `New label of ${name}`),
  ...created.map((name) => `Label of ${name}`),
].sort(byCodePoint);

/** A project whose next apply makes twenty changes, and the service that it is applied to; as often as it is opened. */
interface KillWorld {
  /** A fresh copy: nothing of the apply has been done. */
  open(faults: readonly string[]): Promise<Attempt>;
  close(): void;
}

interface Attempt {
  readonly emulator: CensusEmulator;
  /** Runs a command line in this process: what has died is another. */
  run(line: string): Promise<Said>;
  /** Applies, and kills the process without a chance to say goodbye as soon as the service has seen so many requests. */
  killedAt(moment: number): Promise<void>;
  labels(): string[];
  close(): Promise<void>;
}

/**
 * Kills the apply at its requests in turn, in a fresh world each time, and lets one rerun come after it: the rerun converges, no
 * sync exists twice and none is lost. `at`: whether it is killed at those that write alone, or at some that read, too, or at `some`
 * that write; between two that write a death is told from the first by what the ledger knows alone. `atLeast`: moments that there have to be for this to
 * mean anything.
 */
export async function surviveEveryMoment(
  ledger: 'git' | 'file',
  faults: readonly string[],
  at: 'requests' | 'writes' | 'some',
  atLeast: number,
): Promise<void> {
  const world = await openKillWorld(ledger);
  try {
    const requests = await requestsOf(world, faults);
    const isWrite = (moment: number) => requests[moment - 1]?.method !== 'GET';
    const all = Array.from(requests, (_, index) => index + 1);
    const reads = new Set(at === 'requests' ? momentsOf(all.length, 5) : []);
    const writes = all.filter(isWrite);
    const few = new Set(momentsOf(writes.length, 4).map((one) => writes[one - 1]));
    const moments = all.filter(
      (moment) => reads.has(moment) || (isWrite(moment) && (at !== 'some' || few.has(moment))),
    );
    expect(moments.length).toBeGreaterThan(atLeast);
    for (const moment of moments) await survive(world, faults, moment);
  } finally {
    world.close();
  }
}

async function survive(world: KillWorld, faults: readonly string[], moment: number): Promise<void> {
  const attempt = await world.open(faults);
  try {
    await attempt.killedAt(moment);
    attempt.emulator.clearFaults();
    attempt.emulator.commitDelayed();
    const rerun = await attempt.run('apply --auto-approve --prune --format json');
    const said = `after a death at request ${moment}: ${rerun.out}${rerun.err}`;
    expect(rerun.code, said).toBe(0);
    expect(JSON.parse(rerun.out), said).toMatchObject({ reports: [{ converged: true }] });
    expect(attempt.labels(), said).toEqual(expectedLabels);
  } finally {
    await attempt.close();
  }
}

/** The requests of an apply that nobody kills. */
async function requestsOf(world: KillWorld, faults: readonly string[]) {
  const attempt = await world.open(faults);
  await attempt.run('apply --auto-approve --prune');
  const requests = [...attempt.emulator.requests];
  await attempt.close();
  return requests;
}

/** `git`: in a clone with a bare repository as its remote. `file`: outside Git. */
async function openKillWorld(ledger: 'git' | 'file'): Promise<KillWorld> {
  const template = mkdtempSync(join(tmpdir(), 'syncline-kill-'));
  const project = join(template, 'project');
  const repositories = ledger === 'git' ? openRepositories() : undefined;
  if (repositories === undefined) mkdirSync(project);
  else {
    cpSync(repositories.shared, join(template, 'shared.git'), { recursive: true });
    repositories.git(template, 'clone', '-q', 'shared.git', 'project');
    repositories.git(project, 'remote', 'set-url', 'origin', '../shared.git');
    repositories.close();
  }
  const start = await startCensusV1({ seed: { syncs: seeds } });
  const port = Number(new URL(start.url).port);
  mkdirSync(join(project, 'syncs'));
  writeFileSync(join(project, 'syncline.yaml'), projectFile(ledger));
  for (const name of [...changed, ...removed]) write(project, name, `Label of ${name}`, '\nlifecycle: { adopt: true }');
  const bound = await cli('apply --auto-approve', { cwd: project, env: environment(start) });
  await start.close();
  if (bound.code !== 0) throw new Error(`The world could not be made: ${bound.out}${bound.err}`);
  for (const name of removed) rmSync(join(project, 'syncs', `${name}.yaml`));
  for (const name of changed) write(project, name, `New label of ${name}`);
  for (const name of created) write(project, name, `Label of ${name}`, name === 'c2' ? after('c1') : '');
  return {
    open: (faults) => openAttempt(template, port, faults),
    close: () => rmSync(template, { recursive: true, force: true }),
  };
}

async function openAttempt(template: string, port: number, faults: readonly string[]): Promise<Attempt> {
  const emulator = await startCensusV1({ port, latency: 2, faults, seed: { syncs: seeds } });
  const folder = mkdtempSync(join(tmpdir(), 'syncline-killed-'));
  cpSync(template, folder, { recursive: true });
  const cwd = join(folder, 'project');
  const env = environment(emulator);
  return {
    emulator,
    run: (line) => cli(line, { cwd, env }),
    killedAt: async (moment) => {
      const command = ['apply', '--auto-approve', '--prune'];
      await killedOnce(() => emulator.requests.length >= moment, command, { cwd, env });
      // A push that was under way goes on by itself; whoever comes after a crash comes later than that.
      await deserted(cwd);
    },
    labels: () =>
      emulator
        .syncs()
        .map((one) => String(one.label))
        .sort(byCodePoint),
    close: async () => {
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A sync with this label, as the service has it. */
export function body(label: string) {
  return {
    label,
    operation: 'upsert',
    source_attributes: { connection_id: 501, object: { type: 'model', id: 915 } },
    destination_attributes: { connection_id: 601, object: 'Contact' },
    mappings: [{ from: { type: 'column', data: 'email' }, to: 'Email', is_primary_identifier: true }],
  };
}

const seeds: readonly SeedSync[] = [
  ...foreign.map((label, index) => ({ id: 700 + index, ...body(label) })),
  ...[...changed, ...removed].map((name, index) => ({ id: 800 + index, ...body(`Label of ${name}`) })),
];

function write(project: string, name: string, label: string, more = ''): void {
  writeFileSync(join(project, 'syncs', `${name}.yaml`), manifestOf(name, label, more));
}

/** The same as a manifest. `more`: what follows its last field. */
export function manifestOf(name: string, label: string, more = ''): string {
  return `kind: CensusSync
name: ${name}
spec:
  label: ${label}
  operation: upsert
  source_attributes: { connection_id: 501, object: { type: model, id: 915 } }
  destination_attributes: { connection_id: 601, object: Contact }
  mappings: [{ from: email, to: Email, primary: true }]${more}
`;
}

/** Waits for another sync. */
export function after(name: string): string {
  return `\n  mode: { triggers: { sync_sequence: { sync: ${name} } } }`;
}

function projectFile(ledger: string): string {
  return `version: 1
manifests: [syncs/*.yaml]
ledger: ${ledger}
targets:
  production:
    provider: census
    api: v1
    base_url: \${env.CENSUS_URL}
    token: \${env.CENSUS_TOKEN}
    limits: { settle_seconds: 0, concurrency: 3 }
`;
}

function environment({ url, token }: CensusEmulator) {
  return { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', CENSUS_URL: url, CENSUS_TOKEN: token };
}
