import { withIds } from '../core/references/fill.ts';
import type { Journal } from '../ledger/store.ts';
import { type Address, kindOf } from '../model/address.ts';
import { ProviderError } from '../model/errors.ts';
import { withoutSecrets } from '../model/hidden.ts';
import type { Spec } from '../model/json.ts';
import type { JournalLine, Ledger } from '../model/ledger.ts';
import { type Key, type Live, partsOf, type RemoteId } from '../model/live.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Change } from '../model/plan.ts';
import { type Provider, type Resource, resourceOf } from '../model/provider.ts';
import { secretsOf } from '../render/hide.ts';
import type { Canary } from './ghosts.ts';
import type { Progress } from './request.ts';
import { sayError } from './say.ts';

/** What the changes of one run share. */
export interface RunContext {
  readonly provider: Provider;
  readonly now: () => Date;
  readonly settleSeconds: number;
  /** The ledger with this run's intent in it; null without memory. */
  readonly ledger: Ledger | null;
  /** The ledger as it was before this run; null without memory. */
  readonly before: Ledger | null;
  /** Rows that an unanswered create may have left behind, by address. */
  readonly suspects: ReadonlyMap<Address, readonly Live[]>;
  /** Lets the first create fly alone where a failed one leaves something behind. */
  canaryOf(kind: string): Canary;
  /** What was listed, bound or buried before the run, and what it has made since. */
  readonly known: Set<Key>;
  /** Ids that bore a label before the run. */
  bearers(kind: string, label: string): readonly RemoteId[];
  /** Ids of the things this run has made, by address. */
  readonly made: Map<Address, RemoteId>;
  /** Puts a line on disk before going on. Throws where that fails, and nothing more may be written then. */
  record(line: Omit<JournalLine, 'at'>): Promise<void>;
  /** Addresses that other changes of this run wait for. */
  readonly needed: ReadonlySet<Address>;
  /** The first change that this run could not carry out, once there is one: nothing is deleted after it. */
  failed: Address | undefined;
  /** Keeps deletes back that are on their way already. */
  stopDeleting(): void;
  /** Aborted once nothing new may start. */
  readonly signal: AbortSignal;
  /** Waits that many milliseconds. */
  sleep(milliseconds: number): Promise<void>;
  /** Told what no outcome can carry. */
  readonly warn: ((message: string) => void) | undefined;
  readonly progress: Progress;
  /** Something was written, or may have been. */
  touched(): void;
}

/** Records lines in the journal and keeps them for the fold at the end. A journal that cannot be written stops the run. */
export function recorder(
  journal: Journal,
  lines: JournalLine[],
  now: () => Date,
  stop: () => void,
): RunContext['record'] {
  return async (line) => {
    const dated = { at: now().toISOString(), ...line };
    try {
      await journal.append(dated);
    } catch (error) {
      stop();
      throw new Error(`The journal of this run cannot be written: ${sayError(error)}`, { cause: error });
    }
    lines.push(dated);
  };
}

/** Where what a change is about is read and written. */
export function resourceFor(
  { provider }: Pick<RunContext, 'provider'>,
  { address }: Pick<Change, 'address'>,
): Resource {
  return resourceOf(provider, kindOf(address));
}

/** The spec of a change with the ids of things that this run has made in the place of what stood for them. */
export function filledSpec(context: RunContext, change: Change): Spec {
  return withIds(resourceFor(context, change).traits, change.desired ?? {}, (address) => context.made.get(address));
}

/** Ids of this kind that were known before, or have been made since. */
export function knownIds({ known }: RunContext, kind: string): ReadonlySet<RemoteId> {
  const ids = new Set<RemoteId>();
  for (const key of known) {
    const parts = partsOf(key);
    if (parts.kind === kind) ids.add(parts.id);
  }
  return ids;
}

/** The outcome of a change. Where a service repeats what it was sent, what is hidden stays out of it. */
export function outcome(change: Change, status: Outcome['status'], error: string | null, id = change.id): Outcome {
  const { address, action, origin } = change;
  const said = error === null ? null : withoutSecrets(error, secretsOf(change));
  return { address, action, status, id, error: said, origin };
}

/** Did a request that failed reach the server? Anything but the provider's own error leaves that open. */
export function fateOf(error: unknown): 'refused' | 'unsent' | 'unknown' {
  return error instanceof ProviderError ? error.fate : 'unknown';
}
