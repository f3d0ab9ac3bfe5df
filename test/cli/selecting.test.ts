import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import type { Plan } from '../../src/model/plan.ts';
import { inGit } from './repository.ts';
import { manifest, project, type Workspace, workspace } from './workspace.ts';

/** A workspace that declares `users`, `orders` and `events`. */
async function three(): Promise<Workspace> {
  const space = await workspace();
  space.write('syncs/orders.yaml', manifest('orders'));
  space.write('syncs/events.yaml', manifest('events'));
  return space;
}

async function planned({ run }: Workspace, flags: string): Promise<Plan> {
  const { out } = await run(`plan --format json ${flags}`);
  return JSON.parse(out).plans[0];
}

function names({ changes }: Plan): readonly string[] {
  return changes.map(({ address }) => address.replace('CensusSync/', ''));
}

function labels({ emulator }: Workspace): readonly string[] {
  return emulator.syncs().flatMap(({ label }) => (/^Label of /.test(String(label)) ? [String(label)] : []));
}

describe('--only and --exclude', () => {
  test.each([
    ['--only CensusSync/users --only */orders', ['orders', 'users']],
    ['--exclude CensusSync/users', ['events', 'orders']],
    ['--exclude */users --exclude */o*', ['events']],
    ['--only *s --exclude */events --exclude */users', ['orders']],
    ['--only */orders --exclude */orders', []],
    ['--only CensusSync/?????', ['users']],
  ])('%s', async (flags, expected) => {
    expect(names(await planned(await three(), flags))).toEqual(expected);
  });

  test('stand in the plan in one order and each once, however they were given', async () => {
    const space = await three();
    const one = await planned(space, '--only */users --exclude */events --only */orders --only */users');
    const other = await planned(space, '--only */orders --only */users --exclude */events');
    const selection = { only: ['*/orders', '*/users'], exclude: ['*/events'], changed: null };
    expect(one).toMatchObject({ selection, digest: other.digest });
    expect((await planned(space, '--only */orders --only */users')).digest).not.toBe(one.digest);
    expect((await planned(space, '')).selection).toEqual({ only: null, exclude: [], changed: null });
  });

  test('what they leave out is neither made, nor changed, nor deleted', async () => {
    const space = await three();
    const { run, emulator } = space;
    expect((await run('apply --auto-approve --exclude */orders')).code).toBe(Exit.ok);
    expect(labels(space)).toEqual(['Label of events', 'Label of users']);
    for (const { id, label } of emulator.syncs())
      if (label === 'Label of events') emulator.mutate(Number(id), { paused: true });
    rmSync(join(space.folder, 'syncs/users.yaml'));
    const said = await run('apply --auto-approve --prune --only */orders --exclude */nobody');
    expect(said).toMatchObject({ code: Exit.ok });
    expect(labels(space)).toEqual(['Label of events', 'Label of users', 'Label of orders']);
    expect(emulator.syncs().find(({ label }) => label === 'Label of events')).toMatchObject({ paused: true });
  });

  test('an --only that matches nothing is exit 3, also beside one that does', async () => {
    const space = await three();
    const said = await space.run('plan --only */users --only */ordesr');
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain('--only */ordesr matches no address of this target.');
  });

  test('an --exclude that matches nothing is told, and no mistake', async () => {
    const space = await three();
    const said = await space.run('plan --exclude */ordesr');
    expect(said).toMatchObject({ code: Exit.ok });
    expect(said.err).toBe(
      'warning: --exclude */ordesr matches no address of target "production", so it leaves nothing out.\n',
    );
  });

  test('of several targets it is enough that one has what is meant', async () => {
    const space = await workspace();
    space.write('syncline.yaml', project({ one: space.emulator.url, two: space.emulator.url }));
    space.write('syncs/orders.yaml', manifest('orders').replace('\nspec:', '\ntargets: [two]\nspec:'));
    const said = await space.run('plan --format json --only */orders');
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    expect(JSON.parse(said.out).plans.map(names)).toEqual([[], ['orders']]);
    expect((await space.run('plan --only */nobody')).code).toBe(Exit.invalid);
  });

  test('a selection of nothing is an empty plan', async () => {
    const space = await three();
    const said = await space.run('plan --exit-code --only */orders --exclude *');
    expect(said).toMatchObject({ code: Exit.ok });
    expect(said.out).toContain('There is nothing in this selection.');
    expect(said.out).toContain('Partial plan: no changes, 0 unchanged.');
  });

  test('drift looks at a part too, and says so', async () => {
    const space = await three();
    await space.run('apply --auto-approve');
    for (const { id } of space.emulator.syncs()) space.emulator.mutate(Number(id), { operation: 'mirror' });
    const said = await space.run('drift --only *s --exclude */users');
    expect(said).toMatchObject({ code: Exit.changes });
    expect(said.out).toContain('\n  Only *s; without */users.\n');
    expect(said.out).toContain('CensusSync/orders');
    expect(said.out).not.toContain('changed CensusSync/users');
    expect((await space.run('drift --only */users --format markdown')).out).toContain('Only \\*/users\\.');
  });
});

describe('every report says that a plan is partial, and by what', () => {
  test.each([
    ['text', 'Partial plan: 1 to create, 0 unchanged.\nOnly */orders, */users; without */users.\n'],
    ['markdown', '**Partial plan for production: 1 to create, 0 unchanged.** Only \\*/orders, \\*/users; without'],
    ['github', 'Partial plan for production (census v1 at '],
    ['github', ' Only */orders, */users; without */users.\n'],
    ['html', '<title>Partial plan for production</title>'],
    ['html', 'Only */orders, */users; without */users.'],
  ])('%s', async (format, expected) => {
    const space = await three();
    const said = await space.run(`plan --format ${format} --only */users --only */orders --exclude */users`);
    expect(said.out).toContain(expected);
  });

  test('the question and the report of an apply', async () => {
    const space = await three();
    const asked = await space.run('apply --only */users', { typed: 'no\n', env: { TOKEN: space.emulator.token } });
    expect(asked.err + asked.out).toContain('This is a partial plan. Only */users. Apply this to production?');
    const dry = await space.run('apply --dry-run --only */users');
    expect(dry.out).toContain('\nOnly */users.\nDry run: 1 valid.');
    await space.run('plan --only */users --out plan.json');
    const done = await space.run('apply plan.json');
    expect(done.out).toContain('\nOnly */users.\nApply: 1 applied.');
  });

  test('many globs are counted, and none of them breaks out', async () => {
    const space = await three();
    const many = Array.from({ length: 12 }, (_, index) => ['--only', `*${'*'.repeat(index)}s`]).flat();
    const said = await space.run(['plan', ...many, '--exclude', '</p>\u001b[31m@everyone']);
    expect(said.out).toContain(' and 4 more; without </p>\\u001b[31m@everyone.');
    const page = await space.run(['plan', '--format', 'html', '--exclude', '</p><script>alert']);
    expect(page.out).not.toContain('<script>alert');
  });
});

describe('what a selection does not change', () => {
  test('a partial apply is no last apply: the commit before it is not too old', async () => {
    const here = inGit(await three());
    await here.run('apply --auto-approve');
    const first = here.git('rev-parse', 'HEAD');
    here.write('syncs/more.yaml', manifest('more'));
    here.write('syncs/extra.yaml', manifest('extra'));
    here.commit();
    expect((await here.run('apply --auto-approve --exclude */extra')).code).toBe(Exit.ok);
    here.git('checkout', '--quiet', first);
    expect((await here.run('apply --auto-approve')).code).toBe(Exit.ok);
    here.git('checkout', '--quiet', 'main');
    expect((await here.run('apply --auto-approve')).code).toBe(Exit.ok);
    here.git('checkout', '--quiet', first);
    expect((await here.run('apply --auto-approve')).code).toBe(Exit.refused);
  });

  test('labels are judged over everything: a renamed manifest does not lose its sync', async () => {
    const space = await three();
    await space.run('apply --auto-approve');
    space.write('syncs/orders.yaml', manifest('orders').replace('name: orders', 'name: purchases'));
    for (const flags of ['--only */orders', '--exclude */purchases']) {
      const { changes, blocked } = await planned(space, `--prune ${flags}`);
      expect(changes).toEqual([]);
      expect(blocked).toMatchObject([{ address: 'CensusSync/orders', wanted: 'delete', reason: 'depends' }]);
      expect(blocked[0]?.hint).toContain('CensusSync/purchases wants the label "Label of orders"');
    }
  });

  test('deletes are counted over what is selected', async () => {
    const space = await three();
    await space.run('apply --auto-approve');
    space.write(
      'syncline.yaml',
      `${project({ production: space.emulator.url }).replace(' }\n', ', limits: { max_deletes: 1 } }\n')}`,
    );
    for (const name of ['users', 'orders']) rmSync(join(space.folder, `syncs/${name}.yaml`));
    expect((await planned(space, '--prune')).blocked).toMatchObject([
      { reason: 'max-deletes' },
      { reason: 'max-deletes' },
    ]);
    expect(names(await planned(space, '--prune --exclude */users'))).toEqual(['orders']);
    expect(names(await planned(space, '--prune --only *o* --only *u* --force-deletes 2'))).toHaveLength(2);
  });

  test.each(['--exclude */users', '--changed main'])('a saved plan cannot be shaped by %s', async (flag) => {
    const space = await three();
    await space.run('plan --out plan.json');
    const said = await space.run(`apply plan.json ${flag}`);
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain('A saved plan is performed as it is');
  });
});
