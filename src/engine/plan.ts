import { type IdleLine, withDoneLines } from '../core/moves/done-lines.ts';
import { earlierAddresses } from '../core/moves/moves.ts';
import { ageless, warningOf } from '../core/plan/age.ts';
import { type Agreed, agreedRecords } from '../core/plan/agreed.ts';
import type { PlanInput } from '../core/plan/decision.ts';
import { closedByPlan, makePlan } from '../core/plan/plan.ts';
import { zombieNotes } from '../core/plan/zombies.ts';
import { differing } from '../core/references/differing.ts';
import { vanishingNames } from '../core/references/vanishing.ts';
import { type Chosen, choose, type Differing, everything } from '../core/selection.ts';
import { didYouMean } from '../core/suggest.ts';
import { type Address, matches } from '../model/address.ts';
import { Exit, InvalidInput, SynclineError } from '../model/errors.ts';
import type { Ledger } from '../model/ledger.ts';
import { keyOf } from '../model/live.ts';
import type { Note, Plan } from '../model/plan.ts';
import type { Target } from '../model/project.ts';
import { resourceOf, traitsIn, verbsIn } from '../model/provider.ts';
import { retirementMessage } from '../model/retirement.ts';
import { ageOf } from './age.ts';
import { readingOf } from './ahead.ts';
import { movedSnapshot, movesFor } from './moves.ts';
import { type Read, withNames } from './names.ts';
import { type Probed, probePlan } from './probe.ts';
import { readSnapshot, type Snapshot, unlessLeft } from './read.ts';
import type { GlobWishes, PlanOptions, Since, TargetRequest } from './request.ts';
import { diagnosed, examined, resolveNames } from './resolve.ts';
import { strayNotes } from './strays.ts';
import { madeWithTypes } from './types-asked.ts';

/** A plan, and what it was made from. */
export interface Planned {
  readonly plan: Plan;
  readonly snapshot: Snapshot;
  /** `moved_from` lines that have nothing to do on this target. */
  readonly settled: readonly IdleLine[];
  /** Records that an apply of it brings up to date beside what it does. Worked out only when it is asked for. */
  readonly agreed: () => Agreed;
}

/**
 * Reads the live side, resolves names, and plans. Sends reads only.
 * @throws InvalidInput for names that cannot be resolved and triggers that would run in a circle, SynclineError for guards, ProviderError where a read fails.
 */
export async function planTarget(request: TargetRequest, options: PlanOptions): Promise<Planned> {
  const read: Read = new Map();
  const begun = readingOf(request);
  const resolving = resolveNames(request, read, begun).then((manifests) => examined(request, manifests));
  const reading = readSnapshot(request, resolving, undefined, begun);
  const [snapshot, manifests] = await unlessLeft(reading, Promise.all([reading, resolving]));
  const addresses = [...manifests.map((one) => one.address), ...Object.keys(snapshot.ledger?.syncs ?? {})];
  guardGlobs(request, options, addresses);
  const chosen = choose(options, differingSince(request, options.since, snapshot.ledger));
  const { moves, settled: idleLines, notes: idle } = movesFor(request, manifests, snapshot.ledger);
  const seen = movedSnapshot(request.provider, snapshot, moves);
  const input = { ...planInput({ ...request, manifests }, options, seen, chosen), moves };
  const strays = strayNotes(request.project, manifests, seen.ledger);
  const notes = [...strays, ...idle].filter(({ address }) => chosen.has(address));
  const age = await ageOf(request.checkout, snapshot.last, null);
  const warning = warningOf(age);
  if (warning !== undefined) request.warn?.(warning);
  if (options.prune && request.store.kind === 'none') request.warn?.(uselessPrune);
  for (const glob of idleGlobs(request.target, seen.ledger, addresses))
    request.warn?.(idleWarning(request.target, glob));
  const whole = { ...input, age, notes: [...input.notes, ...notes] };
  const plan = await madeWithTypes(request.provider, whole, makePlan);
  const traitsOf = traitsIn(request.provider);
  const wrong = [...closedByPlan(input, plan), ...vanishingNames(manifests, plan.changes, traitsOf)];
  if (wrong.length > 0) throw new InvalidInput(diagnosed(request, wrong), request.project.root);
  const settled = manifests.flatMap((manifest) => {
    const known = idleLines.get(manifest.address);
    return known === undefined || !chosen.has(manifest.address) ? [] : [{ manifest, known }];
  });
  const [noted = plan] = withDoneLines([{ plan, settled }]);
  return {
    snapshot,
    plan: await withNames(request.provider, input, noted, { read, byManifests: true }),
    settled,
    agreed: () => agreedRecords(input, plan),
  };
}

/** The last day of an API, as every plan says it: by its date alone, so that the same input gives the same plan on any day. */
function calendarNotes({ provider, retires }: TargetRequest): Note[] {
  const [kind] = provider.resources.keys();
  if (retires === undefined || kind === undefined) return [];
  const message = retirementMessage(provider.name, provider.api, retires);
  return [{ address: kind, code: 'api-retires', message, on: retires.on }];
}

const uselessPrune = '--prune does nothing without a ledger (`ledger: none`): Syncline does not know what it owns.';

/** Globs that protect nothing as things are. */
function idleGlobs({ protect }: Target, ledger: Ledger | null, addresses: readonly Address[]): readonly string[] {
  // What has a new name is protected by a glob of its earlier ones too.
  const earlier = Object.keys(ledger?.meta.moved ?? {}).flatMap((address) => earlierAddresses(ledger, address));
  const names = [...addresses, ...earlier];
  return protect.filter((glob) => !names.some((name) => matches(name, glob)));
}

function idleWarning({ name }: Target, glob: string): string {
  return `"${glob}" in \`protect\` of target "${name}" matches no address that is declared or bound, so it protects nothing now.`;
}

/**
 * Throws where a glob selects nothing: that is a slip of the pen, not an empty plan. One that leaves nothing out does no harm, and is
 * told.
 */
export function guardGlobs({ target, warn }: TargetRequest, globs: GlobWishes, addresses: readonly Address[]): void {
  const isIdle = (glob: string) =>
    globs.elsewhere?.has(glob) !== true && !addresses.some((address) => matches(address, glob));
  const wrong = globs.only?.find(isIdle);
  if (wrong !== undefined) {
    const hint = didYouMean(wrong, addresses, 'The target has no manifests.');
    throw new SynclineError('no-match', `--only ${wrong} matches no address of this target.`, hint, Exit.invalid);
  }
  for (const glob of globs.exclude?.filter(isIdle) ?? [])
    warn?.(`--exclude ${glob} matches no address of target "${target.name}", so it leaves nothing out.`);
}

/** What the manifests say otherwise than they did; undefined where nobody asks. */
function differingSince(
  { provider, manifests: now }: TargetRequest,
  since: Since | undefined,
  ledger: Ledger | null,
): Differing | undefined {
  if (since === undefined) return undefined;
  const { commit, manifests: before } = since;
  return { commit, addresses: differing({ traitsOf: traitsIn(provider), before, now, ledger }) };
}

/** As `planTarget`, and asks the server's validate-only check about every change. */
export async function probeTarget(request: TargetRequest, options: PlanOptions): Promise<Planned & Probed> {
  const planned = await planTarget(request, options);
  return {
    ...planned,
    ...(await probePlan(request, planned.plan, new Set(planned.snapshot.live.map((one) => keyOf(one.kind, one.id))))),
  };
}

/** Everything a plan depends on. For a plan of the manifests, `request.manifests` must have their names resolved. */
export function planInput(
  request: TargetRequest,
  options: PlanOptions,
  snapshot: Snapshot,
  chosen: Chosen = everything,
): PlanInput {
  const { target, provider } = request;
  return {
    target: {
      name: target.name,
      provider: provider.name,
      api: provider.api,
      host: provider.host,
      workspace: snapshot.workspace?.id ?? null,
      groups: provider.groups,
    },
    traitsOf: traitsIn(provider),
    types: new Map(),
    manifests: request.manifests,
    live: snapshot.live,
    ledger: snapshot.ledger,
    gone: snapshot.gone,
    suspects: snapshot.suspects,
    verbsOf: verbsIn(provider),
    prune: options.prune,
    chosen,
    forceDeletes: options.forceDeletes,
    forceCreates: options.forceCreates,
    maxDeletes: target.limits.max_deletes,
    protect: target.protect,
    settleSeconds: target.limits.settle_seconds,
    notes: [
      ...calendarNotes(request),
      ...snapshot.notes,
      ...zombieNotes(
        traitsIn(provider),
        snapshot.ledger,
        snapshot.live.filter(({ kind }) => resourceOf(provider, kind).capabilities.deletions === 'visible'),
      ),
    ],
    age: ageless,
    createdAt: request.now().toISOString(),
    tool: request.tool,
    commit: options.commit ?? null,
  };
}
