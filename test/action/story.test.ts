import { expect, test } from 'vitest';
import { manifest } from '../cli/workspace.ts';
import { digestsOf, entry, forge, pullPayload, type StepOptions } from '../support/github/job.ts';

const planInputs = { command: 'plan' };
const applyInputs = { command: 'apply' };

test('a pull request, its update, its merge and the apply, with the built entry', async () => {
  const { github, emulator, commit, open, merge, step: start, writes } = await forge({ name: 'crm' });
  const step = (options: StepOptions) => start({ ...options, entry });
  const first = commit('topic', { 'syncs/users.yaml': manifest('users') });
  const number = open('topic');

  // The pull request is opened.
  const opened = await step({
    inputs: planInputs,
    event: 'pull_request',
    commit: first,
    payload: pullPayload(number, first),
  });
  expect(opened, opened.log).toMatchObject({ code: 0 });
  expect(opened.outputs).toMatchObject({ changes: '1', creates: '1', updates: '0', deletes: '0', blocked: '0' });
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]).toMatchObject({ issue: number, user: { login: 'github-actions[bot]' } });
  expect(github.comments[0]?.body).toContain('**Plan for production: 1 to create');
  expect(github.comments[0]?.body).toContain('`CensusSync/users`');
  expect(opened.summary).toContain('**Plan for production: 1 to create');
  expect(opened.log).toContain('::notice file=syncs/users.yaml,line=1,');

  // It is updated: the one comment says what is planned now.
  const second = commit('topic', { 'syncs/orders.yaml': manifest('orders') });
  const updated = await step({
    inputs: planInputs,
    event: 'pull_request',
    commit: second,
    payload: pullPayload(number, second),
  });
  expect(updated).toMatchObject({ code: 0, outputs: { changes: '2' } });
  expect(github.comments).toHaveLength(1);
  const digest = String(digestsOf(updated).production);
  expect(github.comments[0]?.body).toContain('**Plan for production: 2 to create');
  expect(github.comments[0]?.body).toContain('`CensusSync/orders`');
  expect(github.comments[0]?.body).toContain(digest);
  expect(github.artefacts.map((one) => one.name)).toEqual([
    `syncline-plan-crm-production-${first}`,
    `syncline-plan-crm-production-${second}`,
  ]);
  expect(writes()).toEqual([]);

  // It is merged and applied: exactly what was reviewed.
  const merged = merge('topic');
  const applied = await step({ inputs: applyInputs, event: 'push', commit: merged });
  expect(applied, applied.log).toMatchObject({ code: 0 });
  expect(digestsOf(applied)).toEqual({ production: digest });
  expect(applied.summary).toContain('Exactly the reviewed plan was applied');
  expect(github.comments).toHaveLength(2);
  expect(github.comments[1]?.issue).toBe(number);
  expect(github.comments[1]?.body).toContain('**2 applied.**');
  expect(github.comments[1]?.body).toContain(digest);
  expect(emulator.syncs().map((one) => one.label)).toContain('Label of orders');

  // The same job once more has nothing to do, and says nothing else.
  const again = await step({ inputs: applyInputs, event: 'push', commit: merged });
  expect(again).toMatchObject({ code: 0, outputs: { changes: '0' } });
  expect(again.summary).toContain('is there already');
  expect(github.comments).toHaveLength(2);
}, 120_000);

test('what goes wrong, with the built entry', async () => {
  const { github, emulator, commit, open, merge, step: start, writes } = await forge({ name: 'crm' });
  const step = (options: Omit<StepOptions, 'entry'>) => start({ ...options, entry });
  const both = (spec: string) => ({ 'syncs/a.yaml': manifest('a', spec), 'syncs/b.yaml': manifest('b', spec) });
  await step({ inputs: applyInputs, event: 'push', commit: commit('main', both('')) });

  // A fork has no token: validated, and nothing else.
  const fork = commit('fork', { 'syncs/c.yaml': manifest('c') });
  const forked = open('fork', 'stranger/syncs');
  const payload = pullPayload(forked, fork, { repository: 'stranger/syncs' });
  const checked = await step({ inputs: planInputs, event: 'pull_request', commit: fork, payload, env: { TOKEN: '' } });
  expect(checked, checked.log).toMatchObject({ code: 0 });
  expect(checked.summary).toContain('this pull request comes from a fork');
  expect(github.artefacts).toEqual([]);

  // A plan that fails has a summary and a comment.
  const wrong = commit('topic', both('  pausd: true\n'));
  const number = open('topic');
  const failed = await step({
    inputs: planInputs,
    event: 'pull_request',
    commit: wrong,
    payload: pullPayload(number, wrong),
  });
  expect(failed.code).toBe(3);
  expect(failed.summary).toContain('pausd');
  expect(github.comments.filter((one) => one.issue === number)).toHaveLength(1);

  // Mended, planned and merged. Meanwhile somebody changes one of the two, and somebody else keeps a plan of their own.
  const head = commit('topic', both('  paused: true\n'));
  const planned = await step({
    inputs: planInputs,
    event: 'pull_request',
    commit: head,
    payload: pullPayload(number, head),
  });
  expect(planned, planned.log).toMatchObject({ code: 0, outputs: { updates: '2' } });
  expect(github.comments.filter((one) => one.issue === number)).toHaveLength(1);
  const forged = github.startRun({ event: 'push', headSha: head, conclusion: 'success' });
  github.forge(forged, `syncline-plan-crm-production-${head}`, Buffer.from('A plan of mine'));
  emulator.mutate(Number(emulator.syncs().find((one) => one.label === 'Label of a')?.id), { operation: 'mirror' });
  const before = writes().length;
  const applied = await step({ inputs: applyInputs, event: 'push', commit: merge('topic') });
  expect(applied.code, applied.log).toBe(5);
  expect(applied.log).toContain(`comes from a run on push (run ${forged.id})`);
  expect(writes().slice(before)).toEqual([expect.stringContaining('PATCH /api/v1/syncs/')]);
  expect(applied.summary).toContain('**stale** update `CensusSync/a`');
  expect(applied.summary).toContain('applied update `CensusSync/b`');
}, 240_000);
