import { finishedRun, recorded } from '../core/adopted.ts';
import { didYouMean } from '../core/suggest.ts';
import type { LedgerStore } from '../ledger/store.ts';
import type { Address } from '../model/address.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Ledger } from '../model/ledger.ts';
import type { RemoteId } from '../model/live.ts';
import { ledgerFrom } from './read.ts';
import type { RunIdentity } from './request.ts';

/** Lets an address go: its sync is no longer ours, and stays as it is. Returns the id. Only the ledger is written, which remembers who did it. */
export async function forgetAddress(
  store: LedgerStore,
  address: Address,
  identity: RunIdentity,
  now: Date,
): Promise<RemoteId | null> {
  const ledger = await ledgerOf(store, now);
  const { [address]: entry, ...syncs } = ledger.syncs;
  if (entry === undefined) {
    const hint = didYouMean(address, Object.keys(syncs), 'The ledger binds no address.');
    throw new SynclineError('unknown-address', `The ledger does not know ${address}.`, hint, Exit.invalid);
  }
  const run = finishedRun({ ...identity, at: now.toISOString() }, [recorded('forget', address, entry)]);
  await store.save({ ...ledger, syncs, runs: [...ledger.runs, run] });
  return entry.id;
}

/** Records that a row is no sync, or no longer one, so that nobody takes it for one. Only the ledger is written. */
export async function forgetRow(store: LedgerStore, id: RemoteId, now: Date): Promise<void> {
  const ledger = await ledgerOf(store, now);
  const owner = Object.entries(ledger.syncs).find(([, entry]) => entry.id === id || entry.retires === id);
  if (owner !== undefined) {
    const hint = `Forget the address instead: syncline forget ${owner[0]}.`;
    throw new SynclineError('bound-row', `The sync ${id} is bound to ${owner[0]}.`, hint, Exit.refused);
  }
  await store.save({
    ...ledger,
    dead: { ...ledger.dead, [id]: { address: '', reason: 'by-hand', at: now.toISOString() } },
  });
}

async function ledgerOf(store: LedgerStore, now: Date): Promise<Ledger> {
  const stored = await store.read(Promise.resolve(() => undefined));
  if (stored !== undefined) return ledgerFrom(stored, now);
  const hint = 'An apply makes the first record; `ledger: none` keeps none.';
  throw new SynclineError('no-ledger', 'There is no ledger for this target yet.', hint, Exit.refused);
}
