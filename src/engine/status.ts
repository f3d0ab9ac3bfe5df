import type { Moves } from '../core/moves/moves.ts';
import { movesOf } from '../core/moves/stuck.ts';
import { wantedMoves } from '../core/moves/wanted.ts';
import { makePlan } from '../core/plan/plan.ts';
import { choose } from '../core/selection.ts';
import { detailsOf } from '../core/status/details.ts';
import { findThings, indexStatus, type StatusInput } from '../core/status/status.ts';
import { didYouMean } from '../core/suggest.ts';
import type { LedgerStore } from '../ledger/store.ts';
import type { Address } from '../model/address.ts';
import { Exit, InvalidInput, ProviderError, SynclineError } from '../model/errors.ts';
import { type Health, type Key, keyOf } from '../model/live.ts';
import { type Plan, partOf } from '../model/plan.ts';
import { type Provider, type Resource, traitsIn } from '../model/provider.ts';
import type { StatusReport, Touch } from '../model/status.ts';
import { movedSnapshot } from './moves.ts';
import { guardGlobs, planInput } from './plan.ts';
import { readSnapshot, type Snapshot } from './read.ts';
import type { GlobWishes, TargetRequest } from './request.ts';
import { resolveNames } from './resolve.ts';
import { madeWithTypes } from './types-asked.ts';

/** What a person asks of the state of a target. */
export interface StatusOptions extends GlobWishes {
  /** Addresses of which everything is told, and nothing of the others; none means all, in short. */
  readonly addresses?: readonly Address[] | undefined;
}

/** The state of a target, and every address that it knows. */
export interface FoundStatus {
  readonly report: StatusReport;
  readonly known: readonly Address[];
}

/**
 * What is declared, held and live on a target. Sends reads only, and resolves no name unless an address is asked for. An address
 * that the target does not know is left out.
 * @throws SynclineError for guards, ProviderError where a read fails
 */
export async function statusTarget(request: TargetRequest, options: StatusOptions = {}): Promise<FoundStatus> {
  const { manifests, provider, target } = request;
  const watch = watched(provider, new Set(manifests.map((one) => one.kind)));
  const kinds = [...provider.resources.keys()];
  const asked = { keys: [], kinds };
  const read = await readSnapshot({ ...request, provider: watch.provider }, Promise.resolve(manifests), asked);
  watch.guard();
  // What waits to be moved is told under its new address; lines that cannot be followed are for a plan to tell.
  const { moves } = wantedMoves(read.ledger, manifests);
  const snapshot = movedSnapshot(provider, read, moves);
  const known = [...new Set([...manifests.map((one) => one.address), ...Object.keys(snapshot.ledger?.syncs ?? {})])];
  guardGlobs(request, options, known);
  const { addresses = [] } = options;
  const wanted = new Set(addresses);
  const chosen = choose(options);
  const input: StatusInput = {
    traitsOf: traitsIn(provider),
    kinds,
    manifests,
    live: snapshot.live,
    ledger: snapshot.ledger,
    moves,
    gone: snapshot.gone,
    protect: target.protect,
    chosen,
    healthOf: (key) => watch.health.get(key) ?? 'unknown',
    pageOf: (kind, id) => provider.resources.get(kind)?.page?.(id) ?? null,
  };
  const index = indexStatus(input);
  const all = findThings(input, index);
  const report = { target: target.name, selection: partOf(chosen.selection) };
  const notes = [...watch.notes, ...snapshot.notes.map(({ address, message }) => `${address}: ${message}`)];
  if (wanted.size === 0) return { known, report: { ...report, things: all, notes } };
  const own = all.filter(({ address }) => address !== null && wanted.has(address));
  const { plan, note } = own.length === 0 ? {} : await planned(request, { ...snapshot, moves }, own);
  const runs = own.length === 0 ? new Map() : await lastTouches(request.store, wanted, moves);
  const things = own.map((one) => ({ ...one, details: detailsOf(input, index, one.address ?? '', { plan, runs }) }));
  return { known, report: { ...report, things, notes: note === undefined ? notes : [...notes, note] } };
}

/** As `statusTarget` of one target. @throws SynclineError (exit 3) `no-match` for an address that it does not know */
export async function statusReport(request: TargetRequest, options: StatusOptions = {}): Promise<StatusReport> {
  const { report, known } = await statusTarget(request, options);
  guardAddresses(options.addresses ?? [], known);
  return report;
}

/** Throws where an address is none of the known ones: that is a slip of the pen. */
export function guardAddresses(addresses: readonly Address[], known: readonly Address[]): void {
  const all = new Set(known);
  const wrong = addresses.find((address) => !all.has(address));
  if (wrong === undefined) return;
  const hint = didYouMean(wrong, known, 'Nothing is declared or bound; `syncline status` shows what is live.');
  throw new SynclineError('no-match', `No manifest declares ${wrong}, and nothing is bound to it.`, hint, Exit.invalid);
}

/** What a plan makes of these things; where a name cannot be resolved, nobody can tell. */
async function planned(
  request: TargetRequest,
  { moves, ...snapshot }: Snapshot & { readonly moves: Moves },
  things: readonly { readonly address: Address | null }[],
): Promise<{ readonly plan?: Plan; readonly note?: string }> {
  try {
    const manifests = await resolveNames(request);
    const only = things.flatMap(({ address }) => address ?? []);
    const input = { ...planInput({ ...request, manifests }, { prune: false }, snapshot, choose({ only })), moves };
    return { plan: await madeWithTypes(request.provider, input, makePlan) };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { note: 'What a plan would do is not known, because names cannot be resolved: see `syncline plan`.' };
  }
}

/** Runs that are looked through, and those of one address that are told. */
const mostRuns = 200;
const mostTouches = 5;

/** What the last runs did with each of these addresses, or with what they bind under an earlier name of it; newest first. */
async function lastTouches(
  store: LedgerStore,
  addresses: ReadonlySet<Address>,
  moves: Moves,
): Promise<ReadonlyMap<Address, readonly Touch[]>> {
  const touches = new Map<Address, Touch[]>([...addresses].map((address) => [address, []]));
  const isFull = () => [...touches.values()].every((all) => all.length >= mostTouches);
  // Whose history it is that runs tell under a name: a run that moves a binding had it under the earlier name before.
  let owners = before(new Map([...addresses].map((address) => [address, address])), moves);
  let looked = 0;
  for await (const { run, at, actor, commit, changes } of store.runs()) {
    for (const { address, action, status } of changes) {
      const own = touches.get(owners.get(address) ?? '');
      if (own !== undefined && own.length < mostTouches) own.push({ run, at, actor, commit, action, status });
    }
    owners = before(owners, movesOf(changes));
    looked += 1;
    if (looked >= mostRuns || isFull()) break;
  }
  return touches;
}

/** The owners of names as they were before bindings moved. */
function before(owners: ReadonlyMap<Address, Address>, moves: Moves): ReadonlyMap<Address, Address> {
  if (moves.size === 0) return owners;
  const moved = [...moves].flatMap(([to, from]) => {
    const owner = owners.get(to);
    return owner === undefined ? [] : [[from, owner] as const];
  });
  return new Map([...[...owners].filter(([name]) => !moves.has(name)), ...moved]);
}

/** A provider that notes on the way what only `status` wants to know. */
interface Watched {
  readonly provider: Provider;
  readonly health: ReadonlyMap<Key, Health>;
  /** Kinds that could not be listed, one sentence each. */
  readonly notes: readonly string[];
  /** @throws ProviderError where no kind could be listed */
  guard(): void;
}

/** `declared`: kinds without which there is nothing to tell. A workspace that lacks another feature loses nothing but that. */
function watched(provider: Provider, declared: ReadonlySet<string>): Watched {
  const health = new Map<Key, Health>();
  const refused = new Map<string, ProviderError>();
  const resources = [...provider.resources.values()].map((resource): Resource => {
    const { kind, list, read } = resource;
    return {
      ...resource,
      list: async (page) => {
        try {
          await list((things, of) => {
            for (const one of things) if (one.health !== undefined) health.set(keyOf(kind, one.id), one.health);
            page(things, of);
          });
        } catch (error) {
          if (!(error instanceof ProviderError) || error.status !== 403 || declared.has(kind)) throw error;
          refused.set(kind, error);
        }
      },
      read: async (id) => {
        const reading = await read(id);
        if (reading?.live.health !== undefined) health.set(keyOf(kind, id), reading.live.health);
        return reading;
      },
    };
  });
  const notes: string[] = [];
  return {
    provider: { ...provider, resources: new Map(resources.map((one) => [one.kind, one])) },
    health,
    notes,
    guard: () => {
      const [first] = refused.values();
      if (first !== undefined && refused.size === resources.length) throw first;
      for (const [kind, { message }] of refused) {
        const { noun } = provider.resources.get(kind)?.traits ?? { noun: kind };
        notes.push(`Of ${noun}s nobody knows: ${message}.`);
      }
    },
  };
}
