import type { Address } from './address.ts';
import type { Origin } from './diagnostic.ts';
import type { SynclineError } from './errors.ts';
import type { RemoteId } from './live.ts';
import type { Action, Blocked, NoteCode, Selection } from './plan.ts';

export type OutcomeStatus =
  | 'applied'
  | 'unconfirmed'
  | 'failed'
  | 'skipped'
  | 'stale'
  | 'unchanged'
  | 'valid'
  | 'invalid'
  | 'unchecked';

/** What happened to one change, past tense. */
export interface Outcome {
  readonly address: Address;
  readonly action: Action;
  readonly status: OutcomeStatus;
  readonly id: RemoteId | null;
  /** Why it is not `applied` or `valid`; null otherwise. One line, secrets redacted. */
  readonly error: string | null;
  /** Of the manifest; null for a thing that none declares. */
  readonly origin: Origin | null;
}

/** What programs get to see of an outcome: where its manifest stands they know from the plan. */
export type ToldOutcome = Omit<Outcome, 'origin'>;

export interface ApplyReport {
  readonly target: string;
  /** Of a partial plan: only of that part `converged` speaks. Absent where it is of the whole target. */
  readonly selection?: Selection | undefined;
  /** Names the run in the ledger; null for a dry run and without a ledger. */
  readonly run: string | null;
  /** Read back after each write: is everything as planned, and nothing left that needs somebody? null for a dry run. */
  readonly converged: boolean | null;
  readonly outcomes: readonly Outcome[];
  /** What the plan does not do, and why. */
  readonly blocked: readonly Blocked[];
  readonly notes: readonly { readonly address: Address; readonly code: NoteCode; readonly message: string }[];
  /** Why the run could not be brought to its proper end, such as a lock that was lost; null otherwise. */
  readonly fault: SynclineError | null;
  /** Was anything written, or may it have been? Decides between exit 1 and 5. */
  readonly wrote: boolean;
  /** Was the run stopped (Ctrl-C) before its end? */
  readonly interrupted: boolean;
}
