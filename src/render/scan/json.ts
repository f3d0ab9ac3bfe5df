import type { ScanReport } from '../../model/scan.ts';
import { forJson } from '../escape.ts';
import { skippedOf } from './skipped.ts';

/** For programs: `{"version":1,"findings":[…],"summary":{…}}`, with every finding. */
export function scanJson(report: ScanReport): string {
  const findings = report.findings.map(({ file, line, column, code, message, replacement }) => {
    return { file, line, column, code, message, replacement };
  });
  const summary = { files: report.files, findings: findings.length, skipped: skippedOf(report) };
  return `${forJson({ version: 1, findings, summary }, 2)}\n`;
}
