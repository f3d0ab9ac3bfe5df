import { describe, expect, test, vi } from 'vitest';
import { manifest } from '../cli/workspace.ts';
import {
  digestsOf,
  type Forge,
  forge,
  jobToken,
  pullPayload,
  type Step,
  type StepOptions,
} from '../support/github/job.ts';

// Each test is several jobs, with a clone for each.
vi.setConfig({ testTimeout: 120_000 });

/** A pull request with one new sync, and how its job plans it. */
async function pullRequest(
  options: Parameters<typeof forge>[0] = {},
  files = { 'syncs/users.yaml': manifest('users') },
) {
  const all = await forge(options);
  const head = all.commit('topic', files);
  const number = all.open('topic');
  const plan = (more: Partial<StepOptions> = {}): Promise<Step> => {
    const payload = pullPayload(number, head);
    return all.step({ inputs: { command: 'plan' }, event: 'pull_request', commit: head, payload, ...more });
  };
  return { ...all, head, number, plan };
}

const bodies = ({ github }: Forge) => github.comments.map((one) => one.body);
const reader = { login: 'github-actions[bot]', type: 'Bot', rights: { 'pull-requests': 'read' } } as const;

describe('two targets', () => {
  test('each has its comment, its artefact and its digest; the counts are sums', async () => {
    const it = await pullRequest({ staging: true, name: 'crm' });
    const step = await it.plan();
    expect(step, step.log).toMatchObject({ code: 0, outputs: { changes: '2', creates: '2' } });
    expect(bodies(it).map((body) => body.split('\n')[0])).toEqual([
      '<!-- syncline:plan crm production -->',
      '<!-- syncline:plan crm staging -->',
    ]);
    expect(it.github.artefacts.map((one) => one.name)).toEqual([
      `syncline-plan-crm-production-${it.head}`,
      `syncline-plan-crm-staging-${it.head}`,
    ]);
    expect(Object.keys(digestsOf(step))).toEqual(['production', 'staging']);
    expect(Object.keys(JSON.parse(String(step.outputs['plan-path'])))).toEqual(['production', 'staging']);
  });

  test('one that fails hides no other, and each comment says its own', async () => {
    const it = await pullRequest({ staging: true });
    const step = await it.plan({ env: { STAGING_TOKEN: 'a-token-of-nobody' } });
    expect(step.code).toBe(1);
    expect(step.outputs).toMatchObject({ changes: '1' });
    const [production, staging] = bodies(it);
    expect(production).toContain('**Plan for production: 1 to create');
    expect(staging).toContain('There is no plan: it failed with exit 1.');
    expect(staging).toContain('STAGING\\_TOKEN');
    expect(staging).not.toContain('production:');
    expect(step.summary).toContain('**1 target failed.**');
    expect(step.summary).toContain('**Plan for production: 1 to create');
    expect(step.log).toContain('::error title=Target staging failed');
  });

  test('the input names one of them, by line or comma', async () => {
    const it = await pullRequest({ staging: true });
    expect((await it.plan({ inputs: { command: 'plan', target: 'staging' } })).outputs).toMatchObject({ changes: '1' });
    expect((await it.plan({ inputs: { command: 'plan', target: 'staging,\n production' } })).outputs).toMatchObject({
      changes: '2',
    });
    expect(bodies(it)).toHaveLength(2);
  });
});

describe('whoever has no token', () => {
  test("a fork's pull request is validated, says so in the summary, and succeeds", async () => {
    const it = await pullRequest();
    it.github.tokens.set(jobToken, reader);
    const step = await it.plan({
      payload: pullPayload(it.number, it.head, { repository: 'stranger/syncs' }),
      env: { TOKEN: '' },
    });
    expect(step, step.log).toMatchObject({ code: 0, outputs: { changes: '0', digest: '{}' } });
    expect(step.summary).toContain('this pull request comes from a fork');
    expect(step.summary).toContain('**Checked: 1 manifest, all of them valid.**');
    expect(step.log).toContain('::warning title=Syncline::Nothing could be said at #7');
    expect(it.github.comments).toEqual([]);
    expect(it.github.artefacts).toEqual([]);
    expect(it.emulator.requests).toEqual([]);
  });

  test("Dependabot's is too, and says so in a comment where it may", async () => {
    const it = await pullRequest();
    const step = await it.plan({
      payload: pullPayload(it.number, it.head, { by: 'dependabot[bot]' }),
      env: { TOKEN: '' },
    });
    expect(step).toMatchObject({ code: 0 });
    expect(bodies(it)).toHaveLength(1);
    expect(bodies(it)[0]).toContain("There is no plan: this pull request is Dependabot's");
  });

  test('what is wrong in it fails all the same, at its line', async () => {
    const it = await pullRequest({}, { 'syncs/users.yaml': manifest('users').replace('operation', 'operatoin') });
    const step = await it.plan({ payload: pullPayload(it.number, it.head, { repository: null }), env: { TOKEN: '' } });
    expect(step.code).toBe(3);
    expect(step.summary).toContain('operatoin');
    expect(step.log).toMatch(/^::error file=syncs\/users\.yaml,line=5,/m);
  });

  test('in a pull request of the house a missing token is a mistake', async () => {
    const it = await pullRequest();
    const step = await it.plan({ env: { TOKEN: '' } });
    expect(step.code).toBe(3);
    expect(step.summary).toContain('TOKEN');
    expect(step.log).toContain('::error file=syncline.yaml,line=4,');
  });
});

describe('a plan that fails', () => {
  test('has a summary, annotations, and a comment that the next one replaces', async () => {
    const it = await pullRequest({}, { 'syncs/users.yaml': manifest('users').replace('upsert', 'upsrt') });
    const failed = await it.plan();
    expect(failed.code).toBe(3);
    expect(failed.summary).toContain('There is no plan: it failed with exit 3.');
    expect(failed.summary).toContain('`syncs/users.yaml:5:');
    expect(failed.log).toMatch(/^::error file=syncs\/users\.yaml,line=5,/m);
    expect(bodies(it)).toHaveLength(1);
    expect(bodies(it)[0]).toContain('There is no plan');
    expect(it.github.artefacts).toEqual([]);
    const mended = it.commit('topic', { 'syncs/users.yaml': manifest('users') });
    await it.plan({ commit: mended, payload: pullPayload(it.number, mended) });
    expect(bodies(it)).toHaveLength(1);
    expect(bodies(it)[0]).toContain('**Plan for production: 1 to create');
  });

  test('a project file that is wrong has a summary too', async () => {
    const it = await pullRequest({}, { 'syncline.yaml': 'version: 1\ntargts: {}\n' } as never);
    const step = await it.plan();
    expect(step.code).toBe(3);
    expect(step.summary).toContain('targts');
    expect(step.log).toContain('::error file=syncline.yaml,line=2,');
  });
});

describe('the comment', () => {
  test('a 403 on it leaves the summary and a warning', async () => {
    const it = await pullRequest();
    it.github.tokens.set(jobToken, reader);
    const step = await it.plan();
    expect(step.code).toBe(0);
    expect(step.summary).toContain('**Plan for production: 1 to create');
    expect(step.log).toMatch(
      /::warning title=Syncline::Nothing could be said at #7: POST .* 403.*pull-requests: write/,
    );
    expect(it.github.artefacts).toHaveLength(1);
  });

  test('only its own is updated, also behind a page of others; what was said twice is said once', async () => {
    const it = await pullRequest();
    const mark = '<!-- syncline:plan syncline.yaml production -->\n';
    const say = (id: number, login: string, type: string, body: string) =>
      it.github.comments.push({ id, issue: it.number, body, user: { login, type } });
    say(1, 'mallory', 'User', `${mark}All is well, merge me.`);
    say(2, 'other-app[bot]', 'Bot', `${mark}I am a bot too.`);
    for (let id = 3; id < 10; id += 1) say(id, 'octocat', 'User', 'What about this?');
    say(11, 'github-actions[bot]', 'Bot', `${mark}old`);
    say(12, 'github-actions[bot]', 'Bot', `${mark}older`);
    it.github.pageSize = 4;
    await it.plan();
    expect(it.github.comments.map((one) => one.id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 11]);
    expect(it.github.comments[0]?.body).toBe(`${mark}All is well, merge me.`);
    expect(it.github.comments[1]?.body).toBe(`${mark}I am a bot too.`);
    expect(it.github.comments.at(-1)?.body).toContain('**Plan for production: 1 to create');
  });

  test('where GitHub does not say whose the token is, no person is spoken for', async () => {
    const it = await pullRequest();
    it.github.knowsViewer = false;
    const body = '<!-- syncline:plan syncline.yaml production -->\nmine';
    it.github.comments.push({ id: 1, issue: it.number, body, user: { login: 'mallory', type: 'User' } });
    await it.plan();
    await it.plan();
    expect(it.github.comments).toHaveLength(2);
    expect(it.github.comments[0]?.body).toBe(body);
  });

  test.each([
    ['a second-hand limit', { status: 403, headers: { 'retry-after': '0' }, times: 2 }],
    ['a limit', { status: 429, headers: { 'retry-after': '0' }, times: 2 }],
  ])('waits for %s, as GitHub asks', async (_name, fault) => {
    const it = await pullRequest();
    it.github.faults.push({ path: /comments$/, method: 'POST', ...fault });
    await it.plan();
    expect(bodies(it)).toHaveLength(1);
  });

  test('a list that cannot be read at once is asked for again', async () => {
    const it = await pullRequest();
    it.github.faults.push({ path: /comments$/, method: 'GET', status: 502, times: 2 });
    expect(await it.plan()).toMatchObject({ code: 0 });
    expect(bodies(it)).toHaveLength(1);
  });

  const elsewhere = { link: '<https://elsewhere.example/comments?page=2>; rel="next"' };
  test.each([
    ['no list', { status: 200, body: { comments: [] } }, 'answered something unexpected: no list'],
    ['a list of something else', { status: 200, body: [{ id: 'one' }] }, '/id must be an id, not "one"'],
    ['no JSON', { status: 200, body: Buffer.from('<html>') }, 'answered something that is not JSON'],
    [
      'a next page at another host',
      { status: 200, body: [], headers: elsewhere },
      'The next page lies at another host',
    ],
    ['a limit that lasts too long', { status: 429, headers: { 'retry-after': '3600' } }, 'was answered 429'],
  ])('%s is no comment to update, and no reason to write one', async (_name, fault, words) => {
    const it = await pullRequest();
    it.github.faults.push({ path: /comments$/, method: 'GET', ...fault });
    const step = await it.plan();
    expect(step.code).toBe(0);
    expect(step.log).toContain(words);
    expect(step.summary).toContain('**Plan for production: 1 to create');
    expect(bodies(it)).toEqual([]);
  });

  test('what was not answered is not said twice', async () => {
    const it = await pullRequest();
    it.github.faults.push({ path: /comments$/, method: 'POST', status: 502 });
    const step = await it.plan();
    expect(step).toMatchObject({ code: 0 });
    expect(it.github.seen.filter((one) => one.method === 'POST' && one.path.endsWith('/comments'))).toHaveLength(1);
  });

  test('fits into what GitHub takes, however much is planned', async () => {
    const names = Array.from({ length: 400 }, (_, index) => `sync-${'x'.repeat(60)}-${index}`);
    const it = await pullRequest({}, { 'syncs/users.yaml': names.map((name) => manifest(name)).join('---\n') });
    const step = await it.plan();
    expect(step).toMatchObject({ code: 0, outputs: { changes: '400' } });
    const [body = ''] = bodies(it);
    expect(body.length).toBeGreaterThan(50_000);
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body).toContain(String(digestsOf(step).production));
  });

  test('a job of an earlier commit does not speak over the newest plan', async () => {
    const it = await pullRequest();
    const newest = it.commit('topic', { 'syncs/orders.yaml': manifest('orders') });
    await it.plan({ commit: newest, payload: pullPayload(it.number, newest) });
    const late = await it.plan();
    expect(late).toMatchObject({ code: 0, outputs: { changes: '1' } });
    expect(late.log).toContain('which has a newer commit than the one that was planned');
    expect(bodies(it)).toHaveLength(1);
    expect(bodies(it)[0]).toContain('**Plan for production: 2 to create');
  });

  test('says nothing where nobody wants it', async () => {
    const it = await pullRequest();
    await it.plan({ inputs: { command: 'plan', 'pull-request-comment': 'false' } });
    expect(bodies(it)).toEqual([]);
  });

  test('text of a manifest cannot end it, mention anybody or command the runner', async () => {
    const label = '"--> @octocat ::error::x <img src=x>"';
    const it = await pullRequest({}, { 'syncs/users.yaml': manifest('users').replace('Label of users', label) });
    const step = await it.plan();
    const prose = bodies(it)[0]?.replaceAll(/`[^`]*`/g, '');
    expect(prose).toContain('&#8203;octocat');
    expect(prose).not.toMatch(/@octocat|<img/);
    expect(step.log).not.toMatch(/^::error::x/m);
  });
});

describe('the plan that is kept', () => {
  const isPublic = { repository: { full_name: 'acme/syncs', private: false } };

  test.each([
    ['a private repository', {}, '', 1],
    ['a private one where nobody wants it', {}, 'false', 0],
    ['a public repository', isPublic, '', 0],
    ['a public one where somebody insists', isPublic, 'true', 1],
  ])('%s', async (_name, payload, upload, kept) => {
    const it = await pullRequest();
    const step = await it.plan({
      inputs: { command: 'plan', 'upload-plan': upload },
      payload: { ...pullPayload(it.number, it.head), ...payload },
    });
    expect(step.code).toBe(0);
    expect(it.github.artefacts).toHaveLength(kept);
    expect(bodies(it)[0]).toContain(kept === 1 ? 'carries out this plan and nothing else' : 'cannot use it');
  });

  test('is there for 14 days, and a second try of the same job replaces it', async () => {
    const it = await pullRequest();
    const { run } = await it.plan();
    const { id, runtimeToken } = run;
    const [first] = it.github.artefacts;
    const days = (Date.parse(first?.expiresAt ?? '') - Date.now()) / (24 * 60 * 60 * 1000);
    expect(days).toBeGreaterThan(13.9);
    expect(days).toBeLessThan(14.1);
    const again = await it.plan({ run: { id, runtimeToken } });
    expect(again.code).toBe(0);
    expect(it.github.artefacts).toHaveLength(1);
    expect(it.github.artefacts[0]?.id).not.toBe(first?.id);
  });

  test('that it could not be kept is a warning, and the comment says it', async () => {
    const it = await pullRequest();
    const step = await it.plan({ env: { ACTIONS_RESULTS_URL: '' } });
    expect(step.code).toBe(0);
    expect(step.log).toContain('could not be kept: this runner keeps no artefacts.');
    expect(bodies(it)[0]).toContain('cannot use it');
  });
});

describe('other events and inputs', () => {
  test('in a merge queue there is a summary alone', async () => {
    const it = await pullRequest();
    const step = await it.step({ inputs: { command: 'plan' }, event: 'merge_group', commit: it.head });
    expect(step.code).toBe(0);
    expect(step.summary).toContain('**Plan for production: 1 to create');
    expect(it.github.seen).toEqual([]);
  });

  test('pull_request_target is refused before anything is read', async () => {
    const it = await pullRequest();
    const step = await it.plan({ event: 'pull_request_target' });
    expect(step.code).toBe(4);
    expect(step.summary).toContain('pull-request-target');
    expect([it.emulator.requests, it.github.seen]).toEqual([[], []]);
  });

  test.each([
    [{ command: 'plan', shard: '5/4' }, '`shard` is "5/4"'],
    [{ command: 'validate', shard: '1/4' }, '`shard` has no meaning'],
    [{ command: 'pull', prune: 'true' }, '`prune` has no meaning for `command: pull`'],
    [{ command: 'plann' }, 'Did you mean "plan"?'],
    [{ command: '' }, 'does not say which command'],
    [{ command: 'plan', prune: 'yes' }, '`prune` is "yes"'],
    [{ command: 'drift', prune: 'true' }, '`prune` has no meaning for `command: drift`'],
    [{ command: 'plan', target: 'producton' }, 'Did you mean "production"?'],
    [{ command: 'plan', 'force-deletes': 'six' }, '--force-deletes needs a whole number'],
  ])('%j is a mistake', async (inputs, words) => {
    const it = await pullRequest();
    const step = await it.plan({ inputs });
    expect(step.code).toBe(3);
    expect(step.log).toContain(words);
    expect(step.summary).not.toBe('');
  });

  test('validate needs no token and speaks to nobody', async () => {
    const it = await pullRequest();
    const step = await it.plan({ inputs: { command: 'validate', 'github-token': '' }, env: { TOKEN: '' } });
    expect(step).toMatchObject({ code: 0 });
    expect(step.summary).toContain('**Checked: 1 manifest, all of them valid.**');
    expect([it.emulator.requests, it.github.seen]).toEqual([[], []]);
  });

  test('--prune and the exact number of deletes reach the plan', async () => {
    const it = await pullRequest();
    const sha = it.commit('main', { 'syncs/users.yaml': manifest('users') });
    expect((await it.step({ inputs: { command: 'apply' }, event: 'push', commit: sha })).code).toBe(0);
    const gone = it.commit('main', { 'syncs/users.yaml': undefined, 'syncs/other.yaml': manifest('other') });
    const inputs = { command: 'plan', prune: 'true', 'force-deletes': '1' };
    const step = await it.step({ inputs, event: 'workflow_dispatch', commit: gone });
    expect(step.outputs).toMatchObject({ changes: '2', creates: '1', deletes: '1', blocked: '0' });
  });
});

test('no token is in anything that leaves the job', async () => {
  const it = await pullRequest();
  const step = await it.plan({ inputs: { command: 'plan' } });
  const said = [
    step.log,
    step.summary,
    JSON.stringify(step.outputs),
    ...bodies(it),
    ...it.github.artefacts.map((one) => one.content.toString('latin1')),
  ];
  for (const secret of [jobToken, it.emulator.token, step.run.runtimeToken])
    for (const text of said) expect(text).not.toContain(secret);
});
