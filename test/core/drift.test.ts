import { describe, expect, it } from 'vitest';
import { type DriftInput, findDrift } from '../../src/core/drift.ts';
import { choose, everything } from '../../src/core/selection.ts';
import { fabraSyncTraits } from '../../src/generated/fabra-sync-traits.ts';
import { entry, keys, ledger, live, manifest, spec, traitsOf } from '../support/world.ts';

const input = (parts: Partial<DriftInput>): DriftInput => ({
  traitsOf,
  types: new Map(),
  manifests: [],
  live: [],
  ledger: ledger(),
  gone: new Set(),
  chosen: everything,
  ...parts,
});

/** A line per field: `address path was → now`; `address gone` for a sync that is gone. */
function said(parts: Partial<DriftInput>): string[] {
  return findDrift(input(parts)).drift.flatMap(({ address, kind, fields }) => {
    const name = address.slice(address.indexOf('/') + 1);
    if (kind === 'gone') return [`${name} gone`];
    return fields.map(({ path, was, now }) => `${name} ${path} ${JSON.stringify(was)} → ${JSON.stringify(now)}`);
  });
}

const paused = spec({ paused: true });
const mapping = (to: string) => ({ from: { type: 'column', data: to.toUpperCase() }, to });
const email = { from: { type: 'column', data: 'EMAIL' }, to: 'Email', is_primary_identifier: true };
const mapped = (...names: string[]) => spec({ mappings: [email, ...names.map(mapping)] });
const sequel = (link: object) =>
  spec({ label: 'Child', mode: { type: 'triggered', triggers: { sync_sequence: { ...link } } } });

const rows: Record<string, readonly [Partial<DriftInput>, readonly string[]]> = {
  'what is as it was left is no drift': [
    { manifests: [manifest('users')], live: [live('1')], ledger: ledger({ users: entry('1') }) },
    [],
  ],
  'a field that somebody changed': [
    {
      manifests: [manifest('users')],
      live: [live('1', spec({ operation: 'mirror' }))],
      ledger: ledger({ users: entry('1') }),
    },
    ['users /operation "upsert" → "mirror"'],
  ],
  'a field that the last apply did not set is not ours': [
    { manifests: [manifest('users')], live: [live('1', paused)], ledger: ledger({ users: entry('1') }) },
    [],
  ],
  'a change in Git alone is no drift': [
    { manifests: [manifest('users', paused)], live: [live('1')], ledger: ledger({ users: entry('1') }) },
    [],
  ],
  'a change outside that Git has taken in is none any more': [
    {
      manifests: [manifest('users', spec({ paused: true, operation: 'upsert' }))],
      live: [live('1', spec({ paused: true, operation: 'mirror' }))],
      ledger: ledger({ users: entry('1', spec({ paused: false })) }),
    },
    ['users /operation "upsert" → "mirror"'],
  ],
  'where both sides changed, what was applied last is shown': [
    {
      manifests: [manifest('users', spec({ operation: 'insert' }))],
      live: [live('1', spec({ operation: 'mirror' }))],
      ledger: ledger({ users: entry('1') }),
    },
    ['users /operation "upsert" → "mirror"'],
  ],
  'a field that the manifest leaves to others by now is no drift': [
    { manifests: [manifest('users')], live: [live('1')], ledger: ledger({ users: entry('1', paused) }) },
    [],
  ],
  'nor is one that it ignores': [
    {
      manifests: [manifest('users', paused, { ignore: ['/paused'] })],
      live: [live('1', spec({ paused: false }))],
      ledger: ledger({ users: entry('1', paused) }),
    },
    [],
  ],
  'items of a list are named by their key, added, removed and changed': [
    {
      manifests: [manifest('users', mapped('City', 'Plan'))],
      live: [live('1', spec({ mappings: [email, mapping('Plan'), mapping('Street')] }))],
      ledger: ledger({ users: entry('1', mapped('City', 'Plan')) }),
    },
    [
      `users /mappings/City ${JSON.stringify(mapping('City'))} → null`,
      `users /mappings/Street null → ${JSON.stringify(mapping('Street'))}`,
    ],
  ],
  'an item that Git has taken in is none any more': [
    {
      manifests: [manifest('users', mapped('Street'))],
      live: [live('1', mapped('Street', 'Plan'))],
      ledger: ledger({ users: entry('1', mapped()) }),
    },
    [`users /mappings/Plan null → ${JSON.stringify(mapping('Plan'))}`],
  ],
  'a sync that is gone, declared or not': [
    {
      manifests: [manifest('users')],
      ledger: ledger({ users: entry('1'), old: entry('2', null) }),
      gone: keys('1', '2'),
    },
    ['old gone', 'users gone'],
  ],
  'a sync that no manifest declares counts as long as it is bound': [
    { live: [live('1')], ledger: ledger({ old: entry('1', paused) }) },
    ['old /paused true → null'],
  ],
  'nothing was applied to what was bound as it was': [
    { manifests: [manifest('users', paused)], live: [live('1')], ledger: ledger({ users: entry('1', null) }) },
    [],
  ],
  'what is not bound is not ours': [{ manifests: [manifest('users')], live: [live('1', paused)] }, []],
  'a delete of ours whose end is not known is none either': [
    { live: [live('1')], ledger: ledger({ users: entry('1', paused, { state: 'deleting' }) }) },
    [],
  ],
  'a link is compared by the id of its sync': [
    {
      manifests: [manifest('child', sequel({ sync: 'users' })), manifest('users')],
      live: [live('1'), live('2', sequel({ sync_id: 1 })), live('7', spec({ label: 'Other' }))],
      ledger: ledger({ users: entry('1'), child: entry('2', sequel({ sync_id: 7 })) }),
    },
    [],
  ],
  '--only looks at some': [
    {
      live: [live('1'), live('2', spec({ label: 'Orders' }))],
      ledger: ledger({ a: entry('1', paused), b: entry('2', paused) }),
      chosen: choose({ only: ['CensusSync/a'] }),
    },
    ['a /paused true → null'],
  ],
  'without a ledger all that differs from a manifest is shown': [
    {
      manifests: [manifest('lost', spec({ label: 'Lost' })), manifest('users', paused)],
      live: [live('1')],
      ledger: null,
    },
    ['lost gone', 'users /paused true → null'],
  ],
  'and a link by the label of its sync': [
    {
      manifests: [manifest('child', sequel({ sync: 'users' })), manifest('users')],
      live: [live('1'), live('2', sequel({ sync_id: 1 }))],
      ledger: null,
    },
    [],
  ],
};

describe('drift', () => {
  it.each(Object.entries(rows))('%s', (_title, [world, expected]) => {
    expect(said(world)).toEqual(expected);
  });

  it('names id, label and place of a sync', () => {
    const world = { live: [live('1')], ledger: ledger({ users: entry('1', spec({ label: 'Before' })) }) };
    expect(findDrift(input(world)).drift).toMatchObject([{ id: '1', label: 'Before', origin: null }]);
    expect(
      findDrift(input({ ...world, manifests: [manifest('users', spec({ label: 'Before' }))] })).drift,
    ).toMatchObject([{ id: '1', label: 'Before', origin: { file: 'syncs/users.yaml', line: 1 } }]);
  });

  it.each([
    ['a ledger that binds nothing', {}, /binds nothing/],
    ['no ledger', { ledger: null }, /nobody can tell which side/],
    ['twins', { ledger: null, manifests: [manifest('users')], live: [live('1'), live('2')] }, /users.*ids 1, 2/],
    ['no label', { ledger: null, manifests: [manifest('users', spec({ label: null }))] }, /users has no label/],
  ])('says what it cannot tell: %s', (_title, world, words) => {
    const { drift, notes } = findDrift(input(world));
    expect(drift).toEqual([]);
    expect(notes.join('\n')).toMatch(words);
  });

  it('what the API cannot show is no drift: Fabra answers "active" whatever was sent', () => {
    const applied = {
      end_customer_id: 'acme',
      display_name: 'Orders',
      status: 'paused',
      frequency_units: 'days',
      frequency: 1,
    };
    const { frequency_units: _hidden, ...rest } = applied;
    const answer = { kind: 'CensusSync', id: '1', label: 'acme / Orders', spec: { ...rest, status: 'active' } };
    const world = { traitsOf: () => fabraSyncTraits, ledger: ledger({ users: entry('1', applied) }) };
    expect(findDrift(input({ ...world, live: [answer] })).drift).toEqual([]);
    const changed = { ...answer, spec: { ...answer.spec, frequency: 2 } };
    expect(findDrift(input({ ...world, live: [changed] })).drift).toMatchObject([{ fields: [{ path: '/frequency' }] }]);
    expect(findDrift(input({ ...world, live: [changed] })).notes).toContainEqual(
      expect.stringMatching(/users.*\/frequency.*replace/),
    );
  });

  it('says which fields no answer shows', () => {
    const hidden = spec({ high_water_mark_attributes: { column_name: 'c', use_high_water_mark_diff_type: true } });
    const { high_water_mark_attributes: _, ...shown } = hidden;
    const world = {
      ledger: ledger({ users: entry('1', hidden), b: entry('2', hidden) }),
      live: [live('1', shown), live('2', shown)],
    };
    expect(findDrift(input(world))).toEqual({
      drift: [],
      notes: [
        '/high_water_mark_attributes/column_name of 2 manifests cannot be read back and was not compared.',
        '/high_water_mark_attributes/use_high_water_mark_diff_type of 2 manifests cannot be read back and was not compared.',
      ],
    });
  });

  it('everything gone at once is taken for an outage as well', () => {
    const two = ledger({ a: entry('1'), b: entry('2', spec({ label: 'B' })) });
    const notes = (gone: string[]) =>
      findDrift(input({ ledger: two, live: gone.includes('2') ? [] : [live('2')], gone: keys(...gone) })).notes;
    expect(notes(['1', '2'])).toEqual([expect.stringMatching(/outage.*--force-creates/)]);
    expect(notes(['1'])).toEqual([]);
  });
});
