import type { Diagnostic } from '../../model/diagnostic.ts';

/** What `validate` found. */
export interface DiagnosticReport {
  readonly diagnostics: readonly Diagnostic[];
  /** How many manifests were looked at. */
  readonly manifests: number;
  /** How many projects they belong to, where several were looked for. */
  readonly projects?: number | undefined;
}

/** More than this many are counted and not listed. */
const most = 1000;

/** What a report lists: the first thousand of its diagnostics in their order, errors before warnings, and how many are left out. */
export function shownOf(diagnostics: readonly Diagnostic[]): {
  readonly diagnostics: readonly Diagnostic[];
  readonly left: number;
} {
  if (diagnostics.length <= most) return { diagnostics, left: 0 };
  let errors = diagnostics.filter((one) => one.severity === 'error').length;
  let places = most - Math.min(most, errors);
  const shown: Diagnostic[] = [];
  errors = Math.min(most, errors);
  for (const one of diagnostics) {
    const fits = one.severity === 'error' ? errors-- > 0 : places-- > 0;
    if (fits) shown.push(one);
  }
  return { diagnostics: shown, left: diagnostics.length - shown.length };
}

/** `39000 more problems are counted, and not listed.` */
export function leftOut(left: number): string {
  return `${counted(left, 'more problem')} ${left === 1 ? 'is' : 'are'} counted, and not listed.`;
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
