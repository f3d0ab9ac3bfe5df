import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type CensusV2Emulator, startCensusV2 } from '../../src/emulator/census-v2/server.ts';
import type { V2Options } from '../../src/emulator/census-v2/switches.ts';
import { fileLedger } from '../../src/ledger/file/store.ts';
import { nothingDeclared } from '../../src/ledger/store.ts';
import { cli, folder, type Said } from './in-process.ts';
import { manifest } from './workspace.ts';

interface Scene {
  readonly emulator: CensusV2Emulator;
  /** As the move writes them. */
  readonly groups: string;
  readonly cwd: string;
  run(line: string, env?: Readonly<Record<string, string>>, now?: Date): Promise<Said>;
  read(file: string): string;
  write(file: string, text: string): void;
  ledger(): Record<string, never> & {
    readonly meta: Record<string, unknown>;
    readonly syncs: Record<string, Record<string, unknown>>;
  };
}

const before = `# Our project.
version: 1
manifests: [syncs/*.yaml] # all of them
ledger: file
targets:
  production:
    provider: census
    api: v1 # until January
    base_url: \${env.URL}
    token: \${env.KEY} # of the workspace
    workspace: 4321
    protect: ["CensusSync/u*"]
`;

/** What was applied through the older API: two syncs, of which one follows the other. */
async function applied(v2: Partial<V2Options> = {}, prepare: (cwd: string) => string = () => before): Promise<Scene> {
  const emulator = await startCensusV2({ v2 });
  onTestFinished(() => emulator.close());
  const cwd = folder();
  const write = (file: string, text: string) => writeFileSync(join(cwd, file), text);
  const scene: Scene = {
    emulator,
    groups: `[${(await groupsAt(emulator)).join(', ')}]`,
    cwd,
    write,
    read: (file) => readFileSync(join(cwd, file), 'utf8'),
    run: (line, env, now) =>
      cli(line, {
        cwd,
        ...(now !== undefined && { now }),
        env: env ?? {
          PATH: process.env.PATH,
          HOME: cwd,
          URL: emulator.url,
          KEY: emulator.workspaceTokens['4321'],
          PAT: emulator.token,
        },
      }),
    ledger: () => JSON.parse(readFileSync(join(cwd, '.syncline/ledger/production.json'), 'utf8')),
  };
  mkdirSync(join(cwd, 'syncs'));
  write('syncline.yaml', prepare(cwd));
  write('syncs/users.yaml', manifest('users'));
  write('syncs/after.yaml', manifest('after', '  mode: { triggers: { sync_sequence: { sync: users } } }\n'));
  expect((await scene.run('apply --auto-approve')).err).toBe('');
  emulator.clearRequests();
  return scene;
}

async function groupsAt({ url, token }: CensusV2Emulator): Promise<readonly string[]> {
  const answer = await fetch(`${url}/api/v2/sources`, { headers: { authorization: `Bearer ${token}` } });
  const { data } = (await answer.json()) as { readonly data: readonly { readonly group_id: string }[] };
  return data.map((one) => one.group_id).sort();
}

/** Has a file lie outside of the project, where nothing is written. */
function linkOut(place: string, text: string): void {
  const elsewhere = join(folder(), 'project.yaml');
  writeFileSync(elsewhere, text);
  rmSync(place);
  symlinkSync(elsewhere, place);
}

const there = 'migrate api --to v2 --token-env PAT';

describe('migrate api', () => {
  test('--check proves, and writes nothing', async () => {
    const scene = await applied();
    const [file, ledger] = [scene.read('syncline.yaml'), JSON.stringify(scene.ledger())];
    const ended = await scene.run(`${there} --check`);
    expect(ended.out).toMatch(/CensusSync: \d+ certain[\s\S]*Nothing changes/);
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect([scene.read('syncline.yaml'), JSON.stringify(scene.ledger())]).toEqual([file, ledger]);
    expect(scene.emulator.requests.filter((one) => one.method !== 'GET')).toEqual([]);
  });

  test('moves ledger and file, and nothing else; the plan is empty there, and other checkouts are told', async () => {
    const scene = await applied();
    const ended = await scene.run(there);
    expect(ended.out).toMatch(/Moved: production uses v2 from now on/);
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(scene.read('syncline.yaml')).toBe(
      before
        .replace('api: v1 #', 'api: v2 #')
        .replace('env.KEY', 'env.PAT')
        .replace('workspace: 4321', `groups: ${scene.groups}`),
    );
    expect(scene.ledger().meta).toMatchObject({
      format: 3,
      api: 'v2',
      workspace: null,
      v1: { token: 'KEY', workspace: 4321 },
      migration: { state: 'done', from: 'v1', to: 'v2' },
    });
    expect(scene.emulator.requests.filter((one) => one.method !== 'GET')).toEqual([]);
    expect(await scene.run('plan --exit-code')).toMatchObject({ code: 0 });
    expect((await scene.run(there)).out).toMatch(/uses v2 already/);
    const text = scene.read('syncline.yaml');
    scene.write('syncline.yaml', before);
    const old = await scene.run('plan');
    expect(old).toMatchObject({ code: 4, out: '' });
    expect(old.err).toMatch(/moved-to-v2/);
    scene.write('syncline.yaml', text);
  });

  test('is not made again in a checkout that is older than it: merging is what it needs', async () => {
    const scene = await applied();
    const attempts = async (to: string, code: string) => {
      const state = [scene.read('syncline.yaml'), scene.ledger()];
      for (const more of ['', ' --check']) {
        const again = await scene.run(`migrate api --to ${to} --token-env ${to === 'v2' ? 'PAT' : 'KEY'}${more}`);
        expect(again).toMatchObject({ code: 4, out: '' });
        expect(again.err).toContain(code);
        expect(again.err).toMatch(/Merge the change of syncline\.yaml/);
      }
      expect([scene.read('syncline.yaml'), scene.ledger()]).toEqual(state);
    };
    expect((await scene.run(there)).code).toBe(0);
    const moved = scene.read('syncline.yaml');
    scene.write('syncline.yaml', before);
    await attempts('v2', 'moved-to-v2');
    scene.write('syncline.yaml', moved);
    expect((await scene.run('migrate api --to v1')).code).toBe(0);
    scene.write('syncline.yaml', moved);
    await attempts('v1', 'not-migrated');
  });

  test('takes it back: the file is as it was, and the plan is empty', async () => {
    const scene = await applied({ syncIdShift: 10, sourceIdShift: 20, destinationIds: 'other' });
    const bound = scene.ledger().syncs;
    const doubtful = JSON.parse((await scene.run(`${there} --check --format json`)).out);
    const accepted = (doubtful.pairs as { kind: string; v1: string | null; grade: string }[])
      .filter((one) => one.grade !== 'certain' && one.v1 !== null)
      .map((one) => ` --accept ${one.kind}/${one.v1}`);
    const gone = await scene.run(there + accepted.join(''));
    expect(gone).toMatchObject({ code: 0, out: expect.not.stringContaining('left alone') });
    expect(scene.ledger().syncs).not.toMatchObject(bound);
    expect(await scene.run('plan --exit-code')).toMatchObject({ code: 0 });
    const back = await scene.run('migrate api --to v1');
    expect(back.out).toMatch(/Moved/);
    // Those of others were vouched for there, and nothing has kept that; what its own refer to has been kept.
    expect(back.out).toContain('left alone: 3 ');
    expect(back).toMatchObject({ code: 0, err: '' });
    expect(scene.read('syncline.yaml')).toBe(before);
    for (const [address, entry] of Object.entries(bound)) expect(scene.ledger().syncs[address]).toMatchObject(entry);
    expect(await scene.run('plan --exit-code')).toMatchObject({ code: 0 });
  });

  /** As if the process had died at the moment: the ledger says that the move is under way. */
  function reopen(scene: Scene): void {
    const ledger = scene.ledger();
    const meta = { ...ledger.meta, migration: { ...(ledger.meta.migration as object), state: 'open' } };
    scene.write('.syncline/ledger/production.json', JSON.stringify({ ...ledger, meta }));
  }

  test.each([
    ['before the project file was written', true],
    ['before the ledger said that all is done', false],
  ])('is ended by a rerun where it was killed %s; nothing else is done until then', async (_, isFileOld) => {
    const scene = await applied({ syncIdShift: 10 });
    const accepted = scene.emulator.syncs().map(({ id }) => ` --accept CensusSync/${String(id)}`);
    expect(await scene.run(there + accepted.join(''))).toMatchObject({ code: 0 });
    const [file, ledger] = [scene.read('syncline.yaml'), scene.ledger()];
    reopen(scene);
    if (isFileOld) scene.write('syncline.yaml', before);
    for (const line of ['plan', 'apply --auto-approve', 'pull']) {
      const stopped = await scene.run(line);
      expect(stopped.err).toMatch(/migration-open[\s\S]*syncline migrate api --to v2/);
      expect(stopped.code).toBe(4);
    }
    expect((await scene.run(`${there} --check`)).code).toBe(0);
    expect(await scene.run(there)).toMatchObject({ code: 0, err: '' });
    expect(scene.read('syncline.yaml')).toBe(file);
    expect(scene.ledger()).toEqual(ledger);
    expect(await scene.run('plan --exit-code')).toMatchObject({ code: 0 });
  });

  test('where the project file cannot be written the ledger has moved, and a rerun ends it', async () => {
    const scene = await applied();
    linkOut(join(scene.cwd, 'syncline.yaml'), before);
    const ended = await scene.run(there);
    expect(ended.err).toMatch(/unwritten[\s\S]*syncline migrate api --to v2/);
    expect(ended.code).toBe(5);
    expect(scene.ledger().meta).toMatchObject({ api: 'v2', migration: { state: 'open' } });
    rmSync(join(scene.cwd, 'syncline.yaml'));
    scene.write('syncline.yaml', before);
    expect(await scene.run(there)).toMatchObject({ code: 0, err: '' });
    expect(scene.ledger().meta).toMatchObject({ migration: { state: 'done' } });
  });

  test('a run that was made before is undone after, under the ids of today', async () => {
    const scene = await applied({ syncIdShift: 10, sourceIdShift: 20 });
    scene.write('syncs/users.yaml', manifest('users').replace('operation: upsert', 'operation: mirror'));
    expect(await scene.run('apply --auto-approve')).toMatchObject({ code: 0 });
    const [{ run }] = JSON.parse((await scene.run('log --format json')).out).runs;
    const ids = scene.emulator.syncs().map(({ id }) => ` --accept CensusSync/${String(id)}`);
    expect(await scene.run(`${there} --accept sources/501${ids.join('')}`)).toMatchObject({ code: 0 });
    const undone = await scene.run(`undo ${run}`);
    expect(undone.out).toMatch(/mirror[\s\S]*upsert/);
    expect(undone.err).toMatch(/not-approved/);
  });

  test('without a ledger only the file moves', async () => {
    const scene = await applied();
    scene.write('syncline.yaml', before.replace('ledger: file', 'ledger: none'));
    const ended = await scene.run(there);
    expect(ended.out).toMatch(/It has no ledger, so the project file is all there is to move/);
    expect(ended.code).toBe(0);
    expect(scene.read('syncline.yaml')).toMatch(/api: v2/);
    expect(scene.ledger().meta).toMatchObject({ format: 2 });
  });

  test('is refused before anything is written where the project file would not be valid with it', async () => {
    const scene = await applied();
    const [address, token] = ['base_url: ${' + 'env.URL}', 'token: ${' + 'env.PAT}'];
    const other = `  other:\n    provider: census\n    api: v2\n    ${address}\n    ${token}\n    groups: ${scene.groups}\n`;
    scene.write('syncline.yaml', before + other);
    const ledger = scene.ledger();
    for (const check of ['--check', '']) {
      const said = await scene.run(`migrate api --to v2 --target production --token-env PAT ${check}`.trim());
      expect(said).toMatchObject({ code: 4, out: '' });
      expect(said.err).toMatch(/^error shared-group/m);
      expect(said.err).toContain('Nothing was written');
    }
    expect(scene.read('syncline.yaml')).toBe(before + other);
    expect(scene.ledger()).toEqual(ledger);
  });

  test('is refused while another run holds the lock, and writes nothing', async () => {
    const scene = await applied();
    const store = fileLedger(scene.cwd, 'production');
    const stored = await store.read(nothingDeclared);
    const run = { run: 'r', at: new Date().toISOString(), actor: 'somebody', commit: null, digest: null } as const;
    const begun = { ...run, status: 'running' as const, changes: [] };
    if (stored === undefined) throw new Error('Something was applied.');
    const journal = await store.begin({ ...stored.ledger, runs: [begun] }, run);
    const ended = await scene.run(there);
    await journal.close(stored.ledger);
    expect(ended.err).toMatch(/locked/);
    expect(ended.code).toBe(4);
    expect(scene.read('syncline.yaml')).toBe(before);
  });

  test('a ledger that is shared moves where it is shared, and the next clone is told', async () => {
    const shared = join(folder(), 'shared.git');
    const git = (cwd: string, ...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
        cwd,
        encoding: 'utf8',
      });
    const scene = await applied({}, (cwd) => {
      git(cwd, 'init', '--quiet', '--bare', shared);
      git(cwd, 'init', '--quiet', '--initial-branch=main');
      git(cwd, 'remote', 'add', 'origin', shared);
      return before.replace('ledger: file', 'ledger: git');
    });
    git(scene.cwd, 'add', '--all');
    git(scene.cwd, 'commit', '--quiet', '--message', 'x');
    git(scene.cwd, 'push', '--quiet', 'origin', 'main');
    expect(await scene.run(there)).toMatchObject({ code: 0, err: '' });
    const meta = JSON.parse(git(shared, 'show', 'refs/syncline/production:meta.json'));
    expect(meta).toMatchObject({ format: 3, api: 'v2', migration: { state: 'done' } });
    const clone = join(folder(), 'clone');
    git(scene.cwd, 'clone', '--quiet', '--branch', 'main', shared, clone);
    const told = await scene.run(`-C ${clone} plan`);
    expect(told.err).toMatch(new RegExp(`moved-to-v2[\\s\\S]*${meta.migration.run}[\\s\\S]*${meta.migration.commit}`));
    expect(told.code).toBe(4);
  });

  const byHandAt = ({ groups }: Scene) =>
    before
      .replace('api: v1', 'api: v2')
      .replace('env.KEY', 'env.PAT')
      .replace('    workspace: 4321\n', `    groups: ${groups}\n`);

  test('moves the ledger of a target whose file somebody has changed by hand', async () => {
    const scene = await applied();
    const byHand = byHandAt(scene);
    scene.write('syncline.yaml', byHand);
    expect((await scene.run('plan')).err).toMatch(/not-migrated/);
    expect(await scene.run('migrate api --to v2')).toMatchObject({ code: 0, err: '' });
    expect(scene.read('syncline.yaml')).toBe(byHand);
    expect(scene.ledger().meta).toMatchObject({ format: 3, v1: { personal_access_token: 'PAT', workspace: 4321 } });
    expect(await scene.run('plan --exit-code')).toMatchObject({ code: 0 });
  });

  test('takes a ledger back whose file somebody has reverted', async () => {
    const scene = await applied();
    const { syncs } = scene.ledger();
    expect(await scene.run(there)).toMatchObject({ code: 0 });
    scene.write('syncline.yaml', before);
    expect(await scene.run('migrate api --to v1 --token-env PAT')).toMatchObject({ code: 0, err: '' });
    expect(scene.read('syncline.yaml')).toBe(before);
    expect(scene.ledger()).toMatchObject({ meta: { format: 2, workspace: 4321 }, syncs });
    expect(await scene.run('plan --exit-code')).toMatchObject({ code: 0 });
    scene.write('syncline.yaml', byHandAt(scene));
    expect((await scene.run('plan')).err).toMatch(/not-migrated[\s\S]*moved back to v1/);
  });

  test('a way back that was stopped is ended by the same line', async () => {
    const scene = await applied();
    expect(await scene.run(there)).toMatchObject({ code: 0 });
    const [moved, place] = [scene.read('syncline.yaml'), join(scene.cwd, 'syncline.yaml')];
    linkOut(place, moved);
    expect((await scene.run('migrate api --to v1')).code).toBe(5);
    const half = scene.read('.syncline/ledger/production.json');
    rmSync(place);
    scene.write('syncline.yaml', moved);
    expect((await scene.run('plan')).err).toMatch(/migration-open/);
    expect(await scene.run('migrate api --to v1')).toMatchObject({ code: 0, err: '' });
    const [file, ledger] = [scene.read('syncline.yaml'), scene.ledger()];
    expect(ledger.meta).toMatchObject({ format: 2, migration: { state: 'done', to: 'v1' } });
    expect(ledger.meta).toMatchObject({ v1: { token: 'KEY', workspace: 4321 } });
    scene.write('.syncline/ledger/production.json', half);
    expect(await scene.run('migrate api --to v1')).toMatchObject({ code: 0, err: '' });
    expect([scene.read('syncline.yaml'), scene.ledger()]).toEqual([file, ledger]);
  });

  test.each([
    ['v2', /cannot be read there any more[\s\S]*adopt --all-matching/],
    ['v1', /there is no way back/],
  ])('after the last day of the older API, a move to %s says that it is gone', async (to, said) => {
    const scene = await applied();
    if (to === 'v1') expect(await scene.run(there)).toMatchObject({ code: 0 });
    const moved = [scene.read('syncline.yaml'), scene.ledger()];
    const refusing = ['GET /sources:404', 'GET /workspace:404', 'GET /destinations:404'];
    scene.emulator.addFaults(refusing);
    const ended = await scene.run(
      `migrate api --to ${to} --token-env ${to === 'v1' ? 'KEY' : 'PAT'}`,
      undefined,
      new Date('2027-02-01'),
    );
    expect(ended.err).toMatch(said);
    expect(ended.code).toBe(1);
    expect([scene.read('syncline.yaml'), scene.ledger()]).toEqual(moved);
  });

  test('never prints a token', async () => {
    const scene = await applied();
    const said = await Promise.all(
      ['--check', '--check --format json', '--check --verbose', ''].map((more) => scene.run(`${there} ${more}`)),
    );
    const text = said.map(({ out, err }) => out + err).join('');
    for (const token of [scene.emulator.token, ...Object.values(scene.emulator.workspaceTokens)])
      expect(text).not.toContain(token);
  });

  test('is refused where ids are others and nobody vouches for them, and says how that is done', async () => {
    const scene = await applied({ syncIdShift: 10 });
    const ended = await scene.run(there);
    expect(ended.code).toBe(4);
    expect(ended.out).toMatch(
      /only names and times say that they are one[\s\S]*--accept CensusSync\/\d+[\s\S]*Nothing was written/,
    );
    expect(scene.read('syncline.yaml')).toBe(before);
  });

  test('is refused where the other API shows something else, and says what and where', async () => {
    const scene = await applied({ extraKeys: { operation: 'insert' } });
    const ended = await scene.run(there);
    expect(ended.out).toMatch(
      /Different[\s\S]*CensusSync\/users \/operation: v1 "upsert", v2 "insert"[\s\S]*Nothing was written/,
    );
    expect(ended.code).toBe(4);
    const { differences, moved } = JSON.parse((await scene.run(`${there} --format json`)).out);
    expect(moved).toBe(false);
    expect(differences).toContainEqual({ address: 'CensusSync/users', path: '/operation', v1: 'upsert', v2: 'insert' });
    expect(scene.read('syncline.yaml')).toBe(before);
  });

  test('exits 2 where both plans show the same changes, and moves all the same', async () => {
    const scene = await applied();
    scene.write('syncs/users.yaml', manifest('users').replace('operation: upsert', 'operation: mirror'));
    const ended = await scene.run(there);
    expect(ended.out).toMatch(/both plans show the same 1 pending/);
    expect(ended.code).toBe(2);
    expect(scene.read('syncline.yaml')).toMatch(/api: v2/);
  });
});
