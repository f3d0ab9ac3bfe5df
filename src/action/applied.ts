import type { ApplyReport } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import { forMarkdown, markdownCode } from '../render/escape.ts';
import { reportMarkdown } from '../render/report/markdown.ts';
import { commitFact, footOf, headingOf } from './comment.ts';
import type { Stage } from './scene.ts';
import type { Wanted } from './wanted.ts';

/** What became of a target, below a sentence that says on whose word. `why`: there is no report. */
export function applied(stage: Stage, wanted: Wanted, report: ApplyReport | undefined, why: string): string {
  const result = report === undefined ? `**Nothing was applied.**\n\n${why}` : reportMarkdown(report);
  const head = [headingOf('apply', stage, wanted.target), `${sentence(wanted, report)}\n`];
  return [...head, result, ...besides(wanted), foot(stage, wanted)].join('\n');
}

/** Why nothing was applied at a target. */
export function notApplied(stage: Stage, target: string, why: string): string {
  const head = [headingOf('apply', stage, target), '**Nothing was applied.**\n'];
  return [...head, why, footOf(stage, [commitFact(stage.happening.sha)])].join('\n');
}

/** What nobody may take for applied. */
function besides({ basis, fresh }: Wanted): readonly string[] {
  if (basis.kind !== 'reviewed' || basis.besides.length === 0) return [];
  const lines = basis.besides
    .slice(0, mostBesides)
    .map(({ action, address }) => `- ${action} ${markdownCode(address)}\n`);
  const more = basis.besides.length - lines.length;
  const rest = more > 0 ? `- and ${more} more\n` : '';
  return [
    `**Not applied, because nobody reviewed it**: what today's plan has besides (${markdownCode(fresh.digest)}).\n`,
    `${lines.join('')}${rest}`,
  ];
}

const mostBesides = 50;

function foot(stage: Stage, { plan }: Wanted): string {
  return footOf(stage, [`digest ${markdownCode(plan.digest)}`, commitFact(stage.happening.sha)]);
}

function sentence({ basis, plan }: Wanted, report: ApplyReport | undefined): string {
  switch (basis.kind) {
    case 'fresh':
      return `There is no reviewed plan: ${forMarkdown(basis.reason)}. Syncline applied the plan of the commit itself.`;
    case 'done':
      return `What was reviewed in #${basis.pull} (${markdownCode(basis.plan.digest)}) is there already.`;
    case 'reviewed':
      return `${exactly(plan, report)} It was reviewed in #${basis.pull} and planned by [this job](${basis.run}).`;
    default:
      return basis satisfies never;
  }
}

function exactly({ changes }: Plan, report: ApplyReport | undefined): string {
  if (report === undefined) return 'Nothing of the reviewed plan was applied.';
  const count = report.outcomes.filter((one) => one.status === 'applied').length;
  if (count === changes.length) return 'Exactly the reviewed plan was applied.';
  return `Of the reviewed plan ${count} of ${changes.length} changes were applied, and nothing else.`;
}

/** All targets on one page. */
export function summaryOf(stage: Stage, bodies: readonly string[]): string {
  return [`## Syncline apply (${forMarkdown(stage.place.id)})\n`, ...bodies].join('\n');
}
