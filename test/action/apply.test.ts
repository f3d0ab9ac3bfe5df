import { describe, expect, test, vi } from 'vitest';
import { fileIn, zipOf } from '../../src/action/github/zip.ts';
import { planDigest, sealPlans } from '../../src/core/plan/digest.ts';
import { censusSyncTraits } from '../../src/generated/census-sync-traits.ts';
import type { Plan, PlanFile } from '../../src/model/plan.ts';
import { manifest } from '../cli/workspace.ts';
import { digestsOf, forge, jobToken, pullPayload, type Step, type StepOptions } from '../support/github/job.ts';
import type { Artefact, Run } from '../support/github/nouns.ts';

// Each test is several jobs, with a clone for each.
vi.setConfig({ testTimeout: 120_000 });

const two = { 'syncs/users.yaml': manifest('users'), 'syncs/orders.yaml': manifest('orders') };

/** A pull request that was planned, and is ready to be merged and applied. */
async function reviewed(options: Parameters<typeof forge>[0] = {}, files: Readonly<Record<string, string>> = two) {
  const all = await forge(options);
  const head = all.commit('topic', files);
  const number = all.open('topic');
  const plan = (more: Partial<StepOptions> = {}) =>
    all.step({
      inputs: { command: 'plan' },
      event: 'pull_request',
      commit: head,
      payload: pullPayload(number, head),
      ...more,
    });
  const apply = (commit: string, more: Partial<StepOptions> = {}): Promise<Step> =>
    all.step({ inputs: { command: 'apply' }, event: 'push', commit, ...more });
  const planned = await plan();
  expect(planned, planned.log).toMatchObject({ code: 0 });
  const labels = () => all.emulator.syncs().map((one) => String(one.label));
  const outcome = () => all.github.comments.find((one) => one.body.startsWith('<!-- syncline:apply'))?.body;
  return { ...all, head, number, plan, apply, planned, labels, outcome };
}

describe('what was reviewed', () => {
  test('is applied exactly, after a squash as after a merge', async () => {
    const it = await reviewed();
    const step = await it.apply(it.merge('topic', 'squash'));
    expect(step, step.log).toMatchObject({ code: 0, outputs: { changes: '2', creates: '2' } });
    expect(digestsOf(step)).toEqual(digestsOf(it.planned));
    expect(it.outcome()).toContain(`It was reviewed in #${it.number}`);
    expect(it.outcome()).toContain(`/actions/runs/${it.planned.run.id}`);
    expect(it.outcome()).toContain('**2 applied.**');
    expect(it.labels()).toEqual(expect.arrayContaining(['Label of users', 'Label of orders']));
  });

  test('is applied where only what has changed is planned: a push is compared with where the branch was before', async () => {
    const it = await reviewed();
    expect((await it.apply(it.merge('topic'))).code).toBe(0);
    const before = it.commit('main', {});
    const head = it.commit('second', { 'syncs/users.yaml': manifest('users', '  paused: true\n') });
    const number = it.open('second');
    const changed = 'origin/main';
    const payload = pullPayload(number, head);
    const planned = await it.plan({ inputs: { command: 'plan', changed }, commit: head, payload, whole: true });
    expect(planned, planned.log).toMatchObject({ code: 0, outputs: { changes: '1' } });
    const merged = it.merge('second', 'squash');
    const inputs = { command: 'apply', changed };
    const step = await it.apply(merged, { inputs, payload: { before }, whole: true });
    expect(step, step.log).toMatchObject({ code: 0, outputs: { changes: '1' } });
    expect(it.emulator.syncs().find((one) => one.label === 'Label of users')).toMatchObject({ paused: true });
  });

  test('is not called done where it is blocked by now, be it for want of `prune`', async () => {
    const it = await reviewed();
    expect((await it.apply(it.merge('topic'))).code).toBe(0);
    const head = it.commit('second', { 'syncs/users.yaml': undefined });
    const number = it.open('second');
    const inputs = { command: 'plan', prune: 'true' };
    const planned = await it.plan({ inputs, commit: head, payload: pullPayload(number, head) });
    expect(planned, planned.log).toMatchObject({ code: 0, outputs: { deletes: '1' } });
    const merged = it.merge('second');
    const step = await it.apply(merged);
    expect(step.code, step.log).toBe(4);
    expect(step.summary).not.toContain('is there already');
    expect(step.summary).toContain('It was reviewed, but a fresh plan has it blocked');
    expect(it.labels()).toContain('Label of users');
    const pruned = await it.apply(merged, { inputs: { command: 'apply', prune: 'true' } });
    expect(pruned.code, pruned.log).toBe(0);
    expect(it.labels()).not.toContain('Label of users');
  });

  test('a change behind its back is refused alone, with exit 5', async () => {
    const it = await reviewed();
    expect((await it.apply(it.merge('topic'))).code).toBe(0);
    const head = it.commit('second', {
      'syncs/users.yaml': manifest('users', '  paused: true\n'),
      'syncs/orders.yaml': manifest('orders', '  paused: true\n'),
    });
    const number = it.open('second');
    await it.plan({ commit: head, payload: pullPayload(number, head) });
    const users = it.emulator.syncs().find((one) => one.label === 'Label of users');
    it.emulator.mutate(Number(users?.id), { operation: 'mirror' });
    const step = await it.apply(it.merge('second'));
    expect(step.code, step.log).toBe(5);
    const said = it.github.comments.find((one) => one.issue === number && one.body.includes('syncline:apply'))?.body;
    expect(said).toContain('Of the reviewed plan 1 of 2 changes were applied, and nothing else.');
    expect(said).toContain('**stale** update `CensusSync/users`');
    expect(said).toContain('applied update `CensusSync/orders`');
    const now = Object.fromEntries(it.emulator.syncs().map((one) => [one.label, one]));
    expect(now['Label of users']).toMatchObject({ operation: 'mirror', paused: false });
    expect(now['Label of orders']).toMatchObject({ paused: true });
    expect(step.log).toContain('stale');
  });

  test('what came into main besides is not applied, and is said', async () => {
    const it = await reviewed();
    it.commit('main', { 'syncs/late.yaml': manifest('late') });
    const step = await it.apply(it.merge('topic'));
    expect(step.code).toBe(0);
    expect(it.labels()).not.toContain('Label of late');
    expect(it.outcome()).toContain('**Not applied, because nobody reviewed it**');
    expect(it.outcome()).toContain('create `CensusSync/late`');
    expect(step.log).toContain(
      '::warning title=Syncline::Not applied at production, for nobody has reviewed it: create CensusSync/late.',
    );
  });

  test('what main wants otherwise by now is stale', async () => {
    const it = await reviewed();
    const merged = it.merge('topic');
    const newer = it.commit('main', { 'syncs/users.yaml': manifest('users', '  paused: true\n') });
    const pull = it.github.pulls[0];
    if (pull !== undefined) pull.merged = { sha: newer };
    const step = await it.apply(newer);
    expect(merged).not.toBe(newer);
    expect(step.code).toBe(5);
    expect(it.labels()).toContain('Label of orders');
    expect(it.labels()).not.toContain('Label of users');
  });

  test('a job of long ago that runs again takes nothing back', async () => {
    const it = await reviewed();
    const first = it.merge('topic');
    expect((await it.apply(first)).code).toBe(0);
    const second = it.commit('main', { 'syncs/users.yaml': manifest('users', '  paused: true\n') });
    expect((await it.apply(second)).code).toBe(0);
    const before = it.writes().length;
    const step = await it.apply(first);
    expect(step.code).toBe(4);
    expect(step.summary).toContain('**Nothing was applied.**');
    expect(step.summary).toContain('old-checkout');
    expect(it.writes()).toHaveLength(before);
  });

  test('of two targets each goes by its own plan, and is told by itself', async () => {
    const it = await reviewed({ staging: true });
    it.github.artefacts.splice(
      0,
      it.github.artefacts.length,
      ...it.github.artefacts.filter((one) => one.name.includes('production')),
    );
    const step = await it.apply(it.merge('topic'), { inputs: { command: 'apply', target: 'all' } });
    expect(step, step.log).toMatchObject({ code: 0, outputs: { changes: '4' } });
    const said = it.github.comments.filter((one) => one.body.includes('syncline:apply')).map((one) => one.body);
    expect(said).toHaveLength(2);
    expect(said[0]).toContain('Exactly the reviewed plan was applied.');
    expect(said[1]).toContain('There is no reviewed plan');
    expect(digestsOf(step).production).toBe(digestsOf(it.planned).production);
    expect(it.staging?.syncs().map((one) => one.label)).toContain('Label of users');
  });

  test('of several pull requests that one push has merged each is applied and told', async () => {
    const it = await reviewed();
    const head = it.commit('second', { 'syncs/second.yaml': manifest('second') });
    const number = it.open('second');
    await it.plan({ commit: head, payload: pullPayload(number, head) });
    it.commit('third', { 'syncs/third.yaml': manifest('third') });
    const first = it.merge('topic');
    const second = it.merge('second');
    const last = it.merge('third');
    const payload = { commits: [first, it.head, second, last].map((id) => ({ id })) };
    const step = await it.apply(last, { payload });
    expect(step, step.log).toMatchObject({ code: 0, outputs: { changes: '3' } });
    const told = it.github.comments.filter((one) => one.body.includes('syncline:apply'));
    expect(told.map((one) => one.issue)).toEqual([it.number, number]);
    for (const one of told) expect(one.body).toContain('Exactly the reviewed plan was applied.');
    expect(told[0]?.body).not.toContain('nobody has reviewed it');
    expect(told[1]?.body).toContain('create `CensusSync/third`');
    expect(it.labels()).toEqual(expect.arrayContaining(['Label of users', 'Label of second']));
    expect(it.labels()).not.toContain('Label of third');
  });

  test('of several targets some must be named', async () => {
    const it = await reviewed({ staging: true });
    const step = await it.apply(it.merge('topic'));
    expect(step.code).toBe(3);
    expect(step.log).toContain('`target: all`');
    expect(it.writes()).toEqual([]);
  });
});

test('what a manifest hides is in no comment, summary or log, and in the kept plan alone', async () => {
  const secret = 'hunter2-of-the-north';
  const mapping = `    - { from: { constant: ${secret} }, to: Title }\n`;
  const file = `lifecycle: { hide: [/mappings/Title/from] }\n${manifest('users', mapping)}`;
  const it = await reviewed({}, { 'syncs/users.yaml': file });
  const step = await it.apply(it.merge('topic'));
  expect(step, step.log).toMatchObject({ code: 0, outputs: { changes: '1' } });
  const said = [it.planned, step].flatMap(({ log, summary, outputs }) => [log, summary, JSON.stringify(outputs)]);
  for (const text of [...said, ...it.github.comments.map((one) => one.body)]) expect(text).not.toContain(secret);
  expect(it.github.comments[0]?.body).toContain('(hidden)');
  const [kept] = it.github.artefacts;
  expect(fileIn(kept?.content ?? Buffer.alloc(0), 'plan.json', 10_000_000)?.toString('utf8')).toContain(secret);
});

describe('nothing to go by', () => {
  test('a commit that was pushed without a pull request is applied as it plans, and says so', async () => {
    const it = await reviewed();
    const pushed = it.commit('main', { 'syncs/pushed.yaml': manifest('pushed') });
    // GitHub lists what merely contains the commit too.
    it.github.pulls[0]?.commits.push(pushed);
    const step = await it.apply(pushed);
    expect(step).toMatchObject({ code: 0, outputs: { changes: '1' } });
    expect(step.summary).toContain('There is no reviewed plan: no pull request was merged as');
    expect(it.labels()).toContain('Label of pushed');
    expect(it.outcome()).toBeUndefined();
  });

  test('a job that somebody started, which needs no rights to look', async () => {
    const it = await reviewed();
    const merged = it.merge('topic');
    it.commit('main', { 'syncs/users.yaml': undefined });
    expect((await it.apply(merged)).code).toBe(0);
    it.github.tokens.set(jobToken, { login: 'github-actions[bot]', type: 'Bot', rights: { contents: 'write' } });
    const gone = it.commit('main', {});
    const inputs = { command: 'apply', prune: 'true', 'force-deletes': '1' };
    const step = await it.apply(gone, { event: 'workflow_dispatch', inputs });
    expect(step, step.log).toMatchObject({ code: 0, outputs: { deletes: '1' } });
    expect(step.summary).toContain('this job was set off by workflow\\_dispatch, and not by a push');
    expect(it.labels()).not.toContain('Label of users');
  });

  test.each([
    ['a plan that was never kept', (all: Artefact[]) => all.splice(0), 'no artefact syncline\\-plan\\-'],
    ['one that has expired', (all: Artefact[]) => all.forEach(expire), 'what was kept has expired'],
  ])('%s', async (_name, lose, reason) => {
    const it = await reviewed();
    lose(it.github.artefacts);
    const step = await it.apply(it.merge('topic'));
    expect(step).toMatchObject({ code: 0, outputs: { changes: '2' } });
    expect(it.outcome()).toContain('There is no reviewed plan');
    expect(it.outcome()).toContain(reason);
  });

  test('one that expires while it is fetched', async () => {
    const it = await reviewed();
    it.github.faults.push({ path: /\/zip$/, status: 410 });
    const step = await it.apply(it.merge('topic'));
    expect(step.code).toBe(0);
    expect(it.outcome()).toContain('what was kept has expired');
  });

  test('a pull request from a fork', async () => {
    const it = await reviewed();
    const pull = it.github.pulls[0];
    if (pull !== undefined) pull.head = { ...pull.head, repository: 'stranger/syncs' };
    const step = await it.apply(it.merge('topic'));
    expect(step.code).toBe(0);
    expect(it.outcome()).toContain('came from a fork');
  });
});

function expire(one: Artefact): void {
  one.expired = true;
}

describe('a forged artefact', () => {
  const runs: readonly (readonly [string, Partial<Run>, string])[] = [
    ['of another workflow', { path: '.github/workflows/evil.yml' }, 'comes from another workflow'],
    ['of a push', { event: 'push' }, 'comes from a run on push'],
    ['of a fork', { headRepository: 'stranger/syncs' }, 'comes from a fork'],
    ['of a fork that is gone', { headRepository: null }, 'comes from a fork'],
    ['of another commit', { headSha: 'd'.repeat(40) }, 'comes from another commit'],
    ['of a run that failed', { conclusion: 'failure' }, 'comes from a run that did not succeed'],
    ['of a run that goes on', { conclusion: null }, 'comes from a run that did not succeed'],
  ];

  test.each(runs)('%s is refused, and the true one taken', async (_name, run, reason) => {
    const it = await reviewed();
    const [real] = it.github.artefacts;
    const forged = it.github.startRun({ event: 'pull_request', headSha: it.head, conclusion: 'success', ...run });
    it.github.forge(forged, String(real?.name), zipOf('plan.json', Buffer.from('{}')));
    const step = await it.apply(it.merge('topic'));
    expect(step.code, step.log).toBe(0);
    expect(step.log).toContain(`${reason} (run ${forged.id})`);
    expect(it.outcome()).toContain('Exactly the reviewed plan was applied.');
  });

  test('alone is no plan to go by', async () => {
    const it = await reviewed();
    const real = it.github.artefacts.splice(0)[0];
    const forged = it.github.startRun({ event: 'workflow_dispatch', headSha: it.head, conclusion: 'success' });
    it.github.forge(forged, String(real?.name), real?.content ?? Buffer.alloc(0));
    const step = await it.apply(it.merge('topic'));
    expect(step.code).toBe(0);
    expect(it.outcome()).toContain('There is no reviewed plan');
    expect(it.outcome()).toContain('comes from a run on workflow');
  });

  /** The real artefact with another content, as a pull request that changes its own workflow may keep it. */
  async function withContent(change: (file: PlanFile) => Buffer) {
    const it = await reviewed();
    const [real] = it.github.artefacts;
    if (real === undefined) throw new Error('Nothing was kept.');
    const text = fileIn(real.content, 'plan.json', 10_000_000)?.toString('utf8') ?? '';
    real.content = change(JSON.parse(text));
    return { it, step: await it.apply(it.merge('topic')) };
  }

  const edited = (file: PlanFile, change: (plan: Plan) => Plan) => ({ ...file, plans: file.plans.map(change) });
  const packed = (file: unknown) => zipOf('plan.json', Buffer.from(JSON.stringify(file)));

  test.each([
    [
      'that was edited',
      (file: PlanFile) => packed(edited(file, (plan) => ({ ...plan, changes: [] }))),
      'was changed after it was written',
      3,
    ],
    ['that holds no plan', () => packed({ version: 1 }), 'is not a plan', 3],
    ['that is no archive', () => Buffer.from('PK, or is it?'), 'does not hold one plan and nothing else', 3],
    [
      'that holds another file',
      () => zipOf('../plan.json', Buffer.from('{}')),
      'does not hold one plan and nothing else',
      3,
    ],
    [
      'for another target',
      (file: PlanFile) => packed(sealPlans(edited(file, (plan) => ({ ...plan, target: 'other' })).plans)),
      'holds plans for "other"',
      4,
    ],
  ])('%s is refused whole', async (_name, change, words, code) => {
    const { it, step } = await withContent(change);
    expect(step.code, step.log).toBe(code);
    expect(step.log).toContain(words);
    expect(it.writes()).toEqual([]);
    expect(it.outcome()).toContain('**Nothing was applied.**');
  });

  const otherwise = (plan: Plan): Plan => ({
    ...plan,
    changes: plan.changes.map((one) =>
      one.address.endsWith('users') && one.action === 'create'
        ? { ...one, desired: { ...one.desired, operation: 'mirror' } }
        : one,
    ),
  });

  test('with a right seal and the digest of another plan is refused', async () => {
    const { it, step } = await withContent((file) => packed(sealPlans(edited(file, otherwise).plans)));
    expect(step.code).toBe(3);
    expect(step.log).toContain('is not the one that its digest names');
    expect(it.writes()).toEqual([]);
  });

  test('with a right seal and digest does no more than the commit that was merged', async () => {
    const digested = (plan: Plan): Plan => ({ ...plan, digest: planDigest(() => censusSyncTraits, plan) });
    const { it, step } = await withContent((file) =>
      packed(sealPlans(edited(file, (plan) => digested(otherwise(plan))).plans)),
    );
    expect(step.code).toBe(5);
    expect(it.outcome()).toContain('**stale** create `CensusSync/users`');
    expect(it.labels()).toContain('Label of orders');
    expect(it.labels()).not.toContain('Label of users');
  });
});

describe('what may not be', () => {
  test.each([
    ['may not look at pull requests', { actions: 'read' }],
    ['may not look at artefacts', { 'pull-requests': 'write' }],
  ] as const)('a job that %s applies nothing', async (_name, rights) => {
    const it = await reviewed();
    it.github.tokens.set(jobToken, { login: 'github-actions[bot]', type: 'Bot', rights });
    const step = await it.apply(it.merge('topic'));
    expect(step.code).toBe(4);
    expect(step.log).toContain('actions: read');
    expect(it.writes()).toEqual([]);
  });

  test('nor one that GitHub does not answer', async () => {
    const it = await reviewed();
    it.github.faults.push({ path: /\/pulls$/, status: 500 });
    const step = await it.apply(it.merge('topic'));
    expect(step.code).toBe(1);
    expect(it.writes()).toEqual([]);
  });

  test.each(['pull_request', 'merge_group'])('apply on %s', async (event) => {
    const it = await reviewed();
    const step = await it.apply(it.head, { event, payload: pullPayload(it.number, it.head) });
    expect(step.code).toBe(4);
    expect(step.summary).toContain('may not be merged yet');
    expect(it.writes()).toEqual([]);
  });

  test.each([
    ['a branch of somebody', 'refs/heads/topic', {}, 4],
    ['what a merge queue tries out', 'refs/heads/gh-readonly-queue/main/pr-7', { GITHUB_REF_PROTECTED: 'true' }, 4],
    ['another branch that is protected', 'refs/heads/live', { GITHUB_REF_PROTECTED: 'true' }, 0],
  ] as const)('on a push to %s', async (_name, ref, env, code) => {
    const it = await reviewed();
    const step = await it.apply(it.head, { ref, env });
    expect(step.code, step.log).toBe(code);
    expect(it.writes().length > 0).toBe(code === 0);
  });

  test('no token is sent to where the archive lies, nor to anybody without TLS', async () => {
    const it = await reviewed();
    await it.apply(it.merge('topic'));
    const fetched = it.github.seen.filter(
      (one) => one.path.startsWith('/artefact/') || one.path.startsWith('/upload/'),
    );
    expect(fetched.map((one) => [one.method, one.authorised])).toEqual([
      ['PUT', false],
      ['GET', false],
    ]);
    const step = await it.plan({
      env: { GITHUB_API_URL: 'http://github.example', GITHUB_GRAPHQL_URL: 'http://github.example' },
    });
    expect(step.code).toBe(0);
    expect(step.log).toContain('is not reached over TLS');
  });
});
