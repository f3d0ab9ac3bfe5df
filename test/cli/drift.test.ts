import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { manifest, project, type Workspace, workspace } from './workspace.ts';

/** A workspace to which its manifests have been applied. */
async function applied(): Promise<Workspace> {
  const space = await workspace();
  space.write('syncs/orders.yaml', manifest('orders'));
  await space.run('apply --auto-approve');
  space.emulator.clearRequests();
  return space;
}

function idOf({ emulator }: Workspace, name: string): number {
  return Number(emulator.syncs().find((one) => one.label === `Label of ${name}`)?.id);
}

describe('drift', () => {
  test('is exit 0 and one line where nothing changed, and only reads', async () => {
    const space = await applied();
    expect(await space.run('drift')).toEqual({ code: Exit.ok, out: 'Nothing has changed outside Git.\n', err: '' });
    expect(space.writes()).toEqual([]);
  });

  test('is exit 2 where something did, until apply puts it back', async () => {
    const space = await applied();
    space.emulator.mutate(idOf(space, 'users'), { operation: 'mirror' });
    const said = await space.run('drift');
    expect(said).toMatchObject({ code: Exit.changes, err: '' });
    expect(said.out).toMatch(/^Target production: 1 changed outside Git\.\n/);
    expect(said.out).toContain('~ changed CensusSync/users  "Label of users"');
    expect(said.out).toContain('\n      ~ /operation: upsert → mirror\n');
    expect(said.out).toMatch(/`syncline apply` puts it back.*\n$/);
    expect(space.writes()).toEqual([]);
    await space.run('apply --auto-approve');
    expect((await space.run('drift')).code).toBe(Exit.ok);
  });

  test('what is taken into the manifest is no drift any more', async () => {
    const space = await applied();
    space.emulator.mutate(idOf(space, 'users'), { operation: 'mirror' });
    const text = readFileSync(join(space.folder, 'syncs/users.yaml'), 'utf8');
    space.write('syncs/users.yaml', text.replace('operation: upsert', 'operation: mirror'));
    expect((await space.run('drift')).code).toBe(Exit.ok);
  });

  test.each([
    ['json', /^\{\n {2}"version": 1,\n {2}"reports": \[\n {4}\{\n {6}"target": "production",/],
    ['markdown', /^\*\*Target production: 1 gone\.\*\*\n/],
    ['github', /^::warning file=crm\/syncs\/users\.yaml,line=1,col=1,title=CensusSync\/users is gone \(production\)::/],
  ])('prints %s', async (format, beginning) => {
    const space = await workspace();
    // The project lies one folder deep in a repository.
    mkdirSync(join(space.folder, '.git'));
    space.write('crm/syncline.yaml', `${project({ production: space.emulator.url })}ledger: file\n`);
    space.write('crm/syncs/users.yaml', manifest('users'));
    await space.run('-C crm apply --auto-approve');
    space.emulator.remove(idOf(space, 'users'));
    const said = await space.run(`-C crm drift --format ${format}`);
    expect(said).toMatchObject({ code: Exit.changes });
    expect(said.out).toMatch(beginning);
  });

  test('--only looks at some addresses, and one that matches nothing is a slip', async () => {
    const space = await applied();
    space.emulator.mutate(idOf(space, 'users'), { operation: 'mirror' });
    expect((await space.run('drift --only CensusSync/orders')).code).toBe(Exit.ok);
    expect((await space.run('drift --only CensusSync/us*')).code).toBe(Exit.changes);
    expect(await space.run('drift --only nothing')).toMatchObject({ code: Exit.invalid, out: '' });
  });

  test('of several targets each has its count', async () => {
    const space = await applied();
    space.write('syncline.yaml', project({ production: space.emulator.url, staging: space.emulator.url }));
    await space.run('adopt --all-matching --target staging');
    await space.run('forget CensusSync/users --target staging');
    space.emulator.mutate(idOf(space, 'users'), { operation: 'mirror' });
    const said = await space.run('drift');
    expect(said.code).toBe(Exit.changes);
    expect(said.out).toMatch(/^Target production: 1 changed/);
    expect(said.out).toContain('\nTarget staging: nothing changed');
    expect((await space.run('drift --target staging')).code).toBe(Exit.ok);
  });

  test.each(['text', 'json'])('a lost ledger is no green light, and hides no other target: %s', async (format) => {
    const space = await applied();
    space.write('syncline.yaml', project({ aside: space.emulator.url, production: space.emulator.url }));
    space.emulator.mutate(idOf(space, 'users'), { operation: 'mirror' });
    const alone = await space.run(`drift --target aside --format ${format}`);
    expect(alone).toMatchObject({ code: Exit.refused, err: expect.stringContaining('error no-ledger\n') });
    expect(alone.err).toContain('`syncline adopt --all-matching`');
    if (format === 'text') expect(alone.out).toBe('');
    else expect(JSON.parse(alone.out)).toMatchObject({ reports: [], exit: 4, failed: [{ code: 'no-ledger' }] });
    const both = await space.run(`drift --format ${format}`);
    expect(both).toMatchObject({ code: Exit.refused, out: expect.stringContaining('CensusSync/users') });
    expect(both.out).toContain('no-ledger');
    expect(both.err).toContain('error no-ledger  target aside\n');
  });

  test('without a ledger says that nobody can tell which side changed', async () => {
    const space = await workspace();
    const text = readFileSync(join(space.folder, 'syncline.yaml'), 'utf8');
    space.write('syncline.yaml', `${text}ledger: none\n`);
    await space.run('apply --auto-approve');
    expect(await space.run('drift')).toMatchObject({ code: Exit.ok, out: expect.stringContaining('nobody can tell') });
    space.emulator.mutate(idOf(space, 'users'), { operation: 'mirror' });
    const said = await space.run('drift --format json');
    expect(said).toMatchObject({ code: Exit.changes, err: expect.stringContaining('nobody can tell') });
    expect(JSON.parse(said.out).reports[0].drift[0].fields).toEqual([
      { path: '/operation', was: 'upsert', now: 'mirror' },
    ]);
    expect((await space.run('drift --format json --quiet')).err).toBe('');
  });
});
