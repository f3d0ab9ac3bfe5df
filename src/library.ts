import { applyPlan } from './engine/apply.ts';
import { planTarget, probeTarget } from './engine/plan.ts';
import type { TargetRequest } from './engine/request.ts';
import { validateProject } from './engine/validate.ts';
import { openCheckout } from './ledger/git/checkout.ts';
import { openLedger } from './ledger/open.ts';
import { loadProject } from './load/project.ts';
import type { Diagnostic } from './model/diagnostic.ts';
import { CheckWroteError, Exit, InvalidInput, SynclineError } from './model/errors.ts';
import type { ApplyReport, Outcome } from './model/outcome.ts';
import type { Plan } from './model/plan.ts';
import type { Project, Target } from './model/project.ts';
import type { Provider } from './model/provider.ts';
import { tool } from './model/version.ts';
import { kinds, kindsOf } from './providers/index.ts';

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
export interface PlanRequest extends Omit<ValidateRequest, 'paths'> {
  /** May be left out where the project has one target. */
  readonly target?: string;
  readonly provider: Provider;
  /** Let owned syncs go that no manifest declares. Default false. */
  readonly prune?: boolean;
  /** Glob of addresses. Default all. */
  readonly only?: string;
  /** The exact number of deletes that is allowed beyond `max_deletes`. */
  readonly forceDeletes?: number;
  /** The exact number of gone things that may be made again or released together. */
  readonly forceCreates?: number;
  /** Git commit of the manifests, for the record. */
  readonly commit?: string;
  /** Ask the server's validate-only check about every change. Default false. */
  readonly validateOnly?: boolean;
  /** Default: the system's clock. */
  readonly now?: () => Date;
  /** What git is started with, for a ledger in Git. Default: the environment of this process, as it is. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Told what no plan can carry, such as a remote that could not be asked. */
  readonly onWarning?: (message: string) => void;
}

export interface ApplyRequest extends PlanRequest {
  /** A plan made before, carried out as it is; absent, a fresh one is made. */
  readonly plan?: Plan;
  /** Person or CI run, for the record. */
  readonly actor: string;
  /** Apply a checkout that is older than the last apply too, without its deletes. Default false. */
  readonly allowOld?: boolean;
  /** Aborted: what is in flight finishes, nothing new starts. */
  readonly signal?: AbortSignal;
  readonly onOutcome?: (outcome: Outcome) => void;
}

/** Everything that is wrong with the files of a project. Never throws for a user's mistake; touches no network. */
export async function validate(
  request: ValidateRequest,
): Promise<{ readonly diagnostics: readonly Diagnostic[]; readonly manifests: number }> {
  const { project, diagnostics } = loadProject(request);
  if (project === undefined) return { diagnostics, manifests: 0 };
  const validated = await validateProject({ project, kinds, kindsOf, paths: request.paths });
  return { diagnostics: [...diagnostics, ...validated.diagnostics], manifests: validated.count };
}

/**
 * Compares the manifests of one target with the live side. Sends reads, and `validate_only` bodies where asked.
 * @throws InvalidInput, SynclineError or ProviderError
 */
export async function plan(request: PlanRequest): Promise<Plan> {
  return (await planned(request)).plan;
}

/**
 * Carries out a plan, or less: what no longer fits is left alone and reported.
 * @throws InvalidInput, SynclineError or ProviderError where nothing was written
 */
export async function apply(request: ApplyRequest): Promise<ApplyReport> {
  const fresh = request.plan === undefined ? await planned(request) : undefined;
  const chosen = request.plan ?? fresh?.plan;
  if (chosen === undefined) throw new Error('There is no plan to apply.');
  const now = request.now ?? (() => new Date());
  const opened = fresh?.request ?? open(request);
  const commit = request.commit ?? (await opened.checkout?.head()) ?? null;
  return applyPlan(opened, chosen, {
    identity: { run: runName(now()), actor: request.actor, commit },
    signal: request.signal ?? new AbortController().signal,
    progress: request.onOutcome === undefined ? {} : { outcome: request.onOutcome },
    snapshot: fresh?.snapshot,
    checkout: { allowOld: request.allowOld ?? false, whole: request.only === undefined },
  });
}

async function planned(request: PlanRequest) {
  const opened = open(request);
  const { project, target } = opened;
  const { manifests, diagnostics } = await validateProject({ project, kinds, kindsOf, targets: [target.name] });
  if (diagnostics.some((one) => one.severity === 'error')) throw new InvalidInput(diagnostics);
  const ready = { ...opened, manifests: manifests.get(target.name) ?? [] };
  const { prune = false, only, forceDeletes, forceCreates, commit } = request;
  const options = { prune, only, forceDeletes, forceCreates, commit };
  if (!request.validateOnly) return { ...(await planTarget(ready, options)), request: ready };
  const probed = await probeTarget(ready, options);
  // What could not be asked is in the verdicts; that the service has written is in none.
  if (probed.fault instanceof CheckWroteError) throw probed.fault;
  return { ...probed, request: ready };
}

function open(request: PlanRequest): TargetRequest {
  const { project, diagnostics } = loadProject(request);
  if (project === undefined) throw new InvalidInput(diagnostics);
  const target = chosenTarget(project, request.target);
  const { provider, now = () => new Date(), environment, onWarning: warn } = request;
  const store = openLedger(project, target, environment === undefined ? { now } : { now, environment });
  const checkout = openCheckout(project.root, environment);
  const opened = { project, target, manifests: [], provider, store, tool, now, checkout };
  return warn === undefined ? opened : { ...opened, warn };
}

function chosenTarget(project: Project, name: string | undefined): Target {
  const [only] = project.targets;
  const found =
    name === undefined && project.targets.length === 1 ? only : project.targets.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = project.targets.map((one) => one.name).join(', ');
  const message = name === undefined ? 'The project has several targets.' : `The project has no target "${name}".`;
  throw new SynclineError('unknown-target', message, `Its targets are: ${names}.`, Exit.invalid);
}

/** Sortable by time; two runs of one moment are told apart by chance. */
function runName(at: Date): string {
  const stamp = at.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${stamp}-${Math.random().toString(16).slice(2, 8)}`;
}
