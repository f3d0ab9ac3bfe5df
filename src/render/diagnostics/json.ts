import { forJson } from '../escape.ts';
import { countOf, type DiagnosticReport, shownOf } from './report.ts';

/** For programs: `{"version":1,"diagnostics":[…],"summary":{…}}`. The summary counts what is too much for the list, too. */
export function diagnosticsJson(report: DiagnosticReport): string {
  const diagnostics = shownOf(report.diagnostics).diagnostics.map(
    ({ severity, code, message, hint, file, line, column }) => ({
      severity,
      code,
      message,
      hint,
      file,
      line,
      column,
    }),
  );
  const summary = {
    manifests: report.manifests,
    errors: countOf(report, 'error'),
    warnings: countOf(report, 'warning'),
  };
  return `${forJson({ version: 1, diagnostics, summary }, 2)}\n`;
}
