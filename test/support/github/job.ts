import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { act } from '../../../src/action/act.ts';
import { type CensusEmulator, startCensusV1 } from '../../../src/emulator/census-v1/server.ts';
import { world } from '../../cli/in-process.ts';
import { project } from '../../cli/workspace.ts';
import { root, run } from '../processes.ts';
import type { Identity, Run } from './nouns.ts';
import { type GitHubStandIn, startGitHub, workflow } from './server.ts';

/** What one step of a job left behind. */
export interface Step {
  readonly code: number | null;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly run: Run;
}

/** How a step is started. */
export interface StepOptions {
  readonly inputs: Readonly<Record<string, string>>;
  readonly event: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  /** The commit that is checked out. */
  readonly commit: string;
  /** GITHUB_SHA, where it is another. */
  readonly sha?: string;
  readonly ref?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: Partial<Run>;
  /** The checkout has every commit of every branch (`fetch-depth: 0`). */
  readonly whole?: boolean;
  /** The built entry, in a process of its own; otherwise the step runs in this one. */
  readonly entry?: string;
  readonly node?: string;
}

/** A repository at GitHub with a project in it, and the workspaces that its targets are. */
export interface Forge {
  readonly github: GitHubStandIn;
  readonly emulator: CensusEmulator;
  /** Of a second target, `staging`, where one was asked for. */
  readonly staging: CensusEmulator | undefined;
  /** Writes files (undefined removes one) and commits them on a branch; gives the commit. */
  commit(branch: string, files: Readonly<Record<string, string | undefined>>): string;
  /** Merges a branch into main with a merge commit, or as one commit; gives the commit. */
  merge(branch: string, how?: 'merge' | 'squash'): string;
  /** Opens a pull request of a branch, and gives its number. */
  open(branch: string, repository?: string | null): number;
  step(options: StepOptions): Promise<Step>;
  /** Everything that is no read and has reached the service. */
  writes(): readonly string[];
}

/** The usual token of a job, with the rights that the README asks for. */
export const jobToken = 'ghs_jobtoken0123456789';
const bot: Identity = {
  login: 'github-actions[bot]',
  type: 'Bot',
  rights: { 'pull-requests': 'write', issues: 'write', actions: 'read', contents: 'write' },
};

/** The entry that a build makes. */
export const entry = join(root, 'dist/action/index.js');

export async function forge(options: { readonly staging?: boolean; readonly name?: string } = {}): Promise<Forge> {
  if (!existsSync(entry))
    throw new Error('dist/action/index.js is missing: run `npm run build` first (`npm test` does).');
  const folder = mkdtempSync(join(tmpdir(), 'syncline-action-'));
  const github = await startGitHub();
  const emulator = await startCensusV1({});
  const staging = options.staging === true ? await startCensusV1({ token: 'staging-token-12345' }) : undefined;
  onTestFinished(async () => {
    await Promise.all([github.close(), emulator.close(), staging?.close()]);
    rmSync(folder, { recursive: true, force: true });
  });
  github.tokens.set(jobToken, bot);
  const origin = join(folder, 'origin.git');
  const work = join(folder, 'work');
  const git = (...commands: readonly (readonly string[])[]) => gitIn(folder, work, commands);
  gitIn(folder, folder, [
    ['init', '--bare', '-q', '-b', 'main', origin],
    ['-C', origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true'],
    ['-C', origin, 'config', 'receive.autogc', 'false'],
    ['clone', '-q', origin, work],
  ]);
  const targets = { production: emulator.url, ...(staging === undefined ? {} : { staging: staging.url }) };
  const text = project(targets).replace(
    'version: 1\n',
    `version: 1\n${options.name === undefined ? '' : `name: ${options.name}\n`}`,
  );
  const file = staging === undefined ? text : text.replace(/(staging: .*)env\.TOKEN/, '$1env.STAGING_TOKEN');
  const branches = new Set<string>();
  let count = 0;

  const commit: Forge['commit'] = (branch, files) => {
    git([
      'checkout',
      '-q',
      ...(branches.has(branch) ? [branch] : branches.size === 0 ? ['-B', branch] : ['-b', branch, 'main']),
    ]);
    branches.add(branch);
    for (const [path, content] of Object.entries(files)) {
      if (content === undefined) rmSync(join(work, path));
      else {
        mkdirSync(dirname(join(work, path)), { recursive: true });
        writeFileSync(join(work, path), content);
      }
    }
    count += 1;
    const sha = git(
      ['add', '-A'],
      ['commit', '-q', '--allow-empty', '-m', `Commit ${count}`],
      ['push', '-q', 'origin', branch],
      ['rev-parse', 'HEAD'],
    );
    for (const pull of github.pulls) if (pullBranches.get(pull.number) === branch) pull.head = { ...pull.head, sha };
    return sha;
  };
  const pullBranches = new Map<number, string>();
  commit('main', { 'syncline.yaml': file });

  return {
    github,
    emulator,
    staging,
    commit,
    merge: (branch, how = 'merge') => {
      const merged =
        how === 'merge'
          ? [['merge', '-q', '--no-ff', '-m', `Merge ${branch}`, branch]]
          : [
              ['merge', '-q', '--squash', branch],
              ['commit', '-q', '-m', `Squash ${branch}`],
            ];
      git(['checkout', '-q', 'main'], ...merged, ['push', '-q', 'origin', 'main']);
      const sha = git(['rev-parse', 'HEAD']);
      const pull = github.pulls.find((one) => pullBranches.get(one.number) === branch);
      if (pull !== undefined) pull.merged = { sha };
      return sha;
    },
    open: (branch, repository = github.repository) => {
      const number = github.pulls.length + 7;
      const sha = git(['rev-parse', branch]);
      pullBranches.set(number, branch);
      github.pulls.push({ number, head: { sha, repository }, base: 'main', merged: undefined, commits: [] });
      return number;
    },
    step: (wanted) => step(folder, origin, github, tokens(emulator, staging), wanted),
    writes: () =>
      [emulator, ...(staging === undefined ? [] : [staging])].flatMap(({ requests }) =>
        requests.filter((one) => one.method !== 'GET').map((one) => `${one.method} ${one.path}`),
      ),
  };
}

function tokens(emulator: CensusEmulator, staging: CensusEmulator | undefined): Readonly<Record<string, string>> {
  return { TOKEN: emulator.token, ...(staging === undefined ? {} : { STAGING_TOKEN: staging.token }) };
}

async function step(
  folder: string,
  origin: string,
  github: GitHubStandIn,
  secrets: Readonly<Record<string, string>>,
  { inputs, event, payload = {}, commit, sha = commit, ref = 'refs/heads/main', env = {}, ...more }: StepOptions,
): Promise<Step> {
  const job = mkdtempSync(join(folder, 'job-'));
  const workspace = join(job, 'workspace');
  // As `actions/checkout` does it: one commit deep, on no branch.
  mkdirSync(workspace);
  const fetch = ['fetch', '-q', '--no-auto-maintenance'];
  gitIn(folder, workspace, [
    ['init', '-q'],
    ['remote', 'add', 'origin', `file://${origin}`],
    [...fetch, ...(more.whole === true ? [] : ['--depth', '1']), 'origin', commit],
    ...(more.whole === true ? [[...fetch, 'origin', '+refs/heads/*:refs/remotes/origin/*']] : []),
    ['checkout', '-q', '--detach', commit],
  ]);
  const head = (payload.pull_request as { readonly head?: { readonly sha: string } } | undefined)?.head?.sha;
  const started = github.startRun({ event, headSha: head ?? sha, ...more.run });
  const file = (name: string, content = '') => {
    writeFileSync(join(job, name), content);
    return join(job, name);
  };
  const repository = { full_name: github.repository, private: true, default_branch: 'main' };
  const paths = { output: file('output'), summary: file('summary') };
  const surroundings = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: 'octocat',
    GITHUB_API_URL: github.url,
    GITHUB_GRAPHQL_URL: `${github.url}/graphql`,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: github.repository,
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: file('event.json', JSON.stringify({ repository, ...payload })),
    GITHUB_SHA: sha,
    GITHUB_REF: ref,
    GITHUB_RUN_ID: String(started.id),
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_WORKFLOW_REF: `${github.repository}/${workflow}@${ref}`,
    GITHUB_WORKSPACE: workspace,
    GITHUB_OUTPUT: paths.output,
    GITHUB_STEP_SUMMARY: paths.summary,
    RUNNER_TEMP: job,
    ACTIONS_RESULTS_URL: `${github.url}/`,
    ACTIONS_RUNTIME_TOKEN: started.runtimeToken,
    'INPUT_GITHUB-TOKEN': jobToken,
    'INPUT_WORKING-DIRECTORY': '.',
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    ...secrets,
    ...env,
  };
  const ended =
    more.entry === undefined
      ? await inThisProcess(surroundings, workspace)
      : await inOneOfItsOwn(more.entry, more.node ?? process.execPath, surroundings, workspace, paths);
  started.conclusion = ended.code === 0 ? 'success' : 'failure';
  return { ...ended, run: started };
}

type Ended = Omit<Step, 'run'>;
type World = Readonly<Record<string, string>>;

async function inOneOfItsOwn(
  file: string,
  node: string,
  env: World,
  cwd: string,
  paths: { readonly output: string; readonly summary: string },
): Promise<Ended> {
  if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run build\` first (\`npm test\` does).`);
  const { code, stdout, stderr } = await run(node, [file], { cwd, env });
  const outputs = outputsIn(readFileSync(paths.output, 'utf8'));
  return { code, log: `${stdout}${stderr}`, summary: readFileSync(paths.summary, 'utf8'), outputs };
}

/** As the built entry does it, but for the toolkit that speaks to the runner. */
async function inThisProcess(env: World, cwd: string): Promise<Ended> {
  const outputs: Record<string, string> = {};
  const secrets: string[] = [];
  let summary = '';
  const { io, said } = world({ cwd, env });
  const redact = (text: string) => secrets.reduce((clean, one) => clean.replaceAll(one, '***'), text);
  const code = await act({
    io,
    input: (name) => env[`INPUT_${name.toUpperCase()}`]?.trim() ?? '',
    output: (name, value) => {
      outputs[name] = value;
    },
    secret: (value) => {
      if (value !== '') secrets.push(value);
    },
    redact,
    summary: async (markdown) => {
      summary += redact(markdown);
    },
    log: (text) => io.stdout.write(text),
  });
  const { out, err } = said();
  return { code, log: `${out}${err}`, summary, outputs };
}

/** `name<<ghadelimiter_…`, the value, and the delimiter again. */
function outputsIn(text: string): Readonly<Record<string, string>> {
  const all = text.matchAll(/^(.+?)<<(ghadelimiter_\S+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...all].map(([, name = '', , value = '']) => [name, value]));
}

/** Runs these commands of git until one fails, in one shell: each process that a test starts by itself is a dear one. What they print. */
function gitIn(home: string, cwd: string, commands: readonly (readonly string[])[]): string {
  const settings = ['user.name=Ada', 'user.email=ada@example.com', 'init.defaultBranch=main', 'gc.auto=0'];
  const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
  const lines = commands.map((args) =>
    ['git', ...settings.flatMap((one) => ['-c', one]), ...args].map(quoted).join(' '),
  );
  const env = { PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('sh', ['-ec', lines.join('\n')], {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** The payload of a pull request's event. */
export function pullPayload(
  number: number,
  headSha: string,
  more: { readonly repository?: string | null; readonly by?: string } = {},
) {
  const { repository = 'acme/syncs', by = 'octocat' } = more;
  const repo = repository === null ? null : { full_name: repository };
  return { pull_request: { number, head: { sha: headSha, repo }, user: { login: by } } };
}

/** The digests that a step gave out, by target. */
export function digestsOf({ outputs }: Step): Readonly<Record<string, string>> {
  return JSON.parse(String(outputs.digest));
}
