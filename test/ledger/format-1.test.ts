import { describe, expect, test } from 'vitest';
import { byCodePoint } from '../../src/core/stable.ts';
import type { CensusEmulator } from '../../src/emulator/census-v1/server.ts';
import { Exit } from '../../src/model/errors.ts';
import type { Said } from '../cli/in-process.ts';
import { censusLedgers, type Older, openCensusFile, openFabraFile } from './older-ledgers.ts';

// Ledgers that an older version wrote, as it left them on disk: `format-1/README.md` says what happened in them.

/** Ids that the service gave to what the killed run made: it knew of the first alone. */
const [parent, child] = [100_043, 100_046];

describe.each(censusLedgers)('a Census ledger of format 1 %s', (_where, open) => {
  test('is read as it is: everything is bound, and what the killed run left is found', async () => {
    const { run } = await open();
    const said = await run('plan --format json');
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    const [plan] = JSON.parse(said.out).plans;
    // Without the journal nobody knows of the update, and the ledger takes note of it.
    const made = plan.changes.filter((one: { action: string }) => one.action !== 'update');
    expect(made).toMatchObject([{ action: 'create', address: 'CensusSync/grandchild' }]);
    expect(plan.blocked).toMatchObject([{ address: 'CensusSync/legacy', reason: 'prune-off' }]);
    expect(plan.notes).toContainEqual(expect.objectContaining({ code: 'recovered', address: 'CensusSync/child' }));
  });

  test('still protects what was protected, and pauses what is to be paused', async () => {
    const { run, remove } = await open();
    for (const name of ['billing', 'leads', 'contacts']) remove(`syncs/${name}.yaml`);
    const [plan] = JSON.parse((await run('plan --prune --format json')).out).plans;
    expect(plan.blocked).toMatchObject([{ address: 'CensusSync/billing', reason: 'protected' }]);
    expect(plan.changes).toContainEqual(expect.objectContaining({ address: 'CensusSync/leads', release: true }));
    expect(plan.changes).toContainEqual(expect.objectContaining({ address: 'CensusSync/contacts', action: 'delete' }));
  });

  test('is left as it is, to the byte, by whatever does not apply', async () => {
    const { run, files, ledger, emulator, write, read } = await open();
    expect(ledger().meta.format).toBe(1);
    const before = { files: files(), syncs: emulator.syncs() };
    for (const line of ['validate', 'plan', 'plan --prune', 'drift', 'log', 'apply', 'apply --dry-run'])
      await run(line);
    expect(await run('apply --prune')).toMatchObject({ code: Exit.refused });
    write('syncline.yaml', read('syncline.yaml').replace('api: v1', 'api: v1\n    workspace: 99'));
    expect(await run('apply --prune --auto-approve')).toMatchObject({ code: Exit.refused });
    expect({ files: files(), syncs: emulator.syncs() }).toEqual(before);
  });

  test('has its lock broken, and nothing else changed', async () => {
    const { run, files } = await open();
    const before = withoutLocks(files());
    expect(await run('unlock --auto-approve')).toMatchObject({ code: Exit.ok });
    expect(withoutLocks(files())).toEqual(before);
    expect(JSON.parse([...files()].findLast(([path]) => path.includes('lock'))?.[1] ?? '')).toMatchObject({
      broken: true,
    });
    expect(await run('apply --auto-approve --prune')).toMatchObject({ code: Exit.ok });
  });

  test('becomes one of format 2 with the next apply, and nothing is lost or made twice', async () => {
    const older = await open();
    const { run, write, read, emulator } = older;
    const before = { ledger: older.ledger(), runs: await logged(older) };
    write('syncs/accounts.yaml', read('syncs/accounts.yaml').replace('label: Accounts', 'label: Accounts of today'));
    expect(await run('apply --auto-approve --prune')).toMatchObject({ code: Exit.ok });
    expect(older.writes().toSorted()).toEqual(['DELETE /syncs/800', 'PATCH /syncs/100016', 'POST /syncs']);
    expect(labels(emulator)).toEqual([...new Set(labels(emulator))]);
    const after = older.ledger();
    expect(after.meta.format).toBe(2);
    expect([...older.files().keys()]).not.toContain('dead/100031.json');
    for (const id of ['100022', '100031']) expect(after.dead[`CensusSync/${id}`]).toEqual(before.ledger.dead[id]);
    expect(Object.keys(after.dead).toSorted(byCodePoint)).toEqual(
      ['100022', '100025', '100031', '800'].map((id) => `CensusSync/${id}`),
    );
    for (const name of ['billing', 'contacts', 'leads'])
      expect(after.syncs[`CensusSync/${name}`]).toEqual(before.ledger.syncs[`CensusSync/${name}`]);
    expect(after.syncs['CensusSync/parent']).toMatchObject({ state: 'bound', id: String(parent), pending: null });
    expect(after.syncs['CensusSync/child']).toMatchObject({ id: String(child), spec: triggeredBy(parent) });
    expect(after.syncs['CensusSync/grandchild']).toMatchObject({ state: 'bound', spec: triggeredBy(child) });
    const [killed, ...others] = before.runs;
    const partial = { run: killed?.run, actor: killed?.actor, at: killed?.at, status: 'partial' };
    expect(await logged(older)).toMatchObject([{ status: 'applied' }, partial, ...others]);
  });

  test('is quiet after that', async () => {
    const { run, files, emulator, writes } = await open();
    await run('apply --auto-approve --prune');
    const before = files();
    emulator.clearRequests();
    const again = await run('apply --auto-approve --prune');
    expect(again).toMatchObject({ code: Exit.ok, out: expect.stringContaining('Nothing to do') });
    expect(files()).toEqual(before);
    expect(writes()).toEqual([]);
  });

  test('undoes a run that it has recorded', async () => {
    const older = await open();
    const run = await runThat(older, 'CensusSync/orders', 'delete');
    // What a later run has changed is not touched.
    const said = await older.run(`undo ${run} --auto-approve`);
    expect(said).toMatchObject({ code: Exit.refused, out: expect.stringContaining('! delete CensusSync/feed') });
    expect(older.writes().toSorted()).toEqual(['PATCH /syncs/100016', 'POST /syncs']);
    expect(labels(older.emulator)).toContain('Label of orders');
    const accounts = older.emulator.syncs().find((one) => one.id === 100_016);
    expect(accounts).toMatchObject({ label: 'Label of accounts' });
    expect(accounts).not.toMatchObject(triggeredBy(100_037));
    expect(older.ledger().meta.format).toBe(2);
    expect(older.ledger().dead).toHaveProperty(['CensusSync/100031']);
  });

  test('undoes the run that was killed', async () => {
    const older = await open();
    const [killed] = await logged(older);
    expect(await older.run(`undo ${killed?.run} --auto-approve`)).toMatchObject({ code: Exit.ok });
    expect(older.writes()).toEqual(['PATCH /syncs/100037', `DELETE /syncs/${child}`, `DELETE /syncs/${parent}`]);
    expect(labels(older.emulator)).toContain('Label of feed');
    expect(older.ledger().meta.format).toBe(2);
  });
});

test('what waits for an id is a placeholder in the record of the killed run', async () => {
  const older = await openCensusFile();
  await older.run('apply --auto-approve --prune');
  const { runs } = JSON.parse(older.files().get('production.json') ?? '');
  const grandchild = runs.at(-2).changes.find((one: { address: string }) => one.address === 'CensusSync/grandchild');
  expect(grandchild.after).toMatchObject(triggeredBy({ $ref: 'CensusSync/child' }));
  const later = runs.at(-3).changes.find((one: { address: string }) => one.address === 'CensusSync/after-later');
  // Runs of the past stay as they were written.
  expect(later.after).toMatchObject(triggeredBy('CensusSync/later'));
  expect((await older.run(`undo ${runs.at(-3).run} --auto-approve`)).out).toContain('There is nothing to put back');
});

describe('a Fabra ledger of format 1', () => {
  test('is read as it is: a ghost and rows of deleted syncs are none, and an apply with nothing to do leaves it', async () => {
    const { run, files, writes } = await openFabraFile();
    const before = files();
    expect(await run('apply --auto-approve --prune')).toMatchObject({
      code: Exit.ok,
      out: expect.stringContaining('Nothing to do'),
    });
    expect(files()).toEqual(before);
    expect(writes()).toEqual([]);
  });

  test('keeps every tombstone by kind with the next apply', async () => {
    const older = await openFabraFile();
    const before = { ledger: older.ledger(), runs: await logged(older) };
    older.write('syncs/six.yaml', older.read('syncs/one.yaml').replaceAll('one', 'six'));
    expect(await older.run('apply --auto-approve --prune')).toMatchObject({ code: Exit.ok });
    expect(older.writes()).toEqual(['POST /sync']);
    const after = older.ledger();
    expect(after.meta.format).toBe(2);
    expect(after.dead).toEqual(ofKind(before.ledger.dead));
    expect(after.syncs).toMatchObject(before.ledger.syncs);
    expect((await logged(older)).slice(1)).toEqual(before.runs);
    expect(await older.run('plan --exit-code')).toMatchObject({ code: Exit.ok });
  });

  test('knows the row that was forgotten by hand, and takes another by its kind', async () => {
    const older = await openFabraFile();
    const { dead } = older.ledger();
    const before = older.files();
    expect((await older.run('forget --id 9')).out).toContain('dead already');
    expect(older.files()).toEqual(before);
    expect(await older.run('forget --id 8')).toMatchObject({ code: Exit.ok });
    const after = older.ledger();
    expect(after.meta.format).toBe(2);
    expect(after.dead).toEqual({ ...ofKind(dead), 'FabraSync/8': expect.objectContaining({ reason: 'by-hand' }) });
  });

  test('undoes a delete and a replace that it has recorded', async () => {
    const older = await openFabraFile();
    const run = await runThat(older, 'FabraSync/two', 'delete');
    expect(await older.run(`undo ${run} --auto-approve`)).toMatchObject({ code: Exit.ok });
    expect(older.writes().toSorted()).toEqual(['DELETE /sync/14', 'POST /sync', 'POST /sync']);
    const { meta, dead, syncs } = older.ledger();
    expect(meta.format).toBe(2);
    expect(Object.keys(dead).toSorted(byCodePoint)).toEqual(
      ['12', '13', '14', '15', '9'].map((id) => `FabraSync/${id}`),
    );
    expect(syncs['FabraSync/two']).toMatchObject({ state: 'bound', on_delete: 'delete' });
  });
});

interface Logged {
  readonly run: string;
  readonly at: string;
  readonly actor: string;
  readonly status: string;
  readonly changes: readonly { readonly action: string; readonly address: string }[];
}

/** The recorded runs, newest first. */
async function logged({ run }: { run(line: string): Promise<Said> }): Promise<readonly Logged[]> {
  return JSON.parse((await run('log --format json')).out).runs;
}

/** The name of the run that did that to an address. */
async function runThat(older: Parameters<typeof logged>[0], address: string, action: string): Promise<string> {
  const isIt = (one: Logged['changes'][number]) => one.address === address && one.action === action;
  return (await logged(older)).find(({ changes }) => changes.some(isIt))?.run ?? '';
}

function labels(emulator: CensusEmulator): string[] {
  return emulator.syncs().map((one) => String(one.label));
}

/** What a spec says that is triggered by a sync. */
function triggeredBy(sync: unknown) {
  return { mode: { triggers: { sync_sequence: { sync_id: sync } } } };
}

function ofKind(dead: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(dead).map(([id, one]) => [`FabraSync/${id}`, one]));
}

function withoutLocks(files: ReturnType<Older<unknown>['files']>) {
  return new Map([...files].filter(([path]) => !path.includes('lock')));
}
