import { type Adoption, adoptById, adoptByLabel, adoptMatching, type Left } from '../core/adopt/adopt.ts';
import { adopted } from '../core/adopt/adopted.ts';
import { didYouMean } from '../core/suggest.ts';
import { clockError } from '../ledger/lock.ts';
import type { Address } from '../model/address.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Ledger } from '../model/ledger.ts';
import { type Key, keyAt, type Live, partsOf, type RemoteId } from '../model/live.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Note } from '../model/plan.ts';
import { type Provider, resourceOf, traitsIn } from '../model/provider.ts';
import { normalised } from './live.ts';
import { withoutLedger } from './no-ledger.ts';
import { readSnapshot } from './read.ts';
import type { RunIdentity, TargetRequest } from './request.ts';
import { examined, resolveNames } from './resolve.ts';

/** One address that is bound. */
export interface Bound {
  readonly address: Address;
  readonly id: RemoteId;
  /** Of the live sync; null where it has none. */
  readonly label: string | null;
  /** The address that its sync was bound to until now. */
  readonly from: Address | undefined;
  /** Was it bound to this very sync before? Then nothing was written. */
  readonly already: boolean;
  /** The sync differs from its manifest, or may: the next plan shows it. */
  readonly differs: boolean;
}

/** What an adoption has come to. */
export interface AdoptReport {
  readonly bound: readonly Bound[];
  readonly left: readonly Left[];
  /** Unbound manifests whose label no live sync bears. */
  readonly unmatched: readonly Address[];
  /** What was found out about an earlier run. */
  readonly notes: readonly Note[];
}

/**
 * Binds a declared address to a live sync, by its label or to the one with this id. Only the ledger is written.
 * @throws SynclineError (exit 3) for what does not exist or is not clear, (exit 4) for what is not to be had.
 */
export async function adoptAddress(
  request: TargetRequest,
  address: Address,
  id: RemoteId | undefined,
  identity: RunIdentity,
): Promise<AdoptReport> {
  guardLedger(request);
  guardDeclared(request, address);
  const { manifests, ledger, live, notes } = await read(request);
  const manifest = manifests.find((one) => one.address === address);
  if (manifest === undefined) throw undeclared(request, address);
  const input = { ...serviceOf(request), manifests, ledger };
  const verdict =
    id === undefined
      ? adoptByLabel({ ...input, live }, manifest)
      : adoptById({ ...input, live: await whole(request.provider, live, keyAt(address, id)) }, manifest, id);
  if (verdict.kind === 'refused') {
    const { code, message, hint, exit } = verdict;
    throw new SynclineError(code, message, hint, exit);
  }
  const rest = { left: [], unmatched: [], notes };
  if (verdict.kind === 'bound')
    return {
      ...rest,
      bound: [{ address, id: verdict.id, label: null, from: undefined, already: true, differs: false }],
    };
  const bound = await bind(request, { manifests, ledger, live }, [verdict], identity);
  return { ...rest, bound };
}

/** Binds every unbound manifest whose label exactly one live, unbound sync bears. Only the ledger is written. */
export async function adoptAll(request: TargetRequest, identity: RunIdentity): Promise<AdoptReport> {
  guardLedger(request);
  const known = await read(request);
  const { adoptions, left, unmatched } = adoptMatching({ ...serviceOf(request), ...known });
  return { bound: await bind(request, known, adoptions, identity), left, unmatched, notes: known.notes };
}

function serviceOf({ provider }: TargetRequest) {
  const deletionsOf = (kind: string) => resourceOf(provider, kind).capabilities.deletions;
  return { traitsOf: traitsIn(provider), deletionsOf };
}

interface Known {
  readonly manifests: readonly Manifest[];
  readonly ledger: Ledger;
  readonly live: readonly Live[];
}

async function read(request: TargetRequest): Promise<Known & { readonly notes: readonly Note[] }> {
  const resolving = resolveNames(request).then((manifests) => examined(request, manifests));
  const [snapshot, manifests] = await Promise.all([readSnapshot(request, resolving), resolving]);
  if (snapshot.ledger === null) throw withoutLedger(request.target.name);
  const wrongClock = clockError(snapshot.lock, request.provider.skew());
  if (wrongClock !== undefined) throw wrongClock;
  return { manifests, ledger: snapshot.ledger, live: snapshot.live, notes: snapshot.notes };
}

async function bind(
  request: TargetRequest,
  known: Known,
  adoptions: readonly Adoption[],
  { run, actor, commit }: RunIdentity,
): Promise<readonly Bound[]> {
  if (adoptions.length === 0) return [];
  const header = { run, actor, commit, at: request.now().toISOString() };
  const { ledger, differing } = adopted({ ...serviceOf(request), ...known }, adoptions, header);
  await request.store.save(ledger);
  return adoptions.map(({ manifest: { address }, live, from }) => {
    return { address, id: live.id, label: live.label ?? null, from, already: false, differs: differing.has(address) };
  });
}

/** The live syncs with this one whole: where a list is only an index, nobody has read a sync that bears another label. */
async function whole(provider: Provider, live: readonly Live[], key: Key): Promise<readonly Live[]> {
  const { kind, id } = partsOf(key);
  const resource = resourceOf(provider, kind);
  const isMeant = (one: Live) => one.kind === kind && one.id === id;
  if (resource.capabilities.listing === 'whole' || !live.some(isMeant)) return live;
  const reading = await resource.read(id);
  const others = live.filter((one) => !isMeant(one));
  return reading === undefined ? others : [...others, normalised(resource, reading.live)];
}

function guardLedger(request: TargetRequest): void {
  if (request.store.kind === 'none') throw withoutLedger(request.target.name);
}

function guardDeclared(request: TargetRequest, address: Address): void {
  if (!request.manifests.some((one) => one.address === address)) throw undeclared(request, address);
}

function undeclared(request: TargetRequest, address: Address): SynclineError {
  const addresses = request.manifests.map((one) => one.address);
  const message = `No manifest of target "${request.target.name}" declares ${address}.`;
  const hint = didYouMean(address, addresses, 'The target has no manifests.');
  return new SynclineError('unknown-address', message, hint, Exit.invalid);
}
