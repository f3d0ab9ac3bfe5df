import { type AdoptReport, adoptAddress, adoptAll } from './engine/adopt.ts';
import { type ApplyOptions, applyPlan } from './engine/apply.ts';
import { driftTarget } from './engine/drift.ts';
import { eventsOf } from './engine/events.ts';
import { planTarget, probeTarget } from './engine/plan.ts';
import type { PullWishes } from './engine/pull/pull.ts';
import type { GlobWishes, Progress, RunIdentity, Since, TargetRequest } from './engine/request.ts';
import { statusReport } from './engine/status.ts';
import { planUndo } from './engine/undo.ts';
import type { Diagnostic } from './model/diagnostic.ts';
import type { DriftReport } from './model/drift.ts';
import { CheckWroteError, Exit, SynclineError } from './model/errors.ts';
import type { ApplyEvent } from './model/event.ts';
import type { ApplyReport, Outcome } from './model/outcome.ts';
import type { Plan } from './model/plan.ts';
import type { Provider } from './model/provider.ts';
import type { PullReport } from './model/pull.ts';
import type { StatusReport } from './model/status.ts';
import { declaredAt } from './session/changed.ts';
import { checkProject, openManifests } from './session/check.ts';
import { commitOf, withFiles } from './session/commit.ts';
import { runName } from './session/run-name.ts';
import { openSession } from './session/session.ts';
import { meantTargets } from './session/targets.ts';

/** Where the project is. */
export interface ValidateRequest {
  /** Absolute path; `syncline.yaml` is looked for here and in the folders above. */
  readonly directory: string;
  /** The project file itself, relative to `directory`. */
  readonly config?: string;
  /** Files and folders to report on; absent means all. */
  readonly paths?: readonly string[];
}

/** One target of a project, and the provider that reaches it. */
interface OnTarget extends Omit<ValidateRequest, 'paths'> {
  /** May be left out where the project has one target. */
  readonly target?: string;
  readonly provider: Provider;
  /** Default: the system's clock. */
  readonly now?: () => Date;
  /** What git is started with, for a ledger in Git. Default: the environment of this process, as it is. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Told what no result can carry, such as a remote that could not be asked. */
  readonly onWarning?: (message: string) => void;
}

/** What is recorded of the manifests. */
interface Committed {
  /** Their Git commit. Default: the one that is checked out, with `-dirty` where they are not as committed. */
  readonly commit?: string;
}

/** What a run is recorded with. */
interface Recorded extends Committed {
  /** Person or CI run, for the record. */
  readonly actor: string;
}

/** How a run that writes to the service is watched and stopped. */
interface Watched {
  /** Aborted: what is in flight finishes, nothing new starts. */
  readonly signal?: AbortSignal;
  readonly onOutcome?: (outcome: Outcome) => void;
  /** Told what happens as it happens, as `apply --format ndjson` prints it; the report comes last. */
  readonly onEvent?: (event: ApplyEvent) => void;
}

/** Which addresses are looked at. Whatever else there is, is left as it is. */
interface Selecting {
  /** Globs of addresses. Default all. */
  readonly only?: string | readonly string[];
  /** Globs of addresses that are left out. Default none. */
  readonly exclude?: string | readonly string[];
}

export interface PlanRequest extends OnTarget, Committed, Selecting {
  /** Only what differs from where HEAD and this commit part, and what refers to that. */
  readonly changed?: string;
  /** Let owned syncs go that no manifest declares. Default false. */
  readonly prune?: boolean;
  /** The exact number of deletes that is allowed beyond `max_deletes`. */
  readonly forceDeletes?: number;
  /** The exact number of gone things that may be made again or released together. */
  readonly forceCreates?: number;
  /** Ask the server's validate-only check about every change. Default false. */
  readonly validateOnly?: boolean;
}

export interface ApplyRequest extends PlanRequest, Recorded, Watched {
  /** A plan made before, carried out as it is; absent, a fresh one is made. */
  readonly plan?: Plan;
  /** Apply a checkout that is older than the last apply too, without its deletes. Default false. */
  readonly allowOld?: boolean;
}

export interface DriftRequest extends OnTarget, Selecting {}

export interface StatusRequest extends OnTarget, Selecting {
  /** Addresses of which everything is told, and nothing of the others. Default: all, in short. */
  readonly addresses?: readonly string[];
}

export interface PullRequest extends OnTarget, Recorded, Selecting {
  /** One live thing: its id, or with its kind `CensusDataset/12`. */
  readonly id?: string;
  /** Only what changed outside Git since it was applied. Default false. */
  readonly drifted?: boolean;
  /** Where new manifests lie. Default: by destination, where the first glob of the project reaches into folders; else flat. */
  readonly layout?: PullWishes['layout'];
}

/** Which addresses are bound: one, by its label or to the thing with this id, or all whose label is clear. */
export type AdoptRequest = OnTarget &
  Recorded &
  (
    | { readonly address: string; readonly id?: string; readonly allMatching?: never }
    | { readonly allMatching: true; readonly address?: never; readonly id?: never }
  );

export interface UndoRequest extends OnTarget, Recorded, Watched {
  /** Id of the run to undo, or the beginning of it. */
  readonly run: string;
  /** The exact number of deletes that is allowed beyond `max_deletes`. */
  readonly forceDeletes?: number;
}

/** Everything that is wrong with the files of a project. Never throws for a user's mistake; touches no network. */
export async function validate(
  request: ValidateRequest,
): Promise<{ readonly diagnostics: readonly Diagnostic[]; readonly manifests: number }> {
  const { diagnostics, manifests } = await checkProject(request, { paths: request.paths });
  return { diagnostics, manifests };
}

/**
 * Compares the manifests of one target with the live side. Sends reads, and `validate_only` bodies where asked.
 * @throws InvalidInput, SynclineError or ProviderError
 */
export async function plan(request: PlanRequest): Promise<Plan> {
  return withTarget(request, async (opened) => (await planned(opened, request)).plan);
}

/**
 * Carries out a plan, or less: what no longer fits is left alone and reported.
 * @throws InvalidInput, SynclineError or ProviderError where nothing was written
 */
export async function apply(request: ApplyRequest): Promise<ApplyReport> {
  const act = async (opened: TargetRequest) => {
    // A plan that was made before says itself what its manifests were.
    const fresh = request.plan === undefined ? await planned(opened, request) : undefined;
    const chosen = request.plan ?? fresh?.plan;
    if (chosen === undefined) throw new Error('There is no plan to apply.');
    const checkout = { allowOld: request.allowOld ?? false };
    return carryOut(request, opened, chosen, { snapshot: fresh?.snapshot, agreed: fresh?.agreed, checkout });
  };
  return withTarget(request, act, request.plan === undefined);
}

/**
 * What changed on the live side of one target since the last apply. Sends reads only.
 * @throws InvalidInput, SynclineError (`no-ledger` where nothing is bound) or ProviderError
 */
export async function drift(request: DriftRequest): Promise<DriftReport> {
  return withTarget(request, (opened) => driftTarget(opened, globsOf(request)));
}

/**
 * What is declared, bound and live on one target. Sends reads only.
 * @throws InvalidInput, SynclineError (`no-match` for an address that is neither declared nor bound) or ProviderError
 */
export async function status(request: StatusRequest): Promise<StatusReport> {
  const { addresses } = request;
  return withTarget(request, (opened) => statusReport(opened, { ...globsOf(request), addresses }));
}

/**
 * Binds addresses to live things. Only the ledger is written.
 * @throws InvalidInput, SynclineError (`no-ledger` under `ledger: none`) or ProviderError; nothing was written then
 */
export async function adopt(request: AdoptRequest): Promise<AdoptReport> {
  guardAdopt(request);
  return withTarget(request, async (opened) => {
    const identity = await identityOf(request, opened);
    const { address, id } = request;
    return address === undefined ? adoptAll(opened, identity) : adoptAddress(opened, address, id, identity);
  });
}

/**
 * Writes what is live into the manifests of one target, and binds them. The service is only read.
 * @throws InvalidInput, SynclineError or ProviderError
 */
export async function pull(request: PullRequest): Promise<PullReport> {
  const { id, drifted, layout } = request;
  const { pull: pullInto } = await import('./session/pull.ts');
  const act = async (opened: TargetRequest) =>
    pullInto(opened, { ...globsOf(request), id, drifted, layout }, await identityOf(request, opened));
  return withTarget(request, act, 'may-be-empty');
}

/**
 * Puts back what a run has changed, or less: what was changed since is left alone and reported. Nobody is asked.
 * @throws InvalidInput, SynclineError (`no-log` under `ledger: none`) or ProviderError where nothing was written
 */
export async function undo(request: UndoRequest): Promise<ApplyReport> {
  return withTarget(request, async (opened) => {
    const { run, forceDeletes } = request;
    const commit = await commitFor(request, opened);
    const { plan: back, snapshot } = await planUndo(opened, run, { forceDeletes, commit });
    return carryOut(request, opened, back, { snapshot, takesBack: true });
  });
}

async function planned(opened: TargetRequest, request: PlanRequest) {
  const { prune = false, forceDeletes, forceCreates } = request;
  const since = await sinceOf(request, opened);
  const options = {
    prune,
    ...globsOf(request),
    since,
    forceDeletes,
    forceCreates,
    commit: await commitFor(request, opened),
  };
  if (!request.validateOnly) return planTarget(opened, options);
  const probed = await probeTarget(opened, options);
  // What could not be asked is in the verdicts; that the service has written is in none.
  if (probed.fault instanceof CheckWroteError) throw probed.fault;
  return probed;
}

/** What the target declared at the commit that it is compared with; undefined where all of it is meant. */
async function sinceOf(request: PlanRequest, { project, target }: TargetRequest): Promise<Since | undefined> {
  const { changed: ref, environment, onWarning: warn } = request;
  if (ref === undefined) return undefined;
  return (await declaredAt(project, [target], { ref }, { environment, warn })).get(target.name);
}

function globsOf({ only = [], exclude = [] }: Selecting): GlobWishes {
  const list = (globs: string | readonly string[]) => (typeof globs === 'string' ? [globs] : globs);
  return { only: list(only), exclude: list(exclude) };
}

/** Opens the project and the target of a request. `declares`: does what is done there go by manifests, and may there be none yet? */
async function withTarget<Result>(
  request: OnTarget,
  act: (opened: TargetRequest) => Promise<Result>,
  declares: boolean | 'may-be-empty' = true,
): Promise<Result> {
  const { now, environment, onWarning: warn, provider } = request;
  const session = openSession(request, { now, environment, warn });
  const [target] = meantTargets(session.project, request.target === undefined ? [] : [request.target], '`target`');
  if (target === undefined) throw new Error('The project has no target.');
  const files = declares === 'may-be-empty' ? declares : undefined;
  const manifests = declares
    ? (await openManifests(session.project, [target], files)).manifests.get(target.name)
    : undefined;
  return session.reach(target, manifests ?? [], provider, act);
}

/** Carries out a plan and tells whoever watches. */
async function carryOut(
  request: OnTarget & Recorded & Watched,
  opened: TargetRequest,
  chosen: Plan,
  options: Pick<ApplyOptions, 'snapshot' | 'checkout' | 'agreed' | 'takesBack'>,
): Promise<ApplyReport> {
  const { signal = new AbortController().signal, onOutcome, onEvent = () => undefined } = request;
  const teller = eventsOf({ target: opened.target.name, dryRun: false, now: opened.now }, onEvent);
  const { progress } = teller;
  const watched: Progress = {
    ...progress,
    outcome: (one) => {
      onOutcome?.(one);
      progress.outcome?.(one);
    },
  };
  const identity = await identityOf(request, opened);
  const report = await applyPlan({ ...opened, progress: watched }, chosen, { identity, signal, ...options });
  teller.report(report);
  return report;
}

async function identityOf(request: OnTarget & Recorded, opened: TargetRequest): Promise<RunIdentity> {
  return { run: runName(opened.now()), actor: request.actor, commit: await commitFor(request, opened) };
}

async function commitFor(
  { commit, environment }: OnTarget & Committed,
  { project, manifests }: TargetRequest,
): Promise<string | null> {
  return commit ?? withFiles(await commitOf(project.root, environment), manifests, project, environment);
}

/** Who calls without types must not bind everything by a slip of the pen. */
function guardAdopt({ address, id, allMatching }: AdoptRequest): void {
  const all = allMatching === true;
  if ((address === undefined) === all && !(all && id !== undefined)) return;
  const hint = 'Give `address`, with `id` for one certain sync, or `allMatching: true` alone.';
  throw new SynclineError('usage', '`adopt` takes an address or `allMatching`.', hint, Exit.invalid);
}
