import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import type { Plan } from '../../src/model/plan.ts';
import { inGit, type Repository } from './repository.ts';
import { manifest, workspace } from './workspace.ts';

const sequence = (name: string) => `  mode: { type: triggered, triggers: { sync_sequence: { sync: ${name} } } }\n`;

/** What `as` says, under another name, with a line that says which one it had. */
const renamed = (as: string, name: string) =>
  manifest(as).replace(`name: ${as}\n`, `name: ${name}\nmoved_from: ${as}\n`);

/** Three syncs that a ledger in Git binds, one of which runs after another. */
async function applied(): Promise<Repository> {
  const here = inGit(await workspace());
  here.write('syncs/orders.yaml', manifest('orders'));
  here.write('syncs/sequel.yaml', manifest('sequel', sequence('users')));
  here.commit();
  expect((await here.run('apply --auto-approve')).code).toBe(Exit.ok);
  return here;
}

async function planned({ run }: Repository, flags = ''): Promise<Plan> {
  return JSON.parse((await run(`plan --format json ${flags}`)).out).plans[0];
}

test('a swap of two names sends nothing, whoever refers to them', async () => {
  const here = await applied();
  const before = here.writes().length;
  here.write('syncs/users.yaml', renamed('users', 'orders'));
  here.write('syncs/orders.yaml', renamed('orders', 'users'));
  // What runs after the thing goes on doing so, under its new name.
  here.write('syncs/sequel.yaml', manifest('sequel', sequence('orders')));
  here.commit();
  const { changes, summary } = await planned(here, '--prune');
  expect(
    changes.map(({ action, address, moved_from: from, fields }) => [action, address, from, fields.length]),
  ).toEqual([
    ['update', 'CensusSync/orders', 'users', 0],
    ['update', 'CensusSync/users', 'orders', 0],
  ]);
  expect(summary).toMatchObject({ recorded: 2, noop: 1, update: 0, blocked: 0 });
  expect((await here.run('drift')).code).toBe(Exit.ok);
  expect((await here.run('apply --prune --auto-approve')).code).toBe(Exit.ok);
  expect(here.writes().slice(before)).toEqual([]);
  expect((await planned(here, '--prune')).changes).toEqual([]);
  expect((await here.run('drift')).code).toBe(Exit.ok);
  const ids = (name: string) =>
    JSON.parse(here.git('show', `refs/syncline/production:syncs/CensusSync/${name}.json`)).id;
  expect(ids('users')).not.toBe(ids('orders'));
});

test('a saved plan moves what it says, once', async () => {
  const here = await applied();
  const before = here.writes().length;
  here.write('syncs/orders.yaml', renamed('orders', 'invoices'));
  here.commit();
  await here.run('plan --out plan.json');
  expect(JSON.parse(readFileSync(join(here.folder, 'plan.json'), 'utf8')).plans[0].changes).toMatchObject([
    { action: 'update', address: 'CensusSync/invoices', moved_from: 'orders' },
  ]);
  expect((await here.run('apply plan.json')).code).toBe(Exit.ok);
  const again = await here.run('apply plan.json');
  expect(again.out).toContain('stale');
  expect(again.code).toBe(Exit.refused);
  expect(here.writes().slice(before)).toEqual([]);
  expect((await here.run('log')).out).toContain('moved from orders');
});

test('a rename alone is what differs from the branch before it', async () => {
  const here = await applied();
  here.git('checkout', '--quiet', '-b', 'work');
  here.write('syncs/orders.yaml', renamed('orders', 'invoices'));
  here.commit();
  const { changes, blocked } = await planned(here, '--changed main');
  expect(changes.map(({ address }) => address)).toEqual(['CensusSync/invoices']);
  expect(blocked).toEqual([]);
});

test('a line that cannot be followed is told at its place', async () => {
  const here = await applied();
  here.write('syncs/orders.yaml', manifest('orders').replace('\nspec:', '\nmoved_from: users\nspec:'));
  const { code, out, err } = await here.run('plan');
  expect(code).toBe(Exit.invalid);
  expect(`${out}${err}`).toContain('syncs/orders.yaml:3:13');
  expect(`${out}${err}`).toContain('moved-to-bound');
});

test('an earlier name that the ledger does not know is probably misspelt, and one that it knows is done', async () => {
  const here = await applied();
  const line = (from: string) =>
    manifest('invoices').replace('name: invoices\n', `name: invoices\nmoved_from: ${from}\n`);
  here.write('syncs/invoices.yaml', line('ordres'));
  const notes = async () => (await planned(here)).notes.filter((one) => one.code === 'moved').map((one) => one.message);
  expect((await here.run('apply --auto-approve')).code).toBe(Exit.ok);
  expect(await notes()).toEqual([expect.stringMatching(/CensusSync\/ordres.*check its spelling/)]);
  here.write('syncs/orders.yaml', renamed('orders', 'bills'));
  here.commit();
  expect((await here.run('apply --auto-approve --only CensusSync/bills')).code).toBe(Exit.ok);
  const messages = await notes();
  expect(messages).toHaveLength(2);
  expect(messages).toContainEqual(expect.stringContaining('the line can go'));
});
