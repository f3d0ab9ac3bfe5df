import { isRemoval } from '../core/actions.ts';
import type { Address } from '../model/address.ts';
import { SynclineError } from '../model/errors.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Change } from '../model/plan.ts';

export interface RunOptions {
  readonly concurrency: number;
  /** Nothing new starts once it is aborted. */
  readonly signal: AbortSignal;
  /** Addresses that an earlier run has left in doubt: they come after the others, whose answers may settle the doubt. */
  readonly doubtful: ReadonlySet<Address>;
  /** Changes that are refused before anything is sent, with the reason. */
  readonly stale: ReadonlyMap<Address, string>;
  /** Addresses that a change takes away. */
  readonly removals: ReadonlySet<Address>;
  /** Carries out one change; never throws. */
  apply(change: Change): Promise<Outcome>;
  done(outcome: Outcome): void;
}

/**
 * Runs changes side by side, each after those it depends on. What failed takes its dependents with it, not its neighbours;
 * removals wait for everything else and do not run after any error. What is in doubt comes last among its kind, and is asked
 * once more at the end if it could not be told before: by then another answer may have settled it.
 */
export async function runChanges(changes: readonly Change[], options: RunOptions): Promise<Outcome[]> {
  const outcomes = new Map<Address, Outcome>();
  const settle = (outcome: Outcome) => {
    outcomes.set(outcome.address, outcome);
    if (outcome.status !== 'unchanged') options.done(outcome);
  };
  const kept = changes.filter((one) => !isRemoval(one));
  const removed = changes.filter(isRemoval);
  for (const stage of [...inTwo(kept, options.doubtful), ...inTwo(removed, options.doubtful)]) {
    await runStage(stage, options, outcomes, settle);
  }
  const deleting = changes.filter((one) => isRemoval(one) || one.action === 'replace');
  const open = deleting.filter(({ address }) => outcomes.get(address)?.status === 'unchanged');
  const hasNews = [...outcomes.values()].some((one) => one.status === 'applied');
  if (hasNews) await runStage(open, options, outcomes, settle);
  for (const one of outcomes.values()) if (one.status === 'unchanged') options.done(one);
  return changes.flatMap((change) => outcomes.get(change.address) ?? []);
}

/** What is certain, and what is in doubt. */
function inTwo(changes: readonly Change[], doubtful: ReadonlySet<Address>): readonly (readonly Change[])[] {
  const sure = changes.filter((one) => !isInDoubt(one, changes, doubtful));
  return [sure, changes.filter((one) => !sure.includes(one))];
}

/** A change that waits for one in doubt cannot come before it either. */
function isInDoubt(change: Change, all: readonly Change[], doubtful: ReadonlySet<Address>): boolean {
  if (doubtful.size === 0) return false;
  if (doubtful.has(change.address)) return true;
  return all.some((other) => change.depends_on.includes(other.address) && isInDoubt(other, all, doubtful));
}

async function runStage(
  stage: readonly Change[],
  options: RunOptions,
  outcomes: ReadonlyMap<Address, Outcome>,
  settle: (outcome: Outcome) => void,
): Promise<void> {
  const waiting = new Set(stage);
  const running = new Set<Promise<void>>();
  while (waiting.size > 0 || running.size > 0) {
    for (const change of waiting) {
      if (running.size >= options.concurrency) break;
      const refusal = refusalOf(change, options, outcomes);
      if (refusal === undefined && !isReady(change, outcomes)) continue;
      waiting.delete(change);
      if (refusal !== undefined) {
        settle(refusal);
        continue;
      }
      const run = options.apply(change).then((outcome) => {
        running.delete(run);
        settle(outcome);
      });
      running.add(run);
    }
    if (running.size > 0) await Promise.race(running);
    else if (![...waiting].some((change) => isReady(change, outcomes))) {
      // A plan that was put together by hand may wait for itself; it must not do so for ever.
      for (const change of waiting)
        settle(outcomeOf(change, 'skipped', 'It depends on something that is not part of this run.'));
      waiting.clear();
    }
  }
}

function isReady(change: Change, outcomes: ReadonlyMap<Address, Outcome>): boolean {
  return change.depends_on.every((address) => outcomes.has(address));
}

function refusalOf(change: Change, options: RunOptions, outcomes: ReadonlyMap<Address, Outcome>): Outcome | undefined {
  const stale = options.stale.get(change.address);
  if (stale !== undefined) return outcomeOf(change, 'stale', stale);
  const skip = (error: string) => outcomeOf(change, 'skipped', error);
  if (options.signal.aborted) return skip(whyStopped(options.signal));
  const broken = change.depends_on.find((other) => isBad(outcomes.get(other)));
  if (broken !== undefined) return skip(`It depends on ${broken}, which was not applied.`);
  if (!isRemoval(change)) return undefined;
  const failed = [...outcomes.values()].find((one) =>
    isErrorBeforeDeletes({ removes: options.removals.has(one.address) }, one),
  );
  return failed === undefined ? undefined : skip(`Nothing is deleted after an error (${failed.address}).`);
}

/** Does an outcome speak against the deletes that are still to come? A removal that is refused itself says nothing against others. */
export function isErrorBeforeDeletes({ removes }: { readonly removes: boolean }, outcome: Outcome): boolean {
  return isBad(outcome) && !(removes && outcome.status === 'stale');
}

/** Ctrl-C has no more to say than that it came. */
function whyStopped({ reason }: AbortSignal): string {
  return reason instanceof SynclineError ? reason.message : 'The run was stopped before this change started.';
}

function isBad(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && outcome.status !== 'applied' && outcome.status !== 'unchanged';
}

function outcomeOf({ address, action, id, origin }: Change, status: Outcome['status'], error: string): Outcome {
  return { address, action, id, status, error, origin };
}
