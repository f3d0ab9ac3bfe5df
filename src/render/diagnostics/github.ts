import { forWorkflow, forWorkflowProperty } from '../escape.ts';
import { type DiagnosticReport, fileIn, leftOut, shownOf } from './report.ts';

/** GitHub workflow commands, which annotate the files of a pull request. `base`: the project's folder in the repository. */
export function diagnosticsGithub(report: DiagnosticReport, options: { readonly base?: string } = {}): string {
  const { diagnostics, left } = shownOf(report.diagnostics);
  const lines = diagnostics.map((one) => {
    const properties = [
      `file=${forWorkflowProperty(fileIn(options.base ?? '', one.file))}`,
      `line=${one.line}`,
      `col=${one.column}`,
      `title=${forWorkflowProperty(one.code)}`,
    ];
    return `::${one.severity} ${properties.join(',')}::${forWorkflow(one.message)}%0A${forWorkflow(`hint: ${one.hint}`)}\n`;
  });
  if (left > 0) lines.push(`::warning::${forWorkflow(leftOut(left))}\n`);
  return lines.join('');
}
