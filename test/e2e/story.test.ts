import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CensusEmulator, startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { openRepositories, type Repositories } from '../ledger/git-repositories.ts';
import { nodes, syncline } from '../support/processes.ts';

/** Syncs of the workspace that nobody here has declared. */
const foreign = ['Foreign one', 'Foreign two', 'Foreign three'];

let repositories: Repositories;
let emulator: CensusEmulator;
let a: string;
let b: string;
let binary: string;

async function open(node: string): Promise<void> {
  binary = node;
  repositories = openRepositories();
  emulator = await startCensusV1({
    seed: { syncs: foreign.map((label, index) => ({ id: 700 + index, ...body(label) })) },
  });
  a = repositories.clone('a');
  mkdirSync(join(a, 'syncs'));
  writeFileSync(join(a, 'syncline.yaml'), projectFile);
  for (const name of ['orders', 'plans', 'users']) write(a, name, `Label of ${name}`);
  push(a, 'Three syncs');
  b = repositories.clone('b');
}

async function close(): Promise<void> {
  await emulator.close();
  repositories.close();
}

const projectFile = `version: 1
manifests: [syncs/*.yaml]
targets:
  production:
    provider: census
    api: v1
    base_url: \${env.CENSUS_URL}
    token: \${env.CENSUS_TOKEN}
`;

function body(label: string) {
  return {
    label,
    operation: 'upsert',
    source_attributes: { connection_id: 501, object: { type: 'model', id: 915 } },
    destination_attributes: { connection_id: 601, object: 'Contact' },
    mappings: [{ from: { type: 'column', data: 'email' }, to: 'Email', is_primary_identifier: true }],
  };
}

function write(clone: string, name: string, label: string): void {
  const text = `kind: CensusSync\nname: ${name}\nspec: ${JSON.stringify(body(label))}\n`;
  writeFileSync(join(clone, 'syncs', `${name}.yaml`), text);
}

function push(clone: string, message: string): void {
  repositories.git(clone, 'add', '-A');
  repositories.git(clone, 'commit', '-q', '-m', message);
  repositories.git(clone, 'push', '-q', 'origin', 'HEAD:main');
}

function pull(clone: string): void {
  repositories.git(clone, 'pull', '-q', '--rebase', 'origin', 'main');
}

function run(cwd: string, ...args: readonly string[]) {
  return syncline(args, { cwd, node: binary, env: { CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token } });
}

async function plan(cwd: string) {
  const ended = await run(cwd, 'plan', '--format', 'json');
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return JSON.parse(ended.stdout).plans[0];
}

/** Method and path of every write since the last time. */
function writes(): string[] {
  const list = emulator.requests.filter((one) => one.method !== 'GET').map((one) => `${one.method} ${one.path}`);
  emulator.clearRequests();
  return list;
}

function idOf(label: string): string {
  return String(emulator.syncs().find((one) => one.label === label)?.id ?? '');
}

function labels(): string[] {
  return emulator.syncs().map((one) => String(one.label));
}

describe.each(nodes)('two clones of one repository, on %s', (_name, node) => {
  beforeAll(() => open(node));

  afterAll(close);

  test('clone A applies; clone B plans nothing, without a file of A', async () => {
    const applied = await run(a, 'apply', '--auto-approve');
    expect(applied, applied.stdout + applied.stderr).toMatchObject({ code: 0 });
    expect(writes()).toEqual(Array(3).fill('POST /api/v1/syncs'));
    expect(existsSync(join(b, '.syncline'))).toBe(false);
    expect(await plan(b)).toMatchObject({ changes: [], blocked: [], summary: { noop: 3 } });
    expect(repositories.git(a, 'status', '--porcelain')).toBe('');
    expect(repositories.git(repositories.shared, 'branch', '--list', '--format=%(refname:short)')).toBe('main');
  });

  // On another Node it is enough that ledger and service are reached: CI plays the whole story on each.
  if (node !== process.execPath) return;

  test('B renames a label: an update of the same sync, not a new one', async () => {
    const id = idOf('Label of users');
    write(b, 'users', 'Customers to CRM');
    push(b, 'Rename a label');
    expect(await run(b, 'apply', '--auto-approve')).toMatchObject({ code: 0 });
    expect(writes()).toEqual([`PATCH /api/v1/syncs/${id}`]);
    expect(idOf('Customers to CRM')).toBe(id);
  });

  test('A removes a manifest: the delete is blocked until --prune, and then takes that sync alone', async () => {
    pull(a);
    rmSync(join(a, 'syncs/orders.yaml'));
    push(a, 'No orders any more');
    expect(await plan(a)).toMatchObject({
      changes: [],
      blocked: [{ address: 'CensusSync/orders', wanted: 'delete', reason: 'prune-off' }],
    });
    expect(await run(a, 'apply', '--auto-approve')).toMatchObject({ code: 0 });
    expect(writes()).toEqual([]);

    const id = idOf('Label of orders');
    expect(await run(a, 'apply', '--auto-approve', '--prune')).toMatchObject({ code: 0 });
    expect(writes()).toEqual([`DELETE /api/v1/syncs/${id}`]);
    expect(labels()).toEqual([...foreign, 'Label of plans', 'Customers to CRM']);
  });

  test('two applies at once: one wins, the other is refused with exit 4 and the name of the winner', async () => {
    pull(b);
    write(a, 'plans', 'Plans by A');
    write(b, 'plans', 'Plans by B');
    emulator.addFaults(['PATCH /syncs/*:delay=1500']);
    const both = await Promise.all([run(a, 'apply', '--auto-approve'), run(b, 'apply', '--auto-approve')]);
    emulator.clearFaults();
    const said = both.map((one) => one.stdout + one.stderr).join('\n');
    expect(both.map((one) => one.code).toSorted(), said).toEqual([0, 4]);
    expect(both.find((one) => one.code === 4)?.stderr, said).toMatch(
      /error locked\n {2}.*\S+@\S+.* is applying: run \d{8}T/,
    );
    expect(writes()).toHaveLength(1);
    for (const clone of [a, b]) repositories.git(clone, 'checkout', '-q', '--', 'syncs');
    expect(await run(a, 'apply', '--auto-approve')).toMatchObject({ code: 0 });
    expect(labels()).toEqual([...foreign, 'Label of plans', 'Customers to CRM']);
    writes();
  });

  test('a plan that one clone saved is applied as it is, and its file is not taken for an uncommitted change', async () => {
    write(b, 'plans', 'Plans of today');
    push(b, 'Another label');
    expect(await run(b, 'plan', '--out', 'plan.json')).toMatchObject({ code: 0 });
    expect(await run(b, 'apply', 'plan.json')).toMatchObject({ code: 0 });
    const { runs } = JSON.parse((await run(b, 'log', '--limit', '1', '--format', 'json')).stdout);
    expect(runs).toMatchObject([{ commit: repositories.git(b, 'rev-parse', 'HEAD') }]);

    // The other clone is behind by now, and is told before it takes that back.
    const behind = await run(a, 'plan');
    expect(behind.stderr).toContain('Run `git pull` first');
    rmSync(join(b, 'plan.json'));
    write(b, 'plans', 'Label of plans');
    push(b, 'The label of before');
    pull(a);
    expect(await run(a, 'apply', '--auto-approve')).toMatchObject({ code: 0, stderr: '' });
    writes();
  });

  test('log names every run, and undo brings the deleted sync back', async () => {
    const { runs } = JSON.parse((await run(b, 'log', '--format', 'json')).stdout);
    const deleting = runs.find((one: { changes: { action: string }[] }) =>
      one.changes.some((c) => c.action === 'delete'),
    );
    expect(deleting).toMatchObject({
      target: 'production',
      status: 'applied',
      commit: repositories.git(a, 'log', '-1', '--format=%H', '--grep=No orders any more'),
      changes: [{ action: 'delete', address: 'CensusSync/orders' }],
    });
    // The two that applied at once had not committed what they applied.
    expect(runs.some((one: { commit: string }) => one.commit.endsWith('-dirty'))).toBe(true);
    const undone = await run(b, 'undo', deleting.run, '--auto-approve');
    expect(undone, undone.stdout + undone.stderr).toMatchObject({ code: 0 });
    expect(writes()).toEqual(['POST /api/v1/syncs']);
    expect(labels()).toEqual([...foreign, 'Label of plans', 'Customers to CRM', 'Label of orders']);

    // No manifest declares it, and still the next prune leaves it alone.
    expect(await run(a, 'apply', '--auto-approve', '--prune')).toMatchObject({ code: 0 });
    expect(writes()).toEqual([]);
  });

  test('drift shows what somebody changed in the app, and apply puts it back', async () => {
    expect(await run(a, 'drift')).toMatchObject({ code: 0 });
    emulator.mutate(Number(idOf('Label of plans')), { paused: true, label: 'Edited by hand' });
    const drift = await run(b, 'drift', '--format', 'json');
    expect(drift).toMatchObject({ code: 2 });
    expect(JSON.parse(drift.stdout).reports[0].drift).toMatchObject([
      {
        address: 'CensusSync/plans',
        kind: 'changed',
        fields: [{ path: '/label', was: 'Label of plans', now: 'Edited by hand' }],
      },
    ]);
    expect(await plan(b)).toMatchObject({ changes: [{ fields: [{ path: '/label', cause: 'drift' }] }] });
    expect(await run(b, 'apply', '--auto-approve')).toMatchObject({ code: 0 });
    expect(await run(a, 'drift')).toMatchObject({ code: 0 });
  });
});
