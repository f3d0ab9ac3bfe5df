import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../../src/model/errors.ts';
import { checkAgainst, lintScript, lintWorkflows } from '../../support/linters.ts';
import { fencesOf } from '../../support/markdown.ts';
import { root, run } from '../../support/processes.ts';
import { cli, folder } from '../in-process.ts';

type Targets = Readonly<Record<string, string>>;

interface Case {
  /** Where the project lies in its repository. */
  readonly place?: string;
  readonly branch?: string;
  readonly name?: string;
  readonly targets?: Targets;
  readonly ledger?: string;
  readonly packaged?: boolean;
}

const several = {
  production: `token: "\${env.CENSUS_TOKEN}", base_url: "\${env.CENSUS_URL}"`,
  staging: `token: "\${env.CENSUS_STAGING_TOKEN}"`,
  'staging-2': `token: "\${env.CENSUS_STAGING_TOKEN}"`,
  key: `personal_access_token: "\${env.CENSUS_KEY}", workspace: 4321`,
};
const one = { production: `token: "\${env.CENSUS_TOKEN}"` };
const many = Object.fromEntries(
  Array.from({ length: 100 }, (_, index) => [`workspace-${index}`, `token: "\${env.TOKEN_${index}}"`]),
);

const cases: Readonly<Record<string, Case>> = {
  'one target': {},
  'several targets, each with its own variables': { targets: several },
  'a project in a subfolder': { place: 'data/crm', name: 'crm', targets: several, packaged: true },
  'a nameless project in a subfolder': { place: 'data/crm' },
  'a folder with an odd name': { place: `it's "odd" – a: b #c/$x` },
  'a folder in another script': { place: 'данные/客户' },
  'a branch with an odd name': { branch: "release/1.0+x's!" },
  'targets and variables that look like something else': {
    branch: 'true',
    targets: { true: `token: "\${env.NO}"`, '2024': `token: "\${env._on}"`, '1e5': `token: "\${env.null}"` },
  },
  'a hundred targets': { targets: many },
  'no ledger': { ledger: 'none', targets: several },
};
const systems = ['github', 'github-action', 'gitlab'] as const;

interface Written {
  readonly file: string;
  readonly text: string;
  readonly out: string;
}

/** What `init --ci SYSTEM` writes for a project, in a repository of its own. */
async function written(system: (typeof systems)[number], { targets = one, ...wanted }: Case = {}): Promise<Written> {
  const repository = folder();
  const project = join(repository, wanted.place ?? '');
  mkdirSync(project, { recursive: true });
  await git(repository, 'init', '-q', '-b', wanted.branch ?? 'main');
  const blocks = Object.entries(targets).map(([name, rest]) => `  "${name}": { provider: census, api: v1, ${rest} }\n`);
  const ledger = wanted.ledger === undefined ? '' : `ledger: ${wanted.ledger}\n`;
  const name = wanted.name === undefined ? '' : `name: ${wanted.name}\n`;
  const text = `version: 1\n${name}${ledger}manifests: [syncs/*.yaml]\ntargets:\n${blocks.join('')}`;
  writeFileSync(join(project, 'syncline.yaml'), text);
  const dependencies = { devDependencies: { syncline: '^0.2.0' } };
  if (wanted.packaged) writeFileSync(join(repository, 'package.json'), JSON.stringify(dependencies));
  const said = await cli(['init', '--ci', system], { cwd: project, env: { PATH: process.env.PATH } });
  expect(said).toMatchObject({ code: Exit.ok, err: '' });
  const [, path = ''] = /^wrote {2}(.*(?:syncs.*\.yaml|gitlab-ci\.yml))$/m.exec(said.out) ?? [];
  const file = join(project, path);
  return { file, text: readFileSync(file, 'utf8'), out: said.out };
}

async function git(cwd: string, ...args: readonly string[]): Promise<void> {
  const ended = await run('git', args, { cwd });
  if (ended.code !== 0) throw new Error(ended.stderr);
}

interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>> & {
    readonly push: { readonly branches: readonly string[] };
    readonly workflow_dispatch?: { readonly inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  };
  readonly permissions: object;
  readonly defaults: { readonly run: object };
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}

interface WorkflowJob {
  readonly if: string;
  readonly 'timeout-minutes': number;
  readonly permissions: object;
  readonly strategy?: object;
  readonly concurrency?: { readonly group: string };
  readonly steps: readonly Step[];
}

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

function workflowIn({ text }: Pick<Written, 'text'>): Workflow {
  return load(text) as Workflow;
}

/** What a job of a workflow is given, over all its steps. */
function environmentOf(job: WorkflowJob | undefined): Readonly<Record<string, string>> {
  return Object.assign({}, ...(job?.steps ?? []).map((step) => step.env ?? {}));
}

describe('the linters', () => {
  test('know `queue`, and what it may be', async () => {
    const place = folder();
    const { text } = await written('github');
    const files = ['max', 'all'].map((value) => {
      const file = join(place, `${value}.yaml`);
      writeFileSync(file, text.replaceAll('queue: max', `queue: ${value}`));
      return file;
    });
    const said = await lintWorkflows(files);
    expect(said.code).toBe(1);
    expect(said.stdout).toMatch(/all\.yaml.*invalid value "all" for "queue"/);
    expect(said.stdout).not.toContain('max.yaml');
    expect((await checkAgainst('github-workflows', files)).stdout).toMatch(/all\.yaml.*queue/s);
  });
});

describe.each(systems)('init --ci %s', (system) => {
  test('writes files that linters and schemas pass, whatever the project', async () => {
    const files: string[] = [];
    for (const wanted of Object.values(cases)) files.push((await written(system, wanted)).file);
    if (system !== 'gitlab') {
      expect(await lintWorkflows(files)).toEqual({ code: 0, stdout: '', stderr: '' });
      expect(await checkAgainst('github-workflows', files)).toMatchObject({ code: 0 });
      return;
    }
    expect(await checkAgainst('gitlab-ci', files)).toMatchObject({ code: 0 });
    for (const file of files) expect(await lintScript(scriptOf(file))).toEqual({ code: 0, stdout: '', stderr: '' });
  }, 120_000);

  test('is what the examples show', async () => {
    const targets = {
      production: `token: "\${env.CENSUS_TOKEN}"`,
      staging: `token: "\${env.CENSUS_STAGING_TOKEN}"`,
    };
    const { text } = await written(system, { targets, packaged: true });
    const path = { github: 'github/npx.yaml', 'github-action': 'github/action.yaml', gitlab: 'gitlab/.gitlab-ci.yml' };
    const file = join(root, 'examples', path[system]);
    // The sources have no version of their own.
    const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const shown = text.replaceAll(/(?<=\/syncline@v)\d+/g, version.split('.')[0] ?? '');
    if (process.env.UPDATE === '1') {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, shown);
    }
    expect(readFileSync(file, 'utf8')).toBe(shown);
  });
});

/** The commands of all jobs for GitLab, each job a function, as a script of bash. */
function scriptOf(file: string): string {
  const jobs = load(readFileSync(file, 'utf8')) as Readonly<Record<string, { readonly script?: readonly string[] }>>;
  const bodies = Object.values(jobs).flatMap(({ script }, index) =>
    script === undefined ? [] : [`job${index}() {\n${script.join('\n')}\n}\njob${index}`],
  );
  const path = join(folder(), 'jobs.sh');
  writeFileSync(path, `#!/bin/bash\n${bodies.join('\n')}\n`);
  return path;
}

describe.each(['github', 'github-action'] as const)('a workflow for %s', (system) => {
  test('has one job for each occasion, with the least rights', async () => {
    const { jobs, permissions, on } = workflowIn(await written(system, { targets: several }));
    expect(permissions).toEqual({});
    expect(Object.keys(on)).toEqual(['pull_request', 'merge_group', 'push', 'schedule', 'workflow_dispatch']);
    const queue = system === 'github' ? { 'pull-requests': 'read', actions: 'read' } : {};
    const apply = system === 'github' ? {} : { 'pull-requests': 'write', actions: 'read' };
    expect(Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, job.permissions]))).toEqual({
      plan: { contents: 'read', 'pull-requests': 'write' },
      'merge-queue': { contents: 'read', ...queue },
      apply: { contents: 'write', ...apply },
      prune: { contents: 'write' },
      drift: { contents: 'read', issues: 'write' },
      checked: {},
    });
    for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  test('drops no apply: all that write to a target wait for each other', async () => {
    const { jobs } = workflowIn(await written(system, { targets: several, name: 'crm' }));
    const inTurn = { queue: 'max', 'cancel-in-progress': false };
    expect(jobs).toMatchObject({
      apply: { concurrency: { group: `syncline-crm-\${{ matrix.target }}`, ...inTurn } },
      prune: { concurrency: { group: `syncline-crm-\${{ inputs.target }}`, ...inTurn } },
    });
    const groups = Object.values(jobs).flatMap((job) => job.concurrency?.group ?? []);
    expect(new Set(groups).size).toBe(groups.length);
  });

  test('checks out the whole history, in every job that looks at it', async () => {
    const { jobs } = workflowIn(await written(system));
    for (const name of ['plan', 'merge-queue', 'apply', 'prune', 'drift']) {
      const checkout = jobs[name]?.steps.find(({ uses }) => uses?.startsWith('actions/checkout@'));
      expect(checkout?.with, name).toEqual({ 'fetch-depth': 0 });
    }
  });

  test('gives each target its own variables, and no other', async () => {
    const { jobs } = workflowIn(await written(system, { targets: several }));
    for (const name of ['plan', 'merge-queue', 'apply', 'drift']) {
      expect(jobs[name]?.strategy, name).toEqual({ 'fail-fast': false, matrix: { target: Object.keys(several) } });
      expect(environmentOf(jobs[name]), name).toMatchObject({
        CENSUS_TOKEN: `\${{ matrix.target == 'production' && secrets.CENSUS_TOKEN || '' }}`,
        CENSUS_STAGING_TOKEN: `\${{ contains(fromJSON('["staging","staging-2"]'), matrix.target) && secrets.CENSUS_STAGING_TOKEN || '' }}`,
        CENSUS_KEY: `\${{ matrix.target == 'key' && secrets.CENSUS_KEY || '' }}`,
        CENSUS_URL: `\${{ matrix.target == 'production' && vars.CENSUS_URL || '' }}`,
      });
    }
    expect(environmentOf(jobs.prune).CENSUS_TOKEN).toBe(
      `\${{ inputs.target == 'production' && secrets.CENSUS_TOKEN || '' }}`,
    );
  });

  test('prunes one of the targets, by a number that somebody gives', async () => {
    const { on } = workflowIn(await written(system, { targets: several }));
    expect(on.workflow_dispatch?.inputs).toMatchObject({
      target: { type: 'choice', options: Object.keys(several), required: true },
      deletes: { type: 'number', required: true },
    });
  });

  test('works in the folder of the project, and is named after it', async () => {
    const place = { place: 'data/crm', name: 'crm' };
    const flow = await written(system, place);
    expect(flow.file).toMatch(/\/\.github\/workflows\/syncs-data-crm\.yaml$/);
    const { defaults, jobs, name } = workflowIn(flow);
    expect(name).toBe('syncs of crm');
    expect(defaults.run).toEqual({ shell: 'bash', 'working-directory': 'data/crm' });
    expect(jobs).toMatchObject({ apply: { concurrency: { group: `syncline-crm-\${{ matrix.target }}` } } });
  });

  test('has neither drift nor pruning where nothing is remembered', async () => {
    const { jobs, on } = workflowIn(await written(system, { ledger: 'none' }));
    expect(Object.keys(jobs)).toEqual(['plan', 'merge-queue', 'apply', 'checked']);
    expect(Object.keys(on)).toEqual(['pull_request', 'merge_group', 'push']);
  });
});

test('a workflow with the Action gives it nothing that it does not take', async () => {
  const { inputs } = load(readFileSync(join(root, 'action.yml'), 'utf8')) as { readonly inputs: object };
  const { jobs } = workflowIn(await written('github-action', { targets: several, place: 'data/crm' }));
  const calls = Object.values(jobs).flatMap(({ steps }) => steps.filter(({ uses }) => uses?.includes('/syncline@')));
  expect(calls).toHaveLength(6);
  const given = new Set(calls.flatMap((step) => Object.keys(step.with ?? {})));
  expect([...given].filter((name) => !Object.hasOwn(inputs, name))).toEqual([]);
});

describe('the branch whose pushes are applied', () => {
  const branchesOf = (flow: Written) => workflowIn(flow).on.push.branches;

  test('is that of a new repository', async () => {
    expect(branchesOf(await written('github', { branch: 'trunk' }))).toEqual(['trunk']);
  });

  test('has nothing in its name that GitHub takes for a pattern', async () => {
    expect(branchesOf(await written('github', { branch: 'v1+!' }))).toEqual(['v1\\+\\!']);
  });

  test.each([
    ['the default one of the remote', 'origin', 'trunk'],
    ['the default one of the only remote', 'upstream', 'trunk'],
    ['`main`, where no remote says anything', undefined, 'main'],
  ])('is %s, not the one somebody is on', async (_what, remote, expected) => {
    const place = folder();
    await git(place, 'init', '-q', '-b', 'feature');
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@b.c'];
    await git(place, ...who, 'commit', '-q', '--allow-empty', '-m', 'first');
    await git(place, 'branch', 'main');
    if (remote !== undefined) {
      await git(place, 'remote', 'add', remote, 'https://example.com/acme/syncs.git');
      await git(place, 'symbolic-ref', `refs/remotes/${remote}/HEAD`, `refs/remotes/${remote}/trunk`);
    }
    await cli('init --ci', { cwd: place, env: { PATH: process.env.PATH, HOME: place } });
    const text = readFileSync(join(place, '.github/workflows/syncs.yaml'), 'utf8');
    expect(workflowIn({ text }).on.push.branches).toEqual([expected]);
  });
});

describe('what runs', () => {
  const commands = ({ text }: Written) =>
    Object.values(workflowIn({ text }).jobs).flatMap((job) => job.steps.flatMap((step) => step.run ?? []));

  test('is what package.json says, and its lock file', async () => {
    const flow = await written('github', { packaged: true, place: 'crm' });
    expect(commands(flow)).toContain('npm ci --ignore-scripts');
    expect(flow.text).not.toContain('npx --yes');
    expect(flow.out).toContain('commit package-lock.json');
  });

  test('is this version, where no package.json names one', async () => {
    const flow = await written('github');
    expect(flow.text).not.toContain('npm ci');
    expect(flow.text).toMatch(/npx --yes syncline@\d+\.\d+\.\d+ apply/);
  });
});

describe('init --ci', () => {
  test('begins a project and its workflow at once', async () => {
    const cwd = folder();
    expect((await cli('init --ci', { cwd })).code).toBe(Exit.ok);
    const jobs = workflowIn({ text: readFileSync(join(cwd, '.github/workflows/syncs.yaml'), 'utf8') }).jobs;
    expect(environmentOf(jobs.apply)).toMatchObject({ CENSUS_TOKEN: `\${{ secrets.CENSUS_TOKEN }}` });
    expect((await cli('validate', { cwd })).code).toBe(Exit.ok);
  });

  test.each(['init --ci', '--ci init', 'init --ci --quiet', 'init --ci=github', '--ci github init'])(
    '`%s` means GitHub',
    async (line) => {
      const cwd = folder();
      expect((await cli(line, { cwd })).code).toBe(Exit.ok);
      expect(existsSync(join(cwd, '.github/workflows/syncs.yaml'))).toBe(true);
    },
  );

  test.each([
    ['init --ci gitlb', 'It is github, github-action, gitlab. Did you mean gitlab?'],
    ['init --ci github --ci gitlab', '--ci is given 2 times.'],
  ])('%s is refused', async (line, expected) => {
    const cwd = folder();
    const said = await cli(line, { cwd });
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain(expected);
    expect(existsSync(join(cwd, 'syncline.yaml'))).toBe(false);
  });

  test('a project that is broken is told first, and nothing is written', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'syncline.yaml'), 'version: 1\nmanifests: []\n');
    const said = await cli('init --ci', { cwd });
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain('syncline.yaml:1:1');
    expect(existsSync(join(cwd, '.github'))).toBe(false);
    expect(existsSync(join(cwd, '.gitignore'))).toBe(false);
  });

  test('a file that was kept is pointed out once the project has changed', async () => {
    const cwd = folder();
    await cli('init --ci', { cwd });
    expect((await cli('init --ci', { cwd })).out).toContain('kept   .github/workflows/syncs.yaml\n');
    const file = join(cwd, 'syncline.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('CENSUS_TOKEN', 'OTHER_TOKEN'));
    expect((await cli('init --ci', { cwd })).out).toContain(
      'kept   .github/workflows/syncs.yaml (it is out of date for this project',
    );
  });

  test('says what is left to do', async () => {
    const { out } = await written('github', { targets: several, branch: 'trunk' });
    expect(out).toContain('add CENSUS_TOKEN, CENSUS_STAGING_TOKEN, CENSUS_KEY to the secrets of the repository');
    expect(out).toContain('add CENSUS_URL to the variables of the repository');
    expect(out).toContain('check that trunk is the branch');
    const reserved = { production: `token: "\${env.GITHUB_X}"` };
    expect((await written('github', { targets: reserved })).out).toContain('give GITHUB_X another name');
    const crowd = Object.fromEntries(Array.from({ length: 257 }, (_, index) => [`t${index}`, one.production]));
    expect((await written('github', { targets: crowd })).out).toContain('No matrix makes more than 256 jobs');
  });

  test('GitLab reads one file; a project in a subfolder is included there', async () => {
    expect((await written('gitlab')).file).toMatch(/\/\.gitlab-ci\.yml$/);
    const { file, out, text } = await written('gitlab', { place: 'crm' });
    expect(file).toMatch(/\/\.gitlab\/syncs-crm\.gitlab-ci\.yml$/);
    expect(out).toContain('include: [{ local: .gitlab/syncs-crm.gitlab-ci.yml }]');
    // The rules of whole pipelines belong to the file that includes this one.
    expect(Object.keys(load(text) as object)).not.toContain('workflow');
  });
});

test('the workflows and the Action of this repository pass as well, and those that the guide shows', async () => {
  const place = join(root, '.github/workflows');
  const files = readdirSync(place).map((name) => join(place, name));
  const shown = fencesOf(readFileSync(join(root, 'docs/ci.md'), 'utf8')).filter(({ text }) => /^jobs:$/m.test(text));
  expect(shown).not.toEqual([]);
  const folderOfShown = folder();
  for (const [index, { text }] of shown.entries()) {
    const file = join(folderOfShown, `${index}.yaml`);
    writeFileSync(file, text);
    files.push(file);
  }
  expect(files.length).toBeGreaterThan(1);
  expect(await lintWorkflows(files)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(await checkAgainst('github-workflows', files)).toMatchObject({ code: 0 });
  expect(await checkAgainst('github-actions', [join(root, 'action.yml')])).toMatchObject({ code: 0 });
});
