import type { Diagnostic } from '../../model/diagnostic.ts';
import { forJson, visible } from '../escape.ts';
import { type DiagnosticReport, fileIn, leftOut, shownOf } from './report.ts';

/** SARIF 2.1.0, for code scanning. `tool` is `syncline x.y.z`; `base`: the project's folder in the repository. */
export function diagnosticsSarif(
  report: DiagnosticReport,
  options: { readonly tool: string; readonly base?: string },
): string {
  const [name = '', version = ''] = options.tool.split(' ');
  const { diagnostics, left } = shownOf(report.diagnostics);
  const codes = [...new Set(diagnostics.map((one) => one.code))].sort((first, second) => (first < second ? -1 : 1));
  const driver = {
    name,
    version,
    rules: codes.map((id) => ({ id, shortDescription: { text: id.replaceAll('-', ' ') } })),
  };
  const indices = new Map(codes.map((code, index) => [code, index]));
  const results = diagnostics.map((one) => result(one, indices, options.base ?? ''));
  const rest = { level: 'note', message: { text: leftOut(left) } };
  const invocations = [{ executionSuccessful: true, toolExecutionNotifications: [rest] }];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results, ...(left > 0 ? { invocations } : {}) }],
  };
  return `${forJson(log, 2)}\n`;
}

function result(one: Diagnostic, indices: ReadonlyMap<string, number>, base: string): object {
  const uri = fileIn(base, one.file).split('/').map(encodeSegment).join('/');
  const region = { startLine: one.line, startColumn: one.column };
  return {
    ruleId: one.code,
    ruleIndex: indices.get(one.code),
    level: one.severity,
    message: { text: `${plain(one.message)}\n${plain(one.hint)}` },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region } }],
  };
}

/** Viewers turn `[text](target)` in a message into a link; foreign text may not do that. */
function plain(text: string): string {
  return visible(text).replaceAll('](', '] (');
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(visible(segment));
}
