import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { defaultSeed } from '../../src/emulator/census-v1/default-seed.ts';
import { Exit } from '../../src/model/errors.ts';
import { root } from '../support/processes.ts';
import { manifest, project, type Workspace, workspace as workspaceWith } from './workspace.ts';

/** A workspace without syncs and datasets of its own. */
function workspace(): Promise<Workspace> {
  return workspaceWith({ seed: { sources, destinations: defaultSeed.destinations ?? [], syncs: [], datasets: [] } });
}

const sources = (defaultSeed.sources ?? []).map(({ segments: _, cohorts: _cohorts, ...source }) => source);

const schema = JSON.parse(readFileSync(join(root, 'schemas/status.schema.json'), 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true });
const published = ajv.compile(schema);
/** As a version knows it that adds nothing more. */
const exact = ajv.compile(closed(schema));

/** The schema as a version knows it that adds nothing more. */
function closed<Node>(node: Node): Node {
  if (Array.isArray(node)) return node.map(closed) as Node;
  if (typeof node !== 'object' || node === null) return node;
  const inner = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  const { $id: _, ...rest } = inner;
  return (rest.properties === undefined ? rest : { ...rest, additionalProperties: false }) as Node;
}

interface Thing {
  readonly address: string | null;
  readonly id: string | null;
  readonly [key: string]: unknown;
}

/** The things of the only target, as the JSON has them. */
async function thingsOf(space: Workspace, line = 'status'): Promise<readonly Thing[]> {
  const said = await space.run(`${line} --format json`);
  expect(said).toMatchObject({ code: Exit.ok });
  const printed = JSON.parse(said.out);
  expect([published(printed), exact(printed), exact.errors]).toEqual([true, true, null]);
  expect([printed.targets.length, printed.failed]).toEqual([1, []]);
  return printed.targets[0].things;
}

function at(things: readonly Thing[], address: string): Thing {
  const found = things.find((one) => one.address === address);
  if (found === undefined) throw new Error(`${address} is not there.`);
  return found;
}

function idOf({ emulator }: Workspace, name: string): string {
  return String(emulator.syncs().find((one) => one.label === `Label of ${name}`)?.id);
}

/** A workspace to which its manifests have been applied. */
async function applied(...names: readonly string[]): Promise<Workspace> {
  const space = await workspace();
  for (const name of names) space.write(`syncs/${name}.yaml`, manifest(name));
  await space.run('apply --auto-approve');
  space.emulator.clearRequests();
  return space;
}

describe('status', () => {
  test('tells what is bound, and only reads', async () => {
    const space = await applied();
    const [thing] = await thingsOf(space);
    expect(thing).toEqual({
      kind: 'CensusSync',
      address: 'CensusSync/users',
      id: idOf(space, 'users'),
      label: 'Label of users',
      state: 'bound',
      file: 'syncs/users.yaml',
      protected: false,
      paused: false,
      health: 'ok',
      url: null,
    });
    expect(space.writes()).toEqual([]);
  });

  test('says of a manifest without a label that it has none, and how to bind what is live already', async () => {
    const space = await workspace();
    space.write('syncs/users.yaml', manifest('users').replace(/^ *label: .*\n/m, ''));
    const rows = (await space.run('status')).out.split('\n');
    expect(rows.find((row) => row.includes('CensusSync/users'))).toContain('has no label');
    expect((await space.run('status CensusSync/users')).out).toContain('`syncline adopt CensusSync/users --id N`');
  });

  test('tells apart what is unbound, undeclared and foreign', async () => {
    const space = await applied('orders', 'gone');
    space.write('syncs/new.yaml', manifest('new'));
    rmSync(join(space.folder, 'syncs/orders.yaml'));
    space.emulator.remove(Number(idOf(space, 'gone')));
    await space.run('forget CensusSync/users');
    rmSync(join(space.folder, 'syncs/users.yaml'));
    const things = await thingsOf(space);
    const states = things.map(({ address, id, state, file }) => [address, id, state, file]);
    expect(states).toEqual([
      ['CensusSync/gone', expect.any(String), 'bound', 'syncs/gone.yaml'],
      ['CensusSync/new', null, 'unbound', 'syncs/new.yaml'],
      ['CensusSync/orders', idOf(space, 'orders'), 'undeclared', null],
      [null, idOf(space, 'users'), 'foreign', null],
    ]);
    expect(at(things, 'CensusSync/gone').health).toBe('unknown');
    const { out } = await space.run('status');
    expect(out).toMatch(/^Target production: 4 syncs: 1 unbound, 1 undeclared, 1 bound, 1 foreign; 1 gone\.\n/);
    expect(out).toMatch(/CensusSync\/gone {2}\d+ {2}gone {2}syncs\/gone\.yaml:1\n/);
  });

  test('a live thing whose label a manifest declares is not foreign, and twins are named', async () => {
    const space = await applied();
    await space.run('forget CensusSync/users');
    const [original] = space.emulator.syncs();
    const [only] = await thingsOf(space);
    expect(only).toMatchObject({ address: 'CensusSync/users', state: 'unbound', id: null });
    const twin = manifest('users').replace('name: users', 'name: twin').replace('Label of users', 'Label of twin');
    space.write('syncs/twin.yaml', twin);
    await space.run(['apply', '--auto-approve', '--only', 'CensusSync/twin']);
    await space.run('forget CensusSync/twin');
    rmSync(join(space.folder, 'syncs/twin.yaml'));
    space.emulator.mutate(Number(idOf(space, 'twin')), { label: 'Label of users' });
    const { out } = await space.run('status');
    expect(out).toMatch(/^Target production: 1 sync: 1 unbound\.\n/);
    expect(out).toMatch(new RegExp(`its label is live: ${original?.id}, \\d+ {2}syncs/users\\.yaml:1\n`));
  });

  test('a binding that moved_from takes over is seen at its new address', async () => {
    const space = await applied();
    const id = idOf(space, 'users');
    rmSync(join(space.folder, 'syncs/users.yaml'));
    const renamed = manifest('people').replace('name: people', 'name: people\nmoved_from: users');
    space.write('syncs/people.yaml', renamed.replace('Label of people', 'Label of users'));
    const things = await thingsOf(space);
    expect(things).toMatchObject([{ address: 'CensusSync/people', id, state: 'bound' }]);
    expect((await space.run('status')).out).toContain('moves from CensusSync/users with the next apply');
    const [people] = await thingsOf(space, 'status CensusSync/people');
    expect(people?.details).toMatchObject({ plan: { action: 'update', fields: [] } });
    expect(await space.run('status CensusSync/users')).toMatchObject({ code: Exit.invalid, out: '' });
    await space.run('apply --auto-approve');
    expect((await space.run('status')).out).not.toContain('moves from');
  });

  test('what a glob protects stays protected under a new name, and plan and status say so', async () => {
    const space = await workspace();
    const globs = `${project({ production: space.emulator.url }).replace(' }\n', ', protect: ["CensusSync/use*"] }\n')}`;
    space.write('syncline.yaml', globs);
    await space.run('apply --auto-approve');
    space.write('syncs/users.yaml', manifest('users').replace('name: users', 'name: people\nmoved_from: users'));
    const shielded = async () => {
      expect(await thingsOf(space)).toMatchObject([{ address: 'CensusSync/people', protected: true }]);
      const [people] = await thingsOf(space, 'status CensusSync/people');
      expect(people?.details).toMatchObject({ protection: [{ by: 'target', glob: 'CensusSync/use*' }] });
      expect((await space.run('plan')).err).not.toContain('protects nothing');
    };
    await shielded();
    await space.run('apply --auto-approve');
    await shielded();
  });

  test('what runs did under earlier names is told of what has moved, and of nothing else', async () => {
    const space = await applied();
    space.write('syncs/orders.yaml', manifest('orders'));
    await space.run('apply --auto-approve');
    type Runs = { readonly runs: readonly { readonly action: string; readonly run: string }[] };
    const history = async (name: string) => {
      const { details } = at(await thingsOf(space, `status CensusSync/${name}`), `CensusSync/${name}`);
      return (details as Runs).runs;
    };
    const [users, orders] = [await history('users'), await history('orders')];
    expect([users.length, orders.length]).toEqual([1, 1]);
    const swapped = (is: string, was: string) =>
      manifest(was)
        .replace(`name: ${was}`, `name: ${is}\nmoved_from: ${was}`)
        .replace('upsert', is === 'users' ? 'update' : 'upsert');
    space.write('syncs/users.yaml', swapped('orders', 'users'));
    space.write('syncs/orders.yaml', swapped('users', 'orders'));
    expect(await history('orders')).toEqual(users);
    await space.run('apply --auto-approve');
    expect((await history('users')).map(({ action }) => action)).toEqual(['update', 'create']);
    expect((await history('orders')).slice(1)).toEqual(users);
  });

  test('without a ledger the label binds', async () => {
    const space = await workspace();
    space.write('syncline.yaml', `${project({ production: space.emulator.url })}ledger: none\n`);
    await space.run('apply --auto-approve');
    const [bound] = await thingsOf(space);
    expect(bound).toMatchObject({ address: 'CensusSync/users', state: 'bound', id: idOf(space, 'users') });
    rmSync(join(space.folder, 'syncs/users.yaml'));
    space.write('syncs/other.yaml', manifest('other'));
    const states = (await thingsOf(space)).map(({ address, state }) => [address, state]);
    expect(states).toEqual([
      ['CensusSync/other', 'unbound'],
      [null, 'foreign'],
    ]);
  });

  test('what is failing or paused is seen, and failing ones come first', async () => {
    const space = await applied('apples', 'zebras');
    space.emulator.mutate(Number(idOf(space, 'zebras')), { status: 'Failing' });
    space.emulator.mutate(Number(idOf(space, 'apples')), { paused: true });
    const things = await thingsOf(space);
    expect(at(things, 'CensusSync/zebras')).toMatchObject({ health: 'failing', paused: false });
    expect(at(things, 'CensusSync/apples')).toMatchObject({ health: 'ok', paused: true });
    const { out } = await space.run('status');
    expect(out).toContain('3 bound; 1 failing, 1 paused.\n');
    expect(out.indexOf('zebras')).toBeLessThan(out.indexOf('apples'));
  });

  test('protection counts by manifest, by record and by the target', async () => {
    const space = await workspace();
    space.write('syncs/users.yaml', manifest('users').replace('spec:', 'lifecycle: { protect: true }\nspec:'));
    space.write('syncs/orders.yaml', manifest('orders'));
    await space.run('apply --auto-approve');
    rmSync(join(space.folder, 'syncs/users.yaml'));
    const before = await thingsOf(space);
    expect(before.map((one) => [one.address, one.protected])).toEqual([
      ['CensusSync/orders', false],
      ['CensusSync/users', true],
    ]);
    const text = project({ production: space.emulator.url }).replace(' }\n', ', protect: ["CensusSync/ord*"] }\n');
    space.write('syncline.yaml', text);
    expect(at(await thingsOf(space), 'CensusSync/orders').protected).toBe(true);
    const [orders] = await thingsOf(space, 'status CensusSync/orders');
    expect(orders?.details).toMatchObject({ protection: [{ by: 'target', glob: 'CensusSync/ord*' }] });
    const [users] = await thingsOf(space, 'status CensusSync/users');
    expect(users?.details).toMatchObject({ protection: [{ by: 'ledger', glob: null }], spec: null });
  });

  test('a project without a manifest sees what is live', async () => {
    const space = await applied();
    await space.run('forget CensusSync/users');
    rmSync(join(space.folder, 'syncs'), { recursive: true });
    const text = project({ production: space.emulator.url }).replace('[syncs/**/*.yaml]', '[]');
    space.write('syncline.yaml', text);
    expect((await thingsOf(space)).map(({ state }) => state)).toEqual(['foreign']);
  });

  test('--only and --exclude choose addresses; a slip of the pen is told', async () => {
    const space = await applied('orders');
    const only = await thingsOf(space, 'status --only CensusSync/or*');
    expect(only.map(({ address }) => address)).toEqual(['CensusSync/orders']);
    const others = await thingsOf(space, 'status --exclude CensusSync/or*');
    expect(others.map(({ address }) => address)).toEqual(['CensusSync/users']);
    expect(await space.run('status --only nothing')).toMatchObject({ code: Exit.invalid, out: '' });
  });

  test('of many things a terminal shows a hundred of each state and counts the others; a pipe gets all', async () => {
    const space = await workspace();
    const all = Array.from({ length: 140 }, (_, index) => manifest(`sync-${String(index).padStart(3, '0')}`));
    space.write('syncs/all.yaml', all.join('---\n'));
    const rows = (text: string) => text.split('\n').filter((line) => line.includes('CensusSync/'));
    const terminal = { env: { TOKEN: space.emulator.token, NO_COLOR: '1' }, typed: '' };
    const { out } = await space.run('status', terminal);
    expect(out).toContain('141 unbound');
    expect(rows(out)).toHaveLength(100);
    expect(out).toContain('… and 41 more');
    const piped = (await space.run('status')).out;
    expect(rows(piped)).toHaveLength(141);
    expect(piped).not.toContain('more;');
    expect(await thingsOf(space)).toHaveLength(141);
  });

  test('text of the API cannot break out of the report', async () => {
    const space = await applied();
    await space.run('forget CensusSync/users');
    rmSync(join(space.folder, 'syncs/users.yaml'));
    space.write('syncs/other.yaml', manifest('other'));
    space.emulator.mutate(Number(idOf(space, 'users')), { label: '\u001b[31m::error::\n##[group]\u202e' });
    const { out } = await space.run('status');
    expect(out).toContain('foreign');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is what is tested
    expect(out).not.toMatch(/[\u001b\u202e]|^::|##\[/m);
  });

  test('a target that fails hides no other', async () => {
    const space = await applied();
    const { emulator, write, run } = space;
    const text = project({ broken: emulator.url, production: emulator.url });
    write('syncline.yaml', text.replace(' }\n', ', workspace: 9 }\n'));
    const said = await run('status --format json');
    expect(said.code).toBe(Exit.refused);
    const { targets, failed } = JSON.parse(said.out);
    expect(targets.map((one: { target: string }) => one.target)).toEqual(['production']);
    expect(failed).toMatchObject([{ target: 'broken', exit: Exit.refused, code: 'wrong-workspace' }]);
    expect((await run('status')).out).toMatch(/^Failed\n {2}! broken/);
  });
});

describe('status of an address', () => {
  test('tells everything', async () => {
    const space = await applied();
    const text = manifest('users').replace('operation: upsert', 'operation: mirror');
    space.write('syncs/users.yaml', text);
    const [thing] = await thingsOf(space, 'status CensusSync/users');
    expect(thing).toMatchObject({ line: 1, column: 1 });
    expect(thing?.details).toMatchObject({
      spec: { label: 'Label of users', operation: 'mirror' },
      lifecycle: { protect: false, on_delete: 'delete' },
      protection: [],
      labels: { declared: 'Label of users', live: 'Label of users', applied: 'Label of users' },
      pending: null,
      retires: null,
      referred_by: [],
      plan: { action: 'update', blocked: null, fields: [{ path: '/operation', cause: 'git' }] },
      runs: [{ action: 'create', status: 'applied' }],
    });
    const { out } = await space.run('status CensusSync/users');
    expect(out).toContain('refers to       /source_attributes/connection "Snowflake Prod", ');
    expect(out).toContain('update of /operation (Git)');
    expect(out).toContain('/mappings/Email: {from: ');
  });

  test('tells who refers to it, by name and by id', async () => {
    const space = await applied();
    const child = (trigger: string) => `  mode: { type: triggered, triggers: { sync_sequence: { ${trigger} } } }\n`;
    space.write('syncs/child.yaml', manifest('child', child('sync: users')));
    space.write('syncs/other.yaml', manifest('other', child(`sync_id: ${idOf(space, 'users')}`)));
    await space.run('apply --auto-approve');
    rmSync(join(space.folder, 'syncs/other.yaml'));
    await space.run('forget CensusSync/other');
    const [users] = await thingsOf(space, 'status CensusSync/users');
    const other = `the sync ${idOf(space, 'other')} ("Label of other")`;
    expect(users?.details).toMatchObject({ referred_by: ['CensusSync/child', other] });
    const [childThing] = await thingsOf(space, 'status CensusSync/child');
    expect(childThing?.details).toMatchObject({
      refers_to: expect.arrayContaining([expect.objectContaining({ name: 'users', address: 'CensusSync/users' })]),
    });
  });

  test('hides what its manifest hides', async () => {
    const space = await workspace();
    const hide = 'lifecycle: { hide: [/mappings/Email/from] }\nspec:';
    space.write('syncs/users.yaml', manifest('users').replace('spec:', hide));
    for (const format of ['text', 'json']) {
      const { out } = await space.run(`status CensusSync/users --format ${format}`);
      expect(out).toContain('(hidden)');
      expect(out).not.toMatch(/"email"|email\b.*column/);
    }
  });

  test('says so where a name cannot be resolved, and tells the rest', async () => {
    const space = await workspace();
    space.write('syncs/users.yaml', manifest('users').replace('Snowflake Prod', 'Nowhere'));
    const said = await space.run('status CensusSync/users');
    expect(said.code).toBe(Exit.ok);
    expect(said.out).toContain('names cannot be resolved');
    expect(said.out).toContain('"Nowhere"');
  });

  test('one that is not there is a slip of the pen', async () => {
    const space = await workspace();
    const said = await space.run('status CensusSync/user');
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain('error no-match');
    expect(said.err).toContain('Did you mean "CensusSync/users"?');
  });
});
