import { forMarkdown } from './escape.ts';

/** `3 targets together: 4 to create, 7 unchanged.` Targets that failed are told apart: nobody knows what they would have come to. */
export function together(targets: number, words: string): string {
  return `${targets} targets together: ${words}.`;
}

/** Targets that are named; a fleet may have any number of them. */
export const mostTargets = 100;

/** `a, b and 200 more`, for Markdown. */
export function targetNames(targets: readonly string[]): string {
  const more = targets.length > mostTargets ? ` and ${targets.length - mostTargets} more` : '';
  return `${targets.slice(0, mostTargets).map(forMarkdown).join(', ')}${more}`;
}
