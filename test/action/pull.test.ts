import { describe, expect, test, vi } from 'vitest';
import { manifest } from '../cli/workspace.ts';
import { forge, type StepOptions } from '../support/github/job.ts';

// Each test is several jobs, with a clone for each.
vi.setConfig({ testTimeout: 120_000 });

const appToken = 'ghs_apptoken0123456789';
const app = {
  login: 'syncline-bot[bot]',
  type: 'Bot',
  rights: { 'pull-requests': 'write', issues: 'write', contents: 'write' },
} as const;
const branch = 'syncline/drift-production';

/** A project that was applied, and its nightly job with an app's token. */
async function applied(options: Parameters<typeof forge>[0] = { name: 'crm' }) {
  const all = await forge(options);
  all.github.tokens.set(appToken, app);
  const commented = manifest('users').replace('  operation:', '  # As agreed with sales.\n  operation:');
  const commit = all.commit('main', { 'syncs/users.yaml': commented, 'syncs/orders.yaml': manifest('orders') });
  const step = await all.step({ inputs: { command: 'apply', target: 'all' }, event: 'push', commit });
  expect(step, step.log).toMatchObject({ code: 0 });
  const nightly = ({ inputs = {}, ...more }: Partial<StepOptions> = {}) =>
    all.step({
      inputs: { command: 'pull', 'github-token': appToken, ...inputs },
      event: 'schedule',
      commit,
      ...more,
    });
  const meddle = (label: string, patch: Readonly<Record<string, string | boolean>>) => {
    const found = all.emulator.syncs().find((one) => one.label === label);
    all.emulator.mutate(Number(found?.id), patch);
  };
  const shown = () => all.github.pulls.map(({ title, base, ref, closed }) => [title, base, ref, closed === true]);
  return { ...all, first: commit, nightly, meddle, shown };
}

const title = 'Syncline: drift of production in crm';

describe('pull', () => {
  test('keeps one branch with one pull request: opened, left alone, updated, and closed when the drift is gone', async () => {
    const it = await applied();
    expect((await it.nightly()).code).toBe(0);
    expect(it.github.pulls).toEqual([]);
    const writes = it.writes();

    it.meddle('Label of users', { operation: 'mirror' });
    const found = await it.nightly();
    expect(found, found.log).toMatchObject({ code: 0 });
    expect(it.shown()).toEqual([[title, 'main', branch, false]]);
    const files = it.github.data.filesOn(branch);
    expect(Object.keys(files)).toEqual(['syncs/users.yaml']);
    expect(files['syncs/users.yaml']).toContain('  # As agreed with sales.\n  operation: mirror\n');
    const tip = it.github.data.commits.get(it.github.data.branches.get(branch) ?? '');
    expect(tip).toMatchObject({ parents: [it.first], message: `${title}\n\nSyncline-Drift: crm production\n` });
    const body = it.github.pulls[0]?.body ?? '';
    expect(body.split('\n')[0]).toBe('<!-- syncline:drift crm production -->');
    expect(body).toContain('- `CensusSync/users` updated in `syncs/users.yaml`: `/operation`');
    expect(found.summary).toContain('`CensusSync/users`');

    const before = it.github.seen.length;
    await it.nightly();
    const sent = it.github.seen.slice(before).filter((one) => one.method !== 'GET' && one.path !== '/graphql');
    expect(sent.map((one) => one.path)).toEqual(['/repos/acme/syncs/git/trees']);

    it.meddle('Label of orders', { paused: true, operation: 'mirror' });
    await it.nightly();
    expect(Object.keys(it.github.data.filesOn(branch))).toEqual(['syncs/orders.yaml', 'syncs/users.yaml']);
    expect(it.github.pulls).toHaveLength(1);
    expect(it.github.pulls[0]?.body).toContain('`CensusSync/orders`');

    it.meddle('Label of users', { operation: 'upsert' });
    it.meddle('Label of orders', { operation: 'upsert' });
    expect((await it.nightly()).code).toBe(0);
    expect(it.shown()).toEqual([[title, 'main', branch, true]]);
    expect(it.github.data.branches.has(branch)).toBe(false);
    expect(it.github.comments.map((one) => one.body)).toEqual([expect.stringContaining('The drift is gone')]);
    expect(it.writes()).toEqual(writes);
  });

  test('what somebody has committed to the branch stays', async () => {
    const it = await applied();
    it.meddle('Label of users', { operation: 'mirror' });
    await it.nightly();
    const ours = it.github.data.branches.get(branch) ?? '';
    const theirs = it.github.data.commit({ tree: 'e'.repeat(40), parents: [ours], message: 'Say why' });
    it.github.data.branches.set(branch, theirs);
    it.meddle('Label of orders', { operation: 'mirror' });
    const step = await it.nightly();
    expect(step.code).toBe(0);
    expect(step.log).toContain(`::warning title=Syncline::The branch ${branch} has a commit that is not of this job`);
    expect(it.github.data.branches.get(branch)).toBe(theirs);
    it.meddle('Label of users', { operation: 'upsert' });
    it.meddle('Label of orders', { operation: 'upsert' });
    await it.nightly();
    expect(it.github.data.branches.get(branch)).toBe(theirs);
    expect(it.shown()).toEqual([[title, 'main', branch, false]]);
  });

  test('each target has a branch of its own, from what is committed', async () => {
    const it = await applied({ name: 'crm', staging: true });
    it.meddle('Label of users', { operation: 'mirror' });
    const found = it.staging?.syncs().find((one) => one.label === 'Label of orders');
    it.staging?.mutate(Number(found?.id), { operation: 'mirror' });
    expect((await it.nightly()).code).toBe(3);
    const step = await it.nightly({ inputs: { target: 'all' } });
    expect(step, step.log).toMatchObject({ code: 0 });
    const drift = ['production', 'staging'].map((one) => it.github.data.filesOn(`syncline/drift-${one}`));
    expect(drift.map((files) => Object.keys(files))).toEqual([['syncs/users.yaml'], ['syncs/orders.yaml']]);
  });

  test('what is left is told, and closes nothing', async () => {
    const it = await applied();
    it.meddle('Label of users', { operation: 'mirror' });
    await it.nightly();
    const later = it.commit('main', { 'syncs/users.yaml': manifest('users').replace('upsert', 'insert') });
    const step = await it.nightly({ commit: later });
    expect(step.code).toBe(4);
    expect(step.summary).toContain('`conflict`');
    expect(it.shown()).toEqual([[title, 'main', branch, false]]);
  });

  test.each([
    ['the token of the job', undefined, 'No pull request is opened with the token of the job'],
    ['no right', { ...app, rights: { contents: 'read' } }, 'The job needs `contents: write, pull-requests: write`'],
  ] as const)(
    'with %s there is the summary and a warning, and the exit code stays',
    async (_name, identity, warning) => {
      const it = await applied();
      if (identity !== undefined) it.github.tokens.set(appToken, identity);
      else it.github.tokens.set(appToken, { ...app, login: 'github-actions[bot]' });
      it.meddle('Label of users', { operation: 'mirror' });
      const step = await it.nightly();
      expect(step.code).toBe(0);
      expect(step.summary).toContain('`CensusSync/users`');
      expect(step.log).toContain('::warning title=Syncline::');
      expect(step.log).toContain(warning);
      expect([it.github.pulls, it.github.data.branches.size]).toEqual([[], 0]);
    },
  );

  test('does nothing for a pull request', async () => {
    const it = await applied();
    const payload = { pull_request: { number: 7, head: { sha: it.first, repo: null }, user: { login: 'octocat' } } };
    const step = await it.nightly({ event: 'pull_request', payload });
    expect(step.code).toBe(4);
    expect(step.log).toContain('this job runs for a pull request');
  });
});
