import { boundKeys, emptyLedger, inDoubt, isRunning, resume } from '../core/memory/ledger.ts';
import { intents } from '../core/memory/pending.ts';
import { recover, suspects } from '../core/memory/recover.ts';
import { upgraded } from '../core/memory/upgrade.ts';
import { labelOf } from '../core/spec/label.ts';
import { normalise } from '../core/spec/normalise.ts';
import { share } from '../core/spec/share.ts';
import type { Declared, LedgerStore, Stored } from '../ledger/store.ts';
import { type Address, kindOf } from '../model/address.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Spec } from '../model/json.ts';
import type { LastApply, Ledger, LedgerMeta, PendingCreate } from '../model/ledger.ts';
import { type Key, keyOf, type Live, partsOf, type Workspace } from '../model/live.ts';
import type { FoundLock } from '../model/lock.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Note } from '../model/plan.ts';
import { capabilitiesIn, type Provider, type Resource, resourceOf, traitsIn } from '../model/provider.ts';
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
 * one by one. `resolving` are the manifests with their names resolved.
 */
export async function readSnapshot(
  request: TargetRequest,
  resolving: Promise<readonly Manifest[]>,
  asked: Asked = nothingElse,
): Promise<Snapshot> {
  const { provider, store } = request;
  const labelled = labelledSpecs(request);
  const list = (kinds: Iterable<string>) => readLive(provider, kinds, labelled);
  const named = neededKinds(provider, [...request.manifests.map((one) => one.kind), ...asked.kinds]);
  const [workspace, early, stored] = await Promise.all([
    provider.identify(),
    list(named),
    readLedger(store, resolving),
  ]);
  guardWorkspace(request, workspace);
  const meta = metaOf(request, workspace);
  if (stored !== undefined) guardLedger(request, stored.ledger, meta);
  for (const warning of stored?.warnings ?? []) request.warn?.(warning);
  const unfinished = stored !== undefined && (stored.lock !== undefined || isRunning(stored.ledger));
  const memory = store.kind === 'none' ? null : remembered(stored, meta, request);
  const kinds = neededKinds(provider, [...named, ...kindsIn(memory)]);
  const late = [...kinds].filter((kind) => unfinished || !named.has(kind));
  // What a run did right before it died is missing from a list that is older than the proof of its death.
  const listed = [...(unfinished ? [] : early), ...(await list(late))];
  const live = await completed(provider, listed, memory, { labels: labelled, keys: new Set(asked.keys) });
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

/**
 * These kinds, and those that refer to them: whether something may go is a question of who uses it. A kind that nobody asks for is not
 * listed, so that a workspace without it loses nothing.
 */
function neededKinds({ resources }: Provider, asked: Iterable<string>): ReadonlySet<string> {
  const wanted = new Set(asked);
  const users = [...resources.values()].filter(({ traits }) =>
    traits.references.some(({ manifest }) => manifest !== undefined && wanted.has(manifest)),
  );
  for (const { kind } of users) wanted.add(kind);
  return new Set([...resources.keys()].filter((kind) => wanted.has(kind)));
}

/** Kinds of which the ledger remembers something: what it holds for deleted may be listed all the same. */
function kindsIn(ledger: Ledger | null): string[] {
  if (ledger === null) return [];
  return [
    ...Object.keys(ledger.syncs).map(kindOf),
    ...(Object.keys(ledger.dead) as Key[]).map((key) => partsOf(key).kind),
  ];
}

/** The spec of each label that a manifest wants, by kind and label. */
type Labelled = ReadonlyMap<string, Spec>;

function labelledSpecs({ manifests, provider }: TargetRequest): Labelled {
  const traitsOf = traitsIn(provider);
  return new Map(
    manifests.flatMap(({ kind, spec }) => {
      const label = labelOf(traitsOf(kind), spec);
      return label === undefined ? [] : [[labelKey(kind, label), spec] as const];
    }),
  );
}

function labelKey(kind: string, label: string): string {
  return `${kind} ${label}`;
}

/** What the store holds, with an unfinished run folded in. */
function remembered(stored: Stored | undefined, meta: LedgerMeta, { provider, now, store }: TargetRequest): Ledger {
  if (stored === undefined) return emptyLedger(meta);
  const ledger = upgraded(ledgerFrom(stored, now()), provider.resources);
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
export function ledgerFrom({ ledger, journal, complete, lock }: Stored, now: Date): Ledger {
  // No write begins that the lease does not outlast, so nothing was sent after its end.
  const end = Math.min(now.getTime(), lock === undefined ? Number.POSITIVE_INFINITY : Date.parse(lock.lock.until));
  return resume(ledger, journal, complete ? undefined : { sentBy: new Date(end).toISOString() });
}

/**
 * Where a list is only an index, the things that matter are read one by one: those that are bound, and those that bear a label
 * which a manifest wants. Never one per foreign thing.
 */
async function completed(
  provider: Provider,
  listed: readonly Live[],
  ledger: Ledger | null,
  { labels, keys }: { readonly labels: Labelled; readonly keys: ReadonlySet<Key> },
): Promise<readonly Live[]> {
  const isIndex = (kind: string) => resourceOf(provider, kind).capabilities.listing === 'index';
  if (![...provider.resources.keys()].some(isIndex)) return listed;
  const bound = new Set(ledger === null ? [] : boundKeys(ledger));
  const unanswered = Object.entries(ledger?.syncs ?? {}).flatMap(([address, { pending }]) =>
    pending === null ? [] : intents(pending).map((one) => labelKey(kindOf(address), one.label)),
  );
  const pending = new Set(unanswered);
  const matters = ({ kind, id, label }: Live) => {
    const key = keyOf(kind, id);
    if (!isIndex(kind) || ledger?.dead[key] !== undefined) return false;
    if (bound.has(key) || keys.has(key)) return true;
    return label !== undefined && (labels.has(labelKey(kind, label)) || pending.has(labelKey(kind, label)));
  };
  const read = listed.map(async (one) => {
    if (!matters(one)) return one;
    const resource = resourceOf(provider, one.kind);
    const reading = await resource.read(one.id);
    return reading === undefined ? undefined : normalised(resource, reading.live);
  });
  return (await Promise.all(read)).filter((one) => one !== undefined);
}

/** Without a memory a row that only looks like a thing of its kind cannot be told from one. */
function forgetful({ resources }: Provider): Note[] {
  return [...resources.values()].flatMap(({ kind, traits, capabilities }) => {
    if (!capabilities.ghosts) return [];
    const message = `Without a ledger, rows that failed creates and deletes have left behind cannot be told from ${traits.noun}s.`;
    return [{ address: kind, code: 'no-memory', message }];
  });
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

/** Everything that is live of these kinds, normalised as its page arrives so that raw pages can be let go. */
async function readLive(provider: Provider, kinds: Iterable<string>, twins: Labelled): Promise<Live[]> {
  const live: Live[] = [];
  await Promise.all(
    [...kinds].map(async (kind) => {
      const resource = resourceOf(provider, kind);
      await resource.list((page) => {
        for (const one of page) {
          const { spec, ...rest } = normalised(resource, one);
          const twin = rest.label === undefined ? undefined : twins.get(labelKey(kind, rest.label));
          live.push({ ...rest, spec: share(spec, twin) });
        }
      });
    }),
  );
  return live;
}

export function normalised({ kind, traits }: Pick<Resource, 'kind' | 'traits'>, one: Live): Live {
  const spec = normalise(traits, one.spec);
  return { kind, id: one.id, label: labelOf(traits, spec), spec };
}

function metaOf(request: TargetRequest, workspace: Workspace | undefined): LedgerMeta {
  const { project, provider } = request;
  return {
    format: 2,
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

/** Something bound that the list does not show is looked up on its own: only the service's own word makes it gone. */
async function proveGone(provider: Provider, ledger: Ledger, live: readonly Live[]): Promise<Set<Key>> {
  const listed = new Set(live.map((one) => keyOf(one.kind, one.id)));
  const missing = boundKeys(ledger).filter((key) => !listed.has(key));
  const readings = await Promise.all(
    missing.map(async (key) => {
      const { kind, id } = partsOf(key);
      const resource = resourceOf(provider, kind);
      return { id, noun: resource.traits.noun, reading: await resource.read(id) };
    }),
  );
  const hidden = readings.find((one) => one.reading !== undefined);
  if (hidden !== undefined) {
    throw new SynclineError(
      'list-incomplete',
      `The ${hidden.noun} ${hidden.id} exists but is missing from the list of ${hidden.noun}s.`,
      'The list may have shifted while it was read; run again.',
      Exit.failed,
    );
  }
  return new Set(missing);
}
