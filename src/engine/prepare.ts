import { equal } from '../core/spec/equal.ts';
import { prepares } from '../core/spec/prepares.ts';
import { type Address, kindOf } from '../model/address.ts';
import type { Ledger, RunChange } from '../model/ledger.ts';
import type { RemoteId } from '../model/live.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Change } from '../model/plan.ts';
import type { Resource } from '../model/provider.ts';
import type { Snapshot } from './read.ts';
import { type RunContext, resourceFor } from './run-context.ts';
import { sayError } from './say.ts';

/** How long whatever needs a thing waits until the service has worked out what it needs, in milliseconds. */
const limit = 120_000;

/**
 * The outcome as it is, once the service has worked out what others need of a thing that was made or changed. Only what this run
 * writes next is waited for, and two minutes at most; where it fails, the service decides what it makes of those others.
 */
export async function prepared(context: RunContext, change: Change, done: Outcome): Promise<Outcome> {
  const resource = resourceFor(context, change);
  if (done.status !== 'applied' || done.id === null || resource.prepare === undefined) return done;
  if (change.action !== 'create' && !change.fields.some(({ path }) => prepares(resource.traits, path))) return done;
  await prepare(context, resource, change.address, done.id);
  return done;
}

/**
 * Lets the service work out what a run that died may not have asked it for any more: of each thing that it made, or changed so that it
 * has to be worked out anew. Asked twice, it does no harm.
 */
export async function prepareOwed(context: RunContext, snapshot: Snapshot): Promise<void> {
  if (snapshot.ledger === null || context.signal.aborted) return;
  for (const { address, id, resource } of owed(context, snapshot.ledger, snapshot))
    await prepare(context, resource, address, id);
}

interface Owed {
  readonly address: Address;
  readonly id: RemoteId;
  readonly resource: Resource;
}

/** What the run that died has touched, and what an earlier one is found to have made only now. */
function owed({ provider }: RunContext, { syncs, runs }: Ledger, { unfinished, notes }: Snapshot): readonly Owed[] {
  const touched = new Map((unfinished ? (runs.at(-1)?.changes ?? []) : []).map((one) => [one.address, one] as const));
  const found = notes.filter(({ code }) => code === 'recovered').map(({ address }) => address);
  return [...new Set([...touched.keys(), ...found])].flatMap((address) => {
    const resource = provider.resources.get(kindOf(address));
    const id = syncs[address]?.id ?? null;
    if (id === null || resource?.prepare === undefined) return [];
    const change = touched.get(address);
    return found.includes(address) || (change !== undefined && isOwed(resource, change))
      ? { address, id, resource }
      : [];
  });
}

function isOwed({ traits }: Resource, change: RunChange): boolean {
  if (change.action === 'create' || change.action === 'replace') return true;
  const { before, after, sends } = change;
  if (!sends || before === null || after === null) return false;
  return Object.keys(after).some((key) => prepares(traits, `/${key}`) && !equal(before[key], after[key]));
}

async function prepare(context: RunContext, resource: Resource, address: Address, id: RemoteId): Promise<void> {
  const most = context.needed.has(address) ? limit : 0;
  let told = false;
  const patience = {
    limit: most,
    now: () => context.now().getTime(),
    sleep: (milliseconds: number) => {
      if (!told) context.progress.wait?.({ reason: 'preparation', address, milliseconds: most });
      told = true;
      return context.sleep(milliseconds);
    },
    signal: context.signal,
  };
  try {
    await resource.prepare?.(id, patience);
  } catch (error) {
    // What is sent to those that need it the service judges by itself.
    context.warn?.(
      `${address} is as planned, but the service could not refresh it for those that use it: ${sayError(error)} Syncline sends them anyway.`,
    );
  }
}
