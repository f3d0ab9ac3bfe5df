import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { planDigest, sealPlans } from '../../src/core/plan/digest.ts';
import { censusSyncTraits } from '../../src/generated/census-sync-traits.ts';
import { Exit } from '../../src/model/errors.ts';
import type { Plan, PlanFile } from '../../src/model/plan.ts';
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
      error: 'What was reviewed differs from what a fresh plan would write.',
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

describe('a plan that says it is another one', () => {
  /** Changes a plan file, renews its seal, and its digest where that is asked for. */
  function forge(path: string, edit: (plan: Plan) => Plan, isDigestRenewed = false): void {
    const { plans, exit, failed } = JSON.parse(readFileSync(path, 'utf8')) as PlanFile;
    const edited = plans.map((one) => {
      const plan = edit(one);
      return isDigestRenewed ? { ...plan, digest: planDigest(() => censusSyncTraits, plan) } : plan;
    });
    writeFileSync(
      path,
      JSON.stringify(sealPlans(edited, { exit, failed: failed.map((one) => ({ ...one, hint: '' })) })),
    );
  }

  const wider = (plan: Plan): Plan => ({ ...plan, selection: { only: null, exclude: [], changed: null } });
  const more = (plan: Plan): Plan => ({
    ...plan,
    changes: plan.changes.map((one) => ({
      ...one,
      fields: [...one.fields, { path: '/alert_attributes', from: null, to: null, cause: 'git', impact: 'none' }],
    })),
  });

  test.each([
    ['its selection', wider],
    ['its fields', more],
  ])('by %s is refused', async (_name, edit) => {
    const { run, folder, writes } = await workspace();
    await run('plan --only CensusSync/users --out plan.json');
    forge(join(folder, 'plan.json'), edit);
    const said = await run('apply plan.json');
    expect(said).toMatchObject({ code: Exit.invalid });
    expect(said.err).toContain('plan-edited');
    expect(writes()).toEqual([]);
  });

  test('is held against what is planned today, field by field', async () => {
    const { run, folder, write, writes } = await workspace();
    await run('apply --auto-approve');
    write('syncs/users.yaml', manifest('users', '  paused: true\n'));
    await run('plan --out reviewed.json');
    await run('plan --out today.json');
    const before = writes().length;
    forge(join(folder, 'reviewed.json'), more, true);
    const said = await run('apply reviewed.json --against today.json');
    expect(said.code, said.err).toBe(Exit.refused);
    expect(writes()).toHaveLength(before);
  });

  test('what a part of today is planned for makes no whole apply of it', async () => {
    const { run, folder } = await workspace();
    await run('plan --only CensusSync/users --out today.json');
    await run('plan --only CensusSync/users --out reviewed.json');
    forge(join(folder, 'reviewed.json'), wider, true);
    expect((await run('apply reviewed.json --against today.json')).code).toBe(Exit.ok);
    const ledger = readFileSync(join(folder, '.syncline/ledger/production.json'), 'utf8');
    expect(JSON.parse(ledger).meta.last_apply ?? null).toBeNull();
  });
});
