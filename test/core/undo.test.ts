import { describe, expect, it, test } from 'vitest';
import type { PlanInput } from '../../src/core/plan/decision.ts';
import { completedLive } from '../../src/core/spec/known.ts';
import { irremovable, restored } from '../../src/core/undo/restore.ts';
import { makeUndo } from '../../src/core/undo/undo.ts';
import { censusSyncTraits as traits } from '../../src/generated/census-sync-traits.ts';
import { fabraSyncTraits } from '../../src/generated/fabra-sync-traits.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Run, RunChange } from '../../src/model/ledger.ts';
import { entry, key, keys, ledger, live, manifest, pendingEntry, spec, input as worldInput } from '../support/world.ts';

const at = '2026-11-21T10:00:00.000Z';

function runOf(changes: readonly RunChange[], id = 'r1'): Run {
  return { run: id, at, actor: 'ann', commit: null, digest: null, status: 'applied', changes };
}

const was = spec({ operation: 'upsert' });
const is = spec({ operation: 'mirror' });
const done = {
  address: 'CensusSync/users',
  id: '7',
  status: 'applied',
  label: 'Users',
  protect: false,
  on_delete: 'delete',
  release: false,
  retires: null,
} as const;
const sent = { before: was, after: is, sends: true } as const;
const noted = { before: null, after: null, sends: false } as const;
const updated = { ...done, ...sent, action: 'update' } as const;
const created = { ...done, ...sent, action: 'create', before: null, after: null } as const;
const deleted = { ...done, ...sent, action: 'delete', after: null } as const;
const replaced = { ...done, ...sent, action: 'replace', id: '9', retires: '7' } as const;
const adopted = { ...done, ...sent, action: 'adopt' } as const;
const released = { ...updated, ...noted, release: true } as const;
const forgotten = { ...done, ...noted, action: 'forget', release: true } as const;
const bound = (id = '7', body: JsonObject | null = is) => ledger({ users: entry(id, body) });
const dead = { [key('7')]: { address: 'CensusSync/users', reason: 'deleted' as const, at } };

interface Row {
  readonly name: string;
  readonly of: RunChange;
  readonly world: Partial<PlanInput>;
  readonly later?: readonly Run[];
}

const undo = ({ of, world, later = [] }: Omit<Row, 'name'>) => makeUndo(worldInput(world), runOf([of]), later);
const there = { live: [live('7', is)], ledger: bound() };
const laterRun = [runOf([updated], 'r2')];

describe('undo changes', () => {
  test.each<Row & { readonly expected: object }>([
    {
      name: 'an update back',
      of: updated,
      world: there,
      expected: {
        action: 'update',
        id: '7',
        release: false,
        fields: [{ path: '/operation', to: 'upsert', cause: 'git' }],
      },
    },
    {
      name: 'an update back that has failed for all that is known, and was carried out',
      of: { ...updated, status: 'failed' },
      world: there,
      expected: { action: 'update', id: '7' },
    },
    {
      name: 'an update back, with what the manifest decides today',
      of: updated,
      world: { ...there, manifests: [manifest('users', is, { protect: true, on_delete: 'pause' })] },
      expected: { lifecycle: { protect: true, on_delete: 'pause' }, origin: { file: 'syncs/users.yaml' } },
    },
    {
      name: 'an update back, with the protection that is remembered',
      of: updated,
      world: { ...there, ledger: ledger({ users: entry('7', is, { protect: true }) }) },
      expected: { action: 'update', lifecycle: { protect: true }, origin: null },
    },
    {
      name: 'what was made away',
      of: created,
      world: there,
      expected: { action: 'delete', id: '7', desired: null },
    },
    {
      name: 'what was made away, whatever others have made of what is theirs',
      of: created,
      world: {
        live: [live('7', { ...is, paused: true })],
        ledger: bound('7', { ...is, paused: false }),
        manifests: [manifest('users', is, { ignore: ['/paused'] })],
      },
      expected: { action: 'delete' },
    },
    {
      name: 'what a later run has found that the answer was lost of',
      of: { ...created, id: null, status: 'intended', after: is },
      world: there,
      expected: { action: 'delete', id: '7' },
    },
    {
      name: 'what was deleted anew, protected',
      of: deleted,
      world: { ledger: ledger({}, { dead }) },
      expected: { action: 'create', id: null, desired: was, label: 'Users', lifecycle: { protect: true } },
    },
    {
      name: 'what was deleted anew, though its row stays listed',
      of: deleted,
      world: { live: [live('7', was)], ledger: ledger({}, { dead }) },
      expected: { action: 'create', id: null },
    },
    {
      name: 'what was deleted anew, as its manifest says where there is one',
      of: deleted,
      world: { manifests: [manifest('users', is, { on_delete: 'pause' })] },
      expected: { action: 'create', lifecycle: { protect: false, on_delete: 'pause' } },
    },
    {
      name: 'a replace by another one',
      of: replaced,
      world: { live: [live('9', is)], ledger: bound('9') },
      expected: { action: 'replace', id: '9', desired: was, fields: [{ impact: 'loses_memory' }] },
    },
    {
      name: 'an adoption by letting go',
      of: { ...adopted, ...noted },
      world: there,
      expected: { action: 'update', id: '7', release: true, fields: [] },
    },
    {
      name: 'an adoption that changed something back and lets go',
      of: adopted,
      world: there,
      expected: { action: 'update', id: '7', release: true, fields: [{ path: '/operation', to: 'upsert' }] },
    },
    {
      name: 'an adoption that was put back since by letting go',
      of: adopted,
      world: { ...there, live: [live('7', was)] },
      expected: { action: 'update', release: true, fields: [] },
    },
    {
      name: 'a pause by taking over again',
      of: { ...updated, after: { paused: true }, release: true, on_delete: 'pause' },
      world: { live: [live('7', { ...was, paused: true })] },
      expected: {
        action: 'adopt',
        id: '7',
        fields: [{ path: '/paused', from: true, to: false }],
        lifecycle: { protect: true, on_delete: 'pause' },
      },
    },
    {
      name: 'an abandonment by taking over again',
      of: { ...released, on_delete: 'abandon' },
      world: { live: [live('7', was)] },
      expected: { action: 'adopt', id: '7', fields: [], desired: null, lifecycle: { on_delete: 'abandon' } },
    },
  ])('$name', ({ expected, ...row }) => {
    const plan = undo(row);
    expect(plan).toMatchObject({ changes: [expected], blocked: [] });
    expect(plan.digest).toMatch(/^sha256:/);
  });
});

describe('undo leaves alone', () => {
  const gone = { live: [], ledger: bound(), gone: keys('7') };
  const elsewhere = ledger({ orders: entry('7', is), users: entry('8', is) });
  const pendingCreate = { label: 'Users', spec: was, before: [], sent_at: at };
  const pending = ledger({ users: pendingEntry(pendingCreate) });
  const named = (name: string, extra: Partial<Row['world']> = {}) => ({
    live: [live('8', was)],
    ledger: ledger({ [name]: entry('8', was) }),
    ...extra,
  });

  test.each<Row & { readonly reason: string; readonly hint?: string }>([
    { name: 'what a later run has changed', of: updated, world: there, later: laterRun, reason: 'changed', hint: 'r2' },
    {
      name: 'what others have changed',
      of: updated,
      world: { ...there, live: [live('7', spec({ operation: 'update' }))] },
      reason: 'changed',
      hint: '/operation',
    },
    { name: 'what is gone', of: updated, world: gone, reason: 'changed', hint: 'no longer exists' },
    {
      name: 'what is bound no more',
      of: updated,
      world: { ...there, ledger: ledger() },
      reason: 'changed',
      hint: 'no longer bound',
    },
    {
      name: 'what is bound elsewhere',
      of: updated,
      world: { ...there, ledger: elsewhere },
      reason: 'changed',
      hint: 'bound to 8',
    },
    {
      name: 'what an earlier run has left unfinished',
      of: updated,
      world: { ...there, ledger: ledger({ users: entry('7', is, { state: 'deleting' }) }) },
      reason: 'changed',
      hint: 'run apply to finish it first',
    },
    {
      name: 'what cannot be changed in place',
      of: { ...updated, after: spec({ operation: 'delete' }) },
      world: { live: [live('7', spec({ operation: 'delete' }))], ledger: bound('7', spec({ operation: 'delete' })) },
      reason: 'immutable',
    },
    { name: 'what was not recorded', of: { ...updated, before: null }, world: there, reason: 'unsupported' },
    {
      name: 'a made sync that others have changed',
      of: created,
      world: { ...there, live: [live('7', was)] },
      reason: 'changed',
    },
    { name: 'a made sync that a later run has changed', of: created, world: there, later: laterRun, reason: 'changed' },
    { name: 'a made sync that was let go', of: created, world: { ...there, ledger: ledger() }, reason: 'changed' },
    {
      name: 'a made sync that was bound anew',
      of: created,
      world: { ...there, ledger: bound('7', null) },
      reason: 'changed',
    },
    {
      name: 'a made sync that the ledger protects',
      of: created,
      world: { ...there, ledger: ledger({ users: entry('7', is, { protect: true }) }) },
      reason: 'protected',
    },
    {
      name: 'a made sync that its manifest protects',
      of: created,
      world: { ...there, manifests: [manifest('users', is, { protect: true })] },
      reason: 'protected',
    },
    {
      name: 'a made sync that the target protects',
      of: created,
      world: { ...there, protect: ['CensusSync/u*'] },
      reason: 'protected',
    },
    {
      name: 'a made sync beyond the limit',
      of: created,
      world: { ...there, maxDeletes: 0 },
      reason: 'max-deletes',
      hint: '--force-deletes 1',
    },
    {
      name: 'a made sync where the service cannot delete',
      of: created,
      world: { ...there, verbsOf: () => ['update'] },
      reason: 'unsupported',
    },
    {
      name: 'a create whose outcome is open',
      of: { ...created, id: null, status: 'failed' },
      world: { ledger: pending },
      reason: 'pending-create',
    },
    {
      name: 'a deleted sync whose address has another',
      of: deleted,
      world: { live: [live('8', is)], ledger: bound('8') },
      reason: 'changed',
      hint: 'bound to the sync 8',
    },
    {
      name: 'a deleted sync whose label another address has',
      of: deleted,
      world: named('orders'),
      reason: 'label-taken',
    },
    {
      name: 'a deleted sync whose label a foreign sync has',
      of: deleted,
      world: named('orders', { ledger: ledger() }),
      reason: 'foreign',
    },
    {
      name: 'a deleted sync, even for one that its manifest would adopt',
      of: deleted,
      world: named('orders', { ledger: ledger(), manifests: [manifest('users', was, { adopt: true })] }),
      reason: 'foreign',
    },
    { name: 'a deleted sync that is being made', of: deleted, world: { ledger: pending }, reason: 'pending-create' },
    {
      name: 'a deleted sync that a later run has made and deleted',
      of: deleted,
      world: {},
      later: laterRun,
      reason: 'changed',
    },
    {
      name: 'a sync whose delete is not certain',
      of: { ...deleted, status: 'failed' },
      world: { ...there, ledger: ledger({ users: entry('7', is, { state: 'deleting' }) }) },
      reason: 'changed',
    },
    {
      name: 'a replaced sync that is protected',
      of: replaced,
      world: { live: [live('9', is)], ledger: ledger({ users: entry('9', is, { protect: true }) }) },
      reason: 'protected',
    },
    {
      name: 'a replaced sync that may no longer be',
      of: replaced,
      world: { live: [live('9', is)], ledger: bound('9'), manifests: [manifest('users', is)] },
      reason: 'immutable',
    },
    {
      name: 'a replaced sync beyond the limit',
      of: replaced,
      world: { live: [live('9', is)], ledger: bound('9'), maxDeletes: 0 },
      reason: 'max-deletes',
    },
    {
      name: 'a replace that was not finished',
      of: { ...replaced, status: 'failed' },
      world: {
        live: [live('7', was), live('9', is)],
        ledger: ledger({ users: entry('9', is, { state: 'retiring', retires: '7' }) }),
      },
      reason: 'changed',
      hint: 'run apply to finish it first',
    },
    {
      name: 'a replaced sync that is gone',
      of: replaced,
      world: { ledger: bound('9'), gone: keys('9') },
      reason: 'changed',
    },
    {
      name: 'a replace that made nothing before the old sync went',
      of: { ...replaced, id: null, status: 'failed' },
      world: gone,
      reason: 'changed',
      hint: 'The sync 7 no longer exists',
    },
    {
      name: 'an adopted sync that others have changed',
      of: adopted,
      world: { ...there, live: [live('7', spec({ operation: 'update' }))] },
      reason: 'changed',
    },
    {
      name: 'an adopted sync that a later run has changed',
      of: { ...adopted, ...noted },
      world: there,
      later: laterRun,
      reason: 'changed',
    },
    {
      name: 'a released sync that is bound elsewhere',
      of: released,
      world: { live: [live('7', was)], ledger: ledger({ orders: entry('7', was) }) },
      reason: 'changed',
      hint: 'CensusSync/orders',
    },
    {
      name: 'a released sync whose address has another',
      of: released,
      world: { live: [live('7', was), live('8', was)], ledger: bound('8') },
      reason: 'changed',
    },
    {
      name: 'a paused sync that others have changed',
      of: {
        ...updated,
        before: spec({ paused: false }),
        after: { paused: true, operation: 'upsert' },
        release: true,
      },
      world: { live: [live('7', spec({ paused: true, operation: 'mirror' }))] },
      reason: 'changed',
      hint: '/operation',
    },
  ])('$name', ({ reason, hint, ...row }) => {
    const plan = undo(row);
    expect(plan).toMatchObject({ changes: [], blocked: [{ address: 'CensusSync/users', reason }] });
    expect(plan.blocked[0]?.hint).toContain(hint ?? '');
  });
});

describe('undo has nothing to do for', () => {
  test.each<Row & { readonly note?: string }>([
    { name: 'what is as it was', of: updated, world: { live: [live('7', was)], ledger: bound() }, later: laterRun },
    {
      name: 'an update that was not carried out',
      of: { ...updated, status: 'failed' },
      world: { live: [live('7', was)], ledger: bound('7', was) },
    },
    { name: 'what was only noted', of: { ...updated, ...noted }, world: there, note: 'kept' },
    { name: 'what was only forgotten', of: forgotten, world: there, note: 'kept' },
    { name: 'a made sync that is gone', of: created, world: { ledger: bound(), gone: keys('7') } },
    {
      name: 'a made sync that was deleted and stays listed',
      of: created,
      world: { live: [live('7', is)], ledger: ledger({}, { dead }) },
    },
    { name: 'a create that was refused', of: { ...created, id: null, status: 'failed', after: is }, world: {} },
    { name: 'a delete that was not carried out', of: { ...deleted, status: 'failed' }, world: there },
    {
      name: 'a deleted sync that was made again',
      of: deleted,
      world: { live: [live('8', was)], ledger: bound('8', was) },
    },
    {
      name: 'a replace that came to nothing',
      of: { ...replaced, id: null, status: 'failed' },
      world: { live: [live('7', was)], ledger: bound('7', was) },
    },
    { name: 'an adopted sync that is let go', of: { ...adopted, ...noted }, world: { live: [live('7', was)] } },
    { name: 'a released sync that is bound again', of: released, world: there },
  ])('$name', ({ note, ...row }) => {
    const plan = undo(row);
    expect(plan).toMatchObject({ changes: [], blocked: [], summary: { noop: 1 } });
    expect(plan.notes.map((one) => one.code)).toEqual(note === undefined ? [] : [note]);
  });
});

describe('what an undo says of an address that was only let go', () => {
  test.each([
    { holds: '7', message: 'adopt CensusSync/users --id 7` binds it again' },
    { holds: null, message: 'nothing was bound there' },
  ])('and held $holds', ({ holds, message }) => {
    const [note] = undo({ of: { ...forgotten, id: holds }, world: there }).notes;
    expect(note?.message).toContain(message);
  });
});

describe('undo of several changes', () => {
  const sequence = (id: number) => ({ mode: { type: 'triggered', triggers: { sync_sequence: { sync_id: id } } } });

  it('lets a sync come back once another gives up its label', () => {
    const orders = spec({ label: 'Orders' });
    const renamed = { ...updated, address: 'CensusSync/orders', id: '8', before: orders, after: was };
    const world = { live: [live('8', was)], ledger: ledger({ orders: entry('8', was) }, { dead }) };
    const plan = makeUndo(worldInput(world), runOf([deleted, renamed]), []);
    expect(plan.blocked).toEqual([]);
    expect(plan.changes).toMatchObject([
      { action: 'update', address: 'CensusSync/orders' },
      { action: 'create', address: 'CensusSync/users', depends_on: ['CensusSync/orders'] },
    ]);
  });

  it('points triggers at what comes back under a new id', () => {
    const now = spec({ label: 'B', ...sequence(9) });
    const before = spec({ label: 'B', ...sequence(7) });
    const child = { ...updated, address: 'CensusSync/b', id: '8', before, after: now };
    const world = {
      live: [live('8', now), live('9', is)],
      ledger: ledger({ b: entry('8', now), users: entry('9', is) }),
    };
    const plan = makeUndo(worldInput(world), runOf([child, replaced]), []);
    expect(plan.changes).toMatchObject([
      { action: 'replace', address: 'CensusSync/users' },
      {
        action: 'update',
        address: 'CensusSync/b',
        depends_on: ['CensusSync/users'],
        desired: { mode: { triggers: { sync_sequence: { sync_id: { $ref: 'CensusSync/users' } } } } },
      },
    ]);
    const guarded = makeUndo(worldInput({ ...world, protect: ['*/users'] }), runOf([child, replaced]), []);
    expect(guarded.blocked.map((one) => one.reason)).toEqual(['depends', 'protected']);
  });

  it('knows the new id of what has come back before', () => {
    const child = { ...deleted, address: 'CensusSync/b', id: '8', before: spec({ label: 'B', ...sequence(7) }) };
    const world = { live: [live('10', was)], ledger: ledger({ users: entry('10', was) }, { dead }) };
    const plan = makeUndo(worldInput(world), runOf([child, deleted]), []);
    expect(plan.changes).toMatchObject([{ action: 'create', depends_on: [], desired: sequence(10) }]);
  });

  it('deletes last', () => {
    const world = { live: [live('7', is), live('8', is)], ledger: ledger({ a: entry('7', is), z: entry('8', is) }) };
    const changes = [
      { ...created, address: 'CensusSync/a' },
      { ...updated, address: 'CensusSync/z', id: '8' },
    ];
    const plan = makeUndo(worldInput(world), runOf(changes), []);
    expect(plan.changes.map((one) => one.action)).toEqual(['update', 'delete']);
  });
});

describe('what goes back', () => {
  const item = (to: string, extra: JsonObject = {}) => ({ from: { type: 'column', data: to }, to, ...extra });
  test.each<{ name: string; before: JsonObject; after: JsonObject; expected: JsonObject }>([
    {
      name: 'only what was declared',
      before: { operation: 'upsert', paused: true },
      after: { operation: 'mirror' },
      expected: { operation: 'upsert' },
    },
    {
      name: 'nothing, as null',
      before: {},
      after: { mirror_strategy: 'upload_and_swap' },
      expected: { mirror_strategy: null },
    },
    {
      name: 'nothing, as the default',
      before: { field_behavior: null },
      after: { field_behavior: 'sync_all_properties', paused: true },
      expected: { field_behavior: 'specific_properties', paused: false },
    },
    {
      name: 'what was cleared, whole',
      before: { mode: { type: 'triggered' } },
      after: { mode: null },
      expected: { mode: { type: 'triggered' } },
    },
    {
      name: 'declared keys of objects',
      before: { mode: { type: 'triggered', triggers: { schedule: { frequency: 'daily' } } } },
      after: { mode: { triggers: { schedule: { frequency: 'never' }, dbt_cloud: { job_id: '1' } } } },
      expected: { mode: { triggers: { schedule: { frequency: 'daily' }, dbt_cloud: null } } },
    },
    {
      name: 'declared keys of maps',
      before: { advanced_configuration: { a: 1, b: 2 } },
      after: { advanced_configuration: { b: 3, c: 4 } },
      expected: { advanced_configuration: { b: 2, c: null } },
    },
    {
      name: 'keys of a map that was not there',
      before: { advanced_configuration: null },
      after: { advanced_configuration: { a: 1 } },
      expected: { advanced_configuration: { a: null } },
    },
    {
      name: 'lists whole',
      before: { mappings: [item('A'), item('B')] },
      after: { mappings: [item('C')] },
      expected: { mappings: [item('A'), item('B')] },
    },
    {
      name: 'what no read shows as it was applied',
      before: { mappings: [item('A')] },
      after: {
        mappings: [item('A', { sync_null_values: false, field_type: 'text' })],
        high_water_mark_attributes: { column_name: 'c' },
      },
      expected: { mappings: [item('A', { field_type: 'text' })], high_water_mark_attributes: { column_name: 'c' } },
    },
  ])('is $name', ({ before, after, expected }) => {
    expect(restored(traits, before, after)).toEqual(expected);
  });

  it('is, of a whole sync, what was set', () => {
    const all = {
      ...was,
      mirror_strategy: null,
      destination_attributes: { object: 'Contact', lead_union_insert_to: null },
    };
    const plan = undo({ of: { ...deleted, before: all }, world: {} });
    expect(plan.changes[0]?.desired).toEqual({ ...was, destination_attributes: { object: 'Contact' } });
  });

  it('is, of a replaced sync, what was set, and what no read shows as it was declared last', () => {
    const hidden = { high_water_mark_attributes: { column_name: 'c' } };
    const world = { live: [live('9', is)], ledger: bound('9', { ...is, ...hidden }) };
    const plan = undo({ of: { ...replaced, after: { ...is, ...hidden } }, world });
    expect(plan.changes).toMatchObject([{ desired: { ...was, ...hidden }, fields: [{ path: '/operation' }] }]);
  });

  it('is, of a deleted sync, also what no read shows, where the run has recorded what was applied', () => {
    const hidden = { high_water_mark_attributes: { column_name: 'c' } };
    const plan = undo({ of: { ...deleted, after: { ...is, ...hidden } }, world: {} });
    expect(plan.changes).toMatchObject([{ action: 'create', desired: { ...was, ...hidden } }]);
  });

  it('says what no request takes out again', () => {
    const all = { field_behavior: 'sync_all_properties' };
    const [before, after] = [{ ...all, mappings: [item('A')] }, { mappings: [item('A'), item('B/b')] }];
    expect(irremovable(traits, before, after, { mappings: [item('A')] })).toEqual(['/mappings/B~1b']);
    expect(irremovable(traits, before, after, { field_behavior: 'specific_properties' })).toEqual([]);
  });
});

describe('what is held as far as anybody knows', () => {
  const mapped = (extra: JsonObject) => ({ mappings: [{ from: 'EMAIL', to: 'Email', ...extra }] });

  test.each<readonly [string, JsonObject, JsonObject | null, JsonObject]>([
    ['an answer that proves nothing', { recurring: false }, { recurring: true }, { recurring: true }],
    ['an answer that proves something', { status: 'paused' }, { status: 'active' }, { status: 'paused' }],
    ['a field that is left out', {}, { frequency_units: 'hours' }, { frequency_units: 'hours' }],
    ['a field that is not set, and would be shown', {}, { namespace: 'public' }, {}],
    ['what was not applied', { status: 'active' }, {}, { status: 'active' }],
    ['what nobody remembers', { status: 'active' }, null, { status: 'active' }],
  ])('%s', (_name, answer, applied, expected) => {
    expect(completedLive(fabraSyncTraits, answer, applied)).toEqual(expected);
  });

  test('an item of a list, by its key', () => {
    const two = [...mapped({}).mappings, { from: 'PLAN', to: 'Plan__c' }];
    const known = completedLive(traits, { mappings: two }, mapped({ array_field: true, from: 'OTHER' }));
    expect(known).toEqual({ mappings: [{ ...two[0], array_field: true }, two[1]] });
  });
});
