import { exitOfReport, exitOfReports } from '../../core/exit.ts';
import { notAsReviewed } from '../../core/plan/reviewed.ts';
import { type ApplyOptions, assertFree, assertNotOld } from '../../engine/apply.ts';
import { dryRunReport } from '../../engine/dry-run.ts';
import { planTarget, probeTarget } from '../../engine/plan.ts';
import { planFor } from '../../engine/plan-file.ts';
import { assertUnedited } from '../../engine/plan-guard.ts';
import type { Snapshot } from '../../engine/read.ts';
import type { PlanOptions, TargetRequest } from '../../engine/request.ts';
import type { Address } from '../../model/address.ts';
import { Exit, type ExitCode, InvalidInput, SynclineError } from '../../model/errors.ts';
import type { ApplyReport } from '../../model/outcome.ts';
import { isPartial, needsAttention, type Plan } from '../../model/plan.ts';
import { traitsIn } from '../../model/provider.ts';
import { partWords } from '../../render/part.ts';
import { planText } from '../../render/plan/text.ts';
import { dangers } from '../../render/plan/words.ts';
import type { FoundManifests } from '../../session/check.ts';
import { unlessInvalid } from '../../session/session.ts';
import { approve } from '../approve.ts';
import { carryOut } from '../carry-out.ts';
import type { Execute, InvocationOf } from '../invocation.ts';
import { type Part, partsOf } from '../part.ts';
import { type Board, both, openBoard } from '../progress.ts';
import { beginManifests } from '../project.ts';
import { credentials, type Reach, unlessStopped, withTarget } from '../reach.ts';
import { faultsOf, sayReports } from '../report.ts';
import { chooseSavedTargets, neverPlanned, openSaved, type Saved, type SavedFile } from '../saved-plan.ts';
import { sessionOf } from '../session.ts';
import { failuresOf, type Lost, sayLost, type Tried } from '../several.ts';
import { chooseNamedShare } from '../shard.ts';
import { stopped } from '../stopped.ts';
import { openTelling, type Telling } from '../telling.ts';
import { wishesOf } from '../wishes.ts';

interface Done {
  readonly report: ApplyReport;
  readonly exit: ExitCode;
}

/** What performing one target needs of the command. */
interface Work {
  readonly invocation: InvocationOf<'apply'>;
  readonly saved: Saved | undefined;
  /** The part of each target that is asked for. */
  readonly asking: Promise<(target: string) => Part>;
  readonly board: Board;
  readonly telling: Telling;
}

/** Performs plans, one target after the other: a saved one as it is, or a fresh one after asking. One that fails hides no other. */
export const execute: Execute<'apply'> = async (invocation) => {
  const telling = openTelling(invocation, isDryRun(invocation));
  try {
    return await performAll(invocation, telling);
  } catch (error) {
    await telling.end(error);
    throw error;
  }
};

async function performAll(invocation: InvocationOf<'apply'>, telling: Telling): Promise<ExitCode> {
  const { options } = invocation;
  const saved = openSaved(invocation);
  const session = sessionOf(invocation);
  const { project } = session;
  const chosen =
    saved === undefined ? chooseNamedShare(project, invocation) : chooseSavedTargets(saved, project, invocation);
  telling.expect(chosen.map((one) => one.name));
  const unplanned = saved === undefined ? [] : neverPlanned(saved, chosen);
  const targets = chosen.filter(({ name }) => !unplanned.some((one) => one.target === name));
  const checking = saved === undefined ? beginManifests(project, targets, invocation) : undefined;
  const asking = (checking?.found ?? nothing).then(({ manifests }) => partsOf(invocation, session, targets, manifests));
  asking.catch(() => undefined);
  // A commit that is not here is no fault of a target.
  if (options.text('changed') !== undefined) await asking;
  const reaches = await unlessInvalid(checking, () => credentials(project, targets, invocation));
  await telling.failures(unplanned);
  const work: Work = { invocation, saved, asking, telling, board: openBoard(invocation) };
  const { done, lost } = await oneByOne(reaches, work, (reach) => {
    const { name } = reach.target;
    const act = (request: TargetRequest) => perform(request, work);
    return withTarget(reach, session, checking ?? [], invocation, act, telling.of(name).waits);
  });
  const reports = done.map((one) => one.report);
  const all = [...unplanned, ...lost, ...faultsOf(reports)];
  const failed = await failuresOf(all);
  const exit = exitOfReports(reports, failed);
  const dryRun = isDryRun(invocation);
  const notes = dryRun || saved !== undefined;
  sayReports(reports, { dryRun, notes, exit, failed }, targets, invocation);
  await sayLost(all, chosen.length > 1, invocation);
  return exit;
}

/** A saved plan goes by no manifests. */
const nothing: Promise<Pick<FoundManifests, 'manifests'>> = Promise.resolve({ manifests: new Map() });

/**
 * Performs plans in turn. Ctrl-C ends it, and so does what is wrong with the files: then nothing more is begun.
 * @throws InvalidInput where nothing has been written yet
 */
async function oneByOne(
  reaches: readonly Reach[],
  { telling, invocation }: Work,
  act: (reach: Reach) => Promise<Done>,
): Promise<Tried<Done>> {
  const done: Done[] = [];
  const lost: Lost[] = [];
  let isWrong = false;
  for (const reach of reaches) {
    const target = reach.target.name;
    try {
      if (isWrong) throw notBegun(target);
      if (invocation.io.signal.aborted) throw stopped();
      const one = await act(reach);
      telling.report(one.report);
      done.push(one);
    } catch (error) {
      isWrong ||= error instanceof InvalidInput;
      if (isWrong && !done.some(({ report }) => report.wrote)) throw error;
      lost.push({ target, error });
      await telling.failures([{ target, error }]);
    }
  }
  return { done, lost };
}

function notBegun(target: string): SynclineError {
  const message = `Target "${target}" was not started, because of the errors in the project's files.`;
  return new SynclineError('not-begun', message, 'Fix them and run again.', Exit.invalid);
}

const bySavedPlan = ', or save a plan with `plan --out FILE` and run `apply FILE`';

async function perform(request: TargetRequest, work: Work): Promise<Done> {
  const { invocation, saved, board } = work;
  const { options } = invocation;
  const { name } = request.target;
  if (isDryRun(invocation)) return dryRun(request, work);
  if (saved !== undefined) {
    const plan = savedPlan(saved, request);
    const fresh = saved.against === undefined ? undefined : savedPlan(saved.against, request);
    return write(request, narrowedTo(fresh, plan), { refused: refusedBy(fresh, plan, request) }, work);
  }
  const { progress, end } = board.of(name);
  const planning = planTarget({ ...request, progress }, await wishes(request, work));
  const { plan, snapshot, agreed } = await unlessStopped(invocation, planning).finally(end);
  await assertNotOld(request, snapshot, options.flag('allow-old'));
  if (plan.changes.length > 0) assertFree(request, snapshot);
  showPlan(plan, invocation);
  if (plan.changes.length > 0) await approve(question(plan), invocation, bySavedPlan);
  // Whoever was asked may have taken an hour to answer: then everything is read again.
  const current = invocation.options.flag('auto-approve') ? snapshot : undefined;
  return write(request, plan, { snapshot: current, agreed }, work);
}

/** The plan that a file holds for a target. @throws SynclineError (exit 3) where its digest is of another plan */
function savedPlan({ file, name }: SavedFile, request: TargetRequest): Plan {
  const plan = planFor(file, request.target.name, name);
  assertUnedited(plan, request, name);
  return plan;
}

/** A plan of which another one sees a part is carried out in part: such an apply is no last apply. */
function narrowedTo(fresh: Plan | undefined, plan: Plan): Plan {
  return fresh === undefined || !isPartial(fresh.selection) ? plan : { ...plan, selection: fresh.selection };
}

/** What of a saved plan the other one does not have in the same way. */
function refusedBy(fresh: Plan | undefined, plan: Plan, { provider }: TargetRequest): Refused {
  return fresh === undefined ? undefined : notAsReviewed(traitsIn(provider), plan, fresh);
}

type Refused = ReadonlyMap<Address, string> | undefined;

function question(plan: Plan): string {
  const part = partWords(plan.selection);
  const said = part === '' ? [] : [`This is a partial plan. ${part}`];
  return [...said, dangers(plan), `Apply this to ${plan.target}?`].filter((words) => words !== '').join(' ');
}

/** Who is asked must see what for, and who is left with something blocked, why; what programs read on stdout stays theirs. */
function showPlan(plan: Plan, { io, options, colour, format }: InvocationOf<'apply'>): void {
  const isRead = format === 'text';
  if (!isRead && options.flag('auto-approve') && !plan.blocked.some(needsAttention)) return;
  const sink = isRead ? io.stdout : io.stderr;
  sink.write(`${planText([plan], { colour })}\n`);
}

async function wishes(request: TargetRequest, { invocation, asking }: Work): Promise<PlanOptions> {
  const asked = await wishesOf(invocation, request.project, request.manifests);
  return { ...asked, ...(await asking)(request.target.name) };
}

async function dryRun(request: TargetRequest, work: Work): Promise<Done> {
  const { invocation, board, telling } = work;
  const { name } = request.target;
  const { progress, end } = board.of(name, 'checking');
  const watched = { ...request, progress: both(progress, telling.of(name).progress) };
  const probing = probeTarget(watched, await wishes(request, work));
  const { plan, fault } = await unlessStopped(invocation, probing).finally(end);
  const report = dryRunReport(plan, fault);
  return { report, exit: exitOfReport(report) };
}

async function write(
  request: TargetRequest,
  plan: Plan,
  {
    snapshot,
    ...how
  }: { readonly snapshot?: Snapshot | undefined } & Partial<Pick<ApplyOptions, 'refused' | 'agreed'>>,
  { invocation, board, telling }: Work,
): Promise<Done> {
  const { options } = invocation;
  const { name } = request.target;
  const checkout = { allowOld: options.flag('allow-old') };
  const { progress, end } = board.of(name);
  const watched = { ...request, progress: both(progress, telling.of(name).progress) };
  const report = await carryOut(watched, plan, snapshot, invocation, { checkout, ...how }).finally(end);
  return { report, exit: exitOfReport(report) };
}

function isDryRun({ options }: InvocationOf<'apply'>): boolean {
  return options.flag('dry-run') || options.flag('validate-only');
}
