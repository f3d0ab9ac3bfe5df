import { placeInRepository } from '../cli/repository.ts';
import { exitOfMany } from '../core/exit.ts';
import { Exit, type ExitCode, SynclineError } from '../model/errors.ts';
import type { PullReport } from '../model/pull.ts';
import { forMarkdown, markdownCode } from '../render/escape.ts';
import { commitFact, markOf } from './comment.ts';
import { failureMarkdown, failuresGithub } from './failure.ts';
import type { BranchFile } from './github/branch.ts';
import type { IsOwn } from './github/identity.ts';
import { targetArguments } from './place.ts';
import { perform } from './product.ts';
import { attempt, type Stage, warn } from './scene.ts';
import { within } from './within.ts';
import { openWorktree, type Worktree } from './worktree.ts';

/** `command: pull`: what changed outside Git, as a pull request that brings it home, one for each target. */
export async function pull(stage: Stage): Promise<ExitCode> {
  const { place, runner, happening } = stage;
  if (happening.pull !== undefined) {
    const hint = 'Run it on `schedule`, `workflow_dispatch`, or a push to the branch that is applied.';
    const message = '`command: pull` proposes changes to a branch, and this job runs for a pull request.';
    throw new SynclineError('misplaced', message, hint, Exit.refused);
  }
  const worktree = await openWorktree(place.project.root, runner.io.env);
  const codes: ExitCode[] = [];
  for (const { name } of place.targets) codes.push(await pullTarget(stage, worktree, name));
  return exitOfMany(codes, []);
}

async function pullTarget(stage: Stage, worktree: Worktree, name: string): Promise<ExitCode> {
  const { place, runner } = stage;
  const argv = [...place.argv, 'pull', '--drifted', ...targetArguments([{ name }])];
  const { result: done, files } = await worktree.watch(() => perform(argv, runner.io));
  const [report] = done.told.pull?.reports ?? [];
  const heading = `## Syncline pull: ${forMarkdown(name)} (${forMarkdown(place.id)})\n\n`;
  if (report === undefined) {
    runner.log(failuresGithub(done.failures, placeInRepository(place.project.root)));
    await runner.summary(`${heading}${failureMarkdown(done)}`);
    return done.code;
  }
  const body = bodyOf(report);
  await runner.summary(`${heading}${body}`);
  await propose(stage, { worktree, report, files, body });
  return done.code;
}

interface Found {
  readonly worktree: Worktree;
  readonly report: PullReport;
  readonly files: readonly BranchFile[];
  readonly body: string;
}

/** Keeps the branch and its pull request as the live side is. What cannot be decided closes nothing. */
async function propose(stage: Stage, found: Found): Promise<void> {
  const { place, runner } = stage;
  const { files, report } = found;
  const { target } = report;
  const branch = `syncline/drift-${target}`;
  const trailer = `Syncline-Drift: ${encodeURIComponent(place.id)} ${target}`;
  const rights = 'contents: write, pull-requests: write';
  await attempt(stage, 'The pull request about drift could not be kept', rights, async (github, own) => {
    if (isOfJob(own)) {
      warn(stage, needsApp);
      return;
    }
    const { dropBranch, keepBranch } = await import('./github/branch.ts');
    const { closeProposal, keepProposal } = await import('./github/proposal.ts');
    if (files.length === 0) {
      if (report.left.length > 0 || !(await dropBranch(github, branch, trailer))) return;
      const fate = await closeProposal(
        github,
        own,
        branch,
        `The drift is gone, as [this job](${stage.happening.page}) has seen.`,
      );
      if (fate !== undefined) runner.log(`The pull request #${fate.number} was ${fate.became}.\n`);
      return;
    }
    const title = `Syncline: drift of ${target} in ${place.id}`;
    const { commit: parent, tree } = found.worktree;
    const became = await keepBranch(github, { branch, parent, tree, files, message: title, trailer });
    if (became === 'foreign') {
      warn(
        stage,
        `The branch ${branch} has a commit that is not of this job, so it is left as it is. Merge it, or delete it.`,
      );
      return;
    }
    // Without the page of this job: what says the same is not written again.
    const body = within(runner.redact(`${found.body}\n<sub>${commitFact(parent)}</sub>\n`), most);
    const mark = markOf('drift', place.id, target);
    const fate = await keepProposal(github, own, { branch, base: baseOf(stage), title, mark, body });
    runner.log(`The pull request #${fate.number} was ${fate.became}.\n`);
  });
}

/** GitHub starts no workflow for what the token of a job has made, so nobody would plan such a pull request. */
const needsApp =
  'No pull request is opened with the token of the job, because GitHub would run no checks on it. Give `github-token` the token of an app (actions/create-github-app-token). The summary of the job has what changed.';

function isOfJob(own: IsOwn): boolean {
  const isBot = (login: string) => own({ login, type: 'Bot' });
  // Where GitHub does not say whose the token is, every bot counts as this one.
  return isBot('github-actions[bot]') && !isBot('somebody-else[bot]');
}

/** The branch that the job runs on. */
function baseOf({ runner, happening }: Stage): string {
  const ref = runner.io.env.GITHUB_REF ?? '';
  return happening.branch ?? (ref.replace(/^refs\/heads\//, '') || 'main');
}

/** GitHub refuses bodies of more than 65,536 characters. */
const most = 65_000;
/** Things and fields that are named; the others are counted. */
const mostNamed = 50;
const mostPaths = 8;

/** What was brought into which file, and what is left. */
function bodyOf({ manifests, left }: PullReport): string {
  const brought = manifests.map(({ action, address, file, paths }) => {
    const fields = limited(paths.map(markdownCode), mostPaths, ', ');
    return `- ${markdownCode(address)} ${action} in ${markdownCode(file)}${fields === '' ? '' : `: ${fields}`}`;
  });
  const open = left.map(
    ({ address, id, code, message }) =>
      `- ${markdownCode(address ?? `id ${id}`)} ${markdownCode(code)}: ${forMarkdown(message)}`,
  );
  const parts = [
    ...(brought.length === 0 ? ['Nothing has changed outside Git that a manifest does not say already.\n'] : []),
    ...(brought.length === 0
      ? []
      : [`Changed outside Git, and brought into the manifests:\n\n${limited(brought, mostNamed, '\n')}\n`]),
    ...(open.length === 0 ? [] : [`Left as it is:\n\n${limited(open, mostNamed, '\n')}\n`]),
    ...(brought.length === 0 ? [] : ['Merge it to keep what was changed; close it and apply to take it back.\n']),
  ];
  return parts.join('\n');
}

function limited(all: readonly string[], most: number, between: string): string {
  const more = all.length - most;
  return [...all.slice(0, most), ...(more > 0 ? [`${between === '\n' ? '- ' : ''}and ${more} more`] : [])].join(
    between,
  );
}
