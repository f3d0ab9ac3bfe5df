import type { Diagnostic } from '../../model/diagnostic.ts';

/** What `validate` found. */
export interface DiagnosticReport {
  readonly diagnostics: readonly Diagnostic[];
  /** How many manifests were looked at. */
  readonly manifests: number;
}

export function countOf(report: DiagnosticReport, severity: Diagnostic['severity']): number {
  return report.diagnostics.filter((one) => one.severity === severity).length;
}

/** `1 manifest`, `2 manifests`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A file as seen from the folder `base` (the repository's root, where the project lies deeper). */
export function fileIn(base: string, file: string): string {
  return base === '' ? file : `${base.replace(/\/$/, '')}/${file}`;
}
