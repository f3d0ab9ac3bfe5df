import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ScanReport } from '../../model/scan.ts';

/** What was found, as reports show what is wrong with a file. Its line is never quoted: it may hold a key. */
export function scanDiagnostics({ findings }: ScanReport): readonly Diagnostic[] {
  return findings.map(({ replacement, ...rest }) => ({
    ...rest,
    severity: 'warning',
    hint: replacement,
    unquoted: true,
  }));
}
