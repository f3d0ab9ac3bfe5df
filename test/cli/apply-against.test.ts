import { expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { manifest, workspace } from './workspace.ts';

test('apply PLANFILE --against FILE does what both say, and refuses the rest alone', async () => {
  const { run, write, emulator } = await workspace();
  write('syncs/orders.yaml', manifest('orders'));
  await run('plan --out reviewed.json');
  // Since then users is wanted otherwise, and one more is wanted.
  write('syncs/users.yaml', manifest('users', '  paused: true\n'));
  write('syncs/late.yaml', manifest('late'));
  await run('plan --out today.json');
  const said = await run('apply reviewed.json --against today.json --format json');
  expect(said.code).toBe(Exit.partial);
  const [report] = JSON.parse(said.out).reports;
  expect(report.converged).toBe(false);
  expect(report.outcomes).toMatchObject([
    { address: 'CensusSync/orders', status: 'applied' },
    {
      address: 'CensusSync/users',
      status: 'stale',
      error: 'What was reviewed is not what a plan of today would leave there.',
    },
  ]);
  const labels = emulator.syncs().map((one) => one.label);
  expect(labels).toContain('Label of orders');
  expect(labels).not.toContain('Label of users');
  expect(labels).not.toContain('Label of late');
});

test('where nothing is left of what was reviewed, nothing is written', async () => {
  const { run, write, writes } = await workspace();
  await run('plan --out reviewed.json');
  write('syncs/users.yaml', manifest('users', '  paused: true\n'));
  await run('plan --out today.json');
  expect(await run('apply reviewed.json --against today.json')).toMatchObject({ code: Exit.refused });
  expect(writes()).toEqual([]);
});

test('what was reviewed behind an edit, or for nothing, is refused', async () => {
  const { run, write } = await workspace();
  await run('plan --out reviewed.json');
  expect((await run('apply --against reviewed.json')).err).toContain(
    '--against narrows a saved plan, and none is named.',
  );
  write('today.json', '{"version":1,"plans":[]}');
  expect((await run('apply reviewed.json --against today.json')).code).toBe(Exit.invalid);
});
