import { wantedMoves } from '../../core/moves/wanted.ts';
import { warningOf } from '../../core/plan/age.ts';
import type { Layout } from '../../core/pull/file-names.ts';
import { choose } from '../../core/selection.ts';
import { clockError } from '../../ledger/lock.ts';
import type { Address } from '../../model/address.ts';
import type { KindDefinition } from '../../model/kind.ts';
import { keyAt } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { PullLeft, PullReport, WrittenFile } from '../../model/pull.ts';
import { ageOf } from '../age.ts';
import { movedSnapshot } from '../moves.ts';
import type { Read } from '../names.ts';
import { guardGlobs } from '../plan.ts';
import type { GlobWishes, RunIdentity, TargetRequest } from '../request.ts';
import { resolveNames } from '../resolve.ts';
import { type Drafts, nameBookOf, readersOf, speechesOf, writeAll } from './drafts.ts';
import { freshOf } from './fresh.ts';
import { keyAsked, readAll, wholeLive } from './read.ts';
import { recorded } from './record.ts';
import { claimsOf, type Known, revisionsOf } from './revise.ts';

/** What a person asks of a pull. */
export interface PullWishes extends GlobWishes {
  /** Only what changed outside Git since it was applied; no new manifests. */
  readonly drifted?: boolean | undefined;
  /** One live thing: `12`, or with its kind `CensusDataset/12`. */
  readonly id?: string | undefined;
  readonly layout?: Layout | undefined;
}

/** What a pull needs beside its target. */
export interface PullMeans {
  /** What the kinds of the target mean. */
  readonly kinds: ReadonlyMap<string, KindDefinition>;
  readonly identity: RunIdentity;
  /** The manifests of all targets of the project. */
  readonly everywhere: () => Promise<readonly Manifest[]>;
  /** Writes files, after the ledger. */
  readonly write: (files: readonly WrittenFile[]) => Promise<void>;
}

/**
 * Brings what is live into the files of a target, and binds what that makes. The service is only read. The ledger is written first and
 * then the files: a run that dies in between is made good by the next one.
 * @throws InvalidInput for names that cannot be resolved, SynclineError for guards, ProviderError where a read fails
 */
export async function pullTarget(request: TargetRequest, wishes: PullWishes, means: PullMeans): Promise<PullReport> {
  const { provider, target } = request;
  const catalogue: Read = new Map();
  const resolving = resolveNames(request, catalogue);
  const [{ snapshot: read, notes: unread }, manifests] = await Promise.all([
    readAll(request, resolving, wishes),
    resolving,
  ]);
  // What waits to be moved is read under its new address. The move itself is for an apply: others may not have the line yet.
  const snapshot = movedSnapshot(provider, read, wantedMoves(read.ledger, manifests).moves);
  const { ledger } = snapshot;
  const age = warningOf(await ageOf(request.checkout, snapshot.last, null));
  if (age !== undefined) request.warn?.(age);
  const wrongClock = clockError(snapshot.lock, provider.skew());
  if (wrongClock !== undefined) throw wrongClock;
  const live = await wholeLive(request, snapshot, wishes.drifted === true);
  const isChosen = choose(wishes);
  const asked = wishes.id === undefined ? undefined : keyAsked(wishes.id, live, request);
  const known: Known = {
    provider,
    manifests,
    live,
    ledger,
    gone: snapshot.gone,
    drifted: wishes.drifted === true,
    chosen: (address, id) =>
      isChosen.has(address) && (asked === undefined || (id !== null && keyAt(address, id) === asked)),
  };
  const speech = await speechesOf(means.kinds, [...live, ...manifests]);
  const claims = claimsOf(known);
  const fresh = known.drifted
    ? {
        fresh: [],
        left: [],
        notes: [],
        addresses: [...manifests.map((one) => one.address), ...Object.keys(ledger?.syncs ?? {})],
      }
    : freshOf(known, claims, speech);
  guardGlobs(request, wishes, fresh.addresses);
  const idOf = (address: Address) => claims.lives.get(address)?.live.id ?? ledger?.syncs[address]?.id ?? undefined;
  const revised = revisionsOf(known, claims, idOf);
  const drafts: Drafts = { request, known, catalogue, speech, revisions: revised.revisions, fresh: fresh.fresh };
  const book = await nameBookOf(drafts, claims.lives);
  const written = writeAll(drafts, book, await readersOf(drafts, means), wishes.layout);
  const { ledger: next, bound } = recorded(
    known,
    written.settled,
    read.ledger,
    means.identity,
    request.now().toISOString(),
  );
  if (next !== undefined) await request.store.save(next);
  await means.write(written.pages.written());
  return {
    target: target.name,
    manifests: written.manifests,
    bound,
    left: [...claims.left, ...revised.left, ...fresh.left, ...written.left].sort(byPlace),
    notes: [...snapshot.notes.map(({ address, message }) => `${address}: ${message}`), ...unread, ...fresh.notes],
  };
}

function byPlace(one: PullLeft, other: PullLeft): number {
  const key = ({ address, id, path }: PullLeft) => `${address ?? ''} ${id ?? ''} ${path ?? ''}`;
  return key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0;
}
