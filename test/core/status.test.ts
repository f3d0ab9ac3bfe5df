import { describe, expect, test } from 'vitest';
import { choose, everything } from '../../src/core/selection.ts';
import { detailsOf } from '../../src/core/status/details.ts';
import { findThings, indexStatus, type StatusInput } from '../../src/core/status/status.ts';
import { fabraSyncTraits } from '../../src/generated/fabra-sync-traits.ts';
import type { PendingCreate } from '../../src/model/ledger.ts';
import type { Thing } from '../../src/model/status.ts';
import {
  entry,
  key,
  keys,
  ledger,
  live,
  liveDataset,
  manifest,
  pendingEntry,
  spec,
  traitsOf,
} from '../support/world.ts';

const input = (parts: Partial<StatusInput>): StatusInput => ({
  traitsOf,
  kinds: ['CensusSync', 'CensusDataset'],
  manifests: [],
  live: [],
  ledger: ledger(),
  moves: new Map(),
  gone: new Set(),
  protect: [],
  chosen: everything,
  healthOf: () => 'ok',
  pageOf: (kind, id) => `https://app.example/${kind}/${id}`,
  ...parts,
});

function found(parts: Partial<StatusInput>): readonly Thing[] {
  const whole = input(parts);
  return findThings(whole, indexStatus(whole));
}

/** A line per thing: `state name id`, and what is true of it. */
function said(parts: Partial<StatusInput>): string[] {
  return found(parts).map(({ state, address, noun, id, gone, pulled, bearers }) =>
    [
      state,
      address?.slice(address.indexOf('/') + 1) ?? noun,
      id ?? '-',
      ...(gone ? ['gone'] : []),
      ...(pulled ? ['pulled'] : []),
      ...(bearers.length > 0 ? [`borne by ${bearers.join(', ')}`] : []),
    ].join(' '),
  );
}

const label = String(spec().label);
const pending: PendingCreate = { label, spec: spec(), before: [], sent_at: '2026-11-21T10:00:00.000Z' };
const dead = { address: 'CensusSync/old', at: '2026-11-21T10:00:00.000Z' };
const other = spec({ label: 'Other' });

const rows: Record<string, readonly [Partial<StatusInput>, readonly string[]]> = {
  'declared and held': [
    { manifests: [manifest('users')], live: [live('1')], ledger: ledger({ users: entry('1') }) },
    ['bound users 1'],
  ],
  'declared alone': [{ manifests: [manifest('users')] }, ['unbound users -']],
  'held alone': [{ live: [live('1')], ledger: ledger({ users: entry('1') }) }, ['undeclared users 1']],
  'held, on a branch that pull has written': [
    { live: [live('1')], ledger: ledger({ users: entry('1', null, { pulled: true }) }) },
    ['undeclared users 1 pulled'],
  ],
  'live alone': [{ live: [live('1')] }, ['foreign sync 1']],
  'live without a label': [{ live: [{ ...live('1'), label: undefined }] }, ['foreign sync 1']],
  'live under a declared label': [
    { manifests: [manifest('users')], live: [live('1')] },
    ['unbound users - borne by 1'],
  ],
  twins: [{ manifests: [manifest('users')], live: [live('2'), live('1')] }, ['unbound users - borne by 1, 2']],
  'a label that another address holds': [
    {
      manifests: [manifest('users'), manifest('more', other)],
      live: [live('1', other)],
      ledger: ledger({ users: entry('1') }),
    },
    ['unbound more -', 'bound users 1'],
  ],
  'gone, by the proof of the service': [
    { manifests: [manifest('users')], ledger: ledger({ users: entry('1') }), gone: keys('1') },
    ['bound users 1 gone'],
  ],
  'a create whose answer was lost': [
    { manifests: [manifest('users')], ledger: ledger({ users: pendingEntry(pending) }) },
    ['pending users -'],
  ],
  'a create that nobody declares any more': [{ ledger: ledger({ users: pendingEntry(pending) }) }, ['pending users -']],
  'a delete whose answer was lost': [
    { live: [live('1')], ledger: ledger({ users: entry('1', spec(), { state: 'deleting' }) }) },
    ['deleting users 1'],
  ],
  'a replace: the old one is not foreign': [
    {
      manifests: [manifest('users')],
      live: [live('1', other), live('2')],
      ledger: ledger({ users: entry('2', spec(), { state: 'retiring', retires: '1' }) }),
    },
    ['retiring users 2'],
  ],
  'tombstones and ghosts are nobody': [
    {
      live: [live('1'), live('2', other)],
      ledger: ledger(
        {},
        { dead: { [key('1')]: { ...dead, reason: 'ghost' }, [key('2')]: { ...dead, reason: 'deleted' } } },
      ),
    },
    [],
  ],
  'without a memory the label holds': [
    { manifests: [manifest('users')], live: [live('1'), live('2', other)], ledger: null },
    ['bound users 1', 'foreign sync 2'],
  ],
  'without a memory twins hold nothing': [
    { manifests: [manifest('users')], live: [live('1'), live('2')], ledger: null },
    ['unbound users - borne by 1, 2'],
  ],
  'by address, then by kind and number': [
    {
      manifests: [manifest('b', spec({ label: 'B' })), manifest('a', spec({ label: 'A' }))],
      live: [liveDataset('5'), live('10', spec({ label: 'X' })), live('9', spec({ label: 'Y' }))],
    },
    ['unbound a -', 'unbound b -', 'foreign sync 9', 'foreign sync 10', 'foreign dataset 5'],
  ],
  'a selection has no place for what has no address': [
    { manifests: [manifest('users')], live: [live('1', other)], chosen: choose({ only: ['*/us*'] }) },
    ['unbound users -'],
  ],
  'what is left out is left out, and what is foreign stays': [
    { manifests: [manifest('users')], live: [live('1', other)], chosen: choose({ exclude: ['*/us*'] }) },
    ['foreign sync 1'],
  ],
};

describe('the state of a target', () => {
  test.each(Object.entries(rows))('%s', (_, [parts, expected]) => {
    expect(said(parts)).toEqual(expected);
  });

  test('a thing that is gone has neither health nor a page', () => {
    const [thing] = found({ ledger: ledger({ users: entry('1') }), gone: keys('1') });
    expect(thing).toMatchObject({ health: 'unknown', url: null });
    const [alive] = found({ live: [live('1')], ledger: ledger({ users: entry('1') }) });
    expect(alive).toMatchObject({ health: 'ok', url: 'https://app.example/CensusSync/1' });
  });

  test('paused is as live, or as declared; where answers prove nothing, as applied last', () => {
    const paused = (parts: Partial<StatusInput>) => found(parts).map((one) => one.paused);
    const declared = manifest('users', spec({ paused: true }));
    expect(paused({ manifests: [declared] })).toEqual([true]);
    expect(paused({ manifests: [declared], live: [live('1')], ledger: ledger({ users: entry('1') }) })).toEqual([
      false,
    ]);
    const body = { end_customer_id: 'a', display_name: 'b', status: 'active' };
    const always = { kind: 'FabraSync', id: '1', label: 'a / b', spec: body };
    const remembered = (status: string) => ({
      traitsOf: () => fabraSyncTraits,
      kinds: ['FabraSync'],
      live: [always],
      ledger: ledger({ 'FabraSync/users': entry('1', { ...body, status }) }),
    });
    expect(paused(remembered('paused'))).toEqual([true]);
    expect(paused(remembered('active'))).toEqual([false]);
  });
});

describe('everything about an address', () => {
  test('holds what is pending and what a replace has left', () => {
    const told = (syncs: Parameters<typeof ledger>[0]) => {
      const whole = input({ manifests: [manifest('users')], ledger: ledger(syncs) });
      return detailsOf(whole, indexStatus(whole), 'CensusSync/users', { plan: undefined, runs: new Map() });
    };
    expect(told({ users: pendingEntry(pending) })).toMatchObject({
      pending: { label, sent_at: pending.sent_at },
      retires: null,
      plan: null,
    });
    expect(told({ users: entry('2', spec(), { state: 'retiring', retires: '1' }) })).toMatchObject({
      pending: null,
      retires: '1',
      labels: { declared: label, live: null, applied: label },
    });
  });
});
