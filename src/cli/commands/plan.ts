import { exitOfMany, exitOfPlans } from '../../core/exit.ts';
import { withDoneLines } from '../../core/moves/done-lines.ts';
import { sealPlans } from '../../core/plan/digest.ts';
import { planAgainst } from '../../engine/against.ts';
import { type Planned, planTarget, probeTarget } from '../../engine/plan.ts';
import { planFor } from '../../engine/plan-file.ts';
import type { Probed } from '../../engine/probe.ts';
import type { PlanOptions, TargetRequest } from '../../engine/request.ts';
import type { Comparison } from '../../model/against.ts';
import { Exit } from '../../model/errors.ts';
import type { ToldFailure } from '../../model/failed.ts';
import type { FoundLock } from '../../model/lock.ts';
import type { PlanFile } from '../../model/plan.ts';
import { forTerminal } from '../../render/escape.ts';
import { againstGithub, againstMarkdown, againstText, type Compared } from '../../render/plan/against.ts';
import { planGithub } from '../../render/plan/github.ts';
import { planHtml } from '../../render/plan/html/page.ts';
import { planJson } from '../../render/plan/json.ts';
import { planMarkdown } from '../../render/plan/markdown.ts';
import { timeless } from '../../render/plan/notes.ts';
import { planText } from '../../render/plan/text.ts';
import { commitOf } from '../../session/commit.ts';
import { unlessInvalid } from '../../session/session.ts';
import { sayCalendar } from '../calendar.ts';
import { writeText } from '../files.ts';
import type { Execute, InvocationOf, Renderers } from '../invocation.ts';
import { warner } from '../notice.ts';
import { partsAs, partsOf } from '../part.ts';
import { planOut } from '../plan-out.ts';
import { openBoard } from '../progress.ts';
import { beginManifests } from '../project.ts';
import { credentialsApart, unlessStopped, withTarget } from '../reach.ts';
import { placeInRepository } from '../repository.ts';
import { chooseComparedTargets, neverPlanned, openAgainst, type SavedFile } from '../saved-plan.ts';
import { sessionOf } from '../session.ts';
import { failuresOf, sayLost, sideBySide } from '../several.ts';
import { chooseShare } from '../shard.ts';
import { wishesOf } from '../wishes.ts';

/** Compares manifests with the live side, targets side by side. Sends reads only, or `validate_only` bodies where asked. */
export const execute: Execute<'plan'> = async (invocation) => {
  const { options, io } = invocation;
  const session = sessionOf(invocation);
  const { project } = session;
  const commit = commitOf(project.root, io.env);
  const against = openAgainst(invocation);
  const chosen =
    against === undefined ? chooseShare(project, invocation) : chooseComparedTargets(against, project, invocation);
  const unplanned = against === undefined ? [] : neverPlanned(against, chosen);
  const targets = chosen.filter(({ name }) => !unplanned.some((one) => one.target === name));
  const out = planOut(invocation, project);
  const checking = beginManifests(project, targets, invocation);
  const make: (request: TargetRequest, wanted: PlanOptions) => Promise<Made> = options.flag('validate-only')
    ? probeTarget
    : planTarget;
  const asking = checking.found.then(async ({ manifests }) => {
    const wanted = await wishesOf(invocation, project, [...manifests.values()].flat(), commit);
    const partOf =
      against === undefined
        ? await partsOf(invocation, session, targets, manifests)
        : await partsAs(against, session, targets, invocation);
    return (target: string): PlanOptions => ({ ...wanted, ...partOf(target) });
  });
  asking.catch(() => undefined);
  // A commit that is not here is no fault of a target.
  if (options.text('changed') !== undefined) await asking;
  // Whether an earlier plan is of the same place is asked before anything is sent.
  const known = against === undefined ? undefined : await asking.then(async () => (await checking.found).manifests);
  const board = openBoard(invocation);
  const { reaches, lost: unreachable } = await unlessInvalid(checking, () =>
    credentialsApart(project, targets, invocation),
  );
  const work = sideBySide(reaches, (reach) => {
    const { name } = reach.target;
    const { progress, end } = board.of(name, 'checking');
    const act = (opened: TargetRequest) => {
      const request = { ...opened, progress };
      const planning = asking.then((optionsFor) => compared(request, against, () => make(request, optionsFor(name))));
      return unlessStopped(invocation, planning);
    };
    return withTarget(reach, session, known?.get(name) ?? checking, invocation, act).finally(end);
  });
  const { done, lost } = await work;
  await asking;
  for (const { snapshot } of done) sayHolder(snapshot.lock, invocation);
  const plans = withDoneLines(done);
  // What could not be checked is planned all the same.
  const unchecked = done.flatMap(({ plan, fault }) => (fault == null ? [] : [{ target: plan.target, error: fault }]));
  const all = [...unplanned, ...unreachable, ...lost, ...unchecked];
  const failed = await failuresOf(all);
  const comparisons = done.flatMap(({ comparison }) => comparison ?? []);
  const isOther = comparisons.some((one) => one.differences.length > 0);
  const exit = exitOfMany([exitOfPlans(plans, options.flag('exit-code')), isOther ? Exit.changes : Exit.ok], failed);
  const file = sealPlans(plans, { exit, failed });
  if (out !== undefined) {
    writeText(out, planJson(file));
    sayWritten(
      invocation,
      plans.map((one) => one.target),
    );
  }
  io.told?.({ plan: { file, failed } });
  const { format, colour } = invocation;
  const beside = against === undefined ? undefined : { file: against.name, comparisons };
  // A page has no place for it.
  if (beside !== undefined && format === 'html') io.stderr.write(againstText(beside, { colour: false }));
  const shown =
    options.flag('quiet') && format !== 'json'
      ? { ...file, plans: plans.map((plan) => ({ ...plan, notes: timeless(plan.notes) })) }
      : file;
  if (plans.length > 0 || format !== 'text')
    io.stdout.write(renderers[format](shown, { root: project.root, colour, failed, beside }));
  sayCalendar(targets, invocation, failed);
  await sayLost(all, chosen.length > 1, invocation);
  return exit;
};

type Made = Planned & Partial<Probed>;

/** What `make` plans, beside the plan of a file where there is one. */
async function compared(
  request: TargetRequest,
  against: SavedFile | undefined,
  make: () => Promise<Made>,
): Promise<Made & { readonly comparison?: Comparison }> {
  if (against === undefined) return make();
  return planAgainst(request, planFor(against.file, request.target.name, against.name), make);
}

/** A saved plan is easily taken for a saved report. */
function sayWritten({ io, options }: InvocationOf<'plan'>, planned: readonly string[]): void {
  if (options.flag('quiet')) return;
  const name = forTerminal(options.text('out') ?? '');
  // More than one target is never meant by silence.
  const targets = planned.length > 1 ? planned.map((one) => ` --target ${one}`).join('') : '';
  const shard = options.text('shard');
  const chosen = shard === undefined ? targets : ` --shard ${shard}`;
  io.stderr.write(`Wrote the plan to ${name}; \`syncline apply ${name}${chosen}\` performs it.\n`);
}

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
  /** What is not planned as it was comes first. */
  readonly beside: Compared | undefined;
}

const renderers: Renderers<'plan', PlanFile, About> = {
  text: ({ plans }, about) =>
    `${about.beside === undefined ? '' : `${againstText(about.beside, about)}\n`}${planText(plans, about)}`,
  json: (file, { beside }) => planJson(file, beside),
  markdown: ({ plans }, { failed, beside }) =>
    `${beside === undefined ? '' : `${againstMarkdown(beside)}\n`}${planMarkdown(plans, failed)}`,
  github: ({ plans }, { root, failed, beside }) =>
    `${beside === undefined ? '' : againstGithub(beside)}${planGithub(plans, { base: placeInRepository(root), failed })}`,
  html: ({ plans }, { failed }) => planHtml(plans, failed),
};
