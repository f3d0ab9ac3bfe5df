import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { manifest, project, type Workspace, workspace } from './workspace.ts';

/** Ids of the recorded runs, newest first. */
async function recorded({ run }: Workspace): Promise<readonly string[]> {
  const { runs }: { readonly runs: readonly { readonly run: string }[] } = JSON.parse(
    (await run('log --format json')).out,
  );
  return runs.map((one) => one.run);
}

/** A sync that was made and then paused; the run that paused it. */
async function paused(): Promise<{ shop: Workspace; id: string }> {
  const shop = await workspace();
  await shop.run('apply --auto-approve');
  shop.write('syncs/users.yaml', manifest('users', '  paused: true\n'));
  await shop.run('apply --auto-approve');
  shop.emulator.clearRequests();
  return { shop, id: (await recorded(shop))[0] ?? '' };
}

const isPaused = ({ emulator }: Workspace) =>
  emulator.syncs().find((one) => one.label === 'Label of users')?.paused === true;

describe('undo', () => {
  test('shows what it would do, and asks', async () => {
    const { shop, id } = await paused();
    const refused = await shop.run(`undo ${id}`);
    expect(refused.code).toBe(Exit.refused);
    expect(refused.out).toContain(`Undo of run ${id}`);
    expect(refused.out).toContain('/paused: true → false');
    expect(refused.out).not.toContain('changed in Git');
    expect(refused.err).toContain('This needs your approval');
    expect(shop.writes()).toEqual([]);
    const said = await shop.run(`undo ${id}`, {
      typed: 'yes\n',
      env: { TOKEN: shop.emulator.token, NO_COLOR: '1' },
    });
    expect(said).toMatchObject({ code: Exit.ok });
    expect(isPaused(shop)).toBe(false);
    expect(said.out.trimEnd().split('\n').at(-1)).toBe(
      `The manifests still say what run ${id} applied: revert them too, or the next apply does it again.`,
    );
    expect(await recorded(shop)).toHaveLength(3);
    expect((await shop.run('plan --exit-code')).code).toBe(Exit.changes);
  });

  test('without a run it says where runs are listed', async () => {
    const said = await (await workspace()).run('undo');
    expect(said.code).toBe(Exit.invalid);
    expect(said.err).toContain('Write `syncline undo RUN`. `syncline log` lists the runs.');
  });

  test('prints the report as JSON, and advice beside it', async () => {
    const { shop, id } = await paused();
    const said = await shop.run(`undo ${id} --auto-approve --format json`);
    expect(said.code).toBe(Exit.ok);
    expect(JSON.parse(said.out)).toMatchObject({
      version: 1,
      reports: [{ converged: true, outcomes: [{ action: 'update', status: 'applied' }] }],
    });
    expect(said.err).toContain('revert them too');
    const again = await shop.run(`undo ${id} --auto-approve`);
    expect(again.code).toBe(Exit.ok);
    expect(again.out).toContain('There is nothing to put back');
    expect(again.out).not.toContain('revert them too');
  });

  test.each([
    ['reverted', manifest('users', '  paused: false\n'), false],
    ['ahead elsewhere', manifest('users', '  paused: false\n  field_behavior: sync_all_properties\n'), false],
    ['as the run applied them', manifest('users', '  paused: true\n'), true],
  ])('gives advice only where the manifests still say it: %s', async (_name, text, advised) => {
    const { shop, id } = await paused();
    shop.write('syncs/users.yaml', text);
    const said = await shop.run(`undo ${id} --auto-approve`);
    expect(said.code).toBe(Exit.ok);
    expect(said.out.includes('revert them too')).toBe(advised);
  });

  test.each([
    ['still there', 'users', true],
    ['gone', 'orders', false],
  ])('of what it has deleted, with the manifest %s', async (_name, name, advised) => {
    const shop = await workspace();
    await shop.run('apply --auto-approve');
    const [id] = await recorded(shop);
    shop.write('syncs/users.yaml', manifest(name));
    const said = await shop.run(`undo ${id} --auto-approve`);
    expect(said.code).toBe(Exit.ok);
    expect(said.out.includes('revert them too')).toBe(advised);
  });

  test('what was deleted comes back, and its restored manifest says no more than that', async () => {
    const shop = await workspace();
    await shop.run('apply --auto-approve');
    shop.write('syncs/users.yaml', manifest('orders'));
    await shop.run('apply --auto-approve --prune');
    const [id] = await recorded(shop);
    shop.write('syncs/users.yaml', manifest('users'));
    const said = await shop.run(`undo ${id} --auto-approve`);
    expect(said.out).toContain('create');
    expect(said.out).not.toContain('revert them too');
  });

  test('what a prune deleted comes back under a new id, protected until its manifest is there', async () => {
    const shop = await workspace();
    await shop.run('apply --auto-approve');
    shop.write('syncs/users.yaml', manifest('orders'));
    await shop.run('apply --auto-approve --prune');
    const [id] = await recorded(shop);
    const said = await shop.run(`undo ${id} --auto-approve`);
    expect(said.code).toBe(Exit.ok);
    expect(said.out.trimEnd().split('\n').at(-1)).toBe(
      'No manifest declares CensusSync/users yet: put its manifest back and apply. Until then it is protected. It has a new id, and no history.',
    );
    expect((await shop.run('plan --prune')).out).toMatch(/CensusSync\/users[\s\S]*protected/);
    shop.write('syncs/again.yaml', manifest('users'));
    expect((await shop.run('apply --auto-approve')).code).toBe(Exit.ok);
    rmSync(join(shop.folder, 'syncs/again.yaml'));
    expect((await shop.run('plan --prune --format json')).out).toContain('"action": "delete"');
  });

  test('what pull writes of a sync that is there again is valid without a warning', async () => {
    const shop = await workspace();
    await shop.run('apply --auto-approve');
    shop.write('syncs/users.yaml', manifest('orders'));
    await shop.run('apply --auto-approve --prune');
    const [id] = await recorded(shop);
    await shop.run(`undo ${id} --auto-approve`);
    expect(await shop.run('pull --only CensusSync/users')).toMatchObject({ code: Exit.ok, err: '' });
    expect(await shop.run('validate')).toMatchObject({ code: Exit.ok, out: '2 manifests are valid.\n', err: '' });
    expect((await shop.run('plan --exit-code')).out).toContain('Plan: 1 to create, 1 unchanged.');
  });

  test('what was changed since is blocked, exit 4', async () => {
    const { shop, id } = await paused();
    shop.write('syncs/users.yaml', manifest('users', '  paused: true\n  field_behavior: sync_all_properties\n'));
    await shop.run('apply --auto-approve');
    shop.emulator.clearRequests();
    const said = await shop.run(`undo ${id} --auto-approve`);
    expect(said.code).toBe(Exit.refused);
    expect(said.out).toContain('changed: Run ');
    expect(shop.writes()).toEqual([]);
  });

  test('a protected sync is not deleted: exit 4, also where no manifest declares it', async () => {
    const shop = await workspace();
    shop.write('syncs/users.yaml', `${manifest('users')}lifecycle: { protect: true }\n`);
    await shop.run('apply --auto-approve');
    const [id] = await recorded(shop);
    shop.write('syncs/users.yaml', manifest('orders'));
    const said = await shop.run(`undo ${id} --auto-approve`);
    expect(said.code).toBe(Exit.refused);
    expect(said.out).toContain('protected');
    expect(shop.writes().filter((one) => one.startsWith('DELETE'))).toEqual([]);
  });

  test('finds the target by the run', async () => {
    const { shop, id } = await paused();
    shop.write('syncline.yaml', project({ production: shop.emulator.url, staging: 'http://127.0.0.1:1' }));
    expect((await shop.run(`undo ${id} --target staging --auto-approve`)).code).toBe(Exit.invalid);
    expect((await shop.run(`undo ${id} --auto-approve`)).code).toBe(Exit.ok);
    expect(isPaused(shop)).toBe(false);
  });

  test.each([
    ['undo', Exit.invalid, 'RUN'],
    ['undo 2026', Exit.invalid, 'Several runs begin with "2026"'],
    ['undo 1999', Exit.invalid, 'The log has no run "1999"'],
  ])('%s is refused', async (line, code, words) => {
    const { shop } = await paused();
    const said = await shop.run(line);
    expect(said.code).toBe(code);
    expect(said.err).toContain(words);
    expect(shop.emulator.requests).toEqual([]);
  });

  test('without a ledger there is nothing to go by, exit 4', async () => {
    const shop = await workspace();
    shop.write('syncline.yaml', `${project({ production: shop.emulator.url })}ledger: none\n`);
    const said = await shop.run('undo 2026 --auto-approve');
    expect(said).toMatchObject({ code: Exit.refused, out: '' });
    expect(said.err).toContain('Without a ledger');
  });

  test('what only was noted in the ledger needs no undo', async () => {
    const shop = await workspace();
    await shop.run('apply --auto-approve');
    shop.write('syncs/users.yaml', `${manifest('users')}lifecycle: { protect: true }\n`);
    await shop.run('apply --auto-approve');
    shop.emulator.clearRequests();
    const [id] = await recorded(shop);
    const said = await shop.run(`undo ${id} --auto-approve`);
    expect(said.code).toBe(Exit.ok);
    expect(said.out).toContain('nothing was sent');
    expect(shop.writes()).toEqual([]);
  });
});
