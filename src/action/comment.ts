import { forMarkdown, markdownCode } from '../render/escape.ts';
import type { Sticky } from './github/comments.ts';
import { attempt, type Stage } from './scene.ts';
import { within } from './within.ts';

/** GitHub refuses bodies of more than 65,536 characters. */
const most = 65_000;

/** What is said once, and then written anew. */
type Subject = 'plan' | 'apply' | 'drift';

/** The hidden line that a comment is found again by. Nothing in it can end it. */
export function markOf(subject: Subject, ...about: readonly string[]): string {
  const parts = about.map((part) => encodeURIComponent(part).replaceAll('--', '%2D%2D'));
  return `<!-- syncline:${[subject, ...parts].join(' ')} -->`;
}

/** The first line that people see. */
export function headingOf(what: string, { place }: Stage, target: string): string {
  return `### Syncline ${what}: ${forMarkdown(target)} (${forMarkdown(place.id)})\n`;
}

/** Where a comment comes from. */
export function footOf({ happening }: Stage, facts: readonly string[]): string {
  return `<sub>${[...facts, `[job](${happening.page})`].join(' · ')}</sub>\n`;
}

export function commitFact(sha: string): string {
  return `commit ${markdownCode(sha.slice(0, 12))}`;
}

/** Says it at a pull request, in the one comment that there is about this project, target and subject. */
export async function comment(
  stage: Stage,
  number: number,
  subject: Subject,
  target: string,
  body: string,
): Promise<void> {
  if (!stage.inputs.comment) return;
  const said: Sticky = { mark: markOf(subject, stage.place.id, target), body: within(stage.runner.redact(body), most) };
  await attempt(stage, `Nothing could be said at #${number}`, 'pull-requests: write', async (github, own) => {
    const { stick } = await import('./github/comments.ts');
    await stick(github, own, number, said);
  });
}
