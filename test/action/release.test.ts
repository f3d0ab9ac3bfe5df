import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readInputs } from '../../src/action/inputs.ts';
import { manifest } from '../cli/workspace.ts';
import { entry, forge, pullPayload } from '../support/github/job.ts';
import { fencesOf } from '../support/markdown.ts';
import { nodes, root, run } from '../support/processes.ts';

vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'syncline-release-test-'));
const clone = join(folder, 'clone');
const elsewhere = join(folder, 'elsewhere');
const description: {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
} = load(readFileSync(join(root, 'action.yml'), 'utf8')) as never;

/** What is committed, and the built entry as `npm run build` leaves it. */
beforeAll(async () => {
  const left = new Set(['.git', 'node_modules', '.tools', 'dist']);
  cpSync(root, clone, { recursive: true, filter: (path) => !left.has(relative(root, path)) });
  cpSync(dirname(entry), join(clone, 'dist/action'), { recursive: true });
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'As it is committed');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function git(...args: readonly string[]): Promise<string> {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  const said = await run('git', [...who, ...args], { cwd: clone, env: { HOME: folder } });
  expect(said, said.stderr).toMatchObject({ code: 0 });
  return said.stdout.trim();
}

interface Job {
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly uses: string; readonly with?: Readonly<Record<string, string>> }[];
}

const release = () =>
  run(process.execPath, ['scripts/release-action.mjs', '--no-build'], { cwd: clone, env: { HOME: folder } });

describe('the commit of a release', () => {
  test('carries the built entry on top of what is checked out, and touches nothing else', async () => {
    const head = await git('rev-parse', 'HEAD');
    const said = await release();
    expect(said, said.stderr).toMatchObject({ code: 0 });
    const [commit = '', ...rest] = said.stdout.split('\n');
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(rest.join('\n')).toContain(`git tag v${version} ${commit}`);
    expect(await git('rev-parse', `${commit}^`)).toBe(head);
    expect((await git('diff', '--name-status', head, commit)).split('\n')).toEqual([
      'A\tdist/action/THIRD-PARTY-NOTICES.txt',
      'A\tdist/action/index.js',
    ]);
    expect(await git('rev-parse', 'main')).toBe(head);
    expect(await git('status', '--porcelain')).toBe('');
    expect((await release()).stdout.split('\n')[0]).toBe(commit);
    await git('worktree', 'add', '-q', '--detach', elsewhere, commit);
  });

  test('runs as it is checked out, without node_modules, on each Node', async () => {
    expect(existsSync(join(elsewhere, 'node_modules'))).toBe(false);
    const main = join(elsewhere, description.runs.main);
    const { github, commit, open, step } = await forge();
    const head = commit('topic', { 'syncs/users.yaml': manifest('users') });
    const number = open('topic');
    const job = {
      inputs: { command: 'plan' },
      event: 'pull_request',
      commit: head,
      payload: pullPayload(number, head),
      entry: main,
    };
    for (const [name, node] of nodes) {
      const said = await step({ ...job, node });
      expect(said, `${name}: ${said.log}`).toMatchObject({ code: 0 });
      expect(new Set(Object.keys(said.outputs))).toEqual(new Set(Object.keys(description.outputs)));
      expect(said.outputs).toMatchObject({ changes: '1' });
      expect(said.summary).toContain('**Plan for production: 1 to create');
    }
    expect(github.comments).toHaveLength(1);
  });

  test('ends as the command does where the runner takes no summary', async () => {
    const { commit, step } = await forge();
    const sha = commit('main', { 'syncs/users.yaml': manifest('users') });
    const env = { GITHUB_STEP_SUMMARY: '/nowhere/summary' };
    const said = await step({ inputs: { command: 'apply' }, event: 'push', commit: sha, entry, env });
    expect(said, said.log).toMatchObject({ code: 0, outputs: { changes: '1' } });
    expect(said.log).toContain('::warning title=Syncline::There is no summary');
  });

  test('is not made of what is not committed', async () => {
    writeFileSync(join(clone, 'action.yml'), 'name: Another\n');
    const said = await release();
    await git('checkout', '-q', 'action.yml');
    expect(said).toMatchObject({ code: 1, stdout: '' });
    expect(said.stderr).toContain('M action.yml');
  });
});

describe('action.yml', () => {
  test('declares each input that is read, with a description, and no other', () => {
    const read = new Set<string>();
    readInputs((name) => {
      read.add(name);
      return name === 'command' ? 'plan' : '';
    });
    expect(read).toEqual(new Set(Object.keys(description.inputs)));
    for (const one of Object.values({ ...description.inputs, ...description.outputs }))
      expect(one.description).toMatch(/\.$/);
  });

  test('has the defaults that are taken where nothing is given', () => {
    const bare = readInputs((name) => (name === 'command' ? 'plan' : ''));
    const usual = readInputs((name) => (name === 'command' ? 'plan' : (description.inputs[name]?.default ?? '')));
    expect({ ...usual, token: '' }).toEqual({ ...bare, token: '' });
  });

  test('the workflow of the README gives inputs that there are, and the rights that each command needs', () => {
    const fence = fencesOf(readFileSync(join(root, 'docs/ci.md'), 'utf8')).find((one) => one.mark === 'action');
    const workflow: { readonly jobs: Readonly<Record<string, Job>> } = load(fence?.text ?? '') as never;
    const jobs = Object.entries(workflow.jobs).map(([name, { permissions, steps }]) => {
      const given = steps.filter((one) => one.uses.startsWith('syncline-dev/syncline@')).map((one) => one.with ?? {});
      expect(given.flatMap(Object.keys).filter((one) => description.inputs[one] === undefined)).toEqual([]);
      expect(given.map((one) => one.command)).toEqual([name]);
      return [name, permissions];
    });
    expect(Object.fromEntries(jobs)).toEqual({
      plan: { contents: 'read', 'pull-requests': 'write' },
      apply: { contents: 'write', 'pull-requests': 'write', actions: 'read' },
      drift: { contents: 'read', issues: 'write' },
    });
  });

  test('runs on Node 24', () => expect(description.runs.using).toBe('node24'));
});
