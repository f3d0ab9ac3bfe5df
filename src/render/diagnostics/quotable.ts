import type { Diagnostic } from '../../model/diagnostic.ts';
import { mayHide } from '../../model/hidden.ts';

// A report is read by more people than a file, and is kept for longer: a line that may hold a secret is never quoted. Rather one
// too few than one too many.

/** What these are about is a value that must not be seen. */
const secretCodes: ReadonlySet<string> = new Set(['literal-token', 'bad-url']);

const name = String.raw`[\w-]*(?:token|secret|passw|passphrase|credential|bearer|authorization|api[_-]?key|access[_-]?key|private[_-]?key)[\w-]*`;
const credential = new RegExp(name, 'i');
/** A reference says where a secret is, and not what it is. */
const reference = new RegExp(String.raw`${name}["']?\s*[:=,]\s*["']?\$\{env\.\w+\}["']?`, 'gi');
const login = /\/\/[^/\s:@]*:[^/\s@]*@/;
/** What a machine has made up, as keys are: letters and digits without end, or in the groups of a UUID. */
const madeUp = /(?=[a-z0-9+=]*\d)(?=[a-z0-9+=]*[a-z])[a-z0-9+=]{20,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-/i;

/** May a report show the line of a diagnostic? `lines`: the whole file. */
export function isQuotable({ code, file, line }: Diagnostic, lines: readonly string[]): boolean {
  if (secretCodes.has(code) || lines.some(mayHide)) return false;
  const isTable = /\.csv$/i.test(file);
  if (isTable && credential.test(lines[0] ?? '')) return false;
  return ![line - 1, previous(lines, line - 1), parent(lines, line - 1)].some((index) => mayHoldSecret(lines[index]));
}

function mayHoldSecret(line: string | undefined): boolean {
  if (line === undefined) return false;
  return credential.test(line.replace(reference, '')) || login.test(line) || madeUp.test(line.replace(reference, ''));
}

/** A value may stand below its key. */
function previous(lines: readonly string[], index: number): number {
  let above = index - 1;
  while (above >= 0 && lines[above]?.trim() === '') above -= 1;
  return above;
}

/** The line that opens what this line is part of. */
function parent(lines: readonly string[], index: number): number {
  const depth = indent(lines[index]);
  let above = index - 1;
  while (above >= 0 && (lines[above]?.trim() === '' || indent(lines[above]) >= depth)) above -= 1;
  return above;
}

function indent(line = ''): number {
  return line.length - line.trimStart().length;
}
