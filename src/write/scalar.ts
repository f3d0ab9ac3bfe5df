import { plainValue } from '../load/construct.ts';
import { isInnocent, surpriseIn } from '../load/plain.ts';

/** Where a value stands: inside of brackets fewer texts may go without quotes. */
export type Place = 'block' | 'flow';

/** A value that is no list and no object. */
export type Simple = string | number | boolean | null;

/** How such a value is written on one line, with quotes only where it would be read as something else without them. */
export function simpleText(value: Simple, place: Place): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'string') return String(value);
  return needsQuotes(value, place) ? quoted(value) : value;
}

/** A text in quotes: double ones, unless single ones spare it backslashes. */
export function quoted(text: string): string {
  return /["\\]/.test(text) && !text.includes("'") && isPrintable(text) ? `'${text}'` : doubleQuoted(text);
}

/** A text in double quotes, as JSON has it. */
export function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A text in single quotes, or undefined where it cannot stand in them on one line. */
export function singleQuoted(text: string): string | undefined {
  return isPrintable(text) ? `'${text.replaceAll("'", "''")}'` : undefined;
}

/** Would a text be read as something else, here or by other readers of YAML, if it stood without quotes? */
export function needsQuotes(text: string, place: Place): boolean {
  if (text === '' || text !== text.trim() || !isPrintable(text)) return true;
  if (/^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|:\s|:$|\s#/.test(text)) return true;
  if (place === 'flow' && /[,[\]{}]|^[-?:]/.test(text)) return true;
  return /^(?:---|\.\.\.)/.test(text) || isSomethingElse(text);
}

/** A number, a boolean, null, or what YAML 1.1 takes for one, for a date or for a merge. */
function isSomethingElse(text: string): boolean {
  if (plainValue(text, false) !== text || !isInnocent(text)) return true;
  return text === '<<' || text === '=' || /^\d{4}-\d{1,2}-\d{1,2}/.test(text);
}

/** Has a text neither line breaks nor what no text file should hold? */
function isPrintable(text: string): boolean {
  return !/[\p{Cc}\p{Cs}\u2028\u2029\ufeff]/u.test(text);
}

/** A number as all readers of YAML take it: `1.0e+21` rather than `1e+21`. */
function numberText(value: number): string {
  const text = String(value);
  if (surpriseIn(text) === undefined) return text;
  const [mantissa = '', exponent] = text.split('e');
  const point = mantissa.includes('.') ? mantissa : `${mantissa}.0`;
  return exponent === undefined ? point : `${point}e${exponent}`;
}

/**
 * The lines of a text as a block scalar, header first, or undefined where it has to be quoted: also where it ends in blank lines, because
 * then those that come after it in the file would count.
 */
export function blockScalar(text: string, indent: string): readonly string[] | undefined {
  const body = text.replace(/\n$/, '');
  if (!text.includes('\n') || /[^\P{Cc}\n\t]|[\p{Cs}\u2028\u2029\ufeff]/u.test(body)) return undefined;
  // Blanks at the start would count as indentation, and lines of nothing but blanks are lost in editors.
  if (/^\n*[ \t]|\n[ \t]*$|\n[ \t]+\n|^\n*$/.test(body)) return undefined;
  const lines = body.split('\n').map((line) => (line === '' ? '' : indent + line));
  return [body === text ? '|-' : '|', ...lines];
}
