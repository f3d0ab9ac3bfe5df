import { isRemoval } from '../core/actions.ts';
import { indexLive, type LiveIndex } from '../core/live-index.ts';
import { begin, withoutGone } from '../core/memory/begin.ts';
import { boundKeys, finish, fold } from '../core/memory/ledger.ts';
import { ageless, refusalOf } from '../core/plan/age.ts';
import { type Agreed, nothingAgreed, withAgreed } from '../core/plan/agreed.ts';
import { clockError, lockedError } from '../ledger/lock.ts';
import type { Journal } from '../ledger/store.ts';
import { type Address, kindOf } from '../model/address.ts';
import type { Age } from '../model/checkout.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { JournalLine, Ledger } from '../model/ledger.ts';
import { type Key, keyAt, type RemoteId } from '../model/live.ts';
import type { ApplyReport, Outcome } from '../model/outcome.ts';
import { type Change, isPartial, needsAttention, type Plan, partOf } from '../model/plan.ts';
import { traitsIn } from '../model/provider.ts';
import { shownBlocked } from '../render/hide.ts';
import { ageOf } from './age.ts';
import { create } from './create.ts';
import { openCanaries } from './ghosts.ts';
import { leftBehind, settleLeft } from './left-behind.ts';
import { assertMadeFor } from './plan-guard.ts';
import { prepareOwed } from './prepare.ts';
import { type Asked, readSnapshot, type Snapshot } from './read.ts';
import { fitting, notForgotten } from './refused.ts';
import { rememberCommit } from './remember-commit.ts';
import type { RunIdentity, TargetRequest } from './request.ts';
import { isErrorBeforeDeletes, runChanges } from './run.ts';
import { outcome, type RunContext, recorder } from './run-context.ts';
import { sayError } from './say.ts';
import { stopsWhenRejected } from './stops-when-rejected.ts';
import { remove, replace, update } from './write.ts';

/** How to apply. */
export interface ApplyOptions {
  readonly identity: RunIdentity;
  /** Aborted by Ctrl-C: what is in flight finishes, nothing new starts. */
  readonly signal: AbortSignal;
  /** What the plan was made from, where that was read just now; otherwise everything is read afresh. */
  readonly snapshot: Snapshot | undefined;
  /** Records that are brought up to date without a word; undefined for what does not go by manifests. */
  readonly agreed?: (() => Agreed) | undefined;
  /** What stands for a checkout, and may be older than the last apply; undefined for what does not go by manifests, as an undo. */
  readonly checkout?: CheckoutWishes | undefined;
  /** Does it take back what a run has done? A move that it makes is one that the ledger forgets. */
  readonly takesBack?: boolean;
  /** Why changes are not to be carried out, whatever the service and the ledger say of them. */
  readonly refused?: ReadonlyMap<Address, string> | undefined;
}

export interface CheckoutWishes {
  /** Apply one that is older than the last apply too, without deletes. */
  readonly allowOld: boolean;
}

/**
 * Does what the plan says, or less. Every object is read again right before it is written; what differs from the plan is
 * stale and left alone. Deletes come last and never after any error.
 * @throws SynclineError where the whole plan is refused; nothing has been written then.
 */
export async function applyPlan(request: TargetRequest, plan: Plan, options: ApplyOptions): Promise<ApplyReport> {
  const snapshot = options.snapshot ?? (await readSnapshot(request, Promise.resolve([]), askedBy(plan)));
  assertMadeFor(plan, request, snapshot.workspace?.id ?? null);
  assertFree(request, snapshot);
  const age = options.checkout === undefined ? ageless : await ageOf(request.checkout, snapshot.last, plan.commit);
  assertAge(age, options.checkout?.allowOld ?? false);
  const kind = options.takesBack === true ? 'taken-back' : 'by-line';
  const { stale, snapshot: seen } = fitting(request, plan, { snapshot, age, kind, refused: options.refused });
  const fresh = plan.changes.filter((change) => !stale.has(change.address));
  const notes = plan.notes.filter(({ address, code }) => code !== 'released' || !stale.has(address));
  const left = leftBehind(plan, seen);
  const run = await beginRun(request, { ...plan, changes: [...fresh, ...left], notes }, options, seen);
  const remembered = run.begun && snapshot.ledger !== null ? options.identity.run : null;
  request.progress?.begun?.(plan, remembered);
  request.provider.permit('all', run.journal.left);
  let outcomes: readonly Outcome[];
  try {
    if (run.begun) await prepareOwed(run.context, seen);
    outcomes = await runChanges(plan.changes, {
      concurrency: request.target.limits.concurrency,
      signal: run.signal,
      stale,
      doubtful: addressesInDoubt(seen),
      removals: new Set(plan.changes.filter(isRemoval).map((change) => change.address)),
      apply: (change) => applyChange(run.context, change),
      done: (one) => request.progress?.outcome?.(one),
    });
    // By now an answer has shown whether the service carries out writes.
    for (const one of left) {
      const settled = await settleLeft(run.context, one);
      for (const outcome of settled) request.progress?.outcome?.(outcome);
      outcomes = [...outcomes, ...settled];
    }
  } finally {
    request.provider.permit('none');
  }
  const fault = run.begun ? await closeRun(run) : null;
  if (!run.begun) await rememberCommit(request, plan, options, snapshot, age);
  const blocked = [...plan.blocked.map(shownBlocked), ...notForgotten(plan, seen, stale)];
  const settled = fault === null && outcomes.every((one) => one.status === 'applied');
  return {
    target: request.target.name,
    selection: partOf(plan.selection),
    run: remembered,
    converged: settled && !blocked.some(needsAttention),
    outcomes,
    blocked,
    notes: plan.notes,
    fault,
    wrote: run.wrote(),
    interrupted: options.signal.aborted && outcomes.some((one) => one.status === 'skipped'),
  };
}

/** Records what became of the run and lets go of the lock. What stands in the way is no reason to be silent about what was done. */
async function closeRun({ journal, ledger, lines }: BegunRun): Promise<SynclineError | null> {
  try {
    await journal.close(finish(fold(ledger, lines)));
  } catch (error) {
    return error instanceof SynclineError ? error : unrecorded(error);
  }
  const { aborted, reason } = journal.lost;
  return aborted ? (reason instanceof SynclineError ? reason : unrecorded(reason)) : null;
}

function unrecorded(error: unknown): SynclineError {
  const message = `What this run has done could not be recorded: ${sayError(error)}`;
  return new SynclineError('ledger-unsaved', message, 'Run again here: its journal is kept and read.', Exit.partial);
}

/** Where rows may be ghosts, or a delete was never confirmed, only a service that is known to carry out writes can tell. */
function addressesInDoubt({ ledger, suspects }: Snapshot): ReadonlySet<Address> {
  const entries = Object.entries(ledger?.syncs ?? {});
  const deleting = entries.filter(([, entry]) => entry.state === 'deleting').map(([address]) => address);
  return new Set([...suspects.keys(), ...deleting]);
}

/**
 * Throws where another run holds the lock, or nobody knows what the ledger says: then nothing is written, nor is anybody asked.
 * @throws SynclineError (exit 4)
 */
export function assertFree({ provider }: Pick<TargetRequest, 'provider'>, { lock, refusal }: Snapshot): void {
  if (refusal !== undefined) throw refusal;
  if (lock?.state === 'held') throw lockedError(lock.lock);
  const wrongClock = clockError(lock, provider.skew());
  if (wrongClock !== undefined) throw wrongClock;
}

/**
 * Throws where an apply is refused whole: nobody is asked about that. @throws SynclineError (exit 4) where the checkout is older
 * than the last apply
 */
export async function assertNotOld(request: TargetRequest, { last }: Snapshot, allowOld: boolean): Promise<void> {
  assertAge(await ageOf(request.checkout, last, null), allowOld);
}

/** Promise 4: an old checkout takes nothing back. */
function assertAge(age: Age, allowOld: boolean): void {
  const refusal = allowOld ? undefined : refusalOf(age);
  if (refusal !== undefined) throw refusal;
}

/** What a plan touches is read whole, bound or not. */
function askedBy({ changes }: Plan): Asked {
  const keys = changes.flatMap(({ address, id }) => (id === null ? [] : [keyAt(address, id)]));
  return { keys, kinds: changes.map(({ address }) => kindOf(address)) };
}

interface BegunRun {
  readonly context: RunContext;
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly lines: readonly JournalLine[];
  readonly signal: AbortSignal;
  /** Was an intent saved, and does the journal have to be closed? */
  readonly begun: boolean;
  wrote(): boolean;
}

/** Saves the intent before the first write: what is to be done, and which syncs bore its labels before. */
async function beginRun(
  request: TargetRequest,
  plan: Plan,
  options: ApplyOptions,
  snapshot: Snapshot,
): Promise<BegunRun> {
  const index = indexLive(snapshot.live, null);
  const bearers = bearersOf(index);
  const { run, actor } = options.identity;
  const commit = options.identity.commit ?? plan.commit;
  const whole = options.checkout !== undefined && !isPartial(plan.selection);
  const header = { run, actor, commit, at: request.now().toISOString(), whole };
  const known = withAgreed(snapshot.ledger ?? nothing, options.agreed?.() ?? nothingAgreed);
  const before = withoutGone(known, plan, snapshot.gone, header.at);
  // Without changes the ledger is still saved where recovery has found something out.
  const begun = plan.changes.length > 0 || snapshot.notes.length > 0 || snapshot.unfinished || before !== known;
  const ledger =
    plan.changes.length > 0
      ? begin(traitsIn(request.provider), before, plan, header, index.byKey, bearers, snapshot.forgotten)
      : before;
  const journal = begun ? await request.store.begin(ledger, { run, actor }) : idle;
  const lines: JournalLine[] = [];
  const broken = new AbortController();
  let wrote = false;
  const signal = AbortSignal.any([options.signal, broken.signal, journal.lost]);
  const context: RunContext = {
    provider: stopsWhenRejected(request.provider, (reason) => broken.abort(reason)),
    now: request.now,
    settleSeconds: request.target.limits.settle_seconds,
    ledger: snapshot.ledger === null ? null : ledger,
    before: snapshot.ledger,
    suspects: snapshot.suspects,
    canaryOf: openCanaries(request.provider),
    known: new Set([...index.byKey.keys(), ...boundKeys(before), ...(Object.keys(before.dead) as Key[])]),
    bearers,
    made: new Map(),
    needed: new Set(plan.changes.flatMap((change) => (isRemoval(change) ? [] : change.depends_on))),
    record: recorder(journal, lines, request.now, () => broken.abort()),
    failed: undefined,
    stopDeleting: () => request.provider.permit('no-deletes', journal.left),
    signal,
    sleep: request.sleep ?? inRealTime,
    warn: request.warn,
    progress: request.progress ?? {},
    touched: () => {
      wrote = true;
    },
  };
  return { context, ledger, journal, lines, signal, begun, wrote: () => wrote };
}

const inRealTime = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

const idle: Journal = {
  append: async () => undefined,
  left: () => Number.POSITIVE_INFINITY,
  lost: new AbortController().signal,
  close: async () => undefined,
};

const nothing: Ledger = {
  meta: { format: 2, provider: '', host: '', workspace: null, project: '' },
  syncs: {},
  dead: {},
  runs: [],
};

/** Ids by label; also of those whose label only looks the same, as that of a create does whose service rewrites it. */
function bearersOf({ alike }: LiveIndex): (kind: string, label: string) => readonly RemoteId[] {
  return (kind, label) => alike(kind, label).map((one) => one.id);
}

/** What became of one change; where it was not carried out, the run knows that it must not delete any more. */
async function applyChange(context: RunContext, change: Change): Promise<Outcome> {
  context.progress.started?.(change);
  const done = await carryOut(context, change);
  const removes = isRemoval(change);
  if (!isErrorBeforeDeletes({ removes }, done)) return done;
  context.failed ??= change.address;
  // Removals come last; before them, the delete that ends a replace has nothing to do with the error of another change.
  if (removes) context.stopDeleting();
  return done;
}

/** Carries out one change. Whatever goes wrong becomes its outcome: the neighbours go on. */
async function carryOut(context: RunContext, change: Change): Promise<Outcome> {
  try {
    switch (change.action) {
      case 'create':
        return await create(context, change);
      case 'replace':
        return await replace(context, change);
      case 'update':
      case 'adopt':
        return await update(context, change);
      case 'delete':
        return await remove(context, change);
      default:
        return change satisfies never;
    }
  } catch (error) {
    return outcome(change, 'failed', sayError(error));
  }
}
