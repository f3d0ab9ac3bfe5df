import { expect, test, vi } from 'vitest';
import { manifest } from '../cli/workspace.ts';
import { forge, pullPayload } from '../support/github/job.ts';

// Several jobs, with a clone for each.
vi.setConfig({ testTimeout: 120_000 });

test('jobs of a fleet plan, apply and watch a share each', async () => {
  const it = await forge({ name: 'crm', staging: true });
  const commit = it.commit('topic', { 'syncs/users.yaml': manifest('users') });
  const payload = pullPayload(it.open('topic'), commit);
  const plan = (shard: string) =>
    it.step({ inputs: { command: 'plan', shard }, event: 'pull_request', commit, payload });
  expect(await plan('2/2')).toMatchObject({ code: 0, outputs: { creates: '1' } });
  expect(await plan('3/3')).toMatchObject({ code: 0, outputs: { creates: '0' } });
  const marks = () => it.github.comments.map((one) => one.body.split('\n')[0]);
  expect(marks()).toEqual(['<!-- syncline:plan crm staging -->']);
  await plan('1/2');
  expect(marks()).toEqual(['<!-- syncline:plan crm staging -->', '<!-- syncline:plan crm production -->']);

  const merged = it.merge('topic');
  const apply = (shard: string) =>
    it.step({ inputs: { command: 'apply', shard }, event: 'push', commit: merged, whole: true });
  const first = await apply('1/2');
  expect(first, first.log).toMatchObject({ code: 0 });
  expect(
    [it.emulator, it.staging].map((one) => one?.syncs().filter(({ label }) => label === 'Label of users').length),
  ).toEqual([1, 0]);
  const none = await apply('3/3');
  expect(none, none.log).toMatchObject({ code: 0, summary: expect.stringContaining('has no targets: nothing to do.') });
  const second = await apply('2/2');
  expect(second, second.log).toMatchObject({ code: 0 });

  const drift = (shard: string) => it.step({ inputs: { command: 'drift', shard }, event: 'schedule', commit: merged });
  const meddled = it.staging?.syncs().find((one) => one.label === 'Label of users');
  it.staging?.mutate(Number(meddled?.id), { operation: 'mirror' });
  expect((await drift('2/2')).code).toBe(2);
  expect((await drift('1/2')).code).toBe(0);
  expect(it.github.issues).toMatchObject([{ title: 'Syncline: drift in crm (shard 2/2)', state: 'open' }]);
  it.staging?.mutate(Number(meddled?.id), { operation: 'upsert' });
  expect((await drift('2/2')).code).toBe(0);
  expect(it.github.issues).toMatchObject([{ state: 'closed' }]);
});
