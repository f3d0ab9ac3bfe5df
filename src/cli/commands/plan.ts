import { exitOfMany, exitOfPlans } from '../../core/exit.ts';
import { sealPlans } from '../../core/plan/digest.ts';
import { type Planned, planTarget, probeTarget } from '../../engine/plan.ts';
import type { Probed } from '../../engine/probe.ts';
import type { PlanOptions, TargetRequest } from '../../engine/request.ts';
import type { ToldFailure } from '../../model/failed.ts';
import type { FoundLock } from '../../model/lock.ts';
import type { PlanFile } from '../../model/plan.ts';
import { planGithub } from '../../render/plan/github.ts';
import { planHtml } from '../../render/plan/html.ts';
import { planJson } from '../../render/plan/json.ts';
import { planMarkdown } from '../../render/plan/markdown.ts';
import { planText } from '../../render/plan/text.ts';
import { commitOf } from '../../session/commit.ts';
import { writeText } from '../files.ts';
import type { Execute, InvocationOf, Renderers } from '../invocation.ts';
import { warner } from '../notice.ts';
import { planOut } from '../plan-out.ts';
import { ticker } from '../progress.ts';
import { chooseTargets, openManifests } from '../project.ts';
import { credentials, unlessStopped, withTarget } from '../reach.ts';
import { placeInRepository } from '../repository.ts';
import { sessionOf } from '../session.ts';
import { failuresOf, sayLost, sideBySide } from '../several.ts';
import { wishesOf } from '../wishes.ts';

/** Compares manifests with the live side, targets side by side. Sends reads only, or `validate_only` bodies where asked. */
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
  const progress = ticker(invocation, 0);
  progress.stage?.('reading', targets.map((one) => one.name).join(', '));
  const work = sideBySide(credentials(project, targets, invocation), (reach) => {
    const act = (request: TargetRequest) => unlessStopped(invocation, make(request, wanted));
    return withTarget(reach, session, manifests.get(reach.target.name) ?? [], invocation, act);
  });
  const { done, lost } = await work.finally(progress.end);
  for (const { snapshot } of done) sayHolder(snapshot.lock, invocation);
  const plans = done.map((one) => one.plan);
  // What could not be checked is planned all the same.
  const unchecked = done.flatMap(({ plan, fault }) => (fault == null ? [] : [{ target: plan.target, error: fault }]));
  const failed = await failuresOf([...lost, ...unchecked]);
  const exit = exitOfMany([exitOfPlans(plans, options.flag('exit-code'))], failed);
  const file = sealPlans(plans, { exit, failed });
  if (out !== undefined) writeText(out, planJson(file));
  io.told?.({ plan: { file, failed } });
  const { format, colour } = invocation;
  if (plans.length > 0 || format !== 'text')
    io.stdout.write(renderers[format](file, { root: project.root, colour, failed }));
  await sayLost([...lost, ...unchecked], targets.length > 1, invocation);
  return exit;
};

/** What a run that is going on has done so far is half a story. */
function sayHolder(lock: FoundLock | undefined, invocation: InvocationOf<'plan'>): void {
  if (lock?.state !== 'held') return;
  const { actor, run, host, at } = lock.lock;
  warner(invocation)(`${actor} is applying (run ${run} on ${host}, since ${at}); this plan shows what is done so far.`);
}

interface About {
  readonly root: string;
  readonly colour: boolean;
  readonly failed: readonly ToldFailure[];
}

const renderers: Renderers<'plan', PlanFile, About> = {
  text: ({ plans }, about) => planText(plans, about),
  json: planJson,
  markdown: ({ plans }, { failed }) => planMarkdown(plans, failed),
  github: ({ plans }, { root, failed }) => planGithub(plans, { base: placeInRepository(root), failed }),
  html: ({ plans }, { failed }) => planHtml(plans, failed),
};
