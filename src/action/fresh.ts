import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeInRepository } from '../cli/repository.ts';
import { sealPlans } from '../core/plan/digest.ts';
import { Exit, type ExitCode } from '../model/errors.ts';
import type { ToldFailure } from '../model/failed.ts';
import type { Plan } from '../model/plan.ts';
import type { Target } from '../model/project.ts';
import { forMarkdown } from '../render/escape.ts';
import { failedMarkdown } from '../render/failed.ts';
import { planGithub } from '../render/plan/github.ts';
import { planJson } from '../render/plan/json.ts';
import { failureMarkdown, failuresGithub } from './failure.ts';
import { targetArguments } from './place.ts';
import { type Done, perform } from './product.ts';
import type { Stage } from './scene.ts';

/** A plan of what is checked out, made once and rendered as often as it is needed. */
export interface Fresh {
  readonly done: Done;
  readonly code: ExitCode;
  readonly plans: readonly Plan[];
  /** Targets that failed. */
  readonly failed: readonly ToldFailure[];
  /** Names of all targets for which there is no plan. */
  readonly missing: readonly string[];
}

/** Plans these targets, and annotates the files. */
export async function planFresh(stage: Stage, targets: readonly Target[]): Promise<Fresh> {
  const { inputs, place, runner } = stage;
  const options = [
    ...(inputs.prune ? ['--prune'] : []),
    ...(inputs.validateOnly ? ['--validate-only'] : []),
    ...valued('--force-deletes', inputs.forceDeletes),
    ...valued('--force-creates', inputs.forceCreates),
    ...valued('--changed', changedSince(stage)),
  ];
  const done = await perform([...place.argv, 'plan', ...targetArguments(targets), ...options], runner.io);
  const { file, failed = [] } = done.told.plan ?? {};
  const plans = file?.plans ?? [];
  const base = placeInRepository(place.project.root);
  runner.log(file === undefined ? failuresGithub(done.failures, base) : planGithub(plans, { base, failed }));
  const planned = new Set(plans.map((one) => one.target));
  const missing = targets.map((one) => one.name).filter((name) => !planned.has(name));
  return { done, code: done.code, plans, failed, missing };
}

/**
 * The commit that a plan of what has changed goes back to. What was pushed is part of the branch that a pull request is compared
 * with, so nothing would differ from that: a push goes back to where the branch was before it, or plans the whole target.
 */
function changedSince({ inputs, happening }: Stage): string | undefined {
  if (inputs.changed === undefined || happening.event !== 'push') return inputs.changed;
  return happening.before;
}

/** Why a target has no plan, for people. */
export function whyMissing({ done, failed }: Fresh, target: string): string {
  const own = failed.filter((one) => one.target === target);
  return own.length > 0 ? failedMarkdown(own) : failureMarkdown(done);
}

function valued(option: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [option, value];
}

/** Says what is planned, for the steps that follow. */
export function outputPlans({ runner }: Stage, plans: readonly Plan[]): void {
  const sum = (count: (plan: Plan) => number) => String(plans.reduce((all, plan) => all + count(plan), 0));
  const byTarget = (value: (plan: Plan) => string) =>
    JSON.stringify(Object.fromEntries(plans.map((plan) => [plan.target, value(plan)])));
  runner.output(
    'changes',
    sum((plan) => plan.changes.length),
  );
  runner.output(
    'creates',
    sum((plan) => plan.summary.create),
  );
  runner.output(
    'updates',
    sum((plan) => plan.summary.update),
  );
  runner.output(
    'deletes',
    sum((plan) => plan.summary.delete),
  );
  runner.output(
    'blocked',
    sum((plan) => plan.summary.blocked),
  );
  runner.output(
    'digest',
    byTarget((plan) => plan.digest),
  );
  const folder = temporaryFolder(runner.io.env);
  runner.output(
    'plan-path',
    byTarget((plan) => savePlans(join(folder, `${plan.target}.json`), [plan])),
  );
}

/** The step of a job whose share has no target: there are more jobs than targets. */
export async function emptyShare(stage: Stage): Promise<ExitCode> {
  outputPlans(stage, []);
  await stage.runner.summary(`## Syncline ${stage.inputs.command} (${forMarkdown(stage.place.id)})\n\n${noTargets}\n`);
  stage.runner.log(`${noTargets}\n`);
  return Exit.ok;
}

const noTargets = 'The share of this job has no targets: nothing to do.';

/** A folder that is gone with the job. */
export function temporaryFolder(env: Stage['runner']['io']['env']): string {
  return mkdtempSync(join(env.RUNNER_TEMP ?? tmpdir(), 'syncline-'));
}

/** Writes a plan file, and gives its path. */
export function savePlans(path: string, plans: readonly Plan[]): string {
  writeFileSync(path, planJson(sealPlans(plans)));
  return path;
}
