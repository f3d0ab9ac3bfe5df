import type { Diagnostic } from '../../model/diagnostic.ts';
import { mayHide } from '../../model/hidden.ts';

// A report is read by more people than a file, and is kept for longer: a line that may hold a secret is never quoted. Rather one
// too few than one too many.

/** What these are about is a value that must not be seen. */
const secretCodes: ReadonlySet<string> = new Set(['literal-token', 'bad-url']);

const words =
  '(?:token|secret|passw|passphrase|credential|bearer|authorization|api[_-]?key|access[_-]?key|private[_-]?key)';
const credential = new RegExp(words, 'i');
/** A reference says where a secret is, and not what it is. */
const reference = new RegExp(String.raw`${words}[\w-]*["']?\s*[:=,]\s*["']?\$\{env\.\w+\}["']?`, 'gi');
const login = /\/\/[^/\s:@]*:[^/\s@]*@/;
/** What a machine has made up, as keys are: letters and digits without end, or in the groups of a UUID. */
const madeUp = /(?=[a-z0-9+=]*\d)(?=[a-z0-9+=]*[a-z])[a-z0-9+=]{20,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-/i;

/** More of a line than this, before a place and behind it, is not looked through: it is not shown either. */
const reach = 1000;

/** May a report show the line of a diagnostic? `lines`: the whole file. */
export function isQuotable({ code, file, line, column, unquoted }: Diagnostic, lines: readonly string[]): boolean {
  if (unquoted === true || secretCodes.has(code) || lines.some(mayHide)) return false;
  if (/\.csv$/i.test(file) && credential.test(lines[0] ?? '')) return false;
  const own = lines[line - 1] ?? '';
  const near = own.slice(Math.max(0, column - reach), column + reach);
  return ![near, keyIn(previous(lines, line - 1)), keyIn(parent(lines, line - 1))].some(mayHoldSecret);
}

function mayHoldSecret(text: string): boolean {
  const rest = text.replace(reference, '');
  return credential.test(rest) || login.test(rest) || madeUp.test(rest);
}

/** Where the key may stand whose value goes on in the next line. */
function keyIn(line: string): string {
  return line.length <= 2 * reach ? line : `${line.slice(0, reach)}\n${line.slice(-reach)}`;
}

/** A value may stand below its key. */
function previous(lines: readonly string[], index: number): string {
  let above = index - 1;
  while (above >= 0 && lines[above]?.trim() === '') above -= 1;
  return lines[above] ?? '';
}

/** The line that opens what this line is part of. */
function parent(lines: readonly string[], index: number): string {
  const depth = indent(lines[index]);
  let above = index - 1;
  while (above >= 0 && (lines[above]?.trim() === '' || indent(lines[above]) >= depth)) above -= 1;
  return lines[above] ?? '';
}

function indent(line = ''): number {
  return line.length - line.trimStart().length;
}
