import type { Proof } from '../../engine/migrate/prove.ts';
import type { Stored } from '../../ledger/store.ts';
import type { MigrationRecord } from '../../model/ledger.ts';
import type { MigrationReport, MoveRun } from '../../model/migration.ts';
import { needsAttention } from '../../model/plan.ts';
import type { Route } from './route.ts';

/** What a proof says of a move that has not been made. `forgetful`: is there no memory to move? */
export function reportOf(route: Route, proof: Proof, stored: Stored | undefined, forgetful: boolean): MigrationReport {
  const begun = stored?.ledger.meta.migration;
  const isTurned = route.lives === route.to;
  const turned = <One extends { readonly from: unknown; readonly to: unknown }>(one: One): One =>
    isTurned ? { ...one, from: one.to, to: one.from } : one;
  return {
    target: route.written.name,
    from: route.from,
    to: route.to,
    moved: false,
    already: false,
    proved: proof.doubtful.length === 0 && proof.differences.length === 0,
    pending: proof.from.changes.length + proof.from.blocked.filter(needsAttention).length,
    pairs: proof.pairs.map(turned),
    doubtful: proof.doubtful.map(turned),
    strangers: proof.strangers,
    differences: proof.differences.map(turned),
    assumptions: proof.unlisted.map(route.migration.unlisted),
    forgetful,
    called: route.migration.called,
    open: begun?.state === 'open' ? runOf(begun) : null,
    done: begun?.state === 'done' && isTurned ? runOf(begun) : null,
    file: null,
    rewritten: false,
    variable: null,
  };
}

function runOf({ run, actor, at }: MigrationRecord): MoveRun {
  return { run, actor, at };
}

/** The report where the target is there already. */
export function nothingToDo({ written, from, to }: Route): MigrationReport {
  return {
    ...{ target: written.name, from, to, moved: false, already: true, proved: true, pending: 0 },
    ...{ pairs: [], doubtful: [], strangers: 0, differences: [], assumptions: [], forgetful: false, called: {} },
    ...{ open: null, done: null, file: null, rewritten: false, variable: null },
  };
}
