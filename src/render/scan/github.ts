import type { ScanReport } from '../../model/scan.ts';
import { annotated } from '../annotations.ts';
import { counted } from '../diagnostics/report.ts';

/** GitHub workflow commands, which annotate the files of a pull request. Files are seen from the root of the repository. */
export function scanGithub({ findings }: ScanReport): string {
  const all = findings.map(({ file, line, column, code, message, replacement }) => {
    return {
      level: 'warning',
      title: code,
      place: { file, line, column },
      lines: [message, `hint: ${replacement}`],
    } as const;
  });
  const more = (count: number) =>
    `${counted(count, 'more finding')}: \`syncline scan\` lists ${count === 1 ? 'it' : 'them'}.`;
  return annotated(all, { more })
    .map((line) => `${line}\n`)
    .join('');
}
