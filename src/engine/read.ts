import { emptyLedger, inDoubt, isRunning, resume } from '../core/memory/ledger.ts';
import { recover, suspects } from '../core/memory/recover.ts';
import { upgraded } from '../core/memory/upgrade.ts';
import type { Stored } from '../ledger/store.ts';
import { type Address, kindOf } from '../model/address.ts';
import { Exit, ProviderError, SynclineError } from '../model/errors.ts';
import type { LastApply, Ledger, LedgerMeta, PendingCreate } from '../model/ledger.ts';
import { type Key, type Live, partsOf, type Workspace } from '../model/live.ts';
import type { FoundLock } from '../model/lock.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Note } from '../model/plan.ts';
import { capabilitiesIn, type Provider, traitsIn } from '../model/provider.ts';
import { type Reading, readingOf } from './ahead.ts';
import { guardApi, guardGone, metaOf, readerOf, scopeOf } from './ledger-guard.ts';
import { completed, neededKinds, proveGone } from './live.ts';
import type { TargetRequest } from './request.ts';

/** What a plan is made from: the live side and the memory, with whatever an earlier run left in doubt settled. */
export interface Snapshot {
  readonly workspace: Workspace | undefined;
  readonly live: readonly Live[];
  /** null under `ledger: none`. */
  readonly ledger: Ledger | null;
  readonly gone: ReadonlySet<Key>;
  /** Rows that an unanswered create may have left behind, by address. */
  readonly suspects: ReadonlyMap<Address, readonly Live[]>;
  readonly notes: readonly Note[];
  /** Creates of earlier runs that were given up, because nothing they could have made is listed. */
  readonly forgotten: ReadonlyMap<Address, PendingCreate>;
  /** Somebody has, or had, the lock. */
  readonly lock: FoundLock | undefined;
  /** An earlier run did not come to its end, or is not known everywhere: the next one that may write records it. */
  readonly unfinished: boolean;
  /** The last run that applied all that a checkout said. */
  readonly last: LastApply | undefined;
  /** Why nothing may be applied that goes by it, such as a remote that could not be asked. */
  readonly refusal: SynclineError | undefined;
}

/**
 * Reads the workspace, everything of the kinds that matter and the ledger side by side, then the ledger's entries that no list shows,
 * one by one. `resolving` are the manifests with their names resolved; `reading` is what has begun to be read.
 */
export async function readSnapshot(
  request: TargetRequest,
  resolving: Promise<readonly Manifest[]>,
  asked: Asked = nothingElse,
  reading: Reading = readingOf(request),
): Promise<Snapshot> {
  const { provider, store } = request;
  const { live: reader } = reading;
  const named = neededKinds(provider, [...request.manifests.map((one) => one.kind), ...asked.kinds]);
  const recorded = readLedger(request, reading, resolving);
  const [workspace, early, stored] = await unlessLeft(
    recorded,
    // Which labels are wanted is known once every manifest was declared to the reader.
    Promise.all([reading.identify(), reader.list(named), recorded, reading.resolved()]),
  );
  guardWorkspace(request, workspace);
  const meta = metaOf(provider, workspace?.id ?? null, request.project.name ?? 'syncline.yaml');
  if (stored !== undefined) guardLedger(request, stored.ledger, meta);
  for (const warning of stored?.warnings ?? []) request.warn?.(warning);
  const unfinished = stored !== undefined && (stored.lock !== undefined || isRunning(stored.ledger));
  const memory = store.kind === 'none' ? null : remembered(stored, meta, request);
  const kinds = neededKinds(provider, [...named, ...kindsIn(memory)]);
  const late = [...kinds].filter((kind) => unfinished || !named.has(kind));
  // What a run did right before it died is missing from a list that is older than the proof of its death.
  const listed = [...(unfinished ? [] : early), ...(await reader.list(late))];
  const live = await completed(provider, listed, memory, { labels: reader.labels, keys: new Set(asked.keys) });
  const lock = stored?.lock;
  const known = {
    workspace,
    live,
    lock,
    unfinished: unfinished || stored?.unsaved === true,
    last: stored?.last,
    refusal: stored?.refusal,
  };
  if (memory === null) return { ...known, ...undoubted, ledger: null, gone: new Set(), notes: forgetful(provider) };
  const gone = await proveGone(provider, memory, live);
  if (stored !== undefined) await guardGone(provider, stored.ledger, gone);
  if (!inDoubt(memory)) return { ...known, ...undoubted, ledger: memory, gone, notes: [] };
  const evidence = {
    traitsOf: traitsIn(provider),
    capabilitiesOf: capabilitiesIn(provider),
    live,
    gone,
    now: request.now().toISOString(),
    settleSeconds: request.target.limits.settle_seconds,
  };
  const { ledger, notes, forgotten } = recover(memory, evidence);
  return { ...known, gone, ledger, suspects: suspects(ledger, evidence), notes, forgotten };
}

/** What was read; where the service failed, what the ledger says first: a token of an API that the target has left is no news. */
export async function unlessLeft<Result>(ledger: Promise<unknown>, reading: Promise<Result>): Promise<Result> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ProviderError) await ledger;
    throw error;
  }
}

/** What matters beside what manifests declare and the ledger binds. */
export interface Asked {
  /** Things that must be read whole, whoever holds them. */
  readonly keys: readonly Key[];
  /** Kinds that must be listed. */
  readonly kinds: readonly string[];
}

const nothingElse: Asked = { keys: [], kinds: [] };

/** Nothing that an earlier run has left behind has to be looked for. */
const undoubted = { suspects: new Map(), forgotten: new Map() } as const;

/** Kinds of which the ledger remembers something: what it holds for deleted may be listed all the same. */
function kindsIn(ledger: Ledger | null): string[] {
  if (ledger === null) return [];
  return [
    ...Object.keys(ledger.syncs).map(kindOf),
    ...(Object.keys(ledger.dead) as Key[]).map((key) => partsOf(key).kind),
  ];
}

/** What the store holds, with an unfinished run folded in. */
function remembered(stored: Stored | undefined, meta: LedgerMeta, { provider, now, store }: TargetRequest): Ledger {
  if (stored === undefined) return emptyLedger(meta);
  const read = upgraded(ledgerFrom(stored, now()), provider.resources);
  // More groups are looked at from now on, or fewer, with nothing of ours outside.
  const ledger = provider.groups === undefined ? read : { ...read, meta: { ...read.meta, ...scopeOf(provider) } };
  const strange = Object.keys(ledger.syncs).find((address) => !provider.resources.has(kindOf(address)));
  if (strange === undefined) return ledger;
  const message = `The ledger ${store.place} binds ${strange}, and ${provider.name} ${provider.api} has no ${kindOf(strange)}.`;
  throw new SynclineError(
    'wrong-ledger',
    message,
    'Upgrade syncline, or use the API that it was made for.',
    Exit.refused,
  );
}

/** The ledger that a store holds, with whatever an unfinished run has left in its journal. */
export function ledgerFrom({ ledger, journal, complete, lock, last }: Stored, now: Date): Ledger {
  // No write begins that the lease does not outlast, so nothing was sent after its end.
  const end = Math.min(now.getTime(), lock === undefined ? Number.POSITIVE_INFINITY : Date.parse(lock.lock.until));
  // The next format is told what this one only implies.
  const known = last === undefined ? ledger : { ...ledger, meta: { ...ledger.meta, last_apply: last } };
  return resume(known, journal, complete ? undefined : { sentBy: new Date(end).toISOString() });
}

/** Without a memory a row that only looks like a thing of its kind cannot be told from one. */
function forgetful({ resources }: Provider): Note[] {
  return [...resources.values()].flatMap(({ kind, traits, capabilities }) => {
    if (!capabilities.ghosts) return [];
    const message = `Without a ledger, rows that failed creates and deletes have left behind look like ${traits.noun}s.`;
    return [{ address: kind, code: 'no-memory', message }];
  });
}

/** The memory, while the lists are still on their way. What was applied last is mostly what is declared now, and then shared. */
async function readLedger(
  request: TargetRequest,
  reading: Reading,
  resolving: Promise<readonly Manifest[]>,
): Promise<Stored | undefined> {
  const stored = await reading.stored(resolving);
  if (stored !== undefined) guardApi(stored.ledger, readerOf(request));
  return stored;
}

/** Promise 10: nothing is planned, let alone written, for another workspace than the one the project names. */
export function guardWorkspace(request: Pick<TargetRequest, 'target'>, workspace: Workspace | undefined): void {
  const wanted = request.target.workspace;
  if (wanted === undefined || String(workspace?.id) === String(wanted)) return;
  const found =
    workspace === undefined ? 'does not say which workspace it is for' : `belongs to workspace ${workspace.id}`;
  throw new SynclineError(
    'wrong-workspace',
    `The token of target "${request.target.name}" ${found}, but the project expects workspace ${wanted}.`,
    'Use the token of that workspace, or correct `workspace` in syncline.yaml.',
    Exit.refused,
  );
}

function guardLedger(request: TargetRequest, ledger: Ledger, meta: LedgerMeta): void {
  const differing = (['provider', 'host', 'workspace'] as const).find(
    // The workspace of an earlier API is no word of one with groups.
    (key) => ledger.meta[key] !== meta[key] && !(key === 'workspace' && meta.groups !== undefined),
  );
  if (differing === undefined) return;
  throw new SynclineError(
    'wrong-ledger',
    `The ledger of target "${request.target.name}" was made for ${differing} ${ledger.meta[differing]}, and this is ${meta[differing]}.`,
    `Give the new place a target of its own in syncline.yaml, or move its ledger (${request.store.place}) away.`,
    Exit.refused,
  );
}
