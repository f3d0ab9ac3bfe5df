import { labelOf } from '../core/label.ts';
import { boundIds, emptyLedger, inDoubt, isRunning, resume } from '../core/ledger.ts';
import { normalise } from '../core/normalise.ts';
import { intents } from '../core/pending.ts';
import { recover, suspects } from '../core/recover.ts';
import { share } from '../core/share.ts';
import type { Declared, LedgerStore, Stored } from '../ledger/store.ts';
import type { Address } from '../model/address.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Spec } from '../model/json.ts';
import type { LastApply, Ledger, LedgerMeta, PendingCreate } from '../model/ledger.ts';
import type { Live, RemoteId, Workspace } from '../model/live.ts';
import type { FoundLock } from '../model/lock.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Note } from '../model/plan.ts';
import type { Provider } from '../model/provider.ts';
import type { TargetRequest } from './request.ts';

/** What a plan is made from: the live side and the memory, with whatever an earlier run left in doubt settled. */
export interface Snapshot {
  readonly workspace: Workspace | undefined;
  readonly live: readonly Live[];
  /** null under `ledger: none`. */
  readonly ledger: Ledger | null;
  readonly gone: ReadonlySet<RemoteId>;
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
 * Reads the workspace, every sync and the ledger side by side, then the ledger's entries that no list shows, one by one.
 * `resolving` are the manifests with their names resolved. `asked` are ids that matter whoever holds them.
 */
export async function readSnapshot(
  request: TargetRequest,
  resolving: Promise<readonly Manifest[]>,
  asked: readonly RemoteId[] = [],
): Promise<Snapshot> {
  const { provider, store } = request;
  const labelled = new Map(request.manifests.map((one) => [labelOf(provider.traits, one.spec), one.spec]));
  const list = () => readLive(provider, (label) => labelled.get(label));
  const [workspace, first, stored] = await Promise.all([provider.identify(), list(), readLedger(store, resolving)]);
  guardWorkspace(request, workspace);
  const meta = metaOf(request, workspace);
  if (stored !== undefined) guardLedger(request, stored.ledger, meta);
  for (const warning of stored?.warnings ?? []) request.warn?.(warning);
  const unfinished = stored !== undefined && (stored.lock !== undefined || isRunning(stored.ledger));
  // What a run did right before it died is missing from a list that is older than the proof of its death.
  const listed = unfinished ? await list() : first;
  const memory = store.kind === 'none' ? null : remembered(stored, meta, request.now());
  const live = await completed(provider, listed, memory, { labels: new Set(labelled.keys()), ids: new Set(asked) });
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
  if (!inDoubt(memory)) return { ...known, ...undoubted, ledger: memory, gone, notes: [] };
  const evidence = {
    traits: provider.traits,
    manner: provider.manner,
    live,
    gone,
    now: request.now().toISOString(),
    settleSeconds: request.target.limits.settle_seconds,
  };
  const { ledger, notes, forgotten } = recover(memory, evidence);
  const rows = provider.manner.ghosts ? suspects(ledger, evidence) : new Map();
  return { ...known, gone, ledger, suspects: rows, notes, forgotten };
}

/** Nothing that an earlier run has left behind has to be looked for. */
const undoubted = { suspects: new Map(), forgotten: new Map() } as const;

/** What the store holds, with an unfinished run folded in. */
function remembered(stored: Stored | undefined, meta: LedgerMeta, now: Date): Ledger {
  if (stored === undefined) return emptyLedger(meta);
  return ledgerFrom(stored, now);
}

/** The ledger that a store holds, with whatever an unfinished run has left in its journal. */
export function ledgerFrom({ ledger, journal, complete, lock }: Stored, now: Date): Ledger {
  // No write begins that the lease does not outlast, so nothing was sent after its end.
  const end = Math.min(now.getTime(), lock === undefined ? Number.POSITIVE_INFINITY : Date.parse(lock.lock.until));
  return resume(ledger, journal, complete ? undefined : { sentBy: new Date(end).toISOString() });
}

/**
 * Where a list is only an index, the syncs that matter are read one by one: those that are bound, and those that bear a label
 * which a manifest wants. Never one per foreign sync.
 */
async function completed(
  provider: Provider,
  listed: readonly Live[],
  ledger: Ledger | null,
  { labels, ids }: { readonly labels: ReadonlySet<string | undefined>; readonly ids: ReadonlySet<RemoteId> },
): Promise<readonly Live[]> {
  if (provider.manner.listing === 'whole') return listed;
  const bound = new Set(ledger === null ? [] : boundIds(ledger));
  const unanswered = Object.values(ledger?.syncs ?? {}).flatMap(({ pending }) =>
    pending === null ? [] : intents(pending),
  );
  const pending = new Set(unanswered.map((one) => one.label));
  const matters = (one: Live) =>
    ledger?.dead[one.id] === undefined &&
    (bound.has(one.id) ||
      ids.has(one.id) ||
      (one.label !== undefined && (labels.has(one.label) || pending.has(one.label))));
  const read = listed.map(async (one) => {
    if (!matters(one)) return one;
    const reading = await provider.read(one.id);
    return reading === undefined ? undefined : normalised(provider, reading.live);
  });
  return (await Promise.all(read)).filter((one) => one !== undefined);
}

/** Without a memory a row that only looks like a sync cannot be told from one. */
function forgetful(provider: Provider): Note[] {
  if (!provider.manner.ghosts) return [];
  const message = 'Without a ledger, rows that failed creates and deletes have left behind cannot be told from syncs.';
  return [{ address: provider.traits.kind, code: 'no-memory', message }];
}

/** The memory, while the lists are still on their way. What was applied last is mostly what is declared now, and then shared. */
async function readLedger(store: LedgerStore, resolving: Promise<readonly Manifest[]>): Promise<Stored | undefined> {
  const declared = resolving.then((manifests): Declared => {
    const specs = new Map(manifests.map((one) => [one.address, one.spec]));
    return (address) => specs.get(address);
  });
  // A store that holds nothing waits for no manifest; whoever plans hears of one that cannot be resolved.
  declared.catch(() => undefined);
  return store.read(declared);
}

/** Every live sync, normalised as its page arrives so that raw pages can be let go. */
async function readLive(
  provider: Provider,
  twinOf: (label: string | undefined) => Spec | undefined,
): Promise<Live[]> {
  const live: Live[] = [];
  await provider.list((page) => {
    for (const one of page) {
      const { spec, ...rest } = normalised(provider, one);
      live.push({ ...rest, spec: share(spec, twinOf(rest.label)) });
    }
  });
  return live;
}

export function normalised(provider: Provider, one: Live): Live {
  const spec = normalise(provider.traits, one.spec);
  return { id: one.id, label: labelOf(provider.traits, spec), spec };
}

function metaOf(request: TargetRequest, workspace: Workspace | undefined): LedgerMeta {
  const { project, provider } = request;
  return {
    format: 1,
    provider: provider.name,
    host: provider.host,
    workspace: workspace?.id ?? null,
    project: project.name ?? 'syncline.yaml',
  };
}

/** Promise 10: nothing is planned, let alone written, for another workspace than the one the project names. */
function guardWorkspace(request: TargetRequest, workspace: Workspace | undefined): void {
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
  const differing = (['provider', 'host', 'workspace'] as const).find((key) => ledger.meta[key] !== meta[key]);
  if (differing === undefined) return;
  throw new SynclineError(
    'wrong-ledger',
    `The ledger of target "${request.target.name}" was made for ${differing} ${ledger.meta[differing]}, and this is ${meta[differing]}.`,
    `Give the new place a target of its own in syncline.yaml, or move its ledger (${request.store.place}) away.`,
    Exit.refused,
  );
}

/** A bound sync that the list does not show is looked up on its own: only the service's own word makes it gone. */
async function proveGone(provider: Provider, ledger: Ledger, live: readonly Live[]): Promise<Set<RemoteId>> {
  const listed = new Set(live.map((one) => one.id));
  const missing = boundIds(ledger).filter((id) => !listed.has(id));
  const readings = await Promise.all(missing.map(async (id) => ({ id, reading: await provider.read(id) })));
  const hidden = readings.find((one) => one.reading !== undefined);
  if (hidden !== undefined) {
    throw new SynclineError(
      'list-incomplete',
      `The sync ${hidden.id} exists but is missing from the list of syncs.`,
      'The list may have shifted while it was read; run again.',
      Exit.failed,
    );
  }
  return new Set(missing);
}
