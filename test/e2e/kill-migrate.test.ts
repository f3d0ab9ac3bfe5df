import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startCensusV2 } from '../../src/emulator/census-v2/server.ts';
import { cli, folder } from '../cli/in-process.ts';
import { smallAccount } from '../cli/move/accounts.ts';
import { momentsOf } from '../support/moments.ts';
import { built, deserted, root, run } from '../support/processes.ts';

const there = 'migrate api --to v2 --token-env PAT';

/** A project that was pulled from v1, as often as it is wanted, and the service, to which nothing is ever written. */
async function world(ledger: 'git' | 'file') {
  const emulator = await startCensusV2({ seed: smallAccount });
  onTestFinished(() => emulator.close());
  const template = folder();
  const env = {
    ...{ PATH: process.env.PATH ?? '', HOME: template, URL: emulator.url },
    ...{ KEY: String(emulator.workspaceTokens['4321']), PAT: emulator.token },
  };
  const project = join(template, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'syncline.yaml'), projectFile(ledger));
  const git = (...args: readonly string[]) => {
    const person = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
    execFileSync('git', [...person, ...args], { cwd: project, env });
  };
  if (ledger === 'git') {
    git('init', '--quiet', '--bare', '../shared.git');
    git('init', '--quiet', '--initial-branch=main');
    git('remote', 'add', 'origin', '../shared.git');
  }
  expect((await cli('pull', { cwd: project, env })).code).toBe(0);
  if (ledger === 'git') {
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Pulled');
    git('push', '--quiet', 'origin', 'main');
  }
  return { emulator, template, env };
}

type World = Awaited<ReturnType<typeof world>>;

function projectFile(ledger: string): string {
  const [url, token] = ['URL', 'KEY'].map((name) => `"\${env.${name}}"`);
  const target = `provider: census, api: v1, base_url: ${url}, token: ${token}, workspace: 4321`;
  return `version: 1\nmanifests: [syncs/*.yaml]\nledger: ${ledger}\ntargets:\n  production: { ${target} }\n`;
}

/** Moves a copy in a process of its own, which dies just before a step; at step 0 it lives. The steps that it has taken. */
async function diesAt(moment: number, { template, env }: World) {
  const place = join(folder(), 'copy');
  cpSync(template, place, { recursive: true });
  const [cwd, steps] = [join(place, 'project'), join(place, 'steps')];
  writeFileSync(steps, '');
  const command = ['--import', join(root, 'test/support/die-at.mjs'), built(), ...there.split(' ')];
  const ended = await run(process.execPath, command, { cwd, env: { ...env, STEPS: steps, DIE_AT: String(moment) } });
  // A push that was under way goes on by itself; whoever comes after a crash comes later than that.
  await deserted(cwd);
  return {
    cwd,
    ended,
    steps: readFileSync(steps, 'utf8').trimEnd().split('\n'),
    done: () => rmSync(place, { recursive: true }),
  };
}

/** Kills the move at each of these steps, in a fresh copy each time; the same line ends it, and nothing is different then. */
async function survives(all: World, moments: readonly number[]): Promise<void> {
  for (const moment of moments) {
    const { cwd, ended, steps, done } = await diesAt(moment, all);
    const said = `after a death before step ${moment}, behind ${steps.at(-1) ?? ''}`;
    expect(ended.code, said).toBe(null);
    const setting = { cwd, env: all.env };
    const rerun = await cli(there, setting);
    expect(rerun, said).toMatchObject({ code: 0, err: '' });
    const planned = await cli('plan --exit-code', setting);
    expect(planned, said).toMatchObject({ code: 0, out: expect.stringMatching(/census v2[\s\S]*Nothing to do/) });
    done();
  }
  expect(all.emulator.requests.filter((one) => one.method !== 'GET')).toEqual([]);
}

/** The moments before the first step that others can see, and just after each; with MOMENTS=all every one. */
function around(steps: readonly string[], visible: RegExp): readonly number[] {
  const seen = steps.flatMap((step, index) => (visible.test(step) ? [index + 1] : []));
  const chosen = [...seen.slice(0, 1), ...seen.map((moment) => moment + 1)];
  const all = momentsOf(steps.length, steps.length + 1, 0);
  return [...new Set([...all, ...chosen])].filter((moment) => moment <= steps.length);
}

describe('a move that is killed at any step is ended by the same line', () => {
  test.each([
    ['file', /^rename .*(?:production\.json|syncline\.yaml)$/],
    ['git', /^git .* push |^rename .*syncline\.yaml$/],
  ] as const)('with the %s ledger', { timeout: 900_000 }, async (ledger, visible) => {
    const all = await world(ledger);
    const whole = await diesAt(0, all);
    expect(whole.ended).toMatchObject({ code: 0, stderr: '' });
    const moments = around(whole.steps, visible);
    expect(moments.length).toBeGreaterThan(3);
    await survives(all, moments);
  });
});
