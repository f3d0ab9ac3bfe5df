import type { Drift, DriftReport } from '../../model/drift.ts';
import type { ToldFailure } from '../../model/failed.ts';
import type { ToldEnd } from '../../model/retirement.ts';
import { type Annotation, annotated } from '../annotations.ts';
import { failedAnnotations } from '../failed.ts';
import { oneLine } from '../rows.ts';
import { remarks, sides } from './words.ts';

const valueLimit = 80;

/**
 * GitHub workflow commands: an error for each target that failed, a warning at each manifest whose sync changed outside Git, what is
 * gone first, and nothing else. Where there are more of a level than GitHub shows, the last one counts the rest. `base`: where the
 * project lies in its repository.
 */
export function driftGithub(
  reports: readonly DriftReport[],
  options: {
    readonly base?: string;
    readonly failed?: readonly ToldFailure[];
    readonly calendar?: readonly ToldEnd[];
  } = {},
): string {
  const all = reports.flatMap(({ target, drift }) => drift.map((one) => [one, target] as const));
  const gone = all.filter(([{ kind }]) => kind === 'gone');
  const changed = all.filter(([{ kind }]) => kind !== 'gone');
  const warnings = [...gone, ...changed].map(([one, target]) => warning(one, target));
  const more = (count: number) => `${count} more are in the report.`;
  const ending = (options.calendar ?? []).map(
    ({ message, urgent }): Annotation => ({
      level: urgent ? 'warning' : 'notice',
      title: 'api-retires',
      place: null,
      lines: [message],
    }),
  );
  const lines = annotated([...failedAnnotations(options.failed ?? []), ...warnings, ...ending], {
    base: options.base,
    more,
  });
  return lines.map((line) => `${line}\n`).join('');
}

function warning(drift: Drift, target: string): Annotation {
  const { address, kind, fields, origin } = drift;
  const title = `${address} ${kind === 'gone' ? 'is gone' : 'changed outside Git'} (${target})`;
  const changed = fields.map(
    ({ path, was, now, names }) => `${path}: ${oneLine(path, was, now, valueLimit, sides(names))}`,
  );
  return { level: 'warning', title, place: origin, lines: [...remarks(drift), ...changed] };
}
