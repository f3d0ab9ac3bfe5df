import { describe, expect, test, vi } from 'vitest';
import { manifest } from '../cli/workspace.ts';
import { forge, jobToken, type StepOptions } from '../support/github/job.ts';

// Each test is several jobs, with a clone for each.
vi.setConfig({ testTimeout: 120_000 });

/** A project that was applied, and its nightly job. */
async function applied(options: Parameters<typeof forge>[0] = {}) {
  const all = await forge(options);
  const commit = all.commit('main', { 'syncs/users.yaml': manifest('users'), 'syncs/orders.yaml': manifest('orders') });
  const step = await all.step({ inputs: { command: 'apply', target: 'all' }, event: 'push', commit });
  expect(step, step.log).toMatchObject({ code: 0 });
  const nightly = (more: Partial<StepOptions> = {}) =>
    all.step({ inputs: { command: 'drift' }, event: 'schedule', commit, ...more });
  const meddle = (label: string, operation: string) => {
    const found = all.emulator.syncs().find((one) => one.label === label);
    all.emulator.mutate(Number(found?.id), { operation });
  };
  return { ...all, nightly, meddle };
}

const mark = '<!-- syncline:drift crm * -->';

describe('drift', () => {
  test('has one issue: opened, left alone, updated, and closed when it is gone', async () => {
    const it = await applied({ name: 'crm' });
    expect((await it.nightly()).code).toBe(0);
    expect(it.github.issues).toEqual([]);

    it.meddle('Label of users', 'mirror');
    const found = await it.nightly();
    expect(found.code).toBe(2);
    expect(found.summary).toContain('`CensusSync/users`');
    expect(found.log).toMatch(/^::warning file=syncs\/users\.yaml,line=1,/m);
    expect(it.github.issues).toMatchObject([{ title: 'Syncline: drift in crm', state: 'open' }]);
    expect(it.github.issues[0]?.body.split('\n')[0]).toBe(mark);
    expect(it.github.issues[0]?.body).toContain('`CensusSync/users`');

    const before = it.github.seen.length;
    expect((await it.nightly()).code).toBe(2);
    expect(it.github.seen.slice(before).filter((one) => one.method !== 'GET' && one.path !== '/graphql')).toEqual([]);

    it.meddle('Label of orders', 'mirror');
    await it.nightly();
    expect(it.github.issues).toHaveLength(1);
    expect(it.github.issues[0]?.body).toContain('`CensusSync/orders`');

    it.meddle('Label of users', 'upsert');
    it.meddle('Label of orders', 'upsert');
    expect((await it.nightly()).code).toBe(0);
    expect(it.github.issues).toMatchObject([{ state: 'closed' }]);
    expect(it.github.comments.map((one) => one.body)).toEqual([expect.stringContaining('The drift is gone')]);

    it.meddle('Label of users', 'mirror');
    await it.nightly();
    expect(it.github.issues.map((one) => one.state)).toEqual(['closed', 'open']);
  });

  test('what others have written is left alone, and of its own one is kept, however many are open', async () => {
    const it = await applied({ name: 'crm' });
    const open = (number: number, login: string, type: string, isPull = false) =>
      it.github.issues.push({
        number,
        title: 'Syncline: drift in crm',
        body: `${mark}\nmine`,
        state: 'open',
        user: { login, type },
        isPull,
      });
    open(1, 'mallory', 'User');
    open(2, 'github-actions[bot]', 'Bot', true);
    open(3, 'github-actions[bot]', 'Bot');
    open(4, 'github-actions[bot]', 'Bot');
    it.github.pageSize = 2;
    it.meddle('Label of users', 'mirror');
    expect((await it.nightly()).code).toBe(2);
    expect(it.github.issues.map((one) => [one.number, one.state, one.body === `${mark}\nmine`])).toEqual([
      [1, 'open', true],
      [2, 'open', true],
      [3, 'open', false],
      [4, 'closed', true],
    ]);
    expect(it.github.comments.map((one) => [one.issue, one.body])).toEqual([[4, 'Followed up in #3.']]);
  });

  test('where a target cannot be read, nothing is closed, and the issue says so', async () => {
    const it = await applied({ name: 'crm', staging: true });
    it.meddle('Label of users', 'mirror');
    await it.nightly();
    it.meddle('Label of users', 'upsert');
    const blind = await it.nightly({ env: { STAGING_TOKEN: 'a-token-of-nobody' } });
    expect(blind.code).toBe(1);
    expect(it.github.issues).toMatchObject([{ state: 'open' }]);
    it.meddle('Label of orders', 'mirror');
    await it.nightly({ env: { STAGING_TOKEN: 'a-token-of-nobody' } });
    expect(it.github.issues).toHaveLength(1);
    expect(it.github.issues[0]?.body).toContain('**1 target failed.**');
    expect(it.github.issues[0]?.body).toContain('`CensusSync/orders`');
  });

  test('a job for some targets has an issue of its own', async () => {
    const it = await applied({ name: 'crm', staging: true });
    it.meddle('Label of users', 'mirror');
    await it.nightly({ inputs: { command: 'drift', target: 'production' } });
    expect((await it.nightly({ inputs: { command: 'drift', target: 'staging' } })).code).toBe(0);
    expect(it.github.issues).toMatchObject([{ title: 'Syncline: drift in crm (production)', state: 'open' }]);
  });

  test.each([
    ['no right', { login: 'github-actions[bot]', type: 'Bot', rights: { issues: 'read' } }],
    ['no issues at all', undefined],
  ] as const)('with %s there is the summary and a warning, and the exit code stays', async (_name, identity) => {
    const it = await applied();
    if (identity !== undefined) it.github.tokens.set(jobToken, identity);
    else it.github.faults.push({ path: /\/issues$/, status: 410, message: 'Issues are disabled for this repo' });
    it.meddle('Label of users', 'mirror');
    const step = await it.nightly();
    expect(step.code).toBe(2);
    expect(step.summary).toContain('`CensusSync/users`');
    expect(step.log).toContain('::warning title=Syncline::The issue about drift could not be kept');
    expect(it.github.issues).toEqual([]);
  });
});
