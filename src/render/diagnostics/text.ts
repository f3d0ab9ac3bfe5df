import type { Diagnostic } from '../../model/diagnostic.ts';
import { forTerminal } from '../escape.ts';
import { type Style, style } from '../style.ts';
import { counted, countOf, type DiagnosticReport, leftOut, shownOf } from './report.ts';

/** For people: three lines for each diagnostic, and one that counts. */
export function diagnosticsText(report: DiagnosticReport, options: { readonly colour: boolean }): string {
  const paint = style(options.colour);
  return `${diagnosticsOnly(report.diagnostics, options)}${report.diagnostics.length > 0 ? '\n' : ''}${summary(report, paint)}\n`;
}

/** Three lines for each diagnostic with a blank one between them, and one that counts what is too much. */
export function diagnosticsOnly(all: readonly Diagnostic[], options: { readonly colour: boolean }): string {
  const paint = style(options.colour);
  const { diagnostics, left } = shownOf(all);
  const blocks = diagnostics.map((one) => block(one, paint));
  return [...blocks, ...(left > 0 ? [`${leftOut(left)}\n`] : [])].join('\n');
}

/** One diagnostic: code and place, the fact, what to do. */
export function diagnosticText(diagnostic: Diagnostic, options: { readonly colour: boolean }): string {
  return block(diagnostic, style(options.colour));
}

function block(one: Diagnostic, paint: Style): string {
  const colour = one.severity === 'error' ? paint.red : paint.yellow;
  const place = `${forTerminal(one.file)}:${one.line}:${one.column}`;
  return [
    `${colour(one.severity)} ${paint.bold(forTerminal(one.code))}  ${paint.cyan(place)}`,
    `  ${forTerminal(one.message)}`,
    `  ${paint.dim('hint:')} ${forTerminal(one.hint)}`,
    '',
  ].join('\n');
}

function summary(report: DiagnosticReport, paint: Style): string {
  const errors = countOf(report, 'error');
  const warnings = countOf(report, 'warning');
  const owners = report.projects === undefined ? '' : ` of ${counted(report.projects, 'project')}`;
  const seen = `${counted(report.manifests, 'manifest')}${owners}`;
  if (errors > 0) {
    // Where the project file is wrong, no manifest was looked at.
    const where = report.manifests > 0 ? ` in ${seen}` : '';
    return `${paint.red(counted(errors, 'error'))} and ${counted(warnings, 'warning')}${where}.`;
  }
  const verdict = `${seen} ${report.manifests === 1 ? 'is' : 'are'} valid`;
  return warnings > 0 ? `${verdict}, with ${paint.yellow(counted(warnings, 'warning'))}.` : `${paint.green(verdict)}.`;
}
