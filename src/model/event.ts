import type { Address } from './address.ts';
import type { ExitCode } from './errors.ts';
import type { RemoteId } from './live.ts';
import type { OutcomeStatus, ToldOutcome } from './outcome.ts';
import type { Action, Blocked, PlanSummary } from './plan.ts';
import type { Wait } from './wait.ts';

/** What every event says. */
interface AnyEvent {
  readonly version: 1;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** null only in the report of an apply that came to no target. */
  readonly target: string | null;
  /** Names the run in the ledger; null for a dry run, without a ledger, and until the run is recorded. */
  readonly run: string | null;
}

/** The plan is about to be carried out, or checked. */
export interface StartEvent extends AnyEvent {
  readonly event: 'start';
  readonly dry_run: boolean;
  /** Of the plan. */
  readonly digest: string;
  readonly summary: PlanSummary;
}

/** What the plan does not do, and why. */
export interface BlockedEvent extends AnyEvent, Blocked {
  readonly event: 'blocked';
}

/** Work on a change begins (`started`), or this has become of it. */
export interface ChangeEvent extends AnyEvent {
  readonly event: 'change';
  readonly address: Address;
  readonly action: Action;
  readonly status: 'started' | OutcomeStatus;
  readonly id: RemoteId | null;
  readonly error: string | null;
}

/** Something has to be waited for. */
export interface WaitEvent extends AnyEvent {
  readonly event: 'wait';
  readonly reason: Wait['reason'];
  /** The change that waits; null where a request does. */
  readonly address: Address | null;
  /** Method and path; null where a change waits. */
  readonly request: string | null;
  /** How long; for a change, at most. */
  readonly milliseconds: number;
  readonly message: string;
}

/** The last event of a target: what everything has come to. */
export interface ReportEvent extends AnyEvent {
  readonly event: 'report';
  readonly converged: boolean | null;
  readonly outcomes: readonly ToldOutcome[];
  readonly blocked: readonly Blocked[];
  /** What the command would end with if this were its only target. */
  readonly exit: ExitCode;
  /** Why it did not come to its proper end; null otherwise. */
  readonly error: { readonly code: string; readonly message: string; readonly hint: string } | null;
}

/** One line of `apply --format ndjson`. */
export type ApplyEvent = StartEvent | BlockedEvent | ChangeEvent | WaitEvent | ReportEvent;
