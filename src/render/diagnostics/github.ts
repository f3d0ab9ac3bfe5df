import { forWorkflow, forWorkflowProperty } from '../escape.ts';
import { type DiagnosticReport, fileIn } from './report.ts';

/** GitHub workflow commands, which annotate the files of a pull request. `base`: the project's folder in the repository. */
export function diagnosticsGithub(report: DiagnosticReport, options: { readonly base?: string } = {}): string {
  const lines = report.diagnostics.map((one) => {
    const properties = [
      `file=${forWorkflowProperty(fileIn(options.base ?? '', one.file))}`,
      `line=${one.line}`,
      `col=${one.column}`,
      `title=${forWorkflowProperty(one.code)}`,
    ];
    return `::${one.severity} ${properties.join(',')}::${forWorkflow(one.message)}%0A${forWorkflow(`hint: ${one.hint}`)}\n`;
  });
  return lines.join('');
}
