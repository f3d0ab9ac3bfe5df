import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import type { Plan } from '../../src/model/plan.ts';
import { cli, folder } from './in-process.ts';
import { inGit, type Repository } from './repository.ts';
import { manifest, project, workspace } from './workspace.ts';

const dataset = (query: string) => `kind: CensusDataset
name: active
spec:
  name: Active users
  type: sql
  source: Snowflake Prod
  query: ${query}
`;

const reader = manifest('reader').replace(
  /object: \{ type: table.*\}/,
  'object: { type: dataset, name: Active users }',
);
const sequel = manifest('sequel', '  mode: { type: triggered, triggers: { sync_sequence: { sync: users } } }\n');

/** A project on branch `work`, with nothing committed since `main`. A dataset has its query in a file, and `reader` uses it. */
async function branch(): Promise<Repository> {
  const here = inGit(await workspace());
  here.write('syncs/orders.yaml', manifest('orders'));
  here.write('syncs/active.yaml', dataset('{ file: ../sql/active.sql }'));
  here.write('sql/active.sql', 'select id, email from users\n');
  here.write('syncs/reader.yaml', reader);
  here.write('syncs/sequel.yaml', sequel);
  here.commit();
  here.git('checkout', '--quiet', '-b', 'work');
  return here;
}

async function plan({ run }: Repository, flags = ''): Promise<Plan & { readonly err: string }> {
  const { code, out, err } = await run(`plan --format json --changed main ${flags}`);
  expect({ code, err: code === Exit.ok ? '' : err }).toEqual({ code: Exit.ok, err: '' });
  return { ...JSON.parse(out).plans[0], err };
}

function names({ changes }: Plan): readonly string[] {
  return changes.map(({ address }) => address.slice(address.indexOf('/') + 1)).sort();
}

const edits: Readonly<Record<string, readonly [(here: Repository) => void, readonly string[]]>> = {
  'another spec': [({ write }) => write('syncs/orders.yaml', manifest('orders', '  paused: true\n')), ['orders']],
  'another lifecycle': [
    ({ write }) =>
      write('syncs/orders.yaml', manifest('orders').replace('\nspec:', '\nlifecycle: { protect: true }\nspec:')),
    ['orders'],
  ],
  'a new manifest': [({ write }) => write('syncs/new.yaml', manifest('new')), ['new']],
  'a query in a file, with who reads it': [
    ({ write }) => write('sql/active.sql', 'select id from users\n'),
    ['active', 'reader'],
  ],
  'a sync that another one follows': [
    ({ write }) => write('syncs/users.yaml', manifest('users', '  paused: true\n')),
    ['sequel', 'users'],
  ],
  'a file that has moved': [
    ({ folder: root }) => {
      mkdirSync(join(root, 'syncs/crm'));
      renameSync(join(root, 'syncs/orders.yaml'), join(root, 'syncs/crm/sales.yaml'));
    },
    [],
  ],
  'keys in another order, comments and quotes': [
    ({ write }) => {
      const [kind, name, ...rest] = manifest('orders').split('\n');
      write(
        'syncs/orders.yaml',
        `# A comment\n${name}\n${kind?.replace('CensusSync', '"CensusSync"')}\n${rest.join('\n')}`,
      );
    },
    [],
  ],
  'an override of this target': [
    ({ write }) => write('syncs/orders.yaml', `${manifest('orders')}overrides:\n  production: { paused: true }\n`),
    ['orders'],
  ],
  'an end of line in a query': [({ write }) => write('sql/active.sql', 'select id, email from users\r\n\n'), []],
};

function tagged({ git }: Repository): string {
  git('tag', 'v1', 'main');
  return 'v1';
}

describe('--changed', () => {
  test.each(Object.entries(edits))('%s', async (_name, [edit, expected]) => {
    const here = await branch();
    edit(here);
    expect(names(await plan(here))).toEqual(expected);
    const main = here.git('rev-parse', 'main');
    here.commit();
    const found = await plan(here);
    expect(names(found)).toEqual(expected);
    expect(found).toMatchObject({ selection: { only: null, exclude: [], changed: main }, err: '' });
    expect((await plan(here)).digest).toBe(found.digest);
  });

  test('nothing that differs is an empty plan, whatever is missing or to be deleted', async () => {
    const here = await branch();
    const said = await here.run('plan --exit-code --prune --changed main');
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    expect(said.out).toContain('There is nothing in this selection.');
    expect(said.out).toMatch(/Only what differs from commit [0-9a-f]{12}, and what refers to that\.\n/);
    expect(await here.run('apply --auto-approve --changed main')).toMatchObject({ code: Exit.ok });
    expect(here.writes()).toEqual([]);
  });

  test('counts from where the branches part', async () => {
    const here = await branch();
    here.write('syncs/new.yaml', manifest('new'));
    here.commit();
    const base = here.git('rev-parse', 'main');
    here.git('checkout', '--quiet', 'main');
    here.write('syncs/orders.yaml', manifest('orders', '  paused: true\n'));
    here.commit();
    here.git('checkout', '--quiet', 'work');
    const found = await plan(here);
    expect(names(found)).toEqual(['new']);
    expect(found.selection.changed).toBe(base);
  });

  test.each([
    ['a tag', tagged],
    ['a hash', (here: Repository) => here.git('rev-parse', 'main')],
    ['a way from HEAD', () => 'HEAD~1'],
  ])('takes %s', async (_name, refOf) => {
    const here = await branch();
    here.write('syncs/new.yaml', manifest('new'));
    here.commit();
    const { out } = await here.run(`plan --format json --changed ${refOf(here)}`);
    expect(names(JSON.parse(out).plans[0])).toEqual(['new']);
  });

  test('leaves what nobody changed in Git alone, whatever has changed elsewhere', async () => {
    const here = await branch();
    await here.run('apply --auto-approve');
    for (const { id, label } of here.emulator.syncs())
      if (/^Label of /.test(String(label))) here.emulator.mutate(Number(id), { operation: 'mirror' });
    here.write('syncs/orders.yaml', manifest('orders', '  paused: true\n'));
    expect((await here.run('apply --auto-approve --changed main')).code).toBe(Exit.ok);
    const operations = here.emulator
      .syncs()
      .flatMap(({ label, operation }) => (/^Label of (users|orders)/.test(String(label)) ? [[label, operation]] : []));
    expect(Object.fromEntries(operations)).toEqual({ 'Label of orders': 'upsert', 'Label of users': 'mirror' });
    expect(names(await plan(here))).toEqual([]);
    expect(names(JSON.parse((await here.run('plan --format json')).out).plans[0])).toContain('users');
  });

  test('a manifest that is gone: blocked, and with --prune deleted', async () => {
    const here = await branch();
    await here.run('apply --auto-approve');
    rmSync(join(here.folder, 'syncs/orders.yaml'));
    const { blocked, changes } = await plan(here);
    expect({ changes, blocked }).toMatchObject({
      changes: [],
      blocked: [{ address: 'CensusSync/orders', wanted: 'delete', reason: 'prune-off' }],
    });
    expect((await plan(here, '--prune')).changes).toMatchObject([{ address: 'CensusSync/orders', action: 'delete' }]);
  });

  test('a parent that has not changed and is not there yet is waited for', async () => {
    const here = await branch();
    here.write('syncs/reader.yaml', `${reader}  paused: true\n`);
    const { blocked, changes } = await plan(here);
    expect(changes).toEqual([]);
    expect(blocked).toMatchObject([{ address: 'CensusSync/reader', reason: 'depends' }]);
    expect(blocked[0]?.hint).toContain('"CensusDataset/active", which the selection leaves out');
  });

  test('is met with --only and --exclude', async () => {
    const here = await branch();
    for (const name of ['new', 'next']) here.write(`syncs/${name}.yaml`, manifest(name));
    expect(names(await plan(here, '--only *e* --exclude */next'))).toEqual(['new']);
  });

  test('what a variable comes to counts for each target', async () => {
    const here = await branch();
    const { url } = here.emulator;
    const twoTargets = (count: number) =>
      project({ one: url, two: url })
        .replace(' }\n', ', vars: { count: 1 } }\n')
        .replace(/( {2}two.*) \}\n/, `$1, vars: { count: ${count} } }\n`);
    here.write('syncline.yaml', twoTargets(1));
    here.write('syncs/counted.yaml', manifest('counted').replace('Label of counted', `Count \${vars.count}`));
    here.git('checkout', '--quiet', 'main');
    here.commit();
    here.git('checkout', '--quiet', '-B', 'work');
    here.write('syncline.yaml', twoTargets(2));
    const { out } = await here.run('plan --format json --changed main');
    expect(JSON.parse(out).plans.map(names)).toEqual([[], ['counted']]);
  });

  test('the checkout is left as it is, and nothing is left behind', async () => {
    const here = await branch();
    const temporary = folder();
    vi.stubEnv('TMPDIR', temporary);
    here.write('syncs/orders.yaml', 'kind: CensusSync\nname: orders\nspec: {}\n');
    here.commit();
    here.git('branch', 'broken');
    here.write('syncs/orders.yaml', manifest('orders'));
    const before = here.git('status', '--porcelain');
    expect((await here.run('plan --changed main')).code).toBe(Exit.ok);
    expect((await here.run('plan --changed broken')).code).toBe(Exit.ok);
    vi.unstubAllEnvs();
    expect(readdirSync(temporary)).toEqual([]);
    expect(here.git('status', '--porcelain')).toBe(before);
  });

  test('names in a commit that lead out of it lead nowhere', async () => {
    const here = await branch();
    const temporary = folder();
    const [evil, ours] = [here.git('hash-object', '-w', 'sql/active.sql'), here.git('rev-parse', 'HEAD^{tree}')];
    const tree = (...entries: readonly string[]) =>
      execFileSync('git', ['mktree'], { cwd: here.folder, encoding: 'utf8', input: `${entries.join('\n')}\n` }).trim();
    const up = tree(`040000 tree ${tree(`100644 blob ${evil}\tevil.yaml`)}\t..`);
    const link = execFileSync('git', ['hash-object', '-w', '--stdin'], {
      cwd: here.folder,
      encoding: 'utf8',
      input: temporary,
    }).trim();
    const own = here.git('ls-tree', ours);
    const below = tree(`100644 blob ${evil}\tevil.yaml`);
    for (const strange of [[`040000 tree ${up}\t..`], [`120000 blob ${link}\tbelow`, `040000 tree ${below}\tbelow`]]) {
      const commit = here.git('commit-tree', '-m', 'x', tree(own, ...strange));
      here.git('update-ref', 'refs/heads/main', commit);
      here.git('update-ref', 'refs/heads/work', here.git('commit-tree', '-m', 'x', '-p', commit, ours));
      vi.stubEnv('TMPDIR', temporary);
      const said = await here.run('plan --changed main');
      vi.unstubAllEnvs();
      expect(said.code).toBe(Exit.ok);
      expect(readdirSync(temporary)).toEqual([]);
    }
  });

  test('can be stopped', async () => {
    const here = await branch();
    const said = await here.run('plan --changed main', { env: { TOKEN: 'x' }, signal: AbortSignal.abort() });
    expect(said).toMatchObject({ code: Exit.failed, out: '' });
    expect(said.err).not.toContain('is not here');
  });

  test('a project in a folder of the repository, and one that is a link', async () => {
    const space = await workspace();
    const at = join(space.folder, 'teams/crm');
    mkdirSync(join(at, 'shared'), { recursive: true });
    for (const name of ['syncline.yaml', 'syncs']) renameSync(join(space.folder, name), join(at, name));
    space.write('teams/crm/shared/orders.yaml', manifest('orders'));
    symlinkSync('../shared', join(at, 'syncs/shared'));
    space.write('elsewhere/syncs/users.yaml', 'no manifest at all: [');
    const here = inGit(space);
    symlinkSync(at, join(here.folder, 'link'));
    const settings = { env: { TOKEN: here.emulator.token } };
    for (const cwd of [at, join(here.folder, 'link')]) {
      here.write('teams/crm/shared/orders.yaml', manifest('orders'));
      const none = await cli('plan --changed HEAD --format json', { ...settings, cwd });
      expect(none).toMatchObject({ err: '' });
      expect(names(JSON.parse(none.out).plans[0])).toEqual([]);
      here.write('teams/crm/shared/orders.yaml', manifest('orders', '  paused: true\n'));
      const one = await cli('plan --changed HEAD --format json', { ...settings, cwd });
      expect(names(JSON.parse(one.out).plans[0])).toEqual(['orders']);
    }
  });

  test('a file that Git keeps elsewhere (LFS) is the same where its hash is', async () => {
    const here = await branch();
    const text = 'select id, email from users\n';
    const hash = createHash('sha256').update(text).digest('hex');
    here.write(
      'sql/active.sql',
      `version https://git-lfs.github.com/spec/v1\noid sha256:${hash}\nsize ${text.length}\n`,
    );
    here.git('checkout', '--quiet', 'main');
    here.commit();
    here.git('checkout', '--quiet', '-B', 'work');
    here.write('sql/active.sql', text);
    expect(names(await plan(here))).toEqual([]);
    here.write('sql/active.sql', 'select 1\n');
    expect(names(await plan(here))).toEqual(['active', 'reader']);
  });

  test('manifests whose names are no YAML names', async () => {
    const here = await branch();
    const { url } = here.emulator;
    here.write(
      'syncline.yaml',
      project({ production: url }).replace('[syncs/**/*.yaml]', '[syncs/**/*.yaml, other/*]'),
    );
    here.write('other/thing', manifest('thing'));
    here.write(
      'other/query.jinja',
      dataset('{ file: ../queries/q.hql }').replace('name: active', 'name: hql').replace('Active', 'HQL'),
    );
    here.write('queries/q.hql', 'select 2\n');
    here.git('checkout', '--quiet', 'main');
    here.commit();
    here.git('checkout', '--quiet', '-B', 'work');
    expect(names(await plan(here))).toEqual([]);
    here.write('queries/q.hql', 'select 3\n');
    expect(names(await plan(here))).toEqual(['hql']);
  });
});

describe('all of the target is planned where', () => {
  const everything = ['active', 'orders', 'reader', 'sequel', 'users'];
  const inTarget = (more: string) => (here: Repository) =>
    here.write('syncline.yaml', project({ production: here.emulator.url }).replace(' }\n', `, ${more} }\n`));

  test.each<[string, (here: Repository) => void, string]>([
    ['a limit is another', inTarget('limits: { max_deletes: 6 }'), 'not only its manifests have changed (limits)'],
    ['something else is protected', inTarget('protect: ["*/users"]'), 'not only its manifests have changed (protect)'],
    ['it is another workspace', inTarget('workspace: 4321'), 'not only its manifests have changed (workspace)'],
    [
      'it has another address',
      (here) =>
        here.write('syncline.yaml', project({ production: here.emulator.url.replace('127.0.0.1', 'localhost') })),
      'not only its manifests have changed (base url)',
    ],
    [
      'it was not there',
      (here) => here.write('syncline.yaml', project({ other: here.emulator.url })),
      'the target was not there',
    ],
    [
      'the project file was elsewhere',
      (here) => here.git('mv', 'syncline.yaml', 'other.yaml'),
      'other.yaml was not there',
    ],
  ])('%s', async (_name, edit, why) => {
    const here = await branch();
    edit(here);
    here.commit();
    const config = why.startsWith('other.yaml') ? '--config other.yaml' : '';
    const found = await plan(here, config);
    expect(names(found)).toEqual(everything);
    expect(found.selection).toEqual({ only: null, exclude: [], changed: null });
    expect(found.err).toContain(
      `warning: All of target "${found.target}" is looked at, and not only what differs from `,
    );
    expect(found.err).toContain(`: ${why}.\n`);
  });

  test('the manifests were not valid there', async () => {
    const here = await branch();
    here.write('syncs/orders.yaml', 'kind: CensusSync\nname: orders\nspec: { lable: x }\n');
    here.commit();
    here.git('branch', '--force', 'main');
    here.write('syncs/orders.yaml', manifest('orders'));
    here.commit();
    const found = await plan(here, '--exclude */sequel');
    expect(names(found)).toEqual(everything.filter((name) => name !== 'sequel'));
    expect(found.selection).toEqual({ only: null, exclude: ['*/sequel'], changed: null });
    expect(found.err).toMatch(/: the project was not valid \([\w-]+, syncs\/orders\.yaml:\d+: .*\)\.\n/);
  });
});

describe('a commit that is not here is exit 3, with what brings it', () => {
  test.each([
    ['origin/main', '`git fetch origin +refs/heads/main:refs/remotes/origin/main` brings it.'],
    [
      'release/7',
      '`git fetch origin +refs/heads/release/7:refs/remotes/origin/release/7` brings a branch of that name',
    ],
    [
      '0123456789012345678901234567890123456789',
      '`git fetch origin 0123456789012345678901234567890123456789` brings it.',
    ],
    ['x;rm', 'Check the name; `git log --all` shows what is here'],
    ['--upload-pack=x', 'Check the name'],
  ])('%s', async (ref, hint) => {
    const here = await branch();
    here.git('remote', 'add', 'origin', here.folder);
    const said = await here.run(['plan', `--changed=${ref}`]);
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain(`The commit "${ref}" is not here.`);
    expect(said.err).toContain(hint);
    expect(here.emulator.requests).toEqual([]);
  });

  test.each([
    ['of all branches', ['--no-single-branch'], '"origin/main" and HEAD have no common ancestor here.'],
    ['of one branch', [], 'The commit "origin/main" is not here.'],
  ])('in a shallow clone %s, where the command that it names helps', async (_name, flags, fact) => {
    const here = await branch();
    here.write('syncs/new.yaml', manifest('new'));
    here.commit();
    here.git('checkout', '--quiet', 'main');
    here.commit();
    const clone = folder();
    const command = (program: string, ...args: readonly string[]) =>
      execFileSync(program, args, { cwd: clone, encoding: 'utf8', stdio: 'pipe' });
    command('git', 'clone', '--quiet', '--depth=1', ...flags, '--branch=work', `file://${here.folder}`, '.');
    const settings = { cwd: clone, env: { TOKEN: here.emulator.token, PATH: process.env.PATH, HOME: clone } };
    const said = await cli('plan --changed origin/main', settings);
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain(fact);
    const [, fetch = ''] = /hint: `(git fetch --unshallow origin[^`]*)` brings/.exec(said.err) ?? [];
    command('sh', '-c', fetch);
    const found = await cli('plan --changed origin/main --format json', settings);
    expect(names(JSON.parse(found.out).plans[0])).toEqual(['new']);
  });

  test('where there is no history in common, no commit, and no Git', async () => {
    const here = await branch();
    here.git('checkout', '--quiet', '--orphan', 'island');
    expect((await here.run('plan --changed main')).err).toContain('Nothing is committed here yet.');
    here.commit();
    expect((await here.run('plan --changed main')).err).toContain('"main" and HEAD have no common ancestor here.');
    const space = await workspace();
    const said = await space.run('plan --changed main');
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain('The project lies in no Git repository');
  });
});
