import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type ApplyEvent,
  adopt,
  apply,
  censusV1,
  drift,
  InvalidInput,
  type Outcome,
  plan,
  SynclineError,
  status,
  undo,
  validate,
} from '../src/index.ts';
import { folder } from './cli/in-process.ts';
import { inGit } from './cli/repository.ts';
import { manifest, project, type Workspace, workspace } from './cli/workspace.ts';

/** A workspace, what every call about it has in common, and its emulated service. */
async function opened() {
  const space = await workspace();
  const { emulator, folder: directory } = space;
  const provider = censusV1({ token: emulator.token, baseUrl: emulator.url });
  onTestFinished(() => provider.close());
  return { space, emulator, request: { directory, provider }, recorded: { directory, provider, actor: 'nightly job' } };
}

/** The same, with its manifests applied and nothing counted yet. */
async function applied() {
  const all = await opened();
  await apply(all.recorded);
  all.emulator.clearRequests();
  return all;
}

/** Everything is applied, and then the ledger is lost. */
async function forgotten() {
  const all = await applied();
  rmSync(join(all.space.folder, '.syncline'), { recursive: true });
  return all;
}

function withoutLedger({ emulator, write }: Workspace): void {
  write('syncline.yaml', `${project({ production: emulator.url })}ledger: none\n`);
}

function idOf({ emulator }: Workspace, name: string): string {
  return String(emulator.syncs().find((one) => one.label === `Label of ${name}`)?.id);
}

/** What a call ends in that must not succeed. */
async function failure(call: Promise<unknown>): Promise<SynclineError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SynclineError) return error;
  throw new Error('It ended in another way.', { cause: error });
}

/** The runs of a workspace, newest first. */
async function runs({
  run,
}: Workspace): Promise<readonly { readonly run: string; readonly actor: string; readonly commit: string | null }[]> {
  return JSON.parse((await run('log --format json')).out).runs;
}

describe('status', () => {
  test('tells what is bound and live, and of an address everything', async () => {
    const { space, request } = await applied();
    const { target, things, notes } = await status(request);
    expect({ target, notes }).toEqual({ target: 'production', notes: [] });
    const users = things.find(({ address }) => address === 'CensusSync/users');
    expect(users).toMatchObject({ id: idOf(space, 'users'), state: 'bound', health: 'ok', paused: false });
    expect(users).not.toHaveProperty('details');
    expect(things.some(({ state }) => state === 'foreign')).toBe(true);
    const asked = await status({ ...request, addresses: ['CensusSync/users'] });
    expect(asked.things).toMatchObject([{ address: 'CensusSync/users', details: { plan: { action: 'none' } } }]);
    const error = await failure(status({ ...request, addresses: ['CensusSync/nobody'] }));
    expect(error).toMatchObject({ code: 'no-match', exit: 3 });
    expect(space.writes()).toEqual([]);
  });
});

describe('drift', () => {
  test('is empty after an apply, and then names what somebody changed', async () => {
    const { space, emulator, request } = await applied();
    expect(await drift(request)).toEqual({ target: 'production', drift: [], notes: [] });
    const id = idOf(space, 'users');
    emulator.mutate(Number(id), { operation: 'mirror' });
    expect((await drift(request)).drift).toMatchObject([
      {
        address: 'CensusSync/users',
        id,
        kind: 'changed',
        fields: [{ path: '/operation', was: 'upsert', now: 'mirror' }],
        origin: { file: 'syncs/users.yaml', line: 1 },
      },
    ]);
    expect(space.writes()).toEqual([]);
  });

  test('looks at what `only` selects, and refuses one that selects nothing', async () => {
    const { space, emulator, request, recorded } = await applied();
    space.write('syncs/orders.yaml', manifest('orders'));
    await apply(recorded);
    emulator.remove(Number(idOf(space, 'users')));
    expect((await drift({ ...request, only: '*/orders' })).drift).toEqual([]);
    expect((await drift({ ...request, only: '*/users' })).drift).toMatchObject([{ kind: 'gone' }]);
    expect(await failure(drift({ ...request, only: '*/nobody' }))).toMatchObject({ code: 'no-match' });
    expect((await drift({ ...request, only: ['*/orders', '*/users'], exclude: '*/users' })).drift).toEqual([]);
  });

  test('is an error where the ledger binds nothing, and not peace', async () => {
    const { request } = await forgotten();
    expect(await failure(drift(request))).toMatchObject({ code: 'no-ledger', exit: 4 });
  });
});

describe('a part of a target', () => {
  test('is what globs and a commit leave, and a saved plan of it is no last apply', async () => {
    const { space, emulator, request, recorded } = await opened();
    const { git, write, commit } = inGit(space);
    write('syncs/orders.yaml', manifest('orders'));
    write('syncs/events.yaml', manifest('events'));
    commit();
    const options = { ...request, changed: 'HEAD~1', exclude: ['*/events'] };
    const part = await plan(options);
    expect(part).toMatchObject({
      selection: { only: null, exclude: ['*/events'], changed: git('rev-parse', 'HEAD~1') },
      changes: [{ address: 'CensusSync/orders' }],
    });
    await apply({ ...recorded, plan: part });
    expect(emulator.syncs().filter(({ label }) => /^Label of /.test(String(label)))).toHaveLength(1);
    git('checkout', '--quiet', 'HEAD~1');
    expect(await apply(recorded)).toMatchObject({ converged: true });
    expect(await failure(plan({ ...options, changed: 'nowhere' }))).toMatchObject({ code: 'unknown-ref', exit: 3 });
  });
});

describe('adopt', () => {
  test('binds an address by its label, and says so again the second time', async () => {
    const { space, recorded, request } = await forgotten();
    const id = idOf(space, 'users');
    const address = 'CensusSync/users';
    expect(await adopt({ ...recorded, address })).toEqual({
      bound: [{ address, id, label: 'Label of users', from: undefined, already: false, differs: false }],
      left: [],
      unmatched: [],
      notes: [],
    });
    expect(await adopt({ ...recorded, address })).toMatchObject({ bound: [{ id, already: true }] });
    expect(space.writes()).toEqual([]);
    expect((await plan(request)).changes).toEqual([]);
    expect(await runs(space)).toMatchObject([{ actor: 'nightly job' }]);
  });

  test('binds an address to the sync with an id, whatever its label', async () => {
    const { space, emulator, recorded } = await forgotten();
    const id = idOf(space, 'users');
    emulator.mutate(Number(id), { label: 'Something else' });
    const { bound } = await adopt({ ...recorded, address: 'CensusSync/users', id });
    expect(bound).toMatchObject([{ id, label: 'Something else', differs: true }]);
  });

  test('binds all whose label is clear, and names the others', async () => {
    const { space, emulator, recorded } = await applied();
    space.write('syncs/orders.yaml', manifest('orders'));
    space.write('syncs/leads.yaml', manifest('leads'));
    await apply(recorded);
    rmSync(join(space.folder, '.syncline'), { recursive: true });
    emulator.mutate(Number(idOf(space, 'orders')), { label: 'Label of users' });
    expect(await adopt({ ...recorded, allMatching: true })).toMatchObject({
      bound: [{ address: 'CensusSync/leads' }],
      left: [{ address: 'CensusSync/users' }],
      unmatched: ['CensusSync/orders'],
    });
  });

  test.each([
    ['an address that no manifest declares', { address: 'CensusSync/usres' }, 'unknown-address', '"CensusSync/users"'],
    ['an id that no sync has', { address: 'CensusSync/users', id: '123456' }, 'unknown-sync', 'Check the id'],
  ])('refuses %s', async (_name, wanted, code, hint) => {
    const { space, recorded } = await forgotten();
    const error = await failure(adopt({ ...recorded, ...wanted }));
    expect(error).toMatchObject({ code, exit: 3, hint: expect.stringContaining(hint) });
    expect(await runs(space)).toEqual([]);
  });

  test('has nothing to bind in without a ledger', async () => {
    const { space, emulator, recorded } = await opened();
    withoutLedger(space);
    expect(await failure(adopt({ ...recorded, allMatching: true }))).toMatchObject({ code: 'no-ledger', exit: 4 });
    expect(emulator.requests).toEqual([]);
  });

  test.each([{}, { address: 'CensusSync/users', allMatching: true }, { allMatching: true, id: '7' }])(
    'refuses to guess what %j means',
    async (wanted) => {
      const { recorded } = await opened();
      const untyped: (request: object) => Promise<unknown> = adopt as never;
      expect(await failure(untyped({ ...recorded, ...wanted }))).toMatchObject({ code: 'usage', exit: 3 });
    },
  );
});

describe('undo', () => {
  /** A sync that was made and then paused; the run that paused it. */
  async function paused() {
    const all = await applied();
    all.space.write('syncs/users.yaml', manifest('users', '  paused: true\n'));
    const { run } = await apply(all.recorded);
    if (run === null) throw new Error('No run was recorded.');
    all.emulator.clearRequests();
    return { ...all, run };
  }

  test('puts back what a run has changed, tells of it, and records it', async () => {
    const { space, recorded, run, emulator } = await paused();
    const told: string[] = [];
    const events: ApplyEvent[] = [];
    const watched = {
      onOutcome: ({ address }: Outcome) => told.push(address),
      onEvent: (event: ApplyEvent) => events.push(event),
    };
    const report = await undo({ ...recorded, run, ...watched });
    expect(report).toMatchObject({ converged: true, wrote: true, outcomes: [{ action: 'update', status: 'applied' }] });
    expect(told).toEqual(['CensusSync/users']);
    expect(events).toMatchObject([
      { event: 'start', target: 'production', run: report.run, dry_run: false },
      { event: 'change', status: 'started', address: 'CensusSync/users' },
      { event: 'change', status: 'applied', address: 'CensusSync/users' },
      { event: 'report', converged: true, exit: 0, error: null },
    ]);
    expect(emulator.syncs().find((one) => String(one.id) === idOf(space, 'users'))?.paused).toBe(false);
    const [last] = await runs(space);
    expect(last).toMatchObject({ run: report.run, actor: 'nightly job' });
    expect(await undo({ ...recorded, run })).toMatchObject({ wrote: false, outcomes: [] });
  });

  test('leaves alone what was changed since', async () => {
    const { space, emulator, recorded, run } = await paused();
    emulator.mutate(Number(idOf(space, 'users')), { paused: false, operation: 'mirror' });
    emulator.clearRequests();
    const report = await undo({ ...recorded, run });
    expect(report.outcomes).toEqual([]);
    expect(space.writes()).toEqual([]);
  });

  test('deletes what a run has made only up to the limit, or to the exact number', async () => {
    const { space, emulator, recorded } = await opened();
    const before = emulator.syncs().length;
    for (const name of ['a', 'b', 'c', 'd', 'e']) space.write(`syncs/${name}.yaml`, manifest(name));
    const run = (await apply(recorded)).run ?? '';
    const refused = await undo({ ...recorded, run });
    expect(refused).toMatchObject({ wrote: false, converged: false });
    expect(refused.blocked).toHaveLength(6);
    expect(emulator.syncs()).toHaveLength(before + 6);
    expect(await undo({ ...recorded, run, forceDeletes: 6 })).toMatchObject({ converged: true, blocked: [] });
    expect(emulator.syncs()).toHaveLength(before);
  });

  test('starts nothing once its signal is aborted', async () => {
    const { space, recorded, run } = await paused();
    const report = await undo({ ...recorded, run, signal: AbortSignal.abort() });
    expect(report).toMatchObject({ interrupted: true, wrote: false, outcomes: [{ status: 'skipped' }] });
    expect(space.writes()).toEqual([]);
  });

  test('refuses a run that the log does not have, or cannot tell', async () => {
    const { space, recorded } = await paused();
    expect(await failure(undo({ ...recorded, run: '1999' }))).toMatchObject({ code: 'unknown-run', exit: 3 });
    expect(await failure(undo({ ...recorded, run: '20' }))).toMatchObject({ code: 'ambiguous-run', exit: 3 });
    expect(space.writes()).toEqual([]);
  });

  test('has no log without a ledger', async () => {
    const { space, emulator, recorded } = await opened();
    withoutLedger(space);
    expect(await failure(undo({ ...recorded, run: '2026' }))).toMatchObject({ code: 'no-log', exit: 4 });
    expect(emulator.requests).toEqual([]);
  });
});

describe('every call', () => {
  test('says where a target was looked for that there is not', async () => {
    const { request } = await opened();
    const error = await failure(plan({ ...request, target: 'producton' }));
    if (!(error instanceof InvalidInput)) throw error;
    expect(error.diagnostics).toMatchObject([
      {
        code: 'unknown-target',
        file: 'syncline.yaml',
        line: 3,
        column: 1,
        hint: expect.stringContaining('production'),
      },
    ]);
  });

  test('needs a target where the project has several', async () => {
    const { space, emulator, request } = await applied();
    space.write('syncline.yaml', project({ production: emulator.url, staging: emulator.url }));
    expect(await failure(drift(request))).toMatchObject({
      code: 'no-target',
      hint: 'Choose with `target`: "production" and "staging".',
    });
    expect((await drift({ ...request, target: 'production' })).target).toBe('production');
  });

  test('records the commit of the manifests, and whether they are as committed', async () => {
    const { space, request, recorded } = await opened();
    const author = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
    const git = (...args: readonly string[]) =>
      execFileSync('git', [...author, ...args], { cwd: space.folder, encoding: 'utf8' }).trim();
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'x');
    const head = git('rev-parse', 'HEAD');
    expect(await plan(request)).toMatchObject({ commit: head });
    expect(await plan({ ...request, commit: 'abc' })).toMatchObject({ commit: 'abc' });
    space.write('syncs/orders.yaml', manifest('orders'));
    const { run } = await apply(recorded);
    await undo({ ...recorded, run: run ?? '' });
    const commits = (await runs(space)).map((one) => one.commit);
    expect(commits).toEqual([`${head}-dirty`, `${head}-dirty`]);
  });

  test('is told once what log and ledger both come upon', async () => {
    const { space, recorded, request } = await opened();
    const remote = folder();
    const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: space.folder, stdio: 'pipe' });
    git('init', '-q');
    git('init', '-q', '--bare', remote);
    git('remote', 'add', 'origin', remote);
    const { run } = await apply(recorded);
    git('remote', 'set-url', 'origin', join(remote, 'gone'));
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    await drift({ ...request, onWarning });
    expect(warnings.splice(0)).toEqual([expect.stringContaining('The remote "origin" could not be read')]);
    const refused = await failure(undo({ ...recorded, run: run ?? '', onWarning }));
    expect(refused).toMatchObject({ exit: 4 });
    expect(warnings).toHaveLength(1);
  });

  test('sends nothing while a manifest is wrong, as `validate` says too', async () => {
    const { space, emulator, recorded, request } = await applied();
    space.write('syncs/users.yaml', manifest('users').replace('operation: upsert', 'operation: upsrt'));
    const { diagnostics } = await validate({ directory: space.folder });
    expect(diagnostics).toMatchObject([{ file: 'syncs/users.yaml', line: 5 }]);
    const calls = [drift(request), adopt({ ...recorded, allMatching: true }), undo({ ...recorded, run: '2' })];
    for (const call of calls) expect(await failure(call)).toMatchObject({ code: 'invalid-input', diagnostics });
    expect(emulator.requests).toEqual([]);
  });
});
