import { describe, expect, it } from 'vitest';
import { exitOfPlans, exitOfReport, worstExit } from '../../src/core/exit.ts';
import { makePlan } from '../../src/core/plan.ts';
import { Exit, type ExitCode } from '../../src/model/errors.ts';
import type { ApplyReport, OutcomeStatus } from '../../src/model/outcome.ts';
import { entry, input, ledger, live, manifest } from '../support/world.ts';

const nothing = makePlan(input());
const foreign = makePlan(input({ manifests: [manifest('users')], live: [live('1')] }));
const pruneOff = makePlan(input({ live: [live('1')], ledger: ledger({ users: entry('1') }) }));
const pending = makePlan(input({ manifests: [manifest('users')] }));

function report(statuses: readonly OutcomeStatus[], extra: Partial<ApplyReport> = {}): ApplyReport {
  const outcomes = statuses.map((status, index) => {
    return { address: `CensusSync/s${index}`, action: 'update' as const, status, id: String(index), error: null };
  });
  return {
    target: 'production',
    run: null,
    converged: false,
    outcomes,
    notes: [],
    fault: null,
    wrote: false,
    interrupted: false,
    ...extra,
  };
}

const wrote = { wrote: true };
const stopped = { interrupted: true };

describe('exit codes', () => {
  it.each<[string, ApplyReport, typeof nothing, ExitCode]>([
    ['nothing to do', report([]), nothing, Exit.ok],
    ['all applied', report(['applied', 'unchanged'], wrote), nothing, Exit.ok],
    ['all failed, nothing written', report(['failed']), nothing, Exit.failed],
    ['some applied, one failed', report(['applied', 'failed'], wrote), nothing, Exit.partial],
    ['failed, but perhaps written', report(['failed'], wrote), nothing, Exit.partial],
    ['stale, nothing written', report(['stale']), nothing, Exit.refused],
    ['stale beside something applied', report(['applied', 'stale'], wrote), nothing, Exit.partial],
    ['stopped before the first write', report(['skipped'], stopped), nothing, Exit.failed],
    ['stopped halfway', report(['applied', 'skipped'], { ...wrote, ...stopped }), nothing, Exit.partial],
    ['all done, something foreign is left', report(['applied'], wrote), foreign, Exit.refused],
    ['what only waits for --prune', report([]), pruneOff, Exit.ok],
    ['a dry run with an invalid body', report(['valid', 'invalid']), nothing, Exit.invalid],
  ])('of an apply: %s', (_title, given, plan, expected) => {
    expect(exitOfReport(given, plan)).toBe(expected);
  });

  it.each<[string, typeof nothing, boolean, ExitCode]>([
    ['changes, asked', pending, true, Exit.changes],
    ['changes, not asked', pending, false, Exit.ok],
    ['all of them blocked', foreign, true, Exit.changes],
    ['only --prune is missing', pruneOff, true, Exit.ok],
    ['nothing', nothing, true, Exit.ok],
  ])('of a plan: %s', (_title, plan, asked, expected) => {
    expect(exitOfPlans([plan], asked)).toBe(expected);
  });

  it('of several targets: a failure beside something written is a partial apply', () => {
    expect(worstExit([Exit.ok, Exit.failed], true)).toBe(Exit.partial);
    expect(worstExit([Exit.ok, Exit.failed], false)).toBe(Exit.failed);
    expect(worstExit([Exit.ok, Exit.refused], true)).toBe(Exit.refused);
    expect(worstExit([])).toBe(Exit.ok);
  });
});
