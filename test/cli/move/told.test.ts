import { execFileSync } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { Exit } from '../../../src/model/errors.ts';
import { secret } from '../../../src/model/secret.ts';
import { migrateTarget } from '../../../src/session/migrate/migrate.ts';
import { smallAccount } from './accounts.ts';
import { type Scene, scene } from './scene.ts';
import { settled, there } from './story.ts';

vi.setConfig({ testTimeout: 60_000 });

async function pulled(): Promise<Scene> {
  const one = await scene({ seed: smallAccount });
  expect((await one.run('pull')).code).toBe(0);
  return one;
}

/** As if the process had died before the ledger said that all is done. */
function reopen(one: Scene): void {
  const { meta, runs, ...ledger } = one.ledger();
  const open = { ...meta, migration: { ...meta.migration, state: 'open' } };
  one.write('.syncline/ledger/production.json', JSON.stringify({ meta: open, ...ledger, runs: runs.slice(0, -1) }));
}

test('the commands that are printed work as they are: the ledger knows the variable of the token', async () => {
  const one = await pulled();
  const v1 = one.read('syncline.yaml');
  const there1 = await one.run(there);
  expect(there1.out).toContain('`syncline migrate api --to v1` takes it back.');
  expect(there1.out).toMatch(/^ {2}activations \(.*\): \d+ certain$/m);
  const v2 = one.read('syncline.yaml');
  one.write('syncline.yaml', v1);
  const told = await one.run('plan');
  expect(told.err).toContain('`syncline migrate api --to v1 --target production` takes it back');
  expect(await one.run('migrate api --to v1 --target production')).toMatchObject({ code: 0, err: '' });
  one.write('syncline.yaml', v2);
  const late = await one.run('plan');
  expect(late.err).toMatch(/not-migrated[\s\S]*Merge the change of syncline.yaml that says `api: v1`/);
  expect(late.err).toMatch(
    /or write what it says: `api: v1`, `token: \$\{env\.KEY\}`, `workspace: 4321`, .*, without `groups`\./,
  );
  expect(late.err).toContain('`syncline migrate api --to v2 --target production` moves it there again');
  // What v1 takes is known to nobody here but the ledger.
  expect(await one.run('migrate api --to v2 --target production')).toMatchObject({ code: 0, err: '' });
  expect(one.read('syncline.yaml')).toBe(v2);
  expect(await one.run('migrate api --to v1')).toMatchObject({ code: 0, err: '' });
  expect(one.read('syncline.yaml')).toBe(v1);
  expect(await one.run('migrate api --to v2')).toMatchObject({ code: 0, err: '' });
  expect(one.read('syncline.yaml')).toBe(v2);
});

test('a move that is open says so, and its rerun names every step that is left', async () => {
  const one = await pulled();
  expect((await one.run(there)).code).toBe(0);
  reopen(one);
  const looked = await one.run('migrate api --to v2 --check');
  expect(looked.out).toMatch(/was begun \(run \S+ of .*and has not ended: this command without --check ends it/);
  const hint = (await one.run('plan')).err;
  expect(hint).toContain('`syncline migrate api --to v2 --target production`');
  const ended = await one.run('migrate api --to v2 --target production');
  expect(ended.out).toMatch(/1\. Commit syncline\.yaml, unless that is done\.[\s\S]*as PAT/);
  expect(ended.code).toBe(0);
});

test.each([
  ['there', 'v2'],
  ['back', 'v1'],
])(
  '%s: an edit of the project file that is lost before it is committed is made again by the same line',
  async (_, to) => {
    const one = await pulled();
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], { cwd: one.cwd });
    if (to === 'v1') expect((await one.run(there)).code).toBe(0);
    git('init', '--quiet');
    git('add', 'syncline.yaml', 'syncs');
    git('commit', '--quiet', '--message', 'x');
    const line = to === 'v1' ? 'migrate api --to v1' : there;
    expect((await one.run(line)).code).toBe(0);
    const [file, ledger] = [one.read('syncline.yaml'), one.ledger()];
    git('checkout', '--quiet', '--', 'syncline.yaml');
    expect((await one.run('plan')).err).toMatch(/in commit [0-9a-f]{40} or after it/);
    // What was made before is not told as if it were made now.
    const made = `production has moved to ${to} already, by run ${one.ledger().meta.migration?.run}`;
    const checked = await one.run(`${line} --check`);
    expect(checked.out).toContain(`${made} `);
    expect(checked.out).toContain('writes that into the project file of this checkout too.');
    const again = await one.run(line);
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(again.out).toContain(`${made} `);
    expect(again.out).toContain('Only syncline.yaml was written');
    expect(again.out).not.toMatch(/^Moved:|^Next:/m);
    expect([one.read('syncline.yaml'), one.ledger()]).toEqual([file, ledger]);
    git('checkout', '--quiet', '--', 'syncline.yaml');
    git('commit', '--quiet', '--allow-empty', '--message', 'y');
    expect(await one.run(line)).toMatchObject({ code: 4, out: '' });
  },
);

test('a move stands in the log, and undo says what takes it back', async () => {
  const one = await pulled();
  expect((await one.run(there)).code).toBe(0);
  const { runs } = JSON.parse((await one.run('log --format json')).out);
  expect(runs[0]).toMatchObject({
    run: one.ledger().meta.migration?.run,
    migrated: { from: 'v1', to: 'v2' },
    changes: [],
  });
  expect((await one.run('log')).out).toMatch(/^ {2}→ moved from v1 to v2$/m);
  const undone = await one.run(`undo ${runs[0].run}`);
  expect(undone).toMatchObject({
    code: 3,
    err: expect.stringContaining('`syncline migrate api --to v1` takes it back'),
  });
  await settled(one);
});

test('what is accepted has to be there, and need not be certain', async () => {
  const one = await pulled();
  const nothing = await one.run(`${there} --accept CensusSync/9999`);
  expect(nothing).toMatchObject({ code: 3, out: '', err: expect.stringMatching(/CensusSync\/9999` names nothing/) });
  const needless = await one.run(`${there} --check --accept CensusSync/90001`);
  expect(needless).toMatchObject({ code: 0, err: expect.stringMatching(/CensusSync\/90001` was not needed/) });
});

test.each([
  [
    'the key of a workspace at v2',
    `migrate api --to v2 --token-env KEY --check`,
    'env.KEY',
    /\bKEY\b[\s\S]*API v2 takes a personal access token, and no key/,
  ],
  ['a personal access token at v1', `${there} --check`, 'env.PAT', /\bPAT\b[\s\S]*API v1 takes the key of a workspace/],
])('a token of the wrong kind: %s', async (_, line, variable, said) => {
  const one = await scene({ seed: smallAccount });
  one.write('syncline.yaml', one.read('syncline.yaml').replace('env.KEY', variable));
  one.write(
    'syncs/x.yaml',
    'kind: CensusDataset\nname: x\nspec: { name: x, type: sql, query: select 1, source: Redshift }\n',
  );
  const ended = await one.run(line);
  expect(ended).toMatchObject({ code: 1, out: '', err: expect.stringMatching(said) });
  expect(ended.err).not.toMatch(/--token-env/);
});

test('Ctrl-C after the first write is exit 5, and names the command that ends the move', async () => {
  const one = await pulled();
  const stop = new AbortController();
  const tokens: Readonly<Record<string, string | undefined>> = {
    KEY: one.emulator.workspaceTokens['4321'],
    PAT: one.emulator.token,
  };
  const ended = migrateTarget({
    place: { directory: one.cwd },
    outside: { signal: stop.signal },
    targets: [],
    to: 'v2',
    check: false,
    variable: 'PAT',
    accepted: new Set(),
    reach: (_, target) => ({
      target: { ...target, base_url: one.emulator.url },
      token: secret(tokens[target.token_variable ?? ''] ?? ''),
      options: { signal: stop.signal },
    }),
    // Stopped while the service is busy: nobody waits for a second try.
    mayWrite: () => {
      one.emulator.addFaults(['GET /syncs:503:1']);
      stop.abort();
    },
    identity: async () => ({ run: 'r1', actor: 'Ann', commit: null }),
  });
  const hint = expect.stringContaining('`syncline migrate api --to v2 --target production`');
  await expect(ended).rejects.toMatchObject({ code: 'stopped', exit: Exit.partial, hint });
  expect(one.read('syncline.yaml')).toMatch(/api: v2/);
  expect((await one.run('plan')).err).toMatch(/migration-open/);
  expect((await one.run('migrate api --to v2 --target production')).code).toBe(0);
  await settled(one);
});
