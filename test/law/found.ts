import { quiet } from './run.ts';
import { blank, type Declaration } from './service.ts';
import type { LawWorld, Step, Trouble } from './world.ts';

export const flags = { prune: false, only: undefined, force: false };
export const users: Declaration = { ...blank, name: 'a', label: 'Users', tag: 'x' };
export const apply = (trouble: Partial<Trouble> = {}): Step => ({
  do: 'apply',
  flags,
  trouble: { ...quiet, ...trouble },
});
const dryRun = (trouble: Partial<Trouble> = {}): Step => ({ do: 'dry-run', flags, trouble: { ...quiet, ...trouble } });
export const mood = (extra: Partial<Trouble['mood']>) => ({ mood: { ...quiet.mood, ...extra } });

export function world(declarations: LawWorld['declarations'], ...steps: readonly Step[]): LawWorld {
  return { ledger: 'memory', maxDeletes: 5, concurrency: 1, seed: 0, settled: false, declarations, steps };
}

/** Worlds in which a promise was broken once, shrunk. They are tried before any that chance makes. */
export const found: readonly LawWorld[] = [
  // A sync is gone, and somebody else's bears its label: the manifest may take that one over.
  world(
    [{ ...users, lifecycle: { adopt: true } }],
    apply(),
    { do: 'meddle', what: 'delete', noun: 'sync', nth: 0, label: 'Users' },
    { do: 'meddle', what: 'make', noun: 'sync', nth: 0, label: 'Users' },
  ),
  // A sync that was only hidden is made again, the run dies, and the manifest says something else by then.
  world([users], apply(), apply({ ...mood({ gone: true }), killAt: 13 }), {
    do: 'declare',
    declaration: { ...users, tag: 'y' },
  }),
  // The service makes what it was only to check, and its answer cannot be read.
  world(
    [users],
    dryRun({ ...mood({ ignoresValidateOnly: true }), faults: [{ on: 'check', nth: 1, kind: 'page', span: 1 }] }),
    apply(),
  ),
  // Two deletes go side by side, and the disk is full before the second one.
  {
    ...world([users, { ...users, name: 'b', label: 'Orders' }], {
      do: 'undo',
      nth: 0,
      trouble: { ...quiet, habits: { ...quiet.habits, fullAt: 2 } },
    }),
    concurrency: 8,
    settled: true,
  },
  // A row of an earlier create has to be asked, and nothing else is written that would show whether the answer counts.
  world(
    [
      { ...users, label: 'Events' },
      { ...users, name: 'b' },
    ],
    apply({ habits: { ...quiet.habits, fullAt: 4 } }),
    apply(mood({ gone: true, headless: true })),
    { do: 'withdraw', noun: 'sync', name: 'b', to: 'a' },
  ),
  // The new sync of a replace is deleted by somebody before the old one went.
  {
    ...world(
      [{ ...users, label: 'Users ' }],
      { do: 'declare', declaration: { ...users, tag: 'y', lifecycle: { replace: 'allow' } } },
      apply({ habits: { ...quiet.habits, loseAt: 2 } }),
      { do: 'meddle', what: 'delete', noun: 'sync', nth: 1, label: 'Users' },
      apply(),
    ),
    settled: true,
  },
  // A ghost is denied by the list until its time is over, and the next create never leaves.
  world(
    [{ ...users, lifecycle: { adopt: true } }],
    apply(mood({ headless: true })),
    { do: 'wait', seconds: 20 },
    apply({ ...mood({ gone: true }), habits: { ...quiet.habits, fullAt: 1 } }),
    apply(),
  ),
  // A new sync is paused by an update whose answer nobody hears, and the manifest wants it to run by then.
  {
    ...world(
      [users],
      { do: 'declare', declaration: { ...users, name: 'c', label: 'Events', paused: true, tag: 'z' } },
      apply({ killAt: 29 }),
      { do: 'declare', declaration: { ...users, name: 'c', label: 'Events', paused: false, tag: 'z' } },
      apply(),
    ),
    settled: true,
  },
  // The journal is lost of a run that made a sync which runs after another of the same run.
  world(
    [users, { ...users, name: 'b', label: 'Leads' }, { ...users, name: 'c', label: 'Events', after: 'a' }],
    apply({ killAt: 27, journalLost: true }),
    { do: 'declare', declaration: { ...users, name: 'c', label: 'Orders' } },
  ),
  // A row proves to be whole by a second sync, and the run dies before that one has gone again.
  world(
    [{ ...users, label: 'Leads' }],
    apply(),
    { do: 'declare', declaration: { ...users, name: 'b' } },
    apply({ habits: { ...quiet.habits, fullAt: 2 } }),
    { do: 'wait', seconds: 8 },
    apply({ faults: [{ on: 'read', nth: 1, kind: 'again-later', span: 1 }], killAt: 32 }),
  ),
  // What the lost journal alone knew is found by its label, and somebody has changed that.
  world(
    [users],
    apply({ habits: { ...quiet.habits, loseAt: 2 } }),
    { do: 'meddle', what: 'relabel', noun: 'sync', nth: 0, label: 'Leads' },
    apply({ killAt: 1, journalLost: true }),
    apply(),
  ),
];
