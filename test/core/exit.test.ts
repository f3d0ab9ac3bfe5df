import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exitOfMany, exitOfPlans, exitOfReport } from '../../src/core/exit.ts';
import { makePlan } from '../../src/core/plan/plan.ts';
import { Exit, type ExitCode, SynclineError } from '../../src/model/errors.ts';
import type { FailedTarget } from '../../src/model/failed.ts';
import type { ApplyReport, OutcomeStatus } from '../../src/model/outcome.ts';
import { needsAttention } from '../../src/model/plan.ts';
import { entry, input, ledger, live, manifest } from '../support/world.ts';

const nothing = makePlan(input());
const foreign = makePlan(input({ manifests: [manifest('users')], live: [live('1')] }));
const pruneOff = makePlan(input({ live: [live('1')], ledger: ledger({ users: entry('1') }) }));
const pending = makePlan(input({ manifests: [manifest('users')] }));

/** A report as `apply` makes it: converged where everything was applied and nothing needs anybody. */
function report(statuses: readonly OutcomeStatus[], extra: Partial<ApplyReport> = {}): ApplyReport {
  const outcomes = statuses.map((status, index) => {
    return {
      address: `CensusSync/s${index}`,
      action: 'update' as const,
      status,
      id: String(index),
      error: null,
      origin: null,
    };
  });
  const { blocked = [], fault = null } = extra;
  return {
    target: 'production',
    run: null,
    converged: fault === null && statuses.every((one) => one === 'applied') && !blocked.some(needsAttention),
    outcomes,
    blocked,
    notes: [],
    fault,
    wrote: false,
    interrupted: false,
    ...extra,
  };
}

const wrote = { wrote: true };
const stopped = { interrupted: true };
const lostLock = { fault: new SynclineError('lock-lost', 'The lock was lost.', 'Run again.', Exit.partial) };
const dry = { converged: null };

describe('exit codes', () => {
  it.each<[string, ApplyReport, ExitCode]>([
    ['nothing to do', report([]), Exit.ok],
    ['all applied', report(['applied', 'applied'], wrote), Exit.ok],
    ['only the ledger was written', report(['applied']), Exit.ok],
    ['all failed, nothing written', report(['failed']), Exit.failed],
    ['some applied, one failed', report(['applied', 'failed'], wrote), Exit.partial],
    ['failed, but perhaps written', report(['failed'], wrote), Exit.partial],
    ['accepted, and read back otherwise', report(['applied', 'unconfirmed'], wrote), Exit.partial],
    ['a delete that is still in doubt', report(['applied', 'unchanged'], wrote), Exit.partial],
    ['stale, nothing written', report(['stale']), Exit.refused],
    ['stale beside something applied', report(['applied', 'stale'], wrote), Exit.partial],
    ['stopped before the first write', report(['skipped'], stopped), Exit.failed],
    ['stopped halfway', report(['applied', 'skipped'], { ...wrote, ...stopped }), Exit.partial],
    ['a lost lock, nothing written', report(['skipped'], lostLock), Exit.failed],
    ['a lost lock after writing', report(['applied'], { ...wrote, ...lostLock }), Exit.partial],
    ['all done, something foreign is left', report(['applied'], { ...wrote, blocked: foreign.blocked }), Exit.refused],
    ['nothing but what is blocked', report([], { blocked: foreign.blocked }), Exit.refused],
    ['failed beside what is blocked', report(['failed'], { blocked: foreign.blocked }), Exit.failed],
    ['what only waits for --prune', report([], { blocked: pruneOff.blocked }), Exit.ok],
    ['a dry run of valid bodies', report(['valid'], dry), Exit.ok],
    ['a dry run with an invalid body', report(['valid', 'invalid'], dry), Exit.invalid],
    ['invalid wins over blocked', report(['invalid'], { ...dry, blocked: foreign.blocked }), Exit.invalid],
    ['a dry run with something blocked', report(['valid'], { ...dry, blocked: foreign.blocked }), Exit.refused],
    ['a dry run that made a sync', report(['unchecked', 'invalid'], { ...dry, ...wrote, ...lostLock }), Exit.partial],
    ['a dry run that could not ask', report(['valid', 'unchecked'], { ...dry, ...lostLock }), Exit.failed],
  ])('of an apply: %s', (_title, given, expected) => {
    expect(exitOfReport(given)).toBe(expected);
  });

  it('never contradict their report', () => {
    const statuses: OutcomeStatus[] = ['applied', 'unconfirmed', 'failed', 'skipped', 'stale', 'unchanged'];
    const anyReport = fc.record({
      outcomes: fc.array(fc.constantFrom(...statuses), { maxLength: 4 }),
      wrote: fc.boolean(),
      interrupted: fc.boolean(),
      blocked: fc.constantFrom(nothing.blocked, foreign.blocked, pruneOff.blocked),
      fault: fc.constantFrom(null, lostLock.fault),
    });
    fc.assert(
      fc.property(anyReport, ({ outcomes, ...extra }) => {
        const given = report(outcomes, extra);
        const exit = exitOfReport(given);
        const undone = outcomes.some((one) => one !== 'applied') || extra.fault !== null;
        expect(exit === Exit.ok).toBe(given.converged);
        if (exit === Exit.failed) expect(extra.wrote).toBe(false);
        if (undone && extra.wrote) expect(exit).toBe(Exit.partial);
        if (exit === Exit.partial) expect(extra.wrote && undone).toBe(true);
      }),
    );
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

  const lost = (...exits: ExitCode[]) =>
    exits.map((exit, index) => ({ target: `lost-${index}`, exit, code: 'lost', message: 'It failed.' }));

  it.each<[string, readonly ExitCode[], readonly FailedTarget[], boolean, ExitCode]>([
    ['a failure beside something written is a partial apply', [Exit.ok], lost(Exit.failed), true, Exit.partial],
    ['invalid input beside something written too', [Exit.ok], lost(Exit.invalid), true, Exit.partial],
    ['a target that was refused beside something written too', [Exit.ok], lost(Exit.refused), true, Exit.partial],
    ['a report of failures beside something written too', [Exit.ok, Exit.failed], [], true, Exit.partial],
    ['a partial apply anywhere', [Exit.ok, Exit.partial], lost(Exit.failed), false, Exit.partial],
    ['a failure before invalid input', [Exit.invalid], lost(Exit.failed, Exit.refused), false, Exit.failed],
    ['invalid input before what is refused', [Exit.refused, Exit.changes], lost(Exit.invalid), false, Exit.invalid],
    ['what is blocked beside something written is refused', [Exit.ok, Exit.refused], [], true, Exit.refused],
    ['a target that was refused before changes', [Exit.changes], lost(Exit.refused), false, Exit.refused],
    ['nothing at all', [], [], false, Exit.ok],
  ])('of several targets: %s', (_title, codes, failed, anyWrote, expected) => {
    expect(exitOfMany(codes, failed, anyWrote)).toBe(expected);
  });
});
