import { annotated } from '../annotations.ts';
import { counted, type DiagnosticReport } from './report.ts';

/**
 * GitHub workflow commands, which annotate the files of a pull request. Where there are more than GitHub shows, the last one counts the
 * rest. `base`: the project's folder in the repository.
 */
export function diagnosticsGithub(report: DiagnosticReport, options: { readonly base?: string } = {}): string {
  const all = report.diagnostics.map(({ severity: level, code: title, message, hint, file, line, column }) => {
    return { level, title, place: { file, line, column }, lines: [message, `hint: ${hint}`] };
  });
  const more = (count: number, level: string) =>
    `${counted(count, `more ${level}`)} of this project: \`syncline validate\` lists ${count === 1 ? 'it' : 'them'}.`;
  const lines = annotated(all, { base: options.base, more });
  return lines.map((line) => `${line}\n`).join('');
}
