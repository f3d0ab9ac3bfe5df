import type { ScanReport } from '../../model/scan.ts';
import { counted } from '../diagnostics/report.ts';
import { diagnosticsOnly } from '../diagnostics/text.ts';
import { style } from '../style.ts';
import { scanDiagnostics } from './diagnostics.ts';
import { skippedOf } from './skipped.ts';

/** For people: each finding with what takes its place, and one line that counts. */
export function scanText(report: ScanReport, { colour }: { readonly colour: boolean }): string {
  const list = diagnosticsOnly(scanDiagnostics(report), { colour });
  return `${list}${list === '' ? '' : '\n'}${summary(report, colour)}\n`;
}

function summary(report: ScanReport, colour: boolean): string {
  const paint = style(colour);
  const { findings, files } = report;
  if (files === 0)
    return `Nothing was read: Git tracks no text here${left(report)}. \`git add\` what is to be scanned.`;
  const named = new Set(findings.map(({ file }) => file)).size;
  const found =
    named === 0
      ? paint.green(`Nothing found in ${counted(files, 'file')}`)
      : `${paint.yellow(counted(findings.length, 'finding'))} in ${named} of ${counted(files, 'file')}`;
  return `${found}${left(report)}.`;
}

/** `; 3 skipped (2 binary, 1 link)` */
function left(report: ScanReport): string {
  const count = skippedOf(report);
  if (count === 0) return '';
  const reasons = [...report.skipped].map(([reason, one]) => `${one} ${reason}`);
  return `; ${count} skipped (${reasons.join(', ')})`;
}
