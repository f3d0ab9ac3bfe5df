import { exitOfReport, worstExit } from '../../core/exit.ts';
import { assertFree, assertNotOld } from '../../engine/apply.ts';
import { dryRunReport } from '../../engine/dry-run.ts';
import { planTarget, probeTarget } from '../../engine/plan.ts';
import { planFor } from '../../engine/plan-file.ts';
import type { Snapshot } from '../../engine/read.ts';
import type { TargetRequest } from '../../engine/request.ts';
import { Exit, type ExitCode } from '../../model/errors.ts';
import type { ApplyReport } from '../../model/outcome.ts';
import { needsAttention, type Plan } from '../../model/plan.ts';
import { planText } from '../../render/plan/text.ts';
import { dangers } from '../../render/plan/words.ts';
import { approve } from '../approve.ts';
import { carryOut } from '../carry-out.ts';
import type { Execute, InvocationOf } from '../invocation.ts';
import { chooseNamedTargets, openManifests } from '../project.ts';
import { credentials, unlessStopped, withTarget } from '../reach.ts';
import { sayReports } from '../report.ts';
import { chooseSavedTargets, openSaved, type Saved } from '../saved-plan.ts';
import { sessionOf } from '../session.ts';
import { wishesOf } from '../wishes.ts';

interface Done {
  readonly report: ApplyReport;
  readonly exit: ExitCode;
}

/** Performs plans, target by target: a saved one as it is, or a fresh one after asking. */
export const execute: Execute<'apply'> = async (invocation) => {
  const saved = openSaved(invocation);
  const session = sessionOf(invocation);
  const { project } = session;
  const targets =
    saved === undefined ? chooseNamedTargets(project, invocation) : chooseSavedTargets(saved, project, invocation);
  const manifests = saved === undefined ? await openManifests(project, targets, invocation) : new Map();
  const done: Done[] = [];
  try {
    for (const reach of credentials(project, targets, invocation)) {
      const act = (request: TargetRequest) => perform(request, saved, invocation);
      done.push(await withTarget(reach, session, manifests.get(reach.target.name) ?? [], invocation, act));
    }
  } catch (error) {
    // What earlier targets have come to must be said, whatever happened to a later one.
    if (done.length > 0) await say(done, invocation);
    if (!done.some(({ report }) => report.wrote)) throw error;
    const { reportFailure } = await import('../failure.ts');
    reportFailure(error, invocation.io, { colour: invocation.colour, verbose: invocation.options.flag('verbose') });
    return Exit.partial;
  }
  await say(done, invocation);
  return worstExit(
    done.map((one) => one.exit),
    done.some(({ report }) => report.wrote),
  );
};

const bySavedPlan = ', or save a plan with `plan --out FILE` and run `apply FILE`';

async function perform(
  request: TargetRequest,
  saved: Saved | undefined,
  invocation: InvocationOf<'apply'>,
): Promise<Done> {
  const { options } = invocation;
  if (isDryRun(invocation)) return dryRun(request, invocation);
  if (saved !== undefined)
    return write(request, planFor(saved.file, request.target.name, saved.name), undefined, invocation);
  const { plan, snapshot } = await unlessStopped(
    invocation,
    planTarget(request, await wishesOf(invocation, request.project.root, request.manifests)),
  );
  await assertNotOld(request, snapshot, options.flag('allow-old'));
  if (plan.changes.length > 0) assertFree(request, snapshot);
  showPlan(plan, invocation);
  if (plan.changes.length > 0) await approve(question(plan), invocation, bySavedPlan);
  // Whoever was asked may have taken an hour to answer: then everything is read again.
  const current = invocation.options.flag('auto-approve') ? snapshot : undefined;
  return write(request, plan, current, invocation);
}

function question(plan: Plan): string {
  return [dangers(plan), `Apply this to ${plan.target}?`].filter((words) => words !== '').join(' ');
}

/** Who is asked must see what for, and who is left with something blocked, why; JSON on stdout stays JSON. */
function showPlan(plan: Plan, { io, options, colour, format }: InvocationOf<'apply'>): void {
  if (format === 'json' && options.flag('auto-approve') && !plan.blocked.some(needsAttention)) return;
  const sink = format === 'json' ? io.stderr : io.stdout;
  sink.write(`${planText([plan], { colour })}\n`);
}

async function dryRun(request: TargetRequest, invocation: InvocationOf<'apply'>): Promise<Done> {
  const { plan, fault } = await unlessStopped(
    invocation,
    probeTarget(request, await wishesOf(invocation, request.project.root, request.manifests)),
  );
  const report = dryRunReport(plan, fault);
  return { report, exit: exitOfReport(report) };
}

async function write(
  request: TargetRequest,
  plan: Plan,
  snapshot: Snapshot | undefined,
  invocation: InvocationOf<'apply'>,
): Promise<Done> {
  const { options } = invocation;
  const checkout = { allowOld: options.flag('allow-old'), whole: plan.selection.only === null };
  const report = await carryOut(request, plan, snapshot, invocation, checkout);
  return { report, exit: exitOfReport(report) };
}

function isDryRun({ options }: InvocationOf<'apply'>): boolean {
  return options.flag('dry-run') || options.flag('validate-only');
}

async function say(done: readonly Done[], invocation: InvocationOf<'apply'>): Promise<void> {
  const dryRun = isDryRun(invocation);
  const notes = dryRun || invocation.positionals.length > 0;
  const reports = done.map((one) => one.report);
  await sayReports(reports, { dryRun, notes }, invocation);
}
