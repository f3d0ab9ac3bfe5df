import { join } from 'node:path';
import { failureOf, reportFailure } from '../cli/failure.ts';
import { placeInRepository } from '../cli/repository.ts';
import { exitOfMany, exitOfReports } from '../core/exit.ts';
import { Exit, type ExitCode, SynclineError } from '../model/errors.ts';
import type { ApplyReport } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import { failedMarkdown } from '../render/failed.ts';
import { applied, notApplied, summaryOf } from './applied.ts';
import { comment } from './comment.ts';
import type { Happening } from './event.ts';
import { failureMarkdown, failuresGithub } from './failure.ts';
import { emptyShare, type Fresh, outputPlans, planFresh, savePlans, temporaryFolder, whyMissing } from './fresh.ts';
import { targetArguments } from './place.ts';
import { type Done, perform } from './product.ts';
import type { Stage } from './scene.ts';
import { mergedHere, type Wanted, wantedFor } from './wanted.ts';

/** A target at which nothing is carried out, because what was kept for it cannot be trusted. */
interface Refused {
  readonly target: string;
  readonly error: SynclineError;
}

/** `command: apply`: carries out what was reviewed, so far as it is still to be done, and says so at the merged pull request. */
export async function apply(stage: Stage): Promise<ExitCode> {
  const { place, runner, happening } = stage;
  refuseUnmerged(happening);
  if (place.targets.length === 0) return emptyShare(stage);
  const merged = await mergedHere(stage);
  const fresh = await planFresh(stage, place.targets);
  const wanted: (readonly Wanted[])[] = [];
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
    wanted.flat().map((one) => one.plan),
  );
  const carried = await carryOut(stage, wanted);
  const reports = carried.flatMap(({ report }) => report ?? []);
  const wrote = reports.some((one) => one.wrote);
  const lost = [...fresh.failed, ...refused.map((one) => failureOf(one.target, one.error))];
  const codes = [fresh.code, ...carried.map((one) => one.done.code), exitOfReports(reports, [])];
  const exit = exitOfMany(codes, lost, wrote);
  try {
    await tell(stage, { pull: merged.pulls.at(-1)?.number, fresh, refused, carried });
  } catch (error) {
    if (!wrote) throw error;
    // Whatever becomes of the telling, the exit code says that something was written.
    reportFailure(error, runner.io, { colour: false, verbose: true });
    return Exit.partial;
  }
  return exit;
}

/** What is only proposed is not applied, whoever asks. */
function refuseUnmerged({ event, branch, isSettled }: Happening): void {
  const isProposed = event === 'merge_group' || event.startsWith('pull_request');
  if (!isProposed && isSettled) return;
  const on = isProposed ? event : `a push to ${branch}, which is neither the default branch nor protected`;
  const message = `\`apply\` does not run on ${on}: what it would apply may not be merged yet.`;
  throw new SynclineError('not-merged', message, 'Run it on `push` to the branch that is applied.', Exit.refused);
}

/** One thing that was wanted, and what has come of it. */
interface Carried {
  readonly wanted: Wanted;
  readonly done: Done;
  readonly report: ApplyReport | undefined;
}

/** Carries out the first plan of each target, then the second one of each that has one, as they were merged. */
async function carryOut(stage: Stage, wanted: readonly (readonly Wanted[])[]): Promise<readonly Carried[]> {
  const carried: Carried[] = [];
  for (let round = 0; ; round += 1) {
    const now = wanted.flatMap((each) => each[round] ?? []);
    if (now.length === 0) return carried;
    const done = await carryOutAtOnce(stage, now);
    for (const one of now) {
      const report = done.told.apply?.reports.find((each) => each.target === one.target);
      carried.push({ wanted: one, done, report });
    }
  }
}

async function carryOutAtOnce({ place, runner }: Stage, wanted: readonly Wanted[]): Promise<Done> {
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
  const targets = targetArguments(wanted.map((one) => ({ name: one.target })));
  const done = await perform([...place.argv, 'apply', reviewed, '--against', today, ...targets], runner.io);
  runner.log(failuresGithub(done.failures, placeInRepository(place.project.root)));
  return done;
}

interface Result {
  /** The pull request that is told of what belongs to none. */
  readonly pull: number | undefined;
  readonly fresh: Fresh;
  readonly refused: readonly Refused[];
  readonly carried: readonly Carried[];
}

interface Words {
  readonly target: string;
  readonly pull: number | undefined;
  readonly body: string;
}

async function tell(stage: Stage, { pull, fresh, refused, carried }: Result): Promise<void> {
  const words: Words[] = [
    ...carried.map(({ wanted, report, done }) => ({
      target: wanted.target,
      pull: wanted.pull,
      body: applied(stage, wanted, report, whyNothing(done, wanted.target)),
    })),
    ...refused.map(({ target, error }) => {
      return { target, pull, body: notApplied(stage, target, failedMarkdown([failureOf(target, error)])) };
    }),
    ...fresh.missing.map((target) => ({ target, pull, body: notApplied(stage, target, whyMissing(fresh, target)) })),
  ];
  await stage.runner.summary(
    summaryOf(
      stage,
      words.map((one) => one.body),
    ),
  );
  for (const { target, pull: number, body } of words)
    if (number !== undefined) await comment(stage, number, 'apply', target, body);
}

function whyNothing(done: Done, target: string): string {
  const failed = done.told.apply?.failed.filter((one) => one.target === target) ?? [];
  return failed.length > 0 ? failedMarkdown(failed) : failureMarkdown(done);
}
