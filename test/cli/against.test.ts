import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sealPlans } from '../../src/core/plan/digest.ts';
import { Exit } from '../../src/model/errors.ts';
import type { Plan } from '../../src/model/plan.ts';
import { inGit } from './repository.ts';
import { manifest, project, type Workspace, workspace } from './workspace.ts';

/** A workspace with `users` and `orders`, a plan of both in `plan.json`, made with these flags. */
async function saved(flags = ''): Promise<Workspace> {
  const space = await workspace();
  space.write('syncs/orders.yaml', manifest('orders'));
  expect(await space.run(`plan --out plan.json ${flags}`)).toMatchObject({ code: Exit.ok });
  return space;
}

function plansIn({ folder }: Workspace): readonly Plan[] {
  return JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')).plans;
}

/** Rewrites the file as somebody might who knows how to seal. */
function reseal(space: Workspace, parts: Partial<Plan>): void {
  space.write('plan.json', JSON.stringify(sealPlans(plansIn(space).map((one) => ({ ...one, ...parts }) as Plan))));
}

async function compared({ run }: Workspace) {
  const { code, out } = await run('plan --against plan.json --format json');
  return { code, ...JSON.parse(out) };
}

function mutate({ emulator }: Workspace, label: string, patch: Record<string, string | boolean>): void {
  for (const one of emulator.syncs()) if (one.label === label) emulator.mutate(Number(one.id), patch);
}

describe('plan --against', () => {
  test('finds no difference where everything is planned as it was, wherever it stands and however it is worded', async () => {
    const space = await saved();
    renameSync(join(space.folder, 'syncs/orders.yaml'), join(space.folder, 'syncs/sales.yaml'));
    const said = await space.run('plan --against plan.json');
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    expect(said.out).toMatch(
      /^production against plan\.json: everything is planned as it was\.\n\nTarget production: /,
    );
    const { code, against, plans } = await compared(space);
    expect({ code, against }).toEqual({
      code: Exit.ok,
      against: { file: 'plan.json', targets: [{ target: 'production', differences: [], besides: [] }] },
    });
    expect(plans[0].digest).toBe(plansIn(space)[0]?.digest);
  });

  test('lists what has come besides, which is no difference', async () => {
    const space = await saved();
    space.write('syncs/new.yaml', manifest('new'));
    const said = await space.run('plan --against plan.json');
    expect(said).toMatchObject({ code: Exit.ok });
    expect(said.out).toMatch(
      /^production against plan\.json: everything is planned as it was, 1 has come besides\.\n {2}besides: create CensusSync\/new\n/,
    );
  });

  test('exit 2 and what was planned then and now: done already, changed in Git, not declared any more', async () => {
    const space = await saved();
    await space.run('apply --auto-approve --only */users');
    space.write('syncs/orders.yaml', manifest('orders', '  paused: true\n'));
    const { code, against } = await compared(space);
    const create = { action: 'create', blocked: null };
    expect({ code, ...against.targets[0] }).toEqual({
      code: Exit.changes,
      target: 'production',
      differences: [
        { address: 'CensusSync/orders', was: create, now: create, fields: [], parts: ['desired'] },
        { address: 'CensusSync/users', was: create, now: null, fields: [], parts: [] },
      ],
      besides: [],
    });
    const said = await space.run('plan --against plan.json');
    expect(said.out).toMatch(
      /^production against plan\.json: 2 are not planned as they were\.\n {2}≠ CensusSync\/orders\n {6}then: create\n {6}now: {2}create, but not the same: what it says\n {2}≠ CensusSync\/users\n {6}then: create\n {6}now: {2}nothing\n/,
    );
  });

  test('what is live has changed since: another field, and what is only another object', async () => {
    const space = await saved();
    await space.run('apply --auto-approve');
    space.write('syncs/orders.yaml', manifest('orders', '  paused: true\n'));
    space.write('syncs/users.yaml', manifest('users', '  paused: true\n'));
    await space.run('plan --out plan.json');
    mutate(space, 'Label of users', { operation: 'mirror' });
    mutate(space, 'Label of orders', { field_behavior: 'sync_all_properties' });
    const { code, against } = await compared(space);
    expect(code).toBe(Exit.changes);
    expect(against.targets[0].differences).toMatchObject([
      { address: 'CensusSync/orders', fields: [], parts: ['fingerprint'] },
      { address: 'CensusSync/users', fields: ['/operation'], parts: ['fingerprint'] },
    ]);
  });

  test('what was blocked is looked at too, and what is blocked by now', async () => {
    const space = await saved();
    space.emulator.mutate(90001, { label: 'Label of orders' });
    const first = await compared(space);
    expect(first.against.targets[0].differences).toMatchObject([
      { address: 'CensusSync/orders', was: { blocked: null }, now: { action: 'create', blocked: 'foreign' } },
    ]);
    await space.run('plan --out plan.json');
    expect((await compared(space)).code).toBe(Exit.ok);
    space.emulator.mutate(90001, { label: 'By hand' });
    expect(await compared(space)).toMatchObject({
      code: Exit.changes,
      against: {
        targets: [{ differences: [{ was: { blocked: 'foreign' }, now: { action: 'create', blocked: null } }] }],
      },
    });
  });

  test('plans with the selection, the numbers and --prune of the file', async () => {
    const space = await saved();
    await space.run('apply --auto-approve');
    for (const name of ['users', 'orders']) rmSync(join(space.folder, `syncs/${name}.yaml`));
    space.write('syncs/new.yaml', manifest('new'));
    const text = project({ production: space.emulator.url }).replace(' }\n', ', limits: { max_deletes: 1 } }\n');
    space.write('syncline.yaml', text);
    const flags = '--prune --force-deletes 2 --only */users --only */orders --only */new --exclude */new';
    await space.run(`plan --out plan.json ${flags}`);
    const { code, plans, against } = await compared(space);
    expect({ code, differences: against.targets[0].differences }).toEqual({ code: Exit.ok, differences: [] });
    const { selection, forced, prune, digest } = plansIn(space)[0] ?? {};
    expect(plans[0]).toMatchObject({ selection, forced, prune, digest });
    expect(plans[0]).toMatchObject({ prune: true, forced: { deletes: 2 }, summary: { delete: 2, create: 0 } });
  });

  test('compares with the commit that a plan of changes was made against', async () => {
    const here = inGit(await saved());
    here.git('checkout', '--quiet', '-b', 'work');
    here.write('syncs/new.yaml', manifest('new'));
    const base = here.commit();
    here.write('syncs/next.yaml', manifest('next'));
    here.commit();
    await here.run(`plan --changed ${base} --out plan.json`);
    here.git('branch', '--force', 'main');
    const { code, plans } = await compared(here);
    expect(code).toBe(Exit.ok);
    expect(plans[0]).toMatchObject({ selection: { changed: base }, changes: [{ address: 'CensusSync/next' }] });
  });

  test.each([
    [
      'markdown',
      '**production against `plan.json`: 1 is not planned as it was, 1 has come besides.**\n\n- `CensusSync/orders`: then create; now nothing\n- besides: create `CensusSync/new`\n',
    ],
    [
      'github',
      '::error title=CensusSync/orders is not planned as it was::then create; now nothing\nproduction against',
    ],
  ])('as %s', async (format, beginning) => {
    const space = await saved();
    await space.run('apply --auto-approve --only */orders');
    space.write('syncs/new.yaml', manifest('new'));
    const said = await space.run(`plan --against plan.json --format ${format}`);
    expect(said.code).toBe(Exit.changes);
    expect(said.out.startsWith(beginning)).toBe(true);
    const page = await space.run('plan --against plan.json --format html');
    expect(page.out).toMatch(/^<!doctype html>/);
    expect(page.err).toMatch(/^production against plan\.json: 1 is not planned/);
  });

  test('is for the targets of the file', async () => {
    const space = await workspace();
    const { url } = space.emulator;
    space.write('syncline.yaml', project({ one: url, two: url, three: url }));
    await space.run('plan --target one --target two --out plan.json');
    const targets = async (flags: string) => {
      const { out } = await space.run(`plan --against plan.json --format json ${flags}`);
      return JSON.parse(out).against.targets.map((each: { target: string }) => each.target);
    };
    expect(await targets('')).toEqual(['one', 'two']);
    expect(await targets('--target two')).toEqual(['two']);
    const said = await space.run('plan --against plan.json --target three');
    expect(said).toMatchObject({ code: Exit.refused, out: '' });
    expect(said.err).toContain('holds plans for "one", "two", not for "three".');
    space.write('syncline.yaml', project({ one: url }));
    expect((await space.run('plan --against plan.json')).err).toContain(
      'for target "two", which this project does not have',
    );
  });

  test('a target that could not be planned then has nothing to compare, and is told as failed', async () => {
    const space = await workspace();
    space.write('syncline.yaml', project({ one: space.emulator.url, two: 'http://127.0.0.1:1' }));
    expect((await space.run('plan --out plan.json')).code).toBe(Exit.failed);
    space.write('syncline.yaml', project({ one: space.emulator.url, two: space.emulator.url }));
    const said = await space.run('plan --against plan.json --format json');
    expect(said.code).toBe(Exit.failed);
    const { against, failed, plans } = JSON.parse(said.out);
    expect(against.targets).toMatchObject([{ target: 'one', differences: [] }]);
    expect(failed).toMatchObject([{ target: 'two', exit: Exit.failed }]);
    expect(plans).toHaveLength(1);
    expect((await space.run('plan --against plan.json --target one')).code).toBe(Exit.ok);
  }, 60_000);

  test.each([
    '--only */users',
    '--exclude */users',
    '--changed HEAD',
    '--prune',
    '--force-deletes 1',
    '--force-creates 1',
  ])('takes no %s', async (flag) => {
    const space = await saved();
    const said = await space.run(`plan --against plan.json ${flag}`);
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain(`${flag.split(' ')[0]} cannot change that`);
  });

  test.each<[string, (space: Workspace) => void, number, string]>([
    [
      'was edited',
      (space) =>
        space.write(
          'plan.json',
          readFileSync(join(space.folder, 'plan.json'), 'utf8')
            .replace('"create"', '"create" ')
            .replace('Label of users', 'Label of losers'),
        ),
      Exit.invalid,
      'was changed after it was written',
    ],
    ['is no plan', (space) => space.write('plan.json', '{}'), Exit.invalid, 'is not a plan'],
    [
      'is not there',
      (space) => rmSync(join(space.folder, 'plan.json')),
      Exit.invalid,
      'There is no plan file plan.json',
    ],
    [
      'is of another host',
      (space) => reseal(space, { host: 'app.getcensus.com' }),
      Exit.refused,
      'made for host app.getcensus.com',
    ],
    ['is of another workspace', (space) => reseal(space, { workspace: 7 }), Exit.refused, 'made for workspace 7'],
    [
      'is of another major version',
      (space) => reseal(space, { tool: 'syncline 9.0.0' }),
      Exit.refused,
      'made for tool version 9',
    ],
    [
      'is of another target',
      (space) => reseal(space, { target: 'elsewhere' }),
      Exit.refused,
      'which this project does not have',
    ],
  ])('refuses a file that %s', async (_name, edit, code, message) => {
    const space = await saved();
    edit(space);
    const said = await space.run('plan --against plan.json');
    expect(said).toMatchObject({ code, out: '' });
    expect(said.err).toContain(message);
  });
});
