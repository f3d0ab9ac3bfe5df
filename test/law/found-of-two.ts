import { apply, flags, mood, users, world } from './found.ts';
import { quiet } from './run.ts';
import type { Declaration } from './service.ts';
import type { LawWorld } from './world.ts';

const set: Declaration = { ...users, noun: 'dataset' };

/** Worlds of two kinds in which a promise was broken once, shrunk, and one that chance makes seldom. */
export const foundOfTwo: readonly LawWorld[] = [
  // A sync that was only hidden is made again, the run dies, and both are to go: the plan speaks of the one that goes beside.
  {
    ...world([{ ...users, lifecycle: { on_delete: 'pause' } }], apply({ ...mood({ gone: true }), killAt: 13 }), {
      do: 'clear',
    }),
    settled: true,
  },
  // A dataset that was only hidden is made again, late, and its sync is to read something else by then.
  {
    ...world(
      [
        { ...users, of: 'c' },
        { ...set, name: 'c' },
      ],
      {
        do: 'apply',
        flags: { ...flags, force: true },
        trouble: { ...quiet, ...mood({ gone: true }), faults: [{ on: 'create', nth: 1, kind: 'late', span: 1 }] },
      },
      { do: 'declare', declaration: users },
    ),
    settled: true,
  },
  // Somebody else's sync reads the second dataset, which is to go with the first one.
  {
    ...world(
      [{ ...set, name: 'b' }, { ...set, label: 'Leads' }, users],
      {
        do: 'apply',
        flags: { ...flags, force: true },
        trouble: { ...quiet, ...mood({ gone: true }), habits: { ...quiet.habits, fullAt: 2 } },
      },
      { do: 'meddle', what: 'make', noun: 'sync', nth: 3, label: 'Users' },
      { do: 'clear' },
    ),
    settled: true,
  },
  // A dataset and a sync of one id go together with the sync that reads the dataset, and an undo makes all of them again.
  {
    ...world(
      [set, { ...users, of: 'a' }, { ...users, name: 'b', label: 'Orders' }],
      { do: 'clear' },
      { do: 'apply', flags: { ...flags, prune: true }, trouble: quiet },
      { do: 'undo', nth: 1, trouble: quiet },
    ),
    settled: true,
  },
];
