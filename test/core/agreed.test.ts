import { expect, it } from 'vitest';
import { agreedRecords, withAgreed } from '../../src/core/plan/agreed.ts';
import type { PlanInput } from '../../src/core/plan/decision.ts';
import { makePlan } from '../../src/core/plan/plan.ts';
import { choose } from '../../src/core/selection.ts';
import { entry, input, ledger, live, manifest, spec } from '../support/world.ts';

/** The records as an apply of the plan leaves them that has nothing else to do. */
function after(parts: Partial<PlanInput>) {
  const world = input(parts);
  const agreed = agreedRecords(world, makePlan(world));
  return withAgreed(world.ledger ?? ledger(), agreed);
}

const mirror = spec({ operation: 'mirror' });

it('a record of older values takes over what is declared and live', () => {
  const before = ledger({ users: entry('1') });
  const { syncs } = after({ manifests: [manifest('users', mirror)], live: [live('1', mirror)], ledger: before });
  expect(syncs).toMatchObject({ 'CensusSync/users': { spec: mirror } });
});

it('what is declared loses the mark of pull, and what is not keeps it', () => {
  const before = ledger({ a: entry('1', spec(), { pulled: true }), b: entry('2', mirror, { pulled: true }) });
  const { syncs } = after({ manifests: [manifest('a')], live: [live('1'), live('2', mirror)], ledger: before });
  expect(syncs['CensusSync/a']).toEqual(entry('1'));
  expect(syncs).toMatchObject({ 'CensusSync/b': { pulled: true } });
});

it('what the plan changes, or leaves out, is no business of it', () => {
  const before = ledger({ users: entry('1', spec(), { pulled: true }) });
  const world = { manifests: [manifest('users', mirror)], live: [live('1')], ledger: before };
  expect(after(world)).toBe(before);
  const same = { manifests: [manifest('users')], live: [live('1')], ledger: before };
  expect(after({ ...same, chosen: choose({ exclude: ['*'] }) })).toBe(before);
});

it('what is ignored stays in the record as it was when the thing was made', () => {
  const made = spec({ paused: true });
  const before = ledger({ users: entry('1', made) });
  const now = manifest('users', spec({ paused: false, operation: 'mirror' }), { ignore: ['/paused'] });
  const { syncs } = after({ manifests: [now], live: [live('1', mirror)], ledger: before });
  expect(syncs).toMatchObject({ 'CensusSync/users': { spec: { ...mirror, paused: true } } });
});

it('a record that somebody has changed meanwhile stays', () => {
  const world = input({
    manifests: [manifest('users', mirror)],
    live: [live('1', mirror)],
    ledger: ledger({ users: entry('1') }),
  });
  const agreed = agreedRecords(world, makePlan(world));
  const changed = ledger({ users: entry('7') });
  expect(withAgreed(changed, agreed)).toBe(changed);
});
