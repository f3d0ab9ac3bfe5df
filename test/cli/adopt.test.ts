import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { manifest, project, type Workspace, workspace } from './workspace.ts';

/** Everything is applied, and then the ledger is lost. */
async function forgotten(): Promise<Workspace> {
  const space = await workspace();
  space.write('syncs/orders.yaml', manifest('orders'));
  await space.run('apply --auto-approve');
  rmSync(join(space.folder, '.syncline'), { recursive: true });
  space.emulator.clearRequests();
  return space;
}

function idOf({ emulator }: Workspace, name: string): number {
  return Number(emulator.syncs().find((one) => one.label === `Label of ${name}`)?.id);
}

describe('adopt', () => {
  test('binds an address by its label, touches nothing, and says so again the second time', async () => {
    const space = await forgotten();
    const id = idOf(space, 'users');
    expect(await space.run('adopt CensusSync/users')).toEqual({
      code: Exit.ok,
      out: `production: CensusSync/users is bound to ${id}.\n`,
      err: '',
    });
    const again = await space.run(`adopt CensusSync/users --id ${id}`);
    expect(again).toMatchObject({ code: Exit.ok, out: expect.stringContaining('already; nothing was written') });
    expect(space.writes()).toEqual([]);
    expect((await space.run('plan')).out).toContain('1 unchanged, 1 blocked');
  });

  test('--all-matching binds everything after a lost ledger, and plan is empty', async () => {
    const space = await forgotten();
    const said = await space.run('adopt --all-matching');
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    expect(said.out.split('\n').toSorted().join('\n').trim()).toBe(
      [
        'production: 2 bound, 0 left alone, 0 with no live match.',
        `production: CensusSync/orders is bound to ${idOf(space, 'orders')}.`,
        `production: CensusSync/users is bound to ${idOf(space, 'users')}.`,
      ].join('\n'),
    );
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test('--all-matching lists what it leaves, names what has no sync, and is exit 0', async () => {
    const space = await forgotten();
    space.write('syncs/fresh.yaml', manifest('fresh'));
    space.emulator.mutate(idOf(space, 'orders'), { label: 'Label of users' });
    const said = await space.run('adopt --all-matching');
    expect(said.code).toBe(Exit.ok);
    expect(said.out).toMatch(
      /^production: CensusSync\/users is left alone: 2 live syncs have .*\(ids \d+, \d+\).*--id N/m,
    );
    for (const name of ['fresh', 'orders'])
      expect(said.out).toContain(`\nproduction: CensusSync/${name} is not bound: nothing live has its label.\n`);
    expect(said.out).toMatch(/\nproduction: 0 bound, 1 left alone, 2 with no live match\.\n$/);
  });

  test('a binding moves to the new name of a manifest', async () => {
    const { run, write, emulator } = await workspace();
    await run('apply --auto-approve');
    const id = Number(emulator.syncs().find((one) => one.label === 'Label of users')?.id);
    write('syncs/users.yaml', manifest('users').replace('name: users', 'name: people'));
    expect((await run('plan --prune')).out).toContain('`moved_from: users` keeps the sync under it');
    expect((await run(`adopt CensusSync/people --id ${id}`)).out).toBe(
      `production: CensusSync/people is bound to ${id}, moved from CensusSync/users.\n`,
    );
    const count = emulator.syncs().length;
    expect((await run('apply --prune --auto-approve')).code).toBe(Exit.ok);
    expect(emulator.syncs()).toHaveLength(count);
  });

  test('what differs is bound, and the plan is pointed to', async () => {
    const space = await forgotten();
    space.emulator.mutate(idOf(space, 'users'), { operation: 'mirror' });
    expect((await space.run('adopt CensusSync/users')).out).toContain('differs from its manifest, see `syncline plan`');
    expect((await space.run('plan')).out).toContain('~ /operation: mirror → upsert');
  });

  test.each([
    ['adopt', Exit.invalid, 'usage'],
    ['adopt CensusSync/users --all-matching', Exit.invalid, 'usage'],
    ['adopt --all-matching --id 7', Exit.invalid, 'usage'],
    ['adopt --id 7', Exit.invalid, 'usage'],
    ['adopt CensusSync/usres', Exit.invalid, 'Did you mean "CensusSync/users"?'],
    ['adopt CensusSync/users --id 123456', Exit.invalid, 'There is no live sync 123456'],
  ])('%s is refused', async (line, code, words) => {
    const space = await forgotten();
    const said = await space.run(line);
    expect(said).toMatchObject({ code, out: '' });
    expect(said.err).toContain(words);
  });

  test('a sync that another manifest has is refused with both names and places', async () => {
    const space = await workspace();
    await space.run('apply --auto-approve');
    space.write('syncs/orders.yaml', manifest('orders'));
    const said = await space.run(`adopt CensusSync/orders --id ${idOf(space, 'users')}`);
    expect(said).toMatchObject({ code: Exit.refused, out: '' });
    expect(said.err).toMatch(
      /two-claimants\n.*CensusSync\/users \(syncs\/users\.yaml:1\).*orders \(syncs\/orders\.yaml:1\)/,
    );
  });

  test('needs a target where the project has several, and an --id needs exactly one', async () => {
    const space = await forgotten();
    space.write('syncline.yaml', project({ production: space.emulator.url, staging: space.emulator.url }));
    expect(await space.run('adopt --all-matching')).toMatchObject({
      code: Exit.invalid,
      err: expect.stringContaining('--target'),
    });
    const both = '--target production --target staging';
    expect((await space.run(`adopt CensusSync/users --id 1 ${both}`)).err).toContain('belongs to one target');
    expect((await space.run(`adopt CensusSync/users ${both}`)).out).toMatch(/^production: .*\nstaging: .*\n$/);
  });

  test('has nothing to bind in without a ledger', async () => {
    const space = await workspace();
    space.write('syncline.yaml', `${project({ production: space.emulator.url })}ledger: none\n`);
    const said = await space.run('adopt --all-matching');
    expect(said).toMatchObject({ code: Exit.refused, out: '' });
    expect(said.err).toContain('error no-ledger');
    expect(space.emulator.requests).toEqual([]);
  });
});
