import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CensusEmulator, startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { openRepositories, type Repositories } from '../ledger/git-repositories.ts';
import { syncline } from '../support/processes.ts';
import { type Contexts, type Done, type Job, type Runner, runner } from '../support/runner.ts';

/** The commands of the files for CI are run as they stand: on a runner with a gh and an npm of its own, against an emulator. */

let repositories: Repositories;
let emulator: CensusEmulator;
let machine: Runner;
/** Where somebody works. */
let desk: string;
let count = 0;

const projectFile = `version: 1
name: crm
manifests: [syncs/*.yaml]
targets:
  production: { provider: census, api: v1, base_url: "\${env.CENSUS_URL}", token: "\${env.CENSUS_TOKEN}" }
  staging: { provider: census, api: v1, token: "\${env.CENSUS_STAGING_TOKEN}" }
`;

/** A repository whose project lies in a subfolder, with the file for CI that `init --ci SYSTEM` writes. */
async function open(system: string): Promise<void> {
  repositories = openRepositories();
  emulator = await startCensusV1({ seed: { syncs: [] } });
  machine = runner(repositories.folder);
  desk = repositories.clone('desk');
  mkdirSync(join(desk, 'data/crm/syncs'), { recursive: true });
  writeFileSync(join(desk, 'data/crm/syncline.yaml'), projectFile);
  write('users', { label: 'Users' });
  write('orders', { label: 'Orders' });
  const written = await syncline(['init', '--ci', system], { cwd: join(desk, 'data/crm') });
  expect(written, written.stderr).toMatchObject({ code: 0, stderr: '' });
  push();
}

async function close(): Promise<void> {
  await emulator.close();
  repositories.close();
}

function write(name: string, { label }: { readonly label: string }): void {
  const spec = {
    label,
    operation: 'upsert',
    source_attributes: { connection_id: 501, object: { type: 'model', id: 915 } },
    destination_attributes: { connection_id: 601, object: 'Contact' },
    mappings: [{ from: 'email', to: 'Email', primary: true }],
  };
  const text = `kind: CensusSync\nname: ${name}\ntargets: [production]\nspec: ${JSON.stringify(spec)}\n`;
  writeFileSync(join(desk, 'data/crm/syncs', `${name}.yaml`), text);
}

function push(): void {
  repositories.git(desk, 'add', '-A');
  repositories.git(desk, 'commit', '-q', '-m', 'A change');
  repositories.git(desk, 'push', '-q', 'origin', 'HEAD:main');
}

/** What a job's checkout makes, in the folder that its steps work in. */
function checkout(): string {
  count += 1;
  return join(repositories.clone(`checkout-${count}`), 'data/crm');
}

function labels(): string[] {
  return emulator.syncs().map((one) => String(one.label));
}

/** Methods of what was sent since the last time and is no read, but for checks. */
function writes(): string[] {
  const sent = emulator.requests.filter((one) => one.method !== 'GET');
  emulator.clearRequests();
  return sent
    .filter((one) => !JSON.stringify(one.body ?? {}).includes('"validate_only":true'))
    .map((one) => one.method);
}

/** Somebody renames a sync in the web app. */
async function rename(from: string, to: string): Promise<void> {
  const id = emulator.syncs().find((one) => one.label === from)?.id;
  const headers = { authorization: `Bearer ${emulator.token}`, 'content-type': 'application/json' };
  const url = `${emulator.url}/api/v1/syncs/${id}`;
  const answer = await fetch(url, { method: 'PATCH', headers, body: JSON.stringify({ label: to }) });
  expect(answer.status).toBe(200);
  emulator.clearRequests();
}

describe('the workflow for GitHub', { timeout: 120_000 }, () => {
  let jobs: Readonly<Record<string, Job>>;

  beforeAll(async () => {
    await open('github');
    const { jobs: written } = load(readFileSync(join(desk, '.github/workflows/syncs-data-crm.yaml'), 'utf8')) as {
      readonly jobs: Readonly<Record<string, Job>>;
    };
    jobs = written;
  });

  afterAll(close);

  function run(name: string, more: Partial<Contexts> = {}): Promise<Done> {
    const job = jobs[name];
    if (job === undefined) throw new Error(`There is no job ${name}.`);
    const contexts: Contexts = {
      github: { ...github, ...more.github },
      ...target,
      secrets: { CENSUS_TOKEN: emulator.token },
      ...more,
    };
    return machine.job(job, checkout(), { ...contexts, vars: { CENSUS_URL: emulator.url } });
  }

  const target = { matrix: { target: 'production' }, secrets: {} };

  const github = {
    repository: 'acme/syncs',
    server_url: 'https://github.com',
    run_id: 1,
    ref: 'refs/heads/main',
    token: 'token-of-the-job',
    workflow: '.github/workflows/syncs-data-crm.yaml',
    actor: 'ann',
    event: { number: 7, repository: { private: true }, pull_request: pull('acme/syncs') },
  };

  /** A pull request whose head lies in this repository. */
  function pull(repository: string) {
    return { number: 7, head: { sha: 'abc', repo: { full_name: repository } } };
  }

  /** What a pull request from a fork is given. */
  const fork = { github: { ...github, event: { ...github.event, pull_request: pull('bob/syncs') } }, secrets: {} };

  test('plans in a pull request, has the server check it, keeps the plan and comments', async () => {
    const done = await run('plan');
    expect(done, done.log).toMatchObject({ ok: true });
    expect(done.summary).toContain('**Plan for production: 2 to create');
    expect(done.used).toContain('actions/upload-artifact@v6');
    const [comment, ...others] = machine.github('comments');
    expect(others).toEqual([]);
    expect(comment).toMatchObject({ issue: 7 });
    expect(comment?.body).toMatch(/^<!-- syncline-crm plan production -->\n\*\*Plan for production: 2 to create/);
    expect(emulator.requests.some((one) => one.method === 'POST')).toBe(true);
    expect(writes()).toEqual([]);
  });

  test('writes its comment anew, also when there is no plan any more', async () => {
    write('users', { label: 'Orders' });
    push();
    const done = await run('plan');
    expect(done.ok).toBe(false);
    const [comment, ...others] = machine.github('comments');
    expect(others).toEqual([]);
    expect(comment?.body).toContain(
      '**There is no plan for production:** https://github.com/acme/syncs/actions/runs/1',
    );
    write('users', { label: 'Users' });
    push();
    expect((await run('plan')).ok).toBe(true);
    expect(machine.github('comments')).toMatchObject([{ body: expect.stringContaining('2 to create') }]);
  });

  test('only validates a pull request that is given no token, from a fork or of Dependabot, and passes', async () => {
    emulator.clearRequests();
    for (const stranger of [fork, { github: { ...github, actor: 'dependabot[bot]' }, secrets: {} }]) {
      const done = await run('plan', stranger);
      expect(done, done.log).toMatchObject({ ok: true });
      expect(done.summary).toContain('Validated only');
      expect(done.used).not.toContain('actions/upload-artifact@v6');
    }
    expect(emulator.requests).toEqual([]);
    expect(machine.github('comments')).toHaveLength(1);
  });

  test('fails where the token of somebody who has one is missing, and where a manifest is wrong', async () => {
    expect((await run('plan', { secrets: {} })).log).toContain('CENSUS_TOKEN');
    expect((await run('plan', { secrets: {} })).ok).toBe(false);
    writeFileSync(join(desk, 'data/crm/syncs/wrong.yaml'), 'kind: CensusSync\nname: wrong\n');
    push();
    const wrong = await run('plan', fork);
    expect(wrong.ok).toBe(false);
    expect(wrong.log).toContain('::error file=data/crm/syncs/wrong.yaml');
    rmSync(join(desk, 'data/crm/syncs/wrong.yaml'));
    push();
  });

  test('has no comment where none may be written, and passes', async () => {
    const done = await run('plan', { readOnly: true });
    expect(done, done.log).toMatchObject({ ok: true });
    expect(done.log).toContain('::notice::No comment may be written here');
  });

  test('keeps no plan where everybody could read it', async () => {
    const done = await run('plan', {
      github: { ...github, event: { ...github.event, repository: { private: false } } },
    });
    expect(done).toMatchObject({ ok: true });
    expect(done.used).not.toContain('actions/upload-artifact@v6');
  });

  describe('in the merge queue', () => {
    const queued = {
      github: { ...github, event: { merge_group: { head_ref: 'refs/heads/gh-readonly-queue/main/pr-7-0123abc' } } },
    };
    const sound = {
      id: 1,
      event: 'pull_request',
      conclusion: 'success',
      head_sha: 'abc',
      path: github.workflow,
      head_repository: { full_name: github.repository },
      repository: { full_name: github.repository },
    };
    const name = 'syncline-plan-crm-production-abc';

    /** What the run for the pull request has kept, as this run. */
    function kept(content: string, run: object = {}, artefact: object = {}): void {
      machine.hold('pulls', [{ number: 7, head: { sha: 'abc' } }]);
      machine.hold('runs', [{ ...sound, ...run }]);
      machine.hold('artefacts', [{ name, expired: false, workflow_run: { id: 1 }, content, ...artefact }]);
    }

    test('plans what would be merged; everything is as it was reviewed', async () => {
      kept((await run('plan')).file('plan.json'));
      const done = await run('merge-queue', queued);
      expect(done, done.log).toMatchObject({ ok: true });
      expect(done.summary).toContain('2 to create');
      expect(done.summary).toContain('everything is planned as it was');
      expect(writes()).toEqual([]);
    });

    test('fails where something is planned in another way than it was reviewed', async () => {
      kept((await run('plan')).file('plan.json'));
      write('users', { label: 'Customers' });
      push();
      const done = await run('merge-queue', queued);
      expect(done.ok).toBe(false);
      expect(done.log).toContain('::error::This is not the plan for production that was reviewed');
      write('users', { label: 'Users' });
      push();
      expect((await run('merge-queue', queued)).ok).toBe(true);
    });

    test.each([
      ['a sound one', {}, {}, true],
      ['one of a fork', { head_repository: { full_name: 'bob/syncs' } }, {}, false],
      ['one of another event', { event: 'push' }, {}, false],
      ['one of another commit', { head_sha: 'def' }, {}, false],
      ['one of another workflow', { path: '.github/workflows/other.yaml' }, {}, false],
      ['one that failed', { conclusion: 'failure' }, {}, false],
      ['one whose artefact has expired', {}, { expired: true }, false],
    ])('of runs, %s is believed or not', async (_what, otherRun, otherArtefact, believed) => {
      kept('a plan', otherRun, otherArtefact);
      const steps = jobs['merge-queue']?.steps.filter((step) => step.run?.includes('gh run download')) ?? [];
      expect(steps).toHaveLength(1);
      const done = await machine.job({ steps }, repositories.folder, { ...queued, ...target });
      expect(done, done.log).toMatchObject({ ok: true });
      expect(done.has('reviewed/plan.json')).toBe(believed);
    });

    test('plans all the same where no plan was kept', async () => {
      machine.hold('artefacts', []);
      const done = await run('merge-queue', queued);
      expect(done, done.log).toMatchObject({ ok: true });
      expect(done.summary).toContain('2 to create');
      expect(done.summary).not.toContain('as it was');
    });
  });

  test('applies what is merged, and shares the ledger', async () => {
    const done = await run('apply');
    expect(done, done.log).toMatchObject({ ok: true });
    expect(writes()).toEqual(['POST', 'POST']);
    expect(new Set(labels())).toEqual(new Set(['Orders', 'Users']));
    expect(repositories.refs(repositories.shared).map((line) => line.split(' ')[0])).toEqual([
      'refs/syncline/@crm/production',
    ]);
  });

  test('opens one issue when something drifts, keeps it up to date, and closes it', async () => {
    expect((await run('drift')).ok).toBe(true);
    expect(machine.github('issues')).toEqual([]);
    await rename('Users', 'Renamed');
    for (const label of ['Renamed', 'Renamed again']) {
      const done = await run('drift');
      expect(done, done.log).toMatchObject({ ok: true });
      const [issue, ...others] = machine.github('issues');
      expect(others).toEqual([]);
      expect(issue).toMatchObject({ title: 'Drift in production (crm)', state: 'open' });
      expect(issue?.body).toContain(label);
      if (label === 'Renamed') await rename('Renamed', 'Renamed again');
    }
    expect((await run('apply')).ok).toBe(true);
    expect((await run('drift')).ok).toBe(true);
    expect(machine.github('issues')).toMatchObject([{ state: 'closed' }]);
  });

  test('fails when drift cannot be told', async () => {
    expect(await run('drift', { secrets: {} })).toMatchObject({ ok: false });
  });

  test('deletes nothing that only lost its manifest; prunes by the exact number, from the branch alone', async () => {
    rmSync(join(desk, 'data/crm/syncs/orders.yaml'));
    push();
    writes();
    expect((await run('apply')).ok).toBe(true);
    const prune = (deletes: string, ref = 'refs/heads/main') =>
      run('prune', { inputs: { target: 'production', deletes }, github: { ...github, ref } });
    const elsewhere = await prune('1', 'refs/heads/feature');
    expect(elsewhere.ok).toBe(false);
    expect(elsewhere.log).toContain('Run this from main');
    for (const deletes of ['2', '0', '', 'all']) expect(await prune(deletes), deletes).toMatchObject({ ok: false });
    expect((await prune('2')).log).toContain('This plan deletes 1, not 2. Nothing was applied.');
    expect(writes()).toEqual([]);
    const done = await prune('1');
    expect(done, done.log).toMatchObject({ ok: true });
    expect(writes()).toEqual(['DELETE']);
    expect(labels()).toEqual(['Users']);
  });
});

describe('the jobs for GitLab', { timeout: 120_000 }, () => {
  interface GitlabJob {
    readonly script: readonly string[];
  }

  let jobs: Readonly<Record<string, GitlabJob>>;
  let before: readonly string[];

  beforeAll(async () => {
    await open('gitlab');
    const text = readFileSync(join(desk, '.gitlab/syncs-data-crm.gitlab-ci.yml'), 'utf8');
    jobs = load(text) as typeof jobs;
    before = (load(text) as { readonly '.syncline-crm': { readonly before_script: readonly string[] } })[
      '.syncline-crm'
    ].before_script;
  });

  afterAll(close);

  async function run(name: string, env: Readonly<Record<string, string>> = {}) {
    count += 1;
    const place = repositories.clone(`gitlab-${count}`);
    const done = await machine.script([...before, ...(jobs[name]?.script ?? [])], place, {
      GITLAB_CI: 'true',
      TARGET: 'production',
      CI_SERVER_PROTOCOL: 'https',
      CI_SERVER_FQDN: 'gitlab.example.com',
      CI_PROJECT_PATH: 'acme/syncs',
      SYNCLINE_GIT_TOKEN: 'token-of-the-project',
      CENSUS_URL: emulator.url,
      CENSUS_TOKEN: emulator.token,
      // The address that the job gives its remote leads to the bare repository.
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `url.${repositories.shared}.insteadOf`,
      GIT_CONFIG_VALUE_0: 'https://syncline:token-of-the-project@gitlab.example.com/acme/syncs.git',
      ...env,
    });
    expect(done.stdout + done.stderr).not.toContain('token-of-the-project');
    const kept = (file: string) => readFileSync(join(place, 'data/crm', file), 'utf8');
    return { ...done, kept };
  }

  test('plan in a merge request, and keep the plan and what validation found', async () => {
    const done = await run('plan-crm');
    expect(done, done.stderr).toMatchObject({ code: 0 });
    expect(done.stdout).toContain('2 to create');
    expect(JSON.parse(done.kept('plan.json'))).toMatchObject({ plans: [{ summary: { create: 2 } }] });
    expect(done.kept('validate.xml')).toMatch(/^<\?xml/);
    expect(writes()).toEqual([]);
  });

  test('only validate a merge request that is given no token', async () => {
    emulator.clearRequests();
    const done = await run('plan-crm', { CENSUS_TOKEN: '' });
    expect(done, done.stderr).toMatchObject({ code: 0 });
    expect(done.stdout).toContain('Validated only');
    expect(emulator.requests).toEqual([]);
  });

  test('say what validation has found, in the log as well', async () => {
    writeFileSync(join(desk, 'data/crm/syncs/wrong.yaml'), 'kind: CensusSync\nname: wrong\n');
    push();
    const done = await run('plan-crm');
    expect(done).toMatchObject({ code: 3 });
    expect(done.stdout).toContain('syncs/wrong.yaml:1:1');
    expect(done.kept('validate.xml')).toContain('wrong.yaml');
    rmSync(join(desk, 'data/crm/syncs/wrong.yaml'));
    push();
  });

  test('apply what is merged, and share the ledger', async () => {
    const done = await run('apply-crm');
    expect(done, done.stdout + done.stderr).toMatchObject({ code: 0 });
    expect(writes()).toEqual(['POST', 'POST']);
    expect(repositories.refs(repositories.shared).join()).toContain('refs/syncline/@crm/production');
  });

  test('warn of drift', async () => {
    expect(await run('drift-crm')).toMatchObject({ code: 0 });
    await rename('Users', 'Renamed');
    expect(await run('drift-crm')).toMatchObject({ code: 2, stdout: expect.stringContaining('Renamed') });
  });

  test('prune by the exact number', async () => {
    rmSync(join(desk, 'data/crm/syncs/orders.yaml'));
    push();
    writes();
    const prune = (deletes: string) =>
      run('prune-crm', { SYNCLINE_PRUNE_CRM: 'production', SYNCLINE_DELETES_CRM: deletes });
    const wrong = await prune('2');
    expect(wrong.code).not.toBe(0);
    expect(wrong.stdout).toContain('This plan deletes 1, not 2. Nothing was applied.');
    expect(writes()).toEqual([]);
    const done = await prune('1');
    expect(done, done.stdout + done.stderr).toMatchObject({ code: 0 });
    expect(labels()).toEqual(['Users']);
  });
});
