import { sarif } from '../sarif.ts';
import { type DiagnosticReport, leftOut, shownOf } from './report.ts';

/** SARIF 2.1.0, for code scanning. `tool` is `syncline x.y.z`; `base`: the project's folder in the repository. */
export function diagnosticsSarif(
  report: DiagnosticReport,
  options: { readonly tool: string; readonly base?: string },
): string {
  const { diagnostics, left } = shownOf(report.diagnostics);
  const results = diagnostics.map(({ code, severity: level, message, hint, file, line, column }) => {
    return { code, level, lines: [message, hint], place: { file, line, column } };
  });
  return sarif(results, { ...options, notes: left > 0 ? [leftOut(left)] : [] });
}
