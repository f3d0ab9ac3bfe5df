import { expect, test } from 'vitest';
import { makePlan } from '../../src/core/plan/plan.ts';
import { entry, input, ledger, live, manifest, spec } from '../support/world.ts';

test('an update that sends nothing is counted apart, and what nobody declares or holds as foreign', () => {
  const plan = makePlan(
    input({
      manifests: [manifest('users', spec(), { protect: true }), manifest('orders', spec({ label: 'Orders' }))],
      live: [
        live('1'),
        live('2', spec({ label: 'Somebody’s' })),
        live('3', spec({ label: 'Dead' })),
        // Bears the label of a manifest, which may take it over.
        live('4', spec({ label: 'Orders' })),
        live('5', spec({ label: 'Old' })),
      ],
      ledger: ledger(
        { users: entry('1'), old: entry('5', spec({ label: 'Old' })) },
        { dead: { 'CensusSync#3': { address: '', reason: 'by-hand', at: '2026-11-21T10:00:00Z' } } },
      ),
    }),
  );
  expect(plan.summary).toMatchObject({ update: 0, recorded: 1, foreign: 1 });
});
