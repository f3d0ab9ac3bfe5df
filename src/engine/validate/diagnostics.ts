import { byCodePoint } from '../../core/stable.ts';
import type { FileProblem } from '../../load/files.ts';
import type { Diagnostic, Origin, Problem } from '../../model/diagnostic.ts';

/** A diagnostic of a file as a whole, which stands at its start. */
export function ofFile(
  { code, message, hint, file }: FileProblem,
  severity: Diagnostic['severity'] = 'error',
): Diagnostic {
  return { severity, code, message, hint, file, line: 1, column: 1 };
}

/** The problem as a diagnostic at this place. */
export function at(
  { severity, code, message, hint }: Omit<Problem, 'path' | 'at'>,
  { file, line, column }: Origin,
): Diagnostic {
  return { severity, code, message, hint, file, line, column };
}

/** The problem, saying on which targets it exists; nothing is said where that goes without saying. */
export function onTargets<Found extends { readonly message: string }>(
  problem: Found,
  targets: readonly string[],
): Found {
  if (targets.length === 0) return problem;
  const where = `target${targets.length === 1 ? '' : 's'} ${targets.map((name) => `"${name}"`).join(', ')}`;
  return { ...problem, message: `${problem.message.replace(/\.$/, '')} (${where}).` };
}

/** By file, line and column; what stands at the same place by code and message. */
export function byPlace(one: Diagnostic, other: Diagnostic): number {
  return (
    byCodePoint(one.file, other.file) ||
    one.line - other.line ||
    one.column - other.column ||
    byCodePoint(one.code, other.code) ||
    byCodePoint(one.message, other.message)
  );
}
