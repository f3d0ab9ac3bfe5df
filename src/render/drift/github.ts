import type { Drift, DriftReport } from '../../model/drift.ts';
import { fileIn } from '../diagnostics/report.ts';
import { forWorkflow, forWorkflowProperty } from '../escape.ts';
import { oneLine } from '../rows.ts';
import { remarks } from './words.ts';

const valueLimit = 80;

/**
 * GitHub workflow commands: a warning at each manifest whose sync changed outside Git, and nothing else. `base`: where the
 * project lies in its repository.
 */
export function driftGithub(reports: readonly DriftReport[], options: { readonly base?: string } = {}): string {
  const base = options.base ?? '';
  return reports.flatMap(({ target, drift }) => drift.map((one) => `${warning(one, target, base)}\n`)).join('');
}

function warning(drift: Drift, target: string, base: string): string {
  const { address, kind, fields, origin } = drift;
  const at =
    origin === null
      ? []
      : [`file=${forWorkflowProperty(fileIn(base, origin.file))}`, `line=${origin.line}`, `col=${origin.column}`];
  const title = `${address} ${kind === 'gone' ? 'is gone' : 'changed outside Git'} (${target})`;
  const changed = fields.map(({ path, was, now }) => `${path}: ${oneLine(path, was, now, valueLimit)}`);
  const properties = [...at, `title=${forWorkflowProperty(title)}`].join(',');
  return `::warning ${properties}::${[...remarks(drift), ...changed].map(forWorkflow).join('%0A')}`;
}
