import { exitOfPlans, worstExit } from '../../core/exit.ts';
import { sealPlans } from '../../core/plan/digest.ts';
import { type Planned, planTarget, probeTarget } from '../../engine/plan.ts';
import type { Probed } from '../../engine/probe.ts';
import type { PlanOptions, TargetRequest } from '../../engine/request.ts';
import type { SynclineError } from '../../model/errors.ts';
import type { FoundLock } from '../../model/lock.ts';
import type { PlanFile } from '../../model/plan.ts';
import { planGithub } from '../../render/plan/github.ts';
import { planHtml } from '../../render/plan/html.ts';
import { planJson } from '../../render/plan/json.ts';
import { planMarkdown } from '../../render/plan/markdown.ts';
import { planText } from '../../render/plan/text.ts';
import { commitOf } from '../../session/commit.ts';
import { sayFault } from '../carry-out.ts';
import { writeText } from '../files.ts';
import type { Execute, InvocationOf, Renderers } from '../invocation.ts';
import { warner } from '../notice.ts';
import { planOut } from '../plan-out.ts';
import { ticker } from '../progress.ts';
import { chooseTargets, openManifests } from '../project.ts';
import { credentials, unlessStopped, withTarget } from '../reach.ts';
import { placeInRepository } from '../repository.ts';
import { sessionOf } from '../session.ts';
import { wishesOf } from '../wishes.ts';

/** Compares manifests with the live side, target by target. Sends reads only, or `validate_only` bodies where asked. */
export const execute: Execute<'plan'> = async (invocation) => {
  const { options, io } = invocation;
  const session = sessionOf(invocation);
  const { project } = session;
  const commit = commitOf(project.root, io.env);
  const targets = chooseTargets(project, invocation);
  const out = planOut(invocation, project);
  const manifests = await openManifests(project, targets, invocation);
  const make: (request: TargetRequest, wanted: PlanOptions) => Promise<Planned & Partial<Probed>> = options.flag(
    'validate-only',
  )
    ? probeTarget
    : planTarget;
  const wanted = await wishesOf(invocation, project.root, [...manifests.values()].flat(), commit);
  const plans = [];
  const faults: SynclineError[] = [];
  for (const reach of credentials(project, targets, invocation)) {
    const { name } = reach.target;
    const progress = ticker(invocation, 0);
    progress.stage?.('reading', name);
    const act = (request: TargetRequest) => unlessStopped(invocation, make(request, wanted));
    const work = withTarget(reach, session, manifests.get(name) ?? [], invocation, act);
    const { plan, snapshot, fault } = await work.finally(progress.end);
    if (fault != null) faults.push(fault);
    sayHolder(snapshot.lock, invocation);
    plans.push(plan);
  }
  const file = sealPlans(plans);
  if (out !== undefined) writeText(out, planJson(file));
  const { format, colour } = invocation;
  io.stdout.write(renderers[format](file, { root: project.root, colour }));
  for (const fault of faults) await sayFault(fault, invocation);
  return worstExit([exitOfPlans(plans, options.flag('exit-code')), ...faults.map((fault) => fault.exit)]);
};

/** What a run that is going on has done so far is half a story. */
function sayHolder(lock: FoundLock | undefined, invocation: InvocationOf<'plan'>): void {
  if (lock?.state !== 'held') return;
  const { actor, run, host, at } = lock.lock;
  warner(invocation)(`${actor} is applying (run ${run} on ${host}, since ${at}); this plan shows what is done so far.`);
}

const renderers: Renderers<'plan', PlanFile, { readonly root: string; readonly colour: boolean }> = {
  text: ({ plans }, about) => planText(plans, about),
  json: planJson,
  markdown: ({ plans }) => planMarkdown(plans),
  github: ({ plans }, { root }) => planGithub(plans, { base: placeInRepository(root) }),
  html: ({ plans }) => planHtml(plans),
};
