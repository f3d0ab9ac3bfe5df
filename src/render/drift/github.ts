import type { Drift, DriftReport } from '../../model/drift.ts';
import type { ToldFailure } from '../../model/failed.ts';
import { type Annotation, withinLimit } from '../annotations.ts';
import { fileIn } from '../diagnostics/report.ts';
import { forWorkflow, forWorkflowProperty } from '../escape.ts';
import { failedAnnotations } from '../failed.ts';
import { oneLine } from '../rows.ts';
import { remarks } from './words.ts';

const valueLimit = 80;

/**
 * GitHub workflow commands: an error for each target that failed, a warning at each manifest whose sync changed outside Git, and
 * nothing else. Where there are more of a level than GitHub shows, the last one counts the rest. `base`: where the project lies in
 * its repository.
 */
export function driftGithub(
  reports: readonly DriftReport[],
  options: { readonly base?: string; readonly failed?: readonly ToldFailure[] } = {},
): string {
  const base = options.base ?? '';
  const warnings = reports.flatMap(({ target, drift }) => drift.map((one) => warning(one, target, base)));
  const lines = withinLimit([...failedAnnotations(options.failed ?? []), ...warnings], 'report');
  return lines.map((line) => `${line}\n`).join('');
}

function warning(drift: Drift, target: string, base: string): Annotation {
  const { address, kind, fields, origin } = drift;
  const at =
    origin === null
      ? []
      : [`file=${forWorkflowProperty(fileIn(base, origin.file))}`, `line=${origin.line}`, `col=${origin.column}`];
  const title = `${address} ${kind === 'gone' ? 'is gone' : 'changed outside Git'} (${target})`;
  const changed = fields.map(({ path, was, now }) => `${path}: ${oneLine(path, was, now, valueLimit)}`);
  const properties = [...at, `title=${forWorkflowProperty(title)}`].join(',');
  const words = [...remarks(drift), ...changed].map(forWorkflow).join('%0A');
  return { level: 'warning', line: `::warning ${properties}::${words}` };
}
