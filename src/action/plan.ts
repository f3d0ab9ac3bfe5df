import { exitOfMany } from '../core/exit.ts';
import { Exit, type ExitCode } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { forMarkdown, markdownCode } from '../render/escape.ts';
import { planMarkdown } from '../render/plan/markdown.ts';
import { keepPlan } from './artefact.ts';
import { type Checked, checkFiles } from './checked.ts';
import { comment, commitFact, footOf, headingOf } from './comment.ts';
import { failureMarkdown } from './failure.ts';
import { emptyShare, type Fresh, outputPlans, planFresh, whyMissing } from './fresh.ts';
import { GitHubError } from './github/error.ts';
import { isOutOfReach } from './place.ts';
import { type Stage, warn } from './scene.ts';

/** `command: plan`: what a pull request would do, said at it once for each target. */
export async function plan(stage: Stage): Promise<ExitCode> {
  const { place, happening, runner } = stage;
  if (place.targets.length === 0) return emptyShare(stage);
  const outsider = happening.pull?.outsider;
  const lacking = outsider === undefined ? [] : place.targets.filter((one) => isOutOfReach(one, runner.io.env));
  const reachable = place.targets.filter((one) => !lacking.includes(one));
  const checked = lacking.length === 0 ? undefined : await checkFiles(stage, lacking);
  const fresh = reachable.length === 0 ? undefined : await planFresh(stage, reachable);
  const plans = fresh?.plans ?? [];
  outputPlans(stage, plans);
  const kept = new Map<string, string>();
  for (const one of plans) kept.set(one.target, await keepPlan(stage, one));
  await summarise(stage, plans, fresh, checked, kept);
  if (await isOvertaken(stage)) {
    warn(stage, 'Nothing is said at the pull request, which has a newer commit than the one that was planned.');
    return exitOfMany([fresh?.code ?? Exit.ok, checked?.code ?? Exit.ok], []);
  }
  const names = lacking.map((one) => one.name);
  for (const one of plans) await say(stage, one.target, planned(stage, one, kept.get(one.target) ?? ''));
  for (const name of fresh?.missing ?? []) if (fresh !== undefined) await say(stage, name, failed(stage, name, fresh));
  for (const name of names) if (checked !== undefined) await say(stage, name, onlyChecked(stage, name, checked));
  return exitOfMany([fresh?.code ?? Exit.ok, checked?.code ?? Exit.ok], []);
}

/** Is this the job of an earlier commit, which runs late or once more? The plan of the newest one must not be spoken over. */
async function isOvertaken({ github, inputs, happening }: Stage): Promise<boolean> {
  const { pull } = happening;
  if (pull === undefined || github === undefined || !inputs.comment) return false;
  const { headOf } = await import('./github/pulls.ts');
  try {
    return (await headOf(github, pull.number)) !== pull.headSha;
  } catch (error) {
    if (error instanceof GitHubError) return false;
    throw error;
  }
}

async function say(stage: Stage, target: string, body: string): Promise<void> {
  const { pull } = stage.happening;
  if (pull !== undefined) await comment(stage, pull.number, 'plan', target, body);
}

function planned(stage: Stage, one: Plan, kept: string): string {
  const sha = stage.happening.pull?.headSha ?? stage.happening.sha;
  const foot = footOf(stage, [`digest ${markdownCode(one.digest)}`, commitFact(sha)]);
  return [headingOf('plan', stage, one.target), planMarkdown([one]), ...(kept === '' ? [] : [`${kept}\n`]), foot].join(
    '\n',
  );
}

function failed(stage: Stage, target: string, fresh: Fresh): string {
  const sha = stage.happening.pull?.headSha ?? stage.happening.sha;
  const head = `**There is no plan: it failed with exit ${fresh.code}.**\n`;
  return [headingOf('plan', stage, target), head, whyMissing(fresh, target), footOf(stage, [commitFact(sha)])].join(
    '\n',
  );
}

function onlyChecked(stage: Stage, target: string, { markdown }: Checked): string {
  const sha = stage.happening.pull?.headSha ?? stage.happening.sha;
  return [headingOf('plan', stage, target), `${notPlanned(stage)}\n`, markdown, footOf(stage, [commitFact(sha)])].join(
    '\n',
  );
}

/** Nobody may take what was only checked for planned. */
function notPlanned({ happening }: Stage): string {
  const who = happening.pull?.outsider === 'fork' ? 'comes from a fork' : "is Dependabot's";
  return `There is no plan: this pull request ${who}, and its jobs get no token of the service. The files were checked.`;
}

async function summarise(
  stage: Stage,
  plans: readonly Plan[],
  fresh: Fresh | undefined,
  checked: Checked | undefined,
  kept: ReadonlyMap<string, string>,
): Promise<void> {
  const told = fresh?.done.told.plan;
  const parts = [
    `## Syncline plan (${forMarkdown(stage.place.id)})\n`,
    ...(told === undefined ? [] : [planMarkdown(plans, told.failed), facts(plans, kept)]),
    ...(fresh === undefined || told !== undefined
      ? []
      : [`**There is no plan: it failed with exit ${fresh.code}.**\n`, failureMarkdown(fresh.done)]),
    ...(checked === undefined ? [] : [`${notPlanned(stage)}\n`, checked.markdown]),
  ];
  await stage.runner.summary(parts.join('\n'));
}

function facts(plans: readonly Plan[], kept: ReadonlyMap<string, string>): string {
  const lines = plans.map((one) => {
    const words = kept.get(one.target) ?? '';
    return `- ${forMarkdown(one.target)}: ${markdownCode(one.digest)}${words === '' ? '' : `. ${words}`}\n`;
  });
  return lines.join('');
}
