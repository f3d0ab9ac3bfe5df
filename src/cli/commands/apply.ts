import { exitOfMany, exitOfReport } from '../../core/exit.ts';
import { notAsReviewed } from '../../core/plan/reviewed.ts';
import { assertFree, assertNotOld } from '../../engine/apply.ts';
import { dryRunReport } from '../../engine/dry-run.ts';
import { planTarget, probeTarget } from '../../engine/plan.ts';
import { planFor } from '../../engine/plan-file.ts';
import type { Snapshot } from '../../engine/read.ts';
import type { PlanOptions, TargetRequest } from '../../engine/request.ts';
import type { Address } from '../../model/address.ts';
import { Exit, type ExitCode, InvalidInput, SynclineError } from '../../model/errors.ts';
import type { ApplyReport } from '../../model/outcome.ts';
import { needsAttention, type Plan } from '../../model/plan.ts';
import { traitsIn } from '../../model/provider.ts';
import { partWords } from '../../render/part.ts';
import { planText } from '../../render/plan/text.ts';
import { dangers } from '../../render/plan/words.ts';
import { approve } from '../approve.ts';
import { carryOut } from '../carry-out.ts';
import type { Execute, InvocationOf } from '../invocation.ts';
import { type Part, partsOf } from '../part.ts';
import { chooseNamedTargets, openManifests } from '../project.ts';
import { credentials, type Reach, unlessStopped, withTarget } from '../reach.ts';
import { faultsOf, sayReports } from '../report.ts';
import { chooseSavedTargets, neverPlanned, openSaved, type Saved, type SavedFile } from '../saved-plan.ts';
import { sessionOf } from '../session.ts';
import { failuresOf, type Lost, sayLost, type Tried } from '../several.ts';
import { stopped } from '../stopped.ts';
import { wishesOf } from '../wishes.ts';

interface Done {
  readonly report: ApplyReport;
  readonly exit: ExitCode;
}

/** Performs plans, one target after the other: a saved one as it is, or a fresh one after asking. One that fails hides no other. */
export const execute: Execute<'apply'> = async (invocation) => {
  const saved = openSaved(invocation);
  const session = sessionOf(invocation);
  const { project } = session;
  const chosen =
    saved === undefined ? chooseNamedTargets(project, invocation) : chooseSavedTargets(saved, project, invocation);
  const unplanned = saved === undefined ? [] : neverPlanned(saved, chosen);
  const targets = chosen.filter(({ name }) => !unplanned.some((one) => one.target === name));
  const manifests = saved === undefined ? await openManifests(project, targets, invocation) : new Map();
  const partOf = await partsOf(invocation, session, targets, manifests);
  const { done, lost } = await oneByOne(credentials(project, targets, invocation), invocation, (reach) => {
    const act = (request: TargetRequest) => perform(request, saved, invocation, partOf(reach.target.name));
    return withTarget(reach, session, manifests.get(reach.target.name) ?? [], invocation, act);
  });
  const reports = done.map((one) => one.report);
  const all = [...unplanned, ...lost, ...faultsOf(reports)];
  const failed = await failuresOf(all);
  const wrote = reports.some((one) => one.wrote);
  const exit = exitOfMany(
    done.map((one) => one.exit),
    failed,
    wrote,
  );
  const dryRun = isDryRun(invocation);
  const notes = dryRun || saved !== undefined;
  sayReports(reports, { dryRun, notes, exit, failed }, invocation);
  await sayLost(all, unplanned.length + targets.length > 1, invocation);
  return exit;
};

/**
 * Performs plans in turn. Ctrl-C ends it, and so does what is wrong with the files: then nothing more is begun.
 * @throws InvalidInput where nothing has been written yet
 */
async function oneByOne(
  reaches: readonly Reach[],
  { io }: InvocationOf<'apply'>,
  act: (reach: Reach) => Promise<Done>,
): Promise<Tried<Done>> {
  const done: Done[] = [];
  const lost: Lost[] = [];
  let isWrong = false;
  for (const reach of reaches) {
    const target = reach.target.name;
    try {
      if (isWrong) throw notBegun(target);
      if (io.signal.aborted) throw stopped();
      done.push(await act(reach));
    } catch (error) {
      isWrong ||= error instanceof InvalidInput;
      if (isWrong && !done.some(({ report }) => report.wrote)) throw error;
      lost.push({ target, error });
    }
  }
  return { done, lost };
}

function notBegun(target: string): SynclineError {
  const message = `Target "${target}" was not begun, because of what is wrong in the project's files.`;
  return new SynclineError('not-begun', message, 'Mend them and run again.', Exit.invalid);
}

const bySavedPlan = ', or save a plan with `plan --out FILE` and run `apply FILE`';

async function perform(
  request: TargetRequest,
  saved: Saved | undefined,
  invocation: InvocationOf<'apply'>,
  part: Part,
): Promise<Done> {
  const { options } = invocation;
  if (isDryRun(invocation)) return dryRun(request, invocation, part);
  if (saved !== undefined) {
    const plan = planFor(saved.file, request.target.name, saved.name);
    return write(request, plan, { refused: refusedBy(saved.against, plan, request) }, invocation);
  }
  const { plan, snapshot } = await unlessStopped(
    invocation,
    planTarget(request, await wishes(request, invocation, part)),
  );
  await assertNotOld(request, snapshot, options.flag('allow-old'));
  if (plan.changes.length > 0) assertFree(request, snapshot);
  showPlan(plan, invocation);
  if (plan.changes.length > 0) await approve(question(plan), invocation, bySavedPlan);
  // Whoever was asked may have taken an hour to answer: then everything is read again.
  const current = invocation.options.flag('auto-approve') ? snapshot : undefined;
  return write(request, plan, { snapshot: current }, invocation);
}

/** What of a saved plan the other one does not have in the same way. */
function refusedBy(against: SavedFile | undefined, plan: Plan, { provider, target }: TargetRequest): Refused {
  if (against === undefined) return undefined;
  return notAsReviewed(traitsIn(provider), plan, planFor(against.file, target.name, against.name));
}

type Refused = ReadonlyMap<Address, string> | undefined;

function question(plan: Plan): string {
  const part = partWords(plan.selection);
  const said = part === '' ? [] : [`This is a partial plan. ${part}`];
  return [...said, dangers(plan), `Apply this to ${plan.target}?`].filter((words) => words !== '').join(' ');
}

/** Who is asked must see what for, and who is left with something blocked, why; JSON on stdout stays JSON. */
function showPlan(plan: Plan, { io, options, colour, format }: InvocationOf<'apply'>): void {
  if (format === 'json' && options.flag('auto-approve') && !plan.blocked.some(needsAttention)) return;
  const sink = format === 'json' ? io.stderr : io.stdout;
  sink.write(`${planText([plan], { colour })}\n`);
}

async function wishes(request: TargetRequest, invocation: InvocationOf<'apply'>, part: Part): Promise<PlanOptions> {
  return { ...(await wishesOf(invocation, request.project.root, request.manifests)), ...part };
}

async function dryRun(request: TargetRequest, invocation: InvocationOf<'apply'>, part: Part): Promise<Done> {
  const { plan, fault } = await unlessStopped(
    invocation,
    probeTarget(request, await wishes(request, invocation, part)),
  );
  const report = dryRunReport(plan, fault);
  return { report, exit: exitOfReport(report) };
}

async function write(
  request: TargetRequest,
  plan: Plan,
  { snapshot, refused }: { readonly snapshot?: Snapshot | undefined; readonly refused?: Refused },
  invocation: InvocationOf<'apply'>,
): Promise<Done> {
  const { options } = invocation;
  const checkout = { allowOld: options.flag('allow-old') };
  const report = await carryOut(request, plan, snapshot, invocation, { checkout, refused });
  return { report, exit: exitOfReport(report) };
}

function isDryRun({ options }: InvocationOf<'apply'>): boolean {
  return options.flag('dry-run') || options.flag('validate-only');
}
