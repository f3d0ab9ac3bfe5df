import { ended, finishedRun } from '../core/adopt/adopted.ts';
import { boundTo } from '../core/live-index.ts';
import { upgraded } from '../core/memory/upgrade.ts';
import { didYouMean } from '../core/suggest.ts';
import { clockError } from '../ledger/lock.ts';
import { type LedgerStore, nothingDeclared } from '../ledger/store.ts';
import type { Address } from '../model/address.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { KindDefinition } from '../model/kind.ts';
import type { Ledger, RunForget } from '../model/ledger.ts';
import { keyOf, type RemoteId } from '../model/live.ts';
import { guardApi } from './ledger-guard.ts';
import { withoutLedger } from './no-ledger.ts';
import { ledgerFrom } from './read.ts';
import type { RunIdentity } from './request.ts';

/** Whose ledger is written, and who does it when. The service is not needed. */
export interface ForgetRequest {
  /** The name of the target. */
  readonly target: string;
  readonly api: string;
  /** Are the targets of the API groups in the place of a workspace? */
  readonly grouped: boolean;
  readonly store: LedgerStore;
  readonly identity: RunIdentity;
  readonly now: Date;
  /** The kinds that the target may hold. */
  readonly kinds: ReadonlyMap<string, KindDefinition>;
}

/** Lets an address go: its sync is no longer ours, and stays as it is. Returns the id. Only the ledger is written, which remembers who did it. */
export async function forgetAddress(request: ForgetRequest, address: Address): Promise<RemoteId | null> {
  const ledger = await ledgerOf(request);
  const { [address]: entry, ...syncs } = ledger.syncs;
  if (entry === undefined) {
    const hint = didYouMean(address, Object.keys(syncs), 'The ledger binds no address.');
    throw new SynclineError('unknown-address', `The ledger does not know ${address}.`, hint, Exit.invalid);
  }
  await save(request, { ...ledger, syncs }, ended(address, entry));
  return entry.id;
}

/**
 * Records that a row is nothing of its kind, or no longer, so that nobody takes it for one. Only the ledger is written, which
 * remembers who did it; nothing is written for a row that is known to be dead already.
 * @throws SynclineError (exit 3) for a service that shows only what there is, (exit 4) for a row that an address owns.
 */
export async function forgetRow(
  request: ForgetRequest,
  kind: Pick<KindDefinition, 'kind' | 'traits' | 'ghosts'>,
  id: RemoteId,
): Promise<'recorded' | 'dead-already'> {
  if (!kind.ghosts) throw noDeadRows(request);
  const ledger = await ledgerOf(request);
  const key = keyOf(kind.kind, id);
  const owner = boundTo(ledger).get(key);
  if (owner !== undefined) {
    const hint = `Forget the address instead: syncline forget ${owner}.`;
    throw new SynclineError('bound-row', `The ${kind.traits.noun} ${id} is bound to ${owner}.`, hint, Exit.refused);
  }
  // What a run has proved must not become a person's word, which a person may take back.
  if (ledger.dead[key] !== undefined) return 'dead-already';
  const tombstone = { address: '', reason: 'by-hand', at: request.now.toISOString() } as const;
  // A row that nobody owns has no address; its kind stands for one.
  const row = { id, label: null, protect: false, on_delete: 'delete' } as const;
  await save(request, { ...ledger, dead: { ...ledger.dead, [key]: tombstone } }, ended(kind.kind, row));
  return 'recorded';
}

async function save({ store, identity, now }: ForgetRequest, ledger: Ledger, change: RunForget): Promise<void> {
  const run = finishedRun(ledger, { ...identity, at: now.toISOString() }, [change]);
  await store.save({ ...ledger, runs: [...ledger.runs, run] });
}

async function ledgerOf({ target, api, grouped, store, now, kinds }: ForgetRequest): Promise<Ledger> {
  if (store.kind === 'none') throw withoutLedger(target);
  const stored = await store.read(nothingDeclared);
  if (stored !== undefined) guardApi(stored.ledger, { target, api, grouped, place: store.place });
  // The service is not asked anything, so no answer tells the time.
  const unknown = clockError(stored?.lock, undefined);
  if (unknown !== undefined) throw unknown;
  if (stored !== undefined) return upgraded(ledgerFrom(stored, now), kinds);
  const hint = 'An apply makes the first record; `ledger: none` keeps none.';
  throw new SynclineError('no-ledger', 'There is no ledger for this target yet.', hint, Exit.refused);
}

function noDeadRows({ target }: ForgetRequest): SynclineError {
  const message = `Target "${target}" has no dead rows: its service shows only what exists.`;
  const hint = 'Syncline leaves alone what it does not own; `syncline forget ADDRESS` unbinds an address.';
  return new SynclineError('no-dead-rows', message, hint, Exit.invalid);
}
