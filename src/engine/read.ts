import { labelOf } from '../core/label.ts';
import { boundIds, emptyLedger, finish, fold, inDoubt } from '../core/ledger.ts';
import { normalise } from '../core/normalise.ts';
import { recover } from '../core/recover.ts';
import { share } from '../core/share.ts';
import type { LedgerStore, Stored } from '../ledger/store.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Spec } from '../model/json.ts';
import type { Ledger, LedgerMeta } from '../model/ledger.ts';
import type { LiveSync, RemoteId, Workspace } from '../model/live.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Note } from '../model/plan.ts';
import type { Provider } from '../model/provider.ts';
import type { TargetRequest } from './request.ts';

/** What a plan is made from: the live side and the memory, with whatever an earlier run left in doubt settled. */
export interface Snapshot {
  readonly workspace: Workspace | undefined;
  readonly live: readonly LiveSync[];
  /** null under `ledger: none`. */
  readonly ledger: Ledger | null;
  readonly gone: ReadonlySet<RemoteId>;
  readonly notes: readonly Note[];
}

/**
 * Reads the workspace, every sync and the ledger side by side, then the ledger's entries that no list shows, one by one.
 * `resolving` are the manifests with their names resolved.
 */
export async function readSnapshot(request: TargetRequest, resolving: Promise<readonly Manifest[]>): Promise<Snapshot> {
  const labelled = new Map(request.manifests.map((one) => [labelOf(request.provider.traits, one.spec), one.spec]));
  const [workspace, live, stored] = await Promise.all([
    request.provider.identify(),
    readLive(request.provider, (label) => labelled.get(label)),
    readLedger(request.store, resolving),
  ]);
  guardWorkspace(request, workspace);
  if (request.store.kind === 'none') return { workspace, live, ledger: null, gone: new Set(), notes: [] };
  const meta = metaOf(request, workspace);
  const ledger = stored === undefined ? emptyLedger(meta) : finish(fold(stored.ledger, stored.journal));
  guardLedger(request, ledger, meta);
  const gone = await proveGone(request.provider, ledger, live);
  if (!inDoubt(ledger)) return { workspace, live, ledger, gone, notes: [] };
  const recovered = recover(ledger, {
    traits: request.provider.traits,
    live,
    gone,
    now: request.now().toISOString(),
    settleSeconds: request.target.limits.settle_seconds,
  });
  return { workspace, live, gone, ...recovered };
}

/** The memory, while the lists are still on their way. What was applied last is mostly what is declared now, and then shared. */
async function readLedger(store: LedgerStore, resolving: Promise<readonly Manifest[]>): Promise<Stored | undefined> {
  const declared = new Map((await resolving).map((one) => [one.address, one.spec]));
  return store.read((address) => declared.get(address));
}

/** Every live sync, normalised as its page arrives so that raw pages can be let go. */
async function readLive(
  provider: Provider,
  twinOf: (label: string | undefined) => Spec | undefined,
): Promise<LiveSync[]> {
  const live: LiveSync[] = [];
  await provider.list((page) => {
    for (const one of page) {
      const { spec, ...rest } = normalised(provider, one);
      live.push({ ...rest, spec: share(spec, twinOf(rest.label)) });
    }
  });
  return live;
}

export function normalised(provider: Provider, one: LiveSync): LiveSync {
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
    'Give the new place a target of its own in syncline.yaml, or move the old ledger away.',
    Exit.refused,
  );
}

/** A bound sync that the list does not show is looked up on its own: only the service's own word makes it gone. */
async function proveGone(provider: Provider, ledger: Ledger, live: readonly LiveSync[]): Promise<Set<RemoteId>> {
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
