import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byCodePoint } from '../../src/core/stable.ts';
import { type CensusEmulator, startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { cli, type Said } from '../cli/in-process.ts';
import { killedOnce } from './death.ts';
import { after, body, manifestOf } from './kill-world.ts';
import { deserted } from './processes.ts';

export const targets = ['a', 'b', 'c'] as const;

/** What each workspace holds once its three creates are made. */
export const expectedLabels = ['Foreign', 'Label of c1', 'Label of c2', 'Label of c3'];

/** A project of three workspaces, each with something to be made, and what has become of it. */
export interface FleetAttempt {
  /** Of each target, in their order. */
  readonly emulators: readonly CensusEmulator[];
  run(line: string): Promise<Said>;
  /** Runs a line in a process of its own, and kills that once the services have seen so many requests between them. */
  killedAt(moment: number, line: string): Promise<void>;
  /** Of each target. */
  labels(): readonly (readonly string[])[];
  close(): Promise<void>;
}

/** A fresh one. Its ledgers are in a Git repository without a remote: what a push adds to a death is tried with one target. */
export async function openKillFleet(): Promise<FleetAttempt> {
  const seed = { syncs: [{ id: 700, ...body('Foreign') }] };
  const emulators = await Promise.all(targets.map(() => startCensusV1({ latency: 2, seed })));
  const cwd = mkdtempSync(join(tmpdir(), 'syncline-fleet-'));
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', cwd]);
  writeFileSync(join(cwd, 'syncline.yaml'), projectFile());
  for (const target of targets) {
    mkdirSync(join(cwd, target));
    for (const name of ['c1', 'c2', 'c3']) {
      const text = manifestOf(name, `Label of ${name}`, name === 'c3' ? after('c1') : '');
      writeFileSync(join(cwd, target, `${name}.yaml`), text);
    }
  }
  const where = { cwd, env: environment(emulators) };
  const seen = () => emulators.reduce((sum, { requests }) => sum + requests.length, 0);
  return {
    emulators,
    run: (line) => cli(line, where),
    killedAt: async (moment, line) => {
      await killedOnce(() => seen() >= moment, line.split(' '), where);
      // What git has begun goes on by itself; whoever comes after a crash comes later than that.
      await deserted(cwd);
    },
    labels: () =>
      emulators.map((one) =>
        one
          .syncs()
          .map(({ label }) => String(label))
          .sort(byCodePoint),
      ),
    close: async () => {
      for (const one of emulators) await one.close();
      rmSync(cwd, { recursive: true, force: true });
    },
  };
}

function projectFile(): string {
  const lines = targets.map((name) => {
    const [url, token] = [`\${env.${name.toUpperCase()}_URL}`, `\${env.${name.toUpperCase()}_TOKEN}`];
    const where = `provider: census, api: v1, base_url: "${url}", token: "${token}", manifests: ["${name}/*.yaml"]`;
    return `  ${name}: { ${where}, limits: { settle_seconds: 0, concurrency: 3 } }\n`;
  });
  return `version: 1\nledger: git\ntargets:\n${lines.join('')}`;
}

function environment(emulators: readonly CensusEmulator[]): Readonly<Record<string, string>> {
  const own = emulators.flatMap(({ url, token }, index) => {
    const name = targets[index]?.toUpperCase();
    return [
      [`${name}_URL`, url],
      [`${name}_TOKEN`, token],
    ];
  });
  return { PATH: process.env.PATH ?? '', ...Object.fromEntries(own) };
}
