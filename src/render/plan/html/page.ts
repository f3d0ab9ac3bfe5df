import type { ToldFailure } from '../../../model/failed.ts';
import type { Plan } from '../../../model/plan.ts';
import { forHtml } from '../../escape.ts';
import { failedHtml } from '../../failed.ts';
import { called } from '../words.ts';
import { chapterHtml } from './chapter.ts';
import { type Chapter, chaptersOf } from './chapters.ts';
import { contentsHtml } from './contents.ts';
import { filtersHtml } from './filters.ts';
import { footerHtml } from './footer.ts';
import { headlineHtml, overviewHtml } from './headline.ts';
import { script, scriptHash } from './script.ts';
import { sheet, sheetHash } from './sheet.ts';

/** What the page may do: show its own style and run its own script. It can send nothing and load nothing. */
const policy = [
  "default-src 'none'",
  `style-src '${sheetHash}'`,
  `script-src '${scriptHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Plans as one page that needs nothing else: no font, no library, no request. Targets that failed come first. Without scripts all of it is shown. */
export function planHtml(plans: readonly Plan[], failed: readonly ToldFailure[] = []): string {
  const chapters = chaptersOf(plans);
  // One plan alone is named by the heading of the page; else each has one of its own.
  const level = chapters.length + failed.length === 1 ? 1 : 2;
  const title = titleOf(plans, failed);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<title>${forHtml(title)}</title>
<style>${sheet}</style>
</head>
<body${isMany(chapters) ? ' class="many"' : ''}>
<a class="skip" href="#plan">Skip to the plan</a>
<header class="page">
<h1>${forHtml(title)}</h1>
${failedHtml(failed)}${level === 1 ? chapters.map(({ plan }) => headlineHtml(plan)).join('') : overviewHtml(chapters)}
</header>
<div class="columns">
<div class="side">
${filtersHtml(chapters)}
${contentsHtml(chapters, level)}
</div>
<main id="plan">
${chapters.map((chapter) => chapterHtml(chapter, level)).join('\n')}
</main>
</div>
${footerHtml(chapters)}
<script>${script}</script>
</body>
</html>
`;
}

/** So many changes are laid out only where they are looked at; fewer always, so that a picture of the whole page has them. */
const many = 500;

function isMany(chapters: readonly Chapter[]): boolean {
  return chapters.reduce((sum, { plan }) => sum + plan.changes.length + plan.blocked.length, 0) > many;
}

/** More targets than this are counted in the name of the page. */
const mostNamed = 3;

function titleOf(plans: readonly Plan[], failed: readonly ToldFailure[]): string {
  const targets = [...new Set([...plans, ...failed].map(({ target }) => target))];
  const name = plans.some((plan) => called(plan) !== 'Plan') ? 'Partial plan' : 'Plan';
  return `${name} for ${targets.length > mostNamed ? `${targets.length} targets` : targets.join(', ')}`;
}
