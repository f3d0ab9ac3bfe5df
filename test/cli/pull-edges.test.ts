import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { manifest, project, seedSync, type Workspace, workspace } from './workspace.ts';

const empty = { seed: { syncs: [] } } as const;

function read({ folder }: Workspace, file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

/** A workspace without syncs, and a project without manifests. */
async function bare(): Promise<Workspace> {
  const space = await workspace(empty);
  rmSync(join(space.folder, 'syncs'), { recursive: true });
  return space;
}

function dataset(name: string, label: string, more = '', targets = ''): string {
  return `kind: CensusDataset
name: ${name}
${targets}spec:
  name: ${label}
  type: sql
  source: Snowflake Prod
  query: { file: shared.sql }
${more}`;
}

/** Changes the query of a dataset by hand. */
async function requery({ emulator }: Workspace, name: string, query: string): Promise<void> {
  const headers = { authorization: `Bearer ${emulator.token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${emulator.url}/api/v1/datasets?per_page=100`, { headers });
  const { data } = (await answer.json()) as { data: readonly { id: number; name: string }[] };
  const id = data.find((one) => one.name === name)?.id;
  const body = JSON.stringify({ query });
  const { status } = await fetch(`${emulator.url}/api/v1/datasets/${id}`, { method: 'PATCH', headers, body });
  expect(status).toBe(200);
}

const idOf = ({ emulator }: Workspace, label: string) =>
  Number(emulator.syncs().find((one) => one.label === label)?.id);

describe('pull', () => {
  test('a bound thing whose file is not here keeps what the ledger knows of its lifecycle', async () => {
    const space = await workspace(empty);
    const lifecycle = 'lifecycle: { protect: true, on_delete: pause, hide: [/advanced_configuration/k] }\nspec:';
    space.write(
      'syncs/users.yaml',
      manifest('users', '  advanced_configuration: { k: x }\n').replace('spec:', lifecycle),
    );
    await space.run('apply --auto-approve');
    rmSync(join(space.folder, 'syncs/users.yaml'));
    expect(await space.run('pull --only CensusSync/users')).toMatchObject({ code: Exit.ok });
    expect(read(space, 'syncs/salesforce/users.yaml')).toContain(
      'lifecycle:\n  protect: true\n  on_delete: pause\n  hide: [/advanced_configuration/k]\nspec:',
    );
    const plan = await space.run('plan --exit-code --only CensusSync/users');
    expect(plan).toMatchObject({ code: Exit.ok });
    expect(plan.out).not.toContain('lifecycle');
    expect((await space.run('fmt --check')).code).toBe(Exit.ok);
  });

  test.each([
    [1, '1 dataset with type "table" cannot be managed'],
    [2, '2 datasets with type "table" cannot be managed'],
  ])('what no manifest can say is counted: %i', async (count, said) => {
    const one = (id: number) => ({ id, source_id: 501, name: `D${id}`, type: 'table' });
    const space = await workspace({ seed: { syncs: [], datasets: [one(1), one(2)].slice(0, count) } });
    expect((await space.run('pull')).out).toContain(said);
  });

  test('no file of a manifest that is left is changed', async () => {
    const space = await bare();
    space.write(
      'syncline.yaml',
      project({ production: space.emulator.url }).replace(/token: "[^"]*"/, (token) => `${token}, vars: { d: mine }`),
    );
    space.write('syncs/active.yaml', dataset('active', 'active customers', `  description: "\${vars.d}"\n`));
    space.write('syncs/shared.sql', 'select mine\n');
    const said = await space.run('pull --only CensusDataset/active');
    expect(said.code).toBe(Exit.refused);
    expect(said.out).toContain('0 brought up to date, 0 bound');
    expect(read(space, 'syncs/shared.sql')).toBe('select mine\n');
  });

  test('a file of SQL that a manifest of another target reads too is not changed', async () => {
    const [space, other] = [await bare(), await workspace(empty)];
    space.write('syncline.yaml', project({ production: space.emulator.url, staging: other.emulator.url }));
    space.write('syncs/one.yaml', dataset('one', 'One', '', 'targets: [production]\n'));
    space.write('syncs/two.yaml', dataset('two', 'Two', '', 'targets: [staging]\n'));
    space.write('syncs/shared.sql', 'select 1\n');
    expect((await space.run('apply --auto-approve --target production')).code).toBe(Exit.ok);
    await requery(space, 'One', 'select 2');
    expect(await space.run('pull --drifted --target production')).toMatchObject({ code: Exit.ok });
    expect(read(space, 'syncs/shared.sql')).toBe('select 1\n');
    expect((await space.run('plan --exit-code --target production')).code).toBe(Exit.ok);
    expect(read(space, 'syncs/one.yaml')).toContain('query: { file: one-production.sql }');
  });

  test('what looks like the beginning of a variable is kept in a file of SQL', async () => {
    const space = await bare();
    space.write('syncs/one.yaml', dataset('one', 'One'));
    space.write('syncs/shared.sql', 'select 1\n');
    await space.run('apply --auto-approve');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: SQL as somebody may have written it.
    await requery(space, 'One', 'select ${vars. ${vars.a b} $${vars.x} ${vars.x}');
    expect(await space.run('pull --drifted')).toMatchObject({ code: Exit.ok });
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test('no query lies where a glob of the project would read it as a manifest', async () => {
    const space = await bare();
    space.write('syncline.yaml', project({ production: space.emulator.url }).replace('**/*.yaml', '**'));
    expect(await space.run('pull')).toMatchObject({ code: Exit.ok });
    expect((await space.run('validate')).code).toBe(Exit.ok);
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
    expect(existsSync(join(space.folder, 'syncs/snowflake-prod/sql'))).toBe(false);
    expect((await space.run('pull')).out).toContain('0 written');
  });

  test('what has a key that no manifest may have is left and told', async () => {
    const space = await workspace(empty);
    await space.run('apply --auto-approve');
    const before = read(space, 'syncs/users.yaml');
    space.emulator.mutate(idOf(space, 'Label of users'), { advanced_configuration: { a: { '<<': 'x' } } });
    rmSync(join(space.folder, '.syncline'), { recursive: true });
    rmSync(join(space.folder, 'syncs/users.yaml'));
    const fresh = await space.run('pull --only CensusSync/*');
    expect(fresh.code).toBe(Exit.refused);
    expect(fresh.out).toContain('cannot be said by a manifest');
    space.write('syncs/users.yaml', `${before}  advanced_configuration: { a: { b: c } }\n`);
    const revised = await space.run('pull --only CensusSync/users');
    expect(revised.code).toBe(Exit.refused);
    expect(revised.out).toContain('cannot be said by a manifest');
    expect(read(space, 'syncs/users.yaml')).toContain('a: { b: c }');
    expect((await space.run('validate')).code).toBe(Exit.ok);
  });

  test('a file of SQL that two links lead to is not changed for one of them', async () => {
    const space = await bare();
    space.write('syncs/one.yaml', dataset('one', 'One'));
    space.write('syncs/two.yaml', dataset('two', 'Two').replace('shared.sql', 'link.sql'));
    space.write('syncs/shared.sql', 'select 1\n');
    symlinkSync('shared.sql', join(space.folder, 'syncs/link.sql'));
    await space.run('apply --auto-approve');
    await requery(space, 'Two', 'select 2');
    expect(await space.run('pull --drifted')).toMatchObject({ code: Exit.ok });
    expect(read(space, 'syncs/shared.sql')).toBe('select 1\n');
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test('syncs that wait for each other, or for themselves, are valid once they are pulled', async () => {
    const follows = (id: number, label: string, parent: number) =>
      seedSync(id, { label, mode: { type: 'triggered', triggers: { sync_sequence: { sync_id: parent } } } });
    const syncs = [follows(301, 'A', 302), follows(302, 'B', 301), follows(303, 'C', 303), follows(305, 'D', 304)];
    const last = { ...follows(304, 'E', 1), mode: { type: 'triggered', triggers: {} } };
    const space = await workspace({ seed: { syncs: [...syncs, last] } });
    rmSync(join(space.folder, 'syncs'), { recursive: true });
    expect(await space.run('pull')).toMatchObject({ code: Exit.ok });
    expect((await space.run('validate')).code).toBe(Exit.ok);
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
    expect(read(space, 'syncs/salesforce/a.yaml')).toContain('sync_sequence: { sync_id: 302 }');
    expect(read(space, 'syncs/salesforce/d.yaml')).toContain('sync_sequence: { sync: e }');
  });

  test('--drifted sees what has become of a field of a mapping of which the manifest says nothing', async () => {
    const space = await workspace(empty);
    space.write('syncs/users.yaml', manifest('users', '    - { from: last_name, to: LastName }\n'));
    await space.run('apply --auto-approve');
    const [seen] = space.emulator.syncs();
    const mappings = ((seen?.mappings ?? []) as readonly JsonObject[]).map((one) => ({
      ...one,
      ...(one.to === 'LastName' && { sync_null_values: false }),
    }));
    space.emulator.mutate(idOf(space, 'Label of users'), { mappings });
    expect((await space.run('plan')).out).toContain('changed outside Git');
    expect((await space.run('drift')).code).toBe(Exit.changes);
    expect(await space.run('pull --drifted')).toMatchObject({ code: Exit.ok });
    expect(read(space, 'syncs/users.yaml')).toContain('sync_null_values: false');
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });
});
