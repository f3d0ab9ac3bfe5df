import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SeedSync } from '../../src/emulator/census-v1/seed.ts';
import { Exit } from '../../src/model/errors.ts';
import { seedSync, type Workspace, workspace } from './workspace.ts';

const folder = 'syncs/salesforce';

/** A workspace whose syncs were pulled, and whose ledger was then lost. */
async function lost(syncs: readonly SeedSync[]): Promise<Workspace> {
  const space = await workspace({ seed: { syncs } });
  rmSync(join(space.folder, 'syncs'), { recursive: true });
  expect(await space.run('pull')).toMatchObject({ code: Exit.ok });
  rmSync(join(space.folder, '.syncline'), { recursive: true });
  return space;
}

const files = (space: Workspace) => readdirSync(join(space.folder, folder)).toSorted();
const read = (space: Workspace, name: string) => readFileSync(join(space.folder, folder, name), 'utf8');

function edit(space: Workspace, name: string, from: string, to: string): void {
  expect(read(space, name)).toContain(from);
  space.write(`${folder}/${name}`, read(space, name).replace(from, to));
}

async function bindings(space: Workspace): Promise<Readonly<Record<string, string>>> {
  const said = await space.run('status --format json');
  const [{ things }] = JSON.parse(said.out).targets as [
    { things: readonly { address: string; id: string; state: string }[] },
  ];
  return Object.fromEntries(things.filter(({ state }) => state === 'bound').map(({ address, id }) => [address, id]));
}

describe('pull after a lost ledger', () => {
  test('binds a manifest without a label to the one thing that is as it says, and writes no second one', async () => {
    const space = await lost([seedSync(1060), seedSync(1061, { operation: 'mirror' })]);
    // Not the name decides here, but what the manifests say.
    edit(space, 'sync-1060.yaml', 'name: sync-1060', 'name: users');
    const before = files(space);
    const said = await space.run('pull --only CensusSync/*');
    expect(said).toMatchObject({ code: Exit.ok });
    expect(files(space)).toEqual(before);
    expect(await bindings(space)).toMatchObject({ 'CensusSync/users': '1060', 'CensusSync/sync-1061': '1061' });
    expect((await space.run('plan --exit-code --only CensusSync/*')).code).toBe(Exit.ok);
    expect(space.writes()).toEqual([]);
  });

  test('of several that are alike the name decides, of twins that have a label too', async () => {
    const label = { label: 'Twins' };
    const space = await lost([seedSync(1060), seedSync(1061), seedSync(1070, label), seedSync(1071, label)]);
    const before = files(space);
    expect(before).toEqual(['sync-1060.yaml', 'sync-1061.yaml', 'twins-1071.yaml', 'twins.yaml']);
    const said = await space.run('pull --only CensusSync/*');
    expect(said).toMatchObject({ code: Exit.ok });
    expect(files(space)).toEqual(before);
    expect(await bindings(space)).toEqual({
      'CensusSync/sync-1060': '1060',
      'CensusSync/sync-1061': '1061',
      'CensusSync/twins': '1070',
      'CensusSync/twins-1071': '1071',
    });
    expect((await space.run('plan --exit-code --only CensusSync/*')).code).toBe(Exit.ok);
    expect(space.writes()).toEqual([]);
  });

  test('what is not certain is left, and told with the ids', async () => {
    const space = await lost([seedSync(1060), seedSync(1061)]);
    edit(space, 'sync-1060.yaml', 'name: sync-1060', 'name: one');
    edit(space, 'sync-1061.yaml', 'name: sync-1061', 'name: two');
    const before = files(space);
    const said = await space.run('pull --only CensusSync/*');
    expect(said.code).toBe(Exit.refused);
    expect(said.out).toContain(
      'CensusSync/one has no label and may be one of the syncs 1060, 1061, which is not certain; bind the one that it is: `syncline adopt CensusSync/one --id N`.',
    );
    expect(files(space)).toEqual(before);
    expect(await bindings(space)).toEqual({});
    expect(await space.run('adopt CensusSync/one --id 1061')).toMatchObject({ code: Exit.ok });
    expect(await space.run('pull --only CensusSync/*')).toMatchObject({ code: Exit.ok });
    expect(await bindings(space)).toEqual({ 'CensusSync/one': '1061', 'CensusSync/two': '1060' });
  });

  test('a manifest that differs from the thing that its name means is not bound, nor is another one to that thing', async () => {
    const space = await lost([seedSync(1060), seedSync(1061)]);
    edit(space, 'sync-1061.yaml', 'operation: upsert', 'operation: mirror');
    edit(space, 'sync-1060.yaml', 'name: sync-1060', 'name: users');
    space.emulator.remove(1060);
    const said = await space.run('pull --only CensusSync/*');
    expect(said.code).toBe(Exit.refused);
    expect(said.out).toContain('`syncline adopt CensusSync/sync-1061 --id 1061`');
    expect(await bindings(space)).toEqual({});
    expect(existsSync(join(space.folder, folder, 'sync-1061-1061.yaml'))).toBe(false);
    expect(space.writes()).toEqual([]);
  });
});
