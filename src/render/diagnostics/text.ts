import type { Diagnostic } from '../../model/diagnostic.ts';
import { forTerminal } from '../escape.ts';
import { type Style, style } from '../style.ts';
import { frame, type Sources } from './frame.ts';
import { counted, countOf, type DiagnosticReport, leftOut, shownOf } from './report.ts';

interface Options {
  readonly colour: boolean;
  /** Where the lines are that diagnostics are about; nothing is quoted without. */
  readonly sources?: Sources | undefined;
}

/** For people: each diagnostic with its line of the file, and one line that counts. */
export function diagnosticsText(report: DiagnosticReport, options: Options): string {
  const paint = style(options.colour);
  return `${diagnosticsOnly(report.diagnostics, options)}${report.diagnostics.length > 0 ? '\n' : ''}${summary(report, paint)}\n`;
}

/** More of them than this are listed without their lines: whoever has so many looks at the files. */
const mostFrames = 20;

/** Code and place of each diagnostic, the fact, the line, what to do; a blank line between them, and the count of what is too much. */
export function diagnosticsOnly(all: readonly Diagnostic[], { colour, sources }: Options): string {
  const paint = style(colour);
  const { diagnostics, left } = shownOf(all);
  let framed = 0;
  const blocks = diagnostics.map((one) => {
    const lines = sources === undefined || framed >= mostFrames ? [] : frame(one, sources, paint);
    if (lines.length > 0) framed += 1;
    return block(one, lines, paint);
  });
  const bare = sources === undefined ? 0 : diagnostics.length - mostFrames;
  const ends = [
    ...(framed >= mostFrames && bare > 0
      ? [`${counted(bare, 'problem')} ${bare === 1 ? 'is' : 'are'} listed without the line of the file.\n`]
      : []),
    ...(left > 0 ? [`${leftOut(left)}\n`] : []),
  ];
  return [...blocks, ...ends].join('\n');
}

function block(one: Diagnostic, frame: readonly string[], paint: Style): string {
  const colour = one.severity === 'error' ? paint.red : paint.yellow;
  const place = `${forTerminal(one.file)}:${one.line}:${one.column}`;
  return [
    `${colour(one.severity)} ${paint.bold(forTerminal(one.code))}  ${paint.cyan(place)}`,
    `  ${forTerminal(one.message)}`,
    ...frame,
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
