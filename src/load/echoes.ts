import type { Diagnostic } from '../model/diagnostic.ts';

/** The diagnostics without those that stand where another mistake has been told already: one value is wrong once. */
export function withoutEchoes(diagnostics: readonly Diagnostic[], told: readonly Diagnostic[]): Diagnostic[] {
  if (told.length === 0) return [...diagnostics];
  const places = new Set(told.map(placeOf));
  return diagnostics.filter((one) => !places.has(placeOf(one)));
}

function placeOf({ file, line, column }: Diagnostic): string {
  return `${line}:${column} ${file}`;
}
