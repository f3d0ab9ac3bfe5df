export type Level = 'notice' | 'warning' | 'error';

/** A GitHub workflow command that annotates. */
export interface Annotation {
  readonly level: Level;
  readonly line: string;
}

/** GitHub shows so many annotations of one level for a step, and drops the rest without a word. */
const mostOfLevel = 10;

/** The lines of as many annotations as GitHub shows, the gravest first; where there are more, the last of a level counts the rest. */
export function withinLimit(annotations: readonly Annotation[], report: 'plan' | 'report'): readonly string[] {
  return (['error', 'warning', 'notice'] as const).flatMap((level) => {
    const all = annotations.filter((one) => one.level === level).map((one) => one.line);
    if (all.length <= mostOfLevel) return all;
    const shown = all.slice(0, mostOfLevel - 1);
    return [...shown, `::${level} title=More::${all.length - shown.length} more are in the ${report}.`];
  });
}
