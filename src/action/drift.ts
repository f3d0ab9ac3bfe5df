import { placeInRepository } from '../cli/repository.ts';
import { byCodePoint } from '../core/stable.ts';
import type { ExitCode } from '../model/errors.ts';
import { driftGithub } from '../render/drift/github.ts';
import { calendarMarkdown, driftMarkdown } from '../render/drift/markdown.ts';
import { forMarkdown } from '../render/escape.ts';
import { markOf } from './comment.ts';
import { failureMarkdown, failuresGithub } from './failure.ts';
import { emptyShare } from './fresh.ts';
import type { Inputs } from './inputs.ts';
import { type Place, targetArguments } from './place.ts';
import { perform } from './product.ts';
import { attempt, type Stage } from './scene.ts';
import { within } from './within.ts';

/** `command: drift`: what changed outside Git, in one issue that comes and goes with it. */
export async function drift(stage: Stage): Promise<ExitCode> {
  const { place, runner } = stage;
  if (place.targets.length === 0) {
    await follow(stage, { body: '', isThere: false, isKnown: true });
    return emptyShare(stage);
  }
  const done = await perform([...place.argv, 'drift', ...targetArguments(place.targets)], runner.io);
  const told = done.told.drift;
  const base = placeInRepository(place.project.root);
  runner.log(told === undefined ? failuresGithub(done.failures, base) : driftGithub(told.reports, { base, ...told }));
  const body = told === undefined ? '' : driftMarkdown(told.reports, told.failed);
  const ends = calendarMarkdown(told?.calendar ?? []);
  await runner.summary(
    `## Syncline drift (${forMarkdown(place.id)})\n\n${told === undefined ? failureMarkdown(done) : body}${ends}`,
  );
  const isThere = told?.reports.some((one) => one.drift.length > 0) ?? false;
  await follow(stage, { body, isThere, isKnown: told !== undefined && told.failed.length === 0 });
  return done.code;
}

interface Found {
  readonly body: string;
  readonly isThere: boolean;
  /** Is nothing left that nobody could look at? */
  readonly isKnown: boolean;
}

/** Where drift is not there as far as one can see, but not all could be seen, the issue stays as it is. */
async function follow(stage: Stage, { body, isThere, isKnown }: Found): Promise<void> {
  if (!isThere && !isKnown) return;
  const { place, inputs, happening } = stage;
  const { asked, words } = selected(place, inputs);
  const mark = markOf('drift', place.id, asked);
  const title = `Syncline: drift in ${place.id}${words === '' ? '' : ` (${words})`}`;
  await attempt(stage, 'The issue about drift could not be kept', 'issues: write', async (github, own) => {
    const { closeIssue, keepIssue } = await import('./github/issues.ts');
    const fate = isThere
      ? await keepIssue(github, own, { mark, title, body: within(stage.runner.redact(body), most) })
      : await closeIssue(github, own, mark, `The drift is gone, as [this job](${happening.page}) has seen.`);
    if (fate !== undefined) stage.runner.log(`The issue #${fate.number} was ${fate.became}.\n`);
  });
}

/** What the issue is about, for its mark and for its title. A share keeps its issue whatever targets fall to it. */
function selected({ targets }: Place, { targets: named, shard }: Inputs): { asked: string; words: string } {
  const isAll = named === 'all' || named.length === 0;
  if (shard !== undefined) {
    const words = `shard ${shard.index}/${shard.of}`;
    return { asked: isAll ? words : `${words} of ${named.toSorted(byCodePoint).join(',')}`, words };
  }
  if (isAll) return { asked: '*', words: '' };
  const names = targets.map((one) => one.name);
  return { asked: names.join(','), words: names.length > 3 ? `${names.length} targets` : names.join(', ') };
}

/** GitHub refuses bodies of more than 65,536 characters. */
const most = 65_000;
