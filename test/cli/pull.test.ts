import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { inGit } from './repository.ts';
import { manifest, project, type Workspace, workspace } from './workspace.ts';

const empty = { seed: { syncs: [] } } as const;

/** A workspace to which one manifest has been applied, that somebody has written by hand. */
async function applied(text: string): Promise<Workspace> {
  const space = await workspace();
  space.write('syncs/users.yaml', text);
  expect((await space.run('apply --auto-approve')).err).toBe('');
  return space;
}

function idOf({ emulator }: Workspace, label: string): number {
  return Number(emulator.syncs().find((one) => one.label === label)?.id);
}

function read({ folder }: Workspace, file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

const own = `# Owned by RevOps.
kind: CensusSync
name: users
spec:
  label: Label of users # found by this
  operation: "\${vars.operation}"
  source_attributes:
    connection: Snowflake Prod
    object: { type: table, table_catalog: analytics, table_schema: public, table_name: users }
  destination_attributes: { connection: Salesforce, object: Contact }
  mappings:
    # the key
    - { from: email, to: Email, primary: true }
    # the name
    - from: { type: column, data: last_name }
      to: 'LastName'
`;

const withVars = (space: Workspace, vars: string) =>
  space.write(
    'syncline.yaml',
    project({ production: space.emulator.url }).replace(/token: "[^"]*"/, (token) => `${token}, vars: ${vars}`),
  );

async function touched(): Promise<Workspace> {
  const space = await workspace();
  withVars(space, '{ operation: upsert }');
  space.write('syncs/users.yaml', own);
  expect(await space.run('apply --auto-approve')).toMatchObject({ code: Exit.ok });
  return space;
}

describe('pull', () => {
  test('writes a manifest for everything that is live; it is valid, planned empty and not written twice', async () => {
    const space = await workspace();
    rmSync(join(space.folder, 'syncs'), { recursive: true });
    const said = await space.run('pull');
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    expect(said.out).toMatch(/6 written, 0 brought up to date, 6 bound, 0 left as they are\.\n/);
    expect(said.out).toMatch(/\nNext: `syncline validate`, .* after the merge run `syncline apply` once\.\n$/);
    expect(await space.run('validate')).toMatchObject({ code: Exit.ok, out: '6 manifests are valid.\n' });
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
    expect((await space.run('fmt --check')).code).toBe(Exit.ok);
    expect(read(space, 'syncs/snowflake-prod/active-customers.yaml')).toContain(
      'query: { file: sql/active-customers.sql }',
    );
    expect((await space.run('pull')).out).toMatch(/0 written, 0 brought up to date, 0 bound, 0 left as they are\.\n$/);
    expect(space.writes()).toEqual([]);
  });

  test('what it has bound is not pruned before an apply had its manifest', async () => {
    const space = await workspace();
    rmSync(join(space.folder, 'syncs'), { recursive: true });
    await space.run('pull');
    space.write('other.yaml', read(space, 'syncline.yaml').replace('[syncs/**/*.yaml]', '[]'));
    const pruned = await space.run('plan --prune --config other.yaml');
    expect(pruned.out).toContain('`syncline pull` bound the sync 90001');
    expect((await space.run('apply --prune --auto-approve --config other.yaml')).code).toBe(Exit.ok);
    expect(space.writes()).toEqual([]);
    expect((await space.run('apply --auto-approve')).code).toBe(Exit.ok);
    expect((await space.run('plan --prune --config other.yaml')).out).toContain('delete');
  });

  test('the ledger is written first: a run that could write no file is made good by the next one', async () => {
    const space = await workspace();
    rmSync(join(space.folder, 'syncs'), { recursive: true });
    space.write('syncs', 'This is no folder.');
    space.write('other.yaml', read(space, 'syncline.yaml').replace('[syncs/**/*.yaml]', '[]'));
    const failed = await space.run('pull');
    expect(failed.code).toBe(Exit.partial);
    expect(failed.err).toContain('could not be written');
    expect((await space.run('apply --prune --auto-approve --config other.yaml')).code).toBe(Exit.ok);
    expect(space.writes()).toEqual([]);
    rmSync(join(space.folder, 'syncs'));
    const again = await space.run('pull');
    expect(again.out).toMatch(/6 written, 0 brought up to date, 0 bound, 0 left as they are\.\n/);
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test('--drifted brings home what changed outside Git, and nothing else of the file changes', async () => {
    const space = await touched();
    const id = idOf(space, 'Label of users');
    space.emulator.mutate(id, { paused: true });
    space.emulator.mutate(id, {
      mappings: [
        { from: { type: 'column', data: 'email' }, to: 'Email', is_primary_identifier: true },
        { from: { type: 'column', data: 'surname' }, to: 'LastName' },
        { from: { type: 'column', data: 'city' }, to: 'MailingCity' },
      ],
    });
    const said = await space.run('pull --drifted');
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    expect(read(space, 'syncs/users.yaml')).toBe(
      own.replace('{ type: column, data: last_name }', 'surname').concat('    - { from: city, to: MailingCity }\n'),
    );
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
    expect((await space.run('drift')).code).toBe(Exit.ok);
  });

  test('a conflict, and a variable that no longer fits, are left and told', async () => {
    const space = await touched();
    const id = idOf(space, 'Label of users');
    space.emulator.mutate(id, { operation: 'mirror', label: 'Renamed there' });
    space.write('syncs/users.yaml', own.replace('label: Label of users', 'label: Renamed here'));
    const before = read(space, 'syncs/users.yaml');
    const said = await space.run('pull --drifted --format json');
    expect(said.code).toBe(Exit.refused);
    const [report] = JSON.parse(said.out).targets;
    expect(report.left.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`)).toEqual([
      '/label conflict',
      '/operation variable',
    ]);
    expect(read(space, 'syncs/users.yaml')).toBe(before);
  });

  test('what is gone is left and told, and a cleared field is null', async () => {
    const space = await applied(
      `${manifest('users')}  high_water_mark_attribute: null\n  advanced_configuration: { a: x }\n`,
    );
    const id = idOf(space, 'Label of users');
    space.emulator.mutate(id, { advanced_configuration: {} });
    expect(await space.run('pull --drifted')).toMatchObject({ code: Exit.ok });
    expect(read(space, 'syncs/users.yaml')).toContain('advanced_configuration: { a: null }');
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
    space.emulator.remove(id);
    const said = await space.run('pull --drifted');
    expect(said.code).toBe(Exit.refused);
    expect(said.out).toContain('no longer exists');
  });

  test('what lifecycle.ignore names is left alone', async () => {
    const text = manifest('users', '  paused: false\n').replace('spec:', 'lifecycle: { ignore: [/paused] }\nspec:');
    const space = await applied(text);
    space.emulator.mutate(idOf(space, 'Label of users'), { paused: true });
    expect(await space.run('pull --drifted')).toMatchObject({ code: Exit.ok });
    expect(read(space, 'syncs/users.yaml')).toBe(text);
  });

  test('an unbound manifest takes the one thing that bears its label, and is brought up to date', async () => {
    const space = await applied(manifest('users'));
    rmSync(join(space.folder, '.syncline'), { recursive: true });
    space.emulator.mutate(idOf(space, 'Label of users'), { operation: 'mirror' });
    const said = await space.run('pull --only CensusSync/users');
    expect(said).toMatchObject({ code: Exit.ok });
    expect(read(space, 'syncs/users.yaml')).toContain('operation: mirror');
    expect((await space.run('plan --only CensusSync/users --exit-code')).code).toBe(Exit.ok);
  });

  test('twins are written without their label, and both are bound', async () => {
    const space = await workspace(empty);
    space.write('syncs/a.yaml', manifest('a'));
    space.write('syncs/b.yaml', manifest('b'));
    await space.run('apply --auto-approve');
    for (const name of ['a', 'b']) space.emulator.mutate(idOf(space, `Label of ${name}`), { label: 'Twins!' });
    rmSync(join(space.folder, 'syncs'), { recursive: true });
    rmSync(join(space.folder, '.syncline'), { recursive: true });
    const said = await space.run('pull --only CensusSync/*');
    expect(said).toMatchObject({ code: Exit.ok });
    expect(said.out).toContain('is written without a label, because others bear "Twins!" too');
    expect(read(space, 'syncs/salesforce/twins.yaml')).not.toContain('label:');
    expect((await space.run('validate')).code).toBe(Exit.ok);
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test('on a shared manifest one target overrides what differs, until both say the same', async () => {
    const other = await workspace(empty);
    const space = await workspace(empty);
    space.write('syncline.yaml', project({ production: space.emulator.url, staging: other.emulator.url }));
    const env = { TOKEN: space.emulator.token };
    const staging = { env: { TOKEN: other.emulator.token } };
    const setting = (name: string) => (name === 'staging' ? staging : { env });
    const run = (line: string, name: string) => space.run(`${line} --target ${name}`, setting(name));
    for (const name of ['production', 'staging']) expect((await run('apply --auto-approve', name)).code).toBe(Exit.ok);
    const before = read(space, 'syncs/users.yaml');
    space.emulator.mutate(idOf(space, 'Label of users'), { operation: 'mirror' });
    expect(await run('pull --drifted', 'production')).toMatchObject({ code: Exit.ok });
    expect(read(space, 'syncs/users.yaml')).toMatch(/overrides:\n? .*production:.*operation: mirror/s);
    for (const name of ['production', 'staging']) expect((await run('plan --exit-code', name)).code).toBe(Exit.ok);
    other.emulator.mutate(idOf(other, 'Label of users'), { operation: 'mirror' });
    expect(await run('pull --drifted', 'staging')).toMatchObject({ code: Exit.ok });
    expect(read(space, 'syncs/users.yaml')).toBe(before.replace('operation: upsert', 'operation: mirror'));
    for (const name of ['production', 'staging']) expect((await run('plan --exit-code', name)).code).toBe(Exit.ok);
  });

  test('with several targets a new manifest is for the one that was pulled, which has to be named', async () => {
    const space = await workspace();
    rmSync(join(space.folder, 'syncs'), { recursive: true });
    space.write('syncline.yaml', project({ production: space.emulator.url, staging: space.emulator.url }));
    expect(await space.run('pull')).toMatchObject({ code: Exit.invalid });
    expect(await space.run('pull --target production --id 90003')).toMatchObject({ code: Exit.ok });
    expect(read(space, 'syncs/braze/churn-risk-to-braze.yaml')).toContain('targets: [production]\n');
    expect((await space.run('plan --target production --exit-code')).code).toBe(Exit.ok);
  });

  test('things of two targets that have the same label get the same name, each for its own target', async () => {
    const space = await workspace();
    const other = await workspace({ token: space.emulator.token });
    rmSync(join(space.folder, 'syncs'), { recursive: true });
    space.write('syncline.yaml', project({ production: space.emulator.url, staging: other.emulator.url }));
    for (const name of ['production', 'staging'])
      expect(await space.run(`pull --target ${name} --id 90003`)).toMatchObject({ code: Exit.ok });
    const files = ['churn-risk-to-braze', 'churn-risk-to-braze-90003'].map((name) => `syncs/braze/${name}.yaml`);
    expect(files.map((file) => /^name: .*\ntargets: .*$/m.exec(read(space, file))?.[0])).toEqual([
      'name: churn-risk-to-braze\ntargets: [production]',
      'name: churn-risk-to-braze\ntargets: [staging]',
    ]);
    expect(await space.run('validate')).toMatchObject({ code: Exit.ok, out: '2 manifests are valid.\n' });
    expect(await space.run('plan --exit-code')).toMatchObject({ code: Exit.ok, err: '' });
    expect(await space.run('fmt --check')).toMatchObject({ code: Exit.ok });
  });

  test('what was adopted although it differs is brought up to date, and recorded so', async () => {
    const space = await applied(manifest('users'));
    rmSync(join(space.folder, '.syncline'), { recursive: true });
    space.emulator.mutate(idOf(space, 'Label of users'), { operation: 'mirror' });
    expect((await space.run('adopt CensusSync/users')).out).toContain('it differs from its manifest');
    expect(await space.run('pull --only CensusSync/users')).toMatchObject({ code: Exit.ok });
    expect(read(space, 'syncs/users.yaml')).toContain('operation: mirror');
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test('a dataset whose query changed has it in its file', async () => {
    const space = await workspace();
    rmSync(join(space.folder, 'syncs'), { recursive: true });
    await space.run('pull');
    await fetch(`${space.emulator.url}/api/v1/datasets/8123`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${space.emulator.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'select 42 as answer' }),
    });
    expect(await space.run('pull --drifted')).toMatchObject({ code: Exit.ok });
    expect(read(space, 'syncs/snowflake-prod/sql/active-customers.sql')).toBe('select 42 as answer\n');
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test('--id takes one thing, --layout flat puts it beside the others, and nothing is overwritten', async () => {
    const space = await workspace();
    space.write('syncs/churn-risk-to-braze.yaml', manifest('users'));
    rmSync(join(space.folder, 'syncs/users.yaml'));
    expect(await space.run('pull --id CensusSync/90003 --layout flat')).toMatchObject({ code: Exit.ok });
    expect(read(space, 'syncs/churn-risk-to-braze.yaml')).toBe(manifest('users'));
    expect(existsSync(join(space.folder, 'syncs/churn-risk-to-braze-90003.yaml'))).toBe(true);
    expect(await space.run('pull --id 7')).toMatchObject({ code: Exit.invalid });
    expect(await space.run('pull --only CensusSync/nothing')).toMatchObject({ code: Exit.invalid });
  });

  test('a bound thing whose file is not here is written under its own name, and again after a run that wrote no file', async () => {
    const space = await applied(manifest('users'));
    rmSync(join(space.folder, 'syncs'), { recursive: true });
    expect(await space.run('pull --only CensusSync/users')).toMatchObject({ code: Exit.ok });
    expect(read(space, 'syncs/salesforce/users.yaml')).toContain('name: users\n');
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test('without a ledger files are written and nothing is bound', async () => {
    const space = await workspace();
    rmSync(join(space.folder, 'syncs'), { recursive: true });
    space.write('syncline.yaml', `${project({ production: space.emulator.url })}ledger: none\n`);
    const said = await space.run('pull');
    expect(said).toMatchObject({ code: Exit.ok });
    expect(said.out).toContain('6 written, 0 brought up to date, 0 bound');
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });
});
test('a checkout that is older than the last apply is told so', async () => {
  const here = inGit(await workspace());
  const first = here.commit();
  await here.run('apply --auto-approve');
  here.write('syncs/people.yaml', manifest('people'));
  here.commit();
  await here.run('apply --auto-approve');
  expect((await here.run('pull --drifted')).err).toBe('');
  here.git('checkout', '--quiet', first);
  const { err } = await here.run('pull --drifted');
  expect(err).toContain('This checkout is older than the last apply');
  expect(err).toContain('`git pull`');
});
