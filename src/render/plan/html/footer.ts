import { forHtml } from '../../escape.ts';
import type { Chapter } from './chapters.ts';
import { lines } from './lines.ts';

/** What tells one plan from another: when and from what it was made, and the digest that `apply` holds it against. */
export function footerHtml(chapters: readonly Chapter[]): string {
  return lines([
    '<footer class="page">',
    ...chapters.map((chapter) => imprint(chapter, chapters.length > 1)),
    '</footer>',
  ]);
}

function imprint({ plan }: Chapter, isNamed: boolean): string {
  const { created_at, tool, commit, digest } = plan;
  const facts = [
    `made <time datetime="${forHtml(created_at)}">${forHtml(created_at)}</time> by ${forHtml(tool)}`,
    ...(commit === null ? [] : [`commit <code>${forHtml(commit)}</code>`]),
    `digest <code>${forHtml(digest)}</code>`,
  ];
  return `<p>${isNamed ? `${forHtml(plan.target)}: ` : ''}${facts.join(' · ')}</p>`;
}
