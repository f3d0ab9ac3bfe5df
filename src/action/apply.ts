import { join } from 'node:path';
import { failureOf } from '../cli/failure.ts';
import { placeInRepository } from '../cli/repository.ts';
import { exitOfMany } from '../core/exit.ts';
import { notReviewed } from '../core/plan/reviewed.ts';
import { Exit, type ExitCode, SynclineError } from '../model/errors.ts';
import type { ApplyReport } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import { failedMarkdown } from '../render/failed.ts';
import { applied, type Basis, notApplied, summaryOf } from './applied.ts';
import { reviewedPlan } from './artefact.ts';
import { comment } from './comment.ts';
import { failureMarkdown, failuresGithub } from './failure.ts';
import { type Fresh, outputPlans, planFresh, savePlans, temporaryFolder, whyMissing } from './fresh.ts';
import { GitHubError, isForbidden } from './github/error.ts';
import type { Merged } from './github/pulls.ts';
import { targetArguments } from './place.ts';
import { type Done, perform } from './product.ts';
import { type Stage, warn } from './scene.ts';

/** What is to be carried out at a target, and on whose word. */
export interface Wanted {
  readonly plan: Plan;
  /** Made today, of what is checked out. */
  readonly fresh: Plan;
  readonly basis: Basis;
}

/** A target at which nothing is carried out, because what was kept for it cannot be trusted. */
interface Refused {
  readonly target: string;
  readonly error: SynclineError;
}

/** `command: apply`: carries out what was reviewed, so far as it is still to be done, and says so at the merged pull request. */
export async function apply(stage: Stage): Promise<ExitCode> {
  const { place, runner, happening } = stage;
  refuseUnmerged(happening.event);
  const merged = await mergedHere(stage);
  const fresh = await planFresh(stage, place.targets);
  const wanted: Wanted[] = [];
  const refused: Refused[] = [];
  for (const one of fresh.plans) {
    try {
      wanted.push(await wantedFor(stage, one, merged));
    } catch (error) {
      if (!(error instanceof SynclineError)) throw error;
      runner.log(failuresGithub([error], placeInRepository(place.project.root)));
      refused.push({ target: one.target, error });
    }
  }
  outputPlans(
    stage,
    wanted.map((one) => one.plan),
  );
  const done = wanted.length === 0 ? undefined : await carryOut(stage, wanted);
  const reports = done?.told.apply?.reports ?? [];
  await tell(stage, { merged: merged.pull, fresh, wanted, refused, done, reports });
  const wrote = reports.some((one) => one.wrote);
  const lost = [...fresh.failed, ...refused.map((one) => failureOf(one.target, one.error))];
  return exitOfMany([fresh.code, done?.code ?? Exit.ok], lost, wrote);
}

/** What is only proposed is not applied, whoever asks. */
function refuseUnmerged(event: string): void {
  if (event !== 'merge_group' && !event.startsWith('pull_request')) return;
  const message = `\`apply\` does not run on ${event}: what it would apply is not merged yet.`;
  throw new SynclineError('not-merged', message, 'Run it on `push` to the branch that is applied.', Exit.refused);
}

/** The pull request that was merged, or why there is none. */
type MergedHere = { readonly pull: Merged | undefined; readonly missing: string };

async function mergedHere(stage: Stage): Promise<MergedHere> {
  const { happening, github } = stage;
  const { branch, sha } = happening;
  if (branch === undefined)
    return { pull: undefined, missing: `this job was set off by ${happening.event}, and not by a push` };
  if (github === undefined) throw cannotLook('no github-token is given');
  const { mergedPull } = await import('./github/pulls.ts');
  const pull = await looked(mergedPull(github, sha, branch));
  return { pull, missing: `no pull request was merged as ${sha.slice(0, 12)}` };
}

/** Not to be allowed to look is no reason to believe that there is nothing. */
async function looked<Found>(looking: Promise<Found>): Promise<Found> {
  try {
    return await looking;
  } catch (error) {
    if (isForbidden(error)) throw cannotLook(error.message);
    if (error instanceof GitHubError)
      throw new SynclineError(
        'github',
        `${error.message.replace(/\.$/, '')}.`,
        'Nothing was applied; run the job again.',
        Exit.failed,
        {
          cause: error,
        },
      );
    throw error;
  }
}

function cannotLook(why: string): SynclineError {
  return new SynclineError(
    'cannot-look',
    `What was reviewed could not be looked for: ${why.replace(/\.$/, '')}.`,
    'Give the job `permissions: { contents: write, pull-requests: write, actions: read }`.',
    Exit.refused,
  );
}

async function wantedFor(stage: Stage, fresh: Plan, { pull, missing }: MergedHere): Promise<Wanted> {
  const { github } = stage;
  const alone = (reason: string): Wanted => ({ plan: fresh, fresh, basis: { kind: 'fresh', reason } });
  if (pull === undefined || github === undefined) return alone(missing);
  if (!pull.own) return alone(`#${pull.number} came from a fork`);
  const found = await looked(reviewedPlan(stage, github, fresh.target, pull));
  if ('missing' in found) return alone(`${found.missing} (for #${pull.number})`);
  const { plan, run } = found;
  // Whether it was done by this job's first try or by hand: what was approved is there.
  if (fresh.changes.length === 0) return { plan: fresh, fresh, basis: { kind: 'done', pull: pull.number, plan } };
  const besides = notReviewed(plan, fresh);
  if (besides.length > 0)
    warn(
      stage,
      `Not applied at ${fresh.target}, for nobody has reviewed it: ${besides.map((one) => `${one.action} ${one.address}`).join(', ')}.`,
    );
  return { plan, fresh, basis: { kind: 'reviewed', pull: pull.number, run: run.html_url, besides } };
}

async function carryOut({ place, runner }: Stage, wanted: readonly Wanted[]): Promise<Done> {
  const folder = temporaryFolder(runner.io.env);
  const file = (name: string, plans: readonly Plan[]) => savePlans(join(folder, name), plans);
  const reviewed = file(
    'reviewed.json',
    wanted.map((one) => one.plan),
  );
  const today = file(
    'today.json',
    wanted.map((one) => one.fresh),
  );
  const targets = targetArguments(wanted.map((one) => ({ name: one.plan.target })));
  const done = await perform([...place.argv, 'apply', reviewed, '--against', today, ...targets], runner.io);
  runner.log(failuresGithub(done.failures, placeInRepository(place.project.root)));
  return done;
}

interface Result {
  readonly merged: Merged | undefined;
  readonly fresh: Fresh;
  readonly wanted: readonly Wanted[];
  readonly refused: readonly Refused[];
  readonly done: Done | undefined;
  readonly reports: readonly ApplyReport[];
}

async function tell(stage: Stage, { merged, fresh, wanted, refused, done, reports }: Result): Promise<void> {
  const bodies = new Map<string, string>();
  for (const one of wanted) {
    const { target } = one.plan;
    const report = reports.find((each) => each.target === target);
    const failed = done?.told.apply?.failed.filter((each) => each.target === target) ?? [];
    const why = failed.length > 0 || done === undefined ? failedMarkdown(failed) : failureMarkdown(done);
    bodies.set(target, applied(stage, one, report, why));
  }
  for (const { target, error } of refused)
    bodies.set(target, notApplied(stage, target, failedMarkdown([failureOf(target, error)])));
  for (const target of fresh.missing) bodies.set(target, notApplied(stage, target, whyMissing(fresh, target)));
  await stage.runner.summary(summaryOf(stage, bodies));
  if (merged === undefined) return;
  for (const [target, body] of bodies) await comment(stage, merged.number, 'apply', target, body);
}
