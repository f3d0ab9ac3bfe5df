import type { Origin } from '../model/diagnostic.ts';
import { fileIn } from './diagnostics/report.ts';
import { forWorkflow, forWorkflowProperty } from './escape.ts';

/** GitHub shows so many annotations of one level for a step, and drops the rest without a word. */
const mostOfLevel = 10;

export type Level = 'error' | 'warning' | 'notice';

/** A remark at a line of a pull request. */
export interface Annotation {
  readonly level: Level;
  /** Shown in bold above the message. */
  readonly title: string;
  /** null for what has no place in a file. */
  readonly place: Origin | null;
  /** The message. An empty one would not be shown at all, so then the title is said once more. */
  readonly lines: readonly string[];
}

/**
 * GitHub workflow commands, by level and then in this order: who calls puts first what matters most. Where there are more of a level
 * than GitHub shows, the last one counts the rest. `base`: the project's folder in the repository; `more`: words for the rest.
 */
export function annotated(
  all: readonly Annotation[],
  { base = '', more }: { readonly base?: string | undefined; readonly more: (count: number, level: Level) => string },
): readonly string[] {
  return (['error', 'warning', 'notice'] as const).flatMap((level) => {
    const own = all.filter((one) => one.level === level);
    if (own.length <= mostOfLevel) return own.map((one) => command(one, base));
    const shown = own.slice(0, mostOfLevel - 1);
    const rest = { level, title: 'More', place: null, lines: [more(own.length - shown.length, level)] };
    return [...shown, rest].map((one) => command(one, base));
  });
}

function command({ level, title, place, lines }: Annotation, base: string): string {
  const at =
    place === null
      ? []
      : [`file=${forWorkflowProperty(fileIn(base, place.file))}`, `line=${place.line}`, `col=${place.column}`];
  const properties = [...at, `title=${forWorkflowProperty(title)}`].join(',');
  const where = place === null ? '' : ` at ${place.file}:${place.line}`;
  const message = lines.length > 0 ? lines : [`${title}${where}`];
  return `::${level} ${properties}::${message.map(forWorkflow).join('%0A')}`;
}
