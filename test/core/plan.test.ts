import { describe, expect, it } from 'vitest';
import type { PlanInput } from '../../src/core/plan/decision.ts';
import { planDigest } from '../../src/core/plan/digest.ts';
import { makePlan } from '../../src/core/plan/plan.ts';
import { choose } from '../../src/core/selection.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Entry } from '../../src/model/ledger.ts';
import type { Change } from '../../src/model/plan.ts';
import { entry, input, key, keys, ledger, live, manifest, spec } from '../support/world.ts';

const orders = spec({ label: 'Orders' });
const child = (parent: string) =>
  spec({ label: 'Child', mode: { type: 'triggered', triggers: { sync_sequence: { sync: parent } } } });
const foreverDeleted = spec({ operation: 'delete' });
/** A spec as a service answers it, with a field type that no manifest has given. */
const answered = spec({
  mappings: [{ from: { type: 'column', data: 'EMAIL' }, to: 'Email', is_primary_identifier: true, field_type: 'text' }],
});
const spelled = [
  {
    from: { type: 'column', data: 'EMAIL' },
    to: 'Email',
    is_primary_identifier: true,
    operation: null,
    array_field: false,
  },
];

/** What a plan says, a line each: `action address id` and `blocked reason address`. */
function said(parts: Partial<PlanInput>): string[] {
  const plan = makePlan(input(parts));
  return [
    ...plan.changes.map((one) =>
      [one.action, one.address.slice(11), one.id, ...one.fields.map((f) => f.path)].filter(Boolean).join(' '),
    ),
    ...plan.blocked.map((one) => `blocked ${one.reason} ${one.wanted} ${one.address.slice(11)}`),
    ...plan.notes.map((one) => `note ${one.code} ${one.address.slice(11)}`),
  ];
}

const rows: Record<string, readonly [Partial<PlanInput>, readonly string[]]> = {
  'a manifest without a live sync is created': [{ manifests: [manifest('users')] }, ['create users']],
  'a bound sync that agrees is nothing': [
    { manifests: [manifest('users')], live: [live('1')], ledger: ledger({ users: entry('1') }) },
    [],
  ],
  'a bound sync is found by its id, so a new label is an update': [
    { manifests: [manifest('users', orders)], live: [live('1')], ledger: ledger({ users: entry('1') }) },
    ['update users 1 /label'],
  ],
  'two manifests that swap labels are two updates': [
    {
      manifests: [manifest('a', orders), manifest('b')],
      live: [live('1'), live('2', orders)],
      ledger: ledger({ a: entry('1'), b: entry('2', orders) }),
    },
    ['update a 1 /label', 'update b 2 /label'],
  ],
  'promise 3: a live sync with the label that is not bound is foreign': [
    { manifests: [manifest('users')], live: [live('1')] },
    ['blocked foreign create users'],
  ],
  'lifecycle.adopt takes it over': [
    { manifests: [manifest('users', spec({ paused: true }), { adopt: true })], live: [live('1')] },
    ['adopt users 1 /paused'],
  ],
  'two unbound bearers of the label are twins, adopt or not': [
    { manifests: [manifest('users', spec(), { adopt: true })], live: [live('1'), live('2')] },
    ['blocked twins create users'],
  ],
  'a label borne by a sync of another address is taken': [
    { manifests: [manifest('new'), manifest('users')], live: [live('1')], ledger: ledger({ users: entry('1') }) },
    ['blocked label-taken create new'],
  ],
  'a label that its bearer gives up in this plan is free after it': [
    {
      manifests: [manifest('new'), manifest('users', orders)],
      live: [live('1')],
      ledger: ledger({ users: entry('1') }),
    },
    ['update users 1 /label', 'create new'],
  ],
  'a manifest without a label cannot be created': [
    { manifests: [manifest('users', spec({ label: null }))] },
    ['blocked needs-label create users'],
  ],
  'nor made anew by a replace': [
    {
      manifests: [manifest('users', spec({ label: null }), { replace: 'allow' })],
      live: [live('1', foreverDeleted)],
      ledger: ledger({ users: entry('1', foreverDeleted) }),
    },
    ['blocked needs-label replace users'],
  ],
  'a delete waits while a blocked change wants its label': [
    {
      manifests: [manifest('new')],
      live: [live('1'), live('2', orders)],
      ledger: ledger({ old: entry('1'), other: entry('2', orders) }),
      prune: true,
    },
    ['delete other 2', 'blocked label-taken create new', 'blocked depends delete old'],
  ],
  'but is fine for a bound sync': [
    {
      manifests: [manifest('users', { paused: false })],
      live: [live('1')],
      ledger: ledger({ users: entry('1', { paused: false }) }),
    },
    [],
  ],
  'tombstones and ghosts bear no label': [
    {
      manifests: [manifest('users')],
      live: [live('1')],
      ledger: ledger({}, { dead: { [key('1')]: { address: 'CensusSync/users', reason: 'deleted', at: '' } } }),
    },
    ['create users'],
  ],
  'a bound sync that is proved gone is made again, with a note': [
    { manifests: [manifest('users')], ledger: ledger({ users: entry('1') }), gone: keys('1') },
    ['create users', 'note gone users'],
  ],
  'one that nobody declares is forgotten': [
    { ledger: ledger({ users: entry('1') }), gone: keys('1') },
    ['note released users'],
  ],
  'promise 4: without --prune a delete is only listed': [
    { live: [live('1')], ledger: ledger({ users: entry('1') }) },
    ['blocked prune-off delete users'],
  ],
  'with --prune an owned sync without a manifest goes, and a foreign one stays': [
    { live: [live('1'), live('2', orders)], ledger: ledger({ users: entry('1') }), prune: true },
    ['delete users 1'],
  ],
  'promise 5: a protected sync survives the removal of its manifest': [
    { live: [live('1')], ledger: ledger({ users: entry('1', spec(), { protect: true }) }), prune: true },
    ['blocked protected delete users'],
  ],
  'the target protects by address': [
    { live: [live('1')], ledger: ledger({ 'billing-eu': entry('1') }), prune: true, protect: ['CensusSync/billing-*'] },
    ['blocked protected delete billing-eu'],
  ],
  'promise 4: more deletes than the limit are all blocked': [
    {
      live: [live('1'), live('2', orders)],
      ledger: ledger({ a: entry('1'), b: entry('2', orders) }),
      prune: true,
      maxDeletes: 1,
    },
    ['blocked max-deletes delete a', 'blocked max-deletes delete b'],
  ],
  'unless their exact number is given': [
    {
      live: [live('1'), live('2', orders)],
      ledger: ledger({ a: entry('1'), b: entry('2', orders) }),
      prune: true,
      maxDeletes: 1,
      forceDeletes: 2,
    },
    ['delete b 2', 'delete a 1'],
  ],
  'and not with another number': [
    {
      live: [live('1'), live('2', orders)],
      ledger: ledger({ a: entry('1'), b: entry('2', orders) }),
      prune: true,
      maxDeletes: 1,
      forceDeletes: 3,
    },
    ['blocked max-deletes delete a', 'blocked max-deletes delete b'],
  ],
  'renaming a manifest does not cost its sync': [
    { manifests: [manifest('new')], live: [live('1')], ledger: ledger({ old: entry('1') }), prune: true },
    ['blocked label-taken create new', 'blocked depends delete old'],
  ],
  'on_delete: abandon only forgets': [
    { live: [live('1')], ledger: ledger({ users: entry('1', spec(), { on_delete: 'abandon' }) }), prune: true },
    ['update users 1'],
  ],
  'on_delete: pause pauses and forgets': [
    { live: [live('1')], ledger: ledger({ users: entry('1', spec(), { on_delete: 'pause' }) }), prune: true },
    ['update users 1 /paused'],
  ],
  'promise 5: protection is remembered before it is needed': [
    {
      manifests: [manifest('users', spec(), { protect: true })],
      live: [live('1')],
      ledger: ledger({ users: entry('1') }),
    },
    ['update users 1', 'note lifecycle users'],
  ],
  'protection that goes is said': [
    {
      manifests: [manifest('users', spec(), { on_delete: 'abandon' })],
      live: [live('1')],
      ledger: ledger({ users: entry('1', spec(), { protect: true }) }),
    },
    ['update users 1', 'note lifecycle users', 'note lifecycle users'],
  ],
  'what somebody else owns is neither compared nor changed': [
    {
      manifests: [manifest('users', spec({ paused: true }), { ignore: ['/paused'] })],
      live: [live('1')],
      ledger: ledger({ users: entry('1', spec({ paused: true })) }),
    },
    [],
  ],
  'a field that is declared no more is let go of, and that is said': [
    {
      manifests: [manifest('users')],
      live: [live('1', spec({ paused: true }))],
      ledger: ledger({ users: entry('1', spec({ paused: true })) }),
    },
    ['update users 1', 'note released users'],
  ],
  'beside changes of other fields too': [
    {
      manifests: [manifest('users', spec({ operation: 'mirror' }))],
      live: [live('1', spec({ paused: true }))],
      ledger: ledger({ users: entry('1', spec({ paused: true })) }),
    },
    ['update users 1 /operation', 'note released users'],
  ],
  'a field that goes over to lifecycle.ignore is let go of in the same way': [
    {
      manifests: [manifest('users', spec(), { ignore: ['/paused'] })],
      live: [live('1')],
      ledger: ledger({ users: entry('1', spec({ paused: true })) }),
    },
    ['update users 1', 'note released users'],
  ],
  'a record that says the same in other words is no reason to write': [
    {
      manifests: [manifest('users')],
      live: [live('1', answered)],
      ledger: ledger({ users: entry('1', { ...spec(), mappings: answered.mappings ?? [] }) }),
    },
    [],
  ],
  'nor is a list of which the record spells out the defaults': [
    {
      manifests: [manifest('users')],
      live: [live('1')],
      ledger: ledger({ users: entry('1', { ...spec(), mappings: spelled }) }),
    },
    [],
  ],
  'nor is a default of the record that the manifest clears': [
    {
      manifests: [manifest('users', spec({ paused: null }))],
      live: [live('1')],
      ledger: ledger({ users: entry('1', spec({ paused: false })) }),
    },
    [],
  ],
  'a field that is newly declared, as it is, is recorded': [
    {
      manifests: [manifest('users', spec({ paused: false }))],
      live: [live('1')],
      ledger: ledger({ users: entry('1') }),
    },
    ['update users 1'],
  ],
  'a drifted field that the manifest follows is nothing: a record of older values is brought up to date by the way': [
    {
      manifests: [manifest('users', spec({ operation: 'mirror' }))],
      live: [live('1', spec({ operation: 'mirror' }))],
      ledger: ledger({ users: entry('1') }),
    },
    [],
  ],
  'clearing a field is not letting it go': [
    {
      manifests: [manifest('users', spec({ paused: null }))],
      live: [live('1', spec({ paused: true }))],
      ledger: ledger({ users: entry('1', spec({ paused: true })) }),
    },
    ['update users 1 /paused'],
  ],
  'a replace lets go of nothing: the new sync has only what is declared': [
    {
      manifests: [manifest('users', spec(), { replace: 'allow' })],
      live: [live('1', foreverDeleted)],
      ledger: ledger({ users: entry('1', spec({ ...foreverDeleted, paused: true })) }),
    },
    ['replace users 1 /operation'],
  ],
  'what the API cannot change in place is blocked': [
    {
      manifests: [manifest('users')],
      live: [live('1', foreverDeleted)],
      ledger: ledger({ users: entry('1', foreverDeleted) }),
    },
    ['blocked immutable update users'],
  ],
  'or replaced where the manifest allows it': [
    {
      manifests: [manifest('users', spec(), { replace: 'allow' })],
      live: [live('1', foreverDeleted)],
      ledger: ledger({ users: entry('1', foreverDeleted) }),
    },
    ['replace users 1 /operation'],
  ],
  'protection forbids a replace': [
    {
      manifests: [manifest('users', spec(), { replace: 'allow', protect: true })],
      live: [live('1', foreverDeleted)],
      ledger: ledger({ users: entry('1', foreverDeleted) }),
    },
    ['blocked protected replace users'],
  ],
  'a replace counts as a delete': [
    {
      manifests: [manifest('users', spec(), { replace: 'allow' })],
      live: [live('1', foreverDeleted)],
      ledger: ledger({ users: entry('1', foreverDeleted) }),
      maxDeletes: 0,
    },
    ['blocked max-deletes replace users'],
  ],
  'what is not ours yet is never replaced': [
    { manifests: [manifest('users', spec(), { replace: 'allow', adopt: true })], live: [live('1', foreverDeleted)] },
    ['blocked immutable adopt users'],
  ],
  'parents come before the manifests that link to them': [
    { manifests: [manifest('a', child('z')), manifest('z', orders)] },
    ['create z', 'create a'],
  ],
  'a child waits for a parent that cannot be made': [
    { manifests: [manifest('a', child('z')), manifest('z')], live: [live('1')] },
    ['blocked depends create a', 'blocked foreign create z'],
  ],
  '--only leaves the rest alone, and a child needs its parent': [
    {
      manifests: [manifest('a', child('z')), manifest('z', orders), manifest('other')],
      chosen: choose({ only: ['CensusSync/a'] }),
    },
    ['blocked depends create a'],
  ],
  'children are deleted before their parents': [
    {
      live: [
        live('1', orders),
        live('2', spec({ label: 'Child', mode: { type: 'triggered', triggers: { sync_sequence: { sync_id: 1 } } } })),
      ],
      ledger: ledger({ z: entry('1', orders), child: entry('2') }),
      prune: true,
    },
    ['delete child 2', 'delete z 1'],
  ],
  'what pull has bound is not deleted, and --prune says why': [
    { live: [live('1')], ledger: ledger({ users: entry('1', spec(), { pulled: true }) }), prune: true },
    ['note pulled users'],
  ],
  'without --prune nobody speaks of it': [
    { live: [live('1')], ledger: ledger({ users: entry('1', spec(), { pulled: true }) }) },
    [],
  ],
  'nor is it let go where the thing is gone': [
    { gone: keys('1'), ledger: ledger({ users: entry('1', spec(), { pulled: true }) }) },
    [],
  ],
  'nor released by on_delete': [
    {
      live: [live('1')],
      ledger: ledger({ users: entry('1', spec(), { pulled: true, on_delete: 'abandon' }) }),
      prune: true,
    },
    ['note pulled users'],
  ],
  'without a ledger the label is the identity': [
    { manifests: [manifest('users', spec({ paused: true }))], live: [live('1')], ledger: null },
    ['update users 1 /paused'],
  ],
  'and nothing is ever deleted or replaced, whatever the flags': [
    {
      manifests: [manifest('users', spec(), { replace: 'allow' })],
      live: [live('1', foreverDeleted), live('2', orders)],
      ledger: null,
      prune: true,
    },
    ['blocked immutable update users'],
  ],
};

describe('the planner decides', () => {
  it.each(Object.entries(rows))('%s', (_title, [world, expected]) => {
    expect(said(world)).toEqual(expected);
  });

  it.each([
    [
      'foreign',
      { manifests: [manifest('users')], live: [live('1')] },
      ['`lifecycle.adopt: true`', 'syncline adopt CensusSync/users`'],
    ],
    [
      'protected by its record',
      { live: [live('1')], ledger: ledger({ users: entry('1', spec(), { protect: true }) }), prune: true },
      [
        'put its manifest back, with `lifecycle: { protect: false }` where it is to go later, and apply',
        '`syncline forget CensusSync/users`',
      ],
    ],
    [
      'protected by the project',
      { live: [live('1')], ledger: ledger({ users: entry('1') }), prune: true, protect: ['*/users'] },
      ['`protect` in syncline.yaml', '`syncline forget CensusSync/users`'],
    ],
  ])('what is %s says every way on', (_title, world, ways) => {
    const [only] = makePlan(input(world)).blocked;
    for (const way of ways) expect(only?.hint).toContain(way);
  });

  it('promise 4: the refusal names the flag and the number', () => {
    const syncs = { live: [live('1'), live('2', orders)], ledger: ledger({ a: entry('1'), b: entry('2', orders) }) };
    const [first] = makePlan(input({ ...syncs, prune: true, maxDeletes: 1 })).blocked;
    expect(first?.hint).toMatch(/2,.*max_deletes.*1.*--force-deletes 2/);
  });

  it.each([
    [
      'one field',
      { paused: true },
      {},
      [],
      '/paused is no longer declared; Syncline leaves it as it is and no longer manages it.',
    ],
    [
      'several, at the depth where silence begins',
      {
        paused: true,
        mode: {
          type: 'triggered',
          triggers: { schedule: { frequency: 'daily', hour: 6 }, dbt_cloud: { job_id: '1' } },
        },
        advanced_configuration: { a: 1, 'b/c': 2 },
      },
      { mode: { type: 'triggered', triggers: { dbt_cloud: {} } }, advanced_configuration: { a: 1 } },
      [],
      '/paused, /mode/triggers/schedule, /mode/triggers/dbt_cloud/job_id and /advanced_configuration/b~1c are no longer declared; Syncline leaves them as they are and no longer manages them.',
    ],
    [
      'what is ignored now',
      { paused: true },
      { operation: 'mirror' },
      ['/paused'],
      '/paused is ignored now; Syncline leaves it as it is and no longer manages it.',
    ],
  ])('names what it lets go of: %s', (_title, recorded, wanted, ignore, message) => {
    const world = {
      manifests: [manifest('users', spec(wanted), { ignore })],
      live: [live('1', spec(recorded))],
      ledger: ledger({ users: entry('1', spec(recorded)) }),
    };
    expect(makePlan(input(world)).notes).toEqual([{ address: 'CensusSync/users', code: 'released', message }]);
  });

  it('lets go of nothing inside a one-value thing: that is a change', () => {
    const at = (schedule: JsonObject) => spec({ mode: { type: 'triggered', triggers: { schedule } } });
    const applied = at({ frequency: 'daily', hour: 6 });
    const world = {
      manifests: [manifest('users', at({ frequency: 'daily' }))],
      live: [live('1', applied)],
      ledger: ledger({ users: entry('1', applied) }),
    };
    expect(makePlan(input(world)).notes).toEqual([]);
  });

  it('a renamed manifest is told how to keep its sync', () => {
    const world = { manifests: [manifest('new')], live: [live('1')], ledger: ledger({ old: entry('1') }) };
    const { blocked } = makePlan(input(world));
    expect(blocked.map((one) => one.hint)).toEqual([
      expect.stringContaining('`moved_from: old`'),
      expect.stringContaining('--prune'),
    ]);
    for (const { hint } of blocked) expect(hint).toMatch(/`moved_from: old`/);
  });

  it('says who caused a difference', () => {
    const world = {
      manifests: [manifest('users', spec({ paused: true, operation: 'mirror' }))],
      live: [live('1', spec({ paused: false, operation: 'update' }))],
    };
    const applied = spec({ paused: true, operation: 'upsert' });
    const [change] = makePlan(input({ ...world, ledger: ledger({ users: entry('1', applied) }) })).changes;
    expect(change?.fields.map((field) => [field.path, field.cause])).toEqual([
      ['/operation', 'conflict'],
      ['/paused', 'drift'],
    ]);
  });

  it('a new label says which live sync that is not ours bears it', () => {
    const parts = {
      manifests: [manifest('users', orders)],
      live: [live('1'), live('2', orders)],
      ledger: ledger({ users: entry('1') }),
    };
    expect(said(parts)).toEqual(['update users 1 /label', 'note same-label users']);
    const ours = { ...parts, ledger: ledger({ users: entry('1'), old: entry('2', orders) }) };
    expect(said(ours)).not.toContain('note same-label users');
  });

  it('a create says which live sync bears a label that looks the same, with what cannot be seen spelt out', () => {
    const composed = spec({ label: 'Café' });
    const parts = { manifests: [manifest('cafe', spec({ label: 'Cafe\u0301' }))], live: [live('1', composed)] };
    expect(said(parts)).toEqual(['create cafe', 'note similar-label cafe']);
    expect(makePlan(input(parts)).notes[0]?.message).toMatch(/sync 1 .*\\u0301/);
    expect(said({ ...parts, live: [live('1', spec({ label: 'Cafe' }))] })).toEqual(['create cafe']);
  });

  it('what cannot be read back is taken to be as applied, or as declared, and without a ledger nobody knows', () => {
    const marked = spec({ high_water_mark_attributes: { column_name: 'c', use_high_water_mark_diff_type: true } });
    const message = (known: PlanInput['ledger']) =>
      makePlan(input({ manifests: [manifest('users', marked)], live: [live('1')], ledger: known })).notes[0]?.message;
    expect(message(ledger({ users: entry('1', marked) }))).toContain('as last applied');
    expect(message(null)).toContain('without a ledger');
  });

  describe('things that are gone', () => {
    const lost = (...names: string[]) => ({
      manifests: names.filter((name) => name !== 'old').map((name) => manifest(name, spec({ label: name }))),
      ledger: ledger(Object.fromEntries(names.map((name, at) => [name, entry(String(at + 1), spec({ label: name }))]))),
      gone: keys(...names.map((_, at) => String(at + 1))),
    });
    const there = { kept: entry('90', orders) };
    const beside = (parts: ReturnType<typeof lost>) => ({
      ...parts,
      live: [live('90', orders)],
      manifests: [...parts.manifests, manifest('kept', orders)],
      ledger: { ...parts.ledger, syncs: { ...parts.ledger.syncs, ...ledger(there).syncs } },
    });
    const few: Record<string, readonly [Partial<PlanInput>, readonly string[]]> = {
      'the only one is made again': [lost('a'), ['create a', 'note gone a']],
      'all of two are blocked': [lost('a', 'b'), ['blocked mass-gone create a', 'blocked mass-gone create b']],
      'two of three are made again': [beside(lost('a', 'b')), ['create a', 'create b', 'note gone a', 'note gone b']],
      'more than max_deletes are blocked, with what would be forgotten': [
        { ...beside(lost('a', 'old')), maxDeletes: 1 },
        ['blocked mass-gone create a', 'blocked mass-gone delete old'],
      ],
      'their exact number lets them': [
        { ...lost('a', 'b'), forceCreates: 2 },
        ['create a', 'create b', 'note gone a', 'note gone b'],
      ],
      'another number does not': [
        { ...lost('a', 'b'), forceCreates: 3 },
        ['blocked mass-gone create a', 'blocked mass-gone create b'],
      ],
      'what is selected is judged over everything, and counted as selected': [
        { ...lost('a', 'b'), chosen: choose({ only: ['*/a'] }) },
        ['blocked mass-gone create a'],
      ],
      'and let go by its own number': [
        { ...lost('a', 'b'), chosen: choose({ only: ['*/a'] }), forceCreates: 1 },
        ['create a', 'note gone a'],
      ],
    };
    it.each(Object.entries(few))('%s', (_name, [parts, expected]) => {
      expect(said(parts)).toEqual(expected);
    });

    it('the hint says what to make of it, and the number', () => {
      const [first] = makePlan(input({ ...lost('a', 'b'), forceCreates: 3 })).blocked;
      expect(first).toMatchObject({
        id: '1',
        hint: expect.stringMatching(/2 of the 2 .*outage.*--force-creates 2 \(not 3\)/),
      });
    });
  });

  describe('nothing is removed', () => {
    const twice = ledger({ old: entry('1', orders), users: entry('1', orders) });
    it('that another address holds', () => {
      const parts = { manifests: [manifest('users', orders)], live: [live('1', orders)], ledger: twice, prune: true };
      expect(said(parts)).toEqual(['blocked depends delete old']);
    });

    it.each([
      ['delete', ['delete users 2'], ['blocked max-deletes delete users']],
      ['pause', ['update users 2 /paused'], ['update users 2 /paused']],
    ] as const)('beside what a replace has left without a word, nor uncounted (on_delete: %s)', (wish, most, one) => {
      const left = entry('2', orders, { state: 'retiring', retires: '1', on_delete: wish });
      const parts = { live: [live('1', orders), live('2', orders)], ledger: ledger({ users: left }), prune: true };
      expect(said({ ...parts, maxDeletes: 2 })).toEqual([...most, 'note zombie users']);
      expect(said({ ...parts, maxDeletes: 1 })).toEqual(expect.arrayContaining([...one]));
      expect(said({ ...parts, maxDeletes: 0 })[0]).toMatch(/^blocked max-deletes/);
      // Gone by now, it is nothing.
      expect(said({ ...parts, live: [live('2', orders)], maxDeletes: 1 })).toEqual(most);
    });

    it('by a replace that is taken up again, once it is protected', () => {
      const parts = {
        manifests: [manifest('users', orders, { replace: 'allow' })],
        live: [live('1', orders), live('2', orders)],
        ledger: ledger({ users: entry('2', orders, { state: 'retiring', retires: '1' }) }),
      };
      expect(said(parts)).toEqual(['replace users 1']);
      expect(said({ ...parts, protect: ['*/users'] })).toEqual(['blocked protected replace users']);
    });
  });

  it('a digest names what would be done: moving a manifest keeps it, a changed field does not', () => {
    const digest = (parts: Partial<PlanInput>) => makePlan(input(parts)).digest;
    const here = manifest('users');
    const moved = { ...here, origin: { file: 'elsewhere.yaml', line: 9, column: 3 }, document: 2 };
    expect(digest({ manifests: [moved], createdAt: 'later' })).toBe(digest({ manifests: [here] }));
    expect(digest({ manifests: [manifest('users', spec({ paused: true }))] })).not.toBe(digest({ manifests: [here] }));
  });

  it.each([
    ['mapping_order', false],
    [null, true],
  ])('promise 2: with field_order %s the order of live mappings is no matter: %s', (order, alike) => {
    const seen = (mappings: readonly JsonObject[]) => {
      const [before, after] = [false, true].map((paused) => spec({ mappings, field_order: order, paused }));
      const world = { live: [live('1', before)], ledger: ledger({ users: entry('1', before) }) };
      return makePlan(input({ ...world, manifests: [manifest('users', after)] })).changes[0]?.fingerprint;
    };
    const mappings = ['A', 'B'].map((to) => ({ from: { type: 'column', data: to }, to, is_primary_identifier: false }));
    expect(seen(mappings.toReversed()) === seen(mappings)).toBe(alike);
  });

  it.each([
    [
      'with a ledger, what is live already comes first',
      ledger(),
      /^If the sync is live already, `syncline adopt CensusSync\/users --id N` binds it\. To make a new one, give it spec\.label:/,
    ],
    ['without one, nothing can be bound', null, /^To make a new one, give it spec\.label:/],
  ])('a manifest without a label is told how to go on: %s', (_name, known, words) => {
    const { blocked } = makePlan(input({ manifests: [manifest('users', spec({ label: null }))], ledger: known }));
    expect(blocked.map((one) => one.hint)).toEqual([expect.stringMatching(words)]);
  });

  it('names, and what things are, stand beside the digest and not in it', () => {
    const plan = makePlan(
      input({
        manifests: [manifest('new', spec({ label: 'New' })), manifest('users', spec({ paused: true }))],
        live: [live('1'), live('2')],
        ledger: ledger({ users: entry('1'), old: entry('2') }),
      }),
    );
    expect([plan.changes.length, plan.blocked.length]).toEqual([2, 1]);
    const about = { source: null, destination: null, operation: 'mirror', schedule: 'hourly' };
    const described = {
      ...plan,
      changes: plan.changes.map((one) => ({
        ...one,
        about,
        fields: one.fields.map((field) => ({ ...field, names: { from: 'Salesforce', to: 'HubSpot' } })),
      })) as Change[],
      blocked: plan.blocked.map((one) => ({ ...one, about })),
    };
    expect(planDigest(input({}).traitsOf, described)).toBe(plan.digest);
  });

  it('the commit and what the ledger remembers stand beside the digest, and not in it', () => {
    const remembered = (extra: Partial<Entry>) =>
      makePlan(
        input({
          manifests: [manifest('users', spec({ paused: true }))],
          live: [live('1')],
          ledger: ledger({ users: entry('1', spec(), extra) }),
          commit: extra.protect === true ? 'abc' : null,
        }),
      );
    const [plain, shielded] = [remembered({}), remembered({ protect: true })];
    expect([plain.commit, shielded.commit]).toEqual([null, 'abc']);
    expect(plain.changes[0]?.record).toMatch(/^sha256:/);
    expect(shielded.changes[0]?.record).not.toBe(plain.changes[0]?.record);
    expect(shielded.digest).toBe(plain.digest);
    expect(makePlan(input({ manifests: [manifest('users')] })).changes[0]?.record).toBeNull();
  });
});
