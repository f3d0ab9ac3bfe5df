import { notReviewed } from '../core/plan/reviewed.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Change, Plan } from '../model/plan.ts';
import { reviewedPlan } from './artefact.ts';
import type { Run } from './github/artefacts.ts';
import { GitHubError, isForbidden } from './github/error.ts';
import type { Merged } from './github/pulls.ts';
import { type Stage, warn } from './scene.ts';

/** What is to be carried out at a target, and on whose word. */
export interface Wanted {
  readonly target: string;
  /** The pull request that is told of it. */
  readonly pull: number | undefined;
  readonly plan: Plan;
  /** Made today, of what is checked out. */
  readonly fresh: Plan;
  readonly basis: Basis;
}

/** On whose word something is applied. */
export type Basis =
  | {
      readonly kind: 'reviewed';
      readonly pull: number;
      /** The page of the run that made the plan. */
      readonly run: string;
      /** What a plan of today has besides. */
      readonly besides: readonly Change[];
    }
  /** It was reviewed, and there is nothing left to do. */
  | { readonly kind: 'done'; readonly pull: number; readonly plan: Plan }
  /** There was nothing to go by. */
  | { readonly kind: 'fresh'; readonly reason: string };

/** The pull requests that were merged, in their order, or why there is none. */
export interface MergedHere {
  readonly pulls: readonly Merged[];
  readonly missing: string;
}

/** What this push has merged. @throws SynclineError (exit 4) where the job may not look, (exit 1) where GitHub does not say */
export async function mergedHere(stage: Stage): Promise<MergedHere> {
  const { happening, github } = stage;
  const { branch, sha, pushed } = happening;
  if (branch === undefined)
    return { pulls: [], missing: `this job was set off by ${happening.event}, and not by a push` };
  if (github === undefined) throw cannotLook('no github-token is given');
  const { mergedPulls } = await import('./github/pulls.ts');
  const pulls = await looked(mergedPulls(github, sha, pushed, branch));
  return { pulls, missing: `no pull request was merged as ${sha.slice(0, 12)}` };
}

/** Not to be allowed to look is no reason to believe that there is nothing. */
async function looked<Found>(looking: Promise<Found>): Promise<Found> {
  try {
    return await looking;
  } catch (error) {
    if (isForbidden(error)) throw cannotLook(error.message);
    if (error instanceof GitHubError)
      throw new SynclineError('github', `${error.message.replace(/\.$/, '')}.`, notAnswered, Exit.failed, {
        cause: error,
      });
    throw error;
  }
}

const notAnswered = 'Nothing was applied for it; run the job again.';

function cannotLook(why: string): SynclineError {
  return new SynclineError(
    'cannot-look',
    `What was reviewed could not be looked for: ${why.replace(/\.$/, '')}.`,
    'Give the job `permissions: { contents: write, pull-requests: write, actions: read }`.',
    Exit.refused,
  );
}

/** What is to be done at a target: a plan for each pull request that was merged, or the one that is made of the commit. @throws SynclineError */
export async function wantedFor(stage: Stage, fresh: Plan, { pulls, missing }: MergedHere): Promise<readonly Wanted[]> {
  const { target } = fresh;
  const found: Found[] = [];
  const reasons: string[] = [];
  for (const pull of pulls) {
    const one = await reviewedIn(stage, target, pull);
    if (typeof one === 'string') reasons.push(`${one} (for #${pull.number})`);
    else found.push({ ...one, pull: pull.number });
  }
  if (found.length === 0) {
    const basis: Basis = { kind: 'fresh', reason: reasons.at(-1) ?? missing };
    return [{ target, pull: pulls.at(-1)?.number, plan: fresh, fresh, basis }];
  }
  // Whether it was done by this job's first try or by hand: what was approved is there, unless it is blocked by now.
  if (fresh.changes.length === 0 && !found.some(({ plan }) => isBlocked(plan, fresh)))
    return found.map(({ pull, plan }) => ({ target, pull, plan: fresh, fresh, basis: { kind: 'done', pull, plan } }));
  const besides = notReviewed(
    found.map((one) => one.plan),
    fresh,
  );
  const named = besides.map((one) => `${one.action} ${one.address}`).join(', ');
  if (named !== '') warn(stage, `Not applied at ${target}, for nobody has reviewed it: ${named}.`);
  return found.map(({ pull, plan, run }, index) => {
    const rest = index === found.length - 1 ? besides : [];
    return { target, pull, plan, fresh, basis: { kind: 'reviewed', pull, run: run.html_url, besides: rest } };
  });
}

/** Is anything of what was reviewed blocked today, be it for want of `prune`? */
function isBlocked(reviewed: Plan, fresh: Plan): boolean {
  const blocked = new Set(fresh.blocked.map((one) => one.address));
  return reviewed.changes.some((one) => blocked.has(one.address));
}

interface Found {
  readonly pull: number;
  readonly plan: Plan;
  readonly run: Run;
}

/** The plan of a merged pull request, or why there is none. */
async function reviewedIn(stage: Stage, target: string, pull: Merged): Promise<Omit<Found, 'pull'> | string> {
  if (!pull.own) return 'it came from a fork';
  if (stage.github === undefined) return 'no github-token is given';
  const one = await looked(reviewedPlan(stage, stage.github, target, pull));
  return 'missing' in one ? one.missing : one;
}
